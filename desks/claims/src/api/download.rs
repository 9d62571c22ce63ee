//! `POST /api/v1/claims/cases/{number}/download`: the certificate, with its key if the service made it (C5).

use super::{number, who::By};
use crate::{Claims, service::Download};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use kit_desk::api::{At, Problem, ProblemBody, fields, json};
use serde::Deserialize;
use utoipa::ToSchema;

/// Octets of a body: a password, each character of it escaped.
const BODY_OCTETS: usize = 4 << 10;

/// What a download is asked for with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsDownload)]
pub(super) struct DownloadBody {
    /// The issue password (証明書発行用パスワード); a PKCS#12 file opens with it.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128, pattern = "^[^\\u0000]*$")]
    issue_password: fields::Secret,
}

/// 証明書をダウンロードする / download the certificate
///
/// A PKCS#12 file with key, certificate and chain, which opens with the issue password; or certificate and chain in
/// PEM when the key is the applicant's own. It may be asked for again as long as the key is kept; each time is on
/// record.
#[utoipa::path(
    post,
    path = "/api/v1/claims/cases/{number}/download",
    operation_id = "claimsDownload",
    tag = "claims",
    params(("number" = String, Path, description = "The number of the case", example = "C-2026-0000001-7")),
    request_body(content = DownloadBody, content_type = "application/json"),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "application/x-pkcs12"),
            (String = "application/x-pem-file"),
        )),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn download(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let number = number(&text)?;
    let holder = by.holder()?;
    let asked: DownloadBody = json(&headers, body, BODY_OCTETS).await?;
    let typed = asked.issue_password.take("issue_password")?;
    let Download { name, media_type, octets } =
        claims.download(by.scope(), number, holder, typed, by.doer()).await?;
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    // The owner is wiped once the last octet was sent.
    Ok((headers, Bytes::from_owner(Wiped(octets))).into_response())
}

/// Octets that are wiped when dropped.
struct Wiped(zeroize::Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
