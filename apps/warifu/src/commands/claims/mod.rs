//! `warifu claims`: the claims desk from the command line.

pub mod import;
pub mod offset;
pub mod provider;

use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    installation::Installation,
    portal::Portal,
};
use authority_front::Text;

/// 電子請求の証明書の窓口 / the claims desk
#[derive(clap::Subcommand, Debug)]
pub enum Claims {
    /// 事業所 / care providers
    #[command(subcommand)]
    Provider(provider::Provider),
    /// 代理人 / agents
    #[command(subcommand)]
    Agent(provider::Agent),
    /// 事業所・代理人を CSV から取り込む / import care providers and agents from CSV
    Import(import::Import),
    /// 事業所・代理人を CSV に書き出す / write care providers and agents as CSV
    Export(import::Export),
    /// 手数料の相殺 / months of offset fees
    #[command(subcommand)]
    Offset(offset::Offset),
}

impl Claims {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Provider(provider) => provider.run(run).await,
            Self::Agent(agent) => agent.run(run).await,
            Self::Import(import) => import.run(run).await,
            Self::Export(export) => export.run(run).await,
            Self::Offset(offset) => offset.run(run).await,
        }
    }
}

/// The desk, where it is open.
fn desk(installation: &Installation) -> Outcome<desk_claims::Claims> {
    Portal::new(installation)?.claims.ok_or_else(|| {
        Fail::new(
            Exit::Usage,
            "claims.no_desk",
            Text::new("この設置では、この窓口が開かれていません。", "This desk is not open here."),
            Text::new(
                "warifu.toml に [claims] を書いてください。",
                "Write a section [claims] into warifu.toml.",
            ),
        )
    })
}
