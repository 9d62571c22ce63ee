//! `GET /api/v1/authorities/{authority}/certificates/{serial}/proof`: the certificate's entry in the ledger
//! and the proof that the log contains it (K8).

use super::{
    Api,
    caller::Caller,
    problem::{Problem, ProblemBody},
    refusals,
    revoke::serial,
};
use axum::{Json, extract::State};
use core_words::CertRef;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// An entry of the ledger and the proof that a signed checkpoint covers it (RFC 6962 §2.1.1).
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerProof)]
pub struct ProofBody {
    /// The number of the entry in the log, from 0.
    pub index: u64,
    /// The entry, base64: deterministic CBOR. Its leaf hash is SHA-256(0x00 ‖ entry).
    pub entry: String,
    /// The hashes from leaf to root, base64.
    pub proof: Vec<String>,
    /// The signed checkpoint (C2SP tlog-checkpoint) whose root the proof leads to.
    pub checkpoint: String,
}

/// Proves that the ledger has the issuing of a certificate.
#[utoipa::path(
    get,
    path = "/api/v1/authorities/{authority}/certificates/{serial}/proof",
    operation_id = "proveCertificate",
    tag = "ledger",
    params(
        ("authority" = String, Path, description = "The issuing authority", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"),
        ("serial" = String, Path, description = "Serial number, hexadecimal", pattern = "^[0-9A-Fa-f]{1,40}$"),
    ),
    responses(
        (status = 200, description = "The entry and its proof", body = ProofBody),
        (status = "4XX", description = "Refused, or not numbered yet", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = []), ("certificate" = []))
)]
pub async fn show(
    State(api): State<Arc<Api>>,
    caller: Caller,
    super::At((authority, digits)): super::At<(String, String)>,
) -> Result<Json<ProofBody>, Problem> {
    let authority = caller.authority(&authority)?;
    let cert = CertRef { authority, serial: serial(&digits)? };
    if api.front.certificate(&cert).await?.is_none() {
        return Err(refusals::no_certificate().into());
    }
    let proof = api.catalogue.proof(&cert).await?.ok_or_else(refusals::no_proof_yet)?;
    Ok(Json(proof))
}
