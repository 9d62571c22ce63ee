//! GeneralName (RFC 5280 §4.2.1.6): the names in alternative names, distribution points and access locations.

use crate::name::NameRef;
use crate::tlv::{self, Limits, Reader, TlvError, TlvFault};
use std::fmt;

/// One name as it stands in somebody's octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneralName<'a> {
    /// otherName: the content octets of its type, and the element inside the explicit tag.
    Other {
        /// The content octets of type-id.
        oid: &'a [u8],
        /// The whole element that is the value.
        value: &'a [u8],
    },
    /// rfc822Name.
    Email(&'a str),
    /// dNSName.
    Dns(&'a str),
    /// directoryName.
    Directory(NameRef<'a>),
    /// uniformResourceIdentifier.
    Uri(&'a str),
    /// iPAddress: 4 or 16 octets in certificates, 8 or 32 in name constraints.
    Ip(&'a [u8]),
    /// registeredID: content octets.
    RegisteredId(&'a [u8]),
    /// x400Address or ediPartyName, which the house does not read.
    Unread(u8),
}

impl<'a> GeneralName<'a> {
    /// Takes a name from the front of `reader`.
    pub(crate) fn read(reader: &mut Reader<'a>, limits: &Limits) -> Result<Self, TlvError> {
        const OTHER: u8 = tlv::context_constructed(0);
        const EMAIL: u8 = tlv::context(1);
        const DNS: u8 = tlv::context(2);
        const DIRECTORY: u8 = tlv::context_constructed(4);
        const URI: u8 = tlv::context(6);
        const IP: u8 = tlv::context(7);
        const REGISTERED_ID: u8 = tlv::context(8);
        let element = reader.next()?;
        let ia5 = || {
            let text = std::str::from_utf8(element.content).ok().filter(|t| t.is_ascii());
            text.ok_or(element.error(TlvFault::Value))
        };
        Ok(match element.tag {
            OTHER => {
                let mut parts = element.reader();
                let oid = parts.expect(tlv::OID)?.oid()?;
                let mut explicit = parts.enter(tlv::context_constructed(0))?;
                let value = explicit.next()?.whole;
                explicit.finish()?;
                parts.finish()?;
                Self::Other { oid, value }
            }
            EMAIL => Self::Email(ia5()?),
            DNS => Self::Dns(ia5()?),
            DIRECTORY => {
                let mut inner = element.reader();
                let name = NameRef::read(&mut inner, limits)?;
                inner.finish()?;
                Self::Directory(name)
            }
            URI => Self::Uri(ia5()?),
            IP => Self::Ip(element.content),
            REGISTERED_ID if tlv::is_oid(element.content) => Self::RegisteredId(element.content),
            0xa3 | 0xa5 => Self::Unread(element.tag & 0x1f),
            _ => return Err(element.error(TlvFault::Value)),
        })
    }

    /// Appends the name.
    pub(crate) fn push(&self, out: &mut Vec<u8>) {
        match self {
            Self::Other { oid, value } => tlv::nested(out, tlv::context_constructed(0), |out| {
                tlv::push_tlv(out, tlv::OID, oid);
                tlv::push_tlv(out, tlv::context_constructed(0), value);
            }),
            Self::Email(text) => tlv::push_tlv(out, tlv::context(1), text.as_bytes()),
            Self::Dns(text) => tlv::push_tlv(out, tlv::context(2), text.as_bytes()),
            Self::Directory(name) => tlv::push_tlv(out, tlv::context_constructed(4), name.der()),
            Self::Uri(text) => tlv::push_tlv(out, tlv::context(6), text.as_bytes()),
            Self::Ip(octets) => tlv::push_tlv(out, tlv::context(7), octets),
            Self::RegisteredId(oid) => tlv::push_tlv(out, tlv::context(8), oid),
            // Nothing that the house writes holds one; an empty element keeps the length honest.
            Self::Unread(n) => tlv::push_tlv(out, tlv::context_constructed(*n), &[]),
        }
    }
}

impl fmt::Display for GeneralName<'_> {
    /// `DNS:www.example.jp`, as people know it from other tools.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { .. } => f.write_str("otherName"),
            Self::Email(text) => write!(f, "email:{text}"),
            Self::Dns(text) => write!(f, "DNS:{text}"),
            Self::Directory(name) => write!(f, "directory:{name}"),
            Self::Uri(text) => write!(f, "URI:{text}"),
            Self::Ip(octets) => match (<[u8; 4]>::try_from(*octets), <[u8; 16]>::try_from(*octets)) {
                (Ok(v4), _) => write!(f, "IP:{}", std::net::Ipv4Addr::from(v4)),
                (_, Ok(v6)) => write!(f, "IP:{}", std::net::Ipv6Addr::from(v6)),
                _ => f.write_str("IP:?"),
            },
            Self::RegisteredId(_) => f.write_str("registeredID"),
            Self::Unread(n) => write!(f, "[{n}]"),
        }
    }
}
