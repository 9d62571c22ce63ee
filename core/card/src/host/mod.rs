//! The terminal's side: what a holder, a counter (受付窓口端末) and a key-pair generator ask of a card.
//!
//! ```text
//! Terminal ── verify ─→ Verified ── sign, change_pin             a holder, on any JPKI card
//!    └── prove ──┬─→ Issuer: certificates, activate, unblock …    the counter
//!                └─→ Device: PINs, keys                           the generator
//! ```
//!
//! What was proven is a type that only the proof makes. All sessions work through [`Transmit`]: a reader with a real
//! card, or the virtual card in this process.

mod device;
mod error;
mod holder;
mod issuer;
mod message;
mod session;

pub use device::Device;
pub use error::{Asked, HostError};
pub use holder::{Caution, CertificateFile, Verified};
pub use issuer::{Attestation, Issuer};
pub use session::{Role, Rooted};

use crate::{
    Transmit,
    apdu::{Command, Le, MAX_SHORT, Response},
    files::{self, File},
    status::Sw,
};

/// Most octets that a terminal takes as one answer, over all its parts.
const MOST_ANSWER: usize = 16 * 1024;

/// A card whose JPKI application is selected.
pub struct Terminal<T> {
    link: T,
}

impl<T: Transmit> Terminal<T> {
    /// Selects the JPKI application: whatever was verified before is forgotten.
    ///
    /// # Errors
    /// [`HostError::NotJpki`], [`HostError::Terminated`].
    pub fn open(link: T) -> Result<Self, HostError<T::Error>> {
        let mut terminal = Self { link };
        terminal.select_application()?;
        Ok(terminal)
    }

    /// The same again, after a reset.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn select_application(&mut self) -> Result<(), HostError<T::Error>> {
        let answer = self.ask([0x00, 0xA4, 0x04, 0x0C], &files::AID, None)?;
        match answer.sw {
            Sw::OK => Ok(()),
            Sw::TERMINATED => Err(HostError::Terminated),
            Sw::NO_FILE => Err(HostError::NotJpki),
            sw => Err(HostError::Refused { asked: "SELECT", sw }),
        }
    }

    /// The way to the card again.
    pub fn into_link(self) -> T {
        self.link
    }

    /// Selects an elementary file.
    pub(crate) fn select_file(&mut self, file: File) -> Result<(), HostError<T::Error>> {
        self.done("SELECT", [0x00, 0xA4, 0x02, 0x0C], &file.id().to_be_bytes())
    }

    /// A command that has no answer but `9000`.
    pub(crate) fn done(
        &mut self,
        asked: Asked,
        head: [u8; 4],
        data: &[u8],
    ) -> Result<(), HostError<T::Error>> {
        ok(self.ask(head, data, None)?, asked).map(drop)
    }

    /// One command to the card and its whole answer: long data go in parts (chaining), long answers come in parts.
    pub(crate) fn ask(
        &mut self,
        [cla, ins, p1, p2]: [u8; 4],
        data: &[u8],
        le: Option<Le>,
    ) -> Result<Response, HostError<T::Error>> {
        let mut command = Command::new(cla, ins, p1, p2).data(data);
        command.le = le;
        let mut parts = command.in_parts(MAX_SHORT);
        let last = parts.pop().expect("a command has at least one part");
        for part in parts {
            let answer = self.once(&part)?;
            if !answer.sw.is_ok() {
                return Ok(answer);
            }
        }
        let mut answer = self.once(&last)?;
        if let Some(exact) = answer.sw.exact_length() {
            answer = self.once(&last.expecting(short(exact)))?;
        }
        while let Some(more) = answer.sw.more_to_come() {
            let next = self.once(&Command::new(0x00, 0xC0, 0x00, 0x00).expecting(short(more)))?;
            if next.data.is_empty() || answer.data.len() + next.data.len() > MOST_ANSWER {
                return Err(HostError::Malformed("GET RESPONSE"));
            }
            answer.data.extend_from_slice(&next.data);
            answer.sw = next.sw;
        }
        Ok(answer)
    }

    fn once(&mut self, command: &Command) -> Result<Response, HostError<T::Error>> {
        let octets = self.link.transmit(&command.to_bytes()).map_err(HostError::Link)?;
        Response::parse(&octets).map_err(|_| HostError::Malformed("response"))
    }
}

/// Le in one octet, for 1 to 256.
pub(crate) fn short(octets: usize) -> Le {
    u16::try_from(octets).ok().filter(|octets| *octets < 256).map_or(Le::Short, Le::Exactly)
}

/// The data, if the status word is `9000`.
pub(crate) fn ok<E: std::error::Error + 'static>(
    answer: Response,
    asked: Asked,
) -> Result<Vec<u8>, HostError<E>> {
    if answer.sw.is_ok() { Ok(answer.data) } else { Err(HostError::Refused { asked, sw: answer.sw }) }
}
