//! Private keys in PKCS#8, as an operator hands them in.
#![no_main]

use core_pack::pkcs8::PrivateKey;

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    if let Ok(key) = PrivateKey::unwrap(der) {
        let again = key.wrap();
        assert!(PrivateKey::unwrap(&again).is_ok(), "what was read can be written and read");
    }
});
