//! Walking through many cases, a stretch at a time (K16), on both databases.

use super::house::{House, START, TABLES, operator};
use crate::{
    case::Case,
    store::rows,
    words::{Application, Applied, Consent, HolderId, KeyWay, Pays},
};
use core_words::{CaseNumber, Lang, UtcMicros, Yen};
use kit_store::{Db, StoreError, testing::both_with};

/// A row as an application leaves it; its number.
async fn insert(db: &Db, running: u32, holder: HolderId, at: UtcMicros) -> String {
    let number = CaseNumber::new('C', 2026, running).expect("it fits").to_string();
    let case = Case::Applied(Application {
        holder,
        key: KeyWay::Service,
        email: "office@example.jp".into(),
        pays: Pays::Offset(Consent { version: "1".into(), at }),
        lang: Lang::Ja,
        applied: Applied { terms: "2014-08-18".into(), fee: Yen(7_800), months: 36 },
        renews: None,
        at,
    });
    let named = number.clone();
    let inserted = db.write(move |tx| {
        let operator = operator("tokyo");
        let head = rows::Head {
            number: &named,
            operator: &operator,
            holder_number: "1310000018",
            holder_name: "さくら介護センター",
            holder_kana: "サクラカイゴセンター",
        };
        rows::insert(tx, &head, &case, at)?;
        Ok::<_, StoreError>(())
    });
    inserted.await.expect("inserted");
    number
}

/// Every number that a walk in strides of `limit` meets.
async fn walk(house: &House, token: &str, limit: usize, query: &str) -> Vec<String> {
    let mut met = Vec::new();
    let mut after = String::new();
    for _ in 0..50 {
        let found = house.get(token, &format!("/cases?limit={limit}{after}{query}")).await;
        assert_eq!(found.told().0, 200, "{:?}", found.told());
        let found = found.json();
        let cases = found["cases"].as_array().expect("a list");
        assert!(cases.len() <= limit);
        met.extend(cases.iter().map(|case| case["number"].as_str().expect("a number").to_owned()));
        match found["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return met,
        }
    }
    panic!("the walk does not end");
}

#[test]
fn k16_a_walk_meets_every_case_once_whatever_its_stride() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let [sakura, momiji] = house.holders;
        let mut numbers = Vec::new();
        for n in 1..=7 {
            // Of two that came at once the earlier may have the later number.
            let at = START.plus_micros(i64::from(n % 3));
            let holder = if n % 2 == 0 { momiji } else { sakura };
            numbers.push(insert(&db, n, holder, at).await);
        }
        for stride in [1, 2, 3, 6, 7, 8] {
            assert_eq!(walk(&house, &house.clerk, stride, "").await, numbers, "{stride}");
        }
        let own: Vec<_> = numbers.iter().step_by(2).cloned().collect();
        assert_eq!(walk(&house, &house.sakura, 2, "").await, own);
        assert_eq!(
            walk(&house, &house.clerk, 2, "&status=applied,issued&q=%E3%81%95%E3%81%8F%E3%82%89").await,
            numbers
        );
        assert_eq!(walk(&house, &house.clerk, 2, "&status=issued").await, Vec::<String>::new());
        assert_eq!(walk(&house, &house.osaka, 2, "").await, Vec::<String>::new());

        // What comes meanwhile comes at the end.
        let last = numbers.last().expect("seven").clone();
        let after = format!("/cases?after={last}");
        assert_eq!(house.get(&house.clerk, &after).await.json()["cases"], serde_json::json!([]));
        let new = insert(&db, 8, sakura, START.plus_seconds(1)).await;
        let found = house.get(&house.clerk, &after).await.json();
        assert_eq!((&found["cases"][0]["number"], &found["next"]), (&new.into(), &serde_json::Value::Null));
    });
}
