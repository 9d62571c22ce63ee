//! `POST /api/v1/authorities/{authority}/revocations`: revoking, holding, releasing (K4).

use super::{
    Api,
    caller::Caller,
    fields::seconds,
    guard::RequestId,
    problem::{Problem, ProblemBody, broke},
    refusals,
    view::{self, StateBody},
};
use authority_front::{Refusal, Revocation, Text};
use axum::{
    Json,
    body::Body,
    extract::{Extension, State},
    http::HeaderMap,
};
use core_words::{CertRef, RevocationReason, Serial};
use kit_desk::api::json_octets;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, sync::Arc};
use utoipa::ToSchema;

/// The name RFC 5280 gives to taking a certificate off the list again: it releases a hold.
pub const RELEASE: &str = "removeFromCRL";
/// Octets of a revocation's body.
const BODY_OCTETS: usize = 8 << 10;

/// A change of a certificate's state.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RevocationOrder)]
pub struct RevocationBody<'a> {
    /// Serial number, hexadecimal.
    #[serde(borrow)]
    #[schema(value_type = String, pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub serial: Cow<'a, str>,
    /// The reason by its name in RFC 5280; `certificateHold` suspends, `removeFromCRL` releases.
    #[schema(value_type = ReasonName)]
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
    /// Since when the key is known or suspected to be bad; RFC 3339, not in the future.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub invalidity_date: Option<String>,
}

/// The names of RFC 5280 §5.3.1.
#[derive(ToSchema)]
#[schema(as = Reason, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum ReasonName {
    Unspecified,
    KeyCompromise,
    #[schema(rename = "cACompromise")]
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    #[schema(rename = "removeFromCRL")]
    RemoveFromCrl,
    PrivilegeWithdrawn,
    #[schema(rename = "aACompromise")]
    AaCompromise,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = RevocationResult)]
pub struct RevokedBody {
    /// The issuing authority.
    pub authority: String,
    /// Serial number, lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{1,40}$")]
    pub serial: String,
    /// Its state now.
    pub status: StateBody,
    /// True when it was in this state already and nothing changed.
    pub repeated: bool,
}

/// Revokes, holds or releases a certificate.
#[utoipa::path(
    post,
    path = "/api/v1/authorities/{authority}/revocations",
    operation_id = "revokeCertificate",
    tag = "certificates",
    params(("authority" = String, Path, description = "The issuing authority", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")),
    request_body(content = inline(RevocationBody), content_type = "application/json"),
    responses(
        (status = 200, description = "Done, or it was so already", body = RevokedBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = []), ("certificate" = []))
)]
pub async fn revoke(
    State(api): State<Arc<Api>>,
    caller: Caller,
    super::At(authority): super::At<String>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<RevokedBody>, Problem> {
    let authority = caller.authority(&authority)?;
    let octets = json_octets(&headers, body, BODY_OCTETS, api.limits.body).await?;
    let asked: RevocationBody<'_> =
        serde_json::from_slice(&octets).map_err(|e| refusals::malformed_json(&e.to_string()))?;
    let revocation = Revocation {
        cert: CertRef { authority, serial: serial(&asked.serial)? },
        reason: reason(&asked.reason)?,
        invalidity: asked.invalidity_date.map(|t| seconds(&t, "invalidity_date".into())).transpose()?,
        operator: caller.orderer().operator.clone(),
        actor: caller.actor(),
    };
    // A task of its own: a client that hangs up must not stop the authority between two deeds.
    let front = api.front.clone();
    let revoked = tokio::spawn(async move { front.revoke(revocation).await }).await;
    let revoked = revoked.map_err(|e| broke(&id, &e))??;
    api.meters.revoked(revoked.repeated);
    Ok(Json(RevokedBody {
        authority: revoked.cert.authority.to_string(),
        serial: revoked.cert.serial.to_string(),
        status: view::state(&revoked.state),
        repeated: revoked.repeated,
    }))
}

/// A serial number in hexadecimal.
///
/// # Errors
/// The refusal naming the field `serial`.
pub fn serial(text: &str) -> Result<Serial, Refusal> {
    Serial::from_hex(text).map_err(|e| {
        let ja = "シリアル番号（16 進、20 オクテットまでの正の整数）ではありません";
        refusals::bad_field("serial", Text::new(ja, e.to_string()))
    })
}

/// A reason by its name; `None` releases a hold.
///
/// # Errors
/// The refusal naming the field `reason`.
pub fn reason(text: &str) -> Result<Option<RevocationReason>, Refusal> {
    if text == RELEASE {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e: core_words::UnknownReason| {
        refusals::bad_field("reason", Text::new("RFC 5280 の失効理由ではありません", e.to_string()))
    })
}
