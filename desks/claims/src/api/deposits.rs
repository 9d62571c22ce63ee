//! `/api/v1/claims/deposits`: what reached the federation's account, and whose it is (C10). For programs of the
//! federation alone.

use super::{
    PREFIX, again,
    asked::{self, bad_day},
    stop::Stop,
    who::By,
};
use crate::{
    Claims, no,
    service::{TypedDeposit, book},
    store::accounts::walk::{self, Owned, Whose},
    words::HolderKind,
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use core_words::{Refusal, Yen};
use kit_desk::api::{
    Answer, Asked, At, Problem, ProblemBody, Reply, Seen, fields, json, refusals::bad_field, rfc3339_micros,
};
use kit_gate::Scope;
use kit_store::Tx;
use kit_web::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Octets of a body: four texts of 100 characters, each escaped as a pair of surrogates, and room for the rest.
const BODY_OCTETS: usize = 16 << 10;
/// Characters of a text: as on the page.
const LONGEST: usize = 100;
/// Yen of a transfer: as on the page.
const MOST_YEN: i64 = 1_000_000_000;
/// Transfers in one answer, unless another number is asked for, and the most.
const USUAL: u32 = 50;
const MOST: u32 = 200;

/// A transfer to be entered, as it stands in the bank book (通帳).
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNewDeposit)]
pub(super) struct NewDepositBody {
    /// The day as the bank has it; not after today.
    #[schema(format = Date, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "2026-11-20")]
    day: String,
    /// How much.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    #[serde(deserialize_with = "kit_desk::api::fields::whole")]
    amount_yen: i64,
    /// Who paid, in the words of the bank.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    payer: String,
    /// Whose it is, if that is known.
    #[serde(default)]
    #[schema(pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$", example = "DA13000017")]
    agent: Option<String>,
    /// The bank's own reference.
    #[serde(default)]
    #[schema(
        max_length = 100,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    reference: String,
    /// A note.
    #[serde(default)]
    #[schema(
        max_length = 100,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    note: String,
}

/// Whose a transfer is.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsAssignDeposit)]
pub(super) struct AssignBody {
    /// The ID of the agent.
    #[schema(pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$", example = "DA13000017")]
    agent: String,
    /// A note, in place of the one before.
    #[serde(default)]
    #[schema(
        max_length = 100,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    note: String,
}

/// A transfer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsDeposit)]
pub(super) struct DepositBody {
    /// Its number.
    #[schema(pattern = "^[0-9]{1,18}$")]
    id: String,
    /// How often it was changed, from 1; also the ETag. `If-Match` names it.
    #[schema(minimum = 1)]
    version: i64,
    /// The day as the bank has it.
    #[schema(format = Date, example = "2026-11-20")]
    day: String,
    /// How much; less than nothing where the bank took back what it had told of before.
    amount_yen: i64,
    /// Who paid, in the words of the bank.
    payer: String,
    /// The bank's own reference.
    reference: String,
    /// A note.
    note: String,
    /// Whose it is; `null` while nobody knows.
    agent: Option<String>,
    /// When it was entered.
    #[schema(format = DateTime)]
    entered_at: String,
}

/// A stretch of transfers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsDeposits)]
pub(super) struct DepositsBody {
    /// The transfers.
    deposits: Vec<DepositBody>,
    /// What to give as `after` for those that follow; null at the end.
    next: Option<String>,
}

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    whose: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// 入金の一覧 / transfers, in the order in which they were entered
///
/// Of all agents and of none, of one agent, or of none alone. Ask again with `after` until `next` is null.
#[utoipa::path(
    get,
    path = "/api/v1/claims/deposits",
    operation_id = "claimsDeposits",
    tag = "claims",
    params(
        ("whose" = Option<String>, Query, description = "Those of the agent of this ID alone; `nobody`: those of which nobody knows whose they are", pattern = "^(nobody|DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6})$"),
        ("after" = Option<String>, Query, description = "What an answer gave as `next`", pattern = "^[0-9]{1,18}-[0-9]{1,18}$"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Transfers", body = DepositsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    Asked(query): Asked<Query>,
) -> Result<Json<DepositsBody>, Problem> {
    by.staff()?;
    let after = asked::after(query.after.as_deref())?;
    let most = asked::number("limit", query.limit.as_deref(), USUAL, MOST)?;
    let scope = by.scope();
    let whose = match query.whose.as_deref() {
        None => Whose::All,
        Some("nobody") => Whose::Nobodys,
        Some(agent) => {
            let agent = asked::holder("whose", agent, Some(HolderKind::Agent))?;
            Whose::Of(claims.record(scope.clone(), agent).await?.holder.id)
        }
    };
    let found = claims.read(move |tx| walk::deposits(tx, &scope, whose, after, most + 1)).await?;
    let (found, next) = asked::stretch(found, most, |(deposit, _)| asked::place(deposit.entered, deposit.id));
    Ok(Json(DepositsBody { deposits: found.iter().map(told).collect(), next }))
}

/// 入金 / a transfer
#[utoipa::path(
    get,
    path = "/api/v1/claims/deposits/{id}",
    operation_id = "claimsDeposit",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the transfer", pattern = "^[0-9]{1,18}$"),
    ),
    responses(
        (status = 200, description = "The transfer", body = DepositBody, headers(("ETag" = String, description = "Its version"))),
        (status = "4XX", description = "Refused, or no such transfer", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Reply, Problem> {
    by.staff()?;
    let (scope, id) = (by.scope(), id(&text)?);
    let found = claims.read(move |tx| walk::deposit(tx, &scope, id)).await?.ok_or_else(no::no_deposit)?;
    Ok(Reply { answer: answer(StatusCode::OK, &found), again: false })
}

/// 入金を入力する / enter a transfer out of the bank book
#[utoipa::path(
    post,
    path = "/api/v1/claims/deposits",
    operation_id = "claimsEnterDeposit",
    tag = "claims",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NewDepositBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Entered", body = DepositBody, headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn enter(
    State(claims): State<Claims>,
    by: By,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    by.staff()?;
    let said: NewDepositBody = json(&headers, body, BODY_OCTETS).await?;
    let new = said.formed(Day::of(claims.now()))?;
    let target = format!("POST {PREFIX}/deposits");
    let reply = again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        let id = book::enter(tx, desk, scope, &new, doer)?;
        one(tx, scope, id, StatusCode::CREATED)
    });
    Ok(again::created(reply.await?, |body| body["id"].as_str().map(|id| format!("{PREFIX}/deposits/{id}"))))
}

