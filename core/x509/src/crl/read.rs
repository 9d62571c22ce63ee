//! Reading lists back, strictly and without copying.

use super::{BadList, Entries, Idp, PointName, extension};
use crate::{
    time,
    tlv::{self, Reader},
};
use core_crypto::{BadSignature, SigAlg, Verify};
use core_words::{Serial, UtcSeconds};

/// How much of a list is read.
#[derive(Clone, Copy, Debug)]
pub struct ListLimits {
    /// Octets of the whole list.
    pub octets: usize,
    /// Extensions of the list. RFC 5280 §5.2 knows seven.
    pub extensions: usize,
    /// Extensions of one entry. RFC 5280 §5.3 knows three.
    pub entry_extensions: usize,
    /// Names in one distribution point.
    pub names: usize,
}

impl Default for ListLimits {
    /// 1 GiB (some 25 million entries), 16 extensions, 8 per entry, 16 names.
    fn default() -> Self {
        Self { octets: 1 << 30, extensions: 16, entry_extensions: 8, names: 16 }
    }
}

/// A list as read. Its entries are read when they are asked for.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The to-be-signed octets.
    pub tbs: &'a [u8],
    /// How it is signed.
    pub sig_alg: SigAlg,
    /// The signature.
    pub signature: &'a [u8],
    /// The issuer's Name, DER.
    pub issuer_name_der: &'a [u8],
    /// When the list was made.
    pub this_update: UtcSeconds,
    /// When the next one comes at the latest.
    pub next_update: UtcSeconds,
    /// cRLNumber.
    pub number: u128,
    /// For a delta list, the number of the full list it builds on.
    pub base: Option<u128>,
    /// What part of all certificates it covers.
    pub idp: Option<Idp>,
    /// The issuer's key identifier.
    pub aki: &'a [u8],
    /// Where the delta lists are.
    pub freshest: Vec<PointName>,
    entries: Option<Reader<'a>>,
    limits: ListLimits,
}

impl<'a> List<'a> {
    /// Reads a list that fills `der` to its end. Entries are not read yet: see [`check_entries`](Self::check_entries).
    ///
    /// # Errors
    /// [`BadList`] for anything the house would not publish.
    pub fn parse(der: &'a [u8], limits: &ListLimits) -> Result<Self, BadList> {
        let mut outer = Reader::only(der, tlv::SEQUENCE, limits.octets)?.reader();
        let tbs = outer.expect(tlv::SEQUENCE)?;
        let algorithm = outer.expect(tlv::SEQUENCE)?;
        let signature = outer.expect(tlv::BIT_STRING)?;
        outer.finish()?;
        let bits = signature.bits()?;
        if bits.unused != 0 {
            return Err(signature.error(tlv::TlvFault::BitString).into());
        }

        let mut fields = tbs.reader();
        let version = fields.expect(tlv::INTEGER)?.small()?;
        let inner = fields.expect(tlv::SEQUENCE)?;
        let sig_alg = SigAlg::from_identifier_der(inner.whole)
            .filter(|_| version == 1 && inner.whole == algorithm.whole)
            .ok_or(BadList::Algorithm)?;
        let issuer = fields.expect(tlv::SEQUENCE)?;
        if issuer.content.is_empty() {
            return Err(issuer.error(tlv::TlvFault::Value).into());
        }
        let this_update = read_time(&mut fields)?;
        let at = fields.at();
        let next_update = read_time(&mut fields)?;
        if next_update <= this_update {
            return Err(BadList::Time { at });
        }
        let entries = match fields.optional(tlv::SEQUENCE)? {
            Some(list) if list.content.is_empty() => return Err(BadList::EmptyEntries { at: list.at }),
            found => found.map(|list| list.reader()),
        };
        let mut wrapper = fields.enter(tlv::context_constructed(0))?;
        fields.finish()?;
        let extensions = wrapper.enter(tlv::SEQUENCE)?;
        wrapper.finish()?;

        let mut list = Self {
            tbs: tbs.whole,
            sig_alg,
            signature: bits.octets,
            issuer_name_der: issuer.whole,
            this_update,
            next_update,
            number: 0,
            base: None,
            idp: None,
            aki: &[],
            freshest: Vec::new(),
            entries,
            limits: *limits,
        };
        list.read_extensions(extensions)?;
        Ok(list)
    }

    /// The entries in order. The first that is wrong ends them.
    pub fn entries(&self) -> Entries<'a> {
        let reader = self.entries.clone().unwrap_or_else(|| Reader::new(&[]));
        Entries::new(reader, self.base.is_some(), self.limits.entry_extensions)
    }

    /// Reads all entries and counts them; each must be well-formed, and no certificate may be listed twice.
    ///
    /// Takes 20 octets of memory for each entry.
    ///
    /// # Errors
    /// The first wrong entry, or [`BadList::SerialTwice`].
    pub fn check_entries(&self) -> Result<u64, BadList> {
        let mut serials = self.entries().map(|e| e.map(|e| e.serial)).collect::<Result<Vec<Serial>, _>>()?;
        serials.sort_unstable();
        match serials.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(BadList::SerialTwice(pair[0])),
            None => Ok(serials.len() as u64),
        }
    }

    /// Checks the signature with the issuer's key.
    ///
    /// # Errors
    /// [`BadSignature`] when it does not fit.
    pub fn verify(&self, verify: &dyn Verify, issuer_spki: &[u8]) -> Result<(), BadSignature> {
        verify.verify(self.sig_alg, issuer_spki, self.tbs, self.signature)
    }

    fn read_extensions(&mut self, extensions: Reader<'a>) -> Result<(), BadList> {
        let (mut number, mut aki) = (None, None);
        for extension in extension::read_all(extensions, self.limits.extensions)? {
            let critical = match extension.oid {
                extension::NUMBER => {
                    number = Some(extension.number()?);
                    false
                }
                extension::AKI => {
                    aki = Some(extension.key_id()?);
                    false
                }
                extension::DELTA => {
                    self.base = Some(extension.number()?);
                    true
                }
                extension::IDP => {
                    self.idp = Some(extension.idp(self.limits.names)?);
                    true
                }
                extension::FRESHEST => {
                    self.freshest = extension.points(self.limits.names)?;
                    false
                }
                _ if extension.critical => return Err(BadList::UnknownCritical { at: extension.at }),
                _ => false,
            };
            extension.must_be_critical(critical)?;
        }
        self.number = number.ok_or(BadList::Missing("cRLNumber"))?;
        self.aki = aki.ok_or(BadList::Missing("authorityKeyIdentifier"))?;
        match self.base {
            Some(base) if base >= self.number || !self.freshest.is_empty() => Err(BadList::Delta),
            _ => Ok(()),
        }
    }
}

fn read_time(fields: &mut Reader<'_>) -> Result<UtcSeconds, BadList> {
    let element = fields.next()?;
    let time = time::read_time(&element)?;
    if time::form_fits(&element, time) { Ok(time) } else { Err(BadList::Time { at: element.at }) }
}
