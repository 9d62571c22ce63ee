//! Entries of a ledger that somebody else exported.
#![no_main]

use kit_ledger::Body;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if let Ok(body) = Body::decode(octets) {
        assert_eq!(body.encode(), octets, "an entry has one form");
    }
});
