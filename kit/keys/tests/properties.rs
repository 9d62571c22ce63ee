//! No input makes a key reader or a verification panic, and nothing altered verifies.

use core_crypto::{BadSignature, KeyAlg, SigAlg, Verify};
use kit_keys::{Provider, SignInput, SoftKey, testing};
use proptest::prelude::*;

fn kind() -> impl Strategy<Value = KeyAlg> {
    prop::sample::select(&KeyAlg::ALL[..])
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

proptest! {
    #[test]
    fn nothing_makes_a_verification_panic(
        alg in prop::sample::select(&SigAlg::ALL[..]), spki in octets(), message in octets(), signature in octets(),
    ) {
        prop_assert_eq!(Provider.verify(alg, &spki, &message, &signature), Err(BadSignature));
        let _ = SoftKey::from_pkcs8(&spki);
    }

    /// A key of which one octet was changed is refused or another key; it never panics, and never is the same.
    #[test]
    fn altered_private_keys_do_not_pass_for_the_original(
        kind in kind(), at in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        let key = testing::key(kind, 1);
        let mut der = key.to_pkcs8().expect("a private key");
        let at = at.index(der.len());
        der[at] ^= flip;
        if let Ok(other) = SoftKey::from_pkcs8(&der) {
            // The seed of one ML-DSA is a seed of the others, whose identifiers are an octet apart: another key then.
            let alike = other.public_spki() == key.public_spki();
            let same = other.key_alg() == kind && other.to_pkcs8().expect("a key") == key.to_pkcs8().expect("a key");
            prop_assert!(!alike || same);
        }
    }

    #[test]
    fn nothing_altered_verifies(
        kind in kind(), message in octets(), part in 0..2, at in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        let key = testing::key(kind, 1);
        let mut signature = key.sign_now(SignInput::Message(&message)).expect("a signature");
        prop_assert_eq!(Provider.verify(key.alg(), key.public_spki(), &message, &signature), Ok(()));
        let mut spki = key.public_spki().to_vec();
        let altered = if part == 0 { &mut signature } else { &mut spki };
        let at = at.index(altered.len());
        altered[at] ^= flip;
        prop_assert_eq!(Provider.verify(key.alg(), &spki, &message, &signature), Err(BadSignature));
    }
}
