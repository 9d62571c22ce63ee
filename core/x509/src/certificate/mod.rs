//! Certificates (RFC 5280 §4.1), read strictly and without copying.
//!
//! One reader serves our own certificates, foreign CA certificates, and the to-be-signed octets that the
//! lints look at. It judges form alone: a field that is readable but wrong is for the lints to say.

mod constraints;
mod extension;
mod extensions;

pub use constraints::NameConstraints;
pub use extension::Extension;
pub(crate) use extension::push_extension;
pub(crate) use extensions::read_general_names;
pub use extensions::{
    AccessDescription, AuthorityKeyId, BasicConstraints, DistributionPoint, KeyUsage, PolicyConstraints,
    PolicyInformation, Qualifier,
};

use crate::name::NameRef;
use crate::time;
use crate::tlv::{self, Limits, Reader, TlvError, TlvFault};
use core_crypto::SigAlg;
use core_words::UtcSeconds;

/// A certificate in its DER.
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    /// The whole certificate.
    pub der: &'a [u8],
    /// What is signed.
    pub tbs: Tbs<'a>,
    /// The outer AlgorithmIdentifier, DER.
    pub signature_algorithm: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
}

/// A TBSCertificate in its DER.
#[derive(Clone, Debug)]
pub struct Tbs<'a> {
    /// The whole TBSCertificate.
    pub der: &'a [u8],
    /// 0 for v1, 1 for v2, 2 for v3.
    pub version: u32,
    /// The content octets of the serial number, two's complement.
    pub serial: &'a [u8],
    /// The inner AlgorithmIdentifier, DER.
    pub signature: &'a [u8],
    /// Who issued it.
    pub issuer: NameRef<'a>,
    /// The first second of its validity.
    pub not_before: UtcSeconds,
    /// The last second of its validity.
    pub not_after: UtcSeconds,
    /// Whether both times have the form that RFC 5280 §4.1.2.5 demands for their year.
    pub time_forms_fit: bool,
    /// Whom it is about.
    pub subject: NameRef<'a>,
    /// The SubjectPublicKeyInfo, DER.
    pub spki: &'a [u8],
    /// Whether issuerUniqueID or subjectUniqueID is there.
    pub unique_ids: bool,
    /// The extensions in their order. Duplicates are kept; see [`duplicate`](Self::duplicate).
    pub extensions: Vec<Extension<'a>>,
}

impl<'a> Certificate<'a> {
    /// Reads one certificate that fills `der` to its end, within [`Limits::DEFAULT`].
    ///
    /// # Errors
    /// [`TlvError`] for anything but a DER certificate whose extensions are all different.
    pub fn parse(der: &'a [u8]) -> Result<Self, TlvError> {
        Self::parse_within(der, &Limits::DEFAULT)
    }

    /// Reads one certificate within other limits.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_within(der: &'a [u8], limits: &Limits) -> Result<Self, TlvError> {
        let mut outer = Reader::only(der, tlv::SEQUENCE, limits.octets)?.reader();
        let tbs = Tbs::read(&outer.expect(tlv::SEQUENCE)?, limits)?;
        let signature_algorithm = outer.expect(tlv::SEQUENCE)?.whole;
        let bits = outer.expect(tlv::BIT_STRING)?;
        let signature = bits.bits()?;
        if signature.unused != 0 {
            return Err(bits.error(TlvFault::BitString));
        }
        outer.finish()?;
        // RFC 5280 §4.2: a certificate MUST NOT include more than one instance of an extension.
        if tbs.duplicate().is_some() {
            return Err(TlvError { at: 0, fault: TlvFault::Value });
        }
        Ok(Self { der, tbs, signature_algorithm, signature: signature.octets })
    }

    /// The signature algorithm, when both identifiers are the same and known here.
    pub fn sig_alg(&self) -> Option<SigAlg> {
        SigAlg::from_identifier_der(self.signature_algorithm)
            .filter(|_| self.signature_algorithm == self.tbs.signature)
    }
}

impl<'a> Tbs<'a> {
    /// Reads one TBSCertificate that fills `der` to its end.
    ///
    /// # Errors
    /// [`TlvError`] for anything but its DER. Duplicate extensions are read.
    pub fn parse(der: &'a [u8], limits: &Limits) -> Result<Self, TlvError> {
        Self::read(&Reader::only(der, tlv::SEQUENCE, limits.octets)?, limits)
    }

    fn read(outer: &tlv::Tlv<'a>, limits: &Limits) -> Result<Self, TlvError> {
        let mut fields = outer.reader();
        let version = match fields.optional(tlv::context_constructed(0))? {
            Some(explicit) => {
                let mut inner = explicit.reader();
                let version = inner.expect(tlv::INTEGER)?;
                inner.finish()?;
                // DEFAULT v1 is never written (X.690 §11.5).
                version.small().ok().filter(|v| (1..=2).contains(v)).ok_or(version.error(TlvFault::Value))?
            }
            None => 0,
        };
        let serial = fields.expect(tlv::INTEGER)?.integer()?;
        let signature = fields.expect(tlv::SEQUENCE)?.whole;
        let issuer = NameRef::read(&mut fields, limits)?;
        let mut validity = fields.enter(tlv::SEQUENCE)?;
        let (from, to) = (validity.next()?, validity.next()?);
        validity.finish()?;
        let (not_before, not_after) = (time::read_time(&from)?, time::read_time(&to)?);
        let subject = NameRef::read(&mut fields, limits)?;
        let spki = fields.expect(tlv::SEQUENCE)?.whole;
        let mut unique_ids = false;
        for n in [1, 2] {
            unique_ids |= fields.optional(tlv::context(n))?.is_some();
        }
        let extensions = match fields.optional(tlv::context_constructed(3))? {
            Some(explicit) => {
                let mut inner = explicit.reader();
                let list = inner.expect(tlv::SEQUENCE)?;
                inner.finish()?;
                Extension::read_all(&list, limits)?
            }
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self {
            der: outer.whole,
            version,
            serial,
            signature,
            issuer,
            not_before,
            not_after,
            time_forms_fit: time::form_fits(&from, not_before) && time::form_fits(&to, not_after),
            subject,
            spki,
            unique_ids,
            extensions,
        })
    }

    /// The first extension with this identifier.
    pub fn extension(&self, oid: &crate::oid::Oid) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|e| e.oid == oid.content())
    }

    /// The first extension whose identifier stands before it already.
    pub fn duplicate(&self) -> Option<&Extension<'a>> {
        let mut later = self.extensions.iter().enumerate();
        later.find(|(i, e)| self.extensions[..*i].iter().any(|f| f.oid == e.oid)).map(|(_, e)| e)
    }
}
