//! `/api/v1/claims/jobs`: jobs that stopped, and running them again (K10). For programs of the federation alone.

use super::{offset::NothingBody, who::By};
use crate::Claims;
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use kit_desk::api::{At, Problem, ProblemBody, json_or_nothing, rfc3339_micros};
use kit_jobs::JobId;
use serde::Serialize;
use utoipa::ToSchema;

/// Octets of a body: there is nothing to say.
const BODY_OCTETS: usize = 4 << 10;

/// A job that stopped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsStuckJob)]
pub(super) struct JobBody {
    /// Its number.
    id: i64,
    /// Its kind.
    kind: String,
    /// The number of the case that it is about.
    case: Option<String>,
    /// How often it was tried.
    attempts: u16,
    /// What the last try said.
    error: String,
    /// When it stopped.
    #[schema(format = DateTime)]
    at: String,
}

/// Jobs that stopped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsStuckJobs)]
pub(super) struct JobsBody {
    /// At most 50 of each kind.
    stopped: Vec<JobBody>,
}

/// 止まった自動処理 / jobs that stopped
#[utoipa::path(
    get,
    path = "/api/v1/claims/jobs",
    operation_id = "claimsJobs",
    tag = "claims",
    responses(
        (status = 200, description = "Jobs that stopped", body = JobsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(State(claims): State<Claims>, by: By) -> Result<Json<JobsBody>, Problem> {
    by.staff()?;
    let stopped = claims.jobs(by.scope()).await?.given_up.into_iter().map(|stuck| JobBody {
        id: stuck.job.id.0,
        kind: stuck.job.kind,
        case: stuck.case,
        attempts: stuck.job.attempts,
        error: stuck.job.last_error,
        at: rfc3339_micros(stuck.job.given_up),
    });
    Ok(Json(JobsBody { stopped: stopped.collect() }))
}

/// もう一度実行する / lets a job that stopped run again
///
/// For a manager. It needs no key: a second request finds nothing that stopped.
#[utoipa::path(
    post,
    path = "/api/v1/claims/jobs/{id}/rerun",
    operation_id = "claimsJobRerun",
    tag = "claims",
    params(("id" = i64, Path, description = "The number of the job", minimum = 1)),
    request_body(content = NothingBody, content_type = "application/json"),
    responses(
        (status = 202, description = "It waits again", body = NothingBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn rerun(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<NothingBody>), Problem> {
    by.staff()?;
    let said: NothingBody = json_or_nothing(&headers, body, BODY_OCTETS).await?;
    // What is no number is the number of no job.
    claims.rerun(by.scope(), JobId(text.parse().unwrap_or(0)), by.doer()).await?;
    Ok((StatusCode::ACCEPTED, Json(said)))
}
