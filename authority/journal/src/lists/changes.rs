//! Which certificates changed since a list: what a delta list is made of (RFC 5280 §5.2.4).
//!
//! A full list covers the feed up to the highest place that its snapshot showed. Whatever was committed after
//! that snapshot gets a later place or has none yet, so nothing can fall between a base and its delta. What was
//! on its way to a place when the base was made stands on both, which is allowed.

use super::Scope;
use crate::segments::{MARK_COLUMNS, Mark, only, parse_mark};
use core_words::{AuthorityId, UtcMicros};
use kit_store::{StoreError, Tx, params};
use std::ops::ControlFlow;

/// Whether any certificate of the authority was revoked, held or released after this place in the feed.
pub fn changed_since(tx: &mut Tx, authority: &AuthorityId, feed_seq: i64) -> Result<bool, StoreError> {
    let numbered = tx.query_opt(
        "SELECT id FROM ca_feed WHERE authority = $1 AND kind >= 3 AND kind <= 5 AND seq > $2 LIMIT 1",
        params![authority.as_str(), feed_seq],
    )?;
    if numbered.is_some() {
        return Ok(true);
    }
    let unnumbered = tx.query_opt(
        "SELECT id FROM ca_feed WHERE seq IS NULL AND authority = $1 AND kind >= 3 AND kind <= 5 LIMIT 1",
        params![authority.as_str()],
    )?;
    Ok(unnumbered.is_some())
}

/// Whether a certificate of the scope was changed before `before` and has a place in the feed after `feed_seq`: the
/// list that covers the feed up to there may not say it.
pub fn has_late_change(
    tx: &mut Tx,
    scope: &Scope,
    feed_seq: i64,
    before: UtcMicros,
) -> Result<bool, StoreError> {
    let found = tx
        .query_opt(&late_sql(scope), params![scope.authority.as_str(), scope.generation, feed_seq, before])?;
    Ok(found.is_some())
}

/// Hands `take` the present state of every certificate of the generation that changed after this place in the
/// feed: once each, in the order of serial numbers, released ones included.
pub fn changes<E: From<StoreError>>(
    tx: &mut Tx,
    scope: &Scope,
    feed_seq: i64,
    mut take: impl FnMut(Mark) -> Result<(), E>,
) -> Result<(), E> {
    let sql = changes_sql();
    tx.for_each(&sql, params![scope.authority.as_str(), scope.generation, feed_seq], |row| {
        take(parse_mark(&row)?)?;
        Ok(ControlFlow::Continue(()))
    })
}

/// From the few changes to their rows, and never the other way round: CROSS JOIN keeps SQLite to that order.
pub(crate) fn changes_sql() -> String {
    format!(
        "SELECT {MARK_COLUMNS} FROM (\
         SELECT serial AS changed FROM ca_feed WHERE authority = $1 AND kind >= 3 AND kind <= 5 AND seq > $3 \
         UNION SELECT serial AS changed FROM ca_feed \
         WHERE seq IS NULL AND authority = $1 AND kind >= 3 AND kind <= 5) c \
         CROSS JOIN ca_revocation \
         WHERE authority = $1 AND serial = changed AND generation = $2 ORDER BY serial"
    )
}

/// From the changes since a list to their rows, up to the first that fits.
pub(crate) fn late_sql(scope: &Scope) -> String {
    format!(
        "SELECT r.certificate_id FROM ca_feed f CROSS JOIN ca_revocation r \
         WHERE f.authority = $1 AND f.kind >= 3 AND f.kind <= 5 AND f.seq > $3 AND f.at_us < $4 \
         AND r.authority = $1 AND r.serial = f.serial AND r.generation = $2 {} LIMIT 1",
        only(scope)
    )
}
