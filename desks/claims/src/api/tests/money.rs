//! C10, K16: transfers and the accounts of agents by programs of the federation, on both databases.

use super::{
    house::{House, START, TABLES, operator},
    said,
};
use crate::{
    case::Case,
    store::{holders, rows},
    web::samples,
    words::{Application, HolderNumber},
};
use core_words::CaseNumber;
use kit_gate::Scope;
use kit_store::{StoreError, testing::both_with};
use serde_json::{Value, json};

const AGENT: &str = "DA13000017";
const OTHER: &str = "DA13000009";
const FEE: i64 = 7_800;

fn deposit(amount: i64, agent: Option<&str>) -> Value {
    let mut body =
        json!({ "day": "2026-09-21", "amount_yen": amount, "payer": "ﾐﾄﾞﾘﾀﾞｲｺｳ", "reference": "123" });
    if let Some(agent) = agent {
        body["agent"] = json!(agent);
    }
    body
}

/// A case of an agent that waits for its fee; its number.
async fn waiting(house: &House, running: u32, agent: &'static str) -> String {
    let text = CaseNumber::new('C', 2026, running).expect("it fits").to_string();
    let number = text.clone();
    let done = house.db.write(move |tx| {
        let (operator, agent) = (operator("tokyo"), HolderNumber::new(agent).expect("a number"));
        let scope = Scope::of_the_house(operator.clone());
        let holder = holders::by_number(tx, &scope, &agent)?.expect("entered");
        // One after the other: what happens at one moment has no order.
        let at = START.plus_micros(i64::from(running));
        let application = Application { holder: holder.id, at, ..samples::agents_application() };
        assert_eq!(application.applied.fee.0, FEE);
        let head = rows::Head {
            number: &number,
            operator: &operator,
            holder_number: holder.number.as_str(),
            holder_name: &holder.name,
            holder_kana: &holder.kana,
        };
        rows::insert(tx, &head, &Case::AwaitingPayment(application), START)?;
        Ok::<_, StoreError>(())
    });
    done.await.expect("written");
    text
}

/// What deposits and entries add up to in all: refusals leave it alone.
async fn ledger(house: &House) -> Vec<i64> {
    let counted = house.db.read(|tx| {
        let tables = ["claims_deposit", "claims_account_entry", "ledger_entry"];
        tables
            .iter()
            .map(|table| tx.query_one(&format!("SELECT count(*) FROM {table}"), &[])?.get(0))
            .collect::<Result<_, StoreError>>()
    });
    counted.await.expect("read")
}

#[test]
fn c10_a_transfer_is_entered_once_and_whose_it_is_is_said_once() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        house.enter(OTHER).await;
        let key = [("idempotency-key", "deposit-1")];
        let first = house.post(&house.clerk, "/deposits", &key, &deposit(FEE, None)).await;
        assert_eq!(first.told(), said(201, ""), "{}", String::from_utf8_lossy(&first.octets));
        let again = house.post(&house.clerk, "/deposits", &key, &deposit(FEE, None)).await;
        assert_eq!(
            (&again.octets, again.headers["idempotent-replay"].as_bytes()),
            (&first.octets, &b"true"[..])
        );
        let body = first.json();
        assert_eq!((&body["day"], &body["agent"]), (&json!("2026-09-21"), &json!(null)));
        let path = format!("/deposits/{}", body["id"].as_str().expect("a text"));
        assert_eq!(first.headers["location"], format!("/api/v1/claims{path}"));
        let shown = house.get(&house.clerk, &path).await;
        assert_eq!((shown.etag().as_str(), shown.json()), ("\"1\"", body));

        let assign = format!("{path}/assign");
        let unseen = house.post(&house.clerk, &assign, &[], &json!({ "agent": AGENT })).await;
        assert_eq!(unseen.told(), said(428, "api.if_match_missing"));
        let seen = [("if-match", "\"1\"")];
        let nobody = house.post(&house.clerk, &assign, &seen, &json!({ "agent": "DA13000025" })).await;
        assert_eq!(nobody.told().1, "claims.no_agent");
        let done =
            house.post(&house.clerk, &assign, &seen, &json!({ "agent": AGENT, "note": "電話で確認" })).await;
        assert_eq!((done.told(), done.etag().as_str()), (said(200, ""), "\"2\""));
        assert_eq!((&done.json()["agent"], &done.json()["note"]), (&json!(AGENT), &json!("電話で確認")));
        for (version, status) in [("\"1\"", 412), ("\"2\"", 409)] {
            let seen = [("if-match", version)];
            let late = house.post(&house.manager, &assign, &seen, &json!({ "agent": OTHER })).await;
            assert_eq!(late.told(), said(status, "claims.deposit_assigned"));
        }
        let account = house.get(&house.clerk, &format!("/agents/{AGENT}")).await.json();
        assert_eq!((&account["balance_yen"], &account["waiting"]), (&json!(FEE), &json!([])));
        assert_eq!(house.get(&house.clerk, &format!("/agents/{OTHER}")).await.json()["balance_yen"], 0);
    });
}

