//! The octets around the entries, with lengths that are right for lists above 4 GiB too.

use super::{ListPlan, ListRefused, extension};
use crate::{time, tlv};
use core_crypto::SigAlg;

/// 1 TiB: no list is that long, and no sum of lengths below comes near 64 bits.
const MAX_ENTRIES: u64 = 1 << 40;

/// The octets of a list before and after its entries.
///
/// ```text
/// SEQUENCE { SEQUENCE { version … SEQUENCE { entries } extensions } algorithm signature }
/// └ outer ──┘└ prefix ────────────────────┘         └ suffix ────┘└ tail ────────────┘
/// ```
#[derive(Clone, Debug)]
pub struct ListHead {
    prefix: Vec<u8>,
    suffix: Vec<u8>,
    entries: u64,
    sig_alg: SigAlg,
}

impl ListHead {
    /// Works out everything but the entries themselves, of which there are `entries` octets in all.
    ///
    /// Without entries revokedCertificates is left out, never empty (RFC 5280 §5.1.2.6).
    ///
    /// # Errors
    /// [`ListRefused`] when the plan is not one of a list that may be published.
    pub fn new(plan: &ListPlan, entries: u64) -> Result<Self, ListRefused> {
        plan.check()?;
        if entries > MAX_ENTRIES {
            return Err(ListRefused::TooLong(entries));
        }
        let mut fields = vec![tlv::INTEGER, 1, 1];
        fields.extend_from_slice(plan.sig_alg.identifier_der());
        fields.extend_from_slice(&plan.issuer_name_der);
        for time in [plan.this_update, plan.next_update] {
            time::push_time(&mut fields, time).map_err(|_| ListRefused::Time(time))?;
        }
        if entries > 0 {
            push_header(&mut fields, tlv::SEQUENCE, entries);
        }
        let suffix = extension::write_all(plan);
        let mut prefix = Vec::with_capacity(fields.len() + 10);
        push_header(&mut prefix, tlv::SEQUENCE, fields.len() as u64 + entries + suffix.len() as u64);
        prefix.extend(fields);
        Ok(Self { prefix, suffix, entries, sig_alg: plan.sig_alg })
    }

    /// The to-be-signed octets before the entries.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// The to-be-signed octets after the entries.
    pub fn suffix(&self) -> &[u8] {
        &self.suffix
    }

    /// Octets of entries that belong between them.
    pub fn entries_octets(&self) -> u64 {
        self.entries
    }

    /// Octets to be signed.
    pub fn tbs_octets(&self) -> u64 {
        self.prefix.len() as u64 + self.entries + self.suffix.len() as u64
    }

    /// How the list is signed.
    pub fn sig_alg(&self) -> SigAlg {
        self.sig_alg
    }

    /// The octets before the to-be-signed ones, for a signature of this many octets.
    pub fn outer(&self, signature: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(10);
        push_header(&mut out, tlv::SEQUENCE, self.tbs_octets() + self.tail_octets(signature));
        out
    }

    /// The octets after the to-be-signed ones: algorithm and signature.
    pub fn tail(&self, signature: &[u8]) -> Vec<u8> {
        let mut out = self.sig_alg.identifier_der().to_vec();
        push_header(&mut out, tlv::BIT_STRING, 1 + signature.len() as u64);
        out.push(0);
        out.extend_from_slice(signature);
        out
    }

    fn tail_octets(&self, signature: usize) -> u64 {
        let bits = 1 + signature as u64;
        self.sig_alg.identifier_der().len() as u64 + header_octets(bits) + bits
    }
}

/// Appends tag and length. [`tlv::push_header`] ends at 32 bits.
fn push_header(out: &mut Vec<u8>, tag: u8, len: u64) {
    out.push(tag);
    let octets = len.to_be_bytes();
    match header_octets(len) {
        2 => out.push(len as u8),
        header => {
            let count = header as usize - 2;
            out.push(0x80 | count as u8);
            out.extend_from_slice(&octets[8 - count..]);
        }
    }
}

