//! `/api/v1/claims/ledger`: what the ledger has of a federation's acts, and the proof of each (K8). For programs of the
//! federation alone.

use super::{
    asked::{self, place},
    files::{ReceiptBody, proof_answer},
    who::By,
};
use crate::{
    Claims,
    service::{Record, Topic, WantedRecords, Whom, no_record, told_by},
};
use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use core_words::{Actor, CaseNumber, Refusal, Text};
use kit_desk::api::{Asked, At, Problem, ProblemBody, TextBody, fields, refusals::bad_field, rfc3339_micros};
use kit_ledger::{EntryId, Place};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRecord)]
pub(super) struct RecordBody {
    /// Its number, by which it is asked for.
    #[schema(pattern = "^[0-9]{1,18}$")]
    id: String,
    /// Its place in the log, from 0; `null` until it has one, within the first second or so.
    #[schema(minimum = 0)]
    index: Option<u64>,
    /// When it was appended.
    #[schema(format = DateTime)]
    at: String,
    /// What happened.
    #[schema(example = "claims.register-issue")]
    kind: String,
    /// The same in words.
    label: TextBody,
    /// Who did it, as the ledger names them.
    #[schema(example = "staff:12")]
    actor: String,
    /// What they are called, where that is known.
    name: Option<String>,
    /// What it was done to.
    subject: String,
    /// The number of the case.
    #[schema(example = "C-2026-0000001-7")]
    case: Option<String>,
    /// SHA-256 of the public thing concerned, in hexadecimal.
    object: Option<String>,
}

/// An entry with what only its own page shows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRecordFile)]
pub(super) struct RecordFileBody {
    /// The entry.
    #[serde(flatten)]
    record: RecordBody,
    /// What was said with it; `null` when nothing was, or when it was erased.
    said: Option<String>,
    /// Whether a signed checkpoint covers it, so that it can be proved.
    provable: bool,
}

/// A stretch of entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRecords)]
pub(super) struct RecordsBody {
    /// The entries: the latest first, those about one case as they happened; at most 50.
    records: Vec<RecordBody>,
    /// What to give as `after` for those that follow; null at the end.
    next: Option<String>,
}

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    topic: Option<String>,
    actor: Option<String>,
    case: Option<String>,
    from: Option<String>,
    until: Option<String>,
    after: Option<String>,
}

/// 記録の一覧 / what was done, as the ledger has it
///
/// The latest first; about one case, as it happened. Ask again with `after` until `next` is null.
#[utoipa::path(
    get,
    path = "/api/v1/claims/ledger",
    operation_id = "claimsRecords",
    tag = "claims",
    params(
        ("topic" = Option<String>, Query, description = "About this alone", pattern = "^(cases|money|offices|told|runs|offset|deletion|jobs)$"),
        ("actor" = Option<String>, Query, description = "By this actor, as the ledger names them", example = "staff:12", pattern = "^[!-~]+$", min_length = 1, max_length = 100),
        ("case" = Option<String>, Query, description = "About the case of this number", example = "C-2026-0000001-7", pattern = "^[A-Z]-[1-9][0-9]{3}-[0-9]{7}-[0-9]$"),
        ("from" = Option<String>, Query, description = "From this day on", format = Date, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ("until" = Option<String>, Query, description = "Up to the end of this day", format = Date, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ("after" = Option<String>, Query, description = "What an answer gave as `next`", pattern = "^[0-9]{1,18}-[0-9]{1,18}$"),
    ),
    responses(
        (status = 200, description = "Entries", body = RecordsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    Asked(query): Asked<Query>,
) -> Result<Json<RecordsBody>, Problem> {
    by.staff()?;
    let wanted = wanted(&query)?;
    let found = claims.ledger(by.scope(), wanted).await?;
    Ok(Json(RecordsBody {
        records: found.lines.into_iter().map(told).collect(),
        next: found.next.map(|Place { at, id }| place(at, id.0)),
    }))
}

/// 記録 / an entry of the ledger
#[utoipa::path(
    get,
    path = "/api/v1/claims/ledger/{id}",
    operation_id = "claimsRecord",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the entry", pattern = "^[0-9]{1,18}$"),
    ),
    responses(
        (status = 200, description = "The entry", body = RecordFileBody),
        (status = "4XX", description = "Refused, or no such entry", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Response, Problem> {
    by.staff()?;
    let file = claims.ledger_record(by.scope(), id(&text)?).await?;
    let body = RecordFileBody { record: told(file.record), said: file.said, provable: file.provable };
    Ok(Json(body).into_response())
}

/// 記録の証明 / the proof that an entry is in the ledger
///
/// JSON, or with `Accept: text/plain` a C2SP tlog-proof. Not there within the first second or so.
#[utoipa::path(
    get,
    path = "/api/v1/claims/ledger/{id}/proof",
    operation_id = "claimsRecordProof",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the entry", pattern = "^[0-9]{1,18}$"),
    ),
    responses(
        (status = 200, description = "The proof", content(
            (ReceiptBody = "application/json"),
            (String = "text/plain"),
        )),
        (status = "4XX", description = "Refused, no such entry, or not signed yet", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn proof(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    by.staff()?;
    let proof = claims.ledger_proof(by.scope(), id(&text)?).await?;
    let name = format!("ledger-{}", proof.index);
    Ok(proof_answer(&asked, &name, &proof))
}

/// What a query asks for. What is not understood is named.
fn wanted(query: &Query) -> Result<WantedRecords, Refusal> {
    let slugs = || Topic::ALL.iter().map(|topic| topic.slug());
    let topic = query.topic.as_deref();
    let topic = topic.map(|slug| fields::one_of("topic", Topic::of_slug(slug), slugs())).transpose()?;
    let actor = query.actor.as_deref().map(|actor| {
        let known = Actor::kept(actor).ok_or_else(|| {
            bad_field("actor", Text::new("台帳での名前です", "must be as the ledger names somebody"))
        })?;
        Ok::<_, Refusal>(known.as_str().to_owned())
    });
    let case = query.case.as_deref().map(|case| {
        CaseNumber::parse(case).map_err(|_| {
            bad_field("case", Text::new("受付番号ではありません", "is not the number of a case"))
        })
    });
    let day = |name, text: &Option<String>| text.as_deref().map(|text| asked::day(name, text)).transpose();
    let after = query.after.as_deref().map(|text| asked::after(Some(text))).transpose()?;
    Ok(WantedRecords {
        topic,
        actor: actor.transpose()?,
        case: case.transpose()?,
        from: day("from", &query.from)?,
        until: day("until", &query.until)?,
        after: after.map(|after| Place { at: after.at, id: EntryId(after.id) }),
    })
}

fn id(text: &str) -> Result<EntryId, Refusal> {
    asked::id(text).map(EntryId).ok_or_else(no_record)
}

fn told(record: Record) -> RecordBody {
    let name = match record.whom {
        Whom::Staff(name) | Whom::Applicant(name) | Whom::Operator(name) => Some(name),
        Whom::System | Whom::Other(_) => None,
    };
    let hex = |octets: [u8; 32]| octets.iter().map(|octet| format!("{octet:02x}")).collect();
    RecordBody {
        id: record.id.0.to_string(),
        index: record.index,
        at: rfc3339_micros(record.body.time),
        label: told_by(&record.body.kind).into(),
        kind: record.body.kind,
        actor: record.body.actor,
        name,
        subject: record.body.subject,
        case: record.body.case,
        object: record.body.object.map(hex),
    }
}
