//! Tells the ledger of what was refused at the edge (K8): failed sign-ins, in sums, so that whoever hammers at the
//! door cannot fill the ledger. Refused orders are told one by one by the authority itself.

use crate::{api::Api, installation::Installation};
use core_words::Actor;
use kit_ledger::Entry;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::sleep};

/// At most one entry in this time.
const EVERY: Duration = Duration::from_secs(10);

/// The kinds of ledger entries that the application makes.
pub const KINDS: &[(&str, &str)] = &[
    ("access.refused", "sign-ins failed; the details tell how many since the entry before"),
    (
        "orderer.registered",
        "a credential was registered; the object is the SHA-256 of its token or certificate",
    ),
    ("orderer.disabled", "a credential may not order any more"),
    ("orderer.enabled", "a credential may order again"),
    ("passphrase.changed", "the passphrase of the keys was changed"),
    ("backup.taken", "a backup was taken; the object is the SHA-256 of its manifest"),
    ("backup.restored", "this database was restored; the object is the SHA-256 of the backup's manifest"),
];

/// Gathers and tells.
pub struct EdgeActs {
    installation: Arc<Installation>,
    api: Arc<Api>,
}

impl EdgeActs {
    /// Gathers from `api`.
    pub fn new(installation: Arc<Installation>, api: Arc<Api>) -> Self {
        Self { installation, api }
    }

    /// Tells until `stop` shows true, and once more then.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        loop {
            let ended = tokio::select! {
                () = sleep(EVERY) => false,
                _ = stop.wait_for(|stop| *stop) => true,
            };
            self.tell().await;
            if ended {
                return;
            }
        }
    }

    /// Tells what was gathered since the last time.
    pub async fn tell(&self) {
        let failed = self.api.credentials.take_refused();
        if failed == 0 {
            return;
        }
        tracing::warn!(failed, "sign-ins failed");
        let mut entry = Entry::new("access.refused", Actor::system(), "api");
        entry.details = Some(format!("1 failed={failed}").into_bytes());
        if let Err(error) = self.installation.append(entry).await {
            tracing::error!(%error, failed, "failed sign-ins could not be told to the ledger");
        }
    }
}
