//! `GET /api/v1/authorities`: which authorities the caller may ask, and under which profiles.

use super::{
    Api,
    caller::Caller,
    problem::{Problem, ProblemBody},
    proof::ProofBody,
};
use authority_front::{BoxFuture, Refusal};
use authority_journal::{authorities::Authority, codes::AuthorityState};
use axum::{Json, extract::State};
use core_words::CertRef;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What the API tells beside what the authority itself answers.
pub trait Catalogue: Send + Sync {
    /// Every authority of this installation.
    fn authorities(&self) -> BoxFuture<'_, Result<Vec<Authority>, Refusal>>;
    /// The place of a certificate in the ledger, proven; `None` while it has no number there.
    fn proof<'a>(&'a self, cert: &'a CertRef) -> BoxFuture<'a, Result<Option<ProofBody>, Refusal>>;
}

/// The authorities.
#[derive(Serialize, ToSchema)]
#[schema(as = Authorities)]
pub struct AuthoritiesBody {
    /// In the order of their names.
    pub authorities: Vec<AuthorityBody>,
}

/// One authority.
#[derive(Serialize, ToSchema)]
#[schema(as = Authority)]
pub struct AuthorityBody {
    /// Its name.
    pub id: String,
    /// `active`, `suspended` or `retired`.
    #[schema(pattern = "^(active|suspended|retired)$")]
    pub state: &'static str,
    /// The authority that certified it; absent for a root.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parent: Option<String>,
    /// The profiles under which the caller may order from it.
    pub profiles: Vec<String>,
    /// Its certificate, DER.
    pub certificate_url: String,
    /// Its list of revoked certificates.
    pub list_url: String,
}

/// The authorities the caller may ask.
#[utoipa::path(
    get,
    path = "/api/v1/authorities",
    operation_id = "listAuthorities",
    tag = "authorities",
    responses(
        (status = 200, description = "The authorities", body = AuthoritiesBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = []), ("certificate" = []))
)]
pub async fn list(State(api): State<Arc<Api>>, caller: Caller) -> Result<Json<AuthoritiesBody>, Problem> {
    let all = api.catalogue.authorities().await?;
    let allowed = all.into_iter().filter(|a| caller.orderer().authorities.allows(&a.id));
    Ok(Json(AuthoritiesBody { authorities: allowed.map(|a| body(a, &caller)).collect() }))
}

/// The name of a state in the API and at the terminal.
pub fn state_name(state: AuthorityState) -> &'static str {
    match state {
        AuthorityState::Active => "active",
        AuthorityState::Suspended => "suspended",
        AuthorityState::Retired => "retired",
    }
}

fn body(authority: Authority, caller: &Caller) -> AuthorityBody {
    let (id, base, generation) = (&authority.id, &authority.base_url, authority.active_generation);
    let profiles = authority.profiles.iter().filter(|p| caller.orderer().profiles.allows(p));
    AuthorityBody {
        state: state_name(authority.state),
        parent: authority.parent.as_ref().map(ToString::to_string),
        profiles: profiles.map(ToString::to_string).collect(),
        certificate_url: format!("{base}/ca/{id}/{generation}.cer"),
        list_url: format!("{base}/crl/{id}/{generation}.crl"),
        id: id.to_string(),
    }
}
