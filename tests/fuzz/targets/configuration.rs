//! The configuration file.
#![no_main]

use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(problems) = warifu::config::read(Some((Path::new("warifu.toml"), text)), [], None) {
        assert!(!problems.is_empty(), "a refusal says why");
    }
});
