//! C8: whatever is looked for, in whatever order and on whatever page, is what a plain look at every case finds, on
//! both databases.

use super::*;
use crate::{
    case::Case,
    store::rows,
    web::samples,
    words::{Application, KeyWay},
};
use core_words::OperatorId;
use kit_store::{Dialect, testing::both_with};

const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);

/// Numbers, names and kana of providers.
const OFFICES: [[&str; 3]; 5] = [
    ["1370000018", "さくら介護センター", "サクラカイゴセンター"],
    ["1370000026", "もみじ園", "モミジエン"],
    ["1371234563", "Care 100%の_園", "ケアエン"],
    ["1370000042", "デイサービスさくら", "デイサービスサクラ"],
    ["1370000059", "訪問看護ｽﾃｰｼｮﾝ光", "ホウモンカンゴステーションヒカリ"],
];
/// Running numbers, of which the last come from the year after; enough for three pages.
const CASES: u32 = 130;
const LAST_YEAR: u32 = 100;

/// A case as a plain list has it.
#[derive(Clone)]
struct Plain {
    line: Line,
    kana: &'static str,
}

fn number(running: u32) -> CaseNumber {
    let year = if running > LAST_YEAR { 2027 } else { 2026 };
    CaseNumber::new('C', year, running * 100).expect("it fits")
}

/// Puts a case into the tables.
fn put(tx: &mut Tx, operator: &str, running: u32) -> Result<Plain, StoreError> {
    let [holder_number, holder_name, kana] = OFFICES[running as usize % OFFICES.len()];
    let standing = Standing::ALL[running as usize / 3 % Standing::ALL.len()];
    let (number, operator) = (number(running).to_string(), OperatorId::new(operator).expect("a slug"));
    let head =
        rows::Head { number: &number, operator: &operator, holder_number, holder_name, holder_kana: kana };
    // Many at the same moment, and not in the order of their numbers.
    let applied = NOW.plus_seconds(i64::from(running * 37 % 11));
    let case = match standing {
        Standing::Applied => {
            Case::Applied(Application { at: applied, ..samples::application(KeyWay::Service) })
        }
        other => samples::case(other),
    };
    let at = case.application().at;
    let id = rows::insert(tx, &head, &case, NOW)?;
    let line = Line {
        id,
        number,
        standing,
        applied: at,
        holder_number: holder_number.to_owned(),
        holder_name: holder_name.to_owned(),
        holder_kana: kana.to_owned(),
    };
    Ok(Plain { line, kana })
}

/// What a plain look finds.
fn plain(all: &[Plain], fits: impl Fn(&Plain) -> bool, sort: Sort) -> Vec<Line> {
    let mut found: Vec<Plain> = all.iter().filter(|case| fits(case)).cloned().collect();
    found.sort_by(|a, b| {
        let applied = (a.line.applied.0, a.line.id).cmp(&(b.line.applied.0, b.line.id));
        match sort {
            Sort::Oldest => applied,
            Sort::Newest => applied.reverse(),
            Sort::Kana => (a.kana, a.line.id).cmp(&(b.kana, b.line.id)),
            Sort::Provider => (&a.line.holder_number, a.line.id).cmp(&(&b.line.holder_number, b.line.id)),
        }
    });
    found.into_iter().map(|case| case.line).collect()
}

type Fits = fn(&Plain) -> bool;

/// What is typed, and the cases that it means.
const TYPED: &[(&str, Fits)] = &[
    ("", |_| true),
    ("さくら", |case| case.kana.contains("サクラ")),
    ("ｻｸﾗ　センター", |case| case.kana.contains("サクラカイゴセンター")),
    ("ステーション", |case| case.kana.contains("ステーション")),
    ("100%の_", |case| case.kana == "ケアエン"),
    ("100_の", |_| false),
    ("care", |case| case.kana == "ケアエン"),
    ("13700000", |case| case.kana != "ケアエン"),
    ("1371234563", |case| case.kana == "ケアエン"),
    // A part of a provider's number, and the running number of a case.
    ("1300", |case| case.line.number.starts_with("C-2026-0001300")),
    ("0012300", |case| case.line.number.starts_with("C-2027-0012300")),
    ("1234", |case| case.kana == "ケアエン"),
    ("C-2026-000130", |case| case.line.number.starts_with("C-2026-000130")),
    ("2027-", |case| case.line.number.starts_with("C-2027-")),
    ("c-2027 さくら", |case| case.line.number.starts_with("C-2027-") && case.kana.contains("サクラ")),
    ("C-2026-0001300-0", |case| case.line.number == "C-2026-0001300-0"),
];

const STANDINGS: &[&[Standing]] =
    &[&[], &[Standing::Applied], &[Standing::Issued, Standing::Rejected, Standing::Revoked]];

