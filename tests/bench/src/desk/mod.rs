//! The claims desk in its town: pages over a hundred thousand cases, cases from application to certificate, mass work.

pub(crate) mod cases;
mod fill;
pub(crate) mod mass;
pub(crate) mod pages;

use core_words::{Actor, CaseNumber, Lang};
use desk_claims::{
    Claims,
    service::NewApplication,
    status::Hat,
    words::{HolderId, KeyWay},
};
use kit_desk::Doer;
use kit_gate::Scope;
use tests_harness::Town;
use zeroize::Zeroizing;

/// A town on the database of this URL, or on a SQLite file of its own.
async fn town(store: Option<&str>) -> Town {
    match store {
        Some(url) => Town::on(url).await,
        None => Town::new().await,
    }
}

/// The rows of the federation.
fn scope(claims: &Claims) -> Scope {
    Scope::of_the_house(claims.settings().operator.clone())
}

/// Somebody in this capacity.
fn doer(hat: Hat) -> Doer<Hat> {
    let actor = if hat == Hat::Provider { Actor::applicant(1) } else { Actor::staff(1) };
    Doer { capacity: hat, actor, account: Some(1) }
}

/// Applies as the page does, the issue password included; the number of the case.
async fn apply(
    claims: &Claims,
    holder: HolderId,
    password: Zeroizing<String>,
    key: KeyWay,
    consent: String,
) -> anyhow::Result<CaseNumber> {
    let knew = claims.knows(holder, password).await?;
    let email = "office@example.jp".to_owned();
    let new = NewApplication { knew, key, email, lang: Lang::Ja, consent: Some(consent), renews: None };
    Ok(claims.apply(new, doer(Hat::Provider)).await?.number.parse()?)
}
