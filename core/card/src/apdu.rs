//! Command and response APDUs (ISO/IEC 7816-3 §12, 7816-4 §5), the four cases, short and extended (J16).

use crate::status::Sw;
use zeroize::Zeroizing;

/// The bit of CLA that says "more parts of this command follow".
pub const CHAINING: u8 = 0x10;
/// The most data of a short command.
pub const MAX_SHORT: usize = 255;
/// The most data of a command whatever its form.
pub const MAX_DATA: usize = 65_535;

/// How many octets of answer the sender takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Le {
    /// Just so many.
    Exactly(u16),
    /// `00`: what there is, up to 256.
    Short,
    /// `0000`: what there is, up to 65,536.
    Extended,
}

impl Le {
    /// The most octets of answer.
    pub fn most(self) -> usize {
        match self {
            Self::Exactly(octets) => usize::from(octets),
            Self::Short => 256,
            Self::Extended => 65_536,
        }
    }
}

/// A command APDU. Its data is wiped when dropped and never shown: PINs and keys go this way.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// Class.
    pub cla: u8,
    /// Instruction.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// Data, at most [`MAX_DATA`] octets.
    pub data: Zeroizing<Vec<u8>>,
    /// What is expected back; `None` when nothing.
    pub le: Option<Le>,
}

/// The octets are no APDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these octets are no APDU")]
pub struct BadApdu;

impl Command {
    /// A command without data that expects nothing back (case 1).
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla, ins, p1, p2, data: Zeroizing::default(), le: None }
    }

    /// The same with data.
    ///
    /// # Panics
    /// When there are more than [`MAX_DATA`] octets.
    #[must_use]
    pub fn data(mut self, data: &[u8]) -> Self {
        assert!(data.len() <= MAX_DATA, "a command has at most 65,535 octets of data");
        self.data = Zeroizing::new(data.to_vec());
        self
    }

    /// The same, expecting an answer of at most so many octets.
    #[must_use]
    pub fn expecting(mut self, le: Le) -> Self {
        self.le = Some(le);
        self
    }

    /// CLA, INS, P1, P2, the first without the bit of chaining.
    pub fn head(&self) -> [u8; 4] {
        [self.cla & !CHAINING, self.ins, self.p1, self.p2]
    }

    /// Reads any of the four cases, short or extended.
    ///
    /// # Errors
    /// [`BadApdu`] when lengths and octets do not go together.
    pub fn parse(octets: &[u8]) -> Result<Self, BadApdu> {
        let (&[cla, ins, p1, p2], body) = octets.split_first_chunk().ok_or(BadApdu)?;
        let (data, le) = body_of(body).ok_or(BadApdu)?;
        Ok(Self { cla, ins, p1, p2, data: Zeroizing::new(data.to_vec()), le })
    }

    /// Whether it needs the extended form.
    fn is_extended(&self) -> bool {
        let long_answer = matches!(self.le, Some(Le::Extended | Le::Exactly(256..)));
        self.data.len() > MAX_SHORT || long_answer
    }

    /// The octets, short if they can be. `Le` `00` cannot stand behind more than 255 octets of data: it is `0000` there.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.data.len() + 9));
        out.extend_from_slice(&[self.cla, self.ins, self.p1, self.p2]);
        let le = self.le.map(|le| match le {
            Le::Exactly(octets) => octets.to_be_bytes(),
            Le::Short | Le::Extended => [0, 0],
        });
        if self.is_extended() {
            out.push(0);
            if !self.data.is_empty() {
                out.extend_from_slice(&(self.data.len() as u16).to_be_bytes());
                out.extend_from_slice(&self.data);
            }
            out.extend(le.into_iter().flatten());
        } else {
            if !self.data.is_empty() {
                out.push(self.data.len() as u8);
                out.extend_from_slice(&self.data);
            }
            out.extend(le.map(|[_, low]| low));
        }
        out
    }

    /// The parts in which it goes to a card whose reader carries short commands alone: each with at most `most` octets
    /// of data, all but the last with the bit of chaining.
    ///
    /// # Panics
    /// When `most` is zero.
    pub fn in_parts(&self, most: usize) -> Vec<Self> {
        let parts = self.data.len().div_ceil(most).max(1);
        let part = |number: usize| {
            let last = number + 1 == parts;
            let data = self.data.chunks(most).nth(number).unwrap_or_default();
            Self {
                cla: if last { self.cla } else { self.cla | CHAINING },
                data: Zeroizing::new(data.to_vec()),
                le: self.le.filter(|_| last),
                ..*self
            }
        };
        (0..parts).map(part).collect()
    }
}

/// Only the head and lengths: the data may be secret.
impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cla, ins, p1, p2, data, le } = self;
        write!(f, "{cla:02X} {ins:02X} {p1:02X} {p2:02X} ({} octets) {le:?}", data.len())
    }
}

