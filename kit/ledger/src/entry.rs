//! What is appended, and the form in which it enters the log: at most 4 KiB of deterministic CBOR
//! (RFC 8949 §4.2.1), versioned.
//!
//! ```text
//! {0: version, 1: kind, 2: time, 3: operator?, 4: actor, 5: subject, 6: case?, 7: commitment?, 8: object?}
//! ```
//! A key marked `?` is absent when there is nothing to say. Time is microseconds UTC since 1970. The
//! commitment is SHA-256(salt ‖ details) with a salt of 32 random octets. Salt and details stay in the
//! database: once they are erased, the commitment tells nothing, and every proof still holds. The object
//! is the plain SHA-256 of a thing that is itself public and has no secret to guess: a certificate, a list.

use core_crypto::Digest;
use core_words::{Actor, OperatorId, UtcMicros};
use minicbor::{Decoder, Encoder};
use std::convert::Infallible;

/// The longest body of an entry, in octets.
pub const MAX_BODY: usize = 4096;
/// The longest details of an entry, in octets. They are no part of the log, but of the database.
pub const MAX_DETAILS: usize = 64 * 1024;
/// The version of bodies written today.
pub const BODY_VERSION: u32 = 1;

/// Octets in the salt of a commitment.
pub(crate) const SALT: usize = 32;

/// The number of an entry in the database, known as soon as it is appended. Its place in the log,
/// the *index*, is known when it has been numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub i64);

/// An act that matters, as it is given to [`append`](crate::append).
///
/// Everything but `details` is public for ever: no personal data may stand in it (K8).
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happened: `certificate.issued`.
    pub kind: &'static str,
    /// The organisation on whose behalf; `None` for acts of the house itself.
    pub operator: Option<OperatorId>,
    /// Who did it.
    pub actor: Actor,
    /// What it was done to, as an opaque reference: `cert:claims-ca/0f3a…`.
    pub subject: String,
    /// The number of the case that people see, where there is one.
    pub case: Option<String>,
    /// What may have to be erased one day, and only a salted hash of which enters the log. The form of the
    /// octets is the appender's; they should begin with a version.
    pub details: Option<Vec<u8>>,
    /// SHA-256 of the public thing concerned: the certificate, the octets to be signed, the list.
    pub object: Option<[u8; 32]>,
    /// Whether people of the operator can look it up ([`lookup`](crate::lookup())). It is no part of the log.
    pub listed: bool,
}

impl Entry {
    /// An act of `actor` upon `subject`, without operator, case, details and object; not listed.
    pub fn new(kind: &'static str, actor: Actor, subject: impl Into<String>) -> Self {
        Self {
            kind,
            operator: None,
            actor,
            subject: subject.into(),
            case: None,
            details: None,
            object: None,
            listed: false,
        }
    }

    /// Makes it an act on behalf of `operator`, whose people can look it up.
    pub fn list_for(&mut self, operator: &OperatorId) {
        self.operator = Some(operator.clone());
        self.listed = true;
    }
}

/// The body of an entry as it was read back from the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// What happened.
    pub kind: String,
    /// When it was appended.
    pub time: UtcMicros,
    /// On whose behalf.
    pub operator: Option<String>,
    /// Who did it.
    pub actor: String,
    /// What it was done to.
    pub subject: String,
    /// The number of the case.
    pub case: Option<String>,
    /// SHA-256(salt ‖ details), where there were details.
    pub commitment: Option<[u8; 32]>,
    /// SHA-256 of the public thing concerned.
    pub object: Option<[u8; 32]>,
}

/// Why octets were refused as the body of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    /// Longer than [`MAX_BODY`].
    #[error("the entry has {0} octets; the limit is 4096")]
    TooLong(usize),
    /// Not the CBOR map described at the head of this module.
    #[error("the entry is not the map that the ledger writes")]
    Form,
    /// Written by a later release.
    #[error("the entry has version {0}, which this release does not know")]
    Version(u32),
    /// Readable, but there is a shorter or differently ordered form: not what the ledger writes.
    #[error("the entry is not in the deterministic form")]
    NotDeterministic,
}

/// What the encoder needs, borrowed from an [`Entry`] or a [`Body`].
struct Parts<'a> {
    kind: &'a str,
    time: UtcMicros,
    operator: Option<&'a str>,
    actor: &'a str,
    subject: &'a str,
    case: Option<&'a str>,
    commitment: Option<&'a [u8; 32]>,
    object: Option<&'a [u8; 32]>,
}

impl Entry {
    /// The body under which this act enters the log.
    ///
    /// # Errors
    /// [`BadBody::TooLong`].
    pub(crate) fn body(&self, time: UtcMicros, commitment: Option<&[u8; 32]>) -> Result<Vec<u8>, BadBody> {
        let body = encode(&Parts {
            kind: self.kind,
            time,
            operator: self.operator.as_ref().map(OperatorId::as_str),
            actor: self.actor.as_str(),
            subject: &self.subject,
            case: self.case.as_deref(),
            commitment,
            object: self.object.as_ref(),
        });
        if body.len() > MAX_BODY { Err(BadBody::TooLong(body.len())) } else { Ok(body) }
    }
}

