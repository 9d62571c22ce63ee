//! `warifu ca`: authorities.

pub mod ceremony;
pub mod cross;
pub mod issue;
pub mod list;
pub mod publish;
pub mod ra;
pub mod revoke;
pub mod rollover;
pub mod show;
pub mod state;

pub(crate) use issue::cert_ref;

use crate::{cli::Run, control::Report, fail::Outcome};
use authority_engine::ceremony::record::SignedRecord;
use std::path::Path;

/// 認証局 / authorities
#[derive(clap::Subcommand, Debug)]
pub enum Ca {
    /// 鍵生成式を行う（既定は試行） / hold a key ceremony (a dry run by default)
    Ceremony(ceremony::Ceremony),
    /// 認証局の一覧 / list the authorities
    List(list::List),
    /// 認証局の詳細 / show an authority
    Show(show::Show),
    /// 鍵を更新し、リンク証明書を作る / give an authority a new key, with link certificates
    Rollover(rollover::Rollover),
    /// 他の認証局を相互認証する / certify a foreign authority
    Cross(cross::Cross),
    /// 発行を一時停止する / suspend issuing
    Suspend(state::ChangeState),
    /// 発行を再開する / resume issuing
    Resume(state::ChangeState),
    /// 発行を永久に終える / end issuing for good
    Retire(state::ChangeState),
    /// RA の資格情報 / credentials of RAs
    #[command(subcommand)]
    Ra(ra::Ra),
    /// 証明書を発行する / issue a certificate
    Issue(issue::Issue),
    /// 証明書を失効・停止・解除する / revoke, hold or release a certificate
    Revoke(revoke::Revoke),
    /// 失効リストを今すぐ作る / make the lists of an authority now
    Publish(publish::Publish),
}

impl Ca {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Ceremony(command) => command.run(run).await,
            Self::List(command) => command.run(run).await,
            Self::Show(command) => command.run(run).await,
            Self::Rollover(command) => command.run(run).await,
            Self::Cross(command) => command.run(run).await,
            Self::Suspend(command) => command.run(run, state::Change::Suspend).await,
            Self::Resume(command) => command.run(run, state::Change::Resume).await,
            Self::Retire(command) => command.run(run, state::Change::Retire).await,
            Self::Ra(command) => command.run(run).await,
            Self::Issue(command) => command.run(run).await,
            Self::Revoke(command) => command.run(run).await,
            Self::Publish(command) => command.run(run).await,
        }
    }
}

/// Adds the files of a signed record to a report.
fn record_files(report: Report, dir: &Path, record: &SignedRecord) -> Report {
    report
        .with_file(dir.join("ceremony.json"), record.json.clone().into_bytes())
        .with_file(dir.join("ceremony.json.sig"), record.signature.clone())
        .with_file(dir.join("ceremony.pub.pem"), record.public_key_pem.clone().into_bytes())
}
