//! C23, K16: holders and their mandates by programs of the federation, on both databases.

use super::{
    house::{House, TABLES},
    said,
};
use kit_store::{StoreError, testing::both_with};
use serde_json::{Value, json};

const AGENT: &str = "DA13000017";

fn record() -> Value {
    json!({
        "name": " さくら園 ", "kana": "さくらえん", "postal": "164-0001", "address": "東京都中野区1-1",
        "phone": "03-5385-0000", "email": "sakura@example.jp",
    })
}

fn new(number: &str) -> Value {
    let mut body = record();
    body["number"] = json!(number);
    body
}

/// How many rows each table has that a refusal must leave alone.
async fn rows(house: &House) -> Vec<i64> {
    let counted = house.db.read(|tx| {
        let tables = ["claims_holder", "claims_mandate", "gate_account", "ledger_entry"];
        tables
            .iter()
            .map(|table| tx.query_one(&format!("SELECT count(*) FROM {table}"), &[])?.get(0))
            .collect::<Result<_, StoreError>>()
    });
    counted.await.expect("read")
}

#[test]
fn c23_a_holder_is_entered_once_changed_as_it_was_seen_and_closed() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let key = [("idempotency-key", "enter-1")];
        let first = house.post(&house.clerk, "/holders", &key, &new("1310000034")).await;
        assert_eq!(first.told(), said(201, ""), "{}", String::from_utf8_lossy(&first.octets));
        assert_eq!(first.headers["location"], "/api/v1/claims/holders/1310000034");
        let body = first.json();
        // As the pages keep it: katakana, half-width digits without hyphens, no blanks around.
        assert_eq!((&body["name"], &body["kana"]), (&json!("さくら園"), &json!("サクラエン")));
        assert_eq!((&body["postal"], &body["phone"]), (&json!("1640001"), &json!("0353850000")));
        assert_eq!((&body["closed"], &body["letter_at"]), (&json!(false), &json!(null)));
        let before = rows(&house).await;
        let again = house.post(&house.clerk, "/holders", &key, &new("1310000034")).await;
        assert_eq!((again.told(), &again.octets), (said(201, ""), &first.octets));
        assert_eq!(again.headers["idempotent-replay"], "true");
        let taken = house.post(&house.manager, "/holders", &[], &new("1310000034")).await;
        assert_eq!(taken.told(), said(409, "claims.number_taken"));
        assert_eq!(rows(&house).await, before, "nothing more was entered");

        let path = "/holders/1310000034";
        let shown = house.get(&house.clerk, path).await;
        assert_eq!((shown.etag().as_str(), shown.json()), ("\"1\"", body));
        let mut moved = record();
        moved["address"] = json!("東京都新宿区2-2");
        let unseen = house.put(&house.clerk, path, &[], &moved).await;
        assert_eq!(unseen.told(), said(428, "api.if_match_missing"));
        let seen = [("if-match", "\"1\"")];
        let changed = house.put(&house.clerk, path, &seen, &moved).await;
        assert_eq!((changed.told(), changed.etag().as_str()), (said(200, ""), "\"2\""));
        assert_eq!(changed.json()["address"], "東京都新宿区2-2");
        let late = house.put(&house.manager, path, &seen, &record()).await;
        assert_eq!(late.told(), said(412, "claims.office_overtaken"));
        let late = house.post(&house.manager, &format!("{path}/close"), &seen, &json!({})).await;
        assert_eq!(late.told(), said(412, "claims.office_overtaken"));

        let closing = [("if-match", "\"2\""), ("idempotency-key", "close-1")];
        for _ in 0..2 {
            let closed = house.post(&house.clerk, &format!("{path}/close"), &closing, &json!({})).await;
            assert_eq!((closed.told(), &closed.json()["closed"]), (said(200, ""), &json!(true)));
        }
        let seen = [("if-match", "\"3\"")];
        let open = house.post(&house.clerk, &format!("{path}/reopen"), &seen, &json!({})).await;
        assert_eq!((open.told(), &open.json()["closed"]), (said(200, ""), &json!(false)));
        assert_eq!(open.json()["version"], 4);
    });
}

