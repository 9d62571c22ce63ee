//! `/api/v1/claims/agents`: the accounts of agents (C10): balances, what was done with the money, fees paid from it, money
//! sent back. For programs of the federation alone.

mod body;

use super::{PREFIX, again, asked, stop::Stop, who::By};
use crate::{
    Claims, no,
    service::{Picked, Stop as ServiceStop, book},
    store::{
        accounts::{self, walk},
        holders,
    },
    words::{HolderKind, HolderNumber},
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use body::{AccountBody, AgentBody, AgentsBody, EntriesBody, PayBody, PickedBody, RefundBody, entry, told};
use core_words::{Refusal, Text, Yen};
use kit_desk::{
    Halt,
    api::{Answer, Asked, At, Problem, ProblemBody, Reply, fields, json, refusals::bad_field},
};
use kit_gate::Scope;
use kit_store::Tx;
use serde::Deserialize;

/// Octets of a body: a hundred numbers with versions, and room for the rest.
const BODY_OCTETS: usize = 16 << 10;
/// Characters of a note: as on the page.
const LONGEST: usize = 100;
/// Applications that are paid for at once: as on the page.
const MOST_PICKED: usize = 100;
/// Yen that are sent back at once: as on the page.
const MOST_YEN: i64 = 2_147_483_647;
/// Lines in one answer, unless another number is asked for, and the most.
const USUAL: u32 = 50;
const MOST: u32 = 200;

/// Which lines.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    after: Option<String>,
    limit: Option<String>,
}

