//! `/api/v1/claims/mandates`: which agent claims for which care provider (C23). For programs of the federation alone.

use super::{PREFIX, again, asked, holders::number_of, stop::Stop, who::By};
use crate::{
    Claims, Mandate,
    office::{
        self, Who,
        mandates::{self, TypedMandate},
    },
    store::{holders, mandates as store},
    words::{HolderKind, HolderNumber},
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use core_words::{Refusal, UtcMicros};
use kit_desk::api::{
    Answer, Asked, At, Problem, ProblemBody, Reply, fields, json, json_or_nothing, rfc3339_micros,
};
use kit_gate::Scope;
use kit_store::Tx;
use kit_web::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Octets of a body: a note of 200 characters, each escaped as a pair of surrogates, and room for the rest.
const BODY_OCTETS: usize = 16 << 10;
/// Characters of a note: as on the page.
const LONGEST: usize = 200;
/// Mandates in one answer, unless another number is asked for, and the most.
const USUAL: u32 = 50;
const MOST: u32 = 200;

/// A mandate to be entered.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNewMandate)]
pub(super) struct NewMandateBody {
    /// The ID of the agent.
    #[schema(pattern = "^DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}$", example = "DA13000017")]
    agent: String,
    /// The number of the care provider.
    #[schema(pattern = "^(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{8}$", example = "1310000011")]
    provider: String,
    /// Its first day.
    #[schema(format = Date, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "2026-12-01")]
    from: String,
    /// Its last day; without one it has no end.
    #[serde(default)]
    #[schema(format = Date, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "2027-11-30")]
    until: Option<String>,
    /// A note.
    #[serde(default)]
    #[schema(
        max_length = 200,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    note: String,
}

/// The end of a mandate.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsEndMandate)]
pub(super) struct EndBody {
    /// A note.
    #[serde(default)]
    #[schema(
        max_length = 200,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    note: String,
}

/// A mandate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsMandate)]
pub(super) struct MandateBody {
    /// Its number.
    #[schema(pattern = "^[0-9]{1,18}$")]
    id: String,
    /// The agent.
    agent: PartyBody,
    /// The care provider.
    provider: PartyBody,
    /// `coming`, `in-force`, `over` by its last day, or `ended` before that.
    #[schema(pattern = "^(coming|in-force|over|ended)$")]
    state: &'static str,
    /// Its first day.
    #[schema(format = Date)]
    from: String,
    /// Its last day; `null` for one without an end.
    #[schema(format = Date)]
    until: Option<String>,
    /// When it was ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// A note.
    note: String,
    /// A note on its end.
    end_note: String,
}

/// One of the two of a mandate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsMandateParty)]
pub(super) struct PartyBody {
    /// Its number.
    number: String,
    /// Its name.
    name: String,
}

/// A stretch of mandates.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsMandates)]
pub(super) struct MandatesBody {
    /// The mandates.
    mandates: Vec<MandateBody>,
    /// What to give as `after` for those that follow; null at the end.
    next: Option<String>,
}

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    after: Option<String>,
    limit: Option<String>,
}

