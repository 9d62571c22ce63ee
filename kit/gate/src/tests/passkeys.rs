//! Staff with passkeys (K9): enrolment, signing in, and what an attacker would send.

use super::{authenticator::Authenticator, support::*};
use crate::{AccountId, GateError, Purpose, token::Token};
use kit_store::{params, testing::both_with};
use serde_json::{Value, json};

const BROWSER: [u8; 32] = [1; 32];

fn as_json(begun: &impl serde::Serialize) -> Value {
    serde_json::to_value(begun).expect("JSON")
}

impl House {
    async fn enrol(&self, link: &Token, device: &mut Authenticator) -> Result<(), GateError> {
        let begun = self.gate.begin_passkey_enrolment(link, BROWSER).await?;
        let answer = device.create(&as_json(&begun.options));
        let answer = serde_json::from_value(answer).expect("an answer");
        self.gate.finish_passkey_enrolment(link, BROWSER, &begun.challenge, &answer).await
    }

    async fn enrolled(&self, login: &str, number: u64) -> (AccountId, Authenticator) {
        let id = self.staff(login).await;
        let link = self.link_token(id, Purpose::Enrol).await;
        let mut device = Authenticator::new(number);
        self.enrol(&link, &mut device).await.expect("enrolled");
        (id, device)
    }

    /// Begins, lets the device answer, changes the answer, finishes.
    async fn by_passkey(&self, device: &mut Authenticator, change: impl FnOnce(&mut Value)) -> &'static str {
        let begun = self.gate.begin_passkey_sign_in(BROWSER).await.expect("begun");
        let mut answer = device.get(&as_json(&begun.options));
        change(&mut answer);
        let answer = serde_json::from_value(answer).expect("an answer");
        code(self.gate.finish_passkey_sign_in(BROWSER, &begun.challenge, &answer, None).await)
    }
}

#[test]
fn k9_staff_enrol_a_passkey_through_a_link_and_sign_in_without_a_name() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (hanako, mut device) = house.enrolled("hanako", 1).await;
        let (jiro, mut other) = house.enrolled("jiro", 2).await;
        for (id, own) in [(hanako, true), (jiro, false), (hanako, true)] {
            let device = if own { &mut device } else { &mut other };
            let begun = house.gate.begin_passkey_sign_in(BROWSER).await.expect("begun");
            let answer = serde_json::from_value(device.get(&as_json(&begun.options))).expect("an answer");
            let signed_in = house.gate.finish_passkey_sign_in(BROWSER, &begun.challenge, &answer, None).await;
            assert_eq!(signed_in.expect("signed in").session.account, id);
        }
        assert_eq!(house.count_acts("gate.enrolled").await, 2);
        assert_eq!(house.count_acts("gate.signed_in").await, 3);
    });
}

#[test]
fn k9_an_answer_is_good_once() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        // One without a counter, which would show a repetition too.
        let mut device = Authenticator::new(1);
        device.counter = 0;
        let id = house.staff("hanako").await;
        let link = house.link_token(id, Purpose::Enrol).await;
        house.enrol(&link, &mut device).await.expect("enrolled");
        let begun = house.gate.begin_passkey_sign_in(BROWSER).await.expect("begun");
        let answer = serde_json::from_value(device.get(&as_json(&begun.options))).expect("an answer");
        let finish = || house.gate.finish_passkey_sign_in(BROWSER, &begun.challenge, &answer, None);
        assert_eq!(code(finish().await), "in");
        assert_eq!(code(finish().await), "gate.wrong_passkey");
        // The answer to one challenge under the name of another.
        let second = house.gate.begin_passkey_sign_in(BROWSER).await.expect("begun");
        let replay = house.gate.finish_passkey_sign_in(BROWSER, &second.challenge, &answer, None).await;
        assert_eq!(code(replay), "gate.wrong_passkey");
    });
}

#[test]
fn k9_a_challenge_is_for_one_browser_and_five_minutes() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (_, mut device) = house.enrolled("hanako", 1).await;
        for (wait, browser, expected) in [
            (0, [2; 32], "gate.wrong_passkey"),
            (300_000_000, BROWSER, "gate.wrong_passkey"),
            (299_999_999, BROWSER, "in"),
        ] {
            let begun = house.gate.begin_passkey_sign_in(BROWSER).await.expect("begun");
            let answer = serde_json::from_value(device.get(&as_json(&begun.options))).expect("an answer");
            house.clock.advance_micros(wait);
            let result = house.gate.finish_passkey_sign_in(browser, &begun.challenge, &answer, None).await;
            assert_eq!(code(result), expected, "after {wait} µs");
        }
    });
}