#[test]
fn c8_whatever_is_looked_for_is_what_a_plain_look_finds() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let tokyo = Scope::of_the_house(OperatorId::new("tokyo").expect("a slug"));
            let mut all = Vec::new();
            for running in 1..=CASES {
                all.push(put(tx, if running % 13 == 5 { "osaka" } else { "tokyo" }, running)?);
            }
            all.retain(|case| {
                let at = (1..=CASES).find(|running| number(*running).to_string() == case.line.number);
                at.expect("one of them") % 13 != 5
            });
            for (typed, means) in TYPED {
                for standings in STANDINGS {
                    let wanted =
                        Wanted { text: (*typed).into(), standings: standings.to_vec(), ..Wanted::default() };
                    let stands =
                        |case: &Plain| standings.is_empty() || standings.contains(&case.line.standing);
                    for sort in [Sort::Oldest, Sort::Newest, Sort::Kana, Sort::Provider] {
                        let what = format!("{typed:?} {standings:?} {sort:?}");
                        let expected = plain(&all, |case| means(case) && stands(case), sort);
                        for page in 0..4 {
                            let found = find(tx, &tokyo, &Wanted { sort, page, ..wanted.clone() })?;
                            let skipped = page as usize * PAGE as usize;
                            let lines: Vec<&Line> =
                                expected.iter().skip(skipped).take(PAGE as usize).collect();
                            assert_eq!(found.lines.iter().collect::<Vec<_>>(), lines, "{what}, page {page}");
                            assert_eq!(found.total, expected.len() as u64, "{what}, page {page}");
                        }
                        let first = lines_of(tx, &tokyo, &Wanted { sort, ..wanted.clone() })?;
                        assert_eq!(first, expected[..expected.len().min(60)], "{what}");
                    }
                    let walked = walk(tx, &tokyo, &walk_of(&wanted))?;
                    let mut numbers = plain(&all, |case| means(case) && stands(case), Sort::Oldest);
                    numbers.sort_by(|a, b| a.number.cmp(&b.number));
                    numbers.retain(|line| line.number > number(20).to_string());
                    assert_eq!(walked, numbers[..numbers.len().min(40)], "{typed:?} {standings:?}");
                    for (standing, n) in counts(tx, &tokyo, &wanted)? {
                        let same = all.iter().filter(|case| means(case) && case.line.standing == standing);
                        assert_eq!(n, same.count() as u64, "{typed:?} {standing:?}");
                    }
                }
            }
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

/// Incident: a list that read every case three times, and took a quarter of a second once there were 100,000.
///
/// The database itself tells what it would do. It goes through no table, and looks at cases for the lines of a page
/// alone: what is counted, skipped and put in order stands in an index.
#[test]
fn c8_a_list_reads_no_case_that_it_does_not_show() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            if tx.dialect() != Dialect::Sqlite {
                // Its plans depend on what is stored.
                return Ok(());
            }
            put(tx, "tokyo", 1)?;
            let tables = ["c", "n", "x", "claims_"];
            let tokyo = Scope::of_the_house(OperatorId::new("tokyo").expect("a slug"));
            for (typed, _) in TYPED {
                for standings in STANDINGS {
                    for sort in [Sort::Oldest, Sort::Newest, Sort::Kana, Sort::Provider] {
                        let text = (*typed).to_owned();
                        let wanted = Wanted { text, standings: standings.to_vec(), sort, page: 0 };
                        let asked = Asked::new(tx, &tokyo, &wanted)?;
                        let by_number = asked.condition.contains("number");
                        let mut all = vec![asked.counts(), asked.total(), asked.lines_and_total(50, 50)];
                        for order in [asked.order.inside, asked.order.backwards] {
                            all.push(asked.lines(order, 50, 5_000));
                        }
                        for sql in all {
                            for step in plan(tx, &sql, &asked)? {
                                let scan =
                                    tables.iter().any(|table| step.starts_with(&format!("SCAN {table}")));
                                let read = step.contains(" c ") && !step.contains("COVERING") && !by_number;
                                assert!(!scan && !read, "{step}: {sql}");
                            }
                        }
                    }
                }
            }
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}

/// The steps of a plan, in the words of SQLite.
fn plan(tx: &mut Tx, sql: &str, asked: &Asked<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &asked.values)?;
    rows.iter().map(|row| row.get(3)).collect()
}

fn lines_of(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<Vec<Line>, StoreError> {
    lines(tx, scope, wanted, 60)
}

fn walk_of(wanted: &Wanted) -> Walk {
    Walk { wanted: wanted.clone(), holder: None, after: Some(number(20)), most: 40 }
}
