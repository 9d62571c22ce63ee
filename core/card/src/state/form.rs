//! The form in which a state is kept: deterministic CBOR (RFC 8949 §4.2.1), one version, read strictly.
//!
//! ```text
//! [version, card id, kind, layout, makes keys, content or null]
//! content: [issuer, device or null, [place, …]]     issuer: [key, tries]     device: [key, tries, storage key]
//! place: [pin, in force, staged, CA certificate]    each or null
//! pin: [text, tries]   in force: [key …, certificate]   staged: [key …, certificate or null]
//! key …: PKCS#8, SubjectPublicKeyInfo, origin
//! ```

use super::{Content, DeviceKeys, HeldKey, InForce, KEY_TRIES, Layout, Pin, Place, Proof, Staged, State};
use crate::{
    files::CERTIFICATE_SIZE,
    pin::{PinKind, PinText},
    protocol::{Key, Origin},
    report::Kind,
};
use minicbor::{Decoder, Encoder};
use std::convert::Infallible;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The version of the form.
pub const VERSION: u32 = 1;
/// The longest state, in octets: two places with two keys and three certificates each need less than 20,000.
pub const MAX_STATE: usize = 32 * 1024;
/// The longest key in PKCS#8 or SubjectPublicKeyInfo: RSA-2048 needs about 1,220 octets.
pub(crate) const MAX_KEY: usize = 2048;

/// Why octets are no state. Says nothing about their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadState {
    /// Not what [`State::encode`] writes, or longer than [`MAX_STATE`].
    #[error("this is not the state of a card")]
    Form,
    /// Of a version that is not known here.
    #[error("this is the state of a card in version {0}, which is not known here")]
    Version(u32),
    /// A value that no card can have: too many tries, a text that is no PIN, a certificate that fits no file.
    #[error("the state of the card has a value that no card can have")]
    Value,
}

impl From<minicbor::decode::Error> for BadState {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Form
    }
}

type Read<T> = Result<T, BadState>;
type Written = Result<(), minicbor::encode::Error<Infallible>>;
type Writer<'a> = Encoder<&'a mut Vec<u8>>;

impl State {
    /// The state as octets to be kept. They hold every secret of the card.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Room for the longest: a vector that grows would leave copies of keys behind.
        let mut out = Zeroizing::new(Vec::with_capacity(MAX_STATE));
        self.write(&mut Encoder::new(&mut out)).expect("writing to a Vec cannot fail");
        out
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// [`BadState`].
    pub fn decode(octets: &[u8]) -> Read<Self> {
        if octets.len() > MAX_STATE {
            return Err(BadState::Form);
        }
        let mut reader = Decoder::new(octets);
        array(&mut reader, 6)?;
        match reader.u32()? {
            VERSION => {}
            other => return Err(BadState::Version(other)),
        }
        let card_id = fixed(&mut reader)?;
        let kind = Kind::from_code(reader.u8()?).ok_or(BadState::Value)?;
        let layout = match reader.u8()? {
            1 => Layout::Both,
            2 => Layout::SigningOnly,
            _ => return Err(BadState::Value),
        };
        let makes_keys = reader.bool()?;
        let content = optional(&mut reader, |reader| content(reader, layout))?;
        let state = Self { card_id, kind, layout, makes_keys, content };
        // One comparison covers long forms of numbers and what stands behind the end.
        if bool::from(state.encode().ct_eq(octets)) { Ok(state) } else { Err(BadState::Form) }
    }

    fn write(&self, out: &mut Writer<'_>) -> Written {
        out.array(6)?.u32(VERSION)?.bytes(&self.card_id)?.u8(self.kind.code())?;
        out.u8(match self.layout {
            Layout::Both => 1,
            Layout::SigningOnly => 2,
        })?;
        out.bool(self.makes_keys)?;
        or_null(out, self.content.as_ref(), |out, content| {
            out.array(3)?.array(2)?.bytes(&content.issuer.key[..])?.u8(content.issuer.tries)?;
            or_null(out, content.device.as_ref(), |out, keys| {
                out.array(3)?.bytes(&keys.device.key[..])?.u8(keys.device.tries)?.bytes(&keys.storage[..])?;
                Ok(())
            })?;
            out.array(content.places.len() as u64)?;
            content.places.iter().try_for_each(|place| write_place(out, place))
        })
    }
}

