//! `warifu ca publish`: makes the lists of an authority now, whether they are due or not (K4).

use crate::{
    cli::Run,
    commands::{no_authority, shown, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, store_fail},
    lang::Lang,
    terminal::Page,
};
use authority_engine::lists;
use authority_front::Text;
use authority_journal::lists::survey;
use core_words::AuthorityId;
use serde::{Deserialize, Serialize};

/// 失効リストを今すぐ作る / make the lists of an authority now
#[derive(clap::Args, Debug)]
pub struct Publish {
    /// The authority
    authority: String,
}

/// Makes lists now.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The authority.
    pub authority: String,
}

impl Publish {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        carry_out(run, AnyDeed::Publish(Deed { authority: self.authority }), true).await
    }
}

impl Deed {
    /// Carries it out: every scope of the authority, full lists before deltas.
    ///
    /// # Errors
    /// The first list that could not be made; the others were tried.
    pub async fn perform(self, installation: &Installation, lang: Lang) -> Outcome<Report> {
        let id = AuthorityId::new(&self.authority)
            .map_err(|e| unfit("AUTHORITY", "名前の形式ではありません", &e))?;
        let scopes = installation.db.read(survey).await.map_err(|e| store_fail(&e))?;
        let scopes: Vec<_> = scopes.into_iter().filter(|s| s.scope.authority == id).collect();
        if scopes.is_empty() {
            return Err(no_authority(id.as_str()));
        }
        let (mut rows, mut failure) = (Vec::new(), None);
        for state in &scopes {
            for kind in state.kinds() {
                match lists::publish(&installation.ctx, &state.scope, *kind).await {
                    Ok(made) => {
                        let list = made.list();
                        rows.push(vec![
                            format!("{} {kind}", state.scope),
                            list.number.to_string(),
                            list.entries.to_string(),
                            shown(list.next_update),
                        ]);
                    }
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
        }
        if let Some(error) = failure {
            return Err(Fail::new(
                Exit::CouldNotRun,
                "lists.not_made",
                Text::new(
                    format!("失効リストを作れませんでした: {error}"),
                    format!("A list could not be made: {error}"),
                ),
                Text::new("`warifu doctor` を実行してください。", "Run `warifu doctor`."),
            ));
        }
        let mut page = Page::new(lang);
        let heading =
            [("失効リスト", "list"), ("番号", "number"), ("件数", "entries"), ("次回更新", "nextUpdate")];
        page.table(&heading, &rows);
        Ok(Report::ok(page))
    }
}
