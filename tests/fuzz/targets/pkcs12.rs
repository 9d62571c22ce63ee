//! Files of key and certificates, layer by layer: what lies under the encryption is read as if it had come off.
#![no_main]

use core_pack::pkcs12::{MAX_ROUNDS, Safe, bags, parse, safes};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let content = match parse(octets) {
        Ok(pfx) => {
            assert!((1..=MAX_ROUNDS).contains(&pfx.rounds));
            pfx.content
        }
        Err(_) => octets,
    };
    for safe in safes(content).into_iter().flatten() {
        let contents = match safe {
            Safe::Plain(contents) => contents,
            Safe::Encrypted(encrypted) => {
                assert!((1..=MAX_ROUNDS).contains(&encrypted.rounds));
                encrypted.octets
            }
        };
        let _ = bags(contents);
    }
    let _ = bags(octets);
});
