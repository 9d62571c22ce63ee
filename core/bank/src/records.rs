//! A file into records, and a record into fields.

use crate::{
    bad::BadFile,
    layout::{Content, Field, RECORD},
};
use core_sheet::date::{self, Era};
use jiff::civil::Date;

/// Records of 200 octets: one after another, or each on a line of its own; with or without 0x1A at the end.
pub(crate) fn split(octets: &[u8]) -> Result<Vec<&[u8]>, BadFile> {
    let mut octets = octets;
    while let Some(rest) = octets.strip_suffix(&[0x1a]) {
        octets = rest;
    }
    let Some(first) = octets.first() else { return Err(BadFile::Empty) };
    // The digit 1, with which every file begins, is 0xF1 in EBCDIC.
    if *first == 0xf1 {
        return Err(BadFile::Ebcdic);
    }
    let records: Vec<&[u8]> = if octets.iter().any(|octet| matches!(octet, b'\r' | b'\n')) {
        let body = octets.strip_suffix(b"\n").unwrap_or(octets);
        body.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect()
    } else {
        octets.chunks(RECORD).collect()
    };
    for (number, record) in (1u64..).zip(&records) {
        if let Some(at) = record.iter().position(|octet| !matches!(octet, 0x20..=0x7e | 0xa1..=0xdf)) {
            return Err(BadFile::Octet { record: number, at: at + 1, octet: record[at] });
        }
        if record.len() != RECORD {
            return Err(BadFile::Length { record: number, found: record.len() });
        }
    }
    Ok(records)
}

/// A record with its number in the file and the table of its fields.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) number: u64,
    pub(crate) octets: &'a [u8],
    pub(crate) fields: &'static [Field],
}

impl Record<'_> {
    /// A field as text, without the spaces that fill it: kana stay half-width.
    pub(crate) fn text(&self, name: &'static str) -> String {
        text(self.part(name).1).trim_end().to_owned()
    }

    /// A field of digits; `None` where it is all spaces.
    pub(crate) fn digits(&self, name: &'static str) -> Result<Option<&str>, BadFile> {
        let (field, part) = self.part(name);
        debug_assert_eq!(field.content, Content::Digits, "{name}");
        if part.iter().all(|octet| *octet == b' ') {
            return Ok(None);
        }
        let digits = std::str::from_utf8(part).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        digits.map(Some).ok_or_else(|| self.bad(name))
    }

    /// A number; spaces are 0.
    pub(crate) fn number(&self, name: &'static str) -> Result<u64, BadFile> {
        self.digits(name)?.map_or(Ok(0), |digits| digits.parse().map_err(|_| self.bad(name)))
    }

    /// A number that a bank may leave out: `None` for spaces and for zeros alike.
    pub(crate) fn said(&self, name: &'static str) -> Result<Option<u64>, BadFile> {
        Ok(Some(self.number(name)?).filter(|number| *number != 0))
    }

    /// A day, YYMMDD in the years of an era; `None` where it is all spaces or zeros.
    pub(crate) fn day(&self, name: &'static str, era: Era) -> Result<Option<Date>, BadFile> {
        let Some(digits) = self.digits(name)?.filter(|digits| digits.bytes().any(|b| b != b'0')) else {
            return Ok(None);
        };
        let two = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<i8>().ok());
        let (Some(year), Some(month), Some(day)) = (two(0), two(2), two(4)) else {
            return Err(self.bad(name));
        };
        let found = date::in_era(era, i16::from(year), month, day);
        found.map(Some).map_err(|why| BadFile::Day { record: self.number, field: name, why })
    }

    /// A day that must be there.
    pub(crate) fn must_day(&self, name: &'static str, era: Era) -> Result<Date, BadFile> {
        self.day(name, era)?.ok_or_else(|| self.bad(name))
    }

    /// Says that a field cannot be what it holds.
    pub(crate) fn bad(&self, name: &'static str) -> BadFile {
        let value = core_sheet::visible(&text(self.part(name).1));
        BadFile::Field { record: self.number, field: name, value }
    }

    fn part(&self, name: &'static str) -> (&'static Field, &[u8]) {
        let field = self
            .fields
            .iter()
            .find(|field| field.name == name)
            .expect("a name from the table of this record");
        (field, &self.octets[field.at - 1..field.at - 1 + field.length])
    }
}

/// JIS X 0201: ASCII but for the yen sign, and half-width kana.
pub(crate) fn text(octets: &[u8]) -> String {
    octets
        .iter()
        .map(|octet| match octet {
            b'\\' => '¥',
            0xa1..=0xdf => char::from_u32(0xff61 + u32::from(octet - 0xa1)).unwrap_or(' '),
            other => char::from(*other),
        })
        .collect()
}