impl Body {
    /// The octets of this body.
    pub fn encode(&self) -> Vec<u8> {
        encode(&Parts {
            kind: &self.kind,
            time: self.time,
            operator: self.operator.as_deref(),
            actor: &self.actor,
            subject: &self.subject,
            case: self.case.as_deref(),
            commitment: self.commitment.as_ref(),
            object: self.object.as_ref(),
        })
    }

    /// Reads a body, strictly: the octets must be exactly those which [`encode`](Self::encode) makes again.
    ///
    /// # Errors
    /// Every [`BadBody`].
    pub fn decode(octets: &[u8]) -> Result<Self, BadBody> {
        if octets.len() > MAX_BODY {
            return Err(BadBody::TooLong(octets.len()));
        }
        let mut reader = Decoder::new(octets);
        let mut left = reader.map().ok().flatten().ok_or(BadBody::Form)?;
        let mut next_key = move |reader: &mut Decoder<'_>| -> Result<Option<u8>, BadBody> {
            if left == 0 {
                return Ok(None);
            }
            left -= 1;
            reader.u8().map(Some).map_err(|_| BadBody::Form)
        };
        // The version comes first, so that a later form is named as such and not as nonsense.
        if next_key(&mut reader)? != Some(0) {
            return Err(BadBody::Form);
        }
        match reader.u32().map_err(|_| BadBody::Form)? {
            BODY_VERSION => {}
            other => return Err(BadBody::Version(other)),
        }
        let (mut kind, mut time, mut operator, mut actor) = (None, None, None, None);
        let (mut subject, mut case, mut commitment, mut object) = (None, None, None, None);
        while let Some(key) = next_key(&mut reader)? {
            let mut text = || reader.str().map(|t| Some(t.to_owned())).map_err(|_| BadBody::Form);
            match key {
                1 => kind = text()?,
                2 => time = Some(UtcMicros(reader.i64().map_err(|_| BadBody::Form)?)),
                3 => operator = text()?,
                4 => actor = text()?,
                5 => subject = text()?,
                6 => case = text()?,
                7 => {
                    commitment =
                        Some(reader.bytes().ok().and_then(|b| b.try_into().ok()).ok_or(BadBody::Form)?)
                }
                8 => object = Some(reader.bytes().ok().and_then(|b| b.try_into().ok()).ok_or(BadBody::Form)?),
                _ => return Err(BadBody::Form),
            }
        }
        let (Some(kind), Some(time), Some(actor), Some(subject)) = (kind, time, actor, subject) else {
            return Err(BadBody::Form);
        };
        let body = Self { kind, time, operator, actor, subject, case, commitment, object };
        // One comparison covers long forms of numbers, the order of keys, repeated keys and trailing octets.
        if body.encode() == octets { Ok(body) } else { Err(BadBody::NotDeterministic) }
    }
}

/// The commitment to `details` under `salt`.
pub fn commitment(digest: &dyn Digest, salt: &[u8; SALT], details: &[u8]) -> [u8; 32] {
    digest.sha256(&[&salt[..], details].concat())
}

fn encode(parts: &Parts<'_>) -> Vec<u8> {
    let known = parts.kind.len() + parts.actor.len() + parts.subject.len();
    let mut out = Vec::with_capacity(known + 128);
    write(&mut out, parts).expect("writing to a Vec cannot fail");
    out
}

