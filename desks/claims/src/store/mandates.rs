//! Mandates (代理人の委任, C23): which agent claims for which care provider, from when until when. A mandate is ended,
//! never deleted.

use crate::{
    store::find::Place,
    words::{HolderId, HolderKind, HolderNumber},
};
use core_words::UtcMicros;
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// A mandate, with the two between whom it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Its id.
    pub id: i64,
    /// The ID of the agent, and its name.
    pub agent: (HolderNumber, String),
    /// The number of the care provider, and its name.
    pub provider: (HolderNumber, String),
    /// Since when: the first microsecond of a day in Japan.
    pub from: UtcMicros,
    /// Until when: the last microsecond of a day in Japan; `None` for one without an end.
    pub until: Option<UtcMicros>,
    /// When it was ended before that.
    pub ended: Option<UtcMicros>,
    /// What the clerk noted.
    pub note: String,
    /// What they noted at its end.
    pub end_note: String,
}

/// A mandate about to be entered.
#[derive(Clone, Debug)]
pub(crate) struct NewMandate<'a> {
    pub(crate) agent: HolderId,
    pub(crate) provider: HolderId,
    pub(crate) from: UtcMicros,
    pub(crate) until: Option<UtcMicros>,
    pub(crate) note: &'a str,
}

impl Mandate {
    /// Whether it is in force at `at`.
    pub fn in_force(&self, at: UtcMicros) -> bool {
        self.from <= at
            && self.until.is_none_or(|until| at <= until)
            && self.ended.is_none_or(|ended| at < ended)
    }

    /// Whether it is over at `at`, by its last day or by an end.
    pub fn is_over(&self, at: UtcMicros) -> bool {
        self.ended.is_some() || self.until.is_some_and(|until| until < at)
    }
}

/// Whether the agent held a mandate of the care provider at `at` (C24).
pub(crate) fn in_force(
    tx: &mut Tx,
    agent: HolderId,
    provider: HolderId,
    at: UtcMicros,
) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT id FROM claims_mandate WHERE agent = $1 AND provider = $2 AND from_us <= $3 \
         AND (until_us IS NULL OR until_us >= $3) AND (ended_us IS NULL OR ended_us > $3) LIMIT 1",
        params![agent.0, provider.0, at],
    )?;
    Ok(row.is_some())
}

/// Enters a mandate; `None` when the two have one already for a part of that time.
pub(crate) fn insert(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewMandate<'_>,
    now: UtcMicros,
) -> Result<Option<i64>, StoreError> {
    // One that was ended counts until its end; ended before it began, not at all.
    let overlaps = tx.query_opt(
        "SELECT id FROM claims_mandate WHERE agent = $1 AND provider = $2 AND from_us <= $3 \
         AND (until_us IS NULL OR until_us >= $4) AND (ended_us IS NULL OR (ended_us > $4 AND ended_us > from_us)) \
         LIMIT 1",
        params![new.agent.0, new.provider.0, new.until.unwrap_or(UtcMicros(i64::MAX)), new.from],
    )?;
    if overlaps.is_some() {
        return Ok(None);
    }
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO claims_mandate (id, operator_id, agent, provider, from_us, until_us, note, end_note, entered_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)",
        params![
            id,
            scope.operator().as_str(),
            new.agent.0,
            new.provider.0,
            new.from,
            new.until,
            new.note,
            now
        ],
    )?;
    Ok(Some(id))
}

/// Ends a mandate now; whether it was not over already.
pub(crate) fn end(
    tx: &mut Tx,
    scope: &Scope,
    id: i64,
    note: &str,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE claims_mandate SET ended_us = $1, end_note = $2 WHERE id = $3 AND operator_id = $4 \
         AND ended_us IS NULL AND (until_us IS NULL OR until_us >= $1)",
        params![now, note, id, scope.operator().as_str()],
    )?;
    Ok(changed == 1)
}

const MANDATE: &str = "SELECT m.id, a.number, a.name, p.number, p.name, m.from_us, m.until_us, m.ended_us, m.note, \
                       m.end_note, m.entered_us FROM claims_mandate m JOIN claims_holder a ON a.id = m.agent \
                       JOIN claims_holder p ON p.id = m.provider";

/// A mandate.
pub(crate) fn load(tx: &mut Tx, scope: &Scope, id: i64) -> Result<Option<Mandate>, StoreError> {
    let sql = format!("{MANDATE} WHERE m.id = $1 AND m.operator_id = $2");
    tx.query_opt(&sql, params![id, scope.operator().as_str()])?.as_ref().map(parse).transpose()
}

/// The mandates of a holder, as agent or as care provider, the youngest first, at most `most`.
pub(crate) fn of_holder(tx: &mut Tx, holder: HolderId, most: i64) -> Result<Vec<Mandate>, StoreError> {
    let sql = format!(
        "{MANDATE} WHERE m.agent = $1 OR m.provider = $1 ORDER BY m.from_us DESC, m.id DESC LIMIT $2"
    );
    tx.query(&sql, params![holder.0, most])?.iter().map(parse).collect()
}

/// The mandates of a holder behind a place, in the order in which they were entered; each with when that was.
pub(crate) fn walk(
    tx: &mut Tx,
    holder: HolderId,
    kind: HolderKind,
    after: Place,
    most: u32,
) -> Result<Vec<(UtcMicros, Mandate)>, StoreError> {
    let whose = match kind {
        HolderKind::Agent => "agent",
        HolderKind::Provider => "provider",
    };
    let sql = format!(
        "{MANDATE} WHERE m.{whose} = $1 AND (m.entered_us, m.id) > ($2, $3) ORDER BY m.entered_us, m.id LIMIT $4"
    );
    let rows = tx.query(&sql, params![holder.0, after.at, after.id, i64::from(most)])?;
    rows.iter().map(|row| Ok((row.get(10)?, parse(row)?))).collect()
}

fn parse(row: &Row) -> Result<Mandate, StoreError> {
    let id: i64 = row.get(0)?;
    let number = |column: usize| -> Result<HolderNumber, StoreError> {
        let text: String = row.get(column)?;
        HolderNumber::new(&text).ok_or_else(|| StoreError::Corrupt(format!("claims_mandate {id}: number")))
    };
    Ok(Mandate {
        id,
        agent: (number(1)?, row.get(2)?),
        provider: (number(3)?, row.get(4)?),
        from: row.get(5)?,
        until: row.get(6)?,
        ended: row.get(7)?,
        note: row.get(8)?,
        end_note: row.get(9)?,
    })
}

#[cfg(test)]
mod tests;
