//! The token information in EF 0006: a CK_TOKEN_INFO of PKCS#11 with big-endian words of 32 bits (J16).
//!
//! | offset | what |
//! |---|---|
//! | 0, 32, 64, 80 | label 32, manufacturer 32, model 16, serial number 16: ASCII, filled with spaces |
//! | 96 | flags |
//! | 100–115 | most sessions, sessions, most sessions that write, sessions that write |
//! | 116, 120 | longest PIN, shortest PIN |
//! | 124–139 | public memory, free public memory, private memory, free private memory |
//! | 140, 142 | version of hardware and firmware, 2 octets each |
//! | 144 | clock, 16 octets: there is none, spaces |

use crate::{pin::PinKind, protocol::CARD_ID, state::Layout};

/// Octets of the file.
pub const SIZE: usize = 160;

/// CKF_RNG, CKF_WRITE_PROTECTED, CKF_LOGIN_REQUIRED, CKF_TOKEN_INITIALIZED.
const FLAGS: u32 = 0x0001 | 0x0002 | 0x0004 | 0x0400;
/// CK_UNAVAILABLE_INFORMATION.
const UNAVAILABLE: u32 = u32::MAX;

/// The file's content. The serial number is the first eight octets of the card's number in hexadecimal.
pub fn content(layout: Layout, card_id: &[u8; CARD_ID]) -> [u8; SIZE] {
    let label = match layout {
        Layout::Both => "JPKIAPICCTOKEN2",
        Layout::SigningOnly => "JPKIAPICCTOKEN",
    };
    let serial: String = card_id[..8].iter().map(|octet| format!("{octet:02X}")).collect();
    let mut out = [b' '; SIZE];
    for (offset, text) in [(0, label), (32, "Warifu"), (64, "JPKI"), (80, &serial)] {
        out[offset..offset + text.len()].copy_from_slice(text.as_bytes());
    }
    let lengths = layout.places().iter().map(|place| place.lengths());
    let (shortest, longest) = lengths.fold((u32::MAX, 0), |(shortest, longest), (fewest, most)| {
        (shortest.min(fewest as u32), longest.max(most as u32))
    });
    let words = [
        FLAGS,
        1,
        UNAVAILABLE,
        1,
        UNAVAILABLE,
        longest,
        shortest,
        UNAVAILABLE,
        UNAVAILABLE,
        UNAVAILABLE,
        UNAVAILABLE,
    ];
    for (place, word) in words.iter().enumerate() {
        out[96 + 4 * place..][..4].copy_from_slice(&word.to_be_bytes());
    }
    out[140..144].copy_from_slice(&[1, 0, 1, 0]);
    out
}

impl Layout {
    /// The places that a card of this layout has.
    pub fn places(self) -> &'static [PinKind] {
        match self {
            Self::Both => &PinKind::ALL,
            Self::SigningOnly => &[PinKind::Signing],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_the_token_says_which_card_it_is() {
        let both = content(Layout::Both, &[0xAB; 16]);
        assert_eq!(&both[..32], b"JPKIAPICCTOKEN2                 ");
        assert_eq!(&both[80..96], b"ABABABABABABABAB");
        assert_eq!(&both[96..100], [0, 0, 4, 7]);
        assert_eq!(&both[116..124], [0, 0, 0, 16, 0, 0, 0, 4]);
        assert_eq!(&both[140..], b"\x01\x00\x01\x00                ");
        let signing = content(Layout::SigningOnly, &[0; 16]);
        assert_eq!(&signing[..16], b"JPKIAPICCTOKEN  ");
        assert_eq!(&signing[120..124], [0, 0, 0, 6]);
    }
}
