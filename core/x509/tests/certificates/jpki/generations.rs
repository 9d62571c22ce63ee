//! The issuer among generations of one name.

use super::*;
use core_x509::certificate::Tbs;
use core_x509::jpki::{Choice, choose};
use core_x509::oid;
use core_x509::tlv::{self, Limits};

/// Three generations, the second of which has two certificates of one key.
struct House {
    ders: Vec<Vec<u8>>,
    made: Vec<Authority>,
}

fn house() -> House {
    let profile = builtin("jpki-sign-ca");
    let made: Vec<_> = [(11, "01"), (12, "0132c4ab"), (12, "0132c4ac"), (13, "067c6a21")]
        .map(|(n, serial)| authority(&profile, KeyAlg::P384, n, number(serial), at(2024, 1, 1, 0)))
        .into();
    House { ders: made.iter().map(|a| a.der.clone()).collect(), made }
}

impl House {
    fn certificates(&self) -> Vec<Certificate<'_>> {
        self.ders.iter().map(|der| Certificate::parse(der).expect("a certificate")).collect()
    }

    /// A certificate of one of them.
    fn leaf(&self, i: usize, profile: &Profile) -> Vec<u8> {
        let made = &self.made[i];
        issue(profile, &made.issuer, &made.key, &key(KeyAlg::P384, 7), &sign_order(5), number("77"))
    }

    /// What is chosen, by its place.
    fn chosen(&self, leaf: &[u8], among: &[usize]) -> Result<usize, usize> {
        let all = self.certificates();
        let some: Vec<_> = among.iter().map(|i| all[*i].clone()).collect();
        match choose(&Certificate::parse(leaf).expect("a certificate"), &some, &Provider) {
            Choice::Found(found) => Ok(all.iter().position(|a| a.der == found.der).expect("one of them")),
            Choice::None => Err(0),
            Choice::Ambiguous(n) => Err(n),
        }
    }
}

fn form(aki: &str) -> Profile {
    changed("jpki-sign-next", "authority_key_identifier = \"full\"", aki)
}

#[test]
fn j16_the_issuer_is_chosen_by_its_key_among_generations_of_one_name() {
    let house = house();
    let all = house.certificates();
    assert!(all.iter().all(|a| a.tbs.subject == all[0].tbs.subject), "the name says nothing");
    let profile = builtin("jpki-sign-next");
    for i in 0..4 {
        assert_eq!(house.chosen(&house.leaf(i, &profile), &[0, 1, 2, 3]), Ok(i));
        assert_eq!(house.chosen(&house.leaf(i, &profile), &[3, 2, 1, 0, i, i]), Ok(i), "handed in twice");
    }
    assert_eq!(house.chosen(&house.leaf(3, &profile), &[0, 1, 2]), Err(0), "its generation is not there");
    assert_eq!(house.chosen(&house.leaf(1, &profile), &[0, 2]), Ok(2), "another certificate of the same key");
    assert_eq!(house.chosen(&house.leaf(1, &profile), &[]), Err(0));
}

#[test]
fn j16_the_key_identifier_alone_does_not_part_certificates_of_one_key() {
    let (house, profile) = (house(), form("authority_key_identifier = \"key-id\""));
    assert_eq!(house.chosen(&house.leaf(0, &profile), &[0, 1, 2, 3]), Ok(0));
    assert_eq!(house.chosen(&house.leaf(1, &profile), &[0, 1, 2, 3]), Err(2));
}

/// The octets of a leaf without authorityKeyIdentifier, signed again.
fn without_identifier(house: &House, i: usize) -> Vec<u8> {
    let leaf = house.leaf(i, &form("authority_key_identifier = \"key-id\""));
    // The extension stays, under an identifier that nobody knows: 2.5.29.127 for 2.5.29.35.
    let mut tbs = Certificate::parse(&leaf).expect("a certificate").tbs.der.to_vec();
    let id = oid::AUTHORITY_KEY_ID.content();
    let at = tbs.windows(3).rposition(|w| w == id).expect("the extension");
    tbs[at + 2] = 0x7f;
    signed(&house.made[i], &tbs)
}

