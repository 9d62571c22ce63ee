//! Sessions: when they end, who they are, what they prove (K9, N16).

use super::support::*;
use crate::{Proof, Role, SignedIn, session::Standing, two_people};
use core_words::{Actor, UtcMicros};
use kit_store::{Row, StoreError, Tx, params, testing::both_with};

impl House {
    async fn is_open(&self, signed_in: &SignedIn) -> bool {
        matches!(self.standing(signed_in).await, Standing::Open(_))
    }
}

const MINUTE: i64 = 60_000_000;

#[test]
fn n16_an_idle_session_ends_after_twenty_minutes_to_the_microsecond() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let signed_in = house.signed_in_staff("hanako").await;
        assert_eq!(signed_in.session.ends, START.plus_micros(20 * MINUTE));
        house.clock.advance_micros(20 * MINUTE - 1);
        // A microsecond before the end it is open, and being used begins the twenty minutes anew.
        let Standing::Open(session) = house.standing(&signed_in).await else { panic!("open") };
        assert_eq!(session.ends, START.plus_micros(40 * MINUTE - 1));
        house.clock.advance_micros(20 * MINUTE);
        assert!(!house.is_open(&signed_in).await, "at the end itself it is over");
        let Standing::Over(Some(account)) = house.standing(&signed_in).await else {
            panic!("over, and whose")
        };
        assert_eq!(account, signed_in.session.account);
        // Over is over: a clock that is set back a little does not matter, use does not revive it.
        house.clock.advance_micros(MINUTE);
        assert!(!house.is_open(&signed_in).await);
    });
}

#[test]
fn n16_use_within_a_minute_writes_nothing() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let signed_in = house.signed_in_staff("hanako").await;
        house.clock.advance_micros(MINUTE - 1);
        let Standing::Open(session) = house.standing(&signed_in).await else { panic!("open") };
        assert_eq!(session.ends, START.plus_micros(20 * MINUTE), "not prolonged yet");
        house.clock.advance_micros(1);
        let Standing::Open(session) = house.standing(&signed_in).await else { panic!("open") };
        assert_eq!(session.ends, START.plus_micros(21 * MINUTE));
        let Standing::Open(again) = house.standing(&signed_in).await else { panic!("open") };
        assert_eq!(again.ends, session.ends);
    });
}

#[test]
fn k9_no_session_lasts_longer_than_eight_hours() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let signed_in = house.signed_in_staff("hanako").await;
        for _ in 0..8 * 60 / 10 - 1 {
            house.clock.advance_micros(10 * MINUTE);
            assert!(house.is_open(&signed_in).await);
        }
        house.clock.advance_micros(10 * MINUTE - 1);
        let Standing::Open(session) = house.standing(&signed_in).await else { panic!("open") };
        assert_eq!(session.ends, START.plus_micros(8 * 60 * MINUTE), "said truly on the page");
        house.clock.advance_micros(1);
        assert!(!house.is_open(&signed_in).await);
    });
}

#[test]
fn k9_neither_token_nor_csrf_token_is_stored() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let signed_in = house.signed_in_staff("hanako").await;
        let read = |tx: &mut Tx| -> Result<Row, StoreError> {
            tx.query_one("SELECT token FROM gate_session", params![])
        };
        let stored: Vec<u8> = db.read(read).await.expect("one").get(0).expect("octets");
        assert_eq!(stored.len(), 32);
        assert_ne!(stored, signed_in.token.as_str().as_bytes());
        assert_ne!(crate::token::base64url(&stored), signed_in.token.as_str());
        assert_ne!(signed_in.session.csrf.as_str(), signed_in.token.as_str());
        let shown = format!("{signed_in:?}");
        assert!(
            !shown.contains(signed_in.token.as_str()) && !shown.contains(signed_in.session.csrf.as_str())
        );
    });
}

#[test]
fn k9_signing_in_makes_a_new_token_and_ends_what_the_browser_had() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let planted = house.signed_in_staff("mallory").await;
        let before = planted.token.hash(house.gate.digest());
        let password = zeroize::Zeroizing::new(PASSWORD.to_owned());
        let signed_in = house.gate.sign_in_after("P0001", password, None, Some(before)).await.expect("in");
        assert_ne!(signed_in.token.as_str(), planted.token.as_str());
        assert!(!house.is_open(&planted).await);
        assert!(house.is_open(&signed_in).await);
    });
}

#[test]
fn k9_signing_out_ends_the_session_once() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (signed_in, other) = (house.signed_in_staff("hanako").await, house.signed_in_staff("jiro").await);
        for _ in 0..2 {
            house.gate.sign_out(&signed_in.session).await.expect("out");
            assert!(!house.is_open(&signed_in).await);
        }
        assert!(house.is_open(&other).await);
        assert_eq!(house.count_acts("gate.signed_out").await, 1);
    });
}

#[test]
fn k9_roles_are_proved_and_gone_from_the_next_request_on() {
    both_with(TABLES, async |db| {
        const MANAGER: Role = Role::named("claims.manager");
        let house = house(&db);
        let signed_in = house.signed_in_staff("hanako").await;
        let session = &signed_in.session;
        let proof = session.require(&CLERK).expect("a clerk");
        assert_eq!(
            (proof.account(), proof.role(), proof.scope().operator()),
            (session.account, &CLERK, &operator())
        );
        assert_eq!(session.require(&MANAGER).expect_err("no manager").code, "gate.role_missing");
        assert_eq!(session.require_any(&[MANAGER, CLERK]).expect("one of them").role(), &CLERK);
        let (gate, id) = (house.gate.clone(), session.account);
        let change = move |tx: &mut Tx| {
            assert!(crate::accounts::withdraw(tx, &gate, id, &CLERK, &Actor::system(), gate.now())?);
            assert!(crate::accounts::grant(tx, &gate, id, &MANAGER, &Actor::system(), gate.now())?);
            crate::accounts::grant(tx, &gate, id, &MANAGER, &Actor::system(), gate.now())
        };
        assert!(!db.write(change).await.expect("changed"), "the second time changes nothing");
        let Standing::Open(session) = house.standing(&signed_in).await else { panic!("open") };
        assert_eq!(session.roles, [MANAGER]);
        let acts = house.acts().await;
        assert!(acts.contains(&("gate.role_granted".into(), format!("{id}/claims.manager"))));
        assert_eq!(acts.iter().filter(|(kind, _)| kind == "gate.role_granted").count(), 1);
    });
}

#[test]
fn k9_the_second_person_is_not_the_first() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (first, second) = (house.signed_in_staff("hanako").await, house.signed_in_staff("jiro").await);
        let proof = two_people(first.session.account, &second.session).expect("two");
        assert_eq!((proof.first(), proof.second()), (first.session.account, second.session.account));
        let same = two_people(first.session.account, &first.session).expect_err("one");
        assert_eq!(same.code, "gate.same_person");
    });
}

#[test]
fn k8_the_actor_of_a_session_names_no_person() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let staff = house.signed_in_staff("hanako").await.session;
        assert_eq!(staff.actor().to_string(), format!("staff:{}", staff.account.0));
        assert_eq!(staff.proof, Proof::Link);
        house.applicant("P0001").await;
        let applicant = house.sign_in("P0001", PASSWORD).await.expect("in").session;
        assert_eq!(applicant.actor().to_string(), format!("applicant:{}", applicant.account.0));
        assert_eq!(applicant.subject.as_deref(), Some("claims.provider:7"));
        assert_eq!(applicant.ends, UtcMicros(START.0 + 20 * MINUTE));
    });
}
