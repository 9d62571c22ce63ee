//! C23: whatever is looked for is what a plain look finds, on both databases, and no row is read that is not shown.

use super::*;
use crate::{
    store::holders::{By, NewHolder, insert_many, set_closed, set_password},
    words::HolderNumber,
};
use core_words::{OperatorId, UtcMicros};
use kit_store::{Dialect, testing::both_with};

const BY: By = By { account: None, now: UtcMicros(1_790_000_000_000_000) };
const NAMES: [[&str; 2]; 4] = [
    ["さくら介護センター", "サクラカイゴセンター"],
    ["100%の_園", "ヒャクパーセントノエン"],
    ["訪問看護ｽﾃｰｼｮﾝ光", "ホウモンカンゴステーションヒカリ"],
    ["デイサービスさくら", "デイサービスサクラ"],
];
const HOLDERS: u32 = 120;

fn scope(name: &str) -> Scope {
    Scope::of_the_house(OperatorId::new(name).expect("a slug"))
}

/// A holder as a plain list has it.
#[derive(Clone)]
struct Plain {
    number: String,
    kana: &'static str,
    lettered: bool,
    closed: bool,
}

fn put(tx: &mut Tx, operator: &str, running: u32) -> Result<Plain, StoreError> {
    let [name, kana] = NAMES[running as usize % NAMES.len()];
    let number =
        if running % 9 == 4 { format!("DA13{running:06}") } else { format!("131{:07}", running * 7_919) };
    let of = HolderNumber::new(&number).expect("a number");
    let new = NewHolder {
        number: &of,
        name,
        kana,
        postal: "1000001",
        address: "東京都千代田区1-1",
        phone: "0300000000",
        email: "office@example.jp",
    };
    let id = insert_many(tx, &scope(operator), &[new], BY)?.expect("a new number")[0];
    let (lettered, closed) = (running.is_multiple_of(3), running % 10 == 6);
    if lettered {
        assert!(set_password(tx, id, 1, "phc", BY)?);
    }
    if closed {
        assert!(set_closed(tx, id, if lettered { 2 } else { 1 }, true, BY)?);
    }
    Ok(Plain { number, kana, lettered, closed })
}

fn fits(which: Which, plain: &Plain) -> bool {
    match which {
        Which::All => true,
        Which::Providers => !plain.number.starts_with("DA"),
        Which::Agents => plain.number.starts_with("DA"),
        Which::Unlettered => !plain.lettered && !plain.closed,
        Which::Closed => plain.closed,
    }
}

type Means = fn(&Plain) -> bool;
const TYPED: &[(&str, Means)] = &[
    ("", |_| true),
    ("ｻｸﾗ　センター", |plain| plain.kana == "サクラカイゴセンター"),
    ("さくら", |plain| plain.kana.contains("サクラ")),
    ("100%の_", |plain| plain.kana.starts_with("ヒャク")),
    ("100_の", |_| false),
    ("da13", |plain| plain.number.starts_with("DA13")),
    ("7919", |plain| plain.number.contains("7919")),
];

#[test]
fn c23_whatever_is_looked_for_among_holders_is_what_a_plain_look_finds() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let mut all = Vec::new();
            for running in 1..=HOLDERS {
                all.push(put(tx, "tokyo", running)?);
            }
            put(tx, "osaka", 5)?;
            all.sort_by(|a, b| a.number.cmp(&b.number));
            for (typed, means) in TYPED {
                for which in Which::ALL {
                    let plain: Vec<&str> = all
                        .iter()
                        .filter(|p| means(p) && fits(which, p))
                        .map(|p| p.number.as_str())
                        .collect();
                    for page in 0..4 {
                        let wanted = WantedOffices { text: (*typed).into(), which, page };
                        let found = find(tx, &scope("tokyo"), &wanted)?;
                        let numbers: Vec<&str> =
                            found.lines.iter().map(|record| record.holder.number.as_str()).collect();
                        let here = plain.chunks(PAGE as usize).nth(page as usize).unwrap_or_default();
                        assert_eq!(numbers, here, "{typed:?} {which:?} {page}");
                        assert_eq!(found.total(which), plain.len() as u64, "{typed:?} {which:?}");
                        for of in Which::ALL {
                            let same = all.iter().filter(|p| means(p) && fits(of, p)).count();
                            assert_eq!(found.total(of), same as u64, "{typed:?} {of:?}");
                        }
                    }
                }
            }
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn c23_a_list_of_holders_is_read_from_indexes() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            if tx.dialect() != Dialect::Sqlite {
                // Its plans depend on what is stored.
                return Ok(());
            }
            put(tx, "tokyo", 1)?;
            let tokyo = scope("tokyo");
            for (typed, _) in TYPED {
                for which in Which::ALL {
                    let wanted = WantedOffices { text: (*typed).into(), which, page: 3 };
                    let (condition, values) = condition(&tokyo, typed);
                    let sql = format!("EXPLAIN QUERY PLAN {}", page(&wanted, &condition));
                    for row in tx.query(&sql, &values)? {
                        let step: String = row.get(3)?;
                        assert!(!step.starts_with("SCAN claims"), "{which:?} {typed:?}: {step}");
                        if !typed.is_empty() && step.contains("claims_holder_find") {
                            assert!(step.contains("COVERING"), "{which:?} {typed:?}: {step}");
                        }
                    }
                }
            }
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

#[test]
fn c5_c23_of_two_who_change_a_record_one_is_first_and_a_password_is_replaced_at_once() {
    use crate::store::holders::{change, load, password, record};
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let of = HolderNumber::new("1310000018").expect("a number");
            let new = NewHolder {
                number: &of,
                name: "さくら園",
                kana: "サクラエン",
                postal: "1000001",
                address: "東京都",
                phone: "0300000000",
                email: "a@example.jp",
            };
            let new = std::slice::from_ref(&new);
            let id = insert_many(tx, &scope("tokyo"), new, BY)?.expect("new")[0];
            assert_eq!(insert_many(tx, &scope("tokyo"), new, BY)?, None, "there is one");
            assert_eq!(password(tx, id)?, None, "none before the first letter");
            let moved = NewHolder { address: "東京都中野区", name: "もみじ園", ..new[0].clone() };
            let by = By { account: Some(7), now: BY.now.plus_seconds(1) };
            assert!(change(tx, id, 1, &moved, by)?);
            assert!(!change(tx, id, 1, &new[0], BY)?, "somebody was first");
            assert_eq!(load(tx, id)?.map(|holder| holder.name).as_deref(), Some("もみじ園"));
            let of = record(tx, &scope("tokyo"), &of)?.expect("it is there");
            assert_eq!((of.version, of.changed_by, of.changed, of.letters), (2, Some(7), by.now, 0));
            assert!(!set_password(tx, id, 1, "one", BY)?);
            for (seen, phc) in [(2, "one"), (3, "two")] {
                assert!(set_password(tx, id, seen, phc, BY)?);
                assert_eq!(password(tx, id)?, Some((phc.to_owned(), seen - 1)));
            }
            assert!(set_closed(tx, id, 4, true, BY)?);
            assert!(!set_closed(tx, id, 5, true, BY)?, "it is closed");
            assert!(!set_password(tx, id, 5, "three", BY)?, "no letter to one that is closed");
            // Found by what it is called now.
            let found = |tx: &mut Tx, text: &str| {
                let wanted = WantedOffices { text: text.into(), ..WantedOffices::default() };
                find(tx, &scope("tokyo"), &wanted).map(|found| found.total(Which::All))
            };
            assert_eq!((found(tx, "もみじ")?, found(tx, "さくら園")?), (1, 0));
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}
