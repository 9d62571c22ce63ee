//! `GET /api/v1/openapi.json`: the description of the API (OpenAPI 3.1).

use axum::{Router, http::header, response::IntoResponse, routing::get};
use std::sync::{Arc, LazyLock};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The description, put together from the operations themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Warifu",
        description = "Certificates for registered RAs: ordering, revoking, looking up, proving.\n\n登録された RA のための証明書の発行依頼・失効・照会・証明。"
    ),
    paths(
        super::authorities::list,
        super::issue::issue,
        super::batch::issue_many,
        super::revoke::revoke,
        super::certificate::show,
        super::proof::show,
    ),
    tags(
        (name = "authorities", description = "認証局 / authorities"),
        (name = "certificates", description = "証明書 / certificates"),
        (name = "ledger", description = "台帳 / the ledger"),
    ),
    modifiers(&Credentials)
)]
pub struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("Token of a registered RA: `wr_<id>_<secret>`"))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let certificate = SecurityScheme::MutualTls {
            description: Some("Registered client certificate".into()),
            deprecated: None,
            extensions: None,
        };
        components.add_security_scheme("certificate", certificate);
    }
}

/// The description as JSON.
pub fn json() -> &'static str {
    static JSON: LazyLock<String> = LazyLock::new(|| {
        Description::openapi().to_pretty_json().expect("a description made of constants is always JSON")
    });
    &JSON
}

/// Serves the description of a desk's own operations: `GET /api/v1/{desk}/openapi.json`.
pub fn of_desk(desk: &dyn kit_desk::Desk) -> Router {
    let json: Arc<str> =
        desk.openapi().to_pretty_json().expect("a description made of constants is always JSON").into();
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], json.to_string()) };
    Router::new().route(&format!("/api/v1/{}/openapi.json", desk.name()), get(answer))
}

/// Serves it.
pub async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], json())
}
