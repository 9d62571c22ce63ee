//! Files of banks.
#![no_main]

use core_bank::{fingerprints, kana, payer, zengin};
use core_sheet::date::Era;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let file = match zengin::parse(octets, Era::Reiwa) {
        Ok(file) => file,
        Err(bad) => {
            assert!(!bad.text().ja.is_empty(), "a refusal says why");
            return;
        }
    };
    assert!(!file.statements.is_empty());
    for deposit in file.deposits() {
        assert!(deposit.amount.0 > 0 && deposit.record as usize <= octets.len() / 200);
        let _ = kana::zengin_text(&deposit.payer_kana);
        for id in payer::ids_in(&deposit.payer_raw) {
            assert_eq!(id.len(), 10);
        }
    }
    let mut prints = fingerprints(file.deposits());
    let count = prints.len();
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), count, "no two deposits of a file are one");
});
