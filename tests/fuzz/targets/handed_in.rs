//! A request, certificate or list in whatever form: DER, PEM or bare base64.
#![no_main]

use core_pack::sniff::{self, Object};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    for object in [Object::Request, Object::Certificate, Object::List, Object::Cms] {
        if let Ok(der) = sniff::der(octets, object, 1 << 16) {
            assert_eq!(sniff::der(&der, object, 1 << 16).as_deref(), Ok(&*der), "DER passes through");
        }
    }
});
