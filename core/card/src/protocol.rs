//! What card and device compute alike: keys of each card, their proofs of each other, the sealed channel between
//! them, and what a private key travels in. `docs/procedures/CARD.md`, section 3, is the same in words.
//!
//! The JPKI application of 2003 says that the device proves itself by a key which the card was given (外部認証鍵) and
//! that the private key travels under another (秘密鍵格納鍵); its octets were never public. These are ours, with the
//! algorithms of today.

use core_crypto::{Aead, DoesNotOpen, Mac};
use zeroize::Zeroizing;

/// A symmetric key of 32 octets, wiped when dropped.
pub type Key = Zeroizing<[u8; 32]>;

/// Octets of a card's number, of challenges, of proofs.
pub const CARD_ID: usize = 16;
/// Octets of a challenge.
pub const CHALLENGE: usize = 16;
/// Octets of a proof.
pub const PROOF: usize = 32;
/// Octets that sealing adds.
pub const TAG: usize = 16;
/// Octets of the nonce before a wrapped private key.
pub const NONCE: usize = 12;

/// The symmetric keys on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// The issuer's (発行者鍵): on the card from its making, opens it to the counter.
    Issuer,
    /// The external-authentication key (外部認証鍵, 鍵ペア生成装置認証鍵): opens it to the key-pair generator.
    Device,
    /// The private-key storage key (秘密鍵格納鍵): private keys travel under it.
    Storage,
}

impl KeyName {
    /// The reference in P2 of EXTERNAL AUTHENTICATE. Nobody proves anything by the storage key.
    pub fn reference(self) -> Option<u8> {
        match self {
            Self::Issuer => Some(0x01),
            Self::Device => Some(0x02),
            Self::Storage => None,
        }
    }

    /// The key with this reference.
    pub fn from_reference(reference: u8) -> Option<Self> {
        [Self::Issuer, Self::Device].into_iter().find(|name| name.reference() == Some(reference))
    }

    fn label(self) -> &'static [u8] {
        match self {
            Self::Issuer => b"warifu/card/1/issuer\0",
            Self::Device => b"warifu/card/1/device\0",
            Self::Storage => b"warifu/card/1/storage\0",
        }
    }

    /// The key of one card, derived from the key of all: who learns one knows nothing of the others.
    pub fn of_card(self, mac: &dyn Mac, of_all: &[u8; 32], card_id: &[u8; CARD_ID]) -> Key {
        mac.hmac_sha256(of_all, &[self.label(), card_id])
    }
}

/// First octets of what is hashed, one for each purpose, so that no value serves two.
mod purpose {
    pub(super) const DEVICE_PROVES: u8 = 1;
    pub(super) const CARD_PROVES: u8 = 2;
    pub(super) const SESSION: u8 = 3;
    pub(super) const ATTESTATION: u8 = 4;
    pub(super) const TRANSPORT: u8 = 5;
    pub(super) const CHECK_VALUE: u8 = 6;
    pub(super) const PAIR: &[u8] = b"warifu/card/1/pair\0";
}

/// The circumstances of one mutual authentication.
#[derive(Clone, Copy, Debug)]
pub struct Handshake {
    /// Whose card.
    pub card_id: [u8; CARD_ID],
    /// [`KeyName::reference`] of the key that both know.
    pub reference: u8,
    /// What the card threw (GET CHALLENGE).
    pub of_card: [u8; CHALLENGE],
    /// What the device threw.
    pub of_device: [u8; CHALLENGE],
}

impl Handshake {
    fn hash(&self, mac: &dyn Mac, key: &[u8; 32], purpose: u8, more: &[u8]) -> Key {
        let head = [purpose, self.reference];
        mac.hmac_sha256(key, &[&head, &self.of_card, &self.of_device, &self.card_id, more])
    }

    /// By this the device shows that it knows the key.
    pub fn proof_of_device(&self, mac: &dyn Mac, key: &[u8; 32]) -> [u8; PROOF] {
        *self.hash(mac, key, purpose::DEVICE_PROVES, &[])
    }

