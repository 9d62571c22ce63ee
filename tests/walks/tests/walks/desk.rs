//! What walks that need no page ask of the desk.

use core_words::{Actor, CaseNumber, Lang};
use desk_claims::{
    password::KnewPassword,
    service::NewApplication,
    status::Hat,
    words::{AskedBy, Channel, HolderId, KeyWay, RevocationAsk, RevokeReason},
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
    let actor = if hat.applies() { Actor::applicant(account) } else { Actor::staff(account) };
    Doer { capacity: hat, actor, account: Some(account) }
}

/// Applies, as the page does; the number of the case.
pub(crate) async fn apply(town: &Town, office: &Office, key: KeyWay) -> CaseNumber {
    let holder: HolderId = office.letter.holder;
    let knew = town.claims().knows(holder, office.letter.issue_password.clone()).await;
    apply_knowing(town, office, knew.expect("it is the password"), key).await
}

/// Applies, by somebody who has shown before that they know the password.
pub(crate) async fn apply_knowing(
    town: &Town,
    office: &Office,
    knew: KnewPassword,
    key: KeyWay,
) -> CaseNumber {
    let claims = town.claims();
    let agent = office.number.starts_with("DA");
    let consent = (!agent).then(|| claims.settings().terms(town.now()).consent.clone());
    let new =
        NewApplication { knew, key, email: office.email.clone(), lang: Lang::Ja, consent, renews: None };
    let hat = if agent { Hat::Agent } else { Hat::Provider };
    let case = claims.apply(new, doer(hat, 1)).await.expect("accepted");
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