#[test]
fn c10_what_is_wrong_with_a_transfer_is_named_and_nothing_is_entered() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        let before = ledger(&house).await;
        for (field, value, status, code) in [
            // START is 2026-09-21 at 23:13 in Japan.
            ("day", json!("2026-09-22"), 422, "claims.bad_day"),
            ("day", json!("2026-09-31"), 422, "claims.bad_day"),
            ("day", json!("21.9.2026"), 400, "api.bad_field"),
            ("amount_yen", json!(0), 400, "api.bad_field"),
            ("amount_yen", json!(-1), 400, "api.bad_field"),
            ("amount_yen", json!(1_000_000_001), 400, "api.bad_field"),
            ("payer", json!(" "), 422, "claims.text_missing"),
            ("payer", json!("あ".repeat(101)), 400, "api.bad_field"),
            ("agent", json!("1310000018"), 400, "api.bad_field"),
            ("note", json!("a\u{0}"), 400, "api.bad_field"),
        ] {
            let mut body = deposit(FEE, Some(AGENT));
            body[field] = value;
            let refused = house.post(&house.clerk, "/deposits", &[], &body).await;
            assert_eq!(refused.told(), said(status, code), "{body}");
            assert_eq!(refused.json()["fields"][0]["field"], field, "{body}");
        }
        let unknown = house.post(&house.clerk, "/deposits", &[], &deposit(FEE, Some(OTHER))).await;
        assert_eq!(unknown.told().1, "claims.no_agent");
        assert_eq!(ledger(&house).await, before);
    });
}

