//! What the API asks of the journal and of the ledger.

use super::Installation;
use crate::api::{Registry, authorities::Catalogue, proof::ProofBody, refusals};
use authority_front::{BoxFuture, Refusal};
use authority_journal::{
    authorities::{self, Authority},
    orderers::{self, Orderer},
};
use core_words::CertRef;
use kit_keys::Provider;
use kit_ledger::LedgerError;
use kit_store::{Db, StoreError};
use std::sync::Arc;

/// Registered RA credentials, from the journal.
pub struct JournalRegistry(pub Db);

impl Registry for JournalRegistry {
    fn by_id(&self, id: i64) -> BoxFuture<'_, Result<Option<Orderer>, Refusal>> {
        Box::pin(async move { self.0.read(move |tx| orderers::by_id(tx, id)).await.map_err(|e| refusal(&e)) })
    }

    fn by_certificate(&self, sha256: [u8; 32]) -> BoxFuture<'_, Result<Option<Orderer>, Refusal>> {
        Box::pin(async move {
            self.0.read(move |tx| orderers::by_certificate(tx, &sha256)).await.map_err(|e| refusal(&e))
        })
    }
}

/// Authorities from the journal, proofs from the ledger.
pub struct JournalCatalogue(pub Arc<Installation>);

impl Catalogue for JournalCatalogue {
    fn authorities(&self) -> BoxFuture<'_, Result<Vec<Authority>, Refusal>> {
        Box::pin(async move { self.0.db.read(authorities::list).await.map_err(|e| refusal(&e)) })
    }

    fn proof<'a>(&'a self, cert: &'a CertRef) -> BoxFuture<'a, Result<Option<ProofBody>, Refusal>> {
        Box::pin(async move {
            match self.0.prove_issued(cert).await {
                Ok(receipt) => Ok(Some(ProofBody {
                    index: receipt.index,
                    entry: receipt.entry,
                    proof: receipt.proof,
                    checkpoint: receipt.checkpoint,
                })),
                Err(LedgerError::NotYet | LedgerError::NoSuchEntry) => Ok(None),
                Err(LedgerError::Store(error)) => Err(refusal(&error)),
                Err(error) => {
                    tracing::error!(%error, "the ledger could not prove an entry");
                    Err(refusals::internal())
                }
            }
        })
    }
}

impl Installation {
    /// The receipt of a certificate: its entry in the ledger, and the proof that the log contains it (K8).
    ///
    /// # Errors
    /// [`LedgerError::NoSuchEntry`] for a certificate that was never issued here, [`LedgerError::NotYet`] within the
    /// first second or so.
    pub async fn prove_issued(&self, cert: &CertRef) -> Result<kit_ledger::Receipt, LedgerError> {
        let cert = cert.clone();
        self.db
            .read(move |tx| {
                let order = authority_journal::orders::by_serial(tx, &cert.authority, &cert.serial)?;
                let issued = order.and_then(|order| order.issued).ok_or(LedgerError::NoSuchEntry)?;
                kit_ledger::prove(
                    tx,
                    &Provider,
                    kit_ledger::Find::Id(kit_ledger::EntryId(issued.ledger_entry)),
                )
            })
            .await
    }
}

fn refusal(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the API cannot read the database");
    if error.is_transient() { refusals::unavailable() } else { refusals::internal() }
}
