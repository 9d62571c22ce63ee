//! Sample data for the gallery and for tests of pages: one case file for every status.

use crate::{
    case::{Case, Holding},
    cases::Cases,
    service::CaseFile,
    status::{Deed, Hat, Standing},
    store::holders::Holder,
    words::{
        Application, Applied, AskedBy, Certificate, Channel, Consent, HolderId, HolderNumber, KeyState,
        KeyWay, Pays, Rejection, RevocationAsk, RevokeReason,
    },
};
use core_words::{AuthorityId, CaseNumber, CertRef, Lang, OperatorId, Serial, UtcMicros, UtcSeconds, Yen};
use kit_desk::{Capacity, Status, Stored, Verb, events::Event, possible};
use kit_ledger::EntryId;
use kit_web::gallery::SAMPLE_NOW;
use std::collections::BTreeMap;

const DAY: i64 = 86_400;
/// A certificate is issued for 36 months.
const VALID_DAYS: i64 = 1_096;
/// When the federation takes a case by itself.
fn takes() -> UtcMicros {
    SAMPLE_NOW.plus_seconds(540)
}

/// The token of sample forms.
pub(crate) const TOKEN: &str = "sample";

/// The number of the sample case.
pub(crate) fn number() -> String {
    CaseNumber::new('C', 2026, 1_234).map_or_else(String::new, |number| number.to_string())
}

/// A care provider.
pub(crate) fn holder() -> Holder {
    Holder {
        id: HolderId(7),
        operator: operator(),
        number: HolderNumber::new("1310000011").expect("ten digits of Tokyo"),
        name: "さくらの里デイサービス".into(),
        kana: "サクラノサトデイサービス".into(),
        postal: "1640001".into(),
        address: "東京都中野区中野4丁目8番1号".into(),
        phone: "0353850000".into(),
        email: "sakura@example.jp".into(),
    }
}

/// What it applied for.
pub(crate) fn application(key: KeyWay) -> Application {
    let at = SAMPLE_NOW.plus_seconds(-2 * DAY);
    Application {
        holder: HolderId(7),
        key,
        email: "sakura@example.jp".into(),
        pays: Pays::Offset(Consent { version: "1".into(), at }),
        lang: Lang::Ja,
        applied: Applied { terms: "2014-08-18".into(), fee: Yen(7_800), months: 36 },
        renews: None,
        at,
    }
}

/// An agent.
pub(crate) fn agent() -> Holder {
    Holder {
        id: HolderId(8),
        number: HolderNumber::new("DA13000017").expect("an ID of Tokyo"),
        name: "株式会社みどり請求サービス".into(),
        kana: "カブシキガイシャミドリセイキュウサービス".into(),
        postal: "1000005".into(),
        address: "東京都千代田区丸の内1丁目1番1号".into(),
        phone: "0352000000".into(),
        email: "midori@example.jp".into(),
        ..holder()
    }
}

/// What the agent applied for.
pub(crate) fn agents_application() -> Application {
    let due = SAMPLE_NOW.plus_seconds(28 * DAY);
    Application {
        holder: agent().id,
        email: agent().email,
        pays: Pays::Transfer { due },
        ..application(KeyWay::Service)
    }
}

/// Its certificate, issued yesterday.
pub(crate) fn certificate() -> Certificate {
    let issued_at = SAMPLE_NOW.plus_seconds(-DAY);
    let from = issued_at.whole_seconds();
    Certificate {
        cert: CertRef {
            authority: AuthorityId::new("claims-ca").expect("a slug"),
            serial: Serial::from_hex("5a3c77f0a2de419b8c60e1f24d91b3aa7e0c91f0").expect("twenty octets"),
        },
        not_before: from,
        not_after: UtcSeconds(from.0 + VALID_DAYS * DAY - 1),
        issued_at,
    }
}

/// A key that the service still keeps.
pub(crate) fn kept() -> KeyState {
    KeyState::Kept { custody: 9, until: SAMPLE_NOW.plus_seconds(29 * DAY) }
}

/// What a provider holds.
pub(crate) fn holding(key: KeyState, fetched: bool) -> Holding {
    let way = if key == KeyState::Own { KeyWay::Own(vec![0x30, 0]) } else { KeyWay::Service };
    Holding {
        application: application(way),
        certificate: certificate(),
        key,
        fetched: fetched.then(|| SAMPLE_NOW.plus_seconds(-3_600)),
    }
}

/// Why it is revoked.
pub(crate) fn ask() -> RevocationAsk {
    RevocationAsk {
        by: AskedBy::Provider,
        channel: Channel::Phone,
        reason: RevokeReason::Closed,
        note: "10月31日に事業を終えたとのこと。".into(),
    }
}

/// Why it is rejected.
pub(crate) fn rejection() -> Rejection {
    Rejection::Refused("事業所の指定が2026年10月31日で終わっているため。".into())
}

