//! The device key: under it the cards of a machine are sealed.

use super::{
    error::{FileError, What},
    place::{self, Over},
};
use core_crypto::Dice;
use kit_keys::Provider;
use std::path::Path;
use zeroize::Zeroizing;

/// How the device key is called, beside the cards.
pub const DEVICE_KEY: &str = "device.key";

/// 32 octets that only this machine has, wiped when dropped.
#[derive(Clone)]
pub struct DeviceKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey")
    }
}

impl DeviceKey {
    /// Opens the key at `path`, or makes one, for nobody else to read. Of two processes that do so at the same time
    /// both have the same key.
    ///
    /// # Errors
    /// [`What::Exposed`] when others can read it, [`What::NoDeviceKey`], [`What::NotPlain`], [`What::Io`].
    pub fn open_or_create(path: &Path) -> Result<Self, FileError> {
        match Self::open(path) {
            Err(FileError { what: What::Missing, .. }) => {}
            done => return done,
        }
        let mut octets = Zeroizing::new([0; 32]);
        Provider.fill(&mut *octets);
        let mut tag = [0; 8];
        Provider.fill(&mut tag);
        let draft = place::beside(path, &format!(".new-{:016x}", u64::from_be_bytes(tag)));
        match place::write(path, &draft, &*octets, Over::Nothing, &mut |_| {}) {
            Ok(()) => Ok(Self(octets)),
            // Another process was faster; its key is whole.
            Err(FileError { what: What::Exists, .. }) => Self::open(path),
            Err(error) => Err(error),
        }
    }

    /// Opens the key at `path`.
    ///
    /// # Errors
    /// [`What::Missing`], and as [`open_or_create`](Self::open_or_create).
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let (octets, mode) = place::read(path, 32).map_err(|what| match what {
            What::TooLarge => What::NoDeviceKey.at(path),
            what => what.at(path),
        })?;
        let key = octets.as_slice().try_into().map_err(|_| What::NoDeviceKey.at(path))?;
        if mode & 0o077 != 0 {
            return Err(What::Exposed.at(path));
        }
        Ok(Self(Zeroizing::new(key)))
    }

    pub(super) fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}
