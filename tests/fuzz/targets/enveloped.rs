//! Notices encrypted to a certificate, with a key of either kind to open them.
#![no_main]

use core_sign::enveloped::{Crypto, Recipient, open, seal};
use kit_keys::Provider;

/// Certificates and their keys, made for this target alone.
const HOLDERS: [(&[u8], &[u8]); 2] = [
    (include_bytes!("../keys/p256.crt"), include_bytes!("../keys/p256.key")),
    (include_bytes!("../keys/rsa.crt"), include_bytes!("../keys/rsa.key")),
];

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let crypto = Crypto::of(&Provider);
    for (certificate, key) in HOLDERS {
        let Ok(content) = open(der, certificate, key, &crypto) else { continue };
        assert!(content.len() < der.len(), "an envelope is longer than what is in it");
        let recipient = Recipient::of_certificate(certificate).expect("read before");
        let again = seal(&content, &recipient, &crypto).expect("what was opened can be sealed");
        assert_eq!(open(&again, certificate, key, &crypto), Ok(content), "and opened again");
    }
});
