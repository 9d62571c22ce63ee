//! Finding cases: by number, by certificate, and as lists that people search, sort and page through (C4, C8).

mod asked;
mod walk;

pub(crate) use asked::LONGEST;
pub(super) use asked::{pattern, words};
pub(crate) use walk::{Place, Walk, walk};

use asked::Asked;

use crate::{status::Standing, words::HolderId};
use core_words::{CaseNumber, UtcMicros};
use kit_desk::Status;
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};
use std::collections::BTreeSet;

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
    pub holder_number: String,
    /// Its name on that day.
    pub holder_name: String,
    /// How it is read, in katakana.
    pub holder_kana: String,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words, each of them anywhere in number, name or kana of the provider, or the beginning of the number of the
    /// case; alone, also its running number. Empty for all.
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

const COLUMNS: &str = "x.id, x.number, x.status, x.applied_us, x.holder_number, x.holder_name, \
                       x.holder_kana";
/// Where the total stands after them.
const TOTAL: usize = 7;

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

/// Everything that a holder ever applied for, the youngest first, at most `most` (C4).
pub(crate) fn of_holder(tx: &mut Tx, holder: HolderId, most: i64) -> Result<Vec<Line>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_case x WHERE holder = $1 ORDER BY applied_us DESC, id DESC LIMIT $2"
    );
    tx.query(&sql, params![holder.0, most])?.iter().map(line).collect()
}

/// The numbers of those of this holder's certificates that nobody can use: their keys were erased before they were
/// fetched (C5).
pub(crate) fn lost(tx: &mut Tx, holder: HolderId) -> Result<BTreeSet<String>, StoreError> {
    let rows = tx.query(
        "SELECT number FROM claims_case WHERE holder = $1 AND status = 5 AND key_erased_us IS NOT NULL \
         AND fetched_us IS NULL",
        params![holder.0],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The number of an application of this holder that is not settled: 1, 3, 4, 9.
pub(crate) fn unsettled(tx: &mut Tx, holder: HolderId) -> Result<Option<String>, StoreError> {
    let row = tx.query_opt(
        "SELECT number FROM claims_case WHERE holder = $1 AND status IN (1, 3, 4, 9) ORDER BY applied_us LIMIT 1",
        params![holder.0],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// The youngest application that renews the certificate of a case and was not rejected, with what came of it (C22).
pub(crate) fn renewing(tx: &mut Tx, number: &str) -> Result<Option<Line>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_case x WHERE renews = $1 AND status IN (1, 2, 3, 4, 5) \
         ORDER BY applied_us DESC, id DESC LIMIT 1"
    );
    tx.query_opt(&sql, params![number])?.as_ref().map(line).transpose()
}

/// One page of what is looked for, and how many there are (C8).
pub(crate) fn find(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<Found, StoreError> {
    let asked = Asked::new(tx, scope, wanted)?;
    let skipped = u64::from(wanted.page) * u64::from(PAGE);
    if !asked.by_words {
        let total = count(tx, &asked)?;
        return Ok(Found { lines: near(tx, &asked, skipped, total)?, total });
    }
    // Names are looked through once for both.
    let (lines, total) = some(tx, &asked, PAGE, skipped)?;
    let total = if lines.is_empty() && skipped > 0 { count(tx, &asked)? } else { total };
    Ok(Found { lines, total })
}

/// The first `most` lines of what is looked for, whatever the page (C8: the list as a file).
pub(crate) fn lines(tx: &mut Tx, scope: &Scope, wanted: &Wanted, most: u32) -> Result<Vec<Line>, StoreError> {
    let asked = Asked::new(tx, scope, wanted)?;
    stretch(tx, &asked, asked.order.inside, u64::from(most), 0)
}

/// How many of what is looked for stand where, whatever statuses are asked for.
pub(crate) fn counts(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<(Standing, u64)>, StoreError> {
    let all = Wanted { standings: Vec::new(), ..wanted.clone() };
    let asked = Asked::new(tx, scope, &all)?;
    let rows = tx.query(&asked.counts(), &asked.values)?;
    rows.iter().map(|row| Ok((standing_of(row.get(0)?)?, row.get::<i64>(1)?.unsigned_abs()))).collect()
}

/// How many there are.
fn count(tx: &mut Tx, asked: &Asked<'_>) -> Result<u64, StoreError> {
    Ok(tx.query_one(&asked.total(), &asked.values)?.get::<i64>(0)?.unsigned_abs())
}

/// The lines of a page, counted from the end that is nearer.
fn near(tx: &mut Tx, asked: &Asked<'_>, skipped: u64, total: u64) -> Result<Vec<Line>, StoreError> {
    let here = total.saturating_sub(skipped).min(u64::from(PAGE));
    let behind = total.saturating_sub(skipped + here);
    match (here, skipped > behind) {
        (0, _) => Ok(Vec::new()),
        (_, false) => stretch(tx, asked, asked.order.inside, here, skipped),
        (_, true) => stretch(tx, asked, asked.order.backwards, here, behind),
    }
}

/// `most` lines after the first `skipped` in the order `order`, themselves in the order that was asked for.
fn stretch(
    tx: &mut Tx,
    asked: &Asked<'_>,
    order: &str,
    most: u64,
    skipped: u64,
) -> Result<Vec<Line>, StoreError> {
    let rows = tx.query(&asked.lines(order, most, skipped), &asked.values)?;
    rows.iter().map(line).collect()
}

/// `most` lines after the first `skipped`, and how many there are in all, if there is a line.
fn some(tx: &mut Tx, asked: &Asked<'_>, most: u32, skipped: u64) -> Result<(Vec<Line>, u64), StoreError> {
    let rows = tx.query(&asked.lines_and_total(most, skipped), &asked.values)?;
    let total: i64 = rows.first().map_or(Ok(0), |row| row.get(TOTAL))?;
    Ok((rows.iter().map(line).collect::<Result<_, _>>()?, total.unsigned_abs()))
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
               WHERE operator_id = $1 AND status IN (1, 2, 3, 4, 6, 7, 9) GROUP BY status";
    let mut waiting = Vec::new();
    for row in &tx.query(sql, params![operator])? {
        let standing = standing_of(row.get(0)?)?;
        let since: UtcMicros =
            row.get(if matches!(standing, Standing::Applied | Standing::AwaitingPayment) { 1 } else { 2 })?;
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

fn line(row: &Row) -> Result<Line, StoreError> {
    Ok(Line {
        id: row.get(0)?,
        number: row.get(1)?,
        standing: standing_of(row.get(2)?)?,
        applied: row.get(3)?,
        holder_number: row.get(4)?,
        holder_name: row.get(5)?,
        holder_kana: row.get(6)?,
    })
}

fn standing_of(code: i16) -> Result<Standing, StoreError> {
    Standing::of_code(code).ok_or_else(|| StoreError::Corrupt(format!("claims_case: status {code}")))
}

#[cfg(test)]
mod tests;
