//! One extension: identifier, criticality, octets (RFC 5280 §4.2).

use crate::oid::Oid;
use crate::tlv::{self, Limits, TlvError, TlvFault};

/// An extension as it stands in a certificate, request or list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension<'a> {
    /// The content octets of its identifier.
    pub oid: &'a [u8],
    /// Whether who does not know it must refuse the certificate.
    pub critical: bool,
    /// What the OCTET STRING wraps.
    pub value: &'a [u8],
}

impl<'a> Extension<'a> {
    /// Reads the members of `SEQUENCE OF Extension`, of which there is at least one.
    pub(crate) fn read_all(list: &tlv::Tlv<'a>, limits: &Limits) -> Result<Vec<Self>, TlvError> {
        let mut members = list.reader();
        if members.is_empty() {
            return Err(list.error(TlvFault::Value));
        }
        // Ten is the usual number; more only cost another allocation.
        let mut out = Vec::with_capacity(10);
        while !members.is_empty() {
            let member = members.expect(tlv::SEQUENCE)?;
            if out.len() == limits.extensions {
                return Err(member.error(TlvFault::TooMuch));
            }
            let mut parts = member.reader();
            let oid = parts.expect(tlv::OID)?.oid()?;
            let critical = parts.default_false()?;
            let value = parts.expect(tlv::OCTET_STRING)?.content;
            parts.finish()?;
            out.push(Self { oid, critical, value });
        }
        Ok(out)
    }

    /// The identifier, unless it is longer than any in use.
    pub fn id(&self) -> Option<Oid> {
        Oid::from_content(self.oid)
    }
}

/// Appends one extension.
pub(crate) fn push_extension(out: &mut Vec<u8>, oid: &[u8], critical: bool, value: &[u8]) {
    let flag: &[u8] = if critical { &[tlv::BOOLEAN, 1, 0xff] } else { &[] };
    let wrapped = tlv::len_of_header(value.len()) + value.len();
    tlv::push_header(out, tlv::SEQUENCE, tlv::len_of_header(oid.len()) + oid.len() + flag.len() + wrapped);
    tlv::push_tlv(out, tlv::OID, oid);
    out.extend_from_slice(flag);
    tlv::push_tlv(out, tlv::OCTET_STRING, value);
}
