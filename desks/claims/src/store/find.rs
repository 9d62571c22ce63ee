//! Finding cases: by number, by certificate, and as lists that people search, sort and page through (C4, C8).

mod walk;

pub(crate) use walk::{Walk, walk};

use crate::{status::Standing, words::ProviderId};
use core_words::{CaseNumber, UtcMicros};
use kit_desk::Status;
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, Value, params};

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The id of the case.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Its status.
    pub standing: Standing,
    /// When it was applied for.
    pub applied: UtcMicros,
    /// The number of the provider.
    pub provider_number: String,
    /// Its name on that day.
    pub provider_name: String,
    /// How it is read, in katakana.
    pub provider_kana: String,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Any of number of the case, number, name and kana of the provider; empty for all.
    pub text: String,
    /// Only these statuses; none for all.
    pub standings: Vec<Standing>,
    /// In which order.
    pub sort: Sort,
    /// Which page, from 0.
    pub page: u32,
}

/// In which order lines come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The oldest application first: what has waited longest.
    Oldest,
    /// The youngest application first.
    #[default]
    Newest,
    /// By the name of the provider, as it is read.
    Kana,
    /// By the number of the provider.
    Provider,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its lines.
    pub lines: Vec<Line>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Lines on one page.
pub const PAGE: u32 = 50;
/// The longest text that is looked for, in characters.
pub(crate) const LONGEST: usize = 100;

const COLUMNS: &str = "id, number, status, applied_us, provider_number, provider_name, provider_kana";

/// The id of the case of this number, if it is of this operator.
pub(crate) fn by_number(tx: &mut Tx, scope: &Scope, number: CaseNumber) -> Result<Option<i64>, StoreError> {
    let row = tx.query_opt(
        "SELECT id FROM claims_case WHERE number = $1 AND operator_id = $2",
        params![number.to_string(), scope.operator().as_str()],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// The id of the case that a key of an order names: the number of the case.
pub(crate) fn by_order(tx: &mut Tx, number: &str) -> Result<Option<i64>, StoreError> {
    let row = tx.query_opt("SELECT id FROM claims_case WHERE number = $1", params![number])?;
    row.map(|row| row.get(0)).transpose()
}

/// Everything that a provider ever applied for, the youngest first, at most `most` (C4).
pub(crate) fn of_provider(tx: &mut Tx, provider: ProviderId, most: i64) -> Result<Vec<Line>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_case WHERE provider = $1 ORDER BY applied_us DESC, id DESC LIMIT $2"
    );
    tx.query(&sql, params![provider.0, most])?.iter().map(line).collect()
}

