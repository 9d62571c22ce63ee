//! `warifu ledger verify DIR`: checks an exported ledger from its files alone (K8).

use crate::{
    cli::Run,
    commands::{shown, unfit},
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use authority_front::Text;
use base16ct::lower::encode_string as hex;
use kit_keys::Provider;
use kit_ledger::{VerifierKey, VerifyError, verify_dir};
use std::path::PathBuf;

/// 書き出された台帳を検証する / verify an exported ledger
#[derive(clap::Args, Debug)]
pub struct Verify {
    /// The directory it was exported to
    dir: PathBuf,
    /// The key it must be signed with, known from elsewhere: NAME+HASH+KEY, or a file that holds it
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// A checkpoint kept from earlier: the ledger must contain that tree unchanged
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

impl Verify {
    /// Runs it.
    ///
    /// # Errors
    /// The ledger does not verify: exit code 1.
    pub async fn run(self, run: &Run) -> Outcome {
        let key = self.key.as_deref().map(|text| verifier(run, text)).transpose()?;
        let old = self.checkpoint.as_deref().map(|path| run.read_file(path, 64 << 10)).transpose()?;
        let dir = self.dir.clone();
        let checked = tokio::task::spawn_blocking(move || {
            verify_dir(&dir, key.as_ref(), old.as_deref(), &Provider, &Provider)
        });
        let report = match checked.await {
            Ok(Ok(report)) => report,
            Ok(Err(error)) => return Err(refused(&error)),
            Err(error) => return Err(Fail::file(&self.dir, &std::io::Error::other(error))),
        };
        let mut page = Page::new(run.lang);
        page.line(
            "台帳は正しく、改ざん・削除・並べ替えはありません。",
            "The ledger is sound: nothing was altered, removed or reordered.",
        );
        page.field("名前", "origin", &report.checkpoint.origin);
        page.field("記録数", "entries", report.checkpoint.size);
        page.field("根のハッシュ", "root", hex(&report.checkpoint.root));
        page.field("公開鍵", "key", &report.key);
        if let Some((first, last)) = report.times {
            page.field("期間", "from", shown(first));
            page.field("", "to", shown(last));
        }
        if let Some(size) = report.extends {
            page.field("以前の検査点", "extends", format!("{size} entries"));
        }
        for stranger in &report.strangers {
            page.field("無関係なファイル", "does not belong", stranger);
        }
        if !report.key_was_expected {
            page.next(
                "鍵はこのディレクトリのものです。別の経路で知った鍵を --key で与えると、発行元も確かめられます。",
                "The key came with the files. Name one known from elsewhere with --key to be sure whose ledger it is.",
            );
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

/// A verifier key as it is written on the command line: the text, or a file that holds it.
///
/// # Errors
/// Neither.
pub(crate) fn verifier(run: &Run, text: &str) -> Outcome<VerifierKey> {
    let from_file;
    let text = if text.contains('+') {
        text
    } else {
        let octets = run.read_file(text.as_ref(), 4 << 10)?;
        from_file = String::from_utf8_lossy(&octets).into_owned();
        from_file.trim()
    };
    VerifierKey::parse(&Provider, text).map_err(|e| unfit("--key", "台帳の公開鍵として読めません", &e))
}

fn refused(error: &VerifyError) -> Fail {
    let en = error.to_string();
    Fail::new(
        Exit::Refused,
        "ledger.does_not_verify",
        Text::new(format!("台帳の検証に失敗しました: {en}"), format!("The ledger does not verify: {en}")),
        Text::new(
            "写しを取り直して再度検証し、同じ結果なら監査担当者に知らせてください。",
            "Export it anew and verify again; if the result is the same, tell the auditor.",
        ),
    )
}
