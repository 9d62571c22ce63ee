//! The description of the API says what the API does.

use crate::house::{House, order};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every property a schema names, references followed.
fn properties(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a schema"),
        None => schema,
    };
    schema["properties"].as_object().map(|p| p.keys().cloned().collect()).unwrap_or_default()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

#[tokio::test]
async fn k16_the_description_is_openapi_3_1_and_names_every_operation() {
    let house = House::start().await;
    let document = house.get("/api/v1/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = keys(&document["paths"]);
    let base = "/api/v1/authorities";
    let wanted = [
        base.to_owned(),
        format!("{base}/{{authority}}/certificates"),
        format!("{base}/{{authority}}/certificates/batch"),
        format!("{base}/{{authority}}/certificates/{{serial}}"),
        format!("{base}/{{authority}}/certificates/{{serial}}/proof"),
        format!("{base}/{{authority}}/revocations"),
    ];
    assert_eq!(paths, wanted.into_iter().collect());
    // Whatever is referred to is there.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap_or_default())
    {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn k16_answers_have_the_properties_that_are_described() {
    let house = House::start().await;
    let document = house.get("/api/v1/openapi.json").await.json();
    let described = |path: &str, method: &str, status: &str, media_type: &str| {
        let path = path.replace('/', "~1");
        let media_type = media_type.replace('/', "~1");
        let at = format!("/paths/{path}/{method}/responses/{status}/content/{media_type}/schema");
        properties(&document, document.pointer(&at).unwrap_or_else(|| panic!("{at} is not described")))
    };
    let orders = "/api/v1/authorities/{authority}/certificates";
    let issued = house.issue("a.example.jp").await;
    assert_eq!(keys(&issued), described(orders, "post", "201", "application/json"));
    let refused = house.post(crate::house::ORDERS, &order("x")).await.json();
    assert_eq!(keys(&refused), described(orders, "post", "4XX", "application/problem+json"));
    let listed = house.get("/api/v1/authorities").await.json();
    assert_eq!(keys(&listed), described("/api/v1/authorities", "get", "200", "application/json"));
    let serial = issued["serial"].as_str().expect("a serial");
    let revoked = house.revoke(serial, "superseded").await.json();
    let revocations = "/api/v1/authorities/{authority}/revocations";
    assert_eq!(keys(&revoked), described(revocations, "post", "200", "application/json"));
    let shown = house.get(&format!("/api/v1/authorities/tls-ca/certificates/{serial}")).await.json();
    let one = "/api/v1/authorities/{authority}/certificates/{serial}";
    assert!(keys(&shown).is_subset(&described(one, "get", "200", "application/json")));
    let batch =
        house.post(&format!("{}/batch", crate::house::ORDERS), &serde_json::json!({ "requests": [] })).await;
    let batches = "/api/v1/authorities/{authority}/certificates/batch";
    assert_eq!(keys(&batch.json()), described(batches, "post", "200", "application/json"));
}
