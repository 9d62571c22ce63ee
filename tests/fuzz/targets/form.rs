//! Forms, which anybody may send to the pages before saying who they are.
#![no_main]

use kit_web::{FormData, forms::Limits};

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let Ok(form) = FormData::parse(body) else { return };
    assert!(form.pairs().count() <= Limits::FIELDS);
    for (name, value) in form.pairs() {
        assert!(name.len() <= Limits::NAME && value.chars().count() <= Limits::CHARS);
        // Lines end with LF, and no field ends early in a database or a C library.
        assert!(!value.contains(['\r', '\0']) && !name.contains('\0'));
        assert!(form.all(name).any(|other| other == value));
    }
    let again = FormData::from_pairs(form.pairs()).expect("what was taken once is taken again");
    assert!(again.pairs().eq(form.pairs()));
});
