//! A strict reader of definite-length DER for the two small structures read here.

/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// BIT STRING.
pub(crate) const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// SEQUENCE, constructed.
pub(crate) const SEQUENCE: u8 = 0x30;

/// One element, and what follows it.
pub(crate) struct Element<'a> {
    /// Tag, length and content.
    pub(crate) whole: &'a [u8],
    /// The content octets.
    pub(crate) content: &'a [u8],
    /// What follows.
    pub(crate) rest: &'a [u8],
}

/// Takes the element with this tag from the front of `input`.
///
/// `None` for another tag, a length that is indefinite, not minimal or above 32 bits, or too few octets.
pub(crate) fn take(tag: u8, input: &[u8]) -> Option<Element<'_>> {
    let (&found, after) = input.split_first()?;
    if found != tag {
        return None;
    }
    let (&first, after) = after.split_first()?;
    let (len, after) = match first {
        0..=0x7f => (usize::from(first), after),
        0x81..=0x84 => {
            let (octets, after) = after.split_at_checked(usize::from(first & 0x7f))?;
            let len = octets.iter().fold(0u64, |len, octet| len << 8 | u64::from(*octet));
            let minimal = len >= 0x80 && octets[0] != 0;
            (usize::try_from(len).ok().filter(|_| minimal)?, after)
        }
        _ => return None,
    };
    let (content, rest) = after.split_at_checked(len)?;
    Some(Element { whole: &input[..input.len() - rest.len()], content, rest })
}

/// The content of the element with this tag when it is all there is.
pub(crate) fn only(tag: u8, input: &[u8]) -> Option<&[u8]> {
    take(tag, input).filter(|e| e.rest.is_empty()).map(|e| e.content)
}

/// The magnitude of a positive DER INTEGER, without the zero octet that keeps it positive.
pub(crate) fn positive(content: &[u8]) -> Option<&[u8]> {
    match content {
        [] | [0] => None,
        [0, second, ..] if second & 0x80 == 0 => None,
        [0, magnitude @ ..] => Some(magnitude),
        [first, ..] if first & 0x80 != 0 => None,
        _ => Some(content),
    }
}

/// Appends one DER element: tag, length and the pieces of the content, one after another.
pub fn put(out: &mut Vec<u8>, tag: u8, pieces: &[&[u8]]) {
    let len: usize = pieces.iter().map(|p| p.len()).sum();
    out.push(tag);
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let octets = len.to_be_bytes();
        let start = octets.iter().position(|o| *o != 0).unwrap_or(octets.len() - 1);
        out.push(0x80 | (octets.len() - start) as u8);
        out.extend_from_slice(&octets[start..]);
    }
    pieces.iter().for_each(|p| out.extend_from_slice(p));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_definite_and_minimal() {
        assert_eq!(only(INTEGER, &[2, 1, 5]), Some(&[5][..]));
        for bad in [
            &[2, 0x80, 0, 0][..],      // indefinite
            &[2, 0x81, 1, 5],          // not minimal
            &[2, 0x82, 0, 0x80],       // leading zero
            &[2, 2, 5],                // too short
            &[2, 0x85, 1, 0, 0, 0, 0], // above 32 bits
            &[2, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[2],
            &[],
        ] {
            assert!(take(INTEGER, bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_put_is_taken() {
        for len in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; len];
            let mut der = Vec::new();
            put(&mut der, OCTET_STRING, &[&content[..len / 2], &content[len / 2..]]);
            assert_eq!(only(OCTET_STRING, &der), Some(&content[..]));
        }
    }
}
