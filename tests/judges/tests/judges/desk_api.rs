//! The claims desk's API under schemathesis: does it do what its OpenAPI document says? (K16)
//!
//! A program of a care provider and one of the federation call it, with what a schema alone cannot know, the numbers of
//! real cases among it, so that what is answered is more than refusals; and which operations were carried out is looked
//! at afterwards.

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};
use tests_judges::{House, Provider, Said, schemathesis};

/// What the checks take for an answer in order, beyond what they take by themselves. A request can be well formed and
/// still be refused, because the case stands in another status (409) or version (412), is another's or not there (404),
/// may not be touched by this role (403), or says what cannot be (422), or was done too often that day (429): but never
/// as malformed (400). The operations that are named take what no schema can say, and call anything else malformed: a
/// PKCS#10 request, numbers with a check digit, fields that go with others. A missing If-Match is 428 (RFC 6585).
const IN_ORDER: &str = r#"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 403, 404, 409, 412, 422, 429]
[checks.missing_required_header]
expected-statuses = [400, 428]
[[operations]]
include-operation-id = ["claimsApply", "claimsCases", "claimsOffsetCorrect", "claimsRecords", "claimsStartRun"]
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 403, 404, 409, 412, 422, 429]
"#;

/// A desk with cases in several statuses.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(crate) provider: Provider,
    manager: String,
    /// Numbers of cases: the first is issued, the second waits for review.
    cases: Vec<String>,
    consent: String,
}

impl Desk {
    pub(crate) fn open() -> Self {
        let house = House::with_claims_desk();
        let provider = house.provider("1310000018");
        let manager = house.staff("manager", "claims.manager");
        let terms = call(&house, &provider.token, "GET", "/terms", &[], None);
        let consent = terms["consent"].as_str().expect("a version").to_owned();
        let mut desk = Self { house, provider, manager, cases: Vec::new(), consent };
        let first = desk.apply();
        let seen = ["If-Match: \"1\""];
        let path = format!("/cases/{first}/register-issue");
        call(&desk.house, &desk.manager, "POST", &path, &seen, Some(&json!({})));
        desk.wait_until(&first, "issued");
        desk.cases.push(first);
        // A provider may have one application under way, beside certificates that were issued.
        let second = desk.apply();
        desk.cases.push(second);
        desk
    }

    /// The number of the case that waits for review.
    pub(crate) fn waiting(&self) -> &str {
        &self.cases[1]
    }

    fn apply(&self) -> String {
        let body = json!({
            "issue_password": self.provider.issue_password, "key": "service", "email": "office@judges.example",
            "consent": self.consent,
        });
        let case = call(&self.house, &self.provider.token, "POST", "/cases", &[], Some(&body));
        case["number"].as_str().expect("a number").to_owned()
    }

