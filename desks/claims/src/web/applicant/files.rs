//! Files of a case: its receipt and its invoice (K12, C3), and the proofs that the ledger has what happened to it (K8).

use super::parts;
use crate::{
    Claims, tell,
    web::{Applicant, attached, number},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use kit_web::{
    Frame, Refused, Stack, Tone, page,
    parts::{Action, Actions, BackLink, Banner},
};

/// The receipt as PDF, in the language of the page it was asked from.
pub(super) async fn receipt(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let file = claims.own_case(applicant.scope(), applicant.holder, number(&no)?, applicant.hat).await?;
    let pdf = claims.receipt(&file, frame.lang).await?;
    Ok(attached("application/pdf", &format!("{}-receipt.pdf", file.case.number), pdf))
}

/// The invoice of an agent's application as PDF, in the language of the page it was asked from (C3).
pub(super) async fn invoice(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let file = claims.own_case(applicant.scope(), applicant.holder, number(&no)?, applicant.hat).await?;
    let pdf = claims.invoice(&file, frame.lang).await?;
    Ok(attached("application/pdf", &format!("{}-invoice.pdf", file.case.number), pdf))
}

/// The proof of one thing that happened, as a C2SP tlog-proof; within the first second or so, a page that says when.
pub(super) async fn proof(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path((no, version)): Path<(String, String)>,
    frame: Frame,
) -> Result<Response, Refused> {
    let file = claims.own_case(applicant.scope(), applicant.holder, number(&no)?, applicant.hat).await?;
    // What is no number names no version.
    let version = version.parse().unwrap_or(0);
    match claims.proof(&file, version).await {
        Ok(proof) => {
            let name = format!("{}-{version}.tlog-proof", file.case.number);
            Ok(attached("text/plain; charset=utf-8", &name, proof.to_tlog_proof()))
        }
        Err(refusal) if refusal.code == "claims.no_proof_yet" => {
            let (frame, body) = not_yet(frame, &file.case.number, version);
            Ok(page(&frame, &frame.say.t("claims-proof"), &body, StatusCode::NOT_FOUND))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The page of a proof that is not ready.
pub(super) fn not_yet(frame: Frame, number: &str, version: i64) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let path = tell::path(number);
    let frame = parts::below_home(frame).crumb(say.t("claims-case"), &path).caption(number);
    let banner =
        Banner::new(say, Tone::Info, say.t("claims-proof-soon")).text(say.t("claims-proof-soon-text"));
    let again = Action::link(say.t("claims-proof-again"), format!("{path}/proof/{version}")).primary();
    let back = BackLink::new(say, &path).label(say.t("claims-to-case"));
    (frame, Stack::new().add(&banner).add(&Actions::new(vec![again])).add(&back))
}
