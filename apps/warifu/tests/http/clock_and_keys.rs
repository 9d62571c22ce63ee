//! Clock set back and forward, keys locked: refused clearly, readiness says which, recovered without hands.

use crate::{
    csr,
    house::{House, PASSPHRASE},
};
use kit_clock::{Clock, ManualClock, Steady, SystemClock};
use reqwest::StatusCode;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Time that passes only when told to.
#[derive(Default)]
struct Passed(AtomicI64);

impl Steady for Passed {
    fn elapsed_micros(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// How a part stands by the server's own account.
async fn part(house: &House, name: &str) -> (StatusCode, Value) {
    house.server().probe().look().await;
    let answer = house.get("/readyz").await;
    let parts = answer.json()["parts"].as_array().expect("parts").clone();
    (answer.status, parts.into_iter().find(|p| p["part"] == name).expect("the part"))
}

#[tokio::test]
async fn a_clock_that_was_set_stops_issuing_until_it_is_right_again() {
    let clock = ManualClock::at(SystemClock.now());
    let house = House::under("", Arc::new(clock.clone()), Arc::new(Passed::default())).await;
    house.issue("a.example.jp").await;
    for step in [-3_600, 3_600] {
        clock.advance_seconds(step);
        let journal = house.journal().await;
        let answer = house.order(&csr::fresh("b.example.jp")).await;
        let refused = (StatusCode::SERVICE_UNAVAILABLE, "authority.clock_untrusted");
        assert_eq!((answer.status, &*answer.code()), refused, "{step}");
        assert_eq!(house.journal().await, journal);
        let (status, part) = part(&house, "clock").await;
        assert_eq!((status, &part["state"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("failed")));
        clock.advance_seconds(-step);
        house.issue("c.example.jp").await;
    }
    // Signed under the right clock: a checkpoint of an hour ago would be late.
    house.ledger().await;
    assert_eq!(part(&house, "clock").await.0, StatusCode::OK);
}

#[tokio::test]
async fn locked_keys_refuse_and_recover() {
    let house = House::start().await;
    let keys = house.installation().keys.clone();
    keys.lock();
    let journal = house.journal().await;
    let answer = house.order(&csr::fresh("a.example.jp")).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "authority.keys_locked"));
    assert_eq!(house.journal().await, journal);
    let (status, part) = part(&house, "keys").await;
    assert_eq!((status, &part["state"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("failed")));
    assert!(part["next"]["en"].as_str().expect("a text").contains("warifu keys unlock"));
    house.installation().unlock_with(PASSPHRASE.to_owned().into()).await.expect("unlocked");
    house.issue("a.example.jp").await;
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_stops_issuing_and_not_revoking() {
    // No disk has a million TiB left, so this one counts as nearly full.
    let house = House::start().await;
    let issued = house.issue("a.example.jp").await;
    let probe = house.server().probe();
    probe.demand_free_octets(u64::MAX);
    probe.look().await;
    let answer = house.order(&csr::fresh("b.example.jp")).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "server.disk_low"));
    let serial = issued["serial"].as_str().expect("a serial");
    assert_eq!(house.revoke(serial, "superseded").await.status, StatusCode::OK);
    assert_eq!(part(&house, "disk").await.1["state"], "failed");
    probe.demand_free_octets(0);
    probe.look().await;
    house.issue("c.example.jp").await;
}
