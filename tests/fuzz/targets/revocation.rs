//! Revocations in JSON, as an RA with a credential may send them.
#![no_main]

use warifu::api::{fields::seconds, revoke};

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    let Ok(body) = serde_json::from_slice::<revoke::RevocationBody<'_>>(json) else { return };
    if let Ok(serial) = revoke::serial(&body.serial) {
        assert_eq!(revoke::serial(&serial.to_string()).ok(), Some(serial));
    }
    let _ = revoke::reason(&body.reason);
    let _ = body.invalidity_date.map(|text| seconds(&text, "invalidity_date".into()));
});
