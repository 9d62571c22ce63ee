//! Whole command APDUs over the protocol T=0, which knows only commands with data or with an answer, not both
//! (ISO/IEC 7816-3 §10, 7816-4 §5.3): what readers leave to their callers.

use crate::ReaderError;
use zeroize::Zeroizing;

/// Carries a short command APDU out by `send`: case 4 without its Le and then GET RESPONSE, `6Cxx` by asking again for
/// `xx` octets. What the card has beyond Le is left there, with its `61xx` handed on.
pub(crate) fn exchange(
    command: &[u8],
    mut send: impl FnMut(&[u8]) -> Result<Vec<u8>, ReaderError>,
) -> Result<Vec<u8>, ReaderError> {
    let (tpdu, expected) = match *command {
        [_, _, _, _] => ([command, &[0]].concat(), 0),
        [_, _, _, _, le] => (command.to_vec(), length_of(le)),
        [_, _, _, _, lc, ref rest @ ..] if lc != 0 && rest.len() == usize::from(lc) => (command.to_vec(), 0),
        [_, _, _, _, lc, ref data @ .., le] if lc != 0 && data.len() == usize::from(lc) => {
            (command[..command.len() - 1].to_vec(), length_of(le))
        }
        _ => {
            return Err(ReaderError::Failed("a card with the protocol T=0 takes short commands only".into()));
        }
    };
    // It may carry a PIN.
    let mut tpdu = Zeroizing::new(tpdu);
    let mut data = Vec::new();
    let mut first = true;
    loop {
        let mut answer = checked(send(&tpdu)?)?;
        let missing = expected - data.len();
        match answer[answer.len() - 2..] {
            // The same once more with the length that fits: a card that names another length each time is not followed.
            [0x6C, exact]
                if answer.len() == 2
                    && tpdu.len() == 5
                    && length_of(exact) <= missing
                    && tpdu[4] != exact =>
            {
                tpdu[4] = exact;
                answer = checked(send(&tpdu)?)?;
            }
            _ => {}
        }
        let (octets, sw) = answer.split_at(answer.len() - 2);
        if octets.len() > missing {
            return Err(ReaderError::Malformed("more octets than asked for"));
        }
        data.extend_from_slice(octets);
        let missing = expected - data.len();
        match *sw {
            // But for the command itself, each round brings at least an octet, or it was the last one.
            [0x61, more] if missing > 0 && (first || !octets.is_empty()) => {
                let le = length_of(more).min(missing);
                // 256 is written 00.
                first = false;
                *tpdu = vec![0x00, 0xC0, 0x00, 0x00, u8::try_from(le).unwrap_or(0)];
            }
            _ => {
                data.extend_from_slice(sw);
                return Ok(data);
            }
        }
    }
}

fn length_of(le: u8) -> usize {
    if le == 0 { 256 } else { usize::from(le) }
}

