//! Names, which anybody may fill with anything.
#![no_main]

use core_x509::name::Name;

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let Ok(name) = Name::parse(der) else { return };
    assert_eq!(name.der(), der);
    let _ = name.to_string();
    for attribute in name.as_ref().attributes() {
        let _ = (attribute.known(), attribute.oid(), attribute.text());
    }
});
