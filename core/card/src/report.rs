//! What a card says of itself: its state (GET DATA `01 01`) and its public keys (`7F49`), written by the card and read
//! by whoever personalises it (J3, J4).

use crate::{
    pin::PinKind,
    tlv::{self, BadTlv},
};
use core_crypto::KeyAlg;
use core_pack::{
    KeyFamily, put_der,
    spki::{BadPublicKey, PublicKey},
};

/// The kind of key pairs that a card has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// RSA-2048: the cards of today.
    Rsa2048,
    /// P-384: the cards that come next.
    P384,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rsa2048, Self::P384];

    /// The octet in states.
    pub fn code(self) -> u8 {
        match self {
            Self::Rsa2048 => 1,
            Self::P384 => 2,
        }
    }

    /// The kind with this octet.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its key pairs.
    pub fn key_alg(self) -> KeyAlg {
        match self {
            Self::Rsa2048 => KeyAlg::Rsa2048,
            Self::P384 => KeyAlg::P384,
        }
    }
}

/// Where a card stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    /// As its maker handed it over, or between two steps without device keys.
    Installed,
    /// The device keys were loaded at the counter: it waits for the generator.
    KeysLoaded,
    /// Every place has a key in force.
    Operational,
    /// Erased for good.
    Terminated,
}

impl Life {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Installed, Self::KeysLoaded, Self::Operational, Self::Terminated];

    /// The octet in states.
    pub fn code(self) -> u8 {
        match self {
            Self::Installed => 1,
            Self::KeysLoaded => 2,
            Self::Operational => 3,
            Self::Terminated => 4,
        }
    }

    /// The stage with this octet.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|life| life.code() == code)
    }
}

/// What a card says of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceReport {
    /// Which.
    pub place: PinKind,
    /// A PIN was set.
    pub pin_set: bool,
    /// A key lies staged.
    pub staged: bool,
    /// A certificate lies beside the staged key.
    pub certificate_laid: bool,
    /// A key is in force, with its certificate.
    pub in_force: bool,
    /// The staged key, or else the one in force, was made on the card.
    pub on_card: bool,
    /// Tries left; without a PIN none.
    pub tries_left: u8,
}

impl PlaceReport {
    fn flags(&self) -> u8 {
        let bits = [self.pin_set, self.staged, self.certificate_laid, self.in_force, self.on_card];
        bits.iter().rev().fold(0, |flags, bit| flags << 1 | u8::from(*bit))
    }

    fn from_parts(reference: u8, flags: u8, tries_left: u8) -> Option<Self> {
        let bit = |number: u8| flags >> number & 1 == 1;
        (flags < 0x20).then_some(())?;
        Some(Self {
            place: PinKind::from_reference(reference)?,
            pin_set: bit(0),
            staged: bit(1),
            certificate_laid: bit(2),
            in_force: bit(3),
            on_card: bit(4),
            tries_left,
        })
    }
}

/// What a card says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its stage of life.
    pub life: Life,
    /// Its kind of keys.
    pub kind: Kind,
    /// Check values of the external-authentication key and the storage key, while they are there.
    pub check_values: Option<[[u8; 3]; 2]>,
    /// Check value of the issuer's key, until the card is terminated.
    pub issuer_check: Option<[u8; 3]>,
    /// Its places, signing first.
    pub places: Vec<PlaceReport>,
}

impl Report {
    /// The place, if the card has it.
    pub fn place(&self, place: PinKind) -> Option<&PlaceReport> {
        self.places.iter().find(|report| report.place == place)
    }

    /// `80 life, 81 kind, 82 check values of the devices' keys, 83 of the issuer's`, and for each place `A3 { 83 ref, 84 flags, 85 tries left }`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        tlv::put(&mut out, 0x80, &[&[self.life.code()]]);
        tlv::put(&mut out, 0x81, &[&[self.kind.code()]]);
        let check_values = self.check_values.as_ref().map_or(&[][..], |values| values.as_flattened());
        tlv::put(&mut out, 0x82, &[check_values]);
        tlv::put(&mut out, 0x83, &[self.issuer_check.as_ref().map_or(&[][..], |value| &value[..])]);
        for place in &self.places {
            let parts = [(0x83, place.place.reference()), (0x84, place.flags()), (0x85, place.tries_left)];
            let inside = parts.map(|(tag, octet)| tlv::object(tag, &[&[octet]])).concat();
            tlv::put(&mut out, 0xA3, &[&inside]);
        }
        out
    }

    /// Reads what a card said.
    ///
    /// # Errors
    /// [`BadTlv`], also for codes that no card here has.
    pub fn parse(octets: &[u8]) -> Result<Self, BadTlv> {
        let objects = tlv::all(octets)?;
        let Some(([life, kind, checks, issuer], places)) = objects.split_first_chunk() else {
            return Err(BadTlv::Tags);
        };
        if [life.tag, kind.tag, checks.tag, issuer.tag] != [0x80, 0x81, 0x82, 0x83] {
            return Err(BadTlv::Tags);
        }
        let place = |object: &tlv::Object<'_>| {
            let values = tlv::exactly(object.value, [0x83, 0x84, 0x85])?;
            let [&[reference], &[flags], &[tries]] = values else { return Err(BadTlv::Form) };
            let report = PlaceReport::from_parts(reference, flags, tries).ok_or(BadTlv::Form)?;
            if object.tag == 0xA3 { Ok(report) } else { Err(BadTlv::Tags) }
        };
        let check_values = match *checks.value {
            [] => None,
            [a, b, c, d, e, f] => Some([[a, b, c], [d, e, f]]),
            _ => return Err(BadTlv::Form),
        };
        let issuer_check = match *issuer.value {
            [] => None,
            [a, b, c] => Some([a, b, c]),
            _ => return Err(BadTlv::Form),
        };
        Ok(Self {
            life: code(life.value).and_then(Life::from_code).ok_or(BadTlv::Form)?,
            kind: code(kind.value).and_then(Kind::from_code).ok_or(BadTlv::Form)?,
            check_values,
            issuer_check,
            places: places.iter().map(place).collect::<Result<_, _>>()?,
        })
    }
}