    fn wait_until(&self, number: &str, status: &str) {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            let case = call(&self.house, &self.manager, "GET", &format!("/cases/{number}"), &[], None);
            if case["status"]["name"] == status {
                return;
            }
            assert!(Instant::now() < patience, "{number} is not {status}: {case}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Lets schemathesis call with `token`, and returns what it said and which requests were answered with success.
    fn judge(&self, token: &str, document: &str, more: &[&str]) -> (Said, BTreeSet<String>) {
        let known = self.house.folder().join("schemathesis.toml");
        std::fs::write(&known, self.known()).expect("a writable folder");
        let (url, header) = (self.house.url(""), format!("Authorization: Bearer {token}"));
        let known = known.to_string_lossy();
        let line = ["--config-file", &*known, "run", document, "--url", &url, "-H", &header, "--seed", "1"];
        let limits = ["--max-examples", "40", "--workers", "1", "--no-color"];
        let report = self.house.folder().join("report.har");
        let report_at = report.to_string_lossy();
        let report_line = ["--report", "har", "--report-har-path", &*report_at];
        let said = schemathesis(self.house.folder(), &[&line[..], &limits, &report_line, more].concat());
        (said, carried_out(&report))
    }

    /// What schemathesis takes for some of the values: real cases, versions, the password and the consent.
    fn known(&self) -> String {
        format!(
            "{IN_ORDER}[dictionaries]\nnumbers = {{ values = {:?} }}\nversions = {{ values = ['\"1\"', '\"2\"', '\"3\"', '\"4\"'] }}\n\
             passwords = {{ values = [{:?}] }}\nconsents = {{ values = [{:?}] }}\n\
             counts = {{ values = [1, 2] }}\n\
             [parameters]\n\"path.number\" = {{ dictionary = \"numbers\", probability = 0.8 }}\n\
             \"path.version\" = {{ dictionary = \"counts\", probability = 0.8 }}\n\
             \"header.If-Match\" = {{ dictionary = \"versions\", probability = 0.8 }}\n\
             \"body.issue_password\" = {{ dictionary = \"passwords\" }}\n\
             \"body.consent\" = {{ dictionary = \"consents\" }}\n",
            self.cases, self.provider.issue_password, self.consent
        )
    }
}

/// One call of the API, which must succeed; its JSON.
fn call(
    house: &House,
    token: &str,
    method: &str,
    path: &str,
    headers: &[&str],
    body: Option<&Value>,
) -> Value {
    let url = house.url(&format!("/api/v1/claims{path}"));
    let bearer = format!("Authorization: Bearer {token}");
    let body = body.map(Value::to_string);
    let mut line = vec!["-sS", "--fail-with-body", "-X", method, "-H", bearer.as_str()];
    for header in headers {
        line.extend(["-H", header]);
    }
    if let Some(body) = &body {
        line.extend(["-H", "Content-Type: application/json", "--data", body.as_str()]);
    }
    line.push(&url);
    let said = house.curl(&line);
    serde_json::from_str(&said.must_be_yes().text).expect("JSON")
}

/// Method and path, numbers of cases and versions left out, of every request in the report that succeeded.
fn carried_out(report: &Path) -> BTreeSet<String> {
    let Ok(text) = std::fs::read_to_string(report) else { return BTreeSet::new() };
    let report: Value = serde_json::from_str(&text).expect("a report in JSON");
    let entries = report["log"]["entries"].as_array().expect("entries");
    let done = entries.iter().filter(|e| e["response"]["status"].as_u64().is_some_and(|s| s / 100 == 2));
    done.map(|entry| {
        let url = entry["request"]["url"].as_str().expect("a URL");
        let path = url.split(['?', '#']).next().and_then(|url| url.split_once("/api/v1/claims"));
        let parts = path.expect("a path of the desk").1.split('/').map(|part| {
            let is_number = part.starts_with("C-") || part.parse::<i64>().is_ok();
            if is_number { "_" } else { part }
        });
        let path: Vec<&str> = parts.collect();
        format!("{} {}", entry["request"]["method"].as_str().expect("a method"), path.join("/"))
    })
    .collect()
}

#[track_caller]
fn must_have_done(done: &BTreeSet<String>, wanted: &[&str]) {
    let missing: Vec<_> = wanted.iter().filter(|wanted| !done.contains(**wanted)).collect();
    assert!(missing.is_empty(), "never carried out: {missing:?}; only {done:?}");
}

#[test]
fn k16_the_desks_api_does_what_its_document_says() {
    let desk = Desk::open();
    let document = desk.house.url("/api/v1/claims/openapi.json");
    let (said, done) = desk.judge(&desk.provider.token, &document, &[]);
    said.must_be_yes();
    must_have_done(
        &done,
        &[
            "GET /terms",
            "GET /cases",
            "GET /cases/_",
            "GET /cases/_/receipt.pdf",
            "GET /cases/_/proof/_",
            "POST /cases/_/download",
        ],
    );
    let (said, done) = desk.judge(&desk.manager, &document, &[]);
    said.must_be_yes();
    must_have_done(&done, &["GET /cases", "GET /cases/_", "POST /cases/_/request-revocation"]);
}

#[test]
fn schemathesis_finds_a_desk_whose_document_promises_too_much() {
    let desk = Desk::open();
    let file = desk.house.fetch("/api/v1/claims/openapi.json", None, "openapi.json");
    let text = std::fs::read_to_string(&file).expect("the document");
    let mut document: Value = serde_json::from_str(&text).expect("JSON");
    let schemas = document["components"]["schemas"].as_object_mut().expect("schemas");
    for schema in schemas.values_mut().filter_map(|schema| schema.as_object_mut()) {
        if let Some(required) = schema.get_mut("required").and_then(|r| r.as_array_mut()) {
            required.push("never_there".into());
        }
    }
    std::fs::write(&file, document.to_string()).expect("a writable file");
    let (said, _) = desk.judge(&desk.manager, &file.to_string_lossy(), &["--include-method", "GET"]);
    said.must_be_no_because("never_there");
}
