//! Receipts with an inclusion proof, in the form of C2SP tlog-proof.
#![no_main]

use kit_ledger::Receipt;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(receipt) = Receipt::from_tlog_proof(text) {
        let again = receipt.to_tlog_proof();
        assert!(Receipt::from_tlog_proof(&again).is_ok(), "what was read can be written and read");
    }
});
