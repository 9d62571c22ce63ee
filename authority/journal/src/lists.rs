//! Lists (`ca_list`, `ca_list_series`): numbers, what is current, where the files lie (K4).
//!
//! A [`Scope`] has one series of numbers, which its full and delta lists share (RFC 5280 §5.2.3). A number is
//! taken with [`number`] and becomes current with [`publish`]; whatever happens between, it is never given out
//! again. Beside them, in files of their own: the names under which lists are served, what every scope has at
//! present, which certificates changed since a list, and the files that nobody needs any more.

mod changes;
mod files;
mod names;
mod survey;

pub use changes::{changed_since, changes, has_late_change};
#[cfg(test)]
pub(crate) use changes::{changes_sql, late_sql};
pub use files::{ListFile, abandon, files, forget_file};
pub use names::{BadListName, ListName};
pub use survey::{ScopeState, survey};

use crate::codes::ListState;
use core_words::{AuthorityId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// What one list covers: the certificates of one generation of an authority's key, all of them or one partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// The authority.
    pub authority: AuthorityId,
    /// The generation of its key: it signs the lists of exactly the certificates that it signed.
    pub generation: u16,
    /// 0 for the list of all; 1 and up for one partition.
    pub partition: u16,
}

impl std::fmt::Display for Scope {
    /// `claims-ca/1` or `claims-ca/1/p3`: for the ledger, job keys and messages.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.authority, self.generation)?;
        if self.partition == 0 { Ok(()) } else { write!(f, "/p{}", self.partition) }
    }
}

/// Full or delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListKind {
    /// Everything revoked in the scope.
    Full,
    /// What changed since a full list, its base (RFC 5280 §5.2.4).
    Delta,
}

impl std::fmt::Display for ListKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Full => "full",
            Self::Delta => "delta",
        })
    }
}

/// One list, published or on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its id here.
    pub id: i64,
    /// What it covers.
    pub scope: Scope,
    /// Its cRLNumber.
    pub number: i64,
    /// The number of the full list that a delta list builds on; `None` for a full list.
    pub base: Option<i64>,
    /// How far it has come.
    pub state: ListState,
    /// Its thisUpdate: whole seconds.
    pub this_update: UtcMicros,
    /// Its nextUpdate: whole seconds.
    pub next_update: UtcMicros,
    /// It covers every change whose place in the feed is at most this.
    pub feed_seq: i64,
    /// How many certificates stand on it.
    pub entries: i64,
    /// Its size in octets, signature included.
    pub octets: i64,
    /// SHA-256 of the whole file; `None` until it is published.
    pub sha256: Option<[u8; 32]>,
    /// The name of its file in the blob store; `None` once the file is deleted.
    pub blob: Option<String>,
    /// When it was numbered, by the clock.
    pub created: UtcMicros,
}

impl List {
    /// Full or delta.
    pub fn kind(&self) -> ListKind {
        if self.base.is_none() { ListKind::Full } else { ListKind::Delta }
    }
}

/// The numbers of a scope and what is current in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The last number given out; 0 before the first.
    pub last_number: i64,
    /// The full list that is served.
    pub full: Option<List>,
    /// The delta list that is served.
    pub delta: Option<List>,
}

impl Series {
    /// The current list of this kind.
    pub fn current(&self, kind: ListKind) -> Option<&List> {
        match kind {
            ListKind::Full => self.full.as_ref(),
            ListKind::Delta => self.delta.as_ref(),
        }
    }
}

/// A list about to be numbered.
#[derive(Clone, Debug)]
pub struct NewList {
    /// What it covers.
    pub scope: Scope,
    /// The number of its base, for a delta list.
    pub base: Option<i64>,
    /// Its thisUpdate: whole seconds.
    pub this_update: UtcMicros,
    /// Its nextUpdate: whole seconds.
    pub next_update: UtcMicros,
    /// Now, by the clock.
    pub created: UtcMicros,
}

/// What is known of a list once its file is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// It covers every change whose place in the feed is at most this.
    pub feed_seq: i64,
    /// How many certificates stand on it.
    pub entries: i64,
    /// Its size in octets.
    pub octets: i64,
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
}

