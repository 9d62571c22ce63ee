//! Certificates the repository serves beside the current ones (`ca_published`): link certificates of a
//! rollover (RFC 4210 §4.4) and cross certificates (K1).

use crate::codes::PublishedKind;
use core_words::{AuthorityId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// One published certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its id: the id of the order under which it was issued.
    pub id: i64,
    /// The authority under whose folder it is served.
    pub authority: AuthorityId,
    /// The file name without `.cer`, unique within the authority: `old-with-new-2`.
    pub name: String,
    /// What it is.
    pub kind: PublishedKind,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// When it was published.
    pub created: UtcMicros,
}

const COLUMNS: &str = "id, authority, name, kind, certificate, created_us";

/// Publishes a certificate. Fails as unique when the authority has one of this name.
pub fn insert(tx: &mut Tx, published: &Published) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT INTO ca_published ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)"),
        params![
            published.id,
            published.authority.as_str(),
            published.name.as_str(),
            published.kind.code(),
            published.certificate.as_slice(),
            published.created,
        ],
    )?;
    Ok(())
}

/// One published certificate by its name.
pub fn get(tx: &mut Tx, authority: &AuthorityId, name: &str) -> Result<Option<Published>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_published WHERE authority = $1 AND name = $2");
    tx.query_opt(&sql, params![authority.as_str(), name])?.as_ref().map(parse).transpose()
}

/// Everything published for one authority, oldest first.
pub fn of_authority(tx: &mut Tx, authority: &AuthorityId) -> Result<Vec<Published>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_published WHERE authority = $1 ORDER BY id");
    tx.query(&sql, params![authority.as_str()])?.iter().map(parse).collect()
}

fn parse(row: &Row) -> Result<Published, StoreError> {
    let (id, authority): (i64, String) = (row.get(0)?, row.get(1)?);
    let broken =
        |column: &str, why: String| StoreError::Corrupt(format!("ca_published.{column} of {id}: {why}"));
    Ok(Published {
        id,
        authority: AuthorityId::new(&authority).map_err(|e| broken("authority", e.to_string()))?,
        name: row.get(2)?,
        kind: PublishedKind::from_code(row.get(3)?).map_err(|e| broken("kind", e.to_string()))?,
        certificate: row.get(4)?,
        created: row.get(5)?,
    })
}
