//! The files of the JPKI application (CARD.md, section 2; J16).

use crate::pin::PinKind;

/// The application's identifier (公的個人認証AP).
pub const AID: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// Octets of the file of a certificate.
pub const CERTIFICATE_SIZE: usize = 2048;

/// An elementary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// The holder's certificate.
    Certificate(PinKind),
    /// The certificate of the CA that issued it.
    CaCertificate(PinKind),
    /// What token this is: 160 octets.
    TokenInfo,
    /// Which certificates are there: 3 octets.
    Presence,
    /// 0009, of which only that is known that nobody reads it.
    Closed,
    /// The public key for the authentication of terminals.
    TerminalKey,
    /// A private key.
    Key(PinKind),
    /// A PIN.
    Pin(PinKind),
}

impl File {
    /// Every file, in the order of their numbers.
    pub const ALL: [Self; 12] = [
        Self::Certificate(PinKind::Signing),
        Self::CaCertificate(PinKind::Signing),
        Self::TokenInfo,
        Self::Presence,
        Self::Closed,
        Self::Certificate(PinKind::Authentication),
        Self::CaCertificate(PinKind::Authentication),
        Self::TerminalKey,
        Self::Key(PinKind::Authentication),
        Self::Pin(PinKind::Authentication),
        Self::Key(PinKind::Signing),
        Self::Pin(PinKind::Signing),
    ];

    /// The file's number, which SELECT carries.
    pub fn id(self) -> u16 {
        match self {
            Self::Certificate(place) => place.certificate_file(),
            Self::CaCertificate(place) => place.ca_certificate_file(),
            Self::TokenInfo => 0x0006,
            Self::Presence => 0x0008,
            Self::Closed => 0x0009,
            Self::TerminalKey => 0x0016,
            Self::Key(place) => place.key_file(),
            Self::Pin(place) => place.pin_file(),
        }
    }

    /// The short number (SFI), which READ BINARY and VERIFY may carry.
    pub fn sfi(self) -> u8 {
        (self.id() & 0x1F) as u8
    }

    /// The file with this number.
    pub fn from_id(id: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.id() == id)
    }

    /// The file with this short number.
    pub fn from_sfi(sfi: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.sfi() == sfi)
    }

    /// The place it belongs to, if to one.
    pub fn place(self) -> Option<PinKind> {
        match self {
            Self::Certificate(place) | Self::CaCertificate(place) | Self::Key(place) | Self::Pin(place) => {
                Some(place)
            }
            Self::TokenInfo | Self::Presence | Self::Closed | Self::TerminalKey => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of CARD.md, which is that of the real application.
    #[test]
    fn j16_each_file_has_its_number() {
        let numbers: Vec<u16> = File::ALL.iter().map(|file| file.id()).collect();
        assert_eq!(numbers, [0x01, 0x02, 0x06, 0x08, 0x09, 0x0A, 0x0B, 0x16, 0x17, 0x18, 0x1A, 0x1B]);
        for file in File::ALL {
            assert_eq!(u16::from(file.sfi()), file.id());
            assert_eq!(File::from_id(file.id()), Some(file));
            assert_eq!(File::from_sfi(file.sfi()), Some(file));
        }
        assert_eq!((File::from_id(0x0101), File::from_id(0), File::from_sfi(3)), (None, None, None));
    }
}
