//! Entries: encoded once when a certificate is revoked, and read back one by one.

use super::{BadList, ListRefused, extension};
use crate::{
    time,
    tlv::{self, Reader},
};
use core_words::{RevocationReason, Serial, UtcSeconds};

/// ENUMERATED.
const ENUMERATED: u8 = 0x0a;
/// CRLReason removeFromCRL.
const REMOVE_FROM_CRL: u8 = 8;

/// How a certificate is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listed {
    /// Revoked or held, for this reason.
    Revoked(RevocationReason),
    /// In a delta list: it was held or listed in the base and no longer is (RFC 5280 §5.3.1).
    RemovedFromList,
}

/// What an entry says.
#[derive(Clone, Copy, Debug)]
pub struct EntryPlan<'a> {
    /// Which certificate.
    pub serial: &'a Serial,
    /// Since when it is revoked.
    pub revoked: UtcSeconds,
    /// How it is listed.
    pub listed: Listed,
    /// Since when the key may have been in other hands, when that is known (RFC 5280 §5.3.2).
    pub invalidity: Option<UtcSeconds>,
}

/// Encodes one entry: a revokedCertificates element.
///
/// # Errors
/// [`ListRefused::Time`] when a time lies outside the years 1950 to 9999 (0 to 9999 for the invalidity date).
pub fn entry(plan: &EntryPlan<'_>) -> Result<Vec<u8>, ListRefused> {
    let mut out = Vec::with_capacity(80);
    push_entry(&mut out, plan).map(|()| out)
}

/// Appends one encoded entry, at most 81 octets; segments are packed so. On an error `out` is as before.
///
/// # Errors
/// As [`entry`].
pub fn push_entry(out: &mut Vec<u8>, plan: &EntryPlan<'_>) -> Result<(), ListRefused> {
    let start = out.len();
    // Every length stays below 128, so all lengths take one octet and are filled in afterwards.
    out.extend([tlv::SEQUENCE, 0]);
    let serial = plan.serial.der_content();
    out.extend([tlv::INTEGER, serial.len() as u8]);
    out.extend_from_slice(serial);
    if time::push_time(out, plan.revoked).is_err() {
        out.truncate(start);
        return Err(ListRefused::Time(plan.revoked));
    }
    let reason = plan.listed.code();
    if reason.is_some() || plan.invalidity.is_some() {
        let extensions = out.len();
        out.extend([tlv::SEQUENCE, 0]);
        if let Some(code) = reason {
            out.extend([tlv::SEQUENCE, 10, tlv::OID, 3]);
            out.extend_from_slice(extension::REASON);
            out.extend([tlv::OCTET_STRING, 3, ENUMERATED, 1, code]);
        }
        if let Some(since) = plan.invalidity {
            out.extend([tlv::SEQUENCE, 24, tlv::OID, 3]);
            out.extend_from_slice(extension::INVALIDITY);
            out.extend([tlv::OCTET_STRING, 17]);
            if push_generalized(out, since).is_none() {
                out.truncate(start);
                return Err(ListRefused::Time(since));
            }
        }
        out[extensions + 1] = (out.len() - extensions - 2) as u8;
    }
    out[start + 1] = (out.len() - start - 2) as u8;
    Ok(())
}

impl Listed {
    /// The CRLReason to write; `unspecified` is said by saying nothing (RFC 5280 §5.3.1).
    fn code(self) -> Option<u8> {
        match self {
            Self::Revoked(RevocationReason::Unspecified) => None,
            Self::Revoked(reason) => Some(reason.code()),
            Self::RemovedFromList => Some(REMOVE_FROM_CRL),
        }
    }
}

/// Appends `YYYYMMDDHHMMSSZ` whatever the year: an invalidity date has no other form (RFC 5280 §5.3.2).
fn push_generalized(out: &mut Vec<u8>, at: UtcSeconds) -> Option<()> {
    let day = time::Day::of_utc(at);
    if !(0..=9999).contains(&day.year) {
        return None;
    }
    let second = at.0.rem_euclid(time::DAY);
    out.extend([tlv::GENERALIZED_TIME, 15]);
    for part in [
        day.year / 100,
        day.year % 100,
        i64::from(day.month),
        i64::from(day.day),
        second / 3_600,
        second / 60 % 60,
        second % 60,
    ] {
        out.extend([b'0' + (part / 10) as u8, b'0' + (part % 10) as u8]);
    }
    out.push(b'Z');
    Some(())
}

/// An entry as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Which certificate.
    pub serial: Serial,
    /// Since when it is revoked.
    pub revoked: UtcSeconds,
    /// How it is listed.
    pub listed: Listed,
    /// Since when the key may have been in other hands.
    pub invalidity: Option<UtcSeconds>,
    /// The entry as it stands in the list.
    pub der: &'a [u8],
}

/// Reads entries one after another, each strictly; ends after the first that is wrong.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: Reader<'a>,
    delta: bool,
    /// Most extensions of one entry.
    limit: usize,
    done: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn new(rest: Reader<'a>, delta: bool, limit: usize) -> Self {
        Self { rest, delta, limit, done: false }
    }

    fn read(&mut self) -> Result<Entry<'a>, BadList> {
        let element = self.rest.expect(tlv::SEQUENCE)?;
        let at = element.at;
        let mut fields = element.reader();
        let serial = fields.expect(tlv::INTEGER)?.integer()?;
        let serial = Serial::from_der_content(serial).map_err(|_| BadList::Serial { at })?;
        let date = fields.next()?;
        let revoked = time::read_time(&date)?;
        if !time::form_fits(&date, revoked) {
            return Err(BadList::Time { at: date.at });
        }
        let mut entry = Entry {
            serial,
            revoked,
            listed: Listed::Revoked(RevocationReason::Unspecified),
            invalidity: None,
            der: element.whole,
        };
        if !fields.is_empty() {
            let extensions = fields.enter(tlv::SEQUENCE)?;
            fields.finish()?;
            self.read_extensions(extensions, at, &mut entry)?;
        }
        Ok(entry)
    }

    fn read_extensions(&self, all: Reader<'a>, at: usize, entry: &mut Entry<'a>) -> Result<(), BadList> {
        for extension in extension::read_all(all, self.limit)? {
            match extension.oid {
                extension::REASON => {
                    extension.must_be_critical(false)?;
                    entry.listed = match extension.only(ENUMERATED)?.content {
                        [REMOVE_FROM_CRL] if self.delta => Listed::RemovedFromList,
                        [REMOVE_FROM_CRL] => return Err(BadList::RemovedInFullList { at }),
                        [code] if *code != 0 => RevocationReason::from_code(*code)
                            .map(Listed::Revoked)
                            .ok_or(BadList::Reason { at })?,
                        _ => return Err(BadList::Reason { at }),
                    };
                }
                extension::INVALIDITY => {
                    extension.must_be_critical(false)?;
                    entry.invalidity = Some(time::read_time(&extension.only(tlv::GENERALIZED_TIME)?)?);
                }
                _ if extension.critical => return Err(BadList::UnknownCritical { at: extension.at }),
                _ => {}
            }
        }
        Ok(())
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<Entry<'a>, BadList>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done || self.rest.is_empty() {
            return None;
        }
        let entry = self.read();
        self.done = entry.is_err();
        Some(entry)
    }
}
