//! Data objects in BER-TLV (ISO/IEC 7816-4 §6.3), as they stand in commands and answers of cards.
//!
//! The reader is strict: definite lengths in their shortest form, tags in their shortest form, nothing behind the
//! last object. It never recurses: who wants what is inside reads the value again, so the depth is that of the caller.

/// The longest run of objects that is read, in octets: what a chained command can carry (CARD.md, section 1).
pub const MAX_LEN: usize = 4096;
/// The most objects side by side: no template here has more than a handful.
pub const MAX_OBJECTS: usize = 32;

/// Why octets are not the data objects that were expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTlv {
    /// Not data objects: a tag or a length that is cut off, not in its shortest form, or indefinite.
    #[error("these are not data objects in BER-TLV")]
    Form,
    /// Longer than [`MAX_LEN`], or more than [`MAX_OBJECTS`].
    #[error("there are more data objects than cards have")]
    TooMuch,
    /// An object is missing, stands at another place or is one too many.
    #[error("these are not the data objects that were expected")]
    Tags,
}

/// One data object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Object<'a> {
    /// Its tag, one to three octets as a number: `5F48` is `0x5F48`.
    pub tag: u32,
    /// Its value.
    pub value: &'a [u8],
}

/// Only the tag and the length: values may be secret.
impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:X}({} octets)", self.tag, self.value.len())
    }
}

/// Takes one object from the front; the second half is what follows.
///
/// # Errors
/// [`BadTlv::Form`].
pub fn take(input: &[u8]) -> Result<(Object<'_>, &[u8]), BadTlv> {
    let (tag, after) = tag(input).ok_or(BadTlv::Form)?;
    let (length, after) = length(after).ok_or(BadTlv::Form)?;
    let (value, rest) = after.split_at_checked(length).ok_or(BadTlv::Form)?;
    Ok((Object { tag, value }, rest))
}

/// All objects side by side in `input`.
///
/// # Errors
/// [`BadTlv::Form`] and [`BadTlv::TooMuch`].
pub fn all(input: &[u8]) -> Result<Vec<Object<'_>>, BadTlv> {
    if input.len() > MAX_LEN {
        return Err(BadTlv::TooMuch);
    }
    let (mut objects, mut rest) = (Vec::new(), input);
    while !rest.is_empty() {
        if objects.len() == MAX_OBJECTS {
            return Err(BadTlv::TooMuch);
        }
        let (object, after) = take(rest)?;
        objects.push(object);
        rest = after;
    }
    Ok(objects)
}

/// The values of exactly these objects, in this order.
///
/// # Errors
/// [`BadTlv`].
pub fn exactly<const N: usize>(input: &[u8], tags: [u32; N]) -> Result<[&[u8]; N], BadTlv> {
    let objects = all(input)?;
    if objects.len() != N || objects.iter().zip(tags).any(|(object, tag)| object.tag != tag) {
        return Err(BadTlv::Tags);
    }
    let mut values = [&[][..]; N];
    values.iter_mut().zip(objects).for_each(|(value, object)| *value = object.value);
    Ok(values)
}

fn tag(input: &[u8]) -> Option<(u32, &[u8])> {
    let (&first, mut rest) = input.split_first()?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return (first != 0).then_some((tag, rest));
    }
    for place in 0..2 {
        let (&next, after) = rest.split_first()?;
        rest = after;
        tag = tag << 8 | u32::from(next);
        // The shortest form: numbers below 31 have their place in the first octet, and none begins with zeros.
        if place == 0 && (next == 0x80 || next < 0x1F) {
            return None;
        }
        if next & 0x80 == 0 {
            return Some((tag, rest));
        }
    }
    None
}