#[test]
fn k16_what_is_wrong_with_a_record_is_named_and_nothing_is_entered() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let before = rows(&house).await;
        for (field, value, status, code) in [
            ("number", json!("131000001"), 400, "api.bad_field"),
            ("number", json!("4810000011"), 400, "api.bad_field"),
            ("name", json!("  "), 422, "claims.bad_office"),
            ("name", json!("あ".repeat(101)), 422, "claims.bad_office"),
            ("name", json!("a\u{0}b"), 422, "claims.bad_office"),
            ("kana", json!("桜園"), 422, "claims.bad_office"),
            ("postal", json!("16400"), 422, "claims.bad_office"),
            ("phone", json!("5385"), 422, "claims.bad_office"),
            ("phone", json!("1353850000"), 422, "claims.bad_office"),
            ("email", json!("office"), 422, "claims.bad_office"),
            ("address", json!(""), 422, "claims.bad_office"),
            ("password", json!("x"), 400, "api.malformed_json"),
        ] {
            let mut body = new("1310000034");
            body[field] = value;
            let refused = house.post(&house.clerk, "/holders", &[], &body).await;
            assert_eq!(refused.told(), said(status, code), "{body}");
            let named = if field == "password" { "body" } else { field };
            assert_eq!(refused.json()["fields"][0]["field"], named, "{body}");
        }
        assert_eq!(rows(&house).await, before);
    });
}

#[test]
fn k16_a_walk_through_holders_meets_each_once_and_tells_no_password() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        for number in ["1310000034", "DA13000009", AGENT, "2710000015"] {
            house.enter(number).await;
        }
        let walk = async |query: &str| {
            let (mut met, mut after) = (Vec::new(), String::new());
            for _ in 0..20 {
                let found = house.get(&house.clerk, &format!("/holders?limit=2{query}{after}")).await;
                assert_eq!(found.told(), said(200, ""), "{query}");
                let text = String::from_utf8_lossy(&found.octets).into_owned();
                assert!(!text.contains("phc") && !text.contains("password"), "{text}");
                let found = found.json();
                let holders = found["holders"].as_array().expect("a list");
                met.extend(holders.iter().map(|h| h["number"].as_str().expect("a number").to_owned()));
                match found["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => return met,
                }
            }
            panic!("the walk does not end");
        };
        let all = ["1310000018", "1310000026", "1310000034", "2710000015", "DA13000009", AGENT];
        assert_eq!(walk("").await, all);
        assert_eq!(walk("&which=agents").await, all[4..]);
        assert_eq!(walk("&which=providers").await, all[..4]);
        assert_eq!(walk("&which=unlettered").await, all[2..]);
        assert_eq!(walk("&which=closed").await, Vec::<String>::new());
        assert_eq!(walk("&q=DA13").await, all[4..]);
        for bad in ["which=all", "limit=201", "after=x", "page=1"] {
            let refused = house.get(&house.clerk, &format!("/holders?{bad}")).await;
            assert_eq!(refused.told(), said(400, "api.bad_field"), "{bad}");
        }
        // Another federation has none of them.
        assert_eq!(house.get(&house.osaka, "/holders").await.json()["holders"], json!([]));
    });
}

