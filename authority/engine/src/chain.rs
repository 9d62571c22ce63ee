//! The certificates above those that an authority issues: its own first, the root last.

use crate::{Ctx, refusals};
use authority_front::Refusal;
use authority_journal::authorities::{self, Generation};
use core_words::AuthorityId;
use core_x509::certificate::Certificate;
use kit_store::{StoreError, Tx};

/// Hierarchies are two or three deep; a ring in the tables must not hold us.
const DEEPEST: usize = 8;

/// The chain of what the authority issues now.
pub(crate) async fn of_authority(ctx: &Ctx, authority: &AuthorityId) -> Result<Vec<Vec<u8>>, Refusal> {
    let wanted = authority.clone();
    let found = ctx.db.read(move |tx| {
        let Some(active) = authorities::active_generation(tx, &wanted)? else { return Ok(None) };
        of_generation(tx, &wanted, active.generation).map(Some)
    });
    let found = found.await.map_err(|e| refusals::store(&e))?;
    found.ok_or_else(|| refusals::unknown_authority(authority))
}

/// The chain of what this generation issued.
///
/// # Errors
/// [`StoreError::Corrupt`] when a link is missing: every authority but a root has a parent here.
pub(crate) fn of_generation(
    tx: &mut Tx,
    authority: &AuthorityId,
    generation: u16,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let missing =
        |what: &AuthorityId| StoreError::Corrupt(format!("the chain of {authority} breaks off at {what}"));
    let mut current =
        authorities::generation(tx, authority, generation)?.ok_or_else(|| missing(authority))?;
    let mut chain = Vec::new();
    while chain.len() < DEEPEST {
        let parent =
            authorities::get(tx, &current.authority)?.ok_or_else(|| missing(&current.authority))?.parent;
        let above = match &parent {
            None => None,
            Some(parent) => Some(signer_of(tx, &current, parent)?.ok_or_else(|| missing(parent))?),
        };
        chain.push(current.certificate);
        match above {
            None => return Ok(chain),
            Some(above) => current = above,
        }
    }
    Err(missing(authority))
}

/// The generation of `parent` whose key signed the certificate: the one it names in its authorityKeyIdentifier.
fn signer_of(
    tx: &mut Tx,
    below: &Generation,
    parent: &AuthorityId,
) -> Result<Option<Generation>, StoreError> {
    let unreadable =
        |e| StoreError::Corrupt(format!("the certificate of {}/{}: {e}", below.authority, below.generation));
    let certificate = Certificate::parse(&below.certificate).map_err(unreadable)?;
    let named = certificate.tbs.authority_key_id().map_err(unreadable)?.unwrap_or_default();
    let signed = |above: &Generation| match (named.key_id, named.serial) {
        (Some(key_id), _) => key_id == above.key_identifier,
        // Some profiles name the issuer's certificate instead of its key.
        (None, Some(serial)) => {
            Certificate::parse(&above.certificate).is_ok_and(|read| read.tbs.serial == serial)
        }
        (None, None) => false,
    };
    Ok(authorities::generations(tx, parent)?.into_iter().find(signed))
}
