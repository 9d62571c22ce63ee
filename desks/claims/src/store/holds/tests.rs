//! C13: the database itself deletes nothing that has not ended, on both databases.

use super::*;
use crate::{
    case::Holding,
    store::{deletions, rows},
    web::samples,
    words::{Certificate, KeyState},
};
use core_words::{Serial, UtcSeconds};
use kit_desk::Stored;
use kit_store::testing::both_with;

const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);
const DAY: i64 = 86_400;

fn scope() -> Scope {
    Scope::of_the_house(OperatorId::new("tokyo").expect("a slug"))
}

fn number(running: u32) -> CaseNumber {
    CaseNumber::new('C', 2026, running + 1).expect("it fits")
}

/// A case in a status, whose certificate ends so many seconds after now.
fn put(tx: &mut Tx, running: u32, standing: Standing, ends: i64) -> Result<Stored<Case>, StoreError> {
    let operator = OperatorId::new("tokyo").expect("a slug");
    let text = number(running).to_string();
    let head = rows::Head {
        number: &text,
        operator: &operator,
        holder_number: "1310000018",
        holder_name: "さくら",
        holder_kana: "サクラ",
    };
    let id = rows::insert(tx, &head, &samples::case(Standing::Applied), NOW)?;
    let old = rows::load(tx, id)?.expect("it is there");
    let certificate = Certificate {
        not_after: UtcSeconds(NOW.whole_seconds().0 + ends),
        cert: core_words::CertRef {
            serial: Serial::from_magnitude(&[1 + u8::try_from(running).expect("a few"); 20])
                .expect("a serial"),
            ..samples::certificate().cert
        },
        ..samples::certificate()
    };
    let holding =
        Holding { certificate, key: KeyState::Erased { at: NOW }, ..samples::holding(samples::kept(), true) };
    let next = match samples::case(standing) {
        Case::Issued(_) => Case::Issued(holding),
        Case::RevocationRequested { ask, takes, .. } => Case::RevocationRequested { holding, ask, takes },
        Case::AwaitingRevocation { ask, .. } => Case::AwaitingRevocation { holding, ask },
        Case::Revoked { ask, list, .. } => Case::Revoked { holding, ask, list },
        other => other,
    };
    assert!(rows::update(tx, &old, &next, NOW)?);
    Ok(rows::load(tx, id)?.expect("it is there"))
}

fn begin(tx: &mut Tx, id: i64, now: UtcMicros) -> Result<bool, StoreError> {
    let running = u32::try_from(id).expect("a few");
    let number = CaseNumber::new('A', 2026, running).expect("it fits");
    deletions::begin(tx, id, number, &scope(), Some(3), (now, now))
}

#[test]
fn c13_what_may_go_has_ended_or_was_revoked_and_keeps_no_key() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let later = NOW.plus_seconds(10 * DAY);
            for (running, standing) in Standing::ALL.iter().enumerate() {
                put(tx, u32::try_from(running).expect("ten"), *standing, DAY)?;
            }
            put(tx, 20, Standing::Issued, 30 * DAY)?;
            let of = |lines: Vec<Removable>| lines.into_iter().map(|line| line.standing).collect::<Vec<_>>();
            // The revoked one at once, the other when it is over: 6, 7 and 10 never.
            assert_eq!(counts(tx, &scope(), NOW.plus_micros(1))?, (0, 1));
            let end = NOW.whole_seconds().micros().plus_seconds(DAY + 1);
            assert_eq!(counts(tx, &scope(), end)?, (0, 1));
            assert_eq!(counts(tx, &scope(), end.plus_micros(1))?, (1, 1));
            assert_eq!(of(page(tx, &scope(), later, 10, 0)?), [Standing::Revoked, Standing::Issued]);
            assert_eq!(of(page(tx, &scope(), later, 10, 1)?), [Standing::Issued]);
            tx.execute("UPDATE claims_case SET custody = 1 WHERE status = 5", params![])?;
            assert_eq!(counts(tx, &scope(), later)?, (0, 1));
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn c13_the_database_refuses_what_is_valid_being_revoked_or_rejected_whoever_asks() {
    both_with(&[crate::COMPONENT], async |db| {
        let ids = db
            .write(|tx| {
                begin(tx, 1, NOW)?;
                let mut ids = Vec::new();
                for (running, (standing, ends)) in [
                    (Standing::Issued, DAY),
                    (Standing::RevocationRequested, -DAY),
                    (Standing::AwaitingRevocation, -DAY),
                    (Standing::Rejected, 0),
                    (Standing::Applied, 0),
                ]
                .into_iter()
                .enumerate()
                {
                    ids.push(put(tx, u32::try_from(running).expect("a few"), standing, ends)?.id);
                }
                Ok::<_, StoreError>(ids)
            })
            .await
            .expect("written");
        for id in ids {
            // By hand, with or without the row that holds it: a transaction for each, which the database refuses.
            let bare = db.write(move |tx| tx.execute("DELETE FROM claims_case WHERE id = $1", params![id]));
            assert!(matches!(bare.await, Err(StoreError::Constraint(_))), "{id}");
            let forged = db.write(move |tx| {
                let sql =
                    "UPDATE claims_hold SET held = NULL, deletion = 1, deleted_us = $1 WHERE case_id = $2";
                tx.execute(sql, params![NOW, id])
            });
            assert!(matches!(forged.await, Err(StoreError::Constraint(_))), "{id}");
            let still = db.read(move |tx| rows::load(tx, id)).await.expect("read");
            assert!(still.is_some(), "{id}");
        }
    });
}

#[test]
fn c13_what_was_changed_after_it_was_chosen_is_spared_and_the_rest_goes_once() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let (ended, changed) = (put(tx, 1, Standing::Issued, -DAY)?, put(tx, 2, Standing::Issued, -DAY)?);
            assert!(begin(tx, 1, NOW)?);
            assert!(!begin(tx, 2, NOW)?, "one at a time");
            assert_eq!(choose(tx, &scope(), NOW, 1, 10)?, 2);
            assert_eq!(choose(tx, &scope(), NOW, 1, 10)?, 0, "once");
            let Case::Issued(holding) = changed.case.clone() else { panic!("it is issued") };
            let next = Case::RevocationRequested { holding, ask: samples::ask(), takes: NOW };
            assert!(rows::update(tx, &changed, &next, NOW)?);
            let next = chosen(tx, 1, 0, 10)?;
            assert_eq!(next.iter().map(|chosen| chosen.case).collect::<Vec<_>>(), [ended.id]);
            let stale = Chosen { case: changed.id, version: changed.version };
            assert!(!delete(tx, stale, 1, NOW)?);
            assert!(delete(tx, next[0], 1, NOW)?);
            assert!(!delete(tx, next[0], 1, NOW)?, "it is gone");
            assert!(rows::load(tx, ended.id)?.is_none() && rows::load(tx, changed.id)?.is_some());
            let archive = CaseNumber::new('A', 2026, 1).expect("it fits").to_string();
            assert_eq!(gone(tx, &scope(), number(1))?, Some((NOW, archive)));
            assert_eq!(gone(tx, &scope(), number(2))?, None);
            assert!(chosen(tx, 1, 0, 10)?.is_empty());
            deletions::end(tx, 1, NOW)?;
            assert!(begin(tx, 2, NOW)?, "the next one may begin");
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}
