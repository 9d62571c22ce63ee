//! A whole federation: two hundred care providers and twenty agents of eight prefectures, imported years ago, with all
//! that happens at the claims desk in a day and in the years (C1–C23). What it leaves in `artifacts/claims/` is for judges.

mod agents;
mod enter;
mod left;
mod papers;
mod providers;
mod years;

pub(super) use enter::run as enter;
pub(super) use years::{Years, begin, lately, revoke};

use crate::{
    demo::{
        broken,
        people::People,
        tell::Teller,
        town::{ACCOUNT, Town},
    },
    fail::{Fail, Outcome},
};
use core_words::{Actor, CaseNumber, Lang};
use desk_claims::{
    Claims,
    case::Case,
    command::Command,
    office::{Letter, NewOffice},
    service::{CaseFile, NewApplication},
    status::Hat,
    words::KeyWay,
};
use kit_desk::Doer;
use kit_gate::Scope;
use std::path::{Path, PathBuf};

/// For how long something can be undone, in seconds: as configured.
const UNDO: i64 = 60;
/// The authority of the desk.
const CA: &str = "rsa-ca";

/// Somebody who was entered, with the letter they got.
struct Entered {
    office: NewOffice,
    letter: Letter,
}

/// Everybody.
pub(super) struct Federation {
    providers: Vec<Entered>,
    agents: Vec<Entered>,
}

/// Today.
pub(super) async fn run(
    town: &Town,
    tell: &mut Teller,
    people: &mut People,
    (federation, years): (&Federation, &Years),
) -> Outcome<()> {
    let agents = agents::run(town, tell, people, federation).await?;
    let providers = providers::run(town, tell, people, federation).await?;
    papers::run(town, tell, federation, &providers).await?;
    years::end(town, tell, federation, years).await?;
    left::run(town, tell, &agents, &providers).await
}

/// Where the files go.
fn folder(town: &Town) -> PathBuf {
    town.house.at("artifacts/claims")
}

/// Saves a file there; `secret` ones for their owner alone.
fn save(dir: &Path, name: &str, octets: &[u8], secret: bool) -> Outcome<()> {
    crate::demo::house::write(&dir.join(name), octets, if secret { 0o600 } else { 0o644 })
}

/// The desk.
fn desk(town: &Town) -> Outcome<Claims> {
    town.server.workers().portal().claims.clone().ok_or_else(|| broken("the desk", &"it is not open"))
}

/// The rows of the federation.
fn scope(claims: &Claims) -> Scope {
    Scope::of_the_house(claims.settings().operator.clone())
}

/// Somebody in this capacity, for whom the demo acts.
fn doer(hat: Hat) -> Doer<Hat> {
    Doer { capacity: hat, actor: Actor::cli(ACCOUNT), account: None }
}

/// Applies, as the page does.
async fn apply(town: &Town, claims: &Claims, by: &Entered, key: KeyWay) -> Outcome<CaseNumber> {
    let holder = by.letter.holder;
    let knew = claims.knows(holder, by.letter.issue_password.clone()).await.map_err(Fail::from)?;
    let agent = by.office.number.as_str().starts_with("DA");
    let now = town.house.clock.now();
    let consent = (!agent).then(|| claims.settings().terms(now).consent.clone());
    let new =
        NewApplication { knew, key, email: by.office.email.clone(), lang: Lang::Ja, consent, renews: None };
    let hat = if agent { Hat::Agent } else { Hat::Provider };
    let case = claims.apply(new, doer(hat)).await.map_err(Fail::from)?;
    CaseNumber::parse(&case.number).map_err(|e| broken("the number of a case", &e))
}

/// Does something to a case.
async fn act(claims: &Claims, number: CaseNumber, command: Command, hat: Hat) -> Outcome<()> {
    claims.act(scope(claims), number, None, command, doer(hat)).await.map(drop).map_err(Fail::from)
}

/// Everything about a case.
async fn file(claims: &Claims, number: CaseNumber) -> Outcome<CaseFile> {
    claims.case(scope(claims), number, Hat::Clerk).await.map_err(Fail::from)
}

/// The certificate of a case, DER.
async fn certificate(claims: &Claims, number: CaseNumber) -> Outcome<Vec<u8>> {
    let file = file(claims, number).await?;
    let view = claims.certificate(&file.case).await.map_err(Fail::from)?;
    view.map(|view| view.der).ok_or_else(|| broken("a certificate", &number))
}

/// How many of these cases are where `is` says.
async fn count(claims: &Claims, cases: &[CaseNumber], is: fn(&Case) -> bool) -> Outcome<usize> {
    let mut found = 0;
    for number in cases {
        found += usize::from(is(&file(claims, *number).await?.case.case));
    }
    Ok(found)
}
