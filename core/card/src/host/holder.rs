//! What a holder may do on any JPKI card, a real one too: read certificates, sign with the PIN, change it.

use super::{HostError, Terminal, ok, short};
use crate::{
    Transmit,
    apdu::Le,
    files::File,
    pin::{PinKind, PinText},
    protocol::CARD_ID,
    report::Report,
    status::Sw,
};

/// A certificate that lies on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFile {
    /// For signing (署名用電子証明書); readable after the signing PIN.
    Signing,
    /// Of the authority that issued it.
    SigningCa,
    /// For user authentication (利用者証明用電子証明書).
    Authentication,
    /// Of the authority that issued it.
    AuthenticationCa,
}

impl CertificateFile {
    /// All four, in the order of the files.
    pub const ALL: [Self; 4] = [Self::Signing, Self::SigningCa, Self::Authentication, Self::AuthenticationCa];

    /// The elementary file.
    pub fn file(self) -> File {
        match self {
            Self::Signing => File::Certificate(PinKind::Signing),
            Self::SigningCa => File::CaCertificate(PinKind::Signing),
            Self::Authentication => File::Certificate(PinKind::Authentication),
            Self::AuthenticationCa => File::CaCertificate(PinKind::Authentication),
        }
    }
}

/// How careful to be with the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Not when one try is left: a mistake would block the PIN.
    SpareTheLast,
    /// Also then, as somebody said who knows.
    UseTheLast,
}

/// The card took the PIN, in this session with it.
#[derive(Debug)]
pub struct Verified {
    kind: PinKind,
}

impl Verified {
    /// Which PIN.
    pub fn kind(&self) -> PinKind {
        self.kind
    }
}

/// What some real cards answer where others say `6983`.
const UNUSABLE: Sw = Sw(0x6984);
/// Octets of the label at the head of the token information.
const TOKEN_LABEL: usize = 32;
/// Octets of one READ BINARY.
const BLOCK: usize = 256;
/// Longest certificate that is read from a card, octets of DER: the largest length that four octets of head tell and
/// READ BINARY reaches.
const LONGEST: usize = 0x7FFF;

