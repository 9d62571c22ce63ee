//! `warifu ledger`: what the auditor uses. `verify` and `verify-proof` need nothing but files.

pub mod export;
pub mod proof;
pub mod show;
pub mod verify;
pub mod verify_proof;

use crate::{cli::Run, fail::Outcome};

/// 台帳 / the ledger
#[derive(clap::Subcommand, Debug)]
pub enum Ledger {
    /// 書き出された台帳を検証する（データベース不要） / verify an exported ledger; needs only the files
    Verify(verify::Verify),
    /// 台帳を書き出す / export the ledger
    Export(export::Export),
    /// 記録を表示する / show entries
    Show(show::Show),
    /// 記録が台帳にあることの証明 / the proof that an entry is in the ledger
    Proof(proof::Proof),
    /// 記録の証明を検証する（データベース不要） / verify the proof of one entry; needs only the file
    VerifyProof(verify_proof::VerifyProof),
}

impl Ledger {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Verify(command) => command.run(run).await,
            Self::Export(command) => command.run(run).await,
            Self::Show(command) => command.run(run).await,
            Self::Proof(command) => command.run(run).await,
            Self::VerifyProof(command) => command.run(run).await,
        }
    }
}
