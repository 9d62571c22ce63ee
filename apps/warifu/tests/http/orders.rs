//! What a registered RA does all day, over HTTP.

use crate::{
    csr,
    house::{House, ORDERS, order},
};
use core_x509::certificate::Certificate;
use kit_keys::Provider;
use kit_ledger::{Receipt, VerifierKey};
use reqwest::{Method, StatusCode};
use serde_json::json;

const BATCH: &str = "/api/v1/authorities/tls-ca/certificates/batch";

#[tokio::test]
async fn k3_an_order_is_answered_with_the_certificate_and_where_to_find_more() {
    let house = House::start().await;
    let issued = house.issue("a.example.jp").await;
    let serial = issued["serial"].as_str().expect("a serial");
    let links = &issued["links"];
    let der = house.get(links["der"].as_str().expect("a link")).await;
    assert_eq!(der.headers["content-type"], "application/pkix-cert");
    let certificate = Certificate::parse(&der.body).expect("a certificate");
    assert_eq!(
        core_words::Serial::from_der_content(certificate.tbs.serial).expect("positive").to_string(),
        serial
    );
    let pem = house.get(links["pem"].as_str().expect("a link")).await;
    assert_eq!(pem.body, issued["certificate"].as_str().expect("PEM").as_bytes());
    let shown = house.get(links["self"].as_str().expect("a link")).await.json();
    assert_eq!((&shown["status"]["state"], &shown["profile"]), (&json!("good"), &json!("tls-server")));
    let issuer = house.get(links["issuer"].as_str().expect("a link")).await;
    assert_eq!(issuer.status, StatusCode::OK);

    assert_eq!(house.revoke(serial, "certificateHold").await.json()["status"]["state"], "held");
    assert_eq!(house.revoke(serial, "removeFromCRL").await.json()["status"]["state"], "good");
    assert_eq!(house.revoke(serial, "superseded").await.json()["status"]["reason"], "superseded");
}

#[tokio::test]
async fn k8_a_certificate_is_proven_to_be_in_the_ledger() {
    let house = House::start().await;
    let issued = house.issue("a.example.jp").await;
    house.server().workers().settle_ledger().await.expect("settled");
    let proof = house.get(issued["links"]["proof"].as_str().expect("a link")).await.json();
    let receipt = Receipt {
        version: 1,
        index: proof["index"].as_u64().expect("a number"),
        entry: proof["entry"].as_str().expect("base64").to_owned(),
        proof: serde_json::from_value(proof["proof"].clone()).expect("hashes"),
        checkpoint: proof["checkpoint"].as_str().expect("a note").to_owned(),
    };
    let key = house.installation().ledger_key_made().await.expect("made").verifier().expect("a key");
    let key = VerifierKey::parse(&Provider, &key.to_string()).expect("as auditors keep it");
    let proved = receipt.verify(&key, &Provider, &Provider).expect("proven");
    assert_eq!(proved.body.kind, "certificate.issued");
    let serial = issued["serial"].as_str().expect("a serial");
    assert_eq!(proved.body.subject, format!("cert:tls-ca/{serial}"));
}

#[tokio::test]
async fn k3_in_a_batch_each_order_stands_or_falls_alone() {
    let house = House::start().await;
    let key = csr::key();
    let requests = [
        order(&csr::by(&key, "a.example.jp")),
        order("no request"),
        order(&csr::by(&key, "b.example.jp")),
        json!({ "profile": "root-ca", "request": csr::fresh("c.example.jp") }),
        order(&csr::fresh("d.example.jp")),
    ];
    let body = json!({ "requests": requests });
    let send = async || house.send(Method::POST, BATCH, Some(&body), &[("Idempotency-Key", "b1")]).await;
    let answer = send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    let answer = answer.json();
    assert_eq!((&answer["issued"], &answer["refused"]), (&json!(2), &json!(3)));
    let results = answer["results"].as_array().expect("results");
    let codes: Vec<_> = results.iter().map(|r| r["problem"]["code"].as_str().unwrap_or("-")).collect();
    assert_eq!(codes, ["-", "api.bad_field", "authority.key_reused", "authority.profile_unknown", "-"]);
    assert_eq!(results[1]["problem"]["fields"][0]["field"], "requests[1].request");
    let again = send().await.json();
    assert_eq!((&again["issued"], &again["repeated"]), (&json!(0), &json!(2)));
    assert_eq!(again["results"][0]["certificate"], results[0]["certificate"]);
}

#[tokio::test]
async fn a_batch_that_is_not_well_formed_changes_nothing() {
    let house = House::with("[limits]\nbatch_orders = 3").await;
    let journal = house.journal().await;
    let good = order(&csr::fresh("a.example.jp"));
    for (requests, status, code) in [
        (json!([good, { "profile": "tls-server" }]), StatusCode::BAD_REQUEST, "api.malformed_json"),
        (json!([good, { "profile": "A B", "request": "x" }]), StatusCode::BAD_REQUEST, "api.bad_field"),
        (json!([good, good, good, good]), StatusCode::PAYLOAD_TOO_LARGE, "api.too_many_orders"),
    ] {
        let answer = house.post(BATCH, &json!({ "requests": requests })).await;
        assert_eq!((answer.status, &*answer.code()), (status, code));
    }
    assert_eq!(house.journal().await, journal);
    let none = house.post(BATCH, &json!({ "requests": [] })).await.json();
    assert_eq!(none, json!({ "results": [], "issued": 0, "repeated": 0, "refused": 0 }));
}

#[tokio::test]
async fn k3_a_client_that_hangs_up_gets_its_certificate_when_it_comes_back() {
    let house = House::start().await;
    let body = order(&csr::fresh("a.example.jp"));
    let request = house.client.post(house.url(ORDERS)).bearer_auth(&house.token);
    let request = request.header("Idempotency-Key", "gone").json(&body);
    let sent = tokio::spawn(request.try_clone().expect("a body in memory").send());
    tokio::task::yield_now().await;
    sent.abort();
    let answer = crate::house::read(request).await;
    assert!(answer.status == StatusCode::CREATED || answer.status == StatusCode::OK);
    assert_eq!(house.journal().await[1], 3, "one certificate beside those of the authorities");
}
