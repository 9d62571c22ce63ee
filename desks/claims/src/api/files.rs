//! Files of a case: its receipt (K12), and the proofs that the ledger has what happened to it (K8).

use super::{number, who::By};
use crate::Claims;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use core_words::Lang;
use kit_desk::api::{Asked, At, Problem, ProblemBody, fields};
use kit_ledger::Receipt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In which language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct InLanguage {
    lang: Option<String>,
}

/// An entry of the ledger and the proof that a signed checkpoint covers it (RFC 6962 §2.1.1). Described here; written by
/// the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerReceipt)]
pub(super) struct ReceiptBody {
    /// The version of this form: 1.
    version: u32,
    /// The number of the entry in the log, from 0.
    index: u64,
    /// The entry, base64: deterministic CBOR. Its leaf hash is SHA-256(0x00 ‖ entry).
    entry: String,
    /// The hashes from leaf to root, base64.
    proof: Vec<String>,
    /// The signed checkpoint (C2SP tlog-checkpoint) whose root the proof leads to.
    checkpoint: String,
}

/// 受付票（PDF） / the receipt of an application, PDF/A
#[utoipa::path(
    get,
    path = "/api/v1/claims/cases/{number}/receipt.pdf",
    operation_id = "claimsReceipt",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the case", example = "C-2026-0000001-7"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`; the language of the account when absent", pattern = "^(ja|en)$"),
    ),
    responses(
        (status = 200, description = "The receipt", body = Vec<u8>, content_type = "application/pdf"),
        (status = "4XX", description = "Refused, or no such case", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn receipt(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    Asked(InLanguage { lang }): Asked<InLanguage>,
) -> Result<Response, Problem> {
    let lang = match lang.as_deref() {
        None => by.machine.lang,
        Some(tag) => fields::one_of("lang", Lang::of_tag(tag), ["ja", "en"])?,
    };
    let file = by.case(&claims, number(&text)?).await?;
    let pdf = claims.receipt(&file, lang).await?;
    let name = format!("attachment; filename=\"{}-receipt.pdf\"", file.case.number);
    Ok((headers("application/pdf", name), pdf).into_response())
}

/// 台帳の証明 / the proof that the ledger has what made a version of a case
///
/// JSON, or with `Accept: text/plain` a C2SP tlog-proof. Not there within the first second or so.
#[utoipa::path(
    get,
    path = "/api/v1/claims/cases/{number}/proof/{version}",
    operation_id = "claimsProof",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the case", example = "C-2026-0000001-7"),
        ("version" = i64, Path, description = "The version of the case, from 1", minimum = 1),
    ),
    responses(
        (status = 200, description = "The proof", content(
            (ReceiptBody = "application/json"),
            (String = "text/plain"),
        )),
        (status = "4XX", description = "Refused, no such version, or not numbered yet", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn proof(
    State(claims): State<Claims>,
    by: By,
    At((text, version)): At<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let file = by.case(&claims, number(&text)?).await?;
    // What is no number names no version.
    let version = version.parse().unwrap_or(0);
    let proof = claims.proof(&file, version).await?;
    Ok(proof_answer(&asked, &format!("{}-{version}", file.case.number), &proof))
}

/// A proof in the form that is asked for; as text, a file of this name.
pub(super) fn proof_answer(asked: &HeaderMap, name: &str, proof: &Receipt) -> Response {
    if wants_text(asked) {
        let name = format!("attachment; filename=\"{name}.tlog-proof\"");
        return (headers("text/plain; charset=utf-8", name), proof.to_tlog_proof()).into_response();
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(proof)).into_response()
}

fn wants_text(asked: &HeaderMap) -> bool {
    let accept = asked.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.trim().to_ascii_lowercase().starts_with("text/plain"))
}

fn headers(kind: &'static str, name: String) -> [(header::HeaderName, String); 3] {
    [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ]
}
