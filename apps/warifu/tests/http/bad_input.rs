//! Bad input, item by item: a clear code, nothing changed, and the ledger tells.

use crate::{
    csr,
    house::{Answer, House, ORDERS, order},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A modulus of 2048 bits with the fingerprint of ROCA: congruent to 1 modulo the product of the first 39 primes.
const ROCA: &str = "8396453e27d56268d996c84bd1e3a7e82062a181eeadb88d49f2b29443541e3f7b710e17d2076488cc1581cb9dfea267\
1be75cb63b69e161efbd5f3f8dd53860e0427cbda58b5284405af5d0bc3a96be2693b095c35bc919b9ba2ed1a10a0de7\
c3e004801fb9958df0108e019e8db3195e2465eea3a4043bcb15dad76d63f5bff5315fb8898aeeafda719e529b728789\
d91bc35f4a348fe09b23bd724a374e8d73af9aee027d6a70e4e7f972455ac9e7f408619e75a3d5e832d07909bb6a8ff3\
1f2d4ec15aed4ee8dcea46f037063e242c913fb76487a77b91d2c559902e3959531de8cc5f50f58d0f9cd9b0774b7f8d\
4949e8cb9279fac65a8451f624a9a035";

/// Checks that an order is refused with this code, that nothing was changed, and that the ledger tells of it.
async fn refused(house: &House, body: &Value, status: StatusCode, code: &str) -> Answer {
    let (journal, told) = (house.journal().await, house.ledger().await.len());
    let answer = house.post(ORDERS, body).await;
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.json());
    assert_eq!(house.journal().await, journal, "something changed");
    if code.starts_with("authority.") {
        assert_eq!(house.ledger().await[told..], ["order.refused"]);
    }
    answer
}

const UNFIT: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const MALFORMED: StatusCode = StatusCode::BAD_REQUEST;

#[tokio::test]
async fn k3_malformed_requests() {
    let house = House::start().await;
    let good = csr::der("a.example.jp");
    let mut trailing = good.clone();
    trailing.push(0);
    for text in [
        "hello".to_owned(),
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n".into(),
        csr::base64(&good[..good.len() / 2]),
        csr::base64(&trailing),
        csr::fresh("a.example.jp").replace("CERTIFICATE REQUEST", "CERTIFICATE"),
        csr::fresh("a.example.jp").repeat(2),
    ] {
        let answer = refused(&house, &order(&text), MALFORMED, "api.bad_field").await;
        assert_eq!(answer.json()["fields"][0]["field"], "request");
    }
    // Well formed outside, nonsense inside: the authority's own reader finds it.
    refused(&house, &order(&csr::base64(&[0x30, 3, 2, 1, 5])), MALFORMED, "authority.request_malformed")
        .await;
}

#[tokio::test]
async fn k3_oversized_requests() {
    let house = House::start().await;
    let sequence = |len: usize| {
        let mut der = vec![0x30];
        if len < 1 << 16 {
            der.extend([0x82, (len >> 8) as u8, len as u8]);
        } else {
            der.extend([0x83, (len >> 16) as u8, (len >> 8) as u8, len as u8]);
        }
        der.resize(der.len() + len, 0);
        csr::base64(&der)
    };
    refused(&house, &order(&sequence(60 << 10)), MALFORMED, "authority.request_malformed").await;
    let answer = refused(&house, &order(&sequence(100 << 10)), MALFORMED, "api.bad_field").await;
    assert_eq!(answer.json()["fields"][0]["field"], "request");
}

#[tokio::test]
async fn k3_a_private_key_is_never_taken() {
    let house = House::start().await;
    let both = format!("{}{}", csr::key().serialize_pem(), csr::fresh("a.example.jp"));
    let answer = refused(&house, &order(&both), MALFORMED, "api.bad_field").await;
    assert!(answer.json()["fields"][0]["message"]["en"].as_str().expect("a text").contains("private key"));
}

#[tokio::test]
async fn k3_wrong_proof_of_possession() {
    let house = House::start().await;
    let mut forged = csr::der("a.example.jp");
    let last = forged.len() - 1;
    forged[last] ^= 1;
    refused(&house, &order(&csr::base64(&forged)), UNFIT, "authority.request_signature").await;
}

#[tokio::test]
async fn k3_weak_keys() {
    let house = House::start().await;
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hex")).collect()
    };
    let roca = hex(ROCA);
    // A modulus that only the checks before the one in question look at.
    let mut odd = vec![0xc5; 256];
    odd[255] = 0x2b;
    let fermat: &[u8] = &[1, 0, 1];
    for (name, modulus, exponent) in [
        ("1024 bits", &odd[..128], fermat),
        ("even modulus", &[&odd[..255], &[0x2a]].concat(), fermat),
        ("even exponent", &odd, &[1, 0, 0]),
        ("tiny exponent", &odd, &[3]),
        ("ROCA", &roca, fermat),
    ] {
        let journal = house.journal().await;
        let answer = house.order(&csr::rsa(modulus, exponent)).await;
        let code = answer.code();
        assert!(
            ["authority.key_weak", "authority.key_kind_refused", "authority.key_malformed"].contains(&&*code),
            "{name}: {code}"
        );
        assert!(answer.status.is_client_error());
        assert_eq!(house.journal().await, journal);
    }
}

