//! Ceremony files, which people write and read aloud.
#![no_main]

use authority_engine::ceremony::file::CeremonyFile;
use kit_keys::Provider;

libfuzzer_sys::fuzz_target!(|text: &str| {
    match CeremonyFile::parse(text, &Provider) {
        Ok(file) => assert!(file.authorities.len() <= 200),
        Err(problems) => assert!(!problems.is_empty(), "a refusal says why"),
    }
});
