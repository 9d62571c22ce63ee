//! The archive of a deletion (C13): a file of lines in JSON (UTF-8), kept beside the database.
//!
//! The first line says what it is. Each other one is a case: what it was (`case`), its certificate in PEM, and for every
//! event the proof that the ledger has it (`tlog-proof`), which anybody can check without this house.

use super::file;
use crate::{
    Claims,
    api::view,
    status::Hat,
    store::{
        deletions::Deletion,
        holds::{self, Chosen},
    },
    words::KeyWay,
};
use axum::http::StatusCode;
use core_words::Refusal;
use kit_desk::{api::rfc3339_micros, errand::refused};
use kit_jobs::JobError;
use kit_store::Db;
use serde_json::{Value, json};

/// What the first line says the file is.
pub const FORMAT: &str = "warifu-claims-archive/1";
/// The longest archive that is read.
const LONGEST: u64 = 512 * 1024 * 1024;
/// Cases looked up at a time.
const STRETCH: u32 = 100;

/// The file of everything that a deletion has chosen and that is still as it was.
pub(crate) async fn write(claims: &Claims, db: &Db, deletion: &Deletion) -> Result<Vec<u8>, JobError> {
    let head = json!({
        "format": FORMAT,
        "archive": deletion.number,
        "operator": deletion.operator.as_str(),
        "ended_before": rfc3339_micros(deletion.before),
        "cases": deletion.chosen,
    });
    let mut octets = format!("{head}\n").into_bytes();
    let (id, mut after) = (deletion.id, 0);
    loop {
        let next = db.read(move |tx| holds::chosen(tx, id, after, STRETCH)).await?;
        let Some(last) = next.last() else { return Ok(octets) };
        after = last.case;
        for chosen in next {
            if let Some(line) = line(claims, db, chosen).await? {
                octets.extend_from_slice(format!("{line}\n").as_bytes());
            }
        }
    }
}

/// A case; `None` for one that was changed since: it is spared.
async fn line(claims: &Claims, db: &Db, chosen: Chosen) -> Result<Option<Value>, JobError> {
    let now = claims.now();
    let found = db.read(move |tx| file(tx, chosen.case, Hat::Clerk, now)).await?;
    let Some(file) = found.filter(|file| file.case.version == chosen.version) else { return Ok(None) };
    let told = |refusal: Refusal| refused(&refusal);
    let mut proofs = Vec::with_capacity(file.events.len());
    for event in &file.events {
        let proof = claims.proof(&file, event.version).await.map_err(told)?;
        proofs.push(json!({ "version": event.version, "tlog_proof": proof.to_tlog_proof() }));
    }
    let pem = |label: &str, der: &[u8]| core_pack::pem::encode(label, der).to_string();
    let certificate = claims.certificate(&file.case).await.map_err(told)?;
    let request = match &file.case.case.application().key {
        KeyWay::Own(der) => Some(pem("CERTIFICATE REQUEST", der)),
        KeyWay::Service => None,
    };
    let mut case: Value = serde_json::from_str(&view::answer(StatusCode::OK, &file, Hat::Clerk).body)
        .map_err(|error| JobError::GiveUp(format!("a case as JSON: {error}")))?;
    if let Some(fields) = case.as_object_mut() {
        // What could have been done to it is no part of what it was.
        fields.remove("actions");
    }
    Ok(Some(json!({
        "case": case,
        "certificate": certificate.map(|view| pem("CERTIFICATE", &view.der)),
        "request": request,
        "proofs": proofs,
    })))
}

/// Keeps the file under the number of its deletion.
pub(crate) async fn keep(claims: &Claims, number: &str, octets: Vec<u8>) -> Result<(), JobError> {
    let (blobs, name) = (claims.blobs().clone(), name(number));
    let kept = tokio::task::spawn_blocking(move || blobs.put(&name, &octets)).await;
    kept.map_err(|error| JobError::Retry(error.to_string()))?.map_err(JobError::from)
}

/// The file; `None` when it is not there.
pub(crate) async fn read(claims: &Claims, number: &str) -> Result<Option<Vec<u8>>, kit_store::StoreError> {
    let (blobs, name) = (claims.blobs().clone(), name(number));
    let read = tokio::task::spawn_blocking(move || blobs.get(&name, LONGEST)).await;
    read.map_err(|error| kit_store::StoreError::Io(error.to_string()))?
}

fn name(number: &str) -> String {
    format!("claims/archives/{number}.jsonl")
}
