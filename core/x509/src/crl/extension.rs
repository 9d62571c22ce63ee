//! Extensions of lists, written and read. Identifiers are the content octets under 2.5.29 (id-ce).

use super::{BadList, Covers, Idp, ListPlan, PointName};
use crate::tlv::{self, Reader, Tlv};

/// cRLNumber, 2.5.29.20.
pub(super) const NUMBER: &[u8] = &[0x55, 0x1d, 20];
/// reasonCode, 2.5.29.21.
pub(super) const REASON: &[u8] = &[0x55, 0x1d, 21];
/// invalidityDate, 2.5.29.24.
pub(super) const INVALIDITY: &[u8] = &[0x55, 0x1d, 24];
/// deltaCRLIndicator, 2.5.29.27.
pub(super) const DELTA: &[u8] = &[0x55, 0x1d, 27];
/// issuingDistributionPoint, 2.5.29.28.
pub(super) const IDP: &[u8] = &[0x55, 0x1d, 28];
/// authorityKeyIdentifier, 2.5.29.35.
pub(super) const AKI: &[u8] = &[0x55, 0x1d, 35];
/// freshestCRL, 2.5.29.46.
pub(super) const FRESHEST: &[u8] = &[0x55, 0x1d, 46];

/// GeneralName directoryName, which is explicit since Name is a CHOICE.
const DIRECTORY_NAME: u8 = tlv::context_constructed(4);
/// GeneralName uniformResourceIdentifier.
const URI: u8 = tlv::context(6);

/// The `[0] EXPLICIT Extensions` of a list, whole.
pub(super) fn write_all(plan: &ListPlan) -> Vec<u8> {
    let mut all = Vec::with_capacity(256);
    let key_id = tlv::tlv(tlv::context(0), &[&plan.aki]);
    push(&mut all, AKI, false, &tlv::tlv(tlv::SEQUENCE, &[&key_id]));
    push(&mut all, NUMBER, false, &integer(plan.number));
    if let Some(base) = plan.base {
        push(&mut all, DELTA, true, &integer(base));
    }
    if let Some(idp) = &plan.idp {
        push(&mut all, IDP, true, &write_idp(idp));
    }
    if let Some(uri) = &plan.freshest {
        let point = write_point(&[PointName::Uri(uri.clone())]);
        push(&mut all, FRESHEST, false, &tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::SEQUENCE, &[&point])]));
    }
    let extensions = tlv::tlv(tlv::SEQUENCE, &[&all]);
    tlv::tlv(tlv::context_constructed(0), &[&extensions])
}

fn push(out: &mut Vec<u8>, oid: &[u8], critical: bool, value: &[u8]) {
    let flag: &[u8] = if critical { &[tlv::BOOLEAN, 1, 0xff] } else { &[] };
    let oid = tlv::tlv(tlv::OID, &[oid]);
    let value = tlv::tlv(tlv::OCTET_STRING, &[value]);
    out.extend(tlv::tlv(tlv::SEQUENCE, &[&oid, flag, &value]));
}

/// A DER INTEGER.
pub(super) fn integer(value: u128) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let start = octets.iter().position(|o| *o != 0).unwrap_or(octets.len() - 1);
    let sign: &[u8] = if octets[start] & 0x80 != 0 { &[0] } else { &[] };
    tlv::tlv(tlv::INTEGER, &[sign, &octets[start..]])
}

fn write_idp(idp: &Idp) -> Vec<u8> {
    let point = if idp.names.is_empty() { Vec::new() } else { write_point(&idp.names) };
    let flag = |n| vec![tlv::context(n), 1, 0xff];
    let covers = match idp.covers {
        Covers::All => Vec::new(),
        Covers::UserCerts => flag(1),
        Covers::CaCerts => flag(2),
        Covers::AttributeCerts => flag(5),
    };
    tlv::tlv(tlv::SEQUENCE, &[&point, &covers])
}

/// `[0] DistributionPointName`, explicit since it is a CHOICE, of `[0] fullName`.
fn write_point(names: &[PointName]) -> Vec<u8> {
    let names = names.iter().map(|name| match name {
        PointName::Uri(uri) => tlv::tlv(URI, &[uri.as_bytes()]),
        PointName::Directory(der) => tlv::tlv(DIRECTORY_NAME, &[der]),
    });
    let full_name = tlv::tlv_of(tlv::context_constructed(0), names);
    tlv::tlv(tlv::context_constructed(0), &[&full_name])
}

/// One extension as it stands there.
pub(super) struct Extension<'a> {
    pub(super) oid: &'a [u8],
    pub(super) critical: bool,
    pub(super) value: Tlv<'a>,
    pub(super) at: usize,
}

