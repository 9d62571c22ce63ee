//! SQLite's result codes in the store's words.

use crate::{StoreError, error::UniqueViolation, sql};
use rusqlite::{ErrorCode, ffi};
use std::{sync::Arc, time::Duration};

/// Translates an error of the statement `text`.
pub(super) fn store_error(error: rusqlite::Error, text: &str) -> StoreError {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => (code, message.unwrap_or_else(|| code.to_string())),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, msg),
        other => return StoreError::Sql(format!("{}: {other}", sql::first_table(text))),
    };
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            return StoreError::Unique(Arc::new(unique(&message, text)));
        }
        // The index of the log could not grow: SQLite reports the missing space as an I/O error.
        ffi::SQLITE_IOERR_SHMSIZE => return StoreError::Full(message),
        _ => {}
    }
    match code.code {
        ErrorCode::DiskFull => StoreError::Full(message),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(message),
        ErrorCode::OperationInterrupted => StoreError::TooLong { limit: Duration::ZERO },
        ErrorCode::ConstraintViolation => StoreError::Constraint(message),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(message),
        ErrorCode::ReadOnly => StoreError::ReadOnly(sql::first_table(text).to_owned()),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => StoreError::Unavailable(message),
        ErrorCode::SystemIoFailure => StoreError::Io(message),
        _ => StoreError::Sql(format!("{}: {message}", sql::first_table(text))),
    }
}

/// Reads `UNIQUE constraint failed: t.a, t.b` and `UNIQUE constraint failed: index 'name'`.
fn unique(message: &str, text: &str) -> UniqueViolation {
    let place = message.split_once(": ").map_or("", |(_, place)| place);
    if let Some(name) = place.strip_prefix("index '") {
        let constraint = Some(name.trim_end_matches('\'').to_owned());
        return UniqueViolation { table: sql::first_table(text).to_owned(), columns: Vec::new(), constraint };
    }
    let pairs: Vec<(&str, &str)> = place.split(", ").filter_map(|pair| pair.split_once('.')).collect();
    UniqueViolation {
        table: pairs.first().map_or(sql::first_table(text), |(table, _)| table).to_owned(),
        columns: pairs.iter().map(|(_, column)| (*column).to_owned()).collect(),
        constraint: None,
    }
}
