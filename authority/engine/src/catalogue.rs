//! What the engine knows without asking each time: profiles, and the authorities that issue now.
//!
//! Profiles are fixed while the process runs. An authority is read from the store at most once a second;
//! that it still issues, and under which generation, is asked again in every transaction that records an
//! order, so what is remembered here can be old and never wrong.

use crate::{Ctx, ceremony, refusals};
use authority_front::Refusal;
use authority_journal::authorities::{self, Authority, Generation};
use core_words::{AuthorityId, ProfileId};
use core_x509::{issuer::IssuerInfo, plan::Template, profile::Profile};
use kit_store::StoreError;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// How long an authority is remembered.
const MEMORY: Duration = Duration::from_secs(1);

/// The profiles of this process by name.
pub type Profiles = BTreeMap<ProfileId, Arc<Profile>>;

/// One authority under the generation that issues, ready for planning.
pub(crate) struct Issuing {
    pub(crate) authority: Authority,
    pub(crate) generation: Generation,
    pub(crate) issuer: Arc<IssuerInfo>,
    templates: Mutex<HashMap<ProfileId, Arc<Template>>>,
}

impl Issuing {
    /// The template of a profile under this generation; made on first use.
    pub(crate) fn template(&self, profile: &Arc<Profile>) -> Result<Arc<Template>, Refusal> {
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(template) = templates.get(profile.id()) {
            return Ok(template.clone());
        }
        let template =
            Arc::new(Template::new(profile.clone(), self.issuer.clone()).map_err(|e| refusals::plan(&e))?);
        templates.insert(profile.id().clone(), template.clone());
        Ok(template)
    }
}

/// Profiles and authorities.
pub(crate) struct Catalogue {
    profiles: Profiles,
    issuing: RwLock<HashMap<AuthorityId, (Instant, Arc<Issuing>)>>,
}

impl Catalogue {
    pub(crate) fn new(profiles: Profiles) -> Self {
        Self { profiles, issuing: RwLock::default() }
    }

    /// The profile of this name, if the authority issues under it.
    pub(crate) fn profile(&self, issuing: &Issuing, id: &ProfileId) -> Result<Arc<Profile>, Refusal> {
        let known = self.profiles.get(id).filter(|_| issuing.authority.allows(id));
        known.cloned().ok_or_else(|| refusals::unknown_profile(&issuing.authority.id, id))
    }

    /// A profile by name, whoever issues under it.
    pub(crate) fn any_profile(&self, id: &ProfileId) -> Option<&Arc<Profile>> {
        self.profiles.get(id)
    }

    /// The authority under the generation that issues.
    pub(crate) async fn issuing(&self, ctx: &Ctx, id: &AuthorityId) -> Result<Arc<Issuing>, Refusal> {
        {
            let known = self.issuing.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, issuing)) = known.get(id)
                && since.elapsed() < MEMORY
            {
                return Ok(issuing.clone());
            }
        }
        let wanted = id.clone();
        let found = ctx
            .db
            .read(move |tx| {
                let Some(authority) = authorities::get(tx, &wanted)? else { return Ok(None) };
                let generation = authorities::active_generation(tx, &wanted)?;
                Ok::<_, StoreError>(generation.map(|generation| (authority, generation)))
            })
            .await
            .map_err(|e| refusals::store(&e))?;
        let Some((authority, generation)) = found else { return Err(refusals::unknown_authority(id)) };
        // The same generation keeps its templates.
        let mut known = self.issuing.write().unwrap_or_else(PoisonError::into_inner);
        let issuing = match known.get(id) {
            Some((_, old)) if old.authority == authority && old.generation == generation => old.clone(),
            _ => Arc::new(load(ctx, authority, generation)?),
        };
        known.insert(id.clone(), (Instant::now(), issuing.clone()));
        Ok(issuing)
    }

    /// Forgets an authority: it has changed.
    pub(crate) fn forget(&self, id: &AuthorityId) {
        self.issuing.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

fn load(ctx: &Ctx, authority: Authority, generation: Generation) -> Result<Issuing, Refusal> {
    let issuer = ceremony::issuer::stored(&authority, &generation, &*ctx.provider).map_err(|error| {
        tracing::error!(authority = %authority.id, %error, "the authority's own certificate is unusable");
        refusals::internal()
    })?;
    Ok(Issuing { authority, generation, issuer: Arc::new(issuer), templates: Mutex::default() })
}
