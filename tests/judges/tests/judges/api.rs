//! The REST API under schemathesis: does the server do what its OpenAPI document says? (K16)

use std::path::Path;
use tests_judges::{House, Said, schemathesis};

/// A check that cannot hold here: an order can be well formed and still be refused, because the request in it is
/// signed by another key, the name is outside the profile, the authority is not there. The document promises that
/// for all `4XX`; the check wants a fixed few.
const NOT_ASKED: &str = "positive_data_acceptance";

fn judge(house: &House, document: &str, more: &[&str]) -> Said {
    let (url, header) = (house.url(""), format!("Authorization: Bearer {}", house.token()));
    let line = ["run", document, "--url", &url, "-H", &header, "--seed", "1", "--no-color"];
    let limits = ["--max-examples", "40", "--exclude-checks", NOT_ASKED, "--workers", "1"];
    schemathesis(house.folder(), &[&line[..], &limits, more].concat())
}

#[test]
fn k16_the_api_does_what_its_document_says() {
    let house = House::with_hierarchies(&["p-256"]);
    let document = house.url("/api/v1/openapi.json");
    judge(&house, &document, &[]).must_be_yes();
}

#[test]
fn schemathesis_finds_a_document_that_promises_too_much() {
    let house = House::with_hierarchies(&["p-256"]);
    let file = house.fetch("/api/v1/openapi.json", None, "openapi.json");
    let text = std::fs::read_to_string(&file).expect("the document");
    let mut document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let schemas = document["components"]["schemas"].as_object_mut().expect("schemas");
    for schema in schemas.values_mut().filter_map(|schema| schema.as_object_mut()) {
        if let Some(required) = schema.get_mut("required").and_then(|r| r.as_array_mut()) {
            required.push("never_there".into());
        }
    }
    std::fs::write(&file, document.to_string()).expect("a writable file");
    let said = judge(&house, &Path::new(&file).to_string_lossy(), &["--include-method", "GET"]);
    said.must_be_no_because("never_there");
}
