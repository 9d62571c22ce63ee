//! The doors of staff over HTTP: passkeys, certificates and links (K9).

use super::{
    authenticator::Authenticator,
    browser::{Page, pairs},
    support::*,
};
use crate::{ClientCertificate, Purpose};
use axum::http::StatusCode;
use kit_store::testing::both_with;
use serde_json::{Value, json};

const IDLE: i64 = 20 * 60;

#[test]
fn k9_staff_enrol_and_sign_in_by_passkey_over_http() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.staff("hanako").await;
        let link = house.link(id, Purpose::Enrol).await;
        let path = link.url().strip_prefix("http://localhost:8080").expect("here").to_owned();
        let mut browser = house.browser();
        let mut device = Authenticator::new(1);
        for _ in 0..2 {
            let page = browser.get(&path).await;
            assert!(page.says("山田 花子") && page.says("/gate/passkey.js"), "{}", page.text);
        }
        let csrf = data(&browser.get(&path).await, "csrf");
        let begin = format!("{path}/begin");
        assert_eq!(browser.call(&begin, "forged", &json!({})).await.status, StatusCode::FORBIDDEN);
        let begun = as_json(&browser.call(&begin, &csrf, &json!({})).await);
        let answer = device.create(&begun["options"]);
        let answer = json!({ "challenge": begun["challenge"], "answer": answer, "back": "" });
        let done = browser.call(&format!("{path}/finish"), &csrf, &answer).await;
        assert_eq!(as_json(&done)["go"], "/enrolled");
        let replay = browser.call(&format!("{path}/finish"), &csrf, &answer).await;
        assert_eq!(as_json(&replay)["code"], "gate.unfit_passkey");
        assert!(browser.get(&path).await.says("gate.dead_link"));
        // The page of a desk leads to the door of staff, and the passkey leads back.
        let asked = browser.get("/desk/page").await.location().to_owned();
        let page = browser.get(&asked).await;
        let (csrf, back) = (data(&page, "csrf"), data(&page, "return"));
        assert_eq!(back, "/desk/page");
        let begun = as_json(&browser.call("/staff/passkey/begin", &csrf, &json!({})).await);
        let answer = device.get(&begun["options"]);
        let answer = json!({ "challenge": begun["challenge"], "answer": answer, "back": back });
        let nonsense = browser.call("/staff/passkey/finish", &csrf, &json!({ "challenge": 1 })).await;
        assert_eq!(nonsense.status, StatusCode::UNAUTHORIZED);
        let done = browser.call("/staff/passkey/finish", &csrf, &answer).await;
        assert_eq!(as_json(&done)["go"], "/desk/page", "{}", done.text);
        assert_eq!(browser.get("/desk/page").await.text, "desk of 山田 花子");
        // Her session ends in the middle of a form; a passkey and the kept form lead on.
        let csrf = browser.csrf().await;
        house.clock.advance_seconds(IDLE);
        let ended = browser.post("/desk/act", &pairs(&[("_csrf", &csrf), ("reason", "よい")])).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
        let (csrf, kept) = (data(&ended, "csrf"), ended.hidden("/staff/resume"));
        let refused = browser.post("/staff/resume", &kept).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "not before the passkey");
        assert_eq!(refused.hidden("/staff/resume"), kept, "and nothing is lost");
        let begun = as_json(&browser.call("/staff/passkey/begin", &csrf, &json!({})).await);
        let answer = json!({ "challenge": begun["challenge"], "answer": device.get(&begun["options"]) });
        assert_eq!(browser.call("/staff/passkey/finish", &csrf, &answer).await.status, StatusCode::OK);
        let again = browser.post("/staff/resume", &kept).await;
        let sent = browser.post("/desk/act", &again.hidden("/desk/act")).await;
        assert_eq!(sent.text, format!("{id}: reason=よい"));
    });
}

#[test]
fn k9_staff_enrol_and_sign_in_by_certificate_over_http() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.staff("hanako").await;
        let path = format!("/enrol/{}", house.link_token(id, Purpose::Enrol).await.as_str());
        let mut bare = house.browser();
        let mut browser = house.browser_with(Some(ClientCertificate(vec![0x30, 7])));
        assert!(!bare.get(&path).await.says("action=\"/enrol"), "no certificate, no button");
        let page = browser.get(&path).await;
        let to = format!("{path}/certificate");
        assert_eq!(browser.post(&to, &page.hidden(&to)).await.location(), "/enrolled");
        assert!(browser.post(&to, &page.hidden(&to)).await.says("gate.dead_link"));
        let page = browser.get("/staff/sign-in?return=/desk/page").await;
        let done = browser.post("/staff/certificate", &page.hidden("/staff/certificate")).await;
        assert_eq!(done.location(), "/desk/page");
        assert_eq!(browser.get("/open").await.text, id.to_string());
        // The same post over a connection without the certificate.
        bare.cookies = browser.cookies.clone();
        bare.cookies.remove("gate_session");
        let refused = bare.post("/staff/certificate", &page.hidden("/staff/certificate")).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.says("gate.wrong_certificate"));
    });
}

#[test]
fn k9_a_sign_in_link_opens_by_its_button_and_once() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.staff("hanako").await;
        let path = format!("/enter/{}", house.link_token(id, Purpose::SignIn).await.as_str());
        let mut browser = house.browser();
        let page = browser.get(&path).await;
        assert!(page.says("山田 花子"));
        assert_eq!(browser.get("/open").await.text, "nobody", "looking signs nobody in");
        assert_eq!(browser.post(&path, &page.hidden(&path)).await.location(), "/");
        assert_eq!(browser.get("/open").await.text, id.to_string());
        let again = browser.post(&path, &page.hidden(&path)).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(again.says("gate.dead_link"));
        assert_eq!(browser.get("/enter/nonsense").await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get("/enrol/nonsense").await.status, StatusCode::NOT_FOUND);
    });
}

fn as_json(page: &Page) -> Value {
    serde_json::from_str(&page.text).unwrap_or_else(|_| panic!("{} {}", page.status, page.text))
}

/// What the button of passkeys bears.
fn data(page: &Page, name: &str) -> String {
    let start = page.text.find(&format!("data-{name}=\"")).unwrap_or_else(|| panic!("{}", page.text));
    page.text[start..].split('"').nth(1).expect("a value").to_owned()
}