/// 入金の代理人を登録する / say whose a transfer is
///
/// Once: what was said stays. With `If-Match`: when somebody was first, nothing is done (412).
#[utoipa::path(
    post,
    path = "/api/v1/claims/deposits/{id}/assign",
    operation_id = "claimsAssignDeposit",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the transfer", pattern = "^[0-9]{1,18}$"),
        ("If-Match" = String, Header, description = "The ETag of what was looked at", pattern = "^\"[1-9][0-9]{0,17}\"$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = AssignBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Done; the transfer as it is now", body = DepositBody, headers(("ETag" = String, description = "Its version"))),
        (status = 412, description = "Somebody was first", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn assign(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    Seen(seen): Seen,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let id = id(&text)?;
    let said: AssignBody = json(&headers, body, BODY_OCTETS).await?;
    let agent = asked::holder("agent", &said.agent, Some(HolderKind::Agent))?;
    fields::text("note", &said.note, LONGEST)?;
    let target = format!("POST {PREFIX}/deposits/{id}/assign {seen}");
    let note = said.note.trim().to_owned();
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        let (deposit, _) = walk::deposit(tx, scope, id)?.ok_or_else(no::no_deposit)?;
        if deposit.version != seen {
            return Err(Stop::Stale(Box::new(no::deposit_assigned())));
        }
        book::assign(tx, desk, scope, id, &agent, &note, doer)?;
        one(tx, scope, id, StatusCode::OK)
    })
    .await
}

impl NewDepositBody {
    fn formed(&self, today: Day) -> Result<TypedDeposit, Refusal> {
        let day = asked::day("day", &self.day)?;
        if day > today {
            return Err(bad_day("day"));
        }
        if !(1..=MOST_YEN).contains(&self.amount_yen) {
            let ja = format!("1～{MOST_YEN} の数です");
            let what = core_words::Text::new(ja, format!("must be a number from 1 to {MOST_YEN}"));
            return Err(bad_field("amount_yen", what));
        }
        for (field, text) in [("payer", &self.payer), ("reference", &self.reference), ("note", &self.note)] {
            fields::text(field, text, LONGEST)?;
        }
        if self.payer.trim().is_empty() {
            return Err(asked::missing("payer"));
        }
        let agent = self.agent.as_deref().map(|agent| asked::holder("agent", agent, Some(HolderKind::Agent)));
        Ok(TypedDeposit {
            agent: agent.transpose()?,
            day: day.begins(),
            amount: Yen(self.amount_yen),
            payer: self.payer.trim().to_owned(),
            reference: self.reference.trim().to_owned(),
            note: self.note.trim().to_owned(),
        })
    }
}

/// The number of a transfer in a path; anything else is a transfer that does not exist.
fn id(text: &str) -> Result<i64, Refusal> {
    asked::id(text).ok_or_else(no::no_deposit)
}

fn one(tx: &mut Tx, scope: &Scope, id: i64, status: StatusCode) -> Result<Answer, Stop> {
    let found = walk::deposit(tx, scope, id)?.ok_or_else(no::no_deposit)?;
    Ok(answer(status, &found))
}

fn answer(status: StatusCode, found: &Owned) -> Answer {
    Answer::new(status, Some(found.0.version), &told(found))
}

fn told((deposit, agent): &Owned) -> DepositBody {
    DepositBody {
        id: deposit.id.to_string(),
        version: deposit.version,
        day: Day::of(deposit.day).to_string(),
        amount_yen: deposit.amount.0,
        payer: deposit.payer.clone(),
        reference: deposit.reference.clone(),
        note: deposit.note.clone(),
        agent: agent.as_ref().map(ToString::to_string),
        entered_at: rfc3339_micros(deposit.entered),
    }
}
