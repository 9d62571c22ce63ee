//! `POST /api/v1/authorities/{authority}/certificates`: one certificate. The hot path.

use super::{
    Api,
    caller::Caller,
    fields::{KEY_CHARS, OrderBody, idempotency_key},
    guard::RequestId,
    problem::{Problem, ProblemBody, broke},
    refusals,
    view::{self, IssuedBody},
};
use authority_front::{Order, Refusal};
use axum::{
    body::Body,
    extract::{Extension, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use core_words::{AuthorityId, ProfileId};
use kit_desk::api::json_octets;
use std::{sync::Arc, time::Instant};

/// The orderer's name for its order; a repeat under the same name is answered with the first result.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an earlier order under the same key was answered again.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replay");

/// Issues a certificate.
#[utoipa::path(
    post,
    path = "/api/v1/authorities/{authority}/certificates",
    operation_id = "issueCertificate",
    tag = "certificates",
    params(
        ("authority" = String, Path, description = "The authority to issue", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key returns the first result", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = inline(OrderBody), content_type = "application/json"),
    responses(
        (status = 201, description = "Issued", body = IssuedBody),
        (status = 200, description = "Issued before under the same key", body = IssuedBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = []), ("certificate" = []))
)]
pub async fn issue(
    State(api): State<Arc<Api>>,
    caller: Caller,
    super::At(authority): super::At<String>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let begun = Instant::now();
    let authority = caller.authority(&authority)?;
    let key = headers.get(IDEMPOTENCY_KEY).map(|v| idempotency_key(v.as_bytes(), KEY_CHARS)).transpose()?;
    let limits = &api.limits;
    let octets = json_octets(&headers, body, limits.body_octets, limits.body).await?;
    let asked: OrderBody<'_> =
        serde_json::from_slice(&octets).map_err(|e| refusals::malformed_json(&e.to_string()))?;
    let order = asked.into_order(template(&caller, authority, key), "").map_err(Refusal::from)?;
    caller.may_use(&order.profile)?;
    api.gate.open()?;

    // A task of its own: a client that hangs up must not stop the authority between two deeds.
    let front = api.front.clone();
    let issued = tokio::spawn(async move { front.order(order).await }).await;
    let issued = issued.map_err(|e| broke(&id, &e))??;
    let mut out = Vec::new();
    view::issued(&issued, &mut out);
    api.meters.issued(begun.elapsed(), issued.repeated);
    let json = (header::CONTENT_TYPE, "application/json");
    Ok(if issued.repeated {
        (StatusCode::OK, [json, (REPLAYED, "true")], out).into_response()
    } else {
        (StatusCode::CREATED, [json], out).into_response()
    })
}

/// What an order has from its caller; the rest is filled in from the body.
pub(super) fn template(caller: &Caller, authority: AuthorityId, key: Option<String>) -> Order {
    Order {
        orderer: caller.orderer().name.clone(),
        key,
        operator: caller.orderer().operator.clone(),
        actor: caller.actor(),
        authority,
        profile: ProfileId::new("none").expect("a name; replaced by the one in the body"),
        request: Vec::new(),
        name: None,
        validity: None,
        subject_ref: None,
    }
}
