//! Authorities (`ca_authority`): who issues, under which rules, and whether at present (K1).
//!
//! Beside them, in files of their own: the generations of their keys, every profile text ever in force,
//! and the records of key ceremonies.

mod ceremonies;
mod generations;
mod profiles;

pub use ceremonies::{CeremonyRow, begin_ceremony, ceremonies, ceremony, finish_ceremony};
pub use generations::{
    Generation, active_generation, generation, generations, insert_generation, set_generation_state,
};
pub use profiles::{StoredProfile, profile_by_hash, profiles_by_id, remember_profile};

use crate::codes::{AuthorityKind, AuthorityState};
use core_words::{AuthorityId, OperatorId, ProfileId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// When an authority's lists are made and how long they live. All values are seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSchedule {
    /// A full list at least this often.
    pub full_every_s: i64,
    /// nextUpdate − thisUpdate of a full list.
    pub full_life_s: i64,
    /// A delta list at least this often; 0 for no delta lists.
    pub delta_every_s: i64,
    /// nextUpdate − thisUpdate of a delta list; 0 without delta lists.
    pub delta_life_s: i64,
    /// The next list is out at the latest this long after a revocation.
    pub soon_s: i64,
}

/// One authority of this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its name, also in URLs.
    pub id: AuthorityId,
    /// The organisation it belongs to.
    pub operator: OperatorId,
    /// Root or issuing.
    pub kind: AuthorityKind,
    /// The authority that certified it; `None` for a root.
    pub parent: Option<AuthorityId>,
    /// Whether it issues.
    pub state: AuthorityState,
    /// The generation that issues.
    pub active_generation: u16,
    /// Into how many partitions its lists are split beside the list of all; 0 for none.
    pub partitions: u16,
    /// What its URLs begin with, fixed at the ceremony, without a slash at the end.
    pub base_url: String,
    /// The profiles under which subscribers may order from it.
    pub profiles: Vec<ProfileId>,
    /// When its lists are made.
    pub schedule: ListSchedule,
    /// When it was recorded.
    pub created: UtcMicros,
}

impl Authority {
    /// Whether subscribers may order under this profile.
    pub fn allows(&self, profile: &ProfileId) -> bool {
        self.profiles.contains(profile)
    }
}

const COLUMNS: &str = "id, operator, kind, parent, state, active_generation, partitions, base_url, profiles, \
     full_every_s, full_life_s, delta_every_s, delta_life_s, soon_s, created_us";

/// Records a new authority. Fails as unique when there is one of this name.
pub fn insert(tx: &mut Tx, authority: &Authority) -> Result<(), StoreError> {
    let profiles: Vec<&str> = authority.profiles.iter().map(ProfileId::as_str).collect();
    tx.execute(
        &format!(
            "INSERT INTO ca_authority ({COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        params![
            authority.id.as_str(),
            authority.operator.as_str(),
            authority.kind.code(),
            authority.parent.as_ref().map(|p| p.as_str().to_owned()),
            authority.state.code(),
            small(authority.active_generation),
            small(authority.partitions),
            authority.base_url.as_str(),
            profiles.join(" "),
            authority.schedule.full_every_s,
            authority.schedule.full_life_s,
            authority.schedule.delta_every_s,
            authority.schedule.delta_life_s,
            authority.schedule.soon_s,
            authority.created,
        ],
    )?;
    Ok(())
}

/// One authority.
pub fn get(tx: &mut Tx, id: &AuthorityId) -> Result<Option<Authority>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_authority WHERE id = $1");
    tx.query_opt(&sql, params![id.as_str()])?.as_ref().map(parse).transpose()
}

/// The state of an authority and the generation that issues, and nothing else: what each group of orders asks.
pub fn issuing_state(tx: &mut Tx, id: &AuthorityId) -> Result<Option<(AuthorityState, u16)>, StoreError> {
    let row = tx
        .query_opt("SELECT state, active_generation FROM ca_authority WHERE id = $1", params![id.as_str()])?;
    row.map(|row| {
        let state = AuthorityState::from_code(row.get(0)?)
            .map_err(|e| broken("ca_authority", "state", id.as_str(), e.to_string()))?;
        Ok((state, row.get(1)?))
    })
    .transpose()
}

/// Every authority, in the order of their names.
pub fn list(tx: &mut Tx) -> Result<Vec<Authority>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_authority ORDER BY id");
    tx.query(&sql, params![])?.iter().map(parse).collect()
}

/// Changes the state of an authority that is in `from`. False: it was not, and nothing changed.
pub fn set_state(
    tx: &mut Tx,
    id: &AuthorityId,
    from: AuthorityState,
    to: AuthorityState,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_authority SET state = $3 WHERE id = $1 AND state = $2",
        params![id.as_str(), from.code(), to.code()],
    )?;
    Ok(changed == 1)
}

/// Makes `to` the generation that issues, if `from` is. False: it was not, and nothing changed.
///
/// The states of both generations are changed by [`set_generation_state`] in the same transaction.
pub fn switch_generation(tx: &mut Tx, id: &AuthorityId, from: u16, to: u16) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_authority SET active_generation = $3 WHERE id = $1 AND active_generation = $2",
        params![id.as_str(), small(from), small(to)],
    )?;
    Ok(changed == 1)
}

fn parse(row: &Row) -> Result<Authority, StoreError> {
    let id: String = row.get(0)?;
    let broken = |column, why: String| broken("ca_authority", column, &id, why);
    let profiles: String = row.get(8)?;
    Ok(Authority {
        id: AuthorityId::new(&id).map_err(|e| broken("id", e.to_string()))?,
        operator: OperatorId::new(&row.get::<String>(1)?).map_err(|e| broken("operator", e.to_string()))?,
        kind: AuthorityKind::from_code(row.get(2)?).map_err(|e| broken("kind", e.to_string()))?,
        parent: row
            .get::<Option<String>>(3)?
            .map(|p| AuthorityId::new(&p))
            .transpose()
            .map_err(|e| broken("parent", e.to_string()))?,
        state: AuthorityState::from_code(row.get(4)?).map_err(|e| broken("state", e.to_string()))?,
        active_generation: count(row.get(5)?).map_err(|e| broken("active_generation", e))?,
        partitions: count(row.get(6)?).map_err(|e| broken("partitions", e))?,
        base_url: row.get(7)?,
        profiles: profiles
            .split_ascii_whitespace()
            .map(ProfileId::new)
            .collect::<Result<_, _>>()
            .map_err(|e| broken("profiles", e.to_string()))?,
        schedule: ListSchedule {
            full_every_s: row.get(9)?,
            full_life_s: row.get(10)?,
            delta_every_s: row.get(11)?,
            delta_life_s: row.get(12)?,
            soon_s: row.get(13)?,
        },
        created: row.get(14)?,
    })
}

/// A small count as it is stored. Values are checked at the ceremony, so the saturation is never reached.
fn small(value: u16) -> i16 {
    i16::try_from(value).unwrap_or(i16::MAX)
}

fn count(value: i16) -> Result<u16, String> {
    u16::try_from(value).map_err(|_| format!("{value} is negative"))
}

/// A row that makes no sense, named by table, column and key.
fn broken(table: &'static str, column: &'static str, key: &str, why: String) -> StoreError {
    StoreError::Corrupt(format!("{table}.{column} of {key}: {why}"))
}

#[cfg(test)]
mod tests;