/// What became of a list that was to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// It is current now.
    Current,
    /// A later list was there first; this one is given up and its number is not used again.
    Superseded,
    /// It had been given up meanwhile, or published already; nothing changed.
    NotWaiting,
}

pub(crate) const COLUMNS: &str = "l.id, l.authority, l.generation, l.partition_no, l.number, l.base_number, l.state, \
     l.this_update_us, l.next_update_us, l.feed_seq, l.entries, l.octets, l.sha256, l.blob, l.created_us";

/// Takes the next number of the scope and records the list as being written.
pub fn number(tx: &mut Tx, new: &NewList) -> Result<List, StoreError> {
    let scope = &new.scope;
    let row = tx.query_one(
        "INSERT INTO ca_list_series (authority, generation, partition_no, last_number) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (authority, generation, partition_no) \
         DO UPDATE SET last_number = ca_list_series.last_number + 1 RETURNING last_number",
        params![scope.authority.as_str(), scope.generation, scope.partition],
    )?;
    let number: i64 = row.get(0)?;
    let id = tx.next_id()?;
    let blob = file_name(scope, number);
    tx.execute(
        "INSERT INTO ca_list (id, authority, generation, partition_no, number, base_number, state, \
         this_update_us, next_update_us, feed_seq, entries, octets, blob, created_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10, $11)",
        params![
            id,
            scope.authority.as_str(),
            scope.generation,
            scope.partition,
            number,
            new.base,
            ListState::Numbered.code(),
            new.this_update,
            new.next_update,
            blob.as_str(),
            new.created,
        ],
    )?;
    Ok(List {
        id,
        scope: scope.clone(),
        number,
        base: new.base,
        state: ListState::Numbered,
        this_update: new.this_update,
        next_update: new.next_update,
        feed_seq: 0,
        entries: 0,
        octets: 0,
        sha256: None,
        blob: Some(blob),
        created: new.created,
    })
}

/// Makes a written list the current one of its kind, unless that would go back.
///
/// A full list must have a higher number than the current full list and no earlier thisUpdate. A delta list
/// must besides be later than the current full list, which else says more than it. A full list may come out
/// after a delta list with a higher number: that delta still builds on it, so nothing is forgotten.
pub fn publish(tx: &mut Tx, list: &List, written: &Written) -> Result<Publication, StoreError> {
    let series = series(tx, &list.scope)?;
    let later = |other: &Option<List>| {
        other.as_ref().is_none_or(|o| o.number < list.number && o.this_update <= list.this_update)
    };
    let forward = match list.kind() {
        ListKind::Full => later(&series.full),
        ListKind::Delta => later(&series.full) && later(&series.delta),
    };
    if !forward {
        let given_up = abandon(tx, list.id)?;
        return Ok(if given_up { Publication::Superseded } else { Publication::NotWaiting });
    }
    let changed = tx.execute(
        "UPDATE ca_list SET state = $2, feed_seq = $3, entries = $4, octets = $5, sha256 = $6 \
         WHERE id = $1 AND state = $7",
        params![
            list.id,
            ListState::Published.code(),
            written.feed_seq,
            written.entries,
            written.octets,
            &written.sha256,
            ListState::Numbered.code(),
        ],
    )?;
    if changed != 1 {
        return Ok(Publication::NotWaiting);
    }
    let sql = match list.kind() {
        ListKind::Full => {
            "UPDATE ca_list_series SET current_full = $4 \
             WHERE authority = $1 AND generation = $2 AND partition_no = $3 AND COALESCE(current_full, 0) < $4"
        }
        ListKind::Delta => {
            "UPDATE ca_list_series SET current_delta = $4 \
             WHERE authority = $1 AND generation = $2 AND partition_no = $3 AND COALESCE(current_delta, 0) < $4"
        }
    };
    let scope = &list.scope;
    let moved =
        tx.execute(sql, params![scope.authority.as_str(), scope.generation, scope.partition, list.number])?;
    // The series was read in this transaction; whoever moved it since makes the whole of it run again.
    if moved == 1 { Ok(Publication::Current) } else { Err(StoreError::Conflict) }
}

