//! Octets to text and back: UTF-8, with or without a byte order mark, and Shift_JIS as Windows has it (CP932).
//!
//! The table of CP932 is the one of the Encoding Standard (WHATWG), which Excel's files follow. What it gives private
//! characters (gaiji, 0xF040 to 0xF9FC) nobody else can read; readers of cells refuse them.

use crate::lines::line_at;
use encoding_rs::{DecoderResult, EncoderResult, SHIFT_JIS};
use std::borrow::Cow;

/// The mark that Excel wants before UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// How text is written in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 after a byte order mark, as Excel writes it.
    Utf8Mark,
    /// Shift_JIS with the additions of Windows, code page 932.
    Cp932,
}

impl Encoding {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Mark => "UTF-8 (BOM)",
            Self::Cp932 => "Shift_JIS (CP932)",
        }
    }
}

/// Octets are no text. Lines are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// In the encoding that was asked for, or that a byte order mark promised.
    #[error("line {line}: the octet 0x{octet:02X} is not {}", encoding.name())]
    In {
        /// Which encoding.
        encoding: Encoding,
        /// Where.
        line: u64,
        /// What stands there.
        octet: u8,
    },
    /// Neither in UTF-8 nor in CP932.
    #[error("neither UTF-8 (line {utf8_line}) nor CP932 (line {line}: octet 0x{octet:02X})")]
    Neither {
        /// Where it is not CP932.
        line: u64,
        /// What stands there.
        octet: u8,
        /// Where it is not UTF-8.
        utf8_line: u64,
    },
}

/// The text of octets, and how it was written: a byte order mark means UTF-8, so does valid UTF-8; the rest is CP932.
/// `forced` says it instead; UTF-8 of either kind is then read with or without a mark.
///
/// # Errors
/// [`BadText`]: nothing is ever replaced.
pub fn decode(octets: &[u8], forced: Option<Encoding>) -> Result<(Cow<'_, str>, Encoding), BadText> {
    let bad = |encoding, at: usize| BadText::In { encoding, line: line_at(octets, at), octet: octets[at] };
    let marked = octets.strip_prefix(MARK);
    match (marked, forced) {
        (_, Some(Encoding::Cp932)) => {
            let text = decode_cp932(octets).map_err(|at| bad(Encoding::Cp932, at))?;
            Ok((Cow::Owned(text), Encoding::Cp932))
        }
        (Some(rest), _) => match std::str::from_utf8(rest) {
            Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8Mark)),
            Err(error) => Err(bad(Encoding::Utf8Mark, MARK.len() + error.valid_up_to())),
        },
        (None, forced) => match (std::str::from_utf8(octets), forced) {
            (Ok(text), _) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
            (Err(error), Some(encoding)) => Err(bad(encoding, error.valid_up_to())),
            (Err(error), None) => match decode_cp932(octets) {
                Ok(text) => Ok((Cow::Owned(text), Encoding::Cp932)),
                Err(at) => Err(BadText::Neither {
                    line: line_at(octets, at),
                    octet: octets[at],
                    utf8_line: line_at(octets, error.valid_up_to()),
                }),
            },
        },
    }
}

/// Text in CP932; `Err` is the first character that it lacks.
///
/// What would come back as another character is lacking too: `¥` (U+00A5) and `‾` (U+203E), which the Encoding Standard
/// folds into `\` and `~`. The minus sign U+2212 is written as 0x817C and comes back as U+FF0D, which looks the same.
pub fn encode_cp932(text: &str) -> Result<Vec<u8>, char> {
    if let Some(folded) = text.chars().find(|c| matches!(c, '\u{a5}' | '\u{203e}')) {
        return Err(folded);
    }
    let mut encoder = SHIFT_JIS.new_encoder();
    let room = encoder
        .max_buffer_length_from_utf8_without_replacement(text.len())
        .expect("the text is far shorter than the address space");
    let mut octets = Vec::with_capacity(room);
    match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut octets, true).0 {
        EncoderResult::Unmappable(character) => Err(character),
        EncoderResult::InputEmpty => Ok(octets),
        EncoderResult::OutputFull => unreachable!("there is room for the longest outcome"),
    }
}

/// `Err` is the position of the first octet that does not belong.
fn decode_cp932(octets: &[u8]) -> Result<String, usize> {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(octets.len())
        .expect("the octets are far fewer than the address space");
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(octets, &mut text, true) {
        (DecoderResult::Malformed(length, after), read) => {
            Err(read - usize::from(after) - usize::from(length))
        }
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::OutputFull, _) => unreachable!("there is room for the longest outcome"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 「表」 ends with 0x5C and 「ポ」 with 0x7C in CP932.
    const TABLE: &[u8] = b"\x95\x5c,\x83\x7c\r\n";

    #[test]
    fn c23_encodings_are_told_apart() {
        assert_eq!(decode("表,ポ".as_bytes(), None), Ok(("表,ポ".into(), Encoding::Utf8)));
        assert_eq!(decode(b"\xef\xbb\xbfa", None), Ok(("a".into(), Encoding::Utf8Mark)));
        assert_eq!(decode(TABLE, None), Ok(("表,ポ\r\n".into(), Encoding::Cp932)));
        // What is valid in both is UTF-8 unless somebody says otherwise: the octets of 「é」 are two half-width kana.
        assert_eq!(decode(b"\xc3\xa9", None), Ok(("é".into(), Encoding::Utf8)));
        assert_eq!(decode(b"\xc3\xa9", Some(Encoding::Cp932)), Ok(("ﾃｩ".into(), Encoding::Cp932)));
        assert_eq!(decode(b"\xef\xbb\xbfa", Some(Encoding::Utf8)), Ok(("a".into(), Encoding::Utf8Mark)));
    }

    #[test]
    fn c23_an_octet_of_no_encoding_is_named_with_its_line() {
        let bad = BadText::Neither { line: 2, octet: 0xff, utf8_line: 1 };
        assert_eq!(decode(b"\x95\x5c\r\n\xff", None), Err(bad));
        // A lead octet at the end has nothing to lead.
        assert_eq!(
            decode(b"a\rb\n\x95", Some(Encoding::Cp932)),
            Err(BadText::In { encoding: Encoding::Cp932, line: 3, octet: 0x95 })
        );
        assert_eq!(
            decode(TABLE, Some(Encoding::Utf8)),
            Err(BadText::In { encoding: Encoding::Utf8, line: 1, octet: 0x95 })
        );
        assert_eq!(
            decode(b"\xef\xbb\xbfa\n\x95\x5c", None),
            Err(BadText::In { encoding: Encoding::Utf8Mark, line: 2, octet: 0x95 })
        );
    }

    #[test]
    fn nothing_becomes_another_character_in_cp932() {
        assert_eq!(encode_cp932("表,ポ\r\n").as_deref(), Ok(TABLE));
        for lacking in ['é', '𠮟', '\u{301c}', '¥', '\u{203e}', '\u{e000}', '😀'] {
            assert_eq!(encode_cp932(&format!("表{lacking}")), Err(lacking), "{lacking}");
        }
        // Additions of Windows: NEC's and IBM's.
        for extra in ["①", "㈱", "髙", "﨑", "～", "－"] {
            let octets = encode_cp932(extra).expect("an addition of Windows");
            assert_eq!(decode(&octets, None).map(|(text, _)| text.into_owned()), Ok(extra.to_owned()));
        }
    }
}
