//! What the repository holds: a page for people, JSON for machines.

use crate::{Repository, answer::Unserved};
use authority_journal::{
    authorities::{self, Authority, Generation},
    codes::{AuthorityKind, GenerationState, PublishedKind},
    lists::{self, ListKind, ListName, ScopeState},
    published,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::{Html, IntoResponse, Response},
};
use base16ct::lower::encode_string as hex;
use core_crypto::Digest;
use core_words::{AuthorityId, UtcMicros};
use kit_store::{StoreError, Tx};
use std::{collections::HashMap, fmt::Write, sync::Arc};

/// A caching that follows publications within a minute.
const CACHING: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "public, max-age=60"), (header::VARY, "accept")];

/// Everything the repository holds.
#[derive(serde::Serialize)]
struct Index {
    version: u16,
    authorities: Vec<Entry>,
}

/// One authority.
#[derive(serde::Serialize)]
struct Entry {
    authority: String,
    kind: &'static str,
    certificates: Vec<Certificate>,
    /// Empty when the lists are not open to everybody.
    lists: Vec<List>,
}

/// One certificate. Paths are relative to `/ca/`.
#[derive(serde::Serialize)]
struct Certificate {
    name: String,
    path: String,
    status: &'static str,
    sha256: String,
}

/// One current list.
#[derive(serde::Serialize)]
struct List {
    path: String,
    kind: &'static str,
    generation: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<u16>,
    number: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<i64>,
    this_update: String,
    next_update: String,
    entries: i64,
    octets: i64,
    sha256: Option<String>,
}

/// The page, or JSON when the request asks for it.
pub(crate) async fn page(
    State(repository): State<Repository>,
    headers: HeaderMap,
) -> Result<Response, Unserved> {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let index = read(&repository).await?;
    if accept.contains("application/json") && !accept.contains("text/html") {
        return Ok((CACHING, Json(index)).into_response());
    }
    Ok((CACHING, Html(render(&index))).into_response())
}

/// Always JSON.
pub(crate) async fn json(State(repository): State<Repository>) -> Result<Response, Unserved> {
    Ok((CACHING, Json(read(&repository).await?)).into_response())
}

async fn read(repository: &Repository) -> Result<Index, Unserved> {
    let (digest, is_open) = (repository.digest.clone(), repository.is_open.clone());
    let read = move |tx: &mut Tx| -> Result<Index, StoreError> {
        let mut states: HashMap<AuthorityId, Vec<ScopeState>> = HashMap::new();
        for state in lists::survey(tx)? {
            states.entry(state.scope.authority.clone()).or_default().push(state);
        }
        let mut authorities = Vec::new();
        for authority in authorities::list(tx)? {
            let states = states.remove(&authority.id).unwrap_or_default();
            let lists =
                if is_open(&authority.id) { states.iter().flat_map(lists_of).collect() } else { Vec::new() };
            authorities.push(Entry {
                authority: authority.id.to_string(),
                kind: match authority.kind {
                    AuthorityKind::Root => "root",
                    AuthorityKind::Issuing => "issuing",
                },
                certificates: certificates(tx, &authority, &digest)?,
                lists,
            });
        }
        Ok(Index { version: 1, authorities })
    };
    Ok(repository.db.read(read).await?)
}

fn certificates(
    tx: &mut Tx,
    authority: &Authority,
    digest: &Arc<dyn Digest>,
) -> Result<Vec<Certificate>, StoreError> {
    let one = |name: String, status, der: &[u8]| Certificate {
        path: format!("{}/{name}.cer", authority.id),
        name,
        status,
        sha256: hex(&digest.sha256(der)),
    };
    let mut found: Vec<Certificate> = authorities::generations(tx, &authority.id)?
        .iter()
        .map(|Generation { generation, state, certificate, .. }| {
            let status = match state {
                GenerationState::Active => "active",
                GenerationState::Retired => "retired",
                GenerationState::Ended => "ended",
            };
            one(generation.to_string(), status, certificate)
        })
        .collect();
    for other in published::of_authority(tx, &authority.id)? {
        let status = match other.kind {
            PublishedKind::OldWithNew => "old-with-new",
            PublishedKind::NewWithOld => "new-with-old",
            PublishedKind::Cross => "cross",
        };
        found.push(one(other.name, status, &other.certificate));
    }
    Ok(found)
}

fn lists_of(state: &ScopeState) -> Vec<List> {
    let of_kind = |kind: &ListKind| {
        let list = state.current(*kind)?;
        Some(List {
            path: format!("../crl/{}/{}", state.scope.authority, ListName::of(&state.scope, *kind)),
            kind: match kind {
                ListKind::Full => "full",
                ListKind::Delta => "delta",
            },
            generation: state.scope.generation,
            partition: (state.scope.partition > 0).then_some(state.scope.partition),
            number: list.number,
            base: list.base,
            this_update: instant(list.this_update),
            next_update: instant(list.next_update),
            entries: list.entries,
            octets: list.octets,
            sha256: list.sha256.map(|sha256| hex(&sha256)),
        })
    };
    state.kinds().iter().filter_map(of_kind).collect()
}

