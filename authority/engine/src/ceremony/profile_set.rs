//! The profiles at hand, each with the text it was read from: a ceremony keeps the texts it used (K2).

use crate::Profiles;
use core_crypto::Digest;
use core_words::ProfileId;
use core_x509::profile::{BUILTIN, Profile, ProfileError};
use std::{collections::BTreeMap, sync::Arc};

/// Profiles by name, with their texts.
#[derive(Clone, Debug, Default)]
pub struct ProfileSet(BTreeMap<ProfileId, ProfileText>);

/// A profile and the text it was read from.
#[derive(Clone, Debug)]
pub struct ProfileText {
    /// The profile.
    pub profile: Arc<Profile>,
    /// Its TOML.
    pub text: Arc<str>,
}

impl ProfileSet {
    /// The profiles that come with the software.
    ///
    /// # Errors
    /// Never in a released build: a test reads every one of them.
    pub fn builtin(digest: &dyn Digest) -> Result<Self, ProfileError> {
        let mut set = Self::default();
        for profile in BUILTIN {
            set.add(profile.text, digest)?;
        }
        Ok(set)
    }

    /// Adds a profile, in the place of one of the same name.
    ///
    /// # Errors
    /// [`ProfileError`] names the line or the setting.
    pub fn add(&mut self, text: &str, digest: &dyn Digest) -> Result<ProfileId, ProfileError> {
        let profile = Arc::new(Profile::parse(text, digest)?);
        let id = profile.id().clone();
        self.0.insert(id.clone(), ProfileText { profile, text: text.into() });
        Ok(id)
    }

    /// The profile of this name.
    pub fn get(&self, id: &ProfileId) -> Option<&ProfileText> {
        self.0.get(id)
    }

    /// Every profile, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &ProfileText> {
        self.0.values()
    }

    /// The profiles alone, as the engine takes them.
    pub fn profiles(&self) -> Profiles {
        self.0.iter().map(|(id, p)| (id.clone(), p.profile.clone())).collect()
    }
}
