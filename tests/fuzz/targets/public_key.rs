//! Public keys of subscribers, weak ones among them.
#![no_main]

use core_pack::spki::PublicKey;
use core_x509::key::SubjectKey;

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    if let Ok(key) = PublicKey::parse(der) {
        assert_eq!(key.to_der(), der, "there is one encoding of a key");
    }
    let _ = SubjectKey::parse(der).map(|key| key.check());
});