#[tokio::test]
async fn k3_the_same_key_under_another_subject() {
    let house = House::start().await;
    let key = csr::key();
    assert_eq!(house.order(&csr::by(&key, "a.example.jp")).await.status, StatusCode::CREATED);
    refused(&house, &order(&csr::by(&key, "b.example.jp")), UNFIT, "authority.key_reused").await;
}

#[tokio::test]
async fn k3_the_key_of_a_certificate_revoked_for_compromise() {
    let house = House::start().await;
    let key = csr::key();
    let issued = house.order(&csr::by(&key, "a.example.jp")).await.json();
    let serial = issued["serial"].as_str().expect("a serial");
    assert_eq!(house.revoke(serial, "keyCompromise").await.status, StatusCode::OK);
    refused(&house, &order(&csr::by(&key, "a.example.jp")), UNFIT, "authority.key_compromised").await;
}

#[tokio::test]
async fn k2_names_outside_the_profile() {
    let house = House::start().await;
    for name in ["not a host", "*.*.example.jp", "あ.example.jp"] {
        let body = json!({
            "profile": "tls-server", "request": csr::fresh("a.example.jp"), "dns_names": [name],
        });
        let journal = house.journal().await;
        let answer = house.post(ORDERS, &body).await;
        assert_eq!(answer.status, UNFIT, "{name}: {}", answer.json());
        assert!(answer.code().starts_with("authority."));
        assert_eq!(house.journal().await, journal);
    }
}

#[tokio::test]
async fn k2_unknown_profiles_and_authorities() {
    let house = House::start().await;
    let asked = |profile: &str| json!({ "profile": profile, "request": csr::fresh("a.example.jp") });
    refused(&house, &asked("no-such-profile"), UNFIT, "authority.profile_unknown").await;
    refused(&house, &asked("root-ca"), UNFIT, "authority.profile_unknown").await;
    refused(&house, &asked("Not A Name"), MALFORMED, "api.bad_field").await;
    let elsewhere = house.post("/api/v1/authorities/root/certificates", &asked("tls-server")).await;
    assert_eq!((elsewhere.status, &*elsewhere.code()), (StatusCode::FORBIDDEN, "api.authority_not_allowed"));
    // Whether an authority exists is not told to those who may not ask it.
    let nowhere = house.post("/api/v1/authorities/nowhere/certificates", &asked("tls-server")).await;
    assert_eq!((nowhere.status, &*nowhere.code()), (StatusCode::FORBIDDEN, "api.authority_not_allowed"));
    let no_name = house.post("/api/v1/authorities/%ff/certificates", &asked("tls-server")).await;
    assert_eq!((no_name.status, &*no_name.code()), (MALFORMED, "api.bad_field"));
}

