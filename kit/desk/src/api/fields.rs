//! Fields of bodies and queries: each mistake is named by its field.

use super::refusals::bad_field;
use core_words::{Refusal, Text};
use serde::{Deserialize, Deserializer};
use std::fmt;
use zeroize::Zeroizing;

/// The longest secret that is compared, in octets.
pub const SECRET_OCTETS: usize = 512;

/// A whole number in a body as JSON Schema has it: `5` and `5.0` are the same integer (2020-12, Validation §6.1.1). For
/// `#[serde(deserialize_with = "…")]`.
///
/// # Errors
/// Those of the reader: for anything else, and for what is written as a fraction beyond 2^53, where neighbours fall
/// together.
pub fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Whole;

    impl serde::de::Visitor<'_> for Whole {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number)
                .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(number), &self))
        }

        fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<i64, E> {
            const EXACT: f64 = 9_007_199_254_740_992.0;
            if number.fract() == 0.0 && number.abs() <= EXACT {
                return Ok(number as i64);
            }
            Err(E::invalid_value(serde::de::Unexpected::Float(number), &self))
        }
    }

    deserializer.deserialize_any(Whole)
}

/// A password in a body: wiped when dropped, never shown, never part of a request's fingerprint.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The password, to be compared.
    ///
    /// # Errors
    /// `api.bad_field` naming `field`, for one that is empty, longer than 512 octets, or has U+0000.
    pub fn take(self, field: &str) -> Result<Zeroizing<String>, Refusal> {
        if (1..=SECRET_OCTETS).contains(&self.0.len()) && !self.0.contains('\0') {
            return Ok(self.0);
        }
        Err(bad_field(field, Text::new("1～512 オクテットにしてください", "must have 1 to 512 octets")))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// A text of at most `most` characters, which may be empty and of several lines; no other control characters, which
/// no database, mail or paper wants.
///
/// # Errors
/// `api.bad_field` naming `field`.
pub fn text(field: &str, value: &str, most: usize) -> Result<(), Refusal> {
    let fit = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    if value.chars().count() <= most && value.chars().all(fit) {
        return Ok(());
    }
    Err(bad_field(
        field,
        Text::new(
            format!("制御文字を含まない {most} 文字以内にしてください"),
            format!("must have at most {most} characters, none of them a control character"),
        ),
    ))
}

/// One of a closed set, by its name.
///
/// # Errors
/// `api.bad_field` naming `field`; `known` are the names it may have.
pub fn one_of<T>(
    field: &str,
    found: Option<T>,
    known: impl IntoIterator<Item = &'static str>,
) -> Result<T, Refusal> {
    found.ok_or_else(|| {
        let known: Vec<_> = known.into_iter().collect();
        let known = known.join(", ");
        bad_field(field, Text::new(format!("次のいずれかです: {known}"), format!("must be one of: {known}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k16_a_whole_number_may_be_written_with_a_point_and_nothing_behind_it() {
        #[derive(Deserialize)]
        struct Body {
            #[serde(deserialize_with = "whole")]
            n: i64,
        }
        let read =
            |text: &str| serde_json::from_str::<Body>(&format!("{{\"n\":{text}}}")).map(|body| body.n).ok();
        for (text, number) in [("5", 5), ("5.0", 5), ("-7e2", -700), ("9223372036854775807", i64::MAX)] {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for text in ["5.5", "1e300", "18446744073709551615", "\"5\"", "null", "true", "[5]"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn texts_are_measured_in_characters_and_have_no_controls() {
        assert!(text("note", &"あ".repeat(10), 10).is_ok());
        assert!(text("note", "一行目\r\n二行目\t", 10).is_ok());
        assert!(text("note", "", 10).is_ok());
        for bad in [&*"あ".repeat(11), "a\0b", "\u{1b}[31m", "\u{85}"] {
            let refusal = text("note", bad, 10).expect_err(bad);
            assert_eq!(refusal.fields[0].field, "note");
        }
    }

    #[test]
    fn secrets_do_not_show_and_have_a_length() {
        let read = |text: &str| serde_json::from_value::<Secret>(text.into()).expect("a text");
        assert_eq!(format!("{:?}", read("hunter2")), "Secret");
        assert_eq!(read("hunter2").take("p").expect("fits").as_str(), "hunter2");
        assert!(read(&"a".repeat(SECRET_OCTETS)).take("p").is_ok());
        for bad in ["", "a\0", &"a".repeat(SECRET_OCTETS + 1)] {
            assert_eq!(read(bad).take("p").expect_err("unfit").fields[0].field, "p");
        }
    }
}