/// Reads a SEQUENCE OF Extension of 1 to `limit`; none may stand there twice (RFC 5280 §4.2).
pub(super) fn read_all<'a>(mut list: Reader<'a>, limit: usize) -> Result<Vec<Extension<'a>>, BadList> {
    let mut all: Vec<Extension<'a>> = Vec::new();
    while all.is_empty() || !list.is_empty() {
        let at = list.at();
        if all.len() == limit {
            return Err(list.error(tlv::TlvFault::TooMuch).into());
        }
        let mut fields = list.enter(tlv::SEQUENCE)?;
        let oid = fields.expect(tlv::OID)?.oid()?;
        let critical = fields.default_false()?;
        let value = fields.expect(tlv::OCTET_STRING)?;
        fields.finish()?;
        if all.iter().any(|known| known.oid == oid) {
            return Err(BadList::RepeatedExtension { at });
        }
        all.push(Extension { oid, critical, value, at });
    }
    Ok(all)
}

impl<'a> Extension<'a> {
    /// That the critical flag is as RFC 5280 says.
    pub(super) fn must_be_critical(&self, wanted: bool) -> Result<(), BadList> {
        if self.critical == wanted { Ok(()) } else { Err(BadList::Criticality { at: self.at }) }
    }

    /// The one element of the value, with this tag.
    pub(super) fn only(&self, tag: u8) -> Result<Tlv<'a>, BadList> {
        let mut reader = self.value.reader();
        let element = reader.expect(tag)?;
        reader.finish()?;
        Ok(element)
    }

    /// A number from 0 to 2^128 − 1. RFC 5280 §5.2.3 allows 20 octets; nobody counts that far.
    pub(super) fn number(&self) -> Result<u128, BadList> {
        let content = self.only(tlv::INTEGER)?.integer()?;
        let magnitude = if content[0] == 0 { &content[1..] } else { content };
        if content[0] & 0x80 != 0 || magnitude.len() > 16 {
            return Err(BadList::Extension { at: self.at });
        }
        Ok(magnitude.iter().fold(0, |value, octet| value << 8 | u128::from(*octet)))
    }

    /// The keyIdentifier of an authorityKeyIdentifier. Issuer and serial may follow and are passed over.
    pub(super) fn key_id(&self) -> Result<&'a [u8], BadList> {
        let mut fields = self.only(tlv::SEQUENCE)?.reader();
        let id = fields.expect(tlv::context(0))?;
        fields.optional(tlv::context_constructed(1))?;
        fields.optional(tlv::context(2))?;
        fields.finish()?;
        if id.content.is_empty() { Err(BadList::Extension { at: self.at }) } else { Ok(id.content) }
    }

    /// An issuingDistributionPoint of the kinds that [`Idp`] can say.
    pub(super) fn idp(&self, names: usize) -> Result<Idp, BadList> {
        let mut fields = self.only(tlv::SEQUENCE)?.reader();
        let unfit = BadList::Extension { at: self.at };
        let names = match fields.optional(tlv::context_constructed(0))? {
            Some(point) => self.point(&point, names)?,
            None => Vec::new(),
        };
        let mut covers = Covers::All;
        for (flag, means) in [(1, Covers::UserCerts), (2, Covers::CaCerts), (5, Covers::AttributeCerts)] {
            if let Some(found) = fields.optional(tlv::context(flag))? {
                if found.content != [0xff] || covers != Covers::All {
                    return Err(unfit);
                }
                covers = means;
            }
        }
        if names.is_empty() && covers == Covers::All {
            return Err(unfit);
        }
        // onlySomeReasons [3] and indirectCRL [4] are not among the fields read: they end here.
        if fields.is_empty() { Ok(Idp { names, covers }) } else { Err(unfit) }
    }

    /// The URIs of a freshestCRL, in order.
    pub(super) fn points(&self, limit: usize) -> Result<Vec<PointName>, BadList> {
        let mut points = self.only(tlv::SEQUENCE)?.reader();
        let mut names = Vec::new();
        while names.is_empty() || !points.is_empty() {
            let mut fields = points.enter(tlv::SEQUENCE)?;
            let point = fields.expect(tlv::context_constructed(0))?;
            fields.finish()?;
            names.extend(self.point(&point, limit)?);
            if names.len() > limit {
                return Err(BadList::Extension { at: self.at });
            }
        }
        Ok(names)
    }

    fn point(&self, point: &Tlv<'a>, limit: usize) -> Result<Vec<PointName>, BadList> {
        let mut choice = point.reader();
        let mut full_name = choice.enter(tlv::context_constructed(0))?;
        choice.finish()?;
        let mut names = Vec::new();
        while names.is_empty() || !full_name.is_empty() {
            let name = full_name.next()?;
            names.push(match name.tag {
                URI => PointName::Uri(self.ascii(name.content)?),
                DIRECTORY_NAME => {
                    let mut inner = name.reader();
                    let directory = inner.expect(tlv::SEQUENCE)?;
                    inner.finish()?;
                    PointName::Directory(directory.whole.to_vec())
                }
                _ => return Err(BadList::Extension { at: self.at }),
            });
            if names.len() > limit {
                return Err(BadList::Extension { at: self.at });
            }
        }
        Ok(names)
    }

    fn ascii(&self, content: &[u8]) -> Result<String, BadList> {
        let plain = !content.is_empty() && content.iter().all(u8::is_ascii_graphic);
        let text = str::from_utf8(content).ok().filter(|_| plain);
        text.map(str::to_owned).ok_or(BadList::Extension { at: self.at })
    }
}
