//! Certificates of authorities: of each generation, and link and cross certificates beside them.

use crate::{
    Repository,
    answer::Unserved,
    file::{About, Content, Fresh},
};
use authority_journal::{authorities, published};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method},
    response::Response,
};
use core_words::{AuthorityId, UtcMicros};
use kit_store::{StoreError, Tx};

/// A certificate under one name never changes; a day keeps mistakes in caches short.
const MAX_AGE: u64 = 86_400;

/// DER or its textual form.
#[derive(Clone, Copy)]
enum Form {
    Der,
    Pem,
}

pub(crate) async fn get(
    State(repository): State<Repository>,
    Path((authority, file)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Unserved> {
    let authority: AuthorityId = authority.parse().map_err(|_| Unserved::NotFound)?;
    let (name, form) = match file.rsplit_once('.') {
        Some((name, "cer")) => (name.to_owned(), Form::Der),
        Some((name, "pem")) => (name.to_owned(), Form::Pem),
        _ => return Err(Unserved::NotFound),
    };
    let found = repository.db.read(move |tx| find(tx, &authority, &name)).await?;
    let (der, modified) = found.ok_or(Unserved::NotFound)?;
    let (octets, content_type) = match form {
        Form::Der => (der, "application/pkix-cert"),
        Form::Pem => {
            (core_pack::pem::encode("CERTIFICATE", &der).as_bytes().to_vec(), "application/x-pem-file")
        }
    };
    let about = About {
        content_type,
        sha256: repository.digest.sha256(&octets),
        octets: octets.len() as u64,
        modified,
        fresh: Fresh { max_age: MAX_AGE, expires: None },
    };
    let verdict = about.judge(&headers);
    Ok(about.answer(verdict, verdict.sends(&method).then_some(Content::Octets(octets))))
}

/// A number names a generation, anything else a link or cross certificate.
fn find(
    tx: &mut Tx,
    authority: &AuthorityId,
    name: &str,
) -> Result<Option<(Vec<u8>, UtcMicros)>, StoreError> {
    if let Ok(generation) = name.parse::<u16>() {
        // One name for each: neither `01` nor `+1`.
        if generation.to_string() != name {
            return Ok(None);
        }
        let found = authorities::generation(tx, authority, generation)?;
        return Ok(found.map(|found| (found.certificate, found.created)));
    }
    let found = published::get(tx, authority, name)?;
    Ok(found.map(|found| (found.certificate, found.created)))
}