#[test]
fn c23_a_mandate_is_entered_seen_from_both_sides_and_ended_once() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        let body = json!({
            "agent": AGENT, "provider": "1310000018", "from": "2026-09-01", "until": "2027-08-31", "note": "届出済",
        });
        let key = [("idempotency-key", "mandate-1")];
        let entered = house.post(&house.clerk, "/mandates", &key, &body).await;
        assert_eq!(entered.told(), said(201, ""), "{}", String::from_utf8_lossy(&entered.octets));
        let mandate = entered.json();
        assert_eq!((&mandate["state"], &mandate["from"]), (&json!("in-force"), &json!("2026-09-01")));
        assert_eq!((&mandate["until"], &mandate["agent"]["number"]), (&json!("2027-08-31"), &json!(AGENT)));
        let path = format!("/mandates/{}", mandate["id"].as_str().expect("a text"));
        assert_eq!(entered.headers["location"], format!("/api/v1/claims{path}"));
        assert_eq!(house.post(&house.clerk, "/mandates", &key, &body).await.octets, entered.octets);
        let before = rows(&house).await;
        for (field, value, status, code) in [
            ("note", json!("x"), 409, "claims.mandate_overlaps"),
            ("until", json!("2026-08-31"), 422, "claims.mandate_backwards"),
            ("from", json!("2026-02-30"), 422, "claims.bad_day"),
            ("from", json!("1.9.2026"), 400, "api.bad_field"),
            ("agent", json!("1310000018"), 400, "api.bad_field"),
            ("provider", json!(AGENT), 400, "api.bad_field"),
            ("provider", json!("1310000042"), 422, "claims.mandate_between"),
            ("note", json!("あ".repeat(201)), 400, "api.bad_field"),
        ] {
            let mut wrong = body.clone();
            wrong[field] = value;
            let refused = house.post(&house.clerk, "/mandates", &[], &wrong).await;
            assert_eq!(refused.told(), said(status, code), "{wrong}");
        }
        assert_eq!(rows(&house).await, before, "nothing was entered");

        // Twelve more, of other times; the walk meets each once.
        for year in 2030..2042 {
            let (from, until) = (format!("{year}-01-01"), format!("{year}-12-31"));
            let more = json!({ "agent": AGENT, "provider": "1310000018", "from": from, "until": until });
            assert_eq!(house.post(&house.clerk, "/mandates", &[], &more).await.told(), said(201, ""));
        }
        for number in [AGENT, "1310000018"] {
            let (mut met, mut after) = (Vec::new(), String::new());
            loop {
                let path = format!("/holders/{number}/mandates?limit=5{after}");
                let found = house.get(&house.clerk, &path).await.json();
                let mandates = found["mandates"].as_array().expect("a list");
                met.extend(mandates.iter().map(|m| m["id"].as_str().expect("a text").to_owned()));
                match found["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
            let distinct: std::collections::BTreeSet<_> = met.iter().collect();
            assert_eq!((met.len(), distinct.len()), (13, 13), "{number}");
        }
        let none = house.get(&house.clerk, "/holders/1310000026/mandates").await.json();
        assert_eq!(none["mandates"], json!([]));

        let end = format!("{path}/end");
        let ended = house.post(&house.manager, &end, &[], &json!({ "note": "解約" })).await;
        assert_eq!((ended.told(), &ended.json()["state"]), (said(200, ""), &json!("ended")));
        assert_eq!(ended.json()["end_note"], "解約");
        let again = house.post(&house.manager, &end, &[], &json!({})).await;
        assert_eq!(again.told(), said(409, "claims.mandate_over"));
        assert_eq!(house.get(&house.clerk, "/mandates/x").await.told(), said(404, "claims.no_mandate"));
        assert_eq!(house.get(&house.osaka, &path).await.told(), said(404, "claims.no_mandate"));
        let foreign = house.post(&house.osaka, &end, &[], &json!({})).await;
        assert_eq!(foreign.told(), said(404, "claims.no_mandate"));
    });
}

#[test]
fn k9_provider_management_is_the_federations_own() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        let before = rows(&house).await;
        let seen = [("if-match", "\"1\"")];
        let body = json!({ "agent": AGENT, "provider": "1310000018", "from": "2026-09-01" });
        for token in [&house.sakura, &house.stranger] {
            for path in ["/holders", "/holders/1310000018", "/holders/1310000018/mandates", "/mandates/1"] {
                assert_eq!(house.get(token, path).await.told(), said(403, "gate.role_missing"), "{path}");
            }
            for told in [
                house.post(token, "/holders", &[], &new("1310000034")).await.told(),
                house.put(token, "/holders/1310000018", &seen, &record()).await.told(),
                house.post(token, "/holders/1310000018/close", &seen, &json!({})).await.told(),
                house.post(token, "/holders/1310000018/reopen", &seen, &json!({})).await.told(),
                house.post(token, "/mandates", &[], &body).await.told(),
                house.post(token, "/mandates/1/end", &[], &json!({})).await.told(),
            ] {
                assert_eq!(told, said(403, "gate.role_missing"));
            }
        }
        // A manager of another federation finds none of these.
        for told in [
            house.get(&house.osaka, "/holders/1310000018").await.told(),
            house.put(&house.osaka, "/holders/1310000018", &seen, &record()).await.told(),
            house.post(&house.osaka, "/holders/1310000018/close", &seen, &json!({})).await.told(),
            house.get(&house.osaka, "/holders/1310000018/mandates").await.told(),
        ] {
            assert_eq!(told, said(404, "claims.no_office"));
        }
        let foreign = house.post(&house.osaka, "/mandates", &[], &body).await;
        assert_eq!(foreign.told(), said(422, "claims.mandate_between"));
        assert_eq!(rows(&house).await, before);
    });
}
