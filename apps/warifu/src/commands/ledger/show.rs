//! `warifu ledger show`.

use crate::{
    cli::Run,
    commands::shown,
    fail::{Exit, Outcome},
    installation::{Installation, Opening, ledger_fail, store_fail},
    terminal::{self, Page},
};
use base16ct::lower::encode_string as hex;
use kit_ledger::LedgerError;

/// 記録を表示する / show entries
#[derive(clap::Args, Debug)]
pub struct Show {
    /// The number of the first entry; else the last ones
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// How many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

impl Show {
    /// Runs it, also while a server works.
    ///
    /// # Errors
    /// The installation cannot be read.
    pub async fn run(self, run: &Run) -> Outcome {
        let installation = Installation::open(run.config()?, Opening::to_look()).await?;
        let (from, limit) = (self.from, self.limit);
        let read = installation
            .db
            .read(move |tx| {
                let head = kit_ledger::latest_checkpoint(tx)?;
                let lag = kit_ledger::lag(tx)?;
                let numbered = head.as_ref().map_or(0, |c| c.size) + lag.unsigned;
                let first = from.unwrap_or(numbered.saturating_sub(u64::from(limit)));
                Ok::<_, LedgerError>((head, lag, kit_ledger::entries(tx, first, limit)?))
            })
            .await;
        installation.close().await;
        let (head, lag, entries) = read.map_err(|e| ledger_fail(&e))?;
        let mut page = Page::new(run.lang);
        match &head {
            Some(head) => {
                page.field("検査点の記録数", "entries under checkpoint", head.size);
                page.field("署名日時", "signed", shown(head.signed));
                page.field("公開鍵", "key", &head.verifier);
            }
            None => page.line("検査点はまだありません。", "There is no checkpoint yet."),
        }
        page.field("番号なし", "without a number", lag.unnumbered);
        page.raw("");
        let mut rows = Vec::new();
        for entry in &entries {
            let body = entry.body().map_err(|e| store_fail(&e))?;
            rows.push(vec![
                entry.index.map_or("-".into(), |i| i.to_string()),
                shown(body.time),
                body.kind,
                body.actor,
                body.subject,
                body.object.map_or("-".into(), |o| hex(&o[..8])),
            ]);
        }
        let heading = [
            ("番号", "index"),
            ("日時", "time"),
            ("種類", "kind"),
            ("誰が", "actor"),
            ("何を", "subject"),
            ("対象の SHA-256", "object"),
        ];
        page.table(&heading, &rows);
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