#[test]
fn k16_a_walk_through_transfers_meets_each_once() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        house.enter(OTHER).await;
        for at in 0..12 {
            let agent = [None, Some(AGENT), Some(OTHER)][at % 3];
            house.clock.advance_seconds(i64::from(at % 2 == 0));
            let entered = house.post(&house.clerk, "/deposits", &[], &deposit(100 + at as i64, agent)).await;
            assert_eq!(entered.told(), said(201, ""));
        }
        let walk = async |query: &str| {
            let (mut met, mut after) = (Vec::new(), String::new());
            for _ in 0..20 {
                let found = house.get(&house.clerk, &format!("/deposits?limit=3{query}{after}")).await.json();
                let deposits = found["deposits"].as_array().expect("a list");
                met.extend(deposits.iter().map(|d| d["amount_yen"].as_i64().expect("a number")));
                match found["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => return met,
                }
            }
            panic!("the walk does not end");
        };
        // Of two that came in one moment either is first.
        let mut all = walk("").await;
        all.chunks_mut(2).for_each(<[i64]>::sort_unstable);
        assert_eq!(all, (100..112).collect::<Vec<_>>());
        assert_eq!(walk("&whose=nobody").await, [100, 103, 106, 109]);
        assert_eq!(walk(&format!("&whose={AGENT}")).await, [101, 104, 107, 110]);
        let agents = house.get(&house.clerk, "/agents?limit=1").await.json();
        assert_eq!((&agents["agents"][0]["agent"], &agents["next"]), (&json!(OTHER), &json!(OTHER)));
        let agents = house.get(&house.clerk, &format!("/agents?limit=1&after={OTHER}")).await.json();
        assert_eq!((&agents["agents"][0]["agent"], &agents["next"]), (&json!(AGENT), &json!(null)));
        for bad in ["whose=1310000018", "after=x", "limit=0", "agent=x"] {
            let refused = house.get(&house.clerk, &format!("/deposits?{bad}")).await;
            assert_eq!(refused.told(), said(400, "api.bad_field"), "{bad}");
        }
        assert_eq!(house.get(&house.osaka, "/deposits").await.json()["deposits"], json!([]));
        assert_eq!(house.get(&house.osaka, "/agents").await.json()["agents"], json!([]));
    });
}

#[test]
fn c10_fees_are_paid_all_or_none_and_money_goes_back_as_far_as_there_is_some() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        house.enter(OTHER).await;
        let cases = [waiting(&house, 1, AGENT).await, waiting(&house, 2, AGENT).await];
        let foreign = waiting(&house, 3, OTHER).await;
        let entered = house.post(&house.clerk, "/deposits", &[], &deposit(2 * FEE + 500, Some(AGENT))).await;
        assert_eq!(entered.told(), said(201, ""));
        let account = house.get(&house.clerk, &format!("/agents/{AGENT}")).await.json();
        let open: Vec<_> =
            account["waiting"].as_array().expect("a list").iter().map(|w| &w["number"]).collect();
        assert_eq!(open, [&json!(cases[0]), &json!(cases[1])]);

        let pay = format!("/agents/{AGENT}/payments");
        let picked = |numbers: &[&String], version: i64| {
            let each: Vec<_> = numbers.iter().map(|n| json!({ "number": n, "version": version })).collect();
            json!({ "cases": each })
        };
        let before = ledger(&house).await;
        for (body, status, code) in [
            (picked(&[], 1), 400, "api.bad_field"),
            (picked(&[&cases[0], &foreign], 1), 404, "claims.no_case"),
            (picked(&[&cases[0], &cases[1]], 2), 409, "claims.not_now"),
            (picked(&[&"C-1".to_owned()], 1), 404, "claims.no_case"),
        ] {
            let refused = house.post(&house.clerk, &pay, &[], &body).await;
            assert_eq!((refused.told().0, refused.told().1.as_str()), (status, code), "{body}");
        }
        let both = picked(&[&cases[0], &cases[1]], 1);
        let poor = house
            .post(&house.clerk, &format!("/agents/{OTHER}/payments"), &[], &picked(&[&foreign], 1))
            .await;
        assert_eq!(poor.told().1, "claims.not_paid");
        assert_eq!(ledger(&house).await, before, "nothing was paid");
        let key = [("idempotency-key", "pay-1")];
        for _ in 0..2 {
            let paid = house.post(&house.clerk, &pay, &key, &both).await;
            assert_eq!((paid.told(), &paid.json()["balance_yen"]), (said(200, ""), &json!(500)));
            assert_eq!(paid.json()["waiting"], json!([]));
        }
        for number in &cases {
            let case = house.get(&house.clerk, &format!("/cases/{number}")).await.json();
            assert_eq!(case["status"]["name"], "issue-requested");
        }

        let refunds = format!("/agents/{AGENT}/refunds");
        let before = ledger(&house).await;
        for (body, status, code) in [
            (json!({ "amount_yen": 501, "note": "過払い" }), 422, "claims.refund_too_much"),
            (json!({ "amount_yen": 0, "note": "過払い" }), 400, "api.bad_field"),
            (json!({ "amount_yen": 500, "note": " " }), 422, "claims.text_missing"),
        ] {
            let refused = house.post(&house.clerk, &refunds, &[], &body).await;
            assert_eq!((refused.told().0, refused.told().1.as_str()), (status, code), "{body}");
        }
        assert_eq!(ledger(&house).await, before);
        // What happens at one moment has no order.
        house.clock.advance_micros(1);
        let key = [("idempotency-key", "refund-1")];
        for _ in 0..2 {
            let body = json!({ "amount_yen": 500, "note": "過払い" });
            let back = house.post(&house.clerk, &refunds, &key, &body).await;
            assert_eq!((back.told(), &back.json()["balance_yen"]), (said(201, ""), &json!(0)));
        }
        let entries = format!("/agents/{AGENT}/entries?limit=2");
        let first = house.get(&house.clerk, &entries).await.json();
        let next = first["next"].as_str().expect("more follow").to_owned();
        let rest = house.get(&house.clerk, &format!("{entries}&after={next}")).await.json();
        let all: Vec<_> =
            [&first, &rest].iter().flat_map(|f| f["entries"].as_array().expect("a list")).collect();
        let told: Vec<_> = all.iter().map(|e| (e["kind"].as_str(), e["amount_yen"].as_i64())).collect();
        assert_eq!(
            told,
            [(Some("payment"), Some(-FEE)), (Some("payment"), Some(-FEE)), (Some("refund"), Some(-500))]
        );
        assert_eq!((&all[0]["case"], &all[2]["note"]), (&json!(cases[0]), &json!("過払い")));
        assert_eq!(rest["next"], json!(null));
    });
}

