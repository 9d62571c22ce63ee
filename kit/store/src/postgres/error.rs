//! PostgreSQL's SQLSTATEs in the store's words.

use crate::{StoreError, error::UniqueViolation, sql};
use std::{sync::Arc, time::Duration};
use tokio_postgres::error::{DbError, SqlState};

/// Translates an error of the statement `text`.
pub(super) fn store_error(error: &tokio_postgres::Error, text: &str) -> StoreError {
    let Some(told) = error.as_db_error() else {
        let whole = with_source(error);
        // Parameters that do not fit their statement are ours; everything else is the connection.
        let ours = ["error serializing parameter", "expected "].iter().any(|begin| whole.starts_with(begin));
        let lost = error.is_closed() || !ours;
        return match (lost, whole.contains("U+0000")) {
            (true, _) => StoreError::Unavailable(whole),
            (false, true) => StoreError::Constraint("a text holds U+0000".to_owned()),
            (false, false) => StoreError::Sql(format!("{}: {whole}", sql::first_table(text))),
        };
    };
    let message = told.message().to_owned();
    match told.code() {
        &SqlState::UNIQUE_VIOLATION => StoreError::Unique(Arc::new(unique(told, text))),
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => StoreError::Conflict,
        &SqlState::QUERY_CANCELED => StoreError::TooLong { limit: Duration::ZERO },
        &SqlState::DISK_FULL => StoreError::Full(message),
        &SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly(sql::first_table(text).to_owned()),
        &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => StoreError::Corrupt(message),
        &SqlState::IO_ERROR => StoreError::Io(message),
        &SqlState::LOCK_NOT_AVAILABLE => StoreError::Busy(message),
        code => match code.code().get(..2) {
            Some("23") => StoreError::Constraint(message),
            // Connection lost, resources used up, the server shutting down or starting.
            Some("08" | "53" | "57") => StoreError::Unavailable(message),
            _ => StoreError::Sql(format!("{}: {message} ({})", sql::first_table(text), code.code())),
        },
    }
}

/// A prepared statement no longer fits the schema, or is gone: preparing it anew helps.
pub(super) fn is_stale_statement(error: &tokio_postgres::Error) -> bool {
    let Some(told) = error.as_db_error() else { return false };
    told.code() == &SqlState::INVALID_SQL_STATEMENT_NAME
        || (told.code() == &SqlState::FEATURE_NOT_SUPPORTED && told.message().contains("cached plan"))
}

/// The driver puts the cause into the source only.
pub(super) fn with_source(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// The columns stand only in the detail, `Key (a, b)=(…) already exists.`, whose words depend on the server's language.
fn unique(told: &DbError, text: &str) -> UniqueViolation {
    let key = told.detail().and_then(|detail| detail.split_once('(')?.1.split_once(")=("));
    let columns = key.map_or("", |(columns, _values)| columns);
    // An index over an expression has parentheses in it: the constraint's name must do.
    let plain = !columns.contains('(');
    UniqueViolation {
        table: told.table().unwrap_or_else(|| sql::first_table(text)).to_owned(),
        columns: columns
            .split(", ")
            .filter(|column| plain && !column.is_empty())
            .map(|column| column.trim_matches('"').to_owned())
            .collect(),
        constraint: told.constraint().map(str::to_owned),
    }
}
