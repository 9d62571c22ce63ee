//! Files of lists in the blob store that are not current: which there are, and that one is gone.

use super::{COLUMNS, List, parse};
use crate::codes::ListState;
use kit_store::{StoreError, Tx, params};

/// A list that is not current and whose file may still lie in the blob store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// The list.
    pub list: List,
    /// The name of its file.
    pub blob: String,
}

/// Lists with a file that are not current, the highest number of each scope first.
///
/// Lists being written are among them: only the caller knows how long that may take.
pub fn files(tx: &mut Tx) -> Result<Vec<ListFile>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ca_list l JOIN ca_list_series s ON s.authority = l.authority \
         AND s.generation = l.generation AND s.partition_no = l.partition_no \
         WHERE l.blob IS NOT NULL AND l.number <> COALESCE(s.current_full, 0) \
         AND l.number <> COALESCE(s.current_delta, 0) \
         ORDER BY l.authority, l.generation, l.partition_no, l.number DESC"
    );
    let mut found = Vec::new();
    for row in tx.query(&sql, params![])? {
        let list = parse(&row)?;
        if let Some(blob) = list.blob.clone() {
            found.push(ListFile { list, blob });
        }
    }
    Ok(found)
}

/// Records that the file of a list is gone. Refuses (false) when the list is current: its file is being served.
pub fn forget_file(tx: &mut Tx, list: &List) -> Result<bool, StoreError> {
    let scope = &list.scope;
    let changed = tx.execute(
        "UPDATE ca_list SET blob = NULL WHERE id = $1 AND blob IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM ca_list_series s WHERE s.authority = $2 AND s.generation = $3 AND s.partition_no = $4 \
         AND (s.current_full = $5 OR s.current_delta = $5))",
        params![list.id, scope.authority.as_str(), scope.generation, scope.partition, list.number],
    )?;
    Ok(changed == 1)
}

/// Gives up a list that is being written. False when it is not: it is published or was given up.
pub fn abandon(tx: &mut Tx, id: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_list SET state = $2 WHERE id = $1 AND state = $3",
        params![id, ListState::Abandoned.code(), ListState::Numbered.code()],
    )?;
    Ok(changed == 1)
}
