//! Helpers to write DER into a `Vec`.

/// How many octets tag and length take before `len` octets of content.
pub const fn len_of_header(len: usize) -> usize {
    match len {
        0..=0x7f => 2,
        0x80..=0xff => 3,
        0x100..=0xffff => 4,
        0x1_0000..=0xff_ffff => 5,
        _ => 6,
    }
}

/// Appends the tag and the length for `len` octets of content.
///
/// # Panics
/// When `len` needs more than 32 bits: nothing that large is written through these helpers.
pub fn push_header(out: &mut Vec<u8>, tag: u8, len: usize) {
    out.push(tag);
    if len < 0x80 {
        out.push(len as u8);
        return;
    }
    let octets = u32::try_from(len).expect("structures are far below 4 GiB").to_be_bytes();
    let octets = &octets[6 - len_of_header(len)..];
    out.push(0x80 | octets.len() as u8);
    out.extend_from_slice(octets);
}

/// Appends a whole element.
pub fn push_tlv(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    push_header(out, tag, content.len());
    out.extend_from_slice(content);
}

/// A whole element whose content is these pieces, one after another.
pub fn tlv(tag: u8, pieces: &[&[u8]]) -> Vec<u8> {
    let len = pieces.iter().map(|p| p.len()).sum();
    let mut out = Vec::with_capacity(len_of_header(len) + len);
    push_header(&mut out, tag, len);
    pieces.iter().for_each(|p| out.extend_from_slice(p));
    out
}

/// A whole element whose content is these elements, one after another.
pub fn tlv_of<T: AsRef<[u8]>>(tag: u8, elements: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut out = Vec::new();
    nested(&mut out, tag, |out| elements.into_iter().for_each(|e| out.extend_from_slice(e.as_ref())));
    out
}

/// Appends an element whose content `fill` appends. For places where the length is not worth knowing before.
pub fn nested(out: &mut Vec<u8>, tag: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    fill(out);
    let len = out.len() - start;
    let mut header = Vec::with_capacity(6);
    push_header(&mut header, tag, len);
    out.splice(start..start, header);
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for len in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 0xff_ffff, 0x100_0000] {
            let content = vec![7; len];
            let der = tlv(OCTET_STRING, &[&content[..len / 3], &content[len / 3..]]);
            assert_eq!(der.len(), len_of_header(len) + len);
            let read = Reader::only(&der, OCTET_STRING, usize::MAX).expect("an element");
            assert_eq!(read.content, content);
            let mut again = vec![1, 2];
            nested(&mut again, OCTET_STRING, |out| out.extend_from_slice(&content));
            assert_eq!(&again[2..], der);
        }
    }
}
