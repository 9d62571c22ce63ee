//! Command APDUs, as any software sends them to the card.
#![no_main]

use core_card::{apdu::Command, report, tlv};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if let Ok(command) = Command::parse(octets) {
        assert_eq!(Command::parse(&command.to_bytes()), Ok(command), "what was read can be written and read");
    }
    if let Ok(objects) = tlv::all(octets) {
        let again: Vec<u8> = objects.iter().flat_map(|object| tlv::object(object.tag, &[object.value])).collect();
        assert_eq!(again, octets, "there is one form of each");
    }
    // What a terminal reads of a card, which may be anybody's.
    if let Ok(report) = report::Report::parse(octets) {
        assert_eq!(report::Report::parse(&report.to_bytes()), Ok(report));
    }
    if let Ok(spki) = report::spki_of_object(octets) {
        assert!(report::public_key_object(&spki).is_ok());
    }
});
