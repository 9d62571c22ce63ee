//! Names and contents of the files of an exported ledger.
#![no_main]

use kit_ledger::{Tile, split_bundle};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if let Some((width, bundle)) = octets.split_first() {
        let width = u16::from(*width) + 1;
        if let Ok(entries) = split_bundle(bundle, width) {
            assert_eq!(entries.len(), usize::from(width));
        }
    }
    if let Some(tile) = std::str::from_utf8(octets).ok().and_then(Tile::parse) {
        assert_eq!(tile.path().as_bytes(), octets, "a file has one name");
    }
});
