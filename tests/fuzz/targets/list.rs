//! Revocation lists, with all their entries.
#![no_main]

use core_x509::crl::{BadList, List, ListLimits};

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let Ok(list) = List::parse(der, &ListLimits::default()) else { return };
    let counted = list.entries().take_while(|entry| entry.is_ok()).count() as u64;
    // Reading one by one and reading all must agree.
    match list.check_entries() {
        Ok(all) => assert_eq!(all, counted),
        Err(BadList::SerialTwice(twice)) => {
            assert!(list.entries().flatten().filter(|entry| entry.serial == twice).count() > 1);
        }
        Err(_) => assert!(list.entries().any(|entry| entry.is_err())),
    }
});
