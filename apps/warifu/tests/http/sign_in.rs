//! Who may ask: tokens, permissions, guessing.

use crate::house::{House, ORDERS, read, register};
use core_words::Actor;
use reqwest::StatusCode;
use warifu::{commands::ca::ra, lang::Lang};

#[tokio::test]
async fn bad_tokens_are_refused_alike() {
    let house = House::with("[limits]\nfailed_sign_ins = 1000").await;
    let journal = house.journal().await;
    let mut altered = house.token.clone();
    altered.replace_range(altered.len() - 1.., if altered.ends_with('0') { "1" } else { "0" });
    let id = house.token.split('_').nth(1).expect("an id");
    for token in ["", "x", "wr_1_2", &altered, &format!("wr_{id}_{}", "0".repeat(64)), &"t".repeat(20_000)] {
        let request = house.client.post(house.url(ORDERS)).bearer_auth(token).json(&serde_json::json!({}));
        let answer = read(request).await;
        assert_eq!(
            (answer.status, &*answer.code()),
            (StatusCode::UNAUTHORIZED, "api.bad_credential"),
            "{token}"
        );
        assert!(answer.headers["www-authenticate"].to_str().expect("text").starts_with("Bearer"));
    }
    let basic = house.client.get(house.url("/api/v1/authorities")).basic_auth("a", Some("b"));
    assert_eq!(read(basic).await.status, StatusCode::UNAUTHORIZED);
    let nobody = read(house.client.get(house.url("/api/v1/authorities"))).await;
    assert_eq!((nobody.status, &*nobody.code()), (StatusCode::UNAUTHORIZED, "api.no_credential"));
    assert_eq!(house.journal().await, journal);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_ledger_tells() {
    let house = House::with("[limits]\nfailed_sign_ins = 3").await;
    assert_eq!(house.get("/api/v1/authorities").await.status, StatusCode::OK);
    let guess = async |n: u32| {
        let token = format!("wr_{n:x}_{}", "a".repeat(64));
        read(house.client.get(house.url("/api/v1/authorities")).bearer_auth(token)).await
    };
    let mut last = guess(1_000).await;
    for n in 1_001..1_005 {
        last = guess(n).await;
    }
    assert_eq!((last.status, &*last.code()), (StatusCode::TOO_MANY_REQUESTS, "api.too_many_failures"));
    assert!(last.headers.contains_key("retry-after"));
    // Whoever is known goes on, from the same address.
    assert_eq!(house.get("/api/v1/authorities").await.status, StatusCode::OK);
    house.server().tell_edge_acts().await;
    assert_eq!(house.ledger().await.last().map(String::as_str), Some("access.refused"));
}

#[tokio::test]
async fn a_disabled_credential_is_refused_and_the_ledger_tells() {
    let house = House::with("[limits]\nfailed_sign_ins = 1000").await;
    let token = register(house.installation(), "back-office", None).await;
    let ask =
        async || read(house.client.get(house.url("/api/v1/authorities")).bearer_auth(&token)).await.status;
    assert_eq!(ask().await, StatusCode::OK);
    let switch = ra::Switch { name: "back-office".into(), enable: false };
    switch.perform(house.installation(), Lang::En, &Actor::cli("test")).await.expect("disabled");
    // What was looked up is believed for a second, and no longer.
    let begun = std::time::Instant::now();
    while ask().await == StatusCode::OK {
        assert!(begun.elapsed().as_secs() < 30, "still believed");
    }
    let ledger = house.ledger().await;
    assert!(ledger.iter().any(|kind| kind == "orderer.disabled"), "{ledger:?}");
}

#[tokio::test]
async fn certificates_of_others_are_not_shown() {
    let house = House::start().await;
    let answer = house.get("/api/v1/authorities/root/certificates/1").await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "api.authority_not_allowed"));
    let answer = house.get("/api/v1/authorities/tls-ca/certificates/1").await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "api.no_certificate"));
    let listed = house.get("/api/v1/authorities").await.json();
    assert_eq!(listed["authorities"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["authorities"][0]["id"], "tls-ca");
}