/// Keys ascend; minicbor writes shortest forms and definite lengths: that is RFC 8949 §4.2.1.
fn write(out: &mut Vec<u8>, parts: &Parts<'_>) -> Result<(), minicbor::encode::Error<Infallible>> {
    let optional =
        [parts.operator.is_some(), parts.case.is_some(), parts.commitment.is_some(), parts.object.is_some()]
            .map(u64::from)
            .iter()
            .sum::<u64>();
    let mut writer = Encoder::new(out);
    writer.map(5 + optional)?;
    writer.u8(0)?.u32(BODY_VERSION)?;
    writer.u8(1)?.str(parts.kind)?;
    writer.u8(2)?.i64(parts.time.0)?;
    if let Some(operator) = parts.operator {
        writer.u8(3)?.str(operator)?;
    }
    writer.u8(4)?.str(parts.actor)?;
    writer.u8(5)?.str(parts.subject)?;
    if let Some(case) = parts.case {
        writer.u8(6)?.str(case)?;
    }
    if let Some(commitment) = parts.commitment {
        writer.u8(7)?.bytes(commitment)?;
    }
    if let Some(object) = parts.object {
        writer.u8(8)?.bytes(object)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_keys::Provider;
    use proptest::prelude::*;

    fn issued() -> Entry {
        Entry {
            operator: Some(OperatorId::new("tokyo").expect("a name")),
            case: Some("C-2026-0001234-5".into()),
            object: Some([0xcd; 32]),
            ..Entry::new("certificate.issued", Actor::ra("desk"), "cert:claims-ca/0f")
        }
    }

    /// The stored form may never change: whoever changes these octets breaks every log there is.
    #[test]
    fn k08_the_form_of_version_1_is_fixed() {
        let body = issued().body(UtcMicros(1_790_000_000_000_000), Some(&[0xab; 32])).expect("short");
        let expected = concat!(
            "a9",
            "0001",
            "017263657274696669636174652e697373756564",
            "021b00065bfeda25e000",
            "0365746f6b796f",
            "046772613a6465736b",
            "0571636572743a636c61696d732d63612f3066",
            "0670432d323032362d303030313233342d35",
            "075820abababababababababababababababababababababababababababababababab",
            "085820cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
        );
        let hex: String = body.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, expected);
    }

    #[test]
    fn k08_bodies_have_a_limit_and_nothing_is_cut_off() {
        let long = |length| Entry::new("k", Actor::system(), "s".repeat(length)).body(UtcMicros(0), None);
        let rest = long(1000).expect("short").len() - 1000;
        assert_eq!(long(MAX_BODY - rest).expect("just fits").len(), MAX_BODY);
        assert_eq!(long(MAX_BODY - rest + 1), Err(BadBody::TooLong(MAX_BODY + 1)));
        assert_eq!(Body::decode(&[0; MAX_BODY + 1]), Err(BadBody::TooLong(MAX_BODY + 1)));
    }

    #[test]
    fn k08_other_forms_of_the_same_body_are_refused() {
        let good = issued().body(UtcMicros(5), None).expect("short");
        Body::decode(&good).expect("it decodes");
        let with = |place: usize, remove: usize, insert: &[u8]| {
            let mut octets = good.clone();
            octets.splice(place..place + remove, insert.iter().copied());
            Body::decode(&octets)
        };
        let end = good.len();
        // Version 1 in two octets; the time in two; an octet after the end.
        assert_eq!(with(2, 1, &[0x18, 1]), Err(BadBody::NotDeterministic));
        let time = good.iter().position(|b| *b == 2).expect("key 2") + 1;
        assert_eq!(with(time, 1, &[0x18, 5]), Err(BadBody::NotDeterministic));
        assert_eq!(with(end, 0, &[0]), Err(BadBody::NotDeterministic));
        // A later version, an unknown key, a repeated key, a missing key, an indefinite map, another type.
        assert_eq!(with(2, 1, &[2]), Err(BadBody::Version(2)));
        assert_eq!(with(0, 1, &[0xa9]), Err(BadBody::Form));
        assert_eq!(Body::decode(&[&[0xa9], &good[1..], &[9, 0]].concat()), Err(BadBody::Form));
        assert_eq!(
            Body::decode(&[&[0xa9], &good[1..], &[6, 0x61, b'x']].concat()),
            Err(BadBody::NotDeterministic)
        );
        assert_eq!(Body::decode(&[0xa1, 0, 1]), Err(BadBody::Form));
        assert_eq!(Body::decode(&[&[0xbf], &good[1..], &[0xff]].concat()), Err(BadBody::Form));
        assert_eq!(Body::decode(&[0x80]), Err(BadBody::Form));
        assert_eq!(Body::decode(&[]), Err(BadBody::Form));
        // Keys in another order.
        let actor = Actor::system();
        let swapped =
            [&[0xa5, 0, 1, 2, 0, 1, 0x61, b'k', 4, 0x66], actor.as_str().as_bytes(), &[5, 0x60]].concat();
        assert_eq!(Body::decode(&swapped), Err(BadBody::NotDeterministic));
    }

    #[test]
    fn the_commitment_binds_salt_and_details() {
        let commit = |salt: u8, details: &[u8]| commitment(&Provider, &[salt; SALT], details);
        assert_ne!(commit(1, b"a"), commit(2, b"a"));
        assert_ne!(commit(1, b"a"), commit(1, b"b"));
    }

    proptest! {
        #[test]
        fn k08_bodies_lead_back(
            kind in ".{0,40}", time in any::<i64>(), operator in proptest::option::of("[a-z]{1,9}"),
            actor in ".{0,30}", subject in ".{0,90}", case in proptest::option::of(".{0,30}"),
            commitment in proptest::option::of(any::<[u8; 32]>()),
            object in proptest::option::of(any::<[u8; 32]>()),
        ) {
            let body = Body { kind, time: UtcMicros(time), operator, actor, subject, case, commitment, object };
            prop_assert_eq!(Body::decode(&body.encode()), Ok(body));
        }

        #[test]
        fn whatever_decodes_is_what_would_be_written(
            octets in proptest::collection::vec(any::<u8>(), 0..200), flips in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..4),
        ) {
            let mut near = issued().body(UtcMicros(7), Some(&[1; 32])).expect("short");
            for (at, octet) in flips {
                let at = at % near.len();
                near[at] = octet;
            }
            for octets in [octets, near] {
                if let Ok(body) = Body::decode(&octets) {
                    prop_assert_eq!(body.encode(), octets);
                }
            }
        }
    }
}
