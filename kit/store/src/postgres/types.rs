//! Values and cells in PostgreSQL's binary format.

use crate::{Value, row::Cell};
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

/// A parameter on its way out. Its `Debug` hides the value: the driver writes parameters to the log.
pub(super) struct Param<'a>(pub(super) &'a Value<'a>);

impl std::fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("_")
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(value) => match *ty {
                Type::INT8 => out.extend_from_slice(&value.to_be_bytes()),
                Type::INT4 => out.extend_from_slice(&i32::try_from(*value)?.to_be_bytes()),
                Type::INT2 => out.extend_from_slice(&i16::try_from(*value)?.to_be_bytes()),
                Type::BOOL => out.extend_from_slice(&[u8::from(*value != 0)]),
                _ => return Err(mismatch("an integer", ty)),
            },
            Value::Text(text) if is_text(ty) => {
                // The server would refuse it too, but later and with the value in the message.
                if text.as_bytes().contains(&0) {
                    return Err("a text holds U+0000".into());
                }
                out.extend_from_slice(text.as_bytes());
            }
            Value::Bytes(bytes) if *ty == Type::BYTEA => out.extend_from_slice(bytes),
            Value::Text(_) => return Err(mismatch("a text", ty)),
            Value::Bytes(_) => return Err(mismatch("bytes", ty)),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        // Which types fit depends on the value.
        true
    }

    to_sql_checked!();
}

fn mismatch(given: &str, ty: &Type) -> Box<dyn Error + Sync + Send> {
    format!("{given} was given for a parameter of type {}", ty.name()).into()
}

fn is_text(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Cell::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Cell::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Cell::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Cell::Int(i64::from(raw != [0])),
            Type::BYTEA => Cell::Bytes(raw),
            Type::NUMERIC => {
                whole_numeric(raw).map_or(Cell::Other("a number that is not a whole one"), Cell::Int)
            }
            Type::VOID => Cell::Null,
            _ if is_text(ty) => Cell::Text(std::str::from_utf8(raw)?),
            _ => Cell::Other("a type the store does not use"),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A NUMERIC that is a whole number of 64 bits: what PostgreSQL makes of `SUM` over BIGINT, where SQLite makes an integer.
///
/// Format: number of digits, weight of the first, sign, scale, then digits of base 10,000.
fn whole_numeric(raw: &[u8]) -> Option<i64> {
    let (words, []) = raw.as_chunks::<2>() else { return None };
    let mut words = words.iter().map(|word| i16::from_be_bytes(*word));
    let (count, weight, sign, _scale) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let mut sum: i128 = 0;
    let mut power = weight;
    for digit in words.take(usize::try_from(count).ok()?) {
        if !(0..=4).contains(&power) {
            return None;
        }
        sum += i128::from(digit) * 10_000_i128.pow(power.unsigned_abs().into());
        power -= 1;
    }
    match sign {
        0 => i64::try_from(sum).ok(),
        0x4000 => i64::try_from(-sum).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(words: &[i16]) -> Option<i64> {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        whole_numeric(&raw)
    }

    #[test]
    fn whole_numerics_are_read() {
        assert_eq!(numeric(&[0, 0, 0, 0]), Some(0));
        assert_eq!(numeric(&[1, 0, 0, 0, 42]), Some(42));
        assert_eq!(numeric(&[1, 0, 0x4000, 0, 42]), Some(-42));
        assert_eq!(numeric(&[1, 1, 0, 0, 7]), Some(70_000));
        assert_eq!(numeric(&[2, 1, 0, 0, 7, 5]), Some(70_005));
        assert_eq!(numeric(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5807]), Some(i64::MAX));
    }

    #[test]
    fn other_numerics_are_not() {
        assert_eq!(numeric(&[1, -1, 0, 1, 5000]), None); // 0.5
        assert_eq!(numeric(&[0, 0, -0x4000, 0]), None); // NaN
        assert_eq!(numeric(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808]), None); // i64::MAX + 1
        assert_eq!(numeric(&[1, 5, 0, 0, 1]), None); // 10^20
        assert_eq!(whole_numeric(&[0; 7]), None);
    }
}