fn code(value: &[u8]) -> Option<u8> {
    if let [octet] = value { Some(*octet) } else { None }
}

/// Tag of a public key.
const PUBLIC_KEY: u32 = 0x7F49;

/// A public key as cards say it: `7F49 { 81 modulus, 82 exponent }` or `7F49 { 86 point }`.
///
/// # Errors
/// [`BadPublicKey`] when `spki` is no DER SubjectPublicKeyInfo of RSA or a NIST curve.
pub fn public_key_object(spki: &[u8]) -> Result<Vec<u8>, BadPublicKey> {
    let key = PublicKey::parse(spki)?;
    let inside = match key.rsa() {
        Some(rsa) => [tlv::object(0x81, &[rsa.modulus]), tlv::object(0x82, &[rsa.exponent])].concat(),
        None if key.family.is_ec() => tlv::object(0x86, &[key.octets]),
        None => return Err(BadPublicKey::Algorithm),
    };
    Ok(tlv::object(PUBLIC_KEY, &[&inside]))
}

/// The DER SubjectPublicKeyInfo of a public key that a card said.
///
/// # Errors
/// [`BadPublicKey`] for anything but an RSA key or a point of a NIST curve in its form.
pub fn spki_of_object(octets: &[u8]) -> Result<Vec<u8>, BadPublicKey> {
    let [inside] = tlv::exactly(octets, [PUBLIC_KEY]).map_err(|_| BadPublicKey::Form)?;
    let rsa;
    let (family, octets) = if let Ok([point]) = tlv::exactly(inside, [0x86]) {
        let curves = [KeyFamily::P256, KeyFamily::P384];
        let fits = |family: &KeyFamily| family.public_len() == Some(point.len());
        (curves.into_iter().find(fits).ok_or(BadPublicKey::Key)?, point)
    } else {
        let [modulus, exponent] = tlv::exactly(inside, [0x81, 0x82]).map_err(|_| BadPublicKey::Form)?;
        rsa = [modulus, exponent].map(positive).concat();
        let mut numbers = Vec::with_capacity(rsa.len() + 4);
        put_der(&mut numbers, 0x30, &[&rsa]);
        return checked(KeyFamily::Rsa, &numbers);
    };
    checked(family, octets)
}

fn checked(family: KeyFamily, octets: &[u8]) -> Result<Vec<u8>, BadPublicKey> {
    let der = PublicKey { family, octets }.to_der();
    PublicKey::parse(&der).map(|_| ())?;
    Ok(der)
}

/// A DER INTEGER with this magnitude.
fn positive(magnitude: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if magnitude.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
    let mut out = Vec::with_capacity(magnitude.len() + 5);
    put_der(&mut out, 0x02, &[sign, magnitude]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_keys::testing;

    #[test]
    fn j3_what_a_card_says_of_itself_is_read_back() {
        let place = PlaceReport {
            place: PinKind::Signing,
            pin_set: true,
            staged: false,
            certificate_laid: true,
            in_force: false,
            on_card: true,
            tries_left: 5,
        };
        assert_eq!(place.flags(), 0x15);
        for (check_values, issuer_check, places) in
            [(None, None, vec![]), (Some([[1, 2, 3], [4, 5, 6]]), Some([7, 8, 9]), vec![place])]
        {
            let report =
                Report { life: Life::KeysLoaded, kind: Kind::P384, check_values, issuer_check, places };
            let octets = report.to_bytes();
            assert_eq!(Report::parse(&octets), Ok(report));
            for end in 0..octets.len() {
                assert_ne!(Report::parse(&octets[..end]).map(|r| r.to_bytes()), Ok(octets.clone()));
            }
        }
        assert!(Report::parse(&[0x80, 1, 9, 0x81, 1, 1, 0x82, 0, 0x83, 0]).is_err(), "no such stage of life");
        assert!(Report::parse(&[0x80, 1, 1, 0x81, 1, 1, 0x82, 1, 0, 0x83, 0]).is_err(), "half a check value");
    }

    #[test]
    fn j4_a_public_key_comes_back_as_its_spki() {
        for alg in [KeyAlg::Rsa2048, KeyAlg::P384, KeyAlg::P256] {
            let key = testing::key(alg, 0);
            let object = public_key_object(key.public_spki()).expect("a key of a card");
            assert_eq!(spki_of_object(&object).as_deref(), Ok(key.public_spki()));
        }
        assert!(public_key_object(testing::key(KeyAlg::Ed25519, 0).public_spki()).is_err());
        assert!(spki_of_object(&tlv::object(0x7F49, &[&tlv::object(0x86, &[&[4; 96]])])).is_err());
        assert!(spki_of_object(&[]).is_err());
    }
}
