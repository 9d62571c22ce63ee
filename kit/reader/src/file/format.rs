//! The octets of a card's file.

use super::error::What;
use core_crypto::{Aead, Dice};
use kit_keys::Provider;
use zeroize::Zeroizing;

/// Octets of a card's number (docs/procedures/CARD.md §3).
pub const CARD_NUMBER: usize = 16;
/// The longest file, in octets. A card with four certificates, two keys and two more laid ready is under 20 KiB.
pub const MAX_FILE: usize = 64 * 1024;
/// The longest state, in octets.
pub const MAX_STATE: usize = MAX_FILE - HEAD - NONCE - TAG;

const MAGIC: &[u8; 16] = b"warifu card file";
const VERSION: u8 = 1;
const HEAD: usize = 16 + 1 + CARD_NUMBER + 4;
const NONCE: usize = 12;
const TAG: usize = 16;

/// A file that was looked at, not opened.
#[derive(Debug)]
pub(super) struct Closed<'a> {
    pub(super) number: [u8; CARD_NUMBER],
    head: &'a [u8],
    nonce: [u8; NONCE],
    sealed: &'a [u8],
}

/// Reads what can be read without the key.
pub(super) fn read(file: &[u8]) -> Result<Closed<'_>, What> {
    let (magic, rest) = file.split_at(file.len().min(MAGIC.len()));
    if magic.is_empty() || !MAGIC.starts_with(magic) {
        return Err(What::Foreign);
    }
    match rest.first() {
        None => return Err(What::Truncated),
        Some(&VERSION) => {}
        Some(&other) => return Err(What::Version(other)),
    }
    if file.len() > MAX_FILE {
        return Err(What::TooLarge);
    }
    let (head, rest) = file.split_at_checked(HEAD).ok_or(What::Truncated)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(What::Truncated)?;
    let (front, length) = head.split_last_chunk::<4>().ok_or(What::Truncated)?;
    let (_, number) = front.split_last_chunk::<CARD_NUMBER>().ok_or(What::Truncated)?;
    let length = u32::from_be_bytes(*length);
    match u32::try_from(sealed.len()).unwrap_or(u32::MAX).cmp(&length) {
        std::cmp::Ordering::Less => Err(What::Truncated),
        std::cmp::Ordering::Greater => Err(What::Sealed),
        std::cmp::Ordering::Equal => Ok(Closed { number: *number, head, nonce: *nonce, sealed }),
    }
}

impl Closed<'_> {
    /// The state.
    pub(super) fn open(&self, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, What> {
        Provider.aes256_gcm_open(key, &self.nonce, self.head, self.sealed).map_err(|_| What::Sealed)
    }
}

/// The file of a card with this state, under a new nonce.
pub(super) fn write(key: &[u8; 32], number: &[u8; CARD_NUMBER], state: &[u8]) -> Result<Vec<u8>, What> {
    if state.len() > MAX_STATE {
        return Err(What::TooLarge);
    }
    let length = u32::try_from(state.len() + TAG).expect("MAX_STATE is far below 4 GiB");
    let mut file = [MAGIC, &[VERSION][..], number, &length.to_be_bytes()].concat();
    // 96 random bits: by 2³² writes under one key, two were the same with a chance of 2⁻³² (SP 800-38D §8.3). A card
    // that is verified once a second writes so often in 68 years.
    let mut nonce = [0; NONCE];
    Provider.fill(&mut nonce);
    let sealed = Provider.aes256_gcm_seal(key, &nonce, &file, state);
    file.extend_from_slice(&nonce);
    file.extend_from_slice(&sealed);
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: [u8; 32] = [7; 32];
    const NUMBER: [u8; CARD_NUMBER] = *b"0123456789abcdef";

    fn opened(file: &[u8], key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, String> {
        read(file).and_then(|closed| closed.open(key)).map_err(|what| format!("{what:?}"))
    }

    #[test]
    fn j16_the_card_number_is_read_without_the_key_and_the_state_with_it() {
        let file = write(&KEY, &NUMBER, b"state").unwrap();
        assert_eq!(read(&file).unwrap().number, NUMBER);
        assert_eq!(**opened(&file, &KEY).as_ref().unwrap(), *b"state");
        assert_eq!(opened(&file, &[8; 32]).unwrap_err(), "Sealed");
        assert!(!file.windows(5).any(|octets| octets == b"state"));
        assert_ne!(write(&KEY, &NUMBER, b"state").unwrap(), file, "the same nonce twice");
    }

    #[test]
    fn j16_no_octet_of_a_card_file_can_be_altered_or_left_out_unseen() {
        let file = write(&KEY, &NUMBER, b"the state of a card").unwrap();
        for at in 0..file.len() {
            let mut altered = file.clone();
            altered[at] ^= 1;
            let refused = opened(&altered, &KEY).expect_err("an altered octet");
            let expected = match at {
                0..16 => "Foreign",
                16 => "Version(0)",
                // The length: too much is missing, or something is left over.
                33..37 => ["Truncated", "Sealed"][usize::from(refused == "Sealed")],
                _ => "Sealed",
            };
            assert_eq!(refused, expected, "octet {at}");
            let expected = if at == 0 { "Foreign" } else { "Truncated" };
            assert_eq!(opened(&file[..at], &KEY).unwrap_err(), expected, "cut at {at}");
        }
        assert_eq!(opened(&[&file[..], &[0]].concat(), &KEY).unwrap_err(), "Sealed");
    }

    #[test]
    fn j16_a_card_file_has_a_longest_length() {
        let file = write(&KEY, &NUMBER, &vec![1; MAX_STATE]).unwrap();
        assert_eq!(file.len(), MAX_FILE);
        assert_eq!(opened(&file, &KEY).unwrap().len(), MAX_STATE);
        assert!(matches!(write(&KEY, &NUMBER, &vec![1; MAX_STATE + 1]), Err(What::TooLarge)));
        assert_eq!(opened(&[&file[..], &[0]].concat(), &KEY).unwrap_err(), "TooLarge");
    }

    proptest! {
        #[test]
        fn j16_whatever_lies_in_a_file_is_read_or_refused(
            with_magic: bool, octets in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let file = if with_magic { [MAGIC, &[VERSION][..], &octets].concat() } else { octets };
            prop_assert!(opened(&file, &KEY).is_err());
        }
    }
}
