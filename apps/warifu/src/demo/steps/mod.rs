//! The story, step by step.
//!
//! ```text
//! 3 years and 2 months ago   ready, ceremony, opening, requests, first orders
//! nearly 3 years ago         a federation comes to the claims desk, with its first certificates
//! 2 years ago                second orders, refusals, revocations, lists
//! 14 months ago              rollover, cross-certification
//! the last weeks             orders of TLS servers, the last revocations, backup and restore
//! now                        ledger, artifacts, a card, the day of that federation, the real clock
//! ```
//! Between them time passes: lists are made at their pace, and none may expire before its successor is out.

mod artifacts;
mod backup;
mod card;
mod ceremony;
mod claims;
mod cross;
mod federation;
mod issuing;
mod last_day;
mod ledger;
mod lists;
mod opening;
mod passing;
mod present;
mod ready;
mod refusals;
mod requests;
mod revoking;
mod rollover;

use super::{Demo, tell::Teller, wanted::Wave};
use crate::{commands::serve::Server, fail::Outcome};

/// How many steps there are.
pub(super) const COUNT: usize = 36;

/// Plays them all. What comes back is the server, on the real clock.
pub(super) async fn play(demo: &Demo, tell: &mut Teller) -> Outcome<Server> {
    let (house, openssl) = ready::run(demo, tell)?;
    let founded = ceremony::run(&house, tell).await?;
    let mut town = opening::run(house, openssl, founded, tell).await?;
    let mut requests = requests::run(&town, tell).await?;
    issuing::run(&mut town, tell, Wave::First, &mut requests).await?;

    let day = |town: &super::town::Town, days| town.house.clock.days_ago(days);
    // What is issued now for three years ends in eleven weeks, counted from the present.
    passing::run(&town, tell, day(&town, 1_020)).await?;
    let federation = federation::enter(&town, tell).await?;
    let mut years = federation::begin(&town, tell, &federation).await?;

    passing::run(&town, tell, day(&town, 730)).await?;
    federation::revoke(&mut town, tell, &years).await?;
    issuing::run(&mut town, tell, Wave::Second, &mut requests).await?;
    refusals::run(&town, tell).await?;
    revoking::run(&mut town, tell).await?;
    lists::run(&town, tell).await?;

    passing::run(&town, tell, day(&town, 425)).await?;
    rollover::run(&town, tell).await?;
    cross::run(&town, tell).await?;

    // So early that the full lists due on the third day from the end are out then, not later.
    passing::run(&town, tell, day(&town, 43).plus_seconds(-120)).await?;
    federation::lately(&town, tell, &federation, &mut years).await?;
    issuing::run(&mut town, tell, Wave::Third, &mut requests).await?;
    passing::run(&town, tell, day(&town, 3)).await?;
    last_day::run(&mut town, tell).await?;
    let mut people = claims::run(&mut town, tell).await?;
    backup::run(&town, tell).await?;
    ledger::run(&town, tell).await?;
    artifacts::run(&town, tell).await?;
    card::run(&town, tell)?;
    // After everything that counts what the authorities issued.
    federation::run(&town, tell, &mut people, (&federation, &years)).await?;
    present::run(demo, town, people, tell).await
}