/// 委任の一覧 / the mandates of a holder, as agent or as care provider, in the order in which they were entered
#[utoipa::path(
    get,
    path = "/api/v1/claims/holders/{number}/mandates",
    operation_id = "claimsMandates",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the holder", example = "1310000018"),
        ("after" = Option<String>, Query, description = "What an answer gave as `next`", pattern = "^[0-9]{1,18}-[0-9]{1,18}$"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Mandates", body = MandatesBody),
        (status = "4XX", description = "Refused, or no such holder", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<MandatesBody>, Problem> {
    by.staff()?;
    let (scope, number) = (by.scope(), number_of(&text)?);
    let after = asked::after(query.after.as_deref())?;
    let most = asked::number("limit", query.limit.as_deref(), USUAL, MOST)?;
    let found = claims.read(move |tx| match holders::by_number(tx, &scope, &number)? {
        Some(holder) => store::walk(tx, holder.id, number.kind(), after, most + 1).map(Some),
        None => Ok(None),
    });
    let found = found.await?.ok_or_else(office::no_office)?;
    let (found, next) = asked::stretch(found, most, |(entered, mandate)| asked::place(*entered, mandate.id));
    let now = claims.now();
    Ok(Json(MandatesBody { mandates: found.iter().map(|(_, mandate)| told(mandate, now)).collect(), next }))
}

/// 委任 / a mandate
#[utoipa::path(
    get,
    path = "/api/v1/claims/mandates/{id}",
    operation_id = "claimsMandate",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the mandate", pattern = "^[0-9]{1,18}$"),
    ),
    responses(
        (status = 200, description = "The mandate", body = MandateBody),
        (status = "4XX", description = "Refused, or no such mandate", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Json<MandateBody>, Problem> {
    by.staff()?;
    let mandate = claims.mandate(by.scope(), id(&text)?).await?;
    Ok(Json(told(&mandate, claims.now())))
}

/// 委任を登録する / enter a mandate
#[utoipa::path(
    post,
    path = "/api/v1/claims/mandates",
    operation_id = "claimsEnterMandate",
    tag = "claims",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NewMandateBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Entered", body = MandateBody, headers(("Location" = String, description = "Where it is"))),
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
    let said: NewMandateBody = json(&headers, body, BODY_OCTETS).await?;
    let new = said.formed()?;
    let target = format!("POST {PREFIX}/mandates");
    let reply = again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        let id = mandates::enter(tx, desk, scope, &new, &Who::from(doer.clone()))?;
        one(tx, scope, id, desk.now(), StatusCode::CREATED)
    });
    Ok(again::created(reply.await?, |body| body["id"].as_str().map(|id| format!("{PREFIX}/mandates/{id}"))))
}

/// 委任を終了する / end a mandate now
///
/// What was stays on record. A second request finds it over.
#[utoipa::path(
    post,
    path = "/api/v1/claims/mandates/{id}/end",
    operation_id = "claimsEndMandate",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the mandate", pattern = "^[0-9]{1,18}$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = EndBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Ended; the mandate as it is now", body = MandateBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn end(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let id = id(&text)?;
    let said: EndBody = json_or_nothing(&headers, body, BODY_OCTETS).await?;
    fields::text("note", &said.note, LONGEST)?;
    let note = said.note.trim().to_owned();
    let target = format!("POST {PREFIX}/mandates/{id}/end");
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        mandates::end(tx, desk, scope, id, &note, &Who::from(doer.clone()))?;
        one(tx, scope, id, desk.now(), StatusCode::OK)
    })
    .await
}

impl NewMandateBody {
    fn formed(&self) -> Result<TypedMandate, Refusal> {
        fields::text("note", &self.note, LONGEST)?;
        Ok(TypedMandate {
            agent: asked::holder("agent", &self.agent, Some(HolderKind::Agent))?,
            provider: asked::holder("provider", &self.provider, Some(HolderKind::Provider))?,
            from: asked::day("from", &self.from)?,
            until: self.until.as_deref().map(|until| asked::day("until", until)).transpose()?,
            note: self.note.trim().to_owned(),
        })
    }
}

/// The number of a mandate in a path; anything else is a mandate that does not exist.
fn id(text: &str) -> Result<i64, Refusal> {
    asked::id(text).ok_or_else(office::no_mandate)
}

fn one(tx: &mut Tx, scope: &Scope, id: i64, now: UtcMicros, status: StatusCode) -> Result<Answer, Stop> {
    let mandate = store::load(tx, scope, id)?.ok_or_else(office::no_mandate)?;
    Ok(Answer::new(status, None, &told(&mandate, now)))
}

fn told(mandate: &Mandate, now: UtcMicros) -> MandateBody {
    let party = |(number, name): &(HolderNumber, String)| PartyBody {
        number: number.to_string(),
        name: name.clone(),
    };
    let state = match mandate.ended {
        Some(_) => "ended",
        None if mandate.is_over(now) => "over",
        None if mandate.in_force(now) => "in-force",
        None => "coming",
    };
    MandateBody {
        id: mandate.id.to_string(),
        agent: party(&mandate.agent),
        provider: party(&mandate.provider),
        state,
        from: Day::of(mandate.from).to_string(),
        until: mandate.until.map(|until| Day::of(until).to_string()),
        ended_at: mandate.ended.map(rfc3339_micros),
        note: mandate.note.clone(),
        end_note: mandate.end_note.clone(),
    }
}
