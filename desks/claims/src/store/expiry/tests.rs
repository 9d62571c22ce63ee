//! C12: who is told of the end, and who is not, on both databases.

use super::*;
use crate::{
    case::Case,
    store::rows,
    web::samples,
    words::{Application, HolderId, KeyWay},
};
use core_words::{CaseNumber, OperatorId};
use kit_store::testing::both_with;

const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);
const END: UtcSeconds = UtcSeconds(1_797_000_000);
const ALL: (UtcSeconds, UtcSeconds) = (UtcSeconds(0), UtcSeconds(i64::MAX));

fn scope(name: &str) -> Scope {
    Scope::of_the_house(OperatorId::new(name).expect("a slug"))
}

fn number(running: u32) -> String {
    CaseNumber::new('C', 2026, running).expect("it fits").to_string()
}

/// A case in a status whose certificate ends so many seconds after the others.
fn put(
    tx: &mut Tx,
    running: u32,
    holder: i64,
    status: i64,
    after: i64,
    agent: bool,
) -> Result<i64, StoreError> {
    let operator = OperatorId::new("tokyo").expect("a slug");
    let application = match agent {
        true => samples::agents_application(),
        false => samples::application(KeyWay::Service),
    };
    let case = Case::Applied(Application { holder: HolderId(holder), ..application });
    let head = rows::Head {
        number: &number(running),
        operator: &operator,
        holder_number: "1310000018",
        holder_name: "さくら",
        holder_kana: "サクラ",
    };
    let id = rows::insert(tx, &head, &case, NOW)?;
    tx.execute(
        "UPDATE claims_case SET status = $1, not_after_s = $2 WHERE id = $3",
        params![status, END.0 + after, id],
    )?;
    Ok(id)
}

#[test]
fn c12_whose_certificate_is_renewed_or_being_revoked_is_left_alone() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            // A provider with one; one that has renewed; those whose certificate is going or gone.
            put(tx, 1, 1, 5, 0, false)?;
            put(tx, 2, 2, 5, 1, false)?;
            put(tx, 3, 2, 5, 1_000, false)?;
            for (running, status) in [(4, 6), (5, 7), (6, 8)] {
                put(tx, running, 3, status, 2, false)?;
            }
            // A renewal that was revoked renews nothing.
            put(tx, 7, 4, 5, 3, false)?;
            put(tx, 8, 4, 8, 1_000, false)?;
            // An agent's certificates stand beside each other, but for one that was applied for as the renewal.
            put(tx, 9, 5, 5, 4, true)?;
            put(tx, 10, 5, 5, 5, true)?;
            let renewal = put(tx, 11, 5, 5, 1_000, true)?;
            tx.execute("UPDATE claims_case SET renews = $1 WHERE id = $2", params![number(9), renewal])?;
            let numbers =
                |found: Vec<Expiring>| found.into_iter().map(|line| line.number).collect::<Vec<_>>();
            let span = (ALL.0, UtcSeconds(END.0 + 999));
            let found = page(tx, &scope("tokyo"), span, 100, 0)?;
            assert_eq!(numbers(found), [1, 7, 10].map(number));
            assert_eq!(count(tx, &scope("tokyo"), span)?, 3);
            assert_eq!(count(tx, &scope("osaka"), span)?, 0);
            // Both ends are of the span.
            let exact = (UtcSeconds(END.0), UtcSeconds(END.0));
            assert_eq!(numbers(page(tx, &scope("tokyo"), exact, 100, 0)?), [number(1)]);
            assert_eq!(count(tx, &scope("tokyo"), (UtcSeconds(END.0 + 1), UtcSeconds(END.0 + 2)))?, 0);
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn c12_who_never_had_the_key_is_not_told_of_the_end_and_has_renewed_nothing() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let key = |tx: &mut Tx, id: i64, erased: Option<i64>, fetched: Option<i64>| {
                let sql = "UPDATE claims_case SET key_erased_us = $1, fetched_us = $2 WHERE id = $3";
                tx.execute(sql, params![erased, fetched, id]).map(drop)
            };
            // Fetched and then erased; kept still, or with the applicant from the first; erased before it was fetched.
            let fetched = put(tx, 1, 1, 5, 0, false)?;
            key(tx, fetched, Some(9), Some(8))?;
            put(tx, 2, 2, 5, 1, false)?;
            let lost = put(tx, 3, 3, 5, 2, false)?;
            key(tx, lost, Some(9), None)?;
            // A renewal that nobody fetched in time leaves the old one alone in use.
            put(tx, 4, 4, 5, 3, false)?;
            let renewal = put(tx, 5, 4, 5, 1_000, false)?;
            key(tx, renewal, Some(9), None)?;
            let numbers =
                |found: Vec<Expiring>| found.into_iter().map(|line| line.number).collect::<Vec<_>>();
            assert_eq!(numbers(walk(tx, &scope("tokyo"), ALL, None, 100)?), [1, 2, 4].map(number));
            assert_eq!(numbers(page(tx, &scope("tokyo"), ALL, 100, 0)?), [1, 2, 4].map(number));
            assert_eq!(count(tx, &scope("tokyo"), ALL)?, 3);
            // Who lists what somebody applied for says so.
            let lost = |holder| crate::store::find::lost(tx, HolderId(holder));
            let lost = [1, 2, 3, 4].map(lost).into_iter().collect::<Result<Vec<_>, _>>()?;
            let set = |running: &[u32]| running.iter().map(|n| number(*n)).collect();
            assert_eq!(lost, [set(&[]), set(&[]), set(&[3]), set(&[5])]);
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn c12_a_walk_meets_every_certificate_once_and_a_notice_is_noted_once() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            // Several of the same second, on the border of two stretches.
            for running in 1..=7_u32 {
                put(tx, running, i64::from(running), 5, i64::from(running / 3), false)?;
            }
            let (mut met, mut after) = (Vec::new(), None);
            loop {
                let found = walk(tx, &scope("tokyo"), ALL, after, 2)?;
                let Some(last) = found.last() else { break };
                after = Some((last.last, last.id));
                met.extend(found.into_iter().map(|line| line.number));
            }
            assert_eq!(met, [1, 2, 3, 4, 5, 6, 7].map(number));

            let first = walk(tx, &scope("tokyo"), ALL, None, 1)?.remove(0);
            assert_eq!((first.told, first.told_at), (None, None));
            assert!(note(tx, first.id, 90, NOW)?);
            assert!(!note(tx, first.id, 90, NOW.plus_seconds(1))?, "once for each lead");
            assert!(note(tx, first.id, 30, NOW.plus_seconds(60))?);
            let first = walk(tx, &scope("tokyo"), ALL, None, 1)?.remove(0);
            assert_eq!((first.told, first.told_at), (Some(30), Some(NOW.plus_seconds(60))));
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}