#[tokio::test]
async fn k3_replayed_and_conflicting_idempotency_keys() {
    let house = House::start().await;
    let body = order(&csr::fresh("a.example.jp"));
    let send = async |body: &Value, key: &str| {
        house.send(Method::POST, ORDERS, Some(body), &[("Idempotency-Key", key)]).await
    };
    let first = send(&body, "order-1").await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert!(!first.headers.contains_key("idempotent-replay"));
    let journal = house.journal().await;
    let again = send(&body, "order-1").await;
    assert_eq!(
        (again.status, &again.headers["idempotent-replay"]),
        (StatusCode::OK, &"true".parse().expect("text"))
    );
    assert_eq!(again.body, first.body);
    let other = send(&order(&csr::fresh("b.example.jp")), "order-1").await;
    assert_eq!((other.status, &*other.code()), (StatusCode::CONFLICT, "authority.idempotency_conflict"));
    assert_eq!(house.journal().await, journal);
    for bad in ["", "a b", "\u{e9}", &"k".repeat(129)] {
        let answer = send(&body, bad).await;
        assert_eq!((answer.status, &*answer.code()), (MALFORMED, "api.bad_idempotency_key"), "{bad:?}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_as_described() {
    let house = House::start().await;
    let csr = csr::fresh("a.example.jp");
    let journal = house.journal().await;
    let text = |body: &str| {
        let request = house.client.post(house.url(ORDERS)).bearer_auth(&house.token);
        request.header("content-type", "application/json").body(body.to_owned())
    };
    let with = |more: Value| {
        let mut body = order(&csr);
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body.to_string()
    };
    for (body, code) in [
        (String::new(), "api.malformed_json"),
        ("[]".into(), "api.malformed_json"),
        ("{".into(), "api.malformed_json"),
        ("{}".into(), "api.malformed_json"),
        (r#"{"profile":1,"request":"x"}"#.into(), "api.malformed_json"),
        (r#"{"profile":"a","profile":"a","request":"x"}"#.into(), "api.malformed_json"),
        (with(json!({ "surprise": 1 })), "api.malformed_json"),
        (with(json!({ "validity": { "not_after": "tomorrow" } })), "api.bad_field"),
        (with(json!({ "subject_ref": "x".repeat(201) })), "api.bad_field"),
        (with(json!({ "subject_ref": "a\0b" })), "api.bad_field"),
        (with(json!({ "dns_names": vec!["a.example.jp"; 101] })), "api.bad_field"),
        (with(json!({ "subject": [{ "type": "CN", "value": "" }] })), "api.bad_field"),
    ] {
        let answer = crate::house::read(text(&body)).await;
        assert_eq!((answer.status, &*answer.code()), (MALFORMED, code), "{body}");
    }
    let not_utf8 = house.client.post(house.url(ORDERS)).bearer_auth(&house.token);
    let not_utf8 = not_utf8.header("content-type", "application/json").body(vec![b'"', 0xff, b'"']);
    assert_eq!(crate::house::read(not_utf8).await.code(), "api.malformed_json");
    for media_type in ["text/plain", "application/xml", ""] {
        let request = house.client.post(house.url(ORDERS)).bearer_auth(&house.token);
        let answer = crate::house::read(request.header("content-type", media_type).body("{}")).await;
        let unsupported = (StatusCode::UNSUPPORTED_MEDIA_TYPE, "api.unsupported_media_type");
        assert_eq!((answer.status, &*answer.code()), unsupported);
    }
    assert_eq!(house.journal().await, journal);
}

#[tokio::test]
async fn k4_revocations_that_cannot_be() {
    let house = House::start().await;
    let issued = house.issue("a.example.jp").await;
    let serial = issued["serial"].as_str().expect("a serial");
    let journal = house.journal().await;
    for (body, status, code) in [
        (json!({ "serial": "xyz", "reason": "superseded" }), MALFORMED, "api.bad_field"),
        (json!({ "serial": serial, "reason": "boredom" }), MALFORMED, "api.bad_field"),
        (json!({ "serial": serial }), MALFORMED, "api.malformed_json"),
        (
            json!({ "serial": "1234", "reason": "superseded" }),
            StatusCode::NOT_FOUND,
            "authority.certificate_unknown",
        ),
        (json!({ "serial": serial, "reason": "removeFromCRL" }), StatusCode::CONFLICT, "authority.not_held"),
        (
            json!({ "serial": serial, "reason": "keyCompromise", "invalidity_date": "2100-01-01T00:00:00Z" }),
            UNFIT,
            "authority.invalidity_in_future",
        ),
    ] {
        let answer = house.post("/api/v1/authorities/tls-ca/revocations", &body).await;
        assert_eq!((answer.status, &*answer.code()), (status, code), "{body}");
    }
    assert_eq!(house.journal().await, journal);
    assert_eq!(house.revoke(serial, "superseded").await.json()["repeated"], false);
    assert_eq!(house.revoke(serial, "superseded").await.json()["repeated"], true);
    let other = house.revoke(serial, "keyCompromise").await;
    assert_eq!((other.status, &*other.code()), (StatusCode::CONFLICT, "authority.already_revoked"));
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there() {
    let house = House::start().await;
    for path in ["/api", "/api/", "/api/v2", "/api/v1/authorities/tls-ca", "/api/v1/authorities/a/b/c/d"] {
        let answer = house.get(path).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "api.not_found"), "{path}");
    }
    // What no machine asks for is answered for people.
    for (path, status) in [("/", StatusCode::OK), ("/nothing", StatusCode::NOT_FOUND)] {
        let page = house.get(path).await;
        assert_eq!(
            (page.status, &page.headers["content-type"]),
            (status, &"text/html; charset=utf-8".parse().expect("a value")),
            "{path}"
        );
    }
    for (method, path, allowed) in [
        (Method::DELETE, ORDERS, "POST"),
        (Method::GET, ORDERS, "POST"),
        (Method::PUT, "/api/v1/authorities", "GET,HEAD"),
    ] {
        let answer = house.send(method, path, None, &[]).await;
        assert_eq!(
            (answer.status, &*answer.code()),
            (StatusCode::METHOD_NOT_ALLOWED, "api.method_not_allowed")
        );
        assert_eq!(answer.headers["allow"], allowed);
    }
}
