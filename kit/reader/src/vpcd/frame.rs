//! Frames of vpcd: two octets of length, big-endian, and that many octets.

use std::io::{self, Read};
use zeroize::Zeroizing;

/// The longest command taken in. The longest that a card of ours needs, an import of a key in extended length, is under
/// 5 KiB; what is longer is skipped and answered 6700, as a card with a small buffer does.
pub(super) const MAX_COMMAND: usize = 16 * 1024;

/// What the driver says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    PowerOff,
    PowerOn,
    Reset,
    GetAtr,
    /// It may carry a PIN.
    Command(Zeroizing<Vec<u8>>),
    /// A command beyond [`MAX_COMMAND`]; its octets are gone.
    TooLong,
}

/// Reads one message; nothing when the driver closed the connection between two.
pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Message>> {
    let mut length = [0; 2];
    match from.read(&mut length[..1])? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..])?,
    }
    let length = usize::from(u16::from_be_bytes(length));
    if length > MAX_COMMAND {
        let skipped = io::copy(&mut from.take(length as u64), &mut io::sink())?;
        return if skipped == length as u64 {
            Ok(Some(Message::TooLong))
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        };
    }
    let mut octets = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut octets)?;
    match octets[..] {
        [] => Err(io::Error::new(io::ErrorKind::InvalidData, "an empty frame")),
        [0x00] => Ok(Some(Message::PowerOff)),
        [0x01] => Ok(Some(Message::PowerOn)),
        [0x02] => Ok(Some(Message::Reset)),
        [0x04] => Ok(Some(Message::GetAtr)),
        [_] => Err(io::Error::new(io::ErrorKind::InvalidData, "an unknown control octet")),
        _ => Ok(Some(Message::Command(octets))),
    }
}

/// A frame around `octets`, to be sent in one piece; nothing when they are too many for one.
pub(super) fn write(octets: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(octets.len()).ok()?;
    Some([&length.to_be_bytes(), octets].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn command(octets: &[u8]) -> Message {
        Message::Command(octets.to_vec().into())
    }

    fn all(mut octets: &[u8]) -> Vec<Result<Message, io::ErrorKind>> {
        let mut seen = Vec::new();
        loop {
            match read(&mut octets) {
                Ok(Some(message)) => seen.push(Ok(message)),
                Ok(None) => return seen,
                Err(e) => {
                    seen.push(Err(e.kind()));
                    return seen;
                }
            }
        }
    }

    #[test]
    fn j16_frames_of_vpcd_are_control_octets_or_commands() {
        let octets = [0, 1, 1, 0, 1, 2, 0, 1, 4, 0, 4, 0, 0xA4, 4, 0, 0, 1, 0];
        let select = command(&[0, 0xA4, 4, 0]);
        let expected = [Message::PowerOn, Message::Reset, Message::GetAtr, select, Message::PowerOff];
        assert_eq!(all(&octets), expected.map(Ok));
        assert_eq!(all(&[0, 0]), [Err(io::ErrorKind::InvalidData)]);
        assert_eq!(all(&[0, 1, 3]), [Err(io::ErrorKind::InvalidData)]);
        for cut in [&[0][..], &[0, 1], &[0, 4, 0, 0xA4], &[0xFF, 0xFF, 0]] {
            assert_eq!(all(cut), [Err(io::ErrorKind::UnexpectedEof)]);
        }
    }

    #[test]
    fn j16_a_command_beyond_the_limit_is_skipped_and_the_next_one_read() {
        let of = |length: usize| write(&vec![7; length]).unwrap();
        let octets = [of(MAX_COMMAND), of(MAX_COMMAND + 1), of(65_535), of(2)].concat();
        let whole = command(&[7; MAX_COMMAND]);
        let expected = [whole, Message::TooLong, Message::TooLong, command(&[7; 2])];
        assert_eq!(all(&octets), expected.map(Ok));
        assert!(write(&vec![0; 65_536]).is_none());
    }

    proptest! {
        #[test]
        fn j16_whatever_a_driver_sends_is_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(all(&octets).len() <= octets.len());
        }
    }
}
