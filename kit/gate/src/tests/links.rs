//! One-time links (K9).

use super::support::*;
use crate::{AccountError, GateError, Purpose, accounts::AccountState, session::Standing};
use core_words::Actor;
use kit_store::testing::both_with;

#[test]
fn k9_a_link_is_good_once_also_for_two_at_once() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.staff("hanako").await;
        let token = house.link_token(id, Purpose::SignIn).await;
        for _ in 0..3 {
            let account = house.gate.link_of(&token, Purpose::SignIn).await.expect("looking uses nothing up");
            assert_eq!(account.id, id);
        }
        let (a, b) = tokio::join!(house.gate.enter(&token, None), house.gate.enter(&token, None));
        let mut both = [code(a), code(b)];
        both.sort_unstable();
        assert_eq!(both, ["gate.dead_link", "in"]);
        assert_eq!(code(house.gate.enter(&token, None).await), "gate.dead_link");
        assert!(house.gate.link_of(&token, Purpose::SignIn).await.is_err());
    });
}

#[test]
fn k9_links_end_to_the_microsecond_and_are_for_one_purpose() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.staff("hanako").await;
        for (purpose, minutes) in [(Purpose::SignIn, 10), (Purpose::Enrol, 24 * 60)] {
            let token = house.link_token(id, purpose).await;
            house.clock.advance_micros(minutes * 60_000_000 - 1);
            assert!(house.gate.link_of(&token, purpose).await.is_ok());
            house.clock.advance_micros(1);
            let error = house.gate.link_of(&token, purpose).await.expect_err("dead").refusal();
            assert_eq!(error.code, "gate.dead_link");
        }
        // An enrolment link signs nobody in.
        let token = house.link_token(id, Purpose::Enrol).await;
        assert_eq!(code(house.gate.enter(&token, None).await), "gate.dead_link");
        assert!(house.gate.link_of(&token, Purpose::Enrol).await.is_ok());
    });
}

#[test]
fn k9_a_new_link_kills_the_earlier_one_and_suspending_kills_all() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.staff("hanako").await;
        let lost = house.link_token(id, Purpose::SignIn).await;
        let first = house.link_token(id, Purpose::SignIn).await;
        let enrol = house.link_token(id, Purpose::Enrol).await;
        assert_eq!(code(house.gate.enter(&lost, None).await), "gate.dead_link");
        let signed_in = house.gate.enter(&first, None).await.expect("the newest");
        let later = house.link_token(id, Purpose::SignIn).await;
        let states = (AccountState::Active, AccountState::Suspended);
        let set = |(from, to)| {
            let gate = house.gate.clone();
            db.write(move |tx| {
                crate::accounts::set_state(tx, &gate, id, (from, to), &Actor::system(), gate.now())
            })
        };
        set(states).await.expect("suspended");
        assert!(matches!(house.standing(&signed_in).await, Standing::Over(_)));
        // Active again, and what was before stays dead.
        assert!(matches!(set(states).await, Err(AccountError::NoSuchAccount(_))), "two at once: one");
        set((AccountState::Suspended, AccountState::Active)).await.expect("active");
        assert!(matches!(house.standing(&signed_in).await, Standing::Over(_)));
        assert_eq!(code(house.gate.enter(&later, None).await), "gate.dead_link");
        assert!(house.gate.link_of(&enrol, Purpose::Enrol).await.is_err());
        // Closed is for good, and nobody is let in by a link to it.
        set((AccountState::Active, AccountState::Closed)).await.expect("closed");
        assert!(set((AccountState::Closed, AccountState::Active)).await.is_err());
        let gate = house.gate.clone();
        let made = db
            .write(move |tx| gate.one_time_link(tx, id, Purpose::SignIn, &Actor::system(), gate.now()))
            .await;
        assert!(matches!(made, Err(AccountError::NoSuchAccount(_))));
    });
}

#[test]
fn k9_applicants_do_not_enrol_and_a_link_shows_itself_nowhere() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("P0001").await;
        let gate = house.gate.clone();
        let made = db
            .write(move |tx| gate.one_time_link(tx, id, Purpose::Enrol, &Actor::system(), gate.now()))
            .await;
        assert!(matches!(made, Err(AccountError::NoSuchAccount(_))));
        let link = house.link(id, Purpose::SignIn).await;
        assert!(link.url().starts_with("http://localhost:8080/enter/"));
        assert!(!format!("{link:?}").contains("enter"));
        let unknown = crate::token::Token::read(&"a".repeat(43)).expect("the form");
        let error = house.gate.enter(&unknown, None).await.map(|_| ()).expect_err("unknown");
        assert!(matches!(error, GateError::Refused(refusal) if refusal.code == "gate.dead_link"));
    });
}