#[test]
fn k9_money_is_the_federations_own() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.enter(AGENT).await;
        let entered = house.post(&house.clerk, "/deposits", &[], &deposit(FEE, None)).await.json();
        let one = format!("/deposits/{}", entered["id"].as_str().expect("a text"));
        let (agent, before) = (format!("/agents/{AGENT}"), ledger(&house).await);
        let seen = [("if-match", "\"1\"")];
        let whose = json!({ "agent": AGENT });
        let pay = json!({ "cases": [{ "number": "C-2026-0000001-7", "version": 1 }] });
        let back = json!({ "amount_yen": 1, "note": "x" });
        for token in [&house.sakura, &house.stranger] {
            for path in ["/deposits", &one, "/agents", &agent, &format!("{agent}/entries")] {
                assert_eq!(house.get(token, path).await.told(), said(403, "gate.role_missing"), "{path}");
            }
            for (path, body) in [
                ("/deposits".to_owned(), &deposit(1, None)),
                (format!("{one}/assign"), &whose),
                (format!("{agent}/payments"), &pay),
                (format!("{agent}/refunds"), &back),
            ] {
                let refused = house.post(token, &path, &seen, body).await;
                assert_eq!(refused.told(), said(403, "gate.role_missing"), "{path}");
            }
        }
        // Another federation's are not there.
        assert_eq!(house.get(&house.osaka, &one).await.told(), said(404, "claims.no_deposit"));
        let foreign = house.post(&house.osaka, &format!("{one}/assign"), &seen, &whose).await;
        assert_eq!(foreign.told(), said(404, "claims.no_deposit"));
        for path in [agent.clone(), format!("{agent}/entries")] {
            assert_eq!(house.get(&house.osaka, &path).await.told().1, "claims.no_agent", "{path}");
        }
        for (path, body) in [("payments", &pay), ("refunds", &back)] {
            let foreign = house.post(&house.osaka, &format!("{agent}/{path}"), &[], body).await;
            assert_eq!(foreign.told().1, "claims.no_agent", "{path}");
        }
        assert_eq!(ledger(&house).await, before);
    });
}
