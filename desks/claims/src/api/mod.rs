//! The desk for machines, under `/api/v1/claims` (K16): the same functions as the pages, the same table, the same
//! refusals. One file per operation.
//!
//! | request | what |
//! |---|---|
//! | `GET  /terms` | price, time and text to agree to of today |
//! | `GET  /cases?status=&q=&after=&limit=` | cases, in the order of their numbers ([`list`]) |
//! | `POST /cases` | an application ([`apply`]) |
//! | `GET  /cases/{number}` | a case and what may be done to it ([`show`]) |
//! | `POST /cases/{number}/{command}` | that ([`command`]), with `If-Match` |
//! | `POST /cases/{number}/download` | the certificate, with its key if the service made it ([`download`]) |
//! | `GET  /cases/{number}/receipt.pdf` | the receipt ([`files`]) |
//! | `GET  /cases/{number}/proof/{version}` | the proof of the ledger ([`files`]) |
//! | `POST /password` | a new issue password, sealed to a certificate ([`password`]) |
//! | `GET  /notices?page=`, `/notices/{id}`, `/notices/{id}/file` | the board of an applicant ([`notices`]) |
//! | `GET  /runs`, `POST /runs` | mass work ([`runs`]) |
//! | `GET  /runs/{id}`, `/runs/{id}/lines` | how far it is, and what became of each line |
//! | `GET  /deposits`, `POST /deposits`, `GET /deposits/{id}` | transfers that came ([`deposits`]) |
//! | `POST /deposits/{id}/assign` | says whose a transfer is |
//! | `GET  /agents`, `/agents/{agent}`, `/agents/{agent}/entries` | the accounts of agents ([`agents`]) |
//! | `POST /agents/{agent}/payments`, `/agents/{agent}/refunds` | pays fees from a balance; money sent back |
//! | `GET  /holders`, `POST /holders` | care providers and agents ([`holders`]) |
//! | `GET  /holders/{number}`, `PUT /holders/{number}` | one of them; changes it, with `If-Match` |
//! | `POST /holders/{number}/close`, `/holders/{number}/reopen` | it claims no longer, or again |
//! | `GET  /holders/{number}/mandates`, `POST /mandates` | mandates ([`mandates`]) |
//! | `GET  /mandates/{id}`, `POST /mandates/{id}/end` | one of them, and its end |
//! | `GET  /offset`, `/offset/{month}`, `/offset/{month}/file.csv` | months of offset fees, and their files ([`offset`]) |
//! | `POST /offset/{month}/close`, `POST /offset/corrections` | closes a month; corrects a fee |
//! | `GET  /ledger`, `/ledger/{id}`, `/ledger/{id}/proof` | what was done, as the ledger has it ([`ledger`]) |
//! | `GET  /jobs`, `POST /jobs/{id}/rerun` | jobs that stopped, and running them again ([`jobs`]) |
//!
//! Programs sign in by a token of an account, with the roles of the account: a provider's sees and does what the
//! provider may, a clerk's what the clerk may.

mod again;
mod agents;
mod apply;
mod asked;
mod command;
mod deposits;
mod describe;
mod download;
mod files;
mod holders;
mod jobs;
mod ledger;
mod list;
mod mandates;
mod notices;
mod offset;
mod password;
mod runs;
mod show;
mod stop;
mod terms;
pub(crate) mod view;
mod who;

use crate::{Claims, no};
use axum::{
    extract::FromRef,
    routing::{get, post},
};
use core_words::{CaseNumber, Refusal};
use kit_desk::api::all_problems;
use kit_gate::Gate;
use kit_web::Pages;

/// The name of the desk, for answers that are kept.
const DESK: &str = "claims";
/// Where the API of the desk stands.
const PREFIX: &str = "/api/v1/claims";

impl Claims {
    /// The operations for machines, with their whole paths.
    pub(crate) fn api_router(&self) -> Pages {
        let at = |path: &str| format!("{PREFIX}{path}");
        let routes = Pages::new()
            .route(&at("/terms"), get(terms::terms))
            .route(&at("/cases"), get(list::list).post(apply::apply))
            .route(&at("/runs"), get(runs::list).post(runs::start))
            .route(&at("/runs/{id}"), get(runs::show))
            .route(&at("/runs/{id}/lines"), get(runs::lines))
            .route(&at("/cases/{number}"), get(show::show))
            .route(&at("/cases/{number}/receipt.pdf"), get(files::receipt))
            .route(&at("/cases/{number}/proof/{version}"), get(files::proof))
            .route(&at("/cases/{number}/download"), post(download::download))
            .route(&at("/cases/{number}/{command}"), post(command::command))
            .route(&at("/password"), post(password::reissue))
            .route(&at("/notices"), get(notices::list))
            .route(&at("/notices/{id}"), get(notices::show))
            .route(&at("/notices/{id}/file"), get(notices::file))
            .route(&at("/deposits"), get(deposits::list).post(deposits::enter))
            .route(&at("/deposits/{id}"), get(deposits::show))
            .route(&at("/deposits/{id}/assign"), post(deposits::assign))
            .route(&at("/agents"), get(agents::list))
            .route(&at("/agents/{agent}"), get(agents::show))
            .route(&at("/agents/{agent}/entries"), get(agents::entries))
            .route(&at("/agents/{agent}/payments"), post(agents::pay))
            .route(&at("/agents/{agent}/refunds"), post(agents::refund))
            .route(&at("/holders"), get(holders::list).post(holders::enter))
            .route(&at("/holders/{number}"), get(holders::show).put(holders::change))
            .route(&at("/holders/{number}/close"), post(holders::close))
            .route(&at("/holders/{number}/reopen"), post(holders::reopen))
            .route(&at("/holders/{number}/mandates"), get(mandates::list))
            .route(&at("/mandates"), post(mandates::enter))
            .route(&at("/mandates/{id}"), get(mandates::show))
            .route(&at("/mandates/{id}/end"), post(mandates::end))
            .route(&at("/offset"), get(offset::list))
            .route(&at("/offset/{month}"), get(offset::show))
            .route(&at("/offset/corrections"), post(offset::correct))
            .route(&at("/offset/{month}/file.csv"), get(offset::file))
            .route(&at("/offset/{month}/close"), post(offset::close))
            .route(&at("/ledger"), get(ledger::list))
            .route(&at("/ledger/{id}"), get(ledger::show))
            .route(&at("/ledger/{id}/proof"), get(ledger::proof))
            .route(&at("/jobs"), get(jobs::list))
            .route(&at("/jobs/{id}/rerun"), post(jobs::rerun));
        all_problems(routes, PREFIX).with_state(self.clone())
    }

    /// What OpenAPI 3.1 tells of the API: one operation for each command, with who may and when, from the table.
    pub fn openapi() -> utoipa::openapi::OpenApi {
        describe::description()
    }
}

impl FromRef<Claims> for Gate {
    fn from_ref(claims: &Claims) -> Self {
        claims.gate().clone()
    }
}

/// The number of a case in a path; anything else is a case that does not exist.
fn number(text: &str) -> Result<CaseNumber, Refusal> {
    CaseNumber::parse(text).map_err(|_| no::no_case())
}

#[cfg(test)]
pub(crate) mod tests;
