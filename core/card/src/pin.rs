//! The two PINs, with the places they guard, and what a PIN may be (J11, J16).

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// The longest PIN, in characters.
pub const MAX_PIN: usize = 16;

/// One of the two PINs of the card, and the place it guards: a key pair with its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PinKind {
    /// For signing (署名用パスワード).
    Signing,
    /// For user authentication (利用者証明用パスワード).
    Authentication,
}

impl PinKind {
    /// Both, in the order of their references.
    pub const ALL: [Self; 2] = [Self::Signing, Self::Authentication];

    /// The reference of the place in commands of a session: `01` or `02`.
    pub fn reference(self) -> u8 {
        match self {
            Self::Signing => 0x01,
            Self::Authentication => 0x02,
        }
    }

    /// The place with this reference.
    pub fn from_reference(reference: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.reference() == reference)
    }

    /// Wrong ones in a row until it is blocked.
    pub fn tries(self) -> u8 {
        match self {
            Self::Signing => 5,
            Self::Authentication => 3,
        }
    }

    /// How many characters it may have: the fewest and the most.
    pub fn lengths(self) -> (usize, usize) {
        match self {
            Self::Signing => (6, MAX_PIN),
            Self::Authentication => (4, 4),
        }
    }

    /// The EF of the PIN.
    pub fn pin_file(self) -> u16 {
        self.pick(0x001B, 0x0018)
    }

    /// The EF of the private key.
    pub fn key_file(self) -> u16 {
        self.pick(0x001A, 0x0017)
    }

    /// The EF of the holder's certificate.
    pub fn certificate_file(self) -> u16 {
        self.pick(0x0001, 0x000A)
    }

    /// The EF of the CA's certificate.
    pub fn ca_certificate_file(self) -> u16 {
        self.pick(0x0002, 0x000B)
    }

    fn pick(self, signing: u16, authentication: u16) -> u16 {
        match self {
            Self::Signing => signing,
            Self::Authentication => authentication,
        }
    }
}

/// Why a text is no PIN of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPin {
    /// Too short or too long; how many characters there may be.
    #[error("it must have from {0} to {1} characters")]
    Length(usize, usize),
    /// A character that is no digit, or for signing no capital letter either.
    #[error("it has a character that a PIN must not have")]
    Character,
    /// The PIN for signing needs a letter.
    #[error("it has no letter from A to Z")]
    NoLetter,
    /// The PIN for signing needs a digit.
    #[error("it has no digit")]
    NoDigit,
}

/// A PIN that keeps the rules of its kind. Wiped when dropped, never shown.
#[derive(Clone)]
pub struct PinText {
    kind: PinKind,
    /// The characters, then zeros, then how many there are: of one length, so that comparing takes one time.
    octets: Zeroizing<[u8; MAX_PIN + 1]>,
}

impl PinText {
    /// The PIN as it is: ASCII, letters capital.
    ///
    /// # Errors
    /// [`BadPin`] says which rule it breaks.
    pub fn new(kind: PinKind, text: &[u8]) -> Result<Self, BadPin> {
        let (fewest, most) = kind.lengths();
        if !(fewest..=most).contains(&text.len()) {
            return Err(BadPin::Length(fewest, most));
        }
        let letters = text.iter().filter(|octet| octet.is_ascii_uppercase()).count();
        let digits = text.iter().filter(|octet| octet.is_ascii_digit()).count();
        match kind {
            PinKind::Authentication if digits < text.len() => Err(BadPin::Character),
            PinKind::Signing if letters + digits < text.len() => Err(BadPin::Character),
            PinKind::Signing if letters == 0 => Err(BadPin::NoLetter),
            PinKind::Signing if digits == 0 => Err(BadPin::NoDigit),
            _ => Ok(Self { kind, octets: padded(text) }),
        }
    }

