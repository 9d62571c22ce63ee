//! The repository over HTTP: certificates of authorities and their lists (K1, K4, RFC 5280 §4.2.1.13, RFC 4387).
//!
//! It reads the database and the files of lists, writes nothing and sees no key. Whatever is published is
//! served from the next request on: nothing is kept in memory between requests, and a list is streamed from its
//! file, however long it is.
//!
//! | path, below the base URL | what |
//! |---|---|
//! | `/ca/` | everything there is, as a page, or as JSON for whoever asks for `application/json` |
//! | `/ca/index.json` | the same, always JSON |
//! | `/ca/{authority}/{generation}.cer`, `.pem` | the certificate of one generation of an authority |
//! | `/ca/{authority}/{name}.cer`, `.pem` | link and cross certificates |
//! | `/crl/{authority}/{generation}.crl` | the full list |
//! | `/crl/{authority}/{generation}-delta.crl` | the delta list |
//! | `/crl/{authority}/{generation}-p{n}.crl` | the list of one partition |

mod answer;
mod certificates;
mod file;
mod index;
mod lists;
#[cfg(test)]
mod tests;

use axum::{Router, response::Redirect, routing::get};
use core_crypto::Digest;
use core_words::AuthorityId;
use kit_clock::SharedClock;
use kit_store::{Db, blobs::BlobStore};
use std::sync::Arc;

/// Says whether the lists of an authority are open to everybody. Those of the counter desk are not (K4, V17).
pub type IsOpen = Arc<dyn Fn(&AuthorityId) -> bool + Send + Sync>;

/// What the repository serves from.
#[derive(Clone)]
pub struct Repository {
    db: Db,
    blobs: Arc<dyn BlobStore>,
    clock: SharedClock,
    digest: Arc<dyn Digest>,
    is_open: IsOpen,
}

impl Repository {
    /// A repository whose lists are all open.
    pub fn new(db: Db, blobs: Arc<dyn BlobStore>, clock: SharedClock, digest: Arc<dyn Digest>) -> Self {
        Self { db, blobs, clock, digest, is_open: Arc::new(|_| true) }
    }

    /// The same repository, which refuses the lists of every authority that `is_open` does not name open.
    #[must_use]
    pub fn with_open(self, is_open: IsOpen) -> Self {
        Self { is_open, ..self }
    }

    /// The routes, to be nested where the base URL of the authorities points.
    ///
    /// Requests have no bodies; time-outs and limits on connections are the server's.
    pub fn router(self) -> Router {
        Router::new()
            // Relative, so that it is right wherever the routes are nested.
            .route("/ca", get(async || Redirect::permanent("ca/")))
            .route("/ca/", get(index::page))
            .route("/ca/index.json", get(index::json))
            .route("/ca/{authority}/{file}", get(certificates::get))
            .route("/crl/{authority}/{file}", get(lists::get))
            .with_state(self)
    }
}
