//! What pages, the API and the command line ask of the desk: the same functions for all of them.

use crate::{
    case::Case,
    cases::Cases,
    command::Command,
    desk::NewDesk,
    no,
    status::{Deed, Hat},
    store,
    words::Sentence,
};
use core_words::{CaseNumber, Refusal, UtcMicros};
use kit_desk::{Doer, Flow, Halt, Stored, act, events, events::Event, open, possible};
use kit_gate::Scope;
use kit_store::StoreError;

/// Everything about one case that a page shows.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The case.
    pub case: Stored<Case>,
    /// What happened to it, the first first.
    pub events: Vec<Event>,
    /// What may be done to it by whoever looks.
    pub possible: Vec<Deed>,
    /// The time at which it was looked at.
    pub now: UtcMicros,
}

impl NewDesk {
    /// Takes an application.
    ///
    /// # Errors
    /// `newdesk.not_you`, `newdesk.unavailable`.
    pub async fn apply(&self, wish: Sentence, doer: Doer<Hat>) -> Result<Stored<Case>, Refusal> {
        let (desk, command) = (self.clone(), Command::Apply(wish));
        let done =
            self.db().write(move |tx| open(tx, desk.cases(), &command, &doer, desk.means(desk.now()))).await;
        done.map(|done| done.case).map_err(no::told)
    }

    /// Does something to a case. `seen` is the version the doer looked at.
    ///
    /// # Errors
    /// `newdesk.no_case` also for a case of another operator, `newdesk.overtaken` when somebody was first;
    /// `newdesk.…`.
    pub async fn act(
        &self,
        scope: Scope,
        number: CaseNumber,
        seen: Option<i64>,
        command: Command,
        doer: Doer<Hat>,
    ) -> Result<Stored<Case>, Refusal> {
        let desk = self.clone();
        let done = self
            .db()
            .write(move |tx| {
                let id = store::by_number(tx, &scope, number)?.ok_or(Halt::NoCase)?;
                act(tx, desk.cases(), id, seen, &command, &doer, desk.means(desk.now()))
            })
            .await;
        done.map(|done| done.case).map_err(no::told)
    }

    /// Everything about a case, and what `hat` may do to it.
    ///
    /// # Errors
    /// `newdesk.no_case` also for a case of another operator; `newdesk.unavailable`.
    pub async fn case(&self, scope: Scope, number: CaseNumber, hat: Hat) -> Result<CaseFile, Refusal> {
        let now = self.now();
        let found = self.db().read(move |tx| {
            let Some(id) = store::by_number(tx, &scope, number)? else { return Ok(None) };
            let Some(case) = store::load(tx, id)? else { return Ok(None) };
            let events = events::events(tx, Cases::DESK, id)?;
            let possible = possible::<Cases>(Some(&case.case), hat);
            Ok::<_, StoreError>(Some(CaseFile { case, events, possible, now }))
        });
        found.await.map_err(|error| no::told(Halt::Store(error)))?.ok_or_else(no::no_case)
    }
}

#[cfg(test)]
pub(crate) mod tests;