/// The number of an application of this provider that is not settled: 1, 3, 4, 9.
pub(crate) fn unsettled(tx: &mut Tx, provider: ProviderId) -> Result<Option<String>, StoreError> {
    let row = tx.query_opt(
        "SELECT number FROM claims_case WHERE provider = $1 AND status IN (1, 3, 4, 9) ORDER BY applied_us LIMIT 1",
        params![provider.0],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// One page of what is looked for, and how many there are (C8).
pub(crate) fn find(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<Found, StoreError> {
    let asked = Asked::new(scope, wanted);
    let Asked { condition, values, .. } = &asked;
    let total: i64 =
        tx.query_one(&format!("SELECT count(*) FROM claims_case WHERE {condition}"), values)?.get(0)?;
    let skipped = u64::from(wanted.page) * u64::from(PAGE);
    Ok(Found { lines: asked.lines(tx, PAGE, skipped)?, total: total.unsigned_abs() })
}

/// The first `most` lines of what is looked for, whatever the page (C8: the list as a file).
pub(crate) fn lines(tx: &mut Tx, scope: &Scope, wanted: &Wanted, most: u32) -> Result<Vec<Line>, StoreError> {
    Asked::new(scope, wanted).lines(tx, most, 0)
}

/// How many of what is looked for stand where, whatever statuses are asked for.
pub(crate) fn counts(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<(Standing, u64)>, StoreError> {
    let all = Wanted { standings: Vec::new(), ..wanted.clone() };
    let Asked { condition, values, .. } = Asked::new(scope, &all);
    let sql = format!("SELECT status, count(*) FROM claims_case WHERE {condition} GROUP BY status");
    let rows = tx.query(&sql, &values)?;
    rows.iter().map(|row| Ok((standing_of(row.get(0)?)?, row.get::<i64>(1)?.unsigned_abs()))).collect()
}

/// The number of the application that has waited longest for review; of those that came after `after`, if there is
/// one: so that who leaves one for later is not given it again at once.
pub(crate) fn next_to_review(
    tx: &mut Tx,
    scope: &Scope,
    after: Option<CaseNumber>,
) -> Result<Option<String>, StoreError> {
    let operator = scope.operator().as_str();
    let number = after.map(|number| number.to_string()).unwrap_or_default();
    let place = tx.query_opt(
        "SELECT applied_us, id FROM claims_case WHERE operator_id = $1 AND number = $2",
        params![operator, &number],
    )?;
    let (at, id): (i64, i64) = match &place {
        Some(row) => (row.get(0)?, row.get(1)?),
        None => (i64::MIN, 0),
    };
    let sql = "SELECT number FROM claims_case WHERE operator_id = $1 AND status = $2 \
               AND (applied_us > $3 OR (applied_us = $3 AND id > $4)) AND number <> $5 \
               ORDER BY applied_us, id LIMIT 1";
    let mut next = |at: i64, id: i64| -> Result<Option<String>, StoreError> {
        let row = tx.query_opt(sql, params![operator, Standing::Applied.code(), at, id, &number])?;
        row.map(|row| row.get(0)).transpose()
    };
    match next(at, id)? {
        Some(found) => Ok(Some(found)),
        None => next(i64::MIN, 0),
    }
}

/// How many cases stand where (dashboard), and since when the oldest waits there: for review since its application,
/// elsewhere since it came there. Where nothing is waited for, `None`.
pub(crate) fn standing(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<(Standing, u64, Option<UtcMicros>)>, StoreError> {
    let operator = scope.operator().as_str();
    let sql = "SELECT status, count(*) FROM claims_case WHERE operator_id = $1 GROUP BY status";
    let counted = tx.query(sql, params![operator])?;
    // The statuses in which somebody or something is waited for have few rows, however many there are in all.
    let sql = "SELECT status, min(applied_us), min(changed_us) FROM claims_case \
               WHERE operator_id = $1 AND status IN (1, 3, 4, 6, 7, 9) GROUP BY status";
    let mut waiting = Vec::new();
    for row in &tx.query(sql, params![operator])? {
        let standing = standing_of(row.get(0)?)?;
        let since: UtcMicros = row.get(if standing == Standing::Applied { 1 } else { 2 })?;
        waiting.push((standing, since));
    }
    let since = |standing| waiting.iter().find(|(s, _)| *s == standing).map(|(_, since)| *since);
    counted
        .iter()
        .map(|row| {
            let standing = standing_of(row.get(0)?)?;
            Ok((standing, row.get::<i64>(1)?.unsigned_abs(), since(standing)))
        })
        .collect()
}

/// What is looked for, as SQL.
struct Asked<'a> {
    condition: String,
    values: Vec<Value<'a>>,
    order: &'static str,
}

impl<'a> Asked<'a> {
    fn new(scope: &'a Scope, wanted: &Wanted) -> Self {
        let mut condition = String::from("operator_id = $1");
        let mut values: Vec<Value<'_>> = vec![scope.operator().as_str().into()];
        if !wanted.standings.is_empty() {
            let codes: Vec<String> = wanted.standings.iter().map(|s| s.code().to_string()).collect();
            condition.push_str(&format!(" AND status IN ({})", codes.join(", ")));
        }
        for word in words(&wanted.text) {
            values.push(format!("%{}%", escaped(&word)).into());
            let n = values.len();
            condition.push_str(&format!(" AND find LIKE ${n} ESCAPE '!'"));
        }
        let order = match wanted.sort {
            Sort::Oldest => "applied_us, id",
            Sort::Newest => "applied_us DESC, id DESC",
            Sort::Kana => "provider_kana, id",
            Sort::Provider => "provider_number, id",
        };
        Self { condition, values, order }
    }

    fn lines(&self, tx: &mut Tx, most: u32, skipped: u64) -> Result<Vec<Line>, StoreError> {
        let Self { condition, order, .. } = self;
        let sql = format!(
            "SELECT {COLUMNS} FROM claims_case WHERE {condition} ORDER BY {order} LIMIT {most} OFFSET {skipped}"
        );
        tx.query(&sql, &self.values)?.iter().map(line).collect()
    }
}

/// A text in the plain form in which it is stored for searching: NFKC, upper case, katakana.
pub(crate) fn finding(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let katakana = |c: char| match c {
        // The two blocks have the same order.
        '\u{3041}'..='\u{3096}' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        other => other,
    };
    text.nfkc().flat_map(char::to_uppercase).map(katakana).collect()
}

/// The words of a search, at most five.
fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LONGEST).collect();
    finding(&text).split_whitespace().take(5).map(str::to_owned).collect()
}

/// `!` before what LIKE would take for a pattern.
fn escaped(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            text.push('!');
        }
        text.push(c);
    }
    text
}

fn line(row: &Row) -> Result<Line, StoreError> {
    Ok(Line {
        id: row.get(0)?,
        number: row.get(1)?,
        standing: standing_of(row.get(2)?)?,
        applied: row.get(3)?,
        provider_number: row.get(4)?,
        provider_name: row.get(5)?,
        provider_kana: row.get(6)?,
    })
}

fn standing_of(code: i16) -> Result<Standing, StoreError> {
    Standing::of_code(code).ok_or_else(|| StoreError::Corrupt(format!("claims_case: status {code}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_a_search_meets_what_is_stored_whatever_the_width_and_the_kana() {
        let stored = finding("C-2026-0000001-7 1310000018 さくら介護センター Ｃａｒｅ サクラカイゴ");
        for typed in ["ｻｸﾗ", "さくら", "サクラ", "１３１", "care", "ＣＡＲＥ", "c-2026"] {
            assert!(words(typed).iter().all(|word| stored.contains(word)), "{typed}");
        }
        assert!(words("もみじ").iter().any(|word| !stored.contains(word)));
    }

    #[test]
    fn patterns_are_taken_for_what_they_are() {
        assert_eq!(escaped("100%_!"), "100!%!_!!");
    }
}
