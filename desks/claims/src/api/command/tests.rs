//! Bodies of commands (K16).

use super::*;
use crate::words::Rejection;
use axum::http::{HeaderValue, header};
use proptest::prelude::*;
use serde_json::{Value, json};

fn try_read(deed: Deed, octets: Vec<u8>) -> Result<(Command, Value), Problem> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(read(deed, &headers, Body::from(octets)))
}

fn wrong(deed: Deed, body: &Value) -> (&'static str, Option<String>) {
    let problem = try_read(deed, body.to_string().into_bytes()).expect_err("refused");
    let refusal = problem.refusal();
    (refusal.code, refusal.fields.first().map(|field| field.field.clone()))
}

#[test]
fn c9_a_rejection_has_a_reason_or_was_asked_for() {
    let ok = |body: Value| try_read(Deed::Reject, body.to_string().into_bytes()).expect("well formed").0;
    let refused = ok(json!({"reason": " 重複 "}));
    assert!(matches!(refused, Command::Reject(Rejection::Refused(reason)) if reason == "重複"));
    assert!(matches!(ok(json!({"withdrawn": true})), Command::Reject(Rejection::Withdrawn)));
    assert!(matches!(ok(json!({"reason": "あ".repeat(LONGEST_TEXT)})), Command::Reject(_)));
    let reason = |text: &str| wrong(Deed::Reject, &json!({"reason": text}));
    assert_eq!(reason(" "), ("claims.reason_missing", Some("reason".into())));
    assert_eq!(wrong(Deed::Reject, &json!({})), ("claims.reason_missing", Some("reason".into())));
    assert_eq!(reason("a\0b"), ("api.bad_field", Some("reason".into())));
    assert_eq!(reason(&"あ".repeat(LONGEST_TEXT + 1)), ("api.bad_field", Some("reason".into())));
    assert_eq!(wrong(Deed::Reject, &json!({"raeson": "x"})).0, "api.malformed_json");
}

#[test]
fn c11_a_revocation_says_who_how_and_why() {
    let whole = json!({"by": "agent", "channel": "phone", "reason": "closed", "note": "電話あり"});
    let (command, _) =
        try_read(Deed::RequestRevocation, whole.to_string().into_bytes()).expect("well formed");
    let Command::RequestRevocation(ask) = command else { panic!("{command:?}") };
    assert_eq!((ask.by, ask.channel, ask.reason), (AskedBy::Agent, Channel::Phone, RevokeReason::Closed));
    for field in ["by", "channel", "reason"] {
        let mut body = whole.clone();
        body[field] = json!("nobody");
        assert_eq!(wrong(Deed::RequestRevocation, &body), ("api.bad_field", Some(field.into())));
        body.as_object_mut().expect("an object").remove(field);
        assert_eq!(wrong(Deed::RequestRevocation, &body).0, "api.malformed_json");
    }
}

#[test]
fn c21_machines_ask_for_what_people_do_and_for_nothing_that_the_house_does() {
    for deed in Deed::ALL {
        let asked = COMMANDS.iter().any(|(known, _)| known == deed);
        let system_only = crate::status::TABLE
            .0
            .iter()
            .filter(|line| line.verb == *deed)
            .all(|line| line.by == [crate::status::Hat::System]);
        let own_operation = matches!(deed, Deed::Apply | Deed::Download);
        assert_eq!(asked, !system_only && !own_operation, "{deed:?}");
        // What is said with nothing is nothing.
        match try_read(*deed, Vec::new()) {
            Ok((command, _)) => assert_eq!(command.deed(), *deed),
            Err(problem) if asked => assert!(problem.refusal().code != "claims.no_command", "{deed:?}"),
            Err(problem) => assert_eq!(problem.refusal().code, "claims.no_command"),
        }
    }
}

/// JSON of any form, often with the names that are expected.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,30}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["provider", "phone", "closed", "other"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        let name = prop_oneof![
            prop::sample::select(vec!["withdrawn", "reason", "by", "channel", "note"]).prop_map(String::from),
            any::<String>(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn k16_no_body_panics(
        at in 0..COMMANDS.len(),
        body in prop_oneof![
            any_json().prop_map(|json| json.to_string().into_bytes()),
            prop::collection::vec(any::<u8>(), 0..200),
        ],
    ) {
        let (deed, _) = COMMANDS[at];
        match try_read(deed, body) {
            Ok((command, _)) => prop_assert_eq!(command.deed(), deed),
            Err(problem) => prop_assert!(problem.status().is_client_error()),
        }
    }
}
