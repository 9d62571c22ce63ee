//! `warifu ca list`.

use crate::{
    api::authorities::state_name,
    cli::Run,
    fail::{Exit, Outcome},
    installation::{Installation, Opening, store_fail},
    terminal::{self, Page},
};
use authority_journal::{authorities, codes::AuthorityKind};

/// 認証局の一覧 / list the authorities
#[derive(clap::Args, Debug)]
pub struct List {}

impl List {
    /// Runs it.
    ///
    /// # Errors
    /// The installation cannot be read.
    pub async fn run(self, run: &Run) -> Outcome {
        let installation = Installation::open(run.config()?, Opening::to_look()).await?;
        let all = installation.db.read(authorities::list).await;
        installation.close().await;
        let all = all.map_err(|e| store_fail(&e))?;
        let mut page = Page::new(run.lang);
        if all.is_empty() {
            page.line("認証局はまだありません。", "There are no authorities yet.");
            page.next("`warifu ca ceremony FILE` で作ります。", "`warifu ca ceremony FILE` makes them.");
        } else {
            let rows: Vec<Vec<String>> = all.into_iter().map(row).collect();
            let heading = [
                ("認証局", "authority"),
                ("種類", "kind"),
                ("上位", "parent"),
                ("状態", "state"),
                ("鍵世代", "generation"),
                ("運営", "operator"),
            ];
            page.table(&heading, &rows);
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

fn row(authority: authorities::Authority) -> Vec<String> {
    let kind = match authority.kind {
        AuthorityKind::Root => "root",
        AuthorityKind::Issuing => "issuing",
    };
    vec![
        authority.id.to_string(),
        kind.to_owned(),
        authority.parent.map_or("-".into(), |p| p.to_string()),
        state_name(authority.state).to_owned(),
        authority.active_generation.to_string(),
        authority.operator.to_string(),
    ]
}
