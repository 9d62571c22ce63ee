//! Deeds: what commands do to an installation.

use crate::{
    commands::{admin, ca, claims, keys, staff, token},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, Workers},
    lang::Lang,
    terminal::Page,
};
use core_words::Actor;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, sync::Arc};

/// Something to be done, with everything it needs: files are read before, where their owner can read them.
#[derive(Clone, Serialize, Deserialize)]
pub enum Deed {
    /// `warifu ca ceremony`
    Ceremony(ca::ceremony::Deed),
    /// `warifu ca rollover`
    Rollover(ca::rollover::Deed),
    /// `warifu ca cross`
    Cross(ca::cross::Deed),
    /// `warifu ca suspend`, `resume`, `retire`
    ChangeState(ca::state::Deed),
    /// `warifu ca issue`
    Issue(ca::issue::Deed),
    /// `warifu ca revoke`
    Revoke(ca::revoke::Deed),
    /// `warifu ca publish`
    Publish(ca::publish::Deed),
    /// `warifu ca ra add`
    AddOrderer(ca::ra::Add),
    /// `warifu ca ra disable`, `enable`
    SwitchOrderer(ca::ra::Switch),
    /// `warifu staff add`
    AddStaff(staff::Add),
    /// `warifu staff link`
    LinkStaff(staff::Link),
    /// `warifu token make`
    MakeToken(token::Make),
    /// `warifu token revoke`
    RevokeToken(token::Revoke),
    /// `warifu claims provider add`
    AddHolder(claims::provider::Add),
    /// `warifu claims import`
    ImportHolders(claims::import::Deed),
    /// `warifu claims export`
    ExportHolders(claims::import::Write),
    /// `warifu claims offset`
    Offset(claims::offset::Deed),
    /// `warifu keys init`
    Found(keys::Found),
    /// `warifu keys unlock`
    Unlock(keys::Unlock),
    /// `warifu admin passphrase change`
    ChangePassphrase(admin::passphrase::Deed),
    /// `warifu admin jobs rerun`
    Rerun(admin::jobs::Deed),
    /// `warifu admin backup`: what the ledger is told
    NoteBackup(admin::backup::Note),
}

/// A deed on its way, with who asks and in which language.
#[derive(Clone, Serialize, Deserialize)]
pub struct Request {
    /// The language of the answer.
    pub lang: Lang,
    /// The name of the account.
    pub account: String,
    /// What to do.
    pub deed: Deed,
}

/// A file that came of a deed, to be written by whoever asked.
#[derive(Clone, Serialize, Deserialize)]
pub struct Made {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub octets: Vec<u8>,
}

/// How a deed ended.
#[derive(Clone, Serialize, Deserialize)]
pub struct Report {
    /// With which code.
    pub exit: Exit,
    /// For standard output.
    pub text: String,
    /// For standard error.
    pub complaint: String,
    /// Files to be written.
    pub files: Vec<Made>,
}

impl Report {
    /// Done, with something to say.
    pub fn ok(page: Page) -> Self {
        Self::new(Exit::Ok, page)
    }

    /// Ended with this code, with something to say.
    pub fn new(exit: Exit, page: Page) -> Self {
        Self { exit, text: page.into_text(), complaint: String::new(), files: Vec::new() }
    }

    /// The same, with a file.
    #[must_use]
    pub fn with_file(mut self, path: PathBuf, octets: Vec<u8>) -> Self {
        self.files.push(Made { path, octets });
        self
    }

    fn failed(fail: &Fail, lang: Lang) -> Self {
        Self { exit: fail.exit, text: String::new(), complaint: fail.render(lang), files: Vec::new() }
    }
}

/// Carries a deed out.
pub async fn perform(installation: &Arc<Installation>, request: Request) -> Report {
    let (lang, actor) = (request.lang, Actor::cli(&request.account));
    match dispatch(installation, lang, &actor, request.deed).await {
        Ok(report) => report,
        Err(fail) => Report::failed(&fail, lang),
    }
}

async fn dispatch(
    installation: &Arc<Installation>,
    lang: Lang,
    actor: &Actor,
    deed: Deed,
) -> Outcome<Report> {
    match deed {
        Deed::Ceremony(deed) => deed.perform(installation, lang, actor).await,
        Deed::Rollover(deed) => deed.perform(installation, lang, actor).await,
        Deed::Cross(deed) => deed.perform(installation, lang, actor).await,
        Deed::ChangeState(deed) => deed.perform(installation, lang, actor).await,
        Deed::Issue(deed) => deed.perform(installation, lang, actor).await,
        Deed::Revoke(deed) => deed.perform(installation, lang, actor).await,
        Deed::Publish(deed) => deed.perform(installation, lang).await,
        Deed::AddOrderer(deed) => deed.perform(installation, lang, actor).await,
        Deed::SwitchOrderer(deed) => deed.perform(installation, lang, actor).await,
        Deed::AddStaff(deed) => deed.perform(installation, lang, actor).await,
        Deed::LinkStaff(deed) => deed.perform(installation, lang, actor).await,
        Deed::MakeToken(deed) => deed.perform(installation, lang, actor).await,
        Deed::RevokeToken(deed) => deed.perform(installation, lang, actor).await,
        Deed::AddHolder(deed) => deed.perform(installation, lang, actor).await,
        Deed::ImportHolders(deed) => deed.perform(installation, lang, actor).await,
        Deed::ExportHolders(deed) => deed.perform(installation, lang).await,
        Deed::Offset(deed) => deed.perform(installation, lang, actor).await,
        Deed::Found(deed) => deed.perform(installation, lang).await,
        Deed::Unlock(deed) => deed.perform(installation, lang).await,
        Deed::ChangePassphrase(deed) => deed.perform(installation, lang, actor).await,
        Deed::Rerun(deed) => deed.perform(installation, lang, actor).await,
        Deed::NoteBackup(deed) => deed.perform(installation, lang, actor).await,
    }
}

/// After a deed without a server: makes the lists it asked for, numbers and signs the ledger. What cannot be done
/// now, because the keys are locked, is done by the next server.
pub(super) async fn settle(installation: &Arc<Installation>) {
    if !installation.keys.is_unlocked() {
        return;
    }
    let settled = async { Workers::new(installation.clone()).await?.run_until_idle().await };
    if let Err(fail) = settled.await {
        tracing::warn!(error = %fail, "what follows from the command is left to the next server");
    }
}