/// 入金と申請のある代理人 / agents with money, or with applications that wait for it
///
/// In the order of their IDs.
#[utoipa::path(
    get,
    path = "/api/v1/claims/agents",
    operation_id = "claimsAgents",
    tag = "claims",
    params(
        ("after" = Option<String>, Query, description = "The ID after which to go on", pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Agents", body = AgentsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    Asked(query): Asked<Query>,
) -> Result<Json<AgentsBody>, Problem> {
    by.staff()?;
    let after = query.after.as_deref().map(|after| asked::holder("after", after, Some(HolderKind::Agent)));
    let after = after.transpose()?.map(|after| after.to_string()).unwrap_or_default();
    let most = asked::number("limit", query.limit.as_deref(), USUAL, MOST)?;
    let scope = by.scope();
    let mut agents = claims
        .read(move |tx| {
            let mut agents = Vec::new();
            for line in accounts::concerned(tx, &scope, &after, i64::from(most) + 1)? {
                if let Some(holder) = holders::load(tx, line.holder)? {
                    agents.push(AgentBody {
                        agent: holder.number.to_string(),
                        name: holder.name,
                        balance_yen: line.balance.0,
                        waiting: line.waiting,
                        fees_yen: line.fees.0,
                    });
                }
            }
            Ok(agents)
        })
        .await?;
    let more = agents.len() > most as usize;
    agents.truncate(most as usize);
    let next = agents.last().filter(|_| more).map(|line| line.agent.clone());
    Ok(Json(AgentsBody { agents, next }))
}

/// 代理人の残高 / the account of an agent
///
/// What came is under `GET /deposits?whose=`.
#[utoipa::path(
    get,
    path = "/api/v1/claims/agents/{agent}",
    operation_id = "claimsAccount",
    tag = "claims",
    params(
        ("agent" = String, Path, description = "The ID of the agent", example = "DA13000017", pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$"),
    ),
    responses(
        (status = 200, description = "The account", body = AccountBody),
        (status = "4XX", description = "Refused, or no such agent", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Json<AccountBody>, Problem> {
    by.staff()?;
    Ok(Json(told(&claims.account(by.scope(), agent_of(&text)?).await?)))
}

/// 入出金の記録 / what was done with an agent's money, in the order in which it was done
#[utoipa::path(
    get,
    path = "/api/v1/claims/agents/{agent}/entries",
    operation_id = "claimsAccountEntries",
    tag = "claims",
    params(
        ("agent" = String, Path, description = "The ID of the agent", example = "DA13000017", pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$"),
        ("after" = Option<String>, Query, description = "What an answer gave as `next`", pattern = "^[0-9]{1,18}-[0-9]{1,18}$"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Entries", body = EntriesBody),
        (status = "4XX", description = "Refused, or no such agent", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn entries(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<EntriesBody>, Problem> {
    by.staff()?;
    let (scope, agent) = (by.scope(), agent_of(&text)?);
    let after = asked::after(query.after.as_deref())?;
    let most = asked::number("limit", query.limit.as_deref(), USUAL, MOST)?;
    let found = claims.read(move |tx| match holders::by_number(tx, &scope, &agent)? {
        Some(holder) => walk::entries(tx, holder.id, after, most + 1).map(Some),
        None => Ok(None),
    });
    let found = found.await?.ok_or_else(no::no_agent)?;
    let (found, next) = asked::stretch(found, most, |(id, entry)| asked::place(entry.at, *id));
    Ok(Json(EntriesBody { entries: found.into_iter().map(entry).collect(), next }))
}

/// 入金登録 / pay the fees of applications out of the balance (C10)
///
/// All of them or none. They are registered for issue with that; a manager may undo each for a while.
#[utoipa::path(
    post,
    path = "/api/v1/claims/agents/{agent}/payments",
    operation_id = "claimsPayFees",
    tag = "claims",
    params(
        ("agent" = String, Path, description = "The ID of the agent", example = "DA13000017", pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = PayBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Done; the account as it is now", body = AccountBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn pay(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let agent = agent_of(&text)?;
    let said: PayBody = json(&headers, body, BODY_OCTETS).await?;
    if !(1..=MOST_PICKED).contains(&said.cases.len()) {
        return Err(out_of("cases", 1, 100).into());
    }
    let picked = said.cases.iter().map(PickedBody::formed).collect::<Result<Vec<_>, _>>()?;
    let target = format!("POST {PREFIX}/agents/{agent}/payments");
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        book::pay(tx, desk, scope, &agent, &picked, doer).map_err(told_of)?;
        account(tx, scope, &agent, StatusCode::OK)
    })
    .await
}

/// 返金の記録 / record money that the bank sent back to an agent
#[utoipa::path(
    post,
    path = "/api/v1/claims/agents/{agent}/refunds",
    operation_id = "claimsRefund",
    tag = "claims",
    params(
        ("agent" = String, Path, description = "The ID of the agent", example = "DA13000017", pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = RefundBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Recorded; the account as it is now", body = AccountBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn refund(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let agent = agent_of(&text)?;
    let said: RefundBody = json(&headers, body, BODY_OCTETS).await?;
    if !(1..=MOST_YEN).contains(&said.amount_yen) {
        return Err(out_of("amount_yen", 1, MOST_YEN).into());
    }
    fields::text("note", &said.note, LONGEST)?;
    let (amount, note) = (Yen(said.amount_yen), said.note.trim().to_owned());
    if note.is_empty() {
        return Err(asked::missing("note").into());
    }
    let target = format!("POST {PREFIX}/agents/{agent}/refunds");
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        book::refund(tx, desk, scope, &agent, amount, &note, doer)?;
        account(tx, scope, &agent, StatusCode::CREATED)
    })
    .await
}

impl PickedBody {
    fn formed(&self) -> Result<Picked, Refusal> {
        if self.version < 1 {
            return Err(out_of("cases", 1, i64::MAX));
        }
        Ok(Picked { number: super::number(&self.number)?, version: self.version })
    }
}

/// Versions that the body names, and no header: that somebody was first is a conflict (409).
fn told_of(stop: ServiceStop) -> Stop {
    match stop {
        ServiceStop::Halt(halt @ Halt::Overtaken { .. }) => no::told(halt).into(),
        other => other.into(),
    }
}

/// The agent of a path; anything else is an agent that does not exist.
fn agent_of(text: &str) -> Result<HolderNumber, Refusal> {
    let found = HolderNumber::new(text).filter(|number| number.kind() == HolderKind::Agent);
    found.ok_or_else(no::no_agent)
}

fn account(tx: &mut Tx, scope: &Scope, agent: &HolderNumber, status: StatusCode) -> Result<Answer, Stop> {
    let account = book::account(tx, scope, agent)?.ok_or_else(no::no_agent)?;
    Ok(Answer::new(status, None, &told(&account)))
}

fn out_of(field: &str, from: i64, to: i64) -> Refusal {
    bad_field(field, Text::new(format!("{from}～{to} です"), format!("must be from {from} to {to}")))
}