#[test]
fn k9_answers_that_are_not_the_devices_are_refused() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (hanako, mut device) = house.enrolled("hanako", 1).await;
        let (_, mut other) = house.enrolled("jiro", 2).await;
        // Another account's handle, another credential's id, another signature.
        let (foreign_handle, foreign_id) = (other.handle.clone(), crate::token::base64url(&other.id));
        let handle =
            house.by_passkey(&mut device, |a| a["response"]["userHandle"] = json!(foreign_handle)).await;
        assert_eq!(handle, "gate.wrong_passkey");
        let id = house
            .by_passkey(&mut device, |a| {
                a["id"] = json!(foreign_id);
                a["rawId"] = json!(foreign_id);
            })
            .await;
        assert_eq!(id, "gate.wrong_passkey");
        let forged = other.get(&json!({
            "publicKey": { "userVerification": "required", "allowCredentials": [], "rpId": "localhost", "challenge": "AAAA" }
        }));
        let signature = forged["response"]["signature"].clone();
        let signed = house.by_passkey(&mut device, |a| a["response"]["signature"] = signature).await;
        assert_eq!(signed, "gate.wrong_passkey");
        // Another site, a device that did not ask for PIN or finger, a counter that went back: a copy.
        device.origin = "http://evil.example".into();
        assert_eq!(house.by_passkey(&mut device, |_| {}).await, "gate.wrong_passkey");
        device.origin = "http://localhost:8080".into();
        device.verifies = false;
        assert_eq!(house.by_passkey(&mut device, |_| {}).await, "gate.wrong_passkey");
        device.verifies = true;
        device.counter += 10;
        assert_eq!(house.by_passkey(&mut device, |_| {}).await, "in");
        device.counter -= 5;
        assert_eq!(house.by_passkey(&mut device, |_| {}).await, "gate.wrong_passkey");
        device.counter += 10;
        assert_eq!(house.by_passkey(&mut device, |_| {}).await, "in");
        // Suspended: the passkey opens nothing.
        let sql = "UPDATE gate_account SET state = 2 WHERE id = $1";
        db.write(move |tx| tx.execute(sql, params![hanako.0])).await.expect("suspended");
        assert_eq!(house.by_passkey(&mut device, |_| {}).await, "gate.wrong_passkey");
    });
}

#[test]
fn k9_an_enrolment_link_enrols_once_and_for_its_own_ceremony() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (hanako, jiro) = (house.staff("hanako").await, house.staff("jiro").await);
        let link = house.link_token(hanako, Purpose::Enrol).await;
        let foreign = house.link_token(jiro, Purpose::Enrol).await;
        // A ceremony begun with one link does not end with another.
        let begun = house.gate.begin_passkey_enrolment(&link, BROWSER).await.expect("begun");
        let answer = Authenticator::new(1).create(&as_json(&begun.options));
        let answer = serde_json::from_value(answer).expect("an answer");
        let finish = |link, challenge| house.gate.finish_passkey_enrolment(link, BROWSER, challenge, &answer);
        let crossed = finish(&foreign, &begun.challenge).await.expect_err("crossed").refusal();
        assert_eq!(crossed.code, "gate.unfit_passkey");
        house.enrol(&link, &mut Authenticator::new(1)).await.expect("enrolled");
        let again = house.enrol(&link, &mut Authenticator::new(3)).await.expect_err("used up").refusal();
        assert_eq!(again.code, "gate.dead_link");
        // The same device for a second account is told so, and the link is still good for another.
        let taken = house.enrol(&foreign, &mut Authenticator::new(1)).await.expect_err("taken").refusal();
        assert_eq!(taken.code, "gate.credential_taken");
        house.enrol(&foreign, &mut Authenticator::new(2)).await.expect("enrolled");
    });
}

#[test]
fn passkeys_need_a_host_name() {
    both_with(TABLES, async |db| {
        let house = house_with(&db, |s| s.public_url = "http://127.0.0.1:8080".into());
        let error = house.gate.begin_passkey_sign_in(BROWSER).await.map(|_| ()).expect_err("no name");
        assert_eq!(error.refusal().code, "gate.no_passkeys");
    });
}