fn write_place(out: &mut Writer<'_>, place: &Place) -> Written {
    out.array(4)?;
    or_null(out, place.pin.as_ref(), |out, pin| {
        out.array(2)?.bytes(pin.text.as_bytes())?.u8(pin.tries)?;
        Ok(())
    })?;
    or_null(out, place.in_force.as_ref(), |out, found| {
        write_key(out, &found.key)?;
        out.bytes(&found.certificate)?;
        Ok(())
    })?;
    or_null(out, place.staged.as_ref(), |out, found| {
        write_key(out, &found.key)?;
        write_optional(out, found.certificate.as_deref())
    })?;
    write_optional(out, place.ca_certificate.as_deref())
}

fn write_key(out: &mut Writer<'_>, key: &HeldKey) -> Written {
    out.array(4)?.bytes(&key.pkcs8)?.bytes(&key.spki)?.u8(key.origin.code())?;
    Ok(())
}

fn write_optional(out: &mut Writer<'_>, octets: Option<&[u8]>) -> Written {
    or_null(out, octets, |out, octets| {
        out.bytes(octets)?;
        Ok(())
    })
}

fn or_null<T>(
    out: &mut Writer<'_>,
    value: Option<T>,
    write: impl FnOnce(&mut Writer<'_>, T) -> Written,
) -> Written {
    match value {
        Some(value) => write(out, value),
        None => {
            out.null()?;
            Ok(())
        }
    }
}

fn content(reader: &mut Decoder<'_>, layout: Layout) -> Read<Content> {
    array(reader, 3)?;
    array(reader, 2)?;
    let issuer = proof(reader)?;
    let device = optional(reader, |reader| {
        array(reader, 3)?;
        Ok(DeviceKeys { device: proof(reader)?, storage: key(reader)? })
    })?;
    let kinds = layout.places();
    array(reader, kinds.len() as u64)?;
    let places = kinds.iter().map(|kind| place(reader, *kind)).collect::<Read<_>>()?;
    Ok(Content { issuer, device, places })
}

fn place(reader: &mut Decoder<'_>, kind: PinKind) -> Read<Place> {
    array(reader, 4)?;
    let pin = optional(reader, |reader| {
        array(reader, 2)?;
        let text = PinText::new(kind, reader.bytes()?).map_err(|_| BadState::Value)?;
        Ok(Pin { text, tries: tries(reader, kind.tries())? })
    })?;
    let in_force = optional(reader, |reader| {
        Ok(InForce { key: held_key(reader)?, certificate: limited(reader, CERTIFICATE_SIZE)? })
    })?;
    let staged = optional(reader, |reader| {
        let key = held_key(reader)?;
        Ok(Staged { key, certificate: optional(reader, |reader| limited(reader, CERTIFICATE_SIZE))? })
    })?;
    let ca_certificate = optional(reader, |reader| limited(reader, CERTIFICATE_SIZE))?;
    Ok(Place { pin, in_force, staged, ca_certificate })
}

fn held_key(reader: &mut Decoder<'_>) -> Read<HeldKey> {
    array(reader, 4)?;
    Ok(HeldKey {
        pkcs8: Zeroizing::new(limited(reader, MAX_KEY)?),
        spki: limited(reader, MAX_KEY)?,
        origin: Origin::from_code(reader.u8()?).ok_or(BadState::Value)?,
    })
}

fn proof(reader: &mut Decoder<'_>) -> Read<Proof> {
    Ok(Proof { key: key(reader)?, tries: tries(reader, KEY_TRIES)? })
}

fn key(reader: &mut Decoder<'_>) -> Read<Key> {
    fixed(reader).map(Zeroizing::new)
}

fn tries(reader: &mut Decoder<'_>, most: u8) -> Read<u8> {
    let tries = reader.u8()?;
    if tries <= most { Ok(tries) } else { Err(BadState::Value) }
}

fn array(reader: &mut Decoder<'_>, length: u64) -> Read<()> {
    if reader.array()? == Some(length) { Ok(()) } else { Err(BadState::Form) }
}

fn fixed<const N: usize>(reader: &mut Decoder<'_>) -> Read<[u8; N]> {
    reader.bytes()?.try_into().map_err(|_| BadState::Form)
}

fn limited(reader: &mut Decoder<'_>, most: usize) -> Read<Vec<u8>> {
    let octets = reader.bytes()?;
    if octets.len() <= most { Ok(octets.to_vec()) } else { Err(BadState::Value) }
}

fn optional<'b, T>(
    reader: &mut Decoder<'b>,
    read: impl FnOnce(&mut Decoder<'b>) -> Read<T>,
) -> Read<Option<T>> {
    if reader.datatype()? == minicbor::data::Type::Null {
        reader.null()?;
        return Ok(None);
    }
    read(reader).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Making;

    fn full(layout: Layout) -> State {
        let mut state = State::new(Making {
            card_id: [1; 16],
            kind: Kind::P384,
            layout,
            makes_keys: true,
            issuer_key: Zeroizing::new([2; 32]),
        });
        let held = |origin| HeldKey { pkcs8: Zeroizing::new(vec![3; 1200]), spki: vec![4; 294], origin };
        let content = state.content.as_mut().expect("not terminated");
        content.device = Some(DeviceKeys {
            device: Proof::new(Zeroizing::new([5; 32])),
            storage: Zeroizing::new([6; 32]),
        });
        for (place, kind) in content.places.iter_mut().zip(layout.places()) {
            let text: &[u8] = if *kind == PinKind::Signing { b"ABC123" } else { b"1234" };
            *place = Place {
                pin: Some(Pin::new(PinText::new(*kind, text).expect("a PIN"))),
                in_force: Some(InForce { key: held(Origin::Generator), certificate: vec![7; 2048] }),
                staged: Some(Staged { key: held(Origin::OnCard), certificate: Some(vec![8; 2048]) }),
                ca_certificate: Some(vec![9; 2048]),
            };
        }
        state
    }

    #[test]
    fn j16_a_state_is_read_as_it_was_written() {
        for layout in [Layout::Both, Layout::SigningOnly] {
            let mut state = full(layout);
            for _ in 0..2 {
                let octets = state.encode();
                assert!(octets.len() < MAX_STATE, "the fullest card fits");
                assert!(State::decode(&octets).expect("what was written").encode() == octets);
                for end in (0..octets.len()).step_by(97) {
                    assert!(State::decode(&octets[..end]).is_err(), "cut at {end}");
                }
                assert!(State::decode(&[&octets[..], &[0]].concat()).is_err(), "one octet more");
                state.content = None;
            }
        }
    }

    /// The kept form may never change: whoever changes these octets loses every card there is.
    #[test]
    fn j16_the_form_of_version_1_is_fixed() {
        let making = Making {
            card_id: [0xAB; 16],
            kind: Kind::Rsa2048,
            layout: Layout::SigningOnly,
            makes_keys: false,
            issuer_key: Zeroizing::new([0xCD; 32]),
        };
        let hex: String = State::new(making).encode().iter().map(|octet| format!("{octet:02x}")).collect();
        let (number, key) = ("ab".repeat(16), "cd".repeat(32));
        assert_eq!(hex, format!("860150{number}0102f483825820{key}0af68184f6f6f6f6"));
    }

    #[test]
    fn j16_values_that_no_card_can_have_are_refused() {
        let spoil = |change: fn(&mut State)| {
            let mut state = full(Layout::Both);
            change(&mut state);
            State::decode(&state.encode()).err()
        };
        fn content(state: &mut State) -> &mut Content {
            state.content.as_mut().expect("not terminated")
        }
        assert_eq!(spoil(|_| {}), None);
        assert_eq!(spoil(|s| content(s).issuer.tries = 11), Some(BadState::Value));
        assert_eq!(
            spoil(|s| content(s).places[1].pin.as_mut().expect("a PIN").tries = 4),
            Some(BadState::Value)
        );
        assert_eq!(spoil(|s| content(s).places.truncate(1)), Some(BadState::Form));
        assert_eq!(
            spoil(|s| content(s).places[0].ca_certificate = Some(vec![0; 2049])),
            Some(BadState::Value)
        );
        assert_eq!(spoil(|s| content(s).places.swap(0, 1)), Some(BadState::Value));
        let mut later = full(Layout::Both).encode();
        later[1] = 2;
        assert_eq!(State::decode(&later).err(), Some(BadState::Version(2)));
    }
}
