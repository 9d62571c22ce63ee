//! The checkpoints of the ledger that a client saw, and the proof that the ledger only grew since.

use crate::{Client, House, Kept, wait::until};
use kit_keys::Provider;
use kit_ledger::{Checkpoint, Receipt, VerifierKey, verify_dir};
use std::collections::BTreeMap;

/// Checkpoints as auditors keep them.
#[derive(Default)]
pub struct Log {
    /// The key that signed the first one. No other is believed from then on.
    key: Option<VerifierKey>,
    /// By size: every checkpoint ever seen.
    seen: BTreeMap<u64, String>,
    /// Those that no export was compared with yet.
    fresh: Vec<u64>,
}

impl Log {
    /// Notes a checkpoint.
    ///
    /// # Panics
    /// When it is none, or when another of the same size was seen.
    pub fn note(&mut self, checkpoint: &str) {
        let head = Checkpoint::unverified(checkpoint.as_bytes()).expect("it is a checkpoint");
        let seen = self.seen.entry(head.size).or_insert_with(|| {
            self.fresh.push(head.size);
            checkpoint.to_owned()
        });
        let seen = Checkpoint::unverified(seen.as_bytes()).expect("it was one when it was noted");
        assert_eq!(seen.root, head.root, "the ledger had two roots at size {}", head.size);
    }

    /// How many were seen.
    pub fn count(&self) -> usize {
        self.seen.len()
    }

    /// The newest checkpoint seen.
    pub fn newest(&self) -> Option<&str> {
        self.seen.values().next_back().map(String::as_str)
    }

    /// Exports the ledger, and verifies the files alone: as a log, and against every checkpoint seen since the last
    /// time. What was compared before is covered by the head of that time.
    ///
    /// # Panics
    /// When anything does not verify.
    pub fn compare(&mut self, house: &House) {
        let dir = house.path("export");
        house.run(&["ledger", "export", "export"]);
        let report = verify_dir(&dir, self.key.as_ref(), None, &Provider, &Provider);
        let report = report.unwrap_or_else(|e| panic!("the ledger does not verify: {e}"));
        assert!(report.strangers.is_empty(), "strange files in the export: {:?}", report.strangers);
        for size in std::mem::take(&mut self.fresh) {
            let kept = self.seen[&size].as_bytes();
            let extends = verify_dir(&dir, Some(&report.key), Some(kept), &Provider, &Provider);
            let extends =
                extends.unwrap_or_else(|e| panic!("the checkpoint of size {size} is contradicted: {e}"));
            assert_eq!(extends.extends, Some(size));
        }
        self.key = Some(report.key);
        let head = std::fs::read_to_string(dir.join(kit_ledger::CHECKPOINT_FILE));
        self.note(&head.expect("an export has a checkpoint"));
    }

    /// Compares every checkpoint ever seen with the ledger of today.
    ///
    /// # Panics
    /// When anything does not verify.
    pub fn compare_all(&mut self, house: &House) {
        self.fresh = self.seen.keys().copied().collect();
        self.compare(house);
    }

    /// Asks for the proof that the issuing of a certificate is in the ledger, verifies it, and notes its checkpoint.
    ///
    /// # Panics
    /// When it does not come, or proves something else.
    pub(crate) async fn prove(client: &Client, key: &VerifierKey, kept: &Kept) -> String {
        let answer = until("the proof of a certificate", async || {
            client.get(&format!("{}/proof", kept.path())).await.ok().filter(|answer| answer.status == 200)
        })
        .await;
        let mut json = answer.json();
        json["version"] = 1.into();
        let receipt: Receipt = serde_json::from_value(json).expect("it has the parts of a receipt");
        let proved =
            receipt.verify(key, &Provider, &Provider).unwrap_or_else(|e| panic!("{}: {e}", kept.serial));
        let subject = format!("cert:{}/{}", kept.authority, kept.serial);
        assert_eq!((&*proved.body.kind, &*proved.body.subject), ("certificate.issued", &*subject));
        receipt.checkpoint
    }

    /// The key of the ledger, once something was compared.
    pub(crate) fn key(&self) -> Option<&VerifierKey> {
        self.key.as_ref()
    }
}
