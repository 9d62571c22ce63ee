//! Mass work as rows: runs, and their lines.

use crate::{
    status::{Hat, Standing},
    words::HolderId,
    work::{LineState, RunState, Work},
};
use core_words::{CaseNumber, OperatorId, Text, UtcMicros, UtcSeconds};
use kit_desk::{Capacity, Doer, Status};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params, row};

/// The number of a run: it stands in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub i64);

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// On whose behalf.
    pub operator: OperatorId,
    /// What it does to each of its lines.
    pub work: Work,
    /// How it stands.
    pub state: RunState,
    /// How often its state was changed: 1 when it is new.
    pub version: i64,
    /// How many lines it has.
    pub total: u64,
    /// How many of them were carried out.
    pub done: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// In what capacity it was started.
    pub capacity: Hat,
    /// The account of who started it.
    pub account: Option<i64>,
    /// Who started it, as the ledger names them.
    pub actor: String,
    /// When it was prepared.
    pub created: UtcMicros,
    /// When its lines were all there.
    pub started: Option<UtcMicros>,
    /// When its last line was carried out, or it was stopped.
    pub finished: Option<UtcMicros>,
}

/// A line about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// What it is about, as people know it: the number of a case, of a care provider.
    pub subject: String,
    /// What carrying it out needs to know; the form is the kind's own affair.
    pub payload: Vec<u8>,
}

/// A line that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) n: i64,
    pub(crate) subject: String,
    pub(crate) payload: Vec<u8>,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Which line: 1, 2, 3 …
    pub n: i64,
    /// How it stands.
    pub state: LineState,
    /// Why it was refused: the code of the refusal.
    pub code: Option<String>,
    /// What is told of it.
    pub told: Option<Text>,
}

/// A line as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLine {
    /// What it is about.
    pub subject: String,
    /// Number and name of whose case it is, where it is about one.
    pub holder: Option<(String, String)>,
    /// What became of it.
    pub ended: Ended,
    /// When; `None`: it waits.
    pub at: Option<UtcMicros>,
}

const COLUMNS: &str = "id, operator_id, state, version, total, done, refused, params, account, actor, capacity, \
                       created_us, started_us, finished_us";

/// A new run, loading; `None` when there is one of this token.
pub(crate) fn insert(
    tx: &mut Tx,
    scope: &Scope,
    work: &Work,
    token: &str,
    doer: &Doer<Hat>,
    now: UtcMicros,
) -> Result<Option<RunId>, StoreError> {
    let id = tx.next_id()?;
    let new = tx.execute(
        "INSERT INTO claims_run (id, operator_id, kind, params, state, version, total, done, refused, token, account, \
         actor, capacity, created_us) VALUES ($1, $2, $3, $4, $5, 1, 0, 0, 0, $6, $7, $8, $9, $10) \
         ON CONFLICT (operator_id, token) DO NOTHING",
        params![
            id,
            scope.operator().as_str(),
            work.slug(),
            work.to_octets(),
            RunState::Loading.code(),
            token,
            doer.account,
            doer.actor.as_str(),
            Capacity::slug(doer.capacity),
            now,
        ],
    )?;
    Ok((new == 1).then_some(RunId(id)))
}

/// The run of this token.
pub(crate) fn by_token(tx: &mut Tx, scope: &Scope, token: &str) -> Result<Option<RunId>, StoreError> {
    let row = tx.query_opt(
        "SELECT id FROM claims_run WHERE operator_id = $1 AND token = $2",
        params![scope.operator().as_str(), token],
    )?;
    row.map(|row| row.get(0).map(RunId)).transpose()
}

/// A run, for those who may see it.
pub(crate) fn load(tx: &mut Tx, scope: &Scope, id: RunId) -> Result<Option<Run>, StoreError> {
    Ok(by_id(tx, id)?.filter(|run| run.operator == *scope.operator()))
}

/// A run, for its job.
pub(crate) fn by_id(tx: &mut Tx, id: RunId) -> Result<Option<Run>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM claims_run WHERE id = $1");
    tx.query_opt(&sql, params![id.0])?.as_ref().map(parse).transpose()
}