/// Data and Le of what stands behind P2 (ISO/IEC 7816-3 §12.1.3).
fn body_of(body: &[u8]) -> Option<(&[u8], Option<Le>)> {
    let short = |octet: u8| if octet == 0 { Le::Short } else { Le::Exactly(octet.into()) };
    let extended = |octets: [u8; 2]| match u16::from_be_bytes(octets) {
        0 => Le::Extended,
        octets => Le::Exactly(octets),
    };
    match *body {
        [] => Some((&[], None)),
        [le] => Some((&[], Some(short(le)))),
        [0, high, low] => Some((&[], Some(extended([high, low])))),
        [0, high, low, ref rest @ ..] => {
            let (data, le) = rest.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
            match *le {
                _ if data.is_empty() => None,
                [] => Some((data, None)),
                [high, low] => Some((data, Some(extended([high, low])))),
                _ => None,
            }
        }
        [lc, ref rest @ ..] => {
            let (data, le) = rest.split_at_checked(usize::from(lc))?;
            match *le {
                _ if data.is_empty() => None,
                [] => Some((data, None)),
                [le] => Some((data, Some(short(le)))),
                _ => None,
            }
        }
    }
}

/// A response APDU.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Data.
    pub data: Vec<u8>,
    /// Status word.
    pub sw: Sw,
}

impl Response {
    /// Splits the two octets of the status word off.
    ///
    /// # Errors
    /// [`BadApdu`] when there are not even those.
    pub fn parse(octets: &[u8]) -> Result<Self, BadApdu> {
        let (data, sw) = octets.split_last_chunk().ok_or(BadApdu)?;
        Ok(Self { data: data.to_vec(), sw: Sw(u16::from_be_bytes(*sw)) })
    }

    /// The octets.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.data[..], &self.sw.0.to_be_bytes()].concat()
    }
}

/// Only the length and the status word: certificates are of persons.
impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({} octets) {}", self.data.len(), self.sw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(octets: &[u8]) -> Option<(Vec<u8>, Option<Le>)> {
        Command::parse(octets).ok().map(|command| (command.data.to_vec(), command.le))
    }

    #[test]
    fn j16_the_four_cases_short_and_extended() {
        let head = [0x00, 0xB0, 0x01, 0x02];
        let with = |body: &[u8]| read(&[&head, body].concat());
        assert_eq!(with(&[]), Some((vec![], None)));
        assert_eq!(with(&[0]), Some((vec![], Some(Le::Short))));
        assert_eq!(with(&[5]), Some((vec![], Some(Le::Exactly(5)))));
        assert_eq!(with(&[2, 7, 8]), Some((vec![7, 8], None)));
        assert_eq!(with(&[2, 7, 8, 0]), Some((vec![7, 8], Some(Le::Short))));
        assert_eq!(with(&[0, 0, 0]), Some((vec![], Some(Le::Extended))));
        assert_eq!(with(&[0, 1, 0]), Some((vec![], Some(Le::Exactly(256)))));
        assert_eq!(with(&[0, 0, 1, 9]), Some((vec![9], None)));
        assert_eq!(with(&[0, 0, 1, 9, 0, 0]), Some((vec![9], Some(Le::Extended))));
        assert_eq!(with(&[0, 0, 1, 9, 1, 2]), Some((vec![9], Some(Le::Exactly(0x102)))));
        for bad in [&[2, 7][..], &[2, 7, 8, 0, 0], &[0, 0], &[0, 0, 0, 9], &[0, 0, 2, 9], &[0, 0, 1, 9, 0]] {
            assert_eq!(with(bad), None, "{bad:02x?}");
        }
        for short in 0..4 {
            assert_eq!(read(&head[..short]), None);
        }
    }

    #[test]
    fn j16_a_long_command_goes_in_parts() {
        let whole = Command::new(0x04, 0xDB, 0x3F, 0xFF).data(&[7; 600]).expecting(Le::Short);
        let parts = whole.in_parts(MAX_SHORT);
        let seen: Vec<_> = parts.iter().map(|part| (part.cla, part.data.len(), part.le)).collect();
        assert_eq!(seen, [(0x14, 255, None), (0x14, 255, None), (0x04, 90, Some(Le::Short))]);
        assert!(parts.iter().all(|part| part.head() == whole.head()));
        assert_eq!(Command::new(0, 0x20, 0, 0x80).in_parts(MAX_SHORT).len(), 1);
    }

    #[test]
    fn j16_data_of_commands_is_never_shown() {
        let shown = format!("{:?}", Command::new(0, 0x20, 0, 0x80).data(b"4711"));
        assert_eq!(shown, "00 20 00 80 (4 octets) None");
    }

    fn any_le() -> impl Strategy<Value = Option<Le>> {
        prop_oneof![
            Just(None),
            Just(Some(Le::Short)),
            Just(Some(Le::Extended)),
            (1u16..).prop_map(|octets| Some(Le::Exactly(octets)))
        ]
    }

    proptest! {
        #[test]
        fn j16_a_command_is_read_as_it_was_written(
            head in any::<[u8; 4]>(), length in prop::sample::select(vec![0usize, 1, 255, 256, 4096, 65_535]), le in any_le()
        ) {
            let command = Command { le, ..Command::new(head[0], head[1], head[2], head[3]).data(&vec![7; length]) };
            let back = Command::parse(&command.to_bytes()).expect("what was written");
            let same = back.le == le || (length > MAX_SHORT && le == Some(Le::Short) && back.le == Some(Le::Extended));
            prop_assert!(same, "{:?} {:?}", back.le, le);
            prop_assert_eq!(back.data, command.data);
        }

        #[test]
        fn j16_any_octets_are_read_or_refused(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(command) = Command::parse(&octets) {
                prop_assert_eq!(Command::parse(&command.to_bytes()), Ok(command));
            }
        }
    }
}