impl<T: Transmit> Terminal<T> {
    /// Tries that are left before the PIN is blocked; asking costs none.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn tries_left(&mut self, kind: PinKind) -> Result<u8, HostError<T::Error>> {
        self.select_file(File::Pin(kind))?;
        let sw = self.ask([0x00, 0x20, 0x00, 0x80], &[], None)?.sw;
        match sw.tries_left() {
            Some(left) => Ok(left),
            None if sw == Sw::BLOCKED || sw == UNUSABLE => Ok(0),
            // Some real cards say so while the PIN is verified; all tries are there then.
            None if sw == Sw::OK => Ok(kind.tries()),
            None => Err(HostError::Refused { asked: "VERIFY", sw }),
        }
    }

    /// Gives the PIN to the card.
    ///
    /// # Errors
    /// [`HostError::WrongPin`], [`HostError::Blocked`], [`HostError::LastTry`].
    pub fn verify(
        &mut self,
        kind: PinKind,
        pin: &PinText,
        caution: Caution,
    ) -> Result<Verified, HostError<T::Error>> {
        match self.tries_left(kind)? {
            0 => return Err(HostError::Blocked),
            1 if caution == Caution::SpareTheLast => return Err(HostError::LastTry),
            _ => {}
        }
        let sw = self.ask([0x00, 0x20, 0x00, 0x80], pin.as_bytes(), None)?.sw;
        match (sw, sw.tries_left()) {
            (Sw::OK, _) => Ok(Verified { kind }),
            (_, Some(0)) | (Sw::BLOCKED | UNUSABLE, _) => Err(HostError::Blocked),
            (_, Some(left)) => Err(HostError::WrongPin { left }),
            (sw, None) => Err(HostError::Refused { asked: "VERIFY", sw }),
        }
    }

    /// Sets another PIN in the place of the one that was given.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn change_pin(&mut self, verified: &Verified, new: &PinText) -> Result<(), HostError<T::Error>> {
        self.select_file(File::Pin(verified.kind))?;
        self.done("CHANGE REFERENCE DATA", [0x00, 0x24, 0x01, 0x80], new.as_bytes())
    }

    /// Signs `input` with the key that belongs to the PIN. RSA pads it as it is, so it is a DigestInfo; P-384 takes a
    /// hash of SHA-384 and answers r and s.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn sign(&mut self, verified: &Verified, input: &[u8]) -> Result<Vec<u8>, HostError<T::Error>> {
        self.select_file(File::Key(verified.kind))?;
        ok(self.ask([0x80, 0x2A, 0x00, 0x80], input, Some(Le::Short))?, "COMPUTE DIGITAL SIGNATURE")
    }

    /// A certificate's DER, or nothing where the file is empty.
    ///
    /// # Errors
    /// [`HostError::NeedsPin`] for the signing certificate before its PIN.
    pub fn read_certificate(
        &mut self,
        file: CertificateFile,
    ) -> Result<Option<Vec<u8>>, HostError<T::Error>> {
        match self.select_file(file.file()) {
            Err(HostError::Refused { sw: Sw::NO_FILE, .. }) => return Ok(None),
            selected => selected?,
        }
        let head = self.read(0, 4)?;
        let length = match head[..] {
            [0x30, 0x82, high, low] => 4 + usize::from(u16::from_be_bytes([high, low])),
            [0xFF, ..] | [0x00, ..] | [] => return Ok(None),
            _ => return Err(HostError::Malformed("certificate")),
        };
        if length > LONGEST {
            return Err(HostError::Malformed("certificate"));
        }
        let mut der = Vec::with_capacity(length);
        while der.len() < length {
            let block = self.read(der.len(), BLOCK.min(length - der.len()))?;
            if block.is_empty() {
                return Err(HostError::Malformed("READ BINARY"));
            }
            der.extend_from_slice(&block);
        }
        der.truncate(length);
        Ok(Some(der))
    }

    /// What the token says it is: `JPKIAPICCTOKEN2` for a card, other labels for telephones.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn token_label(&mut self) -> Result<String, HostError<T::Error>> {
        self.select_file(File::TokenInfo)?;
        let octets = self.read(0, TOKEN_LABEL)?;
        let label = str::from_utf8(&octets).unwrap_or_default().trim_end();
        if label.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' ') && !label.is_empty() {
            Ok(label.to_owned())
        } else {
            Err(HostError::Malformed("token information"))
        }
    }

    /// The card's number. Real cards do not tell it here.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn card_id(&mut self) -> Result<[u8; CARD_ID], HostError<T::Error>> {
        let octets = ok(self.ask([0x00, 0xCA, 0x00, 0x45], &[], Some(short(CARD_ID)))?, "GET DATA")?;
        octets.try_into().map_err(|_| HostError::Malformed("card number"))
    }

    /// The state of a card of ours; real cards refuse (`6D00`, `6A88`).
    ///
    /// # Errors
    /// [`HostError`].
    pub fn report(&mut self) -> Result<Report, HostError<T::Error>> {
        let data = ok(self.ask([0x00, 0xCA, 0x01, 0x01], &[], Some(Le::Short))?, "GET DATA")?;
        Report::parse(&data).map_err(|_| HostError::Malformed("GET DATA"))
    }

    fn read(&mut self, offset: usize, length: usize) -> Result<Vec<u8>, HostError<T::Error>> {
        let [high, low] = (offset as u16).to_be_bytes();
        let answer = self.ask([0x00, 0xB0, high, low], &[], Some(short(length)))?;
        match answer.sw {
            Sw::OK | Sw::END_OF_FILE => Ok(answer.data),
            Sw::SECURITY => Err(HostError::NeedsPin),
            sw => Err(HostError::Refused { asked: "READ BINARY", sw }),
        }
    }
}
