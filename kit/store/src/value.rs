//! What goes into a statement: values, and the macros that list them.
//!
//! A [`Value`] borrows wherever it can, so that a row of parameters costs no allocation.

use core_words::UtcMicros;
use std::borrow::Cow;

/// One parameter of a statement. The four kinds are all that both databases share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// SQL NULL.
    Null,
    /// BIGINT or SMALLINT. Times are microseconds UTC, booleans 0 and 1, enums their stored numbers.
    Int(i64),
    /// TEXT, without U+0000: PostgreSQL cannot keep it, so neither database is given it.
    Text(Cow<'a, str>),
    /// BYTEA.
    Bytes(Cow<'a, [u8]>),
}

macro_rules! from_int {
    ($($int:ty),*) => {$(
        impl From<$int> for Value<'_> {
            fn from(value: $int) -> Self {
                Self::Int(i64::from(value))
            }
        }
        impl From<&$int> for Value<'_> {
            fn from(value: &$int) -> Self {
                Self::Int(i64::from(*value))
            }
        }
    )*};
}
from_int!(i64, i32, i16, i8, u32, u16, u8, bool);

impl From<UtcMicros> for Value<'_> {
    fn from(value: UtcMicros) -> Self {
        Self::Int(value.0)
    }
}

impl From<&UtcMicros> for Value<'_> {
    fn from(value: &UtcMicros) -> Self {
        Self::Int(value.0)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(Cow::Borrowed(value))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(value))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Bytes(Cow::Borrowed(value))
    }
}

impl<const N: usize> From<[u8; N]> for Value<'_> {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(Cow::Owned(value.to_vec()))
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

macro_rules! from_option_ref {
    ($($inner:ty),*) => {$(
        impl<'a> From<&'a Option<$inner>> for Value<'a> {
            fn from(value: &'a Option<$inner>) -> Self {
                value.as_ref().map_or(Self::Null, Self::from)
            }
        }
    )*};
}
from_option_ref!(String, Vec<u8>, i64, i16, UtcMicros);

/// The parameters of one statement, `$1` first: `params![id, name.as_str(), None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        (&[$($crate::Value::from($value)),*] as &[$crate::Value<'_>])
    };
}

/// One row of a batch, as an array: `rows.push(row![id, &key])`.
#[macro_export]
macro_rules! row {
    ($($value:expr),* $(,)?) => {
        [$($crate::Value::from($value)),*]
    };
}