fn length(input: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = input.split_first()?;
    match first {
        0..=0x7F => Some((usize::from(first), rest)),
        0x81 => {
            rest.split_first().filter(|(length, _)| **length >= 0x80).map(|(l, rest)| (usize::from(*l), rest))
        }
        0x82 => {
            let (octets, rest) = rest.split_first_chunk::<2>()?;
            let length = u16::from_be_bytes(*octets);
            (length >= 0x100).then_some((usize::from(length), rest))
        }
        // Three octets and more are longer than any command or answer.
        _ => None,
    }
}

/// Appends an object whose value is `pieces`, one after the other.
///
/// # Panics
/// When the value is longer than 65,535 octets; no card has such.
pub fn put(out: &mut Vec<u8>, tag: u32, pieces: &[&[u8]]) {
    let octets = tag.to_be_bytes();
    let start = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len() - 1);
    out.extend_from_slice(&octets[start..]);
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    match u16::try_from(length).expect("an object of a card is shorter than 64 KiB").to_be_bytes() {
        [0, low @ 0..=0x7F] => out.push(low),
        [0, low] => out.extend_from_slice(&[0x81, low]),
        [high, low] => out.extend_from_slice(&[0x82, high, low]),
    }
    pieces.iter().for_each(|piece| out.extend_from_slice(piece));
}

/// One object alone, in a vector that need not grow while it is written: a secret leaves no copy behind.
///
/// # Panics
/// As [`put`].
pub fn object(tag: u32, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum::<usize>() + 7);
    put(&mut out, tag, pieces);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn j16_only_shortest_forms_are_read() {
        for bad in [
            &[][..],
            &[0x80],
            &[0x80, 0x80, 0, 0],
            &[0x80, 0x81, 0x7F],
            &[0x80, 0x82, 0x00, 0x80],
            &[0x80, 0x83, 0, 1, 0],
            &[0x80, 2, 1],
            &[0x00, 0],
            &[0x5F],
            &[0x5F, 0x1E, 0],
            &[0x5F, 0x80, 0x01, 0],
            &[0x5F, 0x81, 0x81, 0x01, 0],
        ] {
            assert_eq!(take(bad), Err(BadTlv::Form), "{bad:02x?}");
        }
    }

    #[test]
    fn j16_objects_must_be_those_expected_in_number_and_order() {
        let two = [object(0x80, &[b"a"]), object(0x5F48, &[b"b"])].concat();
        assert_eq!(exactly(&two, [0x80, 0x5F48]), Ok([&b"a"[..], b"b"]));
        assert_eq!(exactly(&two, [0x5F48, 0x80]), Err(BadTlv::Tags));
        assert_eq!(exactly(&two, [0x80]), Err(BadTlv::Tags));
        assert_eq!(exactly(&two, [0x80, 0x5F48, 0x80]), Err(BadTlv::Tags));
        assert_eq!(all(&[0x80, 0].repeat(MAX_OBJECTS)).expect("just as many").len(), MAX_OBJECTS);
        assert_eq!(all(&[0x80, 0].repeat(MAX_OBJECTS + 1)), Err(BadTlv::TooMuch));
        assert!(all(&object(0x80, &[&[0; MAX_LEN - 4]])).is_ok());
        assert_eq!(all(&object(0x80, &[&[0; MAX_LEN - 3]])), Err(BadTlv::TooMuch));
    }

    proptest! {
        #[test]
        fn j16_what_is_put_is_taken(tag in prop::sample::select(vec![0x80u32, 0xA6, 0x4D, 0x5F48, 0x7F49, 0xDF8101]),
                                    length in prop::sample::select(vec![0usize, 1, 127, 128, 255, 256, 2000])) {
            let value = vec![7; length];
            let written = object(tag, &[&value[..length / 2], &value[length / 2..]]);
            prop_assert_eq!(take(&written), Ok((Object { tag, value: &value }, &[][..])));
        }

        #[test]
        fn j16_what_is_read_is_written_alike(octets in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(objects) = all(&octets) {
                let again: Vec<u8> = objects.iter().flat_map(|o| object(o.tag, &[o.value])).collect();
                prop_assert_eq!(again, octets);
            }
        }
    }
}
