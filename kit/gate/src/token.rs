//! Tokens: 32 random octets that a browser or a link bears, and of which the database knows the hash alone.

use core_crypto::{Dice, Digest};
use zeroize::Zeroizing;

/// The SHA-256 of a token, as rows have it.
pub(crate) type TokenHash = [u8; 32];

/// What a cookie or a link bears: 43 characters of base64url. Whoever has it is let in, so it is wiped and never shown.
#[derive(Clone)]
pub(crate) struct Token(Zeroizing<String>);

impl Token {
    pub(crate) fn throw(dice: &dyn Dice) -> Self {
        let mut octets = Zeroizing::new([0; 32]);
        dice.fill(&mut *octets);
        Self(Zeroizing::new(base64url(&*octets)))
    }

    /// A token as it came over the wire; `None` when it has not the form of one.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let good = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (text.len() == 43 && text.bytes().all(good)).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What rows are found by.
    pub(crate) fn hash(&self, digest: &dyn Digest) -> TokenHash {
        digest.sha256(self.0.as_bytes())
    }

    /// Another secret that follows from this one and tells nothing about it.
    pub(crate) fn derive(&self, digest: &dyn Digest, purpose: &str) -> String {
        let input = Zeroizing::new(format!("{purpose}\0{}", *self.0));
        base64url(&digest.sha256(input.as_bytes()))
    }
}

/// base64url without padding (RFC 4648 §5).
pub(crate) fn base64url(octets: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_keys::{Provider, testing::SeededDice};

    #[test]
    fn tokens_have_one_form_and_lead_back_to_their_hash() {
        let token = Token::throw(&SeededDice::new(1));
        assert_eq!(token.as_str().len(), 43);
        let again = Token::read(token.as_str()).expect("its own form");
        assert_eq!(again.hash(&Provider), token.hash(&Provider));
        assert_ne!(token.derive(&Provider, "csrf"), token.derive(&Provider, "other"));
        for bad in ["", &"a".repeat(42), &"a".repeat(44), &format!("{} ", "a".repeat(42))] {
            assert!(Token::read(bad).is_none(), "{bad}");
        }
    }
}
