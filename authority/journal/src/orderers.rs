//! Registered RA credentials (`ca_orderer`): who may order what (K3).
//!
//! A credential is a bearer token, a client certificate, or both; of either only the SHA-256 is kept.

use crate::codes::OrdererState;
use core_words::{AuthorityId, OperatorId, ProfileId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// What a credential may name: everything, or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope<T> {
    /// Whatever there is, now and later.
    Any,
    /// These.
    Only(Vec<T>),
}

impl<T: PartialEq> Scope<T> {
    /// Whether `item` is within.
    pub fn allows(&self, item: &T) -> bool {
        match self {
            Self::Any => true,
            Self::Only(items) => items.contains(item),
        }
    }
}

/// One registered credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orderer {
    /// Its id, which also stands in its token.
    pub id: i64,
    /// Its name: the orderer of its orders, the actor `ra:NAME` in the ledger.
    pub name: String,
    /// On whose behalf it acts.
    pub operator: OperatorId,
    /// SHA-256 of the whole bearer token.
    pub token_hash: Option<[u8; 32]>,
    /// SHA-256 of the client certificate, DER.
    pub certificate_hash: Option<[u8; 32]>,
    /// Which authorities it may ask.
    pub authorities: Scope<AuthorityId>,
    /// Under which profiles it may order.
    pub profiles: Scope<ProfileId>,
    /// Whether it may at all.
    pub state: OrdererState,
    /// When it was registered.
    pub created: UtcMicros,
}

const COLUMNS: &str =
    "id, name, operator, token_hash, certificate_hash, authorities, profiles, state, created_us";

/// Registers a credential. Fails as unique when its name, token or certificate is registered already.
pub fn insert(tx: &mut Tx, orderer: &Orderer) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT INTO ca_orderer ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
        params![
            orderer.id,
            orderer.name.as_str(),
            orderer.operator.as_str(),
            orderer.token_hash.as_ref(),
            orderer.certificate_hash.as_ref(),
            stored(&orderer.authorities, AuthorityId::as_str),
            stored(&orderer.profiles, ProfileId::as_str),
            orderer.state.code(),
            orderer.created,
        ],
    )?;
    Ok(())
}

/// The credential with this id.
pub fn by_id(tx: &mut Tx, id: i64) -> Result<Option<Orderer>, StoreError> {
    one(tx, "id = $1", id)
}

/// The credential with this name.
pub fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Orderer>, StoreError> {
    one(tx, "name = $1", name)
}

/// The credential whose client certificate has this SHA-256.
pub fn by_certificate(tx: &mut Tx, sha256: &[u8; 32]) -> Result<Option<Orderer>, StoreError> {
    one(tx, "certificate_hash = $1", sha256)
}

/// Every credential, in the order of their names. There are few: offices and machines, not subscribers.
pub fn list(tx: &mut Tx) -> Result<Vec<Orderer>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_orderer ORDER BY name");
    tx.query(&sql, params![])?.iter().map(parse).collect()
}

/// Changes the state of a credential that is in `from`. False: it was not, and nothing changed.
pub fn set_state(tx: &mut Tx, name: &str, from: OrdererState, to: OrdererState) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_orderer SET state = $3 WHERE name = $1 AND state = $2",
        params![name, from.code(), to.code()],
    )?;
    Ok(changed == 1)
}

fn one<'v, V>(tx: &mut Tx, condition: &str, value: V) -> Result<Option<Orderer>, StoreError>
where
    kit_store::Value<'v>: From<V>,
{
    let sql = format!("SELECT {COLUMNS} FROM ca_orderer WHERE {condition}");
    tx.query_opt(&sql, params![value])?.as_ref().map(parse).transpose()
}

fn parse(row: &Row) -> Result<Orderer, StoreError> {
    let (id, operator): (i64, String) = (row.get(0)?, row.get(2)?);
    let broken =
        |column: &str, why: String| StoreError::Corrupt(format!("ca_orderer.{column} of {id}: {why}"));
    Ok(Orderer {
        id,
        name: row.get(1)?,
        operator: OperatorId::new(&operator).map_err(|e| broken("operator", e.to_string()))?,
        token_hash: row.get(3)?,
        certificate_hash: row.get(4)?,
        authorities: read(&row.get::<String>(5)?, AuthorityId::new)
            .map_err(|e| broken("authorities", e.to_string()))?,
        profiles: read(&row.get::<String>(6)?, ProfileId::new)
            .map_err(|e| broken("profiles", e.to_string()))?,
        state: OrdererState::from_code(row.get(7)?).map_err(|e| broken("state", e.to_string()))?,
        created: row.get(8)?,
    })
}

