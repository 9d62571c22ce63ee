//! Pictures in manuals: WebP, as browsers make them.

/// A picture in the binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The name of its file.
    pub name: &'static str,
    /// The file: WebP (RFC 9649), simple and lossy, or extended.
    pub octets: &'static [u8],
}

impl Picture {
    /// What it is served as.
    pub const KIND: &'static str = "image/webp";

    /// Width and height in pixels, from the header of the frame; none if this is no such WebP.
    pub fn size(&self) -> Option<(u16, u16)> {
        let (riff, rest) = self.octets.split_first_chunk::<4>()?;
        if riff != b"RIFF" {
            return None;
        }
        // RFC 9649 §2.6 for one that has nothing but its frame, §2.7 with what goes along.
        let frame = match rest.get(4..12)? {
            b"WEBPVP8 " => rest.get(16..)?,
            b"WEBPVP8X" => {
                let at = |from: usize| {
                    rest.get(from..from + 3).map(|three| u16::from_le_bytes([three[0], three[1]]))
                };
                return Some((at(20)?.checked_add(1)?, at(23)?.checked_add(1)?));
            }
            _ => return None,
        };
        let sized = frame.get(3..6)? == [0x9d, 0x01, 0x2a];
        let side =
            |from: usize| Some(u16::from_le_bytes([*frame.get(from)?, *frame.get(from + 1)?]) & 0x3fff);
        sized.then_some((side(6)?, side(8)?))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The beginning of a lossy picture of 2 × 3.
    pub(crate) const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8 \x0e\0\0\0\x30\x01\0\x9d\x01\x2a\x02\0\x03\0";

    #[test]
    fn a_picture_tells_its_size_or_is_none() {
        let size = |octets| Picture { name: "x", octets }.size();
        assert_eq!(size(WEBP), Some((2, 3)));
        assert_eq!(size(&WEBP[..WEBP.len() - 1]), None);
        assert_eq!(size(b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(size(b""), None);
    }
}
