//! Signing in by ID and password (K9).

use super::support::*;
use crate::{GateError, accounts::AccountState};
use core_words::Actor;
use kit_store::{params, testing::both_with};
use std::{net::IpAddr, sync::atomic::Ordering};
use zeroize::Zeroizing;

#[test]
fn k9_two_wrong_and_one_right_is_fine_and_counts_anew() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        for _ in 0..3 {
            for _ in 0..2 {
                assert_eq!(code(house.sign_in("P0001", "wrong").await), "gate.wrong_sign_in");
            }
            assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "in");
        }
        assert_eq!(house.count_acts("gate.refused").await, 6);
        assert_eq!(house.count_acts("gate.signed_in").await, 3);
        assert_eq!(house.count_acts("gate.locked").await, 0);
    });
}

#[test]
fn k9_three_wrong_close_the_id_for_thirty_minutes_to_the_microsecond() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        house.applicant("P0002").await;
        let wrong = house.sign_in("P0001", "wrong").await.map(|_| ()).expect_err("wrong").refusal();
        for _ in 0..2 {
            assert_eq!(code(house.sign_in("P0001", "wrong").await), "gate.wrong_sign_in");
        }
        assert_eq!(house.count_acts("gate.locked").await, 1);
        // Closed also for the right password, in the same words; another ID is not concerned.
        let closed = house.sign_in("P0001", PASSWORD).await.map(|_| ()).expect_err("closed").refusal();
        assert_eq!(closed, wrong);
        assert_eq!(code(house.sign_in("P0002", PASSWORD).await), "in");
        house.clock.advance_micros(30 * 60 * 1_000_000 - 1);
        assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "gate.wrong_sign_in");
        house.clock.advance_micros(1);
        assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "in");
        // What was tried while it was closed was not counted, so it did not prolong it.
        assert_eq!(house.count_acts("gate.refused").await, 3);
    });
}

#[test]
fn k9_an_id_that_does_not_exist_is_answered_with_the_same_words_and_the_same_work() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let known = house.applicant("P0001").await;
        let suspended = house.applicant("P0002").await;
        let gate = house.gate.clone();
        let states = (AccountState::Active, AccountState::Suspended);
        db.write(move |tx| {
            crate::accounts::set_state(tx, &gate, suspended, states, &Actor::system(), gate.now())
        })
        .await
        .expect("suspended");
        let mut told = Vec::new();
        // The last three are no logins at all; a NUL would not even get through PostgreSQL.
        for login in ["P0001", "P9999", "P0002", "p0001", "", "事業所", "a\0b"] {
            let mut answers = Vec::new();
            for _ in 0..4 {
                let before = house.hasher.verified.load(Ordering::SeqCst);
                let refused = house.sign_in(login, "wrong").await.map(|_| ()).expect_err("wrong");
                assert_eq!(house.hasher.verified.load(Ordering::SeqCst), before + 1, "{login:?}: equal work");
                answers.push(refused.refusal());
            }
            told.push(answers);
        }
        assert!(told.iter().flatten().all(|refusal| *refusal == told[0][0]));
        // Each was closed after three, whether it exists or not, and its name stands in no ledger.
        assert_eq!(house.count_acts("gate.locked").await, 7);
        let subjects = house.acts().await.into_iter().map(|(_, subject)| subject);
        let mut subjects: Vec<_> = subjects.collect();
        subjects.sort();
        subjects.dedup();
        assert_eq!(
            subjects,
            [known.to_string(), suspended.to_string(), "account:unknown".into()]
                .map(String::from)
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        // A suspended account does not open with its own password either.
        house.clock.advance_seconds(30 * 60);
        assert_eq!(code(house.sign_in("P0002", PASSWORD).await), "gate.wrong_sign_in");
    });
}