/// Writes further lines of a run that is loading; whether it was, with so many lines as it had when it was read.
pub(crate) fn add(tx: &mut Tx, run: &Run, lines: &[NewLine]) -> Result<bool, StoreError> {
    let before = run.total.cast_signed();
    let changed = tx.execute(
        "UPDATE claims_run SET total = total + $1 WHERE id = $2 AND state = $3 AND total = $4",
        params![lines.len().cast_signed() as i64, run.id.0, RunState::Loading.code(), before],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let rows: Vec<_> = (before + 1..)
        .zip(lines)
        .map(|(n, line)| row![run.id.0, n, &line.subject, &line.payload, LineState::Waiting.code()])
        .collect();
    tx.insert_many(
        "INSERT INTO claims_run_line (run, n, subject, payload, state) VALUES ($1, $2, $3, $4, $5)",
        &rows,
    )?;
    Ok(true)
}

/// From one state to another, if it still stands in the first; whether it did. One that ends says when.
pub(crate) fn step(
    tx: &mut Tx,
    id: RunId,
    [from, to]: [RunState; 2],
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let started = (to == RunState::Running).then_some(now);
    let finished = (!to.goes_on()).then_some(now);
    let changed = tx.execute(
        "UPDATE claims_run SET state = $1, version = version + 1, started_us = COALESCE($2, started_us), \
         finished_us = $3 WHERE id = $4 AND state = $5",
        params![to.code(), started, finished, id.0, from.code()],
    )?;
    Ok(changed == 1)
}

/// Runs of a kind that an account prepared and never began are stopped: nothing of them is carried out.
pub(crate) fn give_up(
    tx: &mut Tx,
    scope: &Scope,
    kind: &str,
    account: Option<i64>,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let sql = "UPDATE claims_run SET state = $1, version = version + 1, finished_us = $2 \
               WHERE operator_id = $3 AND kind = $4 AND state = $5 AND coalesce(account, 0) = $6";
    let (from, to) = (RunState::Loading.code(), RunState::Stopped.code());
    tx.execute(sql, params![to, now, scope.operator().as_str(), kind, from, account.unwrap_or(0)])?;
    Ok(())
}

/// Runs that were prepared before this time and never begun are stopped.
pub(crate) fn give_up_left(tx: &mut Tx, before: UtcMicros, now: UtcMicros) -> Result<(), StoreError> {
    let (from, to) = (RunState::Loading.code(), RunState::Stopped.code());
    tx.execute(
        "UPDATE claims_run SET state = $1, version = version + 1, finished_us = $2 WHERE state = $3 AND created_us < $4",
        params![to, now, from, before],
    )?;
    Ok(())
}

/// The next lines that wait, in order.
pub(crate) fn waiting(tx: &mut Tx, id: RunId, most: u32) -> Result<Vec<Waiting>, StoreError> {
    let rows = tx.query(
        // The index is partial: the number of the state must stand in the text.
        "SELECT n, subject, payload FROM claims_run_line WHERE run = $1 AND state = 1 ORDER BY n LIMIT $2",
        params![id.0, most],
    )?;
    rows.iter()
        .map(|row| Ok(Waiting { n: row.get(0)?, subject: row.get(1)?, payload: row.get(2)? }))
        .collect()
}

/// Marks lines that waited, and counts them.
///
/// # Errors
/// [`StoreError::Conflict`] when one did not wait any more, or the run was stopped: all of it is rolled back.
pub(crate) fn mark(tx: &mut Tx, id: RunId, ended: &[Ended], now: UtcMicros) -> Result<(), StoreError> {
    let rows: Vec<_> = ended
        .iter()
        .map(|line| {
            let (ja, en) = line.told.as_ref().map(|told| (&told.ja, &told.en)).unzip();
            row![line.state.code(), line.code.as_deref(), ja, en, now, id.0, line.n]
        })
        .collect();
    let marked = tx.update_many(
        "UPDATE claims_run_line SET state = $1, code = $2, told_ja = $3, told_en = $4, ended_us = $5 \
         WHERE run = $6 AND n = $7 AND state = 1",
        &rows,
    )?;
    let of = |state| ended.iter().filter(|line| line.state == state).count().cast_signed() as i64;
    let counted = tx.execute(
        "UPDATE claims_run SET done = done + $1, refused = refused + $2 WHERE id = $3 AND state = $4",
        params![of(LineState::Done), of(LineState::Refused), id.0, RunState::Running.code()],
    )?;
    if marked == ended.len() as u64 && counted == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Runs of a federation, the latest first, and how many there are.
pub(crate) fn list(
    tx: &mut Tx,
    scope: &Scope,
    most: u32,
    skipped: u64,
) -> Result<(Vec<Run>, u64), StoreError> {
    let operator = scope.operator().as_str();
    let total: i64 =
        tx.query_one("SELECT count(*) FROM claims_run WHERE operator_id = $1", params![operator])?.get(0)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_run WHERE operator_id = $1 ORDER BY created_us DESC, id DESC LIMIT $2 OFFSET $3"
    );
    let rows = tx.query(&sql, params![operator, most, skipped.cast_signed()])?;
    Ok((rows.iter().map(parse).collect::<Result<_, _>>()?, total.unsigned_abs()))
}

/// Lines of a run after line `after`, at most `most`: all, or the refused ones. One stretch after another is the whole,
/// without holding it.
pub(crate) fn lines(
    tx: &mut Tx,
    id: RunId,
    refused: bool,
    after: i64,
    most: u32,
) -> Result<Vec<RunLine>, StoreError> {
    let only = if refused { "AND l.state = 3" } else { "" };
    let sql = format!(
        "SELECT l.n, l.subject, l.state, l.code, l.told_ja, l.told_en, l.ended_us, c.holder_number, c.holder_name \
         FROM claims_run_line l LEFT JOIN claims_case c ON c.number = l.subject \
         WHERE l.run = $1 AND l.n > $2 {only} ORDER BY l.n LIMIT $3"
    );
    let rows = tx.query(&sql, params![id.0, after, most])?;
    rows.iter()
        .map(|row| {
            let n = row.get(0)?;
            let corrupt = || StoreError::Corrupt(format!("claims_run_line {}/{n}: state", id.0));
            let told = row.get::<Option<String>>(4)?.zip(row.get::<Option<String>>(5)?);
            let told = told.map(|(ja, en)| Text::new(ja, en));
            let holder = row.get::<Option<String>>(7)?.zip(row.get::<Option<String>>(8)?);
            let state = LineState::of_code(row.get(2)?).ok_or_else(corrupt)?;
            let ended = Ended { n, state, code: row.get(3)?, told };
            Ok(RunLine { subject: row.get(1)?, holder, ended, at: row.get(6)? })
        })
        .collect()
}

/// A case that was chosen for a run, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) standing: Standing,
    pub(crate) version: i64,
    pub(crate) holder: i64,
    pub(crate) holder_number: String,
    pub(crate) holder_name: String,
    /// Last second of its certificate, where there is one.
    pub(crate) not_after: Option<UtcSeconds>,
}

