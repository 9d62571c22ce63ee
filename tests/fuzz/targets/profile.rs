//! Profiles, which an operator writes.
#![no_main]

use core_x509::profile::Profile;
use kit_keys::Provider;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(profile) = Profile::parse(text, &Provider) {
        let _ = (profile.id(), profile.hash(), profile.subject_rules().len());
    }
});