/// `*`, or the names with a space between; names contain neither.
fn stored<T>(scope: &Scope<T>, name: impl Fn(&T) -> &str) -> String {
    match scope {
        Scope::Any => "*".to_owned(),
        Scope::Only(items) => items.iter().map(name).collect::<Vec<_>>().join(" "),
    }
}

fn read<T, E>(text: &str, name: impl Fn(&str) -> Result<T, E>) -> Result<Scope<T>, E> {
    match text {
        "*" => Ok(Scope::Any),
        names => names.split_ascii_whitespace().map(name).collect::<Result<_, _>>().map(Scope::Only),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orderer(id: i64, name: &str) -> Orderer {
        Orderer {
            id,
            name: name.to_owned(),
            operator: OperatorId::new("federation").expect("a name"),
            token_hash: Some([id as u8; 32]),
            certificate_hash: None,
            authorities: Scope::Only(vec![
                AuthorityId::new("claims-ca").expect("a name"),
                AuthorityId::new("test-ca").expect("a name"),
            ]),
            profiles: Scope::Any,
            state: OrdererState::Active,
            created: UtcMicros(5),
        }
    }

    #[test]
    fn k3_credentials_come_back_as_they_were_registered() {
        kit_store::testing::both(|db| async move {
            db.migrate(&[crate::COMPONENT]).await.expect("migrated");
            db.write(|tx| {
                insert(tx, &orderer(1, "front-desk"))?;
                insert(
                    tx,
                    &Orderer {
                        token_hash: None,
                        certificate_hash: Some([9; 32]),
                        ..orderer(2, "back-office")
                    },
                )
            })
            .await
            .expect("registered");
            let (list, by_name, by_certificate, nobody) = db
                .read(|tx| {
                    Ok::<_, StoreError>((
                        list(tx)?,
                        by_name(tx, "front-desk")?,
                        by_certificate(tx, &[9; 32])?,
                        by_id(tx, 77)?,
                    ))
                })
                .await
                .expect("read");
            assert_eq!(
                list.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(),
                ["back-office", "front-desk"]
            );
            assert_eq!(by_name, Some(orderer(1, "front-desk")));
            assert_eq!(by_certificate.map(|o| o.id), Some(2));
            assert_eq!(nobody, None);
        });
    }

    #[test]
    fn k3_a_token_is_registered_once_and_a_state_is_left_once() {
        kit_store::testing::both(|db| async move {
            db.migrate(&[crate::COMPONENT]).await.expect("migrated");
            db.write(|tx| insert(tx, &orderer(1, "front-desk"))).await.expect("registered");
            let same_token = Orderer { token_hash: Some([1; 32]), ..orderer(2, "other") };
            let refused = db.write(move |tx| insert(tx, &same_token)).await.expect_err("refused");
            assert!(refused.is_unique_on("ca_orderer", "token_hash"), "{refused}");
            let disable =
                |tx: &mut Tx| set_state(tx, "front-desk", OrdererState::Active, OrdererState::Disabled);
            assert!(db.write(disable).await.expect("written"));
            assert!(!db.write(disable).await.expect("written"));
        });
    }

    #[test]
    fn a_broken_row_is_named() {
        kit_store::testing::both(|db| async move {
            db.migrate(&[crate::COMPONENT]).await.expect("migrated");
            db.write(|tx| {
                insert(tx, &orderer(1, "front-desk"))?;
                tx.execute("UPDATE ca_orderer SET authorities = 'Not A Name' WHERE id = 1", params![])
            })
            .await
            .expect("written");
            let error = db.read(list).await.expect_err("broken");
            assert!(error.to_string().contains("ca_orderer.authorities of 1"), "{error}");
        });
    }
}
