//! `warifu ledger proof`.

use crate::{
    cli::Run,
    commands::ca::cert_ref,
    fail::{Exit, Fail, Outcome},
    installation::{Installation, Opening, ledger_fail},
    terminal,
};
use authority_front::Text;
use kit_keys::Provider;
use kit_ledger::{Find, prove};

/// 記録が台帳にあることの証明（標準出力へ） / prove that an entry is in the ledger, on standard output
#[derive(clap::Args, Debug)]
pub struct Proof {
    /// The number of the entry
    #[arg(required_unless_present = "certificate", conflicts_with = "certificate")]
    index: Option<u64>,
    /// The entry of the issuing of this certificate
    #[arg(long, num_args = 2, value_names = ["AUTHORITY", "SERIAL"])]
    certificate: Option<Vec<String>>,
    /// As a C2SP tlog-proof instead of JSON
    #[arg(long)]
    tlog: bool,
}

impl Proof {
    /// Runs it, also while a server works.
    ///
    /// # Errors
    /// There is no such entry, or it has no number yet.
    pub async fn run(self, run: &Run) -> Outcome {
        let installation = Installation::open(run.config()?, Opening::to_look()).await?;
        let proved = match (&self.certificate, self.index) {
            (Some(named), _) => match cert_ref(&named[0], &named[1]) {
                Ok(cert) => installation.prove_issued(&cert).await,
                Err(fail) => return Err(fail),
            },
            (None, Some(index)) => {
                installation.db.read(move |tx| prove(tx, &Provider, Find::Index(index))).await
            }
            (None, None) => {
                return Err(Fail::usage("cli.unfit", Text::new("番号がありません。", "There is no number.")));
            }
        };
        installation.close().await;
        let receipt = proved.map_err(|e| ledger_fail(&e))?;
        if self.tlog {
            terminal::print(&receipt.to_tlog_proof());
        } else {
            let json = serde_json::to_string_pretty(&receipt).expect("texts and numbers are always JSON");
            terminal::print(&format!("{json}\n"));
        }
        Ok(Exit::Ok)
    }
}
