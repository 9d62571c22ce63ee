//! What walks that need no page ask of the desk.

use core_words::{Actor, CaseNumber, Lang};
use desk_claims::{
    service::NewApplication,
    status::Hat,
    words::{AskedBy, Channel, KeyWay, ProviderId, RevocationAsk, RevokeReason},
};
use kit_desk::Doer;
use kit_gate::Scope;
use tests_harness::{Office, Town};

/// The federation's rows.
pub(crate) fn scope(town: &Town) -> Scope {
    Scope::of_the_house(town.claims().settings().operator.clone())
}

/// Somebody in this capacity, with an account of this number.
pub(crate) fn doer(hat: Hat, account: i64) -> Doer<Hat> {
    let actor = if hat == Hat::Provider { Actor::applicant(account) } else { Actor::staff(account) };
    Doer { capacity: hat, actor, account: Some(account) }
}

/// Applies, as the page does; the number of the case.
pub(crate) async fn apply(town: &Town, office: &Office, key: KeyWay) -> CaseNumber {
    let claims = town.claims();
    let provider: ProviderId = office.letter.provider;
    let knew =
        claims.knows(provider, office.letter.issue_password.clone()).await.expect("it is the password");
    let consent = claims.settings().terms(town.now()).consent.clone();
    let new = NewApplication { knew, key, email: office.email.clone(), lang: Lang::Ja, consent };
    let case = claims.apply(new, doer(Hat::Provider, 1)).await.expect("accepted");
    case.number.parse().expect("a number")
}

/// A request for revocation by telephone.
pub(crate) fn ask() -> RevocationAsk {
    RevocationAsk {
        by: AskedBy::Provider,
        channel: Channel::Phone,
        reason: RevokeReason::Closed,
        note: "電話で連絡あり".into(),
    }
}
