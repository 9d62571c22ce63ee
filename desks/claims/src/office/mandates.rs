//! Mandates of agents (代理人の委任, C23): entered, ended, never deleted.

use super::{
    Halt, Who,
    refusals::{
        closed, mandate_backwards, mandate_between, mandate_over, mandate_overlaps, no_mandate, no_office,
    },
};
use crate::{
    Claims, no,
    service::LONGEST_TEXT,
    status::Hat,
    store::{
        holders,
        mandates::{self, Mandate, NewMandate},
    },
    words::{HolderId, HolderKind, HolderNumber},
};
use core_words::{Refusal, UtcMicros};
use kit_desk::Doer;
use kit_gate::Scope;
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};
use kit_web::Day;

/// A mandate was entered.
pub(super) const ENTERED: &str = "claims.enter-mandate";
/// A mandate was ended.
pub(super) const ENDED: &str = "claims.end-mandate";

/// A mandate as it is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedMandate {
    /// The ID of the agent.
    pub agent: HolderNumber,
    /// The number of the care provider.
    pub provider: HolderNumber,
    /// Its first day.
    pub from: Day,
    /// Its last day; `None` for one without an end.
    pub until: Option<Day>,
    /// What the clerk notes; at most 1,000 characters.
    pub note: String,
}

/// Whether the agent held a mandate of the care provider at `at`, in a transaction under way (C24).
///
/// # Errors
/// Those of the store.
pub fn mandate_in_force(
    tx: &mut Tx,
    agent: HolderId,
    provider: HolderId,
    at: UtcMicros,
) -> Result<bool, StoreError> {
    mandates::in_force(tx, agent, provider, at)
}

impl Claims {
    /// Enters a mandate; its id.
    ///
    /// # Errors
    /// `claims.mandate_between` when they are not an agent and a care provider, `claims.mandate_backwards`,
    /// `claims.mandate_overlaps`, `claims.office_closed`, `claims.text_too_long`, `claims.unavailable`.
    pub async fn enter_mandate(
        &self,
        scope: Scope,
        new: TypedMandate,
        doer: Doer<Hat>,
    ) -> Result<i64, Refusal> {
        let who = Who::from(doer);
        self.manage(move |tx, claims| enter(tx, claims, &scope, &new, &who)).await
    }

    /// Ends a mandate now.
    ///
    /// # Errors
    /// `claims.no_mandate`, `claims.mandate_over`, `claims.text_too_long`, `claims.unavailable`.
    pub async fn end_mandate(
        &self,
        scope: Scope,
        id: i64,
        reason: String,
        doer: Doer<Hat>,
    ) -> Result<(), Refusal> {
        let who = Who::from(doer);
        self.manage(move |tx, claims| end(tx, claims, &scope, id, &reason, &who)).await
    }

    /// A mandate.
    ///
    /// # Errors
    /// `claims.no_mandate`, `claims.unavailable`.
    pub async fn mandate(&self, scope: Scope, id: i64) -> Result<Mandate, Refusal> {
        self.read(move |tx| mandates::load(tx, &scope, id)).await?.ok_or_else(no_mandate)
    }

    /// The mandates of a holder, as agent or as care provider, the youngest first; at most 100.
    ///
    /// # Errors
    /// `claims.no_office`, `claims.unavailable`.
    pub async fn mandates(&self, scope: Scope, number: HolderNumber) -> Result<Vec<Mandate>, Refusal> {
        let found = self
            .read(move |tx| match holders::by_number(tx, &scope, &number)? {
                Some(holder) => mandates::of_holder(tx, holder.id, super::MOST).map(Some),
                None => Ok(None),
            })
            .await?;
        found.ok_or_else(no_office)
    }
}

/// Enters a mandate, in a transaction under way; its id.
pub(crate) fn enter(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &TypedMandate,
    who: &Who,
) -> Result<i64, Halt> {
    bearable(&new.note)?;
    if new.agent.kind() != HolderKind::Agent || new.provider.kind() != HolderKind::Provider {
        return Err(mandate_between().into());
    }
    if new.until.is_some_and(|until| until < new.from) {
        return Err(mandate_backwards().into());
    }
    let mut open = |number: &HolderNumber| -> Result<HolderId, Halt> {
        let record = holders::record(tx, scope, number)?.ok_or_else(mandate_between)?;
        if record.closed { Err(closed().into()) } else { Ok(record.holder.id) }
    };
    let (agent, provider) = (open(&new.agent)?, open(&new.provider)?);
    let (from, until) = (new.from.begins(), new.until.map(Day::ends));
    let mandate = NewMandate { agent, provider, from, until, note: &new.note };
    let id = mandates::insert(tx, scope, &mandate, claims.now())?.ok_or_else(mandate_overlaps)?;
    note(tx, claims, scope, ENTERED, id, who)?;
    Ok(id)
}

/// Ends a mandate now, in a transaction under way.
pub(crate) fn end(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    id: i64,
    reason: &str,
    who: &Who,
) -> Result<(), Halt> {
    bearable(reason)?;
    mandates::load(tx, scope, id)?.ok_or_else(no_mandate)?;
    if !mandates::end(tx, scope, id, reason, claims.now())? {
        return Err(mandate_over().into());
    }
    note(tx, claims, scope, ENDED, id, who)
}

fn bearable(note: &str) -> Result<(), Refusal> {
    if note.chars().count() > LONGEST_TEXT { Err(no::text_too_long("note")) } else { Ok(()) }
}

fn note(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    kind: &'static str,
    id: i64,
    who: &Who,
) -> Result<(), Halt> {
    let mut entry = Entry::new(kind, who.actor.clone(), format!("claims.mandate:{id}"));
    entry.list_for(scope.operator());
    kit_ledger::append(tx, &entry, claims.now(), claims.dice(), claims.digest())?;
    Ok(())
}