fn signed(made: &Authority, tbs: &[u8]) -> Vec<u8> {
    let signature = made.key.sign_now(kit_keys::SignInput::Message(tbs)).expect("a signature");
    core_x509::assemble::assemble(tbs, made.key.alg(), &signature)
}

#[test]
fn j16_without_an_identifier_the_signature_says_who_issued() {
    let house = house();
    for i in [0, 3] {
        assert_eq!(house.chosen(&without_identifier(&house, i), &[0, 1, 2, 3]), Ok(i));
    }
    assert_eq!(
        house.chosen(&without_identifier(&house, 1), &[0, 1, 2, 3]),
        Err(2),
        "one key, two certificates"
    );
    assert_eq!(house.chosen(&without_identifier(&house, 3), &[0, 1, 2]), Err(0));
    // Another's signature is nobody's.
    let mut forged = without_identifier(&house, 0);
    *forged.last_mut().expect("octets") ^= 1;
    assert_eq!(house.chosen(&forged, &[0, 1, 2, 3]), Err(0));
}

#[test]
fn j16_issuer_and_number_decide_where_no_key_is_named() {
    let house = house();
    let leaf = house.leaf(2, &builtin("jpki-sign-next"));
    let read = Certificate::parse(&leaf).expect("a certificate");
    // Without the key identifier, 22 octets at the front of the sequence.
    let value = read.tbs.extension(&oid::AUTHORITY_KEY_ID).expect("there").value;
    let parts = tlv::Reader::only(value, tlv::SEQUENCE, 10_000).expect("parts").content;
    let shorter = tlv::tlv(tlv::SEQUENCE, &[&parts[22..]]);
    let tbs = with_value(read.tbs.der, value, &shorter);
    let leaf = signed(&house.made[2], &tbs);
    assert_eq!(house.chosen(&leaf, &[0, 1, 2, 3]), Ok(2));
    assert_eq!(house.chosen(&leaf, &[0, 1, 3]), Err(0), "the number of no other");
}

/// Octets to be signed, with another value of one extension.
fn with_value(tbs: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let read = Tbs::parse(tbs, &Limits::DEFAULT).expect("octets to be signed");
    let list = read.extensions.iter().map(|e| {
        let value = if e.value == old { new } else { e.value };
        let flag: &[u8] = if e.critical { &[1, 1, 0xff] } else { &[] };
        tlv::tlv(
            tlv::SEQUENCE,
            &[&tlv::tlv(tlv::OID, &[e.oid]), flag, &tlv::tlv(tlv::OCTET_STRING, &[value])],
        )
    });
    let list = tlv::tlv(tlv::context_constructed(3), &[&tlv::tlv_of(tlv::SEQUENCE, list)]);
    let outer = tlv::Reader::only(tbs, tlv::SEQUENCE, 100_000).expect("octets to be signed");
    let mut fields = outer.reader();
    let mut out = Vec::new();
    while let Some(tag) = fields.peek() {
        let field = fields.next().expect("a field").whole;
        out.extend_from_slice(if tag == tlv::context_constructed(3) { &list } else { field });
    }
    tlv::tlv(tlv::SEQUENCE, &[&out])
}

/// Name and key are the issuer's, and the certificate says that it is no authority, or that its key signs none.
#[test]
fn j16_who_is_no_authority_issues_nothing() {
    let house = house();
    let leaf = house.leaf(0, &builtin("jpki-sign-next"));
    let leaf = Certificate::parse(&leaf).expect("a certificate");
    let ca = Certificate::parse(&house.ders[0]).expect("a certificate");
    assert!(matches!(choose(&leaf, std::slice::from_ref(&ca), &Provider), Choice::Found(_)));
    for (extension, value) in [(oid::BASIC_CONSTRAINTS, &[0x30, 0][..]), (oid::KEY_USAGE, &[3, 2, 1, 2])] {
        let old = ca.tbs.extension(&extension).expect("there").value;
        let der = signed(&house.made[0], &with_value(ca.tbs.der, old, value));
        let changed = [Certificate::parse(&der).expect("a certificate")];
        assert!(matches!(choose(&leaf, &changed, &Provider), Choice::None), "{extension}");
    }
}
