//! `warifu ca suspend|resume|retire` (K1, J8).

use crate::{
    api::authorities::state_name,
    cli::Run,
    commands::{no_authority, nothing_changed, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, store_fail},
    lang::Lang,
    terminal::Page,
};
use authority_engine::ceremony::{StateChange, change_state};
use authority_front::Text;
use authority_journal::authorities;
use core_words::{Actor, AuthorityId};
use serde::{Deserialize, Serialize};

/// 発行の停止・再開・終了 / suspend, resume or end issuing
#[derive(clap::Args, Debug)]
pub struct ChangeState {
    /// The authority
    authority: String,
    /// Do it; without this it is only shown
    #[arg(long)]
    perform: bool,
}

/// What is to become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It issues nothing until it is resumed.
    Suspend,
    /// It issues again.
    Resume,
    /// It never issues again.
    Retire,
}

/// Changes the state of an authority.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The authority.
    pub authority: String,
    /// What is to become of it.
    pub change: Change,
    /// Whether it is done.
    pub perform: bool,
}

impl ChangeState {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run, change: Change) -> Outcome {
        let deed = Deed { authority: self.authority, change, perform: self.perform };
        carry_out(run, AnyDeed::ChangeState(deed), false).await
    }
}

impl Deed {
    /// Carries it out. Revocation and lists go on in every state.
    ///
    /// # Errors
    /// There is no such authority; its state does not allow it.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let id = AuthorityId::new(&self.authority)
            .map_err(|e| unfit("AUTHORITY", "名前の形式ではありません", &e))?;
        let change = match self.change {
            Change::Suspend => StateChange::Suspend,
            Change::Resume => StateChange::Resume,
            Change::Retire => StateChange::Retire,
        };
        let mut page = Page::new(lang);
        if self.perform {
            let before = change_state(&installation.ctx, &id, change, actor).await;
            let before = before.map_err(|e| Fail::from(e.refusal()))?;
            installation.engine.forget(&id);
            page.field("認証局", "authority", &id);
            page.field("状態", "state", format!("{} → {}", state_name(before), state_name(change.target())));
            return Ok(Report::ok(page));
        }
        let wanted = id.clone();
        let found = installation.db.read(move |tx| authorities::get(tx, &wanted)).await;
        let found = found.map_err(|e| store_fail(&e))?.ok_or_else(|| no_authority(id.as_str()))?;
        if found.state != change.target() && !change.allowed_from(found.state) {
            return Err(Fail::new(
                Exit::Refused,
                "ca.wrong_state",
                Text::new(
                    format!("{id} は {} のため、これはできません。", state_name(found.state)),
                    format!("{id} is {}, so this cannot be done.", state_name(found.state)),
                ),
                Text::new(
                    "`warifu ca show` で状態を確認してください。",
                    "See its state with `warifu ca show`.",
                ),
            ));
        }
        page.field("認証局", "authority", &id);
        page.field("状態", "state", format!("{} → {}", state_name(found.state), state_name(change.target())));
        nothing_changed(&mut page);
        Ok(Report::ok(page))
    }
}