    /// The PIN as a person typed it: small letters of the one for signing become capital, as all software does.
    ///
    /// # Errors
    /// [`BadPin`] says which rule it breaks.
    pub fn typed(kind: PinKind, text: &str) -> Result<Self, BadPin> {
        let mut octets = Zeroizing::new(text.as_bytes().to_vec());
        if kind == PinKind::Signing {
            octets.make_ascii_uppercase();
        }
        Self::new(kind, &octets)
    }

    /// Its kind.
    pub fn kind(&self) -> PinKind {
        self.kind
    }

    /// The characters, as VERIFY carries them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets[..usize::from(self.octets[MAX_PIN])]
    }

    /// Whether `text` is this PIN, in a time that depends on the length of `text` alone.
    pub fn is(&self, text: &[u8]) -> Choice {
        let fits = Choice::from(u8::from(text.len() <= MAX_PIN));
        fits & self.octets[..].ct_eq(&padded(&text[..text.len().min(MAX_PIN)])[..])
    }
}

fn padded(text: &[u8]) -> Zeroizing<[u8; MAX_PIN + 1]> {
    let mut octets = Zeroizing::new([0; MAX_PIN + 1]);
    octets[..text.len()].copy_from_slice(text);
    octets[MAX_PIN] = text.len() as u8;
    octets
}

impl std::fmt::Debug for PinText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinText").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PinKind::{Authentication, Signing};

    fn fault(kind: PinKind, text: &[u8]) -> Option<BadPin> {
        PinText::new(kind, text).err()
    }

    #[test]
    fn j16_four_digits_for_authentication() {
        assert_eq!(fault(Authentication, b"0123"), None);
        assert_eq!(fault(Authentication, b"012"), Some(BadPin::Length(4, 4)));
        assert_eq!(fault(Authentication, b"01234"), Some(BadPin::Length(4, 4)));
        assert_eq!(fault(Authentication, b"012A"), Some(BadPin::Character));
        assert_eq!(fault(Authentication, "１".as_bytes()), Some(BadPin::Length(4, 4)));
    }

    #[test]
    fn j16_six_to_sixteen_letters_and_digits_for_signing() {
        assert_eq!(fault(Signing, b"ABC123"), None);
        assert_eq!(fault(Signing, b"ABCDEFGH12345678"), None);
        assert_eq!(fault(Signing, b"ABC12"), Some(BadPin::Length(6, 16)));
        assert_eq!(fault(Signing, b"ABCDEFGH123456789"), Some(BadPin::Length(6, 16)));
        assert_eq!(fault(Signing, b"abc123"), Some(BadPin::Character));
        assert_eq!(fault(Signing, b"ABC 123"), Some(BadPin::Character));
        assert_eq!(fault(Signing, b"123456"), Some(BadPin::NoLetter));
        assert_eq!(fault(Signing, b"ABCDEF"), Some(BadPin::NoDigit));
        assert_eq!(PinText::typed(Signing, "abc123").expect("made capital").as_bytes(), b"ABC123");
    }

    #[test]
    fn j16_a_pin_is_its_text_and_no_other() {
        let pin = PinText::new(Signing, b"ABC123").expect("a PIN");
        assert!(bool::from(pin.is(b"ABC123")));
        let other: [&[u8]; 6] = [b"", b"ABC124", b"ABC12", b"ABC1230", b"ABC123\0", &[b'A'; 300]];
        for text in other {
            assert!(!bool::from(pin.is(text)), "{text:?}");
        }
        // What lies behind the sixteenth character counts too.
        let long = PinText::new(Signing, b"ABCDEFGH12345678").expect("a PIN");
        assert!(!bool::from(long.is(b"ABCDEFGH123456789")));
    }

    #[test]
    fn j16_a_pin_is_never_shown() {
        let shown = format!("{:?}", PinText::new(Authentication, b"4711").expect("a PIN"));
        assert_eq!(shown, "PinText { kind: Authentication, .. }");
    }
}