/// One page in both languages: whoever comes here knows one of them.
fn render(index: &Index) -> String {
    let mut page = String::from(HEAD);
    for entry in &index.authorities {
        // Writing to a String cannot fail; names of authorities and files are slugs, and are escaped all the same.
        let _ = render_entry(&mut page, entry);
    }
    if index.authorities.is_empty() {
        page.push_str(
            "<p>認証局はまだありません。<span lang=\"en\">There are no authorities yet.</span></p>\n",
        );
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn render_entry(page: &mut String, entry: &Entry) -> std::fmt::Result {
    let name = escape(&entry.authority);
    writeln!(page, "<section aria-labelledby=\"ca-{name}\">\n<h2 id=\"ca-{name}\">{name}</h2>")?;
    page.push_str(
        "<table><caption>証明書 <span lang=\"en\">Certificates</span></caption>\
         <thead><tr><th scope=\"col\">ファイル <span lang=\"en\">File</span></th>\
         <th scope=\"col\">状態 <span lang=\"en\">Status</span></th>\
         <th scope=\"col\">SHA-256</th></tr></thead><tbody>\n",
    );
    for certificate in &entry.certificates {
        let (path, file) = (escape(&certificate.path), escape(&certificate.name));
        let pem = path.strip_suffix(".cer").unwrap_or(&path);
        writeln!(
            page,
            "<tr><td><a href=\"{path}\">{file}.cer</a> <a href=\"{pem}.pem\">{file}.pem</a></td>\
             <td>{}</td><td><code>{}</code></td></tr>",
            status(certificate.status),
            certificate.sha256
        )?;
    }
    page.push_str("</tbody></table>\n");
    if entry.lists.is_empty() {
        page.push_str("<p>公開中の失効リストはありません。<span lang=\"en\">No lists are served here.</span></p>\n</section>\n");
        return Ok(());
    }
    page.push_str(
        "<table><caption>失効リスト <span lang=\"en\">Revocation lists</span></caption>\
         <thead><tr><th scope=\"col\">ファイル <span lang=\"en\">File</span></th>\
         <th scope=\"col\">番号 <span lang=\"en\">Number</span></th>\
         <th scope=\"col\">発行 <span lang=\"en\">This update</span></th>\
         <th scope=\"col\">次回 <span lang=\"en\">Next update</span></th>\
         <th scope=\"col\">件数 <span lang=\"en\">Entries</span></th></tr></thead><tbody>\n",
    );
    for list in &entry.lists {
        let path = escape(&list.path);
        let file = path.rsplit('/').next().unwrap_or(&path);
        writeln!(
            page,
            "<tr><td><a href=\"{path}\">{file}</a></td><td>{}</td><td><time>{}</time></td>\
             <td><time>{}</time></td><td>{}</td></tr>",
            list.number, list.this_update, list.next_update, list.entries
        )?;
    }
    page.push_str("</tbody></table>\n</section>\n");
    Ok(())
}

const HEAD: &str = "<!doctype html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n\
    <title>認証局の証明書と失効リスト</title>\n\
    <style>body{font-family:sans-serif;line-height:1.7;margin:1rem auto;max-width:72rem;padding:0 1rem}\
    table{border-collapse:collapse;margin:1rem 0;width:100%}caption{text-align:left;font-weight:bold}\
    th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left}code{overflow-wrap:anywhere}</style>\n\
    </head>\n<body>\n<main>\n\
    <h1>認証局の証明書と失効リスト</h1>\n\
    <p lang=\"en\">Certificates and revocation lists of the authorities</p>\n\
    <p>時刻は協定世界時（UTC）です。<span lang=\"en\">Times are UTC.</span> \
    <a href=\"index.json\">JSON</a></p>\n";

fn status(status: &str) -> &'static str {
    match status {
        "active" => "発行中 <span lang=\"en\">issues</span>",
        "retired" => "発行終了 <span lang=\"en\">signs lists only</span>",
        "ended" => "終了 <span lang=\"en\">ended</span>",
        "old-with-new" => "旧鍵を新鍵で証明 <span lang=\"en\">old with new</span>",
        "new-with-old" => "新鍵を旧鍵で証明 <span lang=\"en\">new with old</span>",
        _ => "相互認証 <span lang=\"en\">cross certificate</span>",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// RFC 3339 UTC in whole seconds; lists have no finer times.
fn instant(time: UtcMicros) -> String {
    jiff::Timestamp::from_second(time.whole_seconds().0)
        .map_or_else(|_| String::new(), |time| time.to_string())
}
