//! Checkpoints and verifier keys that somebody kept or sent.
#![no_main]

use kit_keys::Provider;
use kit_ledger::{Checkpoint, VerifierKey, note};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let _ = note::unverified_text(octets);
    if let Ok(checkpoint) = Checkpoint::unverified(octets) {
        let _ = checkpoint.text();
    }
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Ok(key) = VerifierKey::parse(&Provider, text) {
        assert_eq!(VerifierKey::parse(&Provider, &key.to_string()), Ok(key));
    }
});
