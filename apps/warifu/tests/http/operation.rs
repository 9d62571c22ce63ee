//! Health, readiness, metrics, the control socket, the doctor.

use crate::house::{House, read};
use core_words::Actor;
use reqwest::StatusCode;
use warifu::{
    commands::ca::revoke,
    control::{self, Deed, Request},
    doctor::{Weight, examine},
    fail::Exit,
    lang::Lang,
};

#[tokio::test]
async fn k14_health_readiness_and_metrics() {
    let house = House::start().await;
    house.issue("a.example.jp").await;
    assert_eq!(read(house.client.get(house.url("/healthz"))).await.json()["alive"], true);
    house.server().probe().look().await;
    let ready = read(house.client.get(house.url("/readyz"))).await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.json());
    let parts: Vec<String> = ready.json()["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|p| p["part"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(parts, ["database", "disk", "keys", "clock", "lists", "ledger", "jobs"]);
    let metrics = read(house.client.get(house.url("/metrics"))).await;
    let text = String::from_utf8(metrics.body).expect("text");
    for line in [
        "warifu_certificates_total{result=\"issued\"} 1",
        "warifu_issue_seconds_count 1",
        "warifu_ready{part=\"database\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    assert!(text.contains("warifu_list_life_ratio{authority=\"tls-ca\""));
}

#[tokio::test]
async fn k14_metrics_have_an_address_of_their_own_where_one_is_set() {
    let dir = tempfile::tempdir().expect("a directory");
    let house = House::with(&format!("[blobs]\ndir = \"{}\"", dir.path().join("b").display())).await;
    assert!(house.server().operations_address().is_none());
    let apart = House::with_operations().await;
    let address = apart.server().operations_address().expect("apart");
    assert_eq!(read(apart.client.get(format!("http://{address}/metrics"))).await.status, StatusCode::OK);
    assert_eq!(read(apart.client.get(apart.url("/metrics"))).await.status, StatusCode::NOT_FOUND);
    assert_eq!(read(apart.client.get(apart.url("/healthz"))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_command_acts_through_the_running_server() {
    let house = House::start().await;
    let issued = house.issue("a.example.jp").await;
    let deed = Deed::Revoke(revoke::Deed {
        authority: "tls-ca".into(),
        serial: issued["serial"].as_str().expect("a serial").into(),
        reason: "superseded".into(),
        invalidity: None,
        perform: true,
    });
    let request = Request { lang: Lang::En, account: "somebody".into(), deed };
    let socket = house.dir.path().join("w.sock");
    let report = control::ask_server(&socket, &request).await.expect("asked").expect("a server runs");
    assert_eq!(report.exit, Exit::Ok, "{}", report.complaint);
    assert!(report.text.contains("revoked superseded"), "{}", report.text);
    // The same deed again is harmless, and a dry run changes nothing.
    let again = control::ask_server(&socket, &request).await.expect("asked").expect("a server runs");
    assert!(again.text.contains("It was so already"), "{}", again.text);
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&socket).expect("there").permissions());
    assert_eq!(mode & 0o777, 0o600);
    let elsewhere = control::ask_server(&house.dir.path().join("none.sock"), &request).await.expect("asked");
    assert!(elsewhere.is_none());
    let _ = Actor::system();
}

#[tokio::test]
async fn k14_the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    let mut house = House::start().await;
    house.server().probe().look().await;
    let mut config = house.installation().config.clone();
    config.server.listen = house.address;
    let wrong = |findings: Vec<warifu::doctor::Finding>| -> Vec<&'static str> {
        for finding in &findings {
            let told = finding.next.as_ref().is_some_and(|n| !n.ja.is_empty() && !n.en.is_empty());
            assert_eq!(told, finding.weight != Weight::Good, "{finding:?}");
        }
        findings.iter().filter(|f| f.weight == Weight::Wrong).map(|f| f.part).collect()
    };
    assert_eq!(wrong(examine(&config).await), Vec::<&str>::new());
    house.end().await;
    // A passphrase that does not fit is found without a server.
    config.keys.source = warifu::config::KeySource::Environment("something else".to_owned().into());
    assert_eq!(wrong(examine(&config).await), ["keys"]);
    // A database that is gone.
    config.store.file = Some(house.dir.path().join("gone.db"));
    assert_eq!(wrong(examine(&config).await), ["database"]);
}