    /// By this the card shows the same.
    pub fn proof_of_card(&self, mac: &dyn Mac, key: &[u8; 32]) -> [u8; PROOF] {
        *self.hash(mac, key, purpose::CARD_PROVES, &[])
    }

    /// The channel that both hold then.
    pub fn channel(&self, mac: &dyn Mac, key: &[u8; 32]) -> Channel {
        Channel { key: self.hash(mac, key, purpose::SESSION, &[]), count: 0 }
    }

    /// The key under which one private key travels to the place `reference` on the card, in this session alone.
    pub fn transport_key(&self, mac: &dyn Mac, storage: &[u8; 32], reference: u8) -> Key {
        self.hash(mac, storage, purpose::TRANSPORT, &[reference])
    }
}

/// The sealed channel after a mutual authentication (CLA 04): data of commands and of responses, AES-256-GCM.
///
/// Each command has its number, and its response the same; a command that comes twice, late or altered does not open.
pub struct Channel {
    key: Key,
    count: u64,
}

impl Channel {
    fn nonce(&self, answers: bool) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[0] = u8::from(answers);
        nonce[4..].copy_from_slice(&self.count.to_be_bytes());
        nonce
    }

    /// Seals the data of the next command; `head` is its CLA (without the bit of chaining), INS, P1, P2.
    pub fn seal_command(&mut self, aead: &dyn Aead, head: [u8; 4], data: &[u8]) -> Vec<u8> {
        self.count += 1;
        aead.aes256_gcm_seal(&self.key, &self.nonce(false), &head, data)
    }

    /// Opens the data of the next command. A count that ran out cannot come: nobody sends 2⁶⁴ commands.
    ///
    /// # Errors
    /// [`DoesNotOpen`]; the channel must not be used again.
    pub fn open_command(
        &mut self,
        aead: &dyn Aead,
        head: [u8; 4],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        self.count += 1;
        aead.aes256_gcm_open(&self.key, &self.nonce(false), &head, sealed)
    }

    /// Seals the data of the answer to the last command, which carries the status word `sw` in the clear.
    pub fn seal_answer(&self, aead: &dyn Aead, head: [u8; 4], sw: u16, data: &[u8]) -> Vec<u8> {
        aead.aes256_gcm_seal(&self.key, &self.nonce(true), &answer_head(head, sw), data)
    }

    /// Opens the data of the answer to the last command.
    ///
    /// # Errors
    /// [`DoesNotOpen`]; the channel must not be used again.
    pub fn open_answer(
        &self,
        aead: &dyn Aead,
        head: [u8; 4],
        sw: u16,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        aead.aes256_gcm_open(&self.key, &self.nonce(true), &answer_head(head, sw), sealed)
    }
}

fn answer_head(head: [u8; 4], sw: u16) -> [u8; 6] {
    let sw = sw.to_be_bytes();
    [head[0], head[1], head[2], head[3], sw[0], sw[1]]
}

/// The check value by which a key is told from another without showing it: 3 octets.
pub fn check_value(mac: &dyn Mac, key: &[u8; 32]) -> [u8; 3] {
    let hash = mac.hmac_sha256(key, &[&[purpose::CHECK_VALUE]]);
    [hash[0], hash[1], hash[2]]
}

/// Wraps a private key (PKCS#8 DER) for its journey: 12 octets that the device has thrown, then the sealed key.
pub fn wrap_private_key(
    aead: &dyn Aead,
    transport: &[u8; 32],
    reference: u8,
    nonce: &[u8; NONCE],
    pkcs8: &[u8],
) -> Vec<u8> {
    [&nonce[..], &aead.aes256_gcm_seal(transport, nonce, &[reference], pkcs8)].concat()
}

