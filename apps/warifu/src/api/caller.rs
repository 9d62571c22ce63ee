//! Who calls: an extractor that signs in, and what the caller may ask.

use super::{Api, problem::Problem, refusals};
use crate::server::Peer;
use authority_journal::orderers::Orderer;
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use core_words::{Actor, AuthorityId, ProfileId};
use std::sync::Arc;

/// A signed-in RA.
#[derive(Clone, Debug)]
pub struct Caller {
    orderer: Arc<Orderer>,
}

impl Caller {
    /// Its registration.
    pub fn orderer(&self) -> &Orderer {
        &self.orderer
    }

    /// How the ledger names it.
    pub fn actor(&self) -> Actor {
        Actor::ra(&self.orderer.name)
    }

    /// The authority named in a path, if the caller may ask it.
    ///
    /// # Errors
    /// 400 for no name of an authority, 403 for one it may not ask, whether or not it exists.
    pub fn authority(&self, segment: &str) -> Result<AuthorityId, Problem> {
        let id = AuthorityId::new(segment).map_err(|e| {
            let what = authority_front::Text::new("認証局の名前の形式ではありません", e.to_string());
            refusals::bad_field("authority", what)
        })?;
        if self.orderer.authorities.allows(&id) {
            Ok(id)
        } else {
            Err(refusals::authority_not_allowed().into())
        }
    }

    /// Whether the caller may order under a profile.
    ///
    /// # Errors
    /// The refusal, for one it may not use.
    pub fn may_use(&self, profile: &ProfileId) -> Result<(), authority_front::Refusal> {
        if self.orderer.profiles.allows(profile) { Ok(()) } else { Err(refusals::profile_not_allowed()) }
    }
}

impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>();
        // The server puts a peer on every request; without one there is nobody to sign in.
        let peer = peer.ok_or_else(|| Problem::from(refusals::no_credential()))?;
        let orderer = match parts.headers.get(header::AUTHORIZATION) {
            None => api.credentials.sign_in(None, peer).await?,
            Some(value) => {
                let token = value.to_str().ok().and_then(bearer).unwrap_or("");
                api.credentials.sign_in(Some(token), peer).await?
            }
        };
        Ok(Self { orderer })
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