/// An answer with its status word.
fn checked(answer: Vec<u8>) -> Result<Vec<u8>, ReaderError> {
    if answer.len() < 2 { Err(ReaderError::Malformed("no status word")) } else { Ok(answer) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Carries `command` out with a card that expects these TPDUs and answers so; all of them must have been sent.
    fn with(command: &[u8], script: &[(&[u8], &[u8])]) -> Result<Vec<u8>, ReaderError> {
        let mut rest = script.iter();
        let result = exchange(command, |tpdu| {
            let (expected, answer) = rest.next().expect("one TPDU too many");
            assert_eq!(tpdu, *expected);
            Ok(answer.to_vec())
        });
        assert_eq!(rest.len(), 0, "TPDUs that were not sent");
        result
    }

    #[test]
    fn j16_the_four_cases_of_commands_go_over_t0() {
        let ok: &[u8] = &[0x90, 0x00];
        assert_eq!(
            with(&[0, 0x20, 0, 0x80], &[(&[0, 0x20, 0, 0x80, 0], &[0x63, 0xC3])]).unwrap(),
            [0x63, 0xC3]
        );
        assert_eq!(
            with(&[0, 0xB0, 0, 0, 2], &[(&[0, 0xB0, 0, 0, 2], &[1, 2, 0x90, 0])]).unwrap(),
            [1, 2, 0x90, 0]
        );
        assert_eq!(with(&[0, 0xA4, 2, 12, 2, 0, 1], &[(&[0, 0xA4, 2, 12, 2, 0, 1], ok)]).unwrap(), ok);
        let signed = with(
            &[0x80, 0x2A, 0, 0x80, 2, 7, 8, 0],
            &[(&[0x80, 0x2A, 0, 0x80, 2, 7, 8], &[0x61, 3]), (&[0, 0xC0, 0, 0, 3], &[1, 2, 3, 0x90, 0])],
        );
        assert_eq!(signed.unwrap(), [1, 2, 3, 0x90, 0]);
    }

    #[test]
    fn j16_over_t0_what_is_beyond_le_stays_on_the_card_and_256_octets_come_at_once() {
        let all = [&[9; 256][..], &[0x90, 0]].concat();
        let read: &[u8] = &[0, 0xCA, 0, 0x45, 1, 7];
        assert_eq!(
            with(&[read, &[0]].concat(), &[(read, &[0x61, 0]), (&[0, 0xC0, 0, 0, 0], &all)]).unwrap(),
            all
        );
        let some =
            with(&[read, &[2]].concat(), &[(read, &[0x61, 9]), (&[0, 0xC0, 0, 0, 2], &[1, 2, 0x61, 7])]);
        assert_eq!(some.unwrap(), [1, 2, 0x61, 7]);
        // In pieces.
        let script: [(&[u8], &[u8]); 3] = [
            (read, &[0x61, 2]),
            (&[0, 0xC0, 0, 0, 2], &[1, 2, 0x61, 1]),
            (&[0, 0xC0, 0, 0, 1], &[3, 0x90, 0]),
        ];
        assert_eq!(with(&[read, &[0]].concat(), &script).unwrap(), [1, 2, 3, 0x90, 0]);
        // Nobody asked for an answer: how much there is, is for the caller to know.
        assert_eq!(with(read, &[(read, &[0x61, 9])]).unwrap(), [0x61, 9]);
    }

    #[test]
    fn j16_over_t0_a_wrong_length_is_asked_for_again_once_and_only_within_le() {
        let read: &[u8] = &[0, 0xB0, 0, 0, 0];
        let script: [(&[u8], &[u8]); 2] = [(read, &[0x6C, 2]), (&[0, 0xB0, 0, 0, 2], &[1, 2, 0x90, 0])];
        assert_eq!(with(read, &script).unwrap(), [1, 2, 0x90, 0]);
        let script: [(&[u8], &[u8]); 2] = [(read, &[0x6C, 2]), (&[0, 0xB0, 0, 0, 2], &[0x6C, 3])];
        assert_eq!(with(read, &script).unwrap(), [0x6C, 3]);
        let exact: &[u8] = &[0, 0xCA, 0, 0x45, 4];
        assert_eq!(with(exact, &[(exact, &[0x6C, 16])]).unwrap(), [0x6C, 16]);
    }

    #[test]
    fn j16_over_t0_a_card_that_never_ends_or_says_too_much_is_stopped() {
        let read: &[u8] = &[0, 0xB0, 0, 0, 2];
        let endless = exchange(&[0, 0xCA, 0, 0, 1, 7, 2], |_| Ok(vec![1, 0x61, 9])).unwrap();
        assert_eq!(endless, [1, 1, 0x61, 9][..].to_vec());
        let mut rounds = 0;
        let nothing = exchange(&[0, 0xCA, 0, 0, 1, 7, 0], |_| {
            rounds += 1;
            assert!(rounds < 10, "goes on for ever");
            Ok(vec![0x61, 9])
        });
        assert_eq!(nothing.unwrap(), [0x61, 9]);
        assert_eq!(
            with(read, &[(read, &[1, 2, 3, 0x90, 0])]),
            Err(ReaderError::Malformed("more octets than asked for"))
        );
        assert_eq!(with(read, &[(read, &[0x90])]), Err(ReaderError::Malformed("no status word")));
        for wrong in [&[0, 1, 2][..], &[0, 1, 2, 3, 0, 0, 5], &[0, 1, 2, 3, 9, 1]] {
            assert!(matches!(with(wrong, &[]), Err(ReaderError::Failed(_))));
        }
    }
}