#[test]
fn k9_a_hundred_tries_at_once_are_no_more_than_three() {
    both_with(TABLES, async |db| {
        let house = house_with(&db, |s| s.hashes_waiting = 200);
        house.applicant("P0001").await;
        let tries = (0..40).map(|n| {
            let gate = house.gate.clone();
            tokio::spawn(
                async move { gate.sign_in("P0001", Zeroizing::new(format!("wrong {n}")), None).await },
            )
        });
        for task in tries.collect::<Vec<_>>() {
            assert_eq!(code(task.await.expect("no panic")), "gate.wrong_sign_in");
        }
        assert_eq!(house.count_acts("gate.refused").await, 3, "only three were judged");
        assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "gate.wrong_sign_in");
    });
}

#[test]
fn k9_one_address_cannot_try_many_ids() {
    both_with(TABLES, async |db| {
        let house = house_with(&db, |s| s.address_attempts = 4);
        house.applicant("P0001").await;
        let from = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        let sign_in = |login: &'static str, password: &'static str, last| {
            house.gate.sign_in(login, Zeroizing::new(password.into()), from(last))
        };
        // A right one is not held against the address, and excuses no wrong one.
        for login in ["A", "B", "C"] {
            assert_eq!(code(sign_in(login, "wrong", 1).await), "gate.wrong_sign_in");
            assert_eq!(code(sign_in("P0001", PASSWORD, 1).await), "in");
        }
        assert_eq!(code(sign_in("D", "wrong", 1).await), "gate.wrong_sign_in");
        assert_eq!(code(sign_in("P0001", PASSWORD, 1).await), "gate.too_many");
        assert_eq!(code(sign_in("P0001", PASSWORD, 2).await), "in");
        house.clock.advance_micros(30 * 60 * 1_000_000);
        assert_eq!(code(sign_in("P0001", PASSWORD, 1).await), "in");
    });
}

#[test]
fn k9_passwords_are_stored_hashed_and_changing_one_ends_every_session() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("P0001").await;
        let stolen = house.sign_in("P0001", PASSWORD).await.expect("in");
        let phc = house.gate.hash_password(Zeroizing::new("another one".into())).await.expect("hashed");
        let gate = house.gate.clone();
        db.write(move |tx| {
            crate::accounts::set_password(tx, &gate, id, &phc, &Actor::applicant(id.0), gate.now())
        })
        .await
        .expect("set");
        assert!(matches!(house.standing(&stolen).await, crate::session::Standing::Over(Some(_))));
        assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "gate.wrong_sign_in");
        assert_eq!(code(house.sign_in("P0001", "another one").await), "in");
        let sql = "SELECT phc FROM gate_account WHERE id = $1";
        let stored: String =
            db.read(move |tx| tx.query_one(sql, params![id.0])?.get(0)).await.expect("stored");
        assert!(stored.starts_with("$argon2id$") && !stored.contains("another"), "{stored}");
        for unfit in ["short12", &"x".repeat(129)] {
            let refused = house.gate.hash_password(Zeroizing::new(unfit.into())).await.expect_err("unfit");
            assert_eq!(refused.code, "gate.unfit_password");
        }
    });
}

#[test]
fn k9_right_passwords_lock_nobody_out_however_many_come_at_once() {
    both_with(TABLES, async |db| {
        let house = std::sync::Arc::new(house(&db));
        house.applicant("P0001").await;
        for _ in 0..20 {
            let mut tries = tokio::task::JoinSet::new();
            for _ in 0..16 {
                let house = house.clone();
                tries.spawn(async move { code(house.sign_in("P0001", PASSWORD).await) });
            }
            assert!(tries.join_all().await.iter().all(|code| *code == "in"));
        }
        assert_eq!(house.count_acts("gate.locked").await, 0);
    });
}

#[test]
fn k9_when_too_many_wait_later_ones_are_told_and_not_counted() {
    both_with(TABLES, async |db| {
        let house = house_with(&db, |s| (s.hashes_at_once, s.hashes_waiting) = (1, 0));
        house.applicant("P0001").await;
        let turn = house.gate.hashing().turn().await.expect("the only place");
        for _ in 0..5 {
            let error = house.sign_in("P0001", "wrong").await.map(|_| ()).expect_err("busy");
            assert!(matches!(error, GateError::Refused(ref refusal) if refusal.code == "gate.busy"));
        }
        drop(turn);
        assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "in");
    });
}
