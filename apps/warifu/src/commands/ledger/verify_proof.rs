//! `warifu ledger verify-proof FILE`: checks one proof from its file alone (K8).

use super::verify::verifier;
use crate::{
    cli::Run,
    commands::shown,
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use authority_front::Text;
use base16ct::lower::encode_string as hex;
use kit_keys::Provider;
use kit_ledger::{BadReceipt, Receipt};
use std::path::PathBuf;

/// The longest file that is read: an entry and a checkpoint, many times over.
const LONGEST: u64 = 64 << 10;

/// 記録の証明を検証する（データベース不要） / verify the proof of one entry; needs only the file
#[derive(clap::Args, Debug)]
pub struct VerifyProof {
    /// The proof: a C2SP tlog-proof as pages and files give it, or JSON as the API does
    file: PathBuf,
    /// The key that it must be signed with, known from elsewhere: NAME+HASH+KEY, or a file that holds it
    #[arg(long, value_name = "KEY|FILE")]
    key: String,
}

impl VerifyProof {
    /// Runs it.
    ///
    /// # Errors
    /// The proof does not verify: exit code 1.
    pub async fn run(self, run: &Run) -> Outcome {
        let key = verifier(run, &self.key)?;
        let octets = run.read_file(&self.file, LONGEST)?;
        let proved = read(&octets).and_then(|receipt| receipt.verify(&key, &Provider, &Provider));
        let proved = proved.map_err(|error| refused(&error))?;
        let mut page = Page::new(run.lang);
        page.line(
            "この記録は台帳にあり、改ざんされていません。",
            "The entry is in the ledger, and was not altered.",
        );
        page.field("台帳の名前", "origin", &proved.checkpoint.origin);
        page.field("番号", "index", proved.index);
        page.field("日時", "time", shown(proved.body.time));
        page.field("種類", "kind", &proved.body.kind);
        page.field("誰が", "actor", &proved.body.actor);
        page.field("何を", "subject", &proved.body.subject);
        for (ja, en, said) in
            [("受付番号", "case", &proved.body.case), ("組織", "operator", &proved.body.operator)]
        {
            if let Some(said) = said {
                page.field(ja, en, said);
            }
        }
        if let Some(object) = proved.body.object {
            page.field("対象の SHA-256", "object", hex(&object));
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

/// Either form, told apart by its first character.
fn read(octets: &[u8]) -> Result<Receipt, BadReceipt> {
    let text = std::str::from_utf8(octets).map_err(|_| BadReceipt::Form("it is no text"))?;
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|_| BadReceipt::Form("it is no receipt in JSON"));
    }
    Receipt::from_tlog_proof(text)
}

fn refused(error: &BadReceipt) -> Fail {
    let en = error.to_string();
    Fail::new(
        Exit::Refused,
        "ledger.proof_does_not_verify",
        Text::new(format!("証明の検証に失敗しました: {en}"), format!("The proof does not verify: {en}")),
        Text::new(
            "証明をもう一度ダウンロードし、--key がこの台帳の公開鍵か確かめてください。同じ結果なら監査担当者に知らせてください。",
            "Download the proof again, and make sure that --key is the key of this ledger; if the result is the same, tell \
             the auditor.",
        ),
    )
}
