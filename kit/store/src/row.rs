//! What comes out of a statement: rows, parsed column by column.
//!
//! [`Row`] owns its columns; [`RowRef`] borrows the row under the cursor while results stream.

use crate::{error::RowError, error::StoreError, sql};
use core_words::UtcMicros;
use std::sync::Arc;

/// One column of one row, before it is parsed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// SQL NULL.
    Null,
    /// Any integer or boolean.
    Int(i64),
    /// TEXT.
    Text(&'a str),
    /// BYTEA.
    Bytes(&'a [u8]),
    /// A type the store does not use, named.
    Other(&'static str),
}

impl Cell<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "an integer",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
            Self::Other(name) => name,
        }
    }
}

/// A type that can be read from a column.
pub trait FromCell<'a>: Sized {
    /// What a column must hold, for the error.
    const EXPECTED: &'static str;

    /// The value, or `None` when the column does not hold one.
    fn from_cell(cell: Cell<'a>) -> Option<Self>;
}

macro_rules! int_from_cell {
    ($($int:ty => $text:literal),*) => {$(
        impl FromCell<'_> for $int {
            const EXPECTED: &'static str = $text;
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    Cell::Int(value) => Self::try_from(value).ok(),
                    _ => None,
                }
            }
        }
    )*};
}
int_from_cell!(
    i64 => "an integer", i32 => "an integer of 32 bits", i16 => "an integer of 16 bits",
    u32 => "an integer from 0 to 2^32-1", u16 => "an integer from 0 to 65535", u8 => "an integer from 0 to 255"
);

impl FromCell<'_> for bool {
    const EXPECTED: &'static str = "0 or 1";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Int(0) => Some(false),
            Cell::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromCell<'_> for UtcMicros {
    const EXPECTED: &'static str = "a time in microseconds";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).map(Self)
    }
}

impl<'a> FromCell<'a> for &'a str {
    const EXPECTED: &'static str = "a text";
    fn from_cell(cell: Cell<'a>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromCell<'_> for String {
    const EXPECTED: &'static str = "a text";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&str>::from_cell(cell).map(str::to_owned)
    }
}

impl<'a> FromCell<'a> for &'a [u8] {
    const EXPECTED: &'static str = "bytes";
    fn from_cell(cell: Cell<'a>) -> Option<Self> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl FromCell<'_> for Vec<u8> {
    const EXPECTED: &'static str = "bytes";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&[u8]>::from_cell(cell).map(<[u8]>::to_vec)
    }
}

impl<const N: usize> FromCell<'_> for [u8; N] {
    const EXPECTED: &'static str = "bytes of a fixed number";
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&[u8]>::from_cell(cell)?.try_into().ok()
    }
}

impl<'a, T: FromCell<'a>> FromCell<'a> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_cell(cell: Cell<'a>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            _ => T::from_cell(cell).map(Some),
        }
    }
}

/// What the columns of a result are called: looked at only when a row does not parse.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) sql: Arc<str>,
    pub(crate) columns: Vec<String>,
}

fn parse<'a, T: FromCell<'a>>(
    cell: Option<Cell<'a>>,
    index: usize,
    sql: &str,
    column: impl FnOnce() -> String,
) -> Result<T, StoreError> {
    let cell = cell.unwrap_or(Cell::Other("no such column"));
    T::from_cell(cell).ok_or_else(|| {
        StoreError::from(RowError {
            table: sql::first_table(sql).to_owned(),
            column: column(),
            index,
            expected: T::EXPECTED,
            found: cell.kind(),
        })
    })
}

fn from_postgres<'a, T: FromCell<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
    sql: &str,
) -> Result<T, StoreError> {
    let cell = row.try_get::<_, Cell<'a>>(index).ok();
    parse(cell, index, sql, || row.columns().get(index).map(|c| c.name().to_owned()).unwrap_or_default())
}

/// One row of a result, owned.
#[derive(Debug)]
pub struct Row(Repr);

#[derive(Debug)]
enum Repr {
    Sqlite { head: Arc<Head>, cells: Box<[Stored]> },
    Postgres { sql: Arc<str>, row: tokio_postgres::Row },
}

/// A cell kept after its statement moved on.
#[derive(Clone, Debug)]
pub(crate) enum Stored {
    Null,
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Other(&'static str),
}

impl Row {
    pub(crate) fn from_postgres(sql: Arc<str>, row: tokio_postgres::Row) -> Self {
        Self(Repr::Postgres { sql, row })
    }

    pub(crate) fn from_sqlite(head: Arc<Head>, cells: Box<[Stored]>) -> Self {
        Self(Repr::Sqlite { head, cells })
    }

    /// Column `index`, counted from 0, as a `T`: an integer, `bool`, `String`, `Vec<u8>`, `[u8; N]`,
    /// [`UtcMicros`], a borrowed `&str` or `&[u8]`, or an `Option` of any of them.
    ///
    /// # Errors
    /// [`StoreError::Row`] when the column is missing or holds something else.
    pub fn get<'a, T: FromCell<'a>>(&'a self, index: usize) -> Result<T, StoreError> {
        match &self.0 {
            Repr::Sqlite { head, cells } => {
                let cell = cells.get(index).map(|stored| match stored {
                    Stored::Null => Cell::Null,
                    Stored::Int(value) => Cell::Int(*value),
                    Stored::Text(text) => Cell::Text(text),
                    Stored::Bytes(bytes) => Cell::Bytes(bytes),
                    Stored::Other(name) => Cell::Other(name),
                });
                parse(cell, index, &head.sql, || head.columns.get(index).cloned().unwrap_or_default())
            }
            Repr::Postgres { sql, row } => from_postgres(row, index, sql),
        }
    }

    /// Whether column `index` is NULL, whatever it would hold otherwise.
    ///
    /// # Errors
    /// [`StoreError::Row`] when the column is missing.
    pub fn is_null(&self, index: usize) -> Result<bool, StoreError> {
        self.get::<Null>(index).map(|cell| cell.0)
    }
}

/// Only whether a cell is NULL.
struct Null(bool);

impl FromCell<'_> for Null {
    const EXPECTED: &'static str = "any value";

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(Self(true)),
            Cell::Other("no such column") => None,
            _ => Some(Self(false)),
        }
    }
}

/// The row under the cursor of [`Tx::for_each`](crate::Tx::for_each).
#[derive(Clone, Copy)]
pub struct RowRef<'a> {
    pub(crate) repr: RefRepr<'a>,
    pub(crate) sql: &'a str,
}

#[derive(Clone, Copy)]
pub(crate) enum RefRepr<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> RowRef<'a> {
    /// Column `index`, counted from 0, as a `T`. Borrowed texts and bytes live until the next row.
    ///
    /// # Errors
    /// [`StoreError::Row`] when the column is missing or holds something else.
    pub fn get<T: FromCell<'a>>(&self, index: usize) -> Result<T, StoreError> {
        match self.repr {
            RefRepr::Sqlite(row) => {
                let cell = row.get_ref(index).ok().map(crate::sqlite::cell);
                parse(cell, index, self.sql, || {
                    row.as_ref().column_name(index).map(str::to_owned).unwrap_or_default()
                })
            }
            RefRepr::Postgres(row) => from_postgres(row, index, self.sql),
        }
    }
}
