//! `GET /api/v1/authorities/{authority}/certificates/{serial}`, also as `.cer` and `.pem`.

use super::{
    Api,
    caller::Caller,
    problem::{Problem, ProblemBody},
    refusals,
    revoke::serial,
    view::{self, CertificateBody},
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use core_words::CertRef;
use std::sync::Arc;

/// One certificate and its state.
#[utoipa::path(
    get,
    path = "/api/v1/authorities/{authority}/certificates/{serial}",
    operation_id = "showCertificate",
    tag = "certificates",
    params(
        ("authority" = String, Path, description = "The issuing authority", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"),
        ("serial" = String, Path, description = "Serial number, hexadecimal; with `.cer` or `.pem` after it, the certificate alone", pattern = "^[0-9A-Fa-f]{1,40}(\\.cer|\\.pem)?$"),
    ),
    responses(
        (status = 200, description = "The certificate", content(
            (CertificateBody = "application/json"),
            (String = "application/pkix-cert"),
            (String = "application/x-pem-file"),
        )),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = []), ("certificate" = []))
)]
pub async fn show(
    State(api): State<Arc<Api>>,
    caller: Caller,
    super::At((authority, name)): super::At<(String, String)>,
) -> Result<Response, Problem> {
    let authority = caller.authority(&authority)?;
    let (digits, form) = match name.rsplit_once('.') {
        Some((digits, "cer")) => (digits, Form::Der),
        Some((digits, "pem")) => (digits, Form::Pem),
        _ => (name.as_str(), Form::Json),
    };
    let cert = CertRef { authority, serial: serial(digits)? };
    let view = api.front.certificate(&cert).await?.ok_or_else(refusals::no_certificate)?;
    Ok(match form {
        Form::Json => Json(view::certificate(view)).into_response(),
        Form::Der => ([(header::CONTENT_TYPE, "application/pkix-cert")], view.der).into_response(),
        Form::Pem => {
            ([(header::CONTENT_TYPE, "application/x-pem-file")], view::pem(&view.der)).into_response()
        }
    })
}

enum Form {
    Json,
    Der,
    Pem,
}
