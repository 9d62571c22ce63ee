//! `POST /api/v1/claims/password`: a new issue password, sealed to a certificate of the applicant (C7).

use super::{DESK, PREFIX, again, number, stop::Stop, who::By};
use crate::{Claims, service::Reissued};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use kit_desk::api::{Answer, Once, Problem, ProblemBody, answers, json, rfc3339_micros};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Octets of a body: a number.
const BODY_OCTETS: usize = 4 << 10;

/// A reissue as it is asked for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsReissue)]
pub(super) struct ReissueBody {
    /// The number of the case whose certificate is to open the new password: issued, in force, and downloaded before
    /// if the service made its key.
    #[schema(example = "C-2026-0000001-7", max_length = 40)]
    certificate: String,
}

/// A password that was reissued. Itself it is in the file of the notice alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsReissued)]
struct ReissuedBody {
    /// The notice whose file has it: `GET /notices/{id}/file`.
    notice: i64,
    /// Which of the passwords that the holder had: 2 for the second.
    #[schema(minimum = 2)]
    version: i64,
    /// Since when it is in force, and the one before it is void.
    #[schema(format = DateTime)]
    at: String,
}

/// 証明書発行用パスワードを再発行する / have the issue password reissued
///
/// The password before it is void at once; files that were downloaded keep theirs. The new one comes as a notice with a
/// file `notice.p7m` (CMS EnvelopedData) that the key of the certificate opens. Three times a day at most.
#[utoipa::path(
    post,
    path = "/api/v1/claims/password",
    operation_id = "claimsReissuePassword",
    tag = "claims",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128)),
    request_body(content = ReissueBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Reissued", body = ReissuedBody, headers(("Location" = String, description = "The notice"))),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn reissue(
    State(claims): State<Claims>,
    by: By,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let holder = by.holder()?;
    let asked: ReissueBody = json(&headers, body, BODY_OCTETS).await?;
    let target = format!("POST {PREFIX}/password");
    let once = Once::of(&headers, DESK, by.machine.account, &target, &asked, claims.digest())?;
    // A repeat is answered before anything is drawn, and counts for none of the day.
    if let Some(reply) = again::before(&claims, once.as_ref()).await? {
        return Ok(again::created(reply, place));
    }
    let (number, lang) = (number(&asked.certificate)?, by.machine.lang);
    let prepared = claims.prepare_reissue(by.scope(), holder, number, lang, by.hat).await?;
    let (desk, doer) = (claims.clone(), by.doer());
    let reply = claims.db().write(move |tx| {
        answers::once(tx, once.as_ref(), desk.now(), |tx| {
            let Reissued { notice, version, at } = desk.reissue(tx, &prepared, &doer)?;
            let body = ReissuedBody { notice: notice.0, version, at: rfc3339_micros(at) };
            Ok::<_, Stop>(Answer::new(StatusCode::CREATED, None, &body))
        })
    });
    Ok(again::created(reply.await?, place))
}

/// Where the notice is.
fn place(body: &Value) -> Option<String> {
    body["notice"].as_i64().map(|id| format!("{PREFIX}/notices/{id}"))
}