/// Unwraps it; only the card does.
///
/// # Errors
/// [`DoesNotOpen`].
pub fn unwrap_private_key(
    aead: &dyn Aead,
    transport: &[u8; 32],
    reference: u8,
    wrapped: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let (nonce, sealed) = wrapped.split_first_chunk::<NONCE>().ok_or(DoesNotOpen)?;
    aead.aes256_gcm_open(transport, nonce, &[reference], sealed)
}

/// Where a private key was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In a key-pair generator (鍵ペア生成装置), which erased its copy.
    Generator,
    /// On the card: it was never anywhere else.
    OnCard,
}

impl Origin {
    /// The octet in states and attestations.
    pub fn code(self) -> u8 {
        match self {
            Self::Generator => 1,
            Self::OnCard => 2,
        }
    }

    /// The origin with this octet.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Generator, Self::OnCard].into_iter().find(|origin| origin.code() == code)
    }
}

/// By this the card vouches to its issuer for where the key in the place `reference` was made: a keyed hash under the
/// issuer's key over place, origin and the SHA-256 of the public key's DER.
pub fn attestation(
    mac: &dyn Mac,
    issuer: &[u8; 32],
    card_id: &[u8; CARD_ID],
    reference: u8,
    origin: Origin,
    spki_sha256: &[u8; 32],
) -> [u8; PROOF] {
    *mac.hmac_sha256(issuer, &[&[purpose::ATTESTATION, reference, origin.code()], card_id, spki_sha256])
}

/// What a new key signs to show that it belongs to its public half: never what anybody else could want signed.
pub fn pair_message(card_id: &[u8; CARD_ID], reference: u8, challenge: &[u8]) -> Vec<u8> {
    [purpose::PAIR, card_id, &[reference], challenge].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_keys::Provider;

    const HANDSHAKE: Handshake =
        Handshake { card_id: [1; 16], reference: 2, of_card: [3; 16], of_device: [4; 16] };

    #[test]
    fn j4_keys_proofs_and_channels_of_cards_and_sessions_differ() {
        let key = [9; 32];
        let mut seen = Vec::new();
        for name in [KeyName::Issuer, KeyName::Device, KeyName::Storage] {
            seen.push(*name.of_card(&Provider, &key, &[1; 16]));
            seen.push(*name.of_card(&Provider, &key, &[2; 16]));
        }
        let other = Handshake { of_card: [5; 16], ..HANDSHAKE };
        for handshake in [HANDSHAKE, other] {
            seen.push(handshake.proof_of_device(&Provider, &key));
            seen.push(handshake.proof_of_card(&Provider, &key));
            seen.push(*handshake.channel(&Provider, &key).key);
            seen.push(*handshake.transport_key(&Provider, &key, 1));
            seen.push(*handshake.transport_key(&Provider, &key, 2));
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    #[test]
    fn j4_the_channel_refuses_what_comes_twice_late_or_altered() {
        let both = || {
            let open = || HANDSHAKE.channel(&Provider, &[9; 32]);
            (open(), open())
        };
        let head = [0x04, 0xDB, 0x3F, 0xFF];
        let (mut device, mut card) = both();
        let first = device.seal_command(&Provider, head, b"one");
        assert_eq!(&**card.open_command(&Provider, head, &first).expect("opens"), b"one");
        let answer = card.seal_answer(&Provider, head, 0x9000, b"done");
        assert_eq!(&**device.open_answer(&Provider, head, 0x9000, &answer).expect("opens"), b"done");
        assert!(device.open_answer(&Provider, head, 0x6A80, &answer).is_err(), "another status word");
        assert!(card.open_command(&Provider, head, &first).is_err(), "the same again");

        let (mut device, mut card) = both();
        let sealed = device.seal_command(&Provider, head, b"one");
        assert!(card.open_command(&Provider, [0x04, 0xDB, 0x3F, 0xFE], &sealed).is_err(), "another command");
        let (mut device, mut card) = both();
        device.seal_command(&Provider, head, b"one");
        let second = device.seal_command(&Provider, head, b"two");
        assert!(card.open_command(&Provider, head, &second).is_err(), "one was left out");
    }
}