const CHOSEN: &str =
    "SELECT id, number, status, version, holder, holder_number, holder_name, not_after_s FROM claims_case";

/// The cases of these ids, in their order. Whose they are was asked when the ids were found.
pub(crate) fn of_ids(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Chosen>, StoreError> {
    let rows: Vec<_> = ids.iter().map(|id| row![*id]).collect();
    all(tx.query_many(&format!("{CHOSEN} WHERE id = $1"), &rows)?)
}

/// The cases of these numbers, in their order; those of others are passed over.
pub(crate) fn of_numbers(
    tx: &mut Tx,
    scope: &Scope,
    numbers: &[CaseNumber],
) -> Result<Vec<Chosen>, StoreError> {
    let operator = scope.operator().as_str();
    let rows: Vec<_> = numbers.iter().map(|number| row![number.to_string(), operator]).collect();
    all(tx.query_many(&format!("{CHOSEN} WHERE number = $1 AND operator_id = $2"), &rows)?)
}

/// The issued certificates of each of these holders, the oldest first.
pub(crate) fn issued(tx: &mut Tx, holders: &[HolderId]) -> Result<Vec<Vec<Chosen>>, StoreError> {
    let rows: Vec<_> = holders.iter().map(|holder| row![holder.0]).collect();
    let sql = format!("{CHOSEN} WHERE holder = $1 AND status = 5 ORDER BY applied_us, id");
    tx.query_many(&sql, &rows)?.into_iter().map(|rows| rows.iter().map(chosen).collect()).collect()
}

fn all(found: Vec<Vec<Row>>) -> Result<Vec<Chosen>, StoreError> {
    found.iter().flatten().map(chosen).collect()
}

fn chosen(row: &Row) -> Result<Chosen, StoreError> {
    let id = row.get(0)?;
    let corrupt = || StoreError::Corrupt(format!("claims_case {id}: status"));
    Ok(Chosen {
        id,
        number: row.get(1)?,
        standing: Standing::of_code(row.get(2)?).ok_or_else(corrupt)?,
        version: row.get(3)?,
        holder: row.get(4)?,
        holder_number: row.get(5)?,
        holder_name: row.get(6)?,
        not_after: row.get::<Option<i64>>(7)?.map(UtcSeconds),
    })
}

fn parse(row: &Row) -> Result<Run, StoreError> {
    let id: i64 = row.get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("claims_run {id}: {column}"));
    let (operator, capacity): (String, String) = (row.get(1)?, row.get(10)?);
    let count = |column| row.get::<i64>(column).map(i64::unsigned_abs);
    Ok(Run {
        id: RunId(id),
        operator: OperatorId::new(&operator).map_err(|_| corrupt("operator_id"))?,
        work: Work::of_octets(row.get(7)?).ok_or_else(|| corrupt("params"))?,
        state: RunState::of_code(row.get(2)?).ok_or_else(|| corrupt("state"))?,
        version: row.get(3)?,
        total: count(4)?,
        done: count(5)?,
        refused: count(6)?,
        capacity: <Hat as Capacity>::of_slug(&capacity).ok_or_else(|| corrupt("capacity"))?,
        account: row.get(8)?,
        actor: row.get(9)?,
        created: row.get(11)?,
        started: row.get(12)?,
        finished: row.get(13)?,
    })
}