/// The numbers of a scope and its current lists; all empty before the first list.
pub fn series(tx: &mut Tx, scope: &Scope) -> Result<Series, StoreError> {
    let row = tx.query_opt(
        "SELECT last_number, current_full, current_delta FROM ca_list_series \
         WHERE authority = $1 AND generation = $2 AND partition_no = $3",
        params![scope.authority.as_str(), scope.generation, scope.partition],
    )?;
    let Some(row) = row else {
        return Ok(Series::default());
    };
    let (full, delta): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
    let mut current = |number: Option<i64>| match number {
        None => Ok(None),
        Some(number) => match get(tx, scope, number)? {
            Some(list) => Ok(Some(list)),
            None => Err(StoreError::Corrupt(format!("ca_list_series of {scope}: there is no list {number}"))),
        },
    };
    Ok(Series { last_number: row.get(0)?, full: current(full)?, delta: current(delta)? })
}

/// The last number given out in a scope; 0 for none.
pub fn last_number(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let row = tx.query_opt(
        "SELECT last_number FROM ca_list_series \
         WHERE authority = $1 AND generation = $2 AND partition_no = $3",
        params![scope.authority.as_str(), scope.generation, scope.partition],
    )?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// One list by its number.
pub fn get(tx: &mut Tx, scope: &Scope, number: i64) -> Result<Option<List>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ca_list l \
         WHERE l.authority = $1 AND l.generation = $2 AND l.partition_no = $3 AND l.number = $4"
    );
    tx.query_opt(&sql, params![scope.authority.as_str(), scope.generation, scope.partition, number])?
        .as_ref()
        .map(parse)
        .transpose()
}

/// The published full lists of an authority that bear this number and whose files are still there, those of the
/// latest generation first: each scope has numbers of its own.
pub fn full_of_number(tx: &mut Tx, authority: &AuthorityId, number: i64) -> Result<Vec<List>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ca_list l WHERE l.authority = $1 AND l.number = $2 AND l.state = $3 \
         AND l.base_number IS NULL AND l.blob IS NOT NULL ORDER BY l.generation DESC, l.partition_no"
    );
    let rows = tx.query(&sql, params![authority.as_str(), number, ListState::Published.code()])?;
    rows.iter().map(parse).collect()
}

/// Skips `by` numbers in every series. A restored database does not know which numbers were given out after the
/// backup was taken; none of them may be given out again.
pub fn skip_numbers(tx: &mut Tx, by: u32) -> Result<(), StoreError> {
    tx.execute("UPDATE ca_list_series SET last_number = last_number + $1", params![by])?;
    Ok(())
}

/// The name of a list's file. A number is given out once, so no name ever stands for two contents.
fn file_name(scope: &Scope, number: i64) -> String {
    format!("lists/{}/{}-{}-{number}.crl", scope.authority, scope.generation, scope.partition)
}

pub(crate) fn parse(row: &Row) -> Result<List, StoreError> {
    let id: i64 = row.get(0)?;
    let broken = |column: &str, why: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("ca_list.{column} of {id}: {why}"))
    };
    let authority: &str = row.get(1)?;
    let list = List {
        id,
        scope: Scope {
            authority: AuthorityId::new(authority).map_err(|e| broken("authority", &e))?,
            generation: row.get(2)?,
            partition: row.get(3)?,
        },
        number: row.get(4)?,
        base: row.get(5)?,
        state: ListState::from_code(row.get(6)?).map_err(|e| broken("state", &e))?,
        this_update: row.get(7)?,
        next_update: row.get(8)?,
        feed_seq: row.get(9)?,
        entries: row.get(10)?,
        octets: row.get(11)?,
        sha256: row.get(12)?,
        blob: row.get(13)?,
        created: row.get(14)?,
    };
    if list.state == ListState::Published && list.sha256.is_none() {
        return Err(broken("sha256", &"a published list has none"));
    }
    Ok(list)
}