/// The case in a status.
pub(crate) fn case(standing: Standing) -> Case {
    let (application, holding) = (application(KeyWay::Service), holding(kept(), false));
    match standing {
        Standing::Applied => Case::Applied(application),
        Standing::AwaitingPayment => Case::AwaitingPayment(agents_application()),
        Standing::IssueRequested => Case::IssueRequested { application, takes: takes() },
        Standing::AwaitingIssue => Case::AwaitingIssue { application, custody: None },
        Standing::Issued => Case::Issued(holding),
        Standing::RevocationRequested => Case::RevocationRequested { holding, ask: ask(), takes: takes() },
        Standing::AwaitingRevocation => {
            let key = KeyState::Erased { at: SAMPLE_NOW };
            Case::AwaitingRevocation { holding: Holding { key, ..holding }, ask: ask() }
        }
        Standing::Revoked => {
            let key = KeyState::Erased { at: SAMPLE_NOW.plus_seconds(-3_000) };
            Case::Revoked { holding: Holding { key, ..holding }, ask: ask(), list: 1_042 }
        }
        Standing::Rejecting => Case::Rejecting { application, rejection: rejection(), takes: takes() },
        Standing::Rejected => Case::Rejected { application, rejection: rejection() },
    }
}

/// Everything about the case in a status, as somebody with this hat sees it.
pub(crate) fn file(standing: Standing, hat: Hat) -> CaseFile {
    file_of(case(standing), hat)
}

/// Everything about a case, as somebody with this hat sees it.
pub(crate) fn file_of(case: Case, hat: Hat) -> CaseFile {
    let events = events(&case);
    let possible = possible::<Cases>(Some(&case), hat);
    let version = i64::try_from(events.len()).expect("a handful");
    let case = Stored { id: 1, number: number(), operator: operator(), version, case };
    let people = match hat {
        Hat::Provider | Hat::Agent => BTreeMap::new(),
        _ => BTreeMap::from([(3, "高橋 健".to_owned()), (7, holder().name), (8, agent().name)]),
    };
    let holder = match case.case.application().pays {
        Pays::Offset(_) => holder(),
        Pays::Transfer { .. } => agent(),
    };
    CaseFile { case, holder, events, people, possible, renewal: None, now: SAMPLE_NOW }
}

pub(crate) fn operator() -> OperatorId {
    OperatorId::new("tokyo").expect("a slug")
}

/// How the case came to where it stands.
fn events(case: &Case) -> Vec<Event> {
    use {Deed::*, Hat::*, Standing::*};
    let (first, second) = match case.application().pays {
        Pays::Offset(_) => ((Apply, Provider, Applied), (RegisterIssue, Clerk, IssueRequested)),
        Pays::Transfer { .. } => ((Apply, Agent, AwaitingPayment), (RegisterPayment, Clerk, IssueRequested)),
    };
    let path: &[(Deed, Hat, Standing)] = &[
        first,
        second,
        (HandOver, System, AwaitingIssue),
        (Register, System, Issued),
        (RequestRevocation, Clerk, RevocationRequested),
        (HandOverRevocation, System, AwaitingRevocation),
        (RegisterList, System, Revoked),
    ];
    let rejected: &[(Deed, Hat, Standing)] =
        &[first, (Reject, Clerk, Rejecting), (ProcessRejection, System, Rejected)];
    let path = if case.rejection().is_some() { rejected } else { path };
    let end = path.iter().position(|(_, _, to)| *to == case.standing()).map_or(0, |at| at + 1);
    let mut from = None;
    let mut events = Vec::with_capacity(end);
    for (at, (deed, hat, to)) in path[..end].iter().enumerate() {
        let version = i64::try_from(at + 1).expect("a handful");
        let account = match hat {
            Hat::Provider => Some(7),
            Hat::Agent => Some(8),
            Hat::Clerk | Hat::Manager => Some(3),
            Hat::System => None,
        };
        events.push(Event {
            version,
            at: SAMPLE_NOW.plus_seconds(-2 * DAY + i64::try_from(at).expect("a handful") * 20_000),
            verb: deed.slug().into(),
            from,
            to: to.code(),
            capacity: hat.slug().into(),
            account,
            actor: account.map_or_else(|| "system".into(), |account| format!("staff:{account}")),
            remark: remark(case, *deed),
            entry: EntryId(version),
        });
        from = Some(to.code());
    }
    events
}

fn remark(case: &Case, deed: Deed) -> Option<String> {
    match (deed, case.rejection(), case.ask()) {
        (Deed::Reject, Some(Rejection::Refused(reason)), _) => Some(reason.clone()),
        (Deed::RequestRevocation, _, Some(ask)) => Some(ask.note.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c20_there_is_a_sample_of_every_status() {
        for standing in Standing::ALL {
            let file = file(*standing, Hat::Provider);
            assert_eq!(file.case.case.standing(), *standing);
            assert_eq!(file.events.last().map(|event| event.to), Some(standing.code()));
        }
    }
}
