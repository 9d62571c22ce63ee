//! Lists: always the current one, streamed from its file.

use crate::{
    Repository,
    answer::Unserved,
    file::{self, About, Content, Fresh},
};
use authority_journal::lists::{self, List, ListName};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method},
    response::Response,
};
use core_words::{AuthorityId, UtcMicros};

/// A list that came soon after a revocation must not hide behind a cache for days.
const MAX_AGE: i64 = 3_600;

pub(crate) async fn get(
    State(repository): State<Repository>,
    Path((authority, file)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Unserved> {
    let authority: AuthorityId = authority.parse().map_err(|_| Unserved::NotFound)?;
    let name: ListName = file.parse().map_err(|_| Unserved::NotFound)?;
    if !(repository.is_open)(&authority) {
        return Err(Unserved::NotOpen);
    }
    // A list replaced several times between the look at the database and the opening is looked up once more.
    for _ in 0..2 {
        let list = current(&repository, &authority, name).await?;
        let about = about(&list, repository.clock.now())?;
        let verdict = about.judge(&headers);
        if !verdict.sends(&method) {
            return Ok(about.answer(verdict, None));
        }
        let blob = list.blob.unwrap_or_default();
        match file::open(repository.blobs.clone(), blob.clone()).await? {
            Some(opened) if opened.size() == about.octets => {
                return Ok(about.answer(verdict, Some(Content::Blob(opened))));
            }
            Some(_) => tracing::error!(blob, "the file of a list has another length than its record"),
            None => tracing::warn!(blob, "the file of a list is gone"),
        }
    }
    Err(Unserved::Unavailable)
}

async fn current(repository: &Repository, authority: &AuthorityId, name: ListName) -> Result<List, Unserved> {
    let scope = name.scope(authority);
    let series = repository.db.read(move |tx| lists::series(tx, &scope)).await?;
    series.current(name.kind).cloned().ok_or(Unserved::NotFound)
}

fn about(list: &List, now: UtcMicros) -> Result<About, Unserved> {
    let sha256 = list.sha256.ok_or(Unserved::Unavailable)?;
    let octets = u64::try_from(list.octets).map_err(|_| Unserved::Unavailable)?;
    Ok(About {
        content_type: "application/pkix-crl",
        sha256,
        octets,
        modified: list.this_update,
        fresh: fresh(list.next_update, now),
    })
}

/// Until nextUpdate, and not for longer than an hour without asking again; an expired list is asked for each time.
fn fresh(next_update: UtcMicros, now: UtcMicros) -> Fresh {
    let left = next_update.since(now).div_euclid(1_000_000).clamp(0, MAX_AGE);
    Fresh { max_age: u64::try_from(left).unwrap_or(0), expires: Some(next_update) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_follow_next_update() {
        let at = |seconds: i64| UtcMicros(seconds * 1_000_000);
        assert_eq!(fresh(at(10_000), at(0)).max_age, 3_600);
        assert_eq!(fresh(at(100), at(40)).max_age, 60);
        assert_eq!(fresh(at(100), at(100)).max_age, 0);
        assert_eq!(fresh(at(100), at(200)), Fresh { max_age: 0, expires: Some(at(100)) });
    }
}
