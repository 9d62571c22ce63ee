//! Who calls: a program of a care provider or an agent, or one of the federation.

use crate::{Claims, no, service::CaseFile, status::Hat, web::holder_of, words::HolderId};
use axum::{extract::FromRequestParts, http::request::Parts};
use core_words::{CaseNumber, Refusal};
use kit_desk::{
    Capacity, Doer,
    api::{Caller, Problem},
};
use kit_gate::{Machine, Role, Scope};

/// A program, in the highest of its account's roles at this desk.
#[derive(Clone, Debug)]
pub(super) struct By {
    pub(super) machine: Machine,
    pub(super) hat: Hat,
    /// Whose cases alone it may see; `None` for staff, who see all of the federation's.
    pub(super) only: Option<HolderId>,
}

impl By {
    fn of(machine: Machine) -> Result<Self, Refusal> {
        let mut hats = [Hat::Manager, Hat::Clerk, Hat::Agent].into_iter();
        let hat = hats.find(|hat| machine.has(&role(*hat)));
        if let Some(hat) = hat.filter(|hat| !hat.applies()) {
            return Ok(Self { machine, hat, only: None });
        }
        let hat = match hat {
            Some(hat) => hat,
            None => machine.require(&role(Hat::Provider)).map(|_| Hat::Provider)?,
        };
        let only = Some(holder_of(machine.subject.as_deref()).ok_or_else(no::no_case)?);
        Ok(Self { machine, hat, only })
    }

    /// Whose rows.
    pub(super) fn scope(&self) -> Scope {
        self.machine.scope()
    }

    /// As who it acts.
    pub(super) fn doer(&self) -> Doer<Hat> {
        Doer { capacity: self.hat, actor: self.machine.actor(), account: Some(self.machine.account.0) }
    }

    /// The holder for which it acts: what only applicants do.
    pub(super) fn holder(&self) -> Result<HolderId, Refusal> {
        match self.only {
            Some(holder) => Ok(holder),
            // Staff lack the role, and are told so.
            None => Err(self.machine.require(&role(Hat::Provider)).err().unwrap_or_else(no::no_case)),
        }
    }

    /// Nothing for applicants.
    pub(super) fn staff(&self) -> Result<(), Refusal> {
        match self.only {
            None => Ok(()),
            Some(_) => Err(self.machine.require(&role(Hat::Clerk)).err().unwrap_or_else(no::no_case)),
        }
    }

    /// Everything about a case that it may see.
    pub(super) async fn case(&self, claims: &Claims, number: CaseNumber) -> Result<CaseFile, Refusal> {
        match self.only {
            Some(holder) => claims.own_case(self.scope(), holder, number, self.hat).await,
            None => claims.case(self.scope(), number, self.hat).await,
        }
    }
}

/// The role at the gate that goes with a hat.
fn role(hat: Hat) -> Role {
    Role::named(hat.slug())
}

impl FromRequestParts<Claims> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, claims: &Claims) -> Result<Self, Problem> {
        let Caller(machine) = Caller::from_request_parts(parts, claims).await?;
        Ok(Self::of(machine)?)
    }
}
