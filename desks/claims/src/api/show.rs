//! `GET /api/v1/claims/cases/{number}`: a case, and what may be done to it (C4, C8, C20).

use super::{
    number,
    view::{self, CaseBody},
    who::By,
};
use crate::Claims;
use axum::{extract::State, http::StatusCode};
use kit_desk::api::{At, Problem, ProblemBody, Reply};

/// 申請の内容と状況 / a case, and what may be done to it
///
/// `actions` are what the caller may do now; each is posted with `If-Match` naming the ETag of this answer.
#[utoipa::path(
    get,
    path = "/api/v1/claims/cases/{number}",
    operation_id = "claimsCase",
    tag = "claims",
    params(("number" = String, Path, description = "The number of the case", example = "C-2026-0000001-7")),
    responses(
        (status = 200, description = "The case", body = CaseBody, headers(("ETag" = String, description = "Its version"))),
        (status = "4XX", description = "Refused, or no such case", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Reply, Problem> {
    let file = by.case(&claims, number(&text)?).await?;
    Ok(Reply { answer: view::answer(StatusCode::OK, &file, by.hat), again: false })
}
