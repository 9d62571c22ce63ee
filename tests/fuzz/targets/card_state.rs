//! The kept state of a card, as it lies in a file.
#![no_main]

use core_card::state::State;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if let Ok(state) = State::decode(octets) {
        assert_eq!(&**state.encode(), octets, "there is one form of each state");
    }
});
