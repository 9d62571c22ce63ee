//! PEM as people hand it in.
#![no_main]

use core_pack::pem;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let Ok(blocks) = pem::decode(text, &pem::Limits::default()) else { return };
    for block in blocks {
        let again = pem::encode(&block.label, &block.der);
        let read = pem::decode(again.as_bytes(), &pem::Limits::default()).expect("our own PEM");
        assert_eq!(read.len(), 1);
        assert_eq!((&read[0].label, &read[0].der), (&block.label, &block.der));
    }
});
