//! Which tables a database has: asked of the database itself, so that none is ever forgotten.

use kit_store::{Dialect, StoreError, Tx, params};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// BIGINT or SMALLINT.
    Int,
    /// TEXT.
    Text,
    /// BYTEA.
    Bytes,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the schema.
    pub columns: Vec<Column>,
}

impl Table {
    /// What its columns hold.
    pub fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|c| c.kind).collect()
    }

    /// The statement that reads every row.
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.column_list(), self.name)
    }

    /// The statement that writes one row.
    pub fn insert(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|n| format!("${n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.column_list(), places.join(", "))
    }

    fn column_list(&self) -> String {
        self.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Every table, in the order of their names.
pub(super) fn tables(tx: &mut Tx) -> Result<Vec<Table>, StoreError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT m.name, c.name, c.type FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
        }
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             ORDER BY CAST(table_name AS TEXT) COLLATE \"C\", ordinal_position"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    tx.for_each(sql, params![], |row| {
        let (table, name, kind): (&str, &str, &str) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let kind = match kind.to_ascii_uppercase().as_str() {
            "INTEGER" | "BIGINT" | "SMALLINT" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" | "BYTEA" => Kind::Bytes,
            other => {
                return Err(StoreError::Corrupt(format!(
                    "{table}.{name} is of type {other}, which no migration makes"
                )));
            }
        };
        let column = Column { name: name.to_owned(), kind };
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Table { name: table.to_owned(), columns: vec![column] }),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(tables)
}
