//! Signing certificates: a permit goes in, a certificate that equals its plan comes out.

use core_crypto::SigAlg;
use core_x509::{
    assemble::{assemble, compare_signed},
    lint::Linted,
    plan::Plan,
};
use kit_keys::{KeyError, SignInput, Signer};

/// The right to sign one certificate, once: the octets passed the lints and stand in the journal.
///
/// Made by whoever recorded them; spent by [`sign`](Self::sign), which takes it by value.
#[must_use]
pub struct Permit {
    id: i64,
    plan: Plan,
}

/// A certificate that was signed and compared with its plan.
#[derive(Debug)]
pub struct Signed {
    /// The journal's id of order and certificate.
    pub id: i64,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Its signature alone: what the journal keeps beside the octets that were signed.
    pub signature: Vec<u8>,
}

/// Why a permit was not turned into a certificate.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The key could not be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key signs with another algorithm than the plan names.
    #[error("the key signs with {found:?}, the plan names {planned:?}")]
    Algorithm {
        /// What the plan names.
        planned: SigAlg,
        /// What the key does.
        found: SigAlg,
    },
    /// What came out is not what was planned.
    #[error("the signed certificate differs from its plan")]
    Differs,
}

impl Permit {
    /// A permit for linted octets that were recorded under `id`.
    pub fn for_recorded(id: i64, linted: Linted) -> Self {
        Self { id, plan: linted.into_plan() }
    }

    /// Spends the permit.
    ///
    /// # Errors
    /// [`SignerError`]; the permit is gone all the same, and the record tells that the key was to be used.
    pub async fn sign(self, signer: &dyn Signer) -> Result<Signed, SignerError> {
        let (tbs, alg) = (self.plan.tbs(), self.plan.sig_alg());
        if signer.alg() != alg {
            return Err(SignerError::Algorithm { planned: alg, found: signer.alg() });
        }
        let signature = signer.sign(SignInput::Message(tbs)).await?;
        let der = assemble(tbs, alg, &signature);
        compare_signed(&der, tbs, alg).map_err(|_| SignerError::Differs)?;
        Ok(Signed { id: self.id, der, signature })
    }
}