/// Octets of tag and length.
fn header_octets(len: u64) -> u64 {
    if len < 0x80 { 2 } else { 2 + u64::from(64 - len.leading_zeros()).div_ceil(8) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crl::{Covers, Idp};
    use core_words::UtcSeconds;

    fn plan() -> ListPlan {
        ListPlan {
            issuer_name_der: vec![0x30, 2, 0x31, 0],
            sig_alg: SigAlg::EcdsaSha256,
            this_update: UtcSeconds(1_700_000_000),
            next_update: UtcSeconds(1_700_086_400),
            number: 7,
            base: None,
            idp: None,
            aki: vec![9; 20],
            freshest: None,
        }
    }

    #[test]
    fn headers_are_minimal_at_each_boundary() {
        for (len, header) in [
            (0, &[0x30, 0][..]),
            (0x7f, &[0x30, 0x7f]),
            (0x80, &[0x30, 0x81, 0x80]),
            (0xff, &[0x30, 0x81, 0xff]),
            (0x100, &[0x30, 0x82, 1, 0]),
            (0xff_ffff, &[0x30, 0x83, 0xff, 0xff, 0xff]),
            (0x100_0000, &[0x30, 0x84, 1, 0, 0, 0]),
            (0xffff_ffff, &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
            (0x1_0000_0000, &[0x30, 0x85, 1, 0, 0, 0, 0]),
            (u64::MAX, &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ] {
            let mut out = Vec::new();
            push_header(&mut out, tlv::SEQUENCE, len);
            assert_eq!(out, header);
            assert_eq!(header_octets(len), header.len() as u64);
        }
    }

    /// K4: nothing in the lengths ends at 32 bits.
    #[test]
    fn lists_above_4_gib_have_the_right_lengths() {
        let entries: u64 = (1 << 32) + 5;
        let head = ListHead::new(&plan(), entries).expect("a head");
        let small = ListHead::new(&plan(), 5).expect("a head");
        // Only the headers of the list and of its entries grow; everything between them stays.
        let first = small.prefix()[1];
        let header = 2 + if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        let fields = small.prefix().len() - header - 2;
        let entries_header = [0x30, 0x85, 1, 0, 0, 0, 5];
        assert!(head.prefix().ends_with(&entries_header));
        let tbs = (fields + 7) as u64 + entries + head.suffix().len() as u64;
        assert_eq!(head.prefix()[..2], [0x30, 0x85]);
        assert_eq!(head.prefix()[2..7], tbs.to_be_bytes()[3..]);
        assert_eq!(head.tbs_octets(), tbs + 7);
        // AlgorithmIdentifier 12, BIT STRING 2 + 1 + 70.
        let outer = tbs + 7 + 12 + 73;
        assert_eq!(head.outer(70)[..2], [0x30, 0x85]);
        assert_eq!(head.outer(70)[2..], outer.to_be_bytes()[3..]);
    }

    #[test]
    fn plans_that_rfc_5280_forbids_are_refused() {
        let refused = |change: fn(&mut ListPlan)| {
            let mut plan = plan();
            change(&mut plan);
            ListHead::new(&plan, 0).err()
        };
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|p| p.issuer_name_der = vec![0x30, 0]), Some(ListRefused::Issuer));
        assert_eq!(refused(|p| p.next_update = p.this_update), Some(ListRefused::NextUpdate));
        assert_eq!(refused(|p| p.base = Some(7)), Some(ListRefused::Base { number: 7, base: 7 }));
        assert_eq!(refused(|p| p.base = Some(6)), None);
        assert_eq!(
            refused(|p| (p.base, p.freshest) = (Some(6), Some("http://a/".into()))),
            Some(ListRefused::FreshestInDelta)
        );
        assert_eq!(refused(|p| p.aki = vec![]), Some(ListRefused::KeyId));
        assert_eq!(refused(|p| p.aki = vec![1; 65]), Some(ListRefused::KeyId));
        assert_eq!(
            refused(|p| p.freshest = Some("http://例え/".into())),
            Some(ListRefused::PointName("http://例え/".into()))
        );
        assert_eq!(
            refused(|p| p.idp = Some(Idp { names: vec![], covers: Covers::All })),
            Some(ListRefused::EmptyIdp)
        );
        let late = UtcSeconds(253_402_300_800);
        assert!(
            matches!(refused(|p| p.next_update = UtcSeconds(253_402_300_800)), Some(ListRefused::Time(t)) if t == late)
        );
        assert_eq!(ListHead::new(&plan(), u64::MAX).err(), Some(ListRefused::TooLong(u64::MAX)));
    }
}
