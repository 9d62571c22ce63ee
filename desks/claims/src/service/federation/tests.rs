//! C8, C9, K11: what the federation asks, on both databases.

use super::*;
use crate::{
    Sort,
    case::Case,
    store::{find::Found, rows},
    web::samples,
    words::{Application, KeyWay},
};
use core_words::{Lang, OperatorId, UtcMicros};
use kit_keys::Provider as Keys;
use kit_post::{Address, NewMail, queue_mail};
use kit_store::{Component, params, testing::both_with};

const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);
const TABLES: &[Component] =
    &[kit_ledger::COMPONENT, kit_jobs::COMPONENT, kit_post::COMPONENT, kit_desk::COMPONENT, crate::COMPONENT];

fn scope(name: &str) -> Scope {
    Scope::of_the_house(OperatorId::new(name).expect("a slug"))
}

fn number(running: u32) -> CaseNumber {
    CaseNumber::new('C', 2026, running).expect("it fits")
}

/// A case of this operator, applied for so many seconds after the beginning.
fn put(tx: &mut Tx, operator: &str, running: u32, case: Case, name: &str) -> Result<(), StoreError> {
    let (number, operator) = (number(running).to_string(), OperatorId::new(operator).expect("a slug"));
    let head = rows::Head {
        number: &number,
        operator: &operator,
        holder_number: "1310000018",
        holder_name: name,
        holder_kana: "サクラ",
    };
    rows::insert(tx, &head, &case, NOW).map(drop)
}

fn applied(after: i64) -> Case {
    let application = samples::application(KeyWay::Service);
    Case::Applied(Application { at: NOW.plus_seconds(after), ..application })
}

fn found(tx: &mut Tx, text: &str, sort: Sort) -> Result<Found, StoreError> {
    let wanted = Wanted { text: text.into(), sort, ..Wanted::default() };
    find::find(tx, &scope("tokyo"), &wanted)
}

#[test]
fn c9_the_next_application_is_the_oldest_and_one_left_for_later_comes_round_again() {
    both_with(TABLES, async |db| {
        let done = db.write(|tx| {
            put(tx, "osaka", 9, applied(0), "大阪")?;
            // Two of the same moment go by their ids.
            for (running, after) in [(1, 30), (2, 10), (3, 20), (4, 20)] {
                put(tx, "tokyo", running, applied(after), "さくら")?;
            }
            put(tx, "tokyo", 5, samples::case(Standing::Issued), "さくら")?;
            let tokyo = scope("tokyo");
            let mut order = Vec::new();
            let mut after = None;
            for _ in 0..5 {
                let next = find::next_to_review(tx, &tokyo, after)?.expect("there are four");
                after = CaseNumber::parse(&next).ok();
                order.push(next);
            }
            assert_eq!(order, [2, 3, 4, 1, 2].map(|running| number(running).to_string()));
            // After one of another federation, or none at all: from the beginning.
            for unknown in [number(9), number(77)] {
                assert_eq!(find::next_to_review(tx, &tokyo, Some(unknown))?, Some(order[0].clone()));
            }
            let osaka = scope("osaka");
            assert_eq!(find::next_to_review(tx, &osaka, None)?, Some(number(9).to_string()));
            // The only one that waits is not the one after itself.
            assert_eq!(find::next_to_review(tx, &osaka, Some(number(9)))?, None);
            assert_eq!(find::next_to_review(tx, &scope("nagoya"), None)?, None);
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn c8_counts_lists_and_files_agree_and_stay_within_the_federation() {
    both_with(TABLES, async |db| {
        let done = db.write(|tx| {
            put(tx, "osaka", 9, applied(0), "さくら")?;
            put(tx, "tokyo", 1, applied(10), "さくら園")?;
            put(tx, "tokyo", 2, applied(5), "100%の_園")?;
            put(tx, "tokyo", 3, samples::case(Standing::Issued), "もみじ園")?;
            let tokyo = scope("tokyo");
            let all = found(tx, "", Sort::Oldest)?;
            assert_eq!(all.total, 3);
            assert_eq!(
                find::lines(tx, &tokyo, &Wanted { sort: Sort::Oldest, ..Wanted::default() }, 100)?,
                all.lines
            );
            assert_eq!(find::lines(tx, &tokyo, &Wanted::default(), 2)?.len(), 2);
            assert_eq!(found(tx, "さくら", Sort::Newest)?.total, 3, "the kana of all of them");
            assert_eq!(found(tx, "サクラ もみじ", Sort::Kana)?.total, 1);
            assert_eq!(found(tx, "0%の_", Sort::Provider)?.total, 1, "a pattern is taken for what it is");
            assert_eq!(found(tx, "x%", Sort::Provider)?.total, 0);
            // What is counted does not depend on the statuses that are shown, but on the text.
            let wanted = Wanted { standings: vec![Standing::Issued], ..Wanted::default() };
            let mut counts = find::counts(tx, &tokyo, &wanted)?;
            counts.sort_unstable();
            assert_eq!(counts, [(Standing::Applied, 2), (Standing::Issued, 1)]);
            let wanted = Wanted { text: "もみじ".into(), ..Wanted::default() };
            assert_eq!(find::counts(tx, &tokyo, &wanted)?, [(Standing::Issued, 1)]);
            let mut standing = find::standing(tx, &tokyo)?;
            standing.sort_unstable();
            let oldest = Some(NOW.plus_seconds(5));
            assert_eq!(standing, [(Standing::Applied, 2, oldest), (Standing::Issued, 1, None)]);
            assert!(find::standing(tx, &scope("nagoya"))?.is_empty());
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn k11_a_failed_mail_is_sent_again_once_and_the_ledger_has_who_did_it() {
    both_with(TABLES, async |db| {
        let done = db.write(|tx| {
            let tokyo = scope("tokyo");
            let to = Address::parse("sakura@example.jp").expect("an address");
            let mail = NewMail {
                operator: tokyo.operator(),
                to: &to,
                lang: Lang::Ja,
                subject: "発行のお知らせ",
                text: "発行されました。",
                case: Some("C-2026-0000001-7"),
                reference: None,
                template: "claims.issued",
            };
            let id = queue_mail(tx, &mail, NOW, &Keys)?;
            let actor = Actor::staff(3);
            let means = || Means { now: NOW, dice: &Keys, digest: &Keys };
            let again = |tx: &mut Tx, scope: &Scope| send_again(tx, scope, id, &actor, means());
            let entries = |tx: &mut Tx| -> Result<Vec<String>, StoreError> {
                let rows = tx.query("SELECT id FROM ledger_entry ORDER BY id", &[])?;
                let ids = rows.iter().map(|row| row.get(0).map(kit_ledger::EntryId));
                ids.map(|id| kit_ledger::entry(tx, id?)?.expect("it is there").body())
                    .map(|body| {
                        body.map(|body: kit_ledger::Body| {
                            format!("{} {} {}", body.kind, body.actor, body.subject)
                        })
                    })
                    .collect()
            };
            assert_eq!(again(tx, &tokyo)?, Resent::NotFailed(MailState::Waiting));
            tx.execute(
                "UPDATE post_mail SET state = $1 WHERE id = $2",
                params![MailState::Failed.code(), id.0],
            )?;
            assert_eq!(again(tx, &scope("osaka"))?, Resent::Unknown);
            assert!(entries(tx)?.is_empty());
            assert_eq!(again(tx, &tokyo)?, Resent::Queued);
            assert_eq!(again(tx, &tokyo)?, Resent::NotFailed(MailState::Waiting));
            assert_eq!(entries(tx)?, [format!("claims.resend-mail staff:3 mail:{}", id.0)]);
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}
