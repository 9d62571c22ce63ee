//! A new private key, and the making of it.

use crate::{
    Transmit,
    host::{Device, HostError, Rooted},
    pin::PinKind,
};
use core_crypto::{CardTools, KeyAlg, Pair};
use std::sync::Arc;

/// The making of one key pair. It takes up to a second, so it is carried to another thread: the panel stays at hand.
pub struct Work {
    alg: KeyAlg,
    tools: Arc<dyn CardTools>,
}

/// A private key that was made a moment ago. It can be sent to the card that is seated and to nothing else: it is
/// neither shown, nor copied, nor written, and wiped when dropped.
pub struct FreshPair(Box<dyn Pair>);

impl std::fmt::Debug for FreshPair {
    /// Says nothing of the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FreshPair")
    }
}

impl Work {
    pub(super) fn new(alg: KeyAlg, tools: Arc<dyn CardTools>) -> Self {
        Self { alg, tools }
    }

    /// Makes the key pair on this thread; `None` when the library fails.
    pub fn run(self) -> Option<FreshPair> {
        self.tools.generate_pair(self.alg).ok().map(FreshPair)
    }
}

impl FreshPair {
    /// The public half, a DER SubjectPublicKeyInfo.
    pub fn public_spki(&self) -> &[u8] {
        self.0.public_spki()
    }

    /// Sends it into the card, has the card show that it arrived sound, and forgets it; the public half remains.
    pub(super) fn store<T: Transmit>(
        self,
        session: &mut Rooted<'_, T, Device>,
        place: PinKind,
        storage_of_all: &[u8; 32],
    ) -> Result<Vec<u8>, HostError<T::Error>> {
        session.import(place, &*self.0, storage_of_all)?;
        let spki = session.read_public_key(place)?;
        if spki != self.0.public_spki() {
            return Err(HostError::PairUnsound);
        }
        session.prove_pair(place, &spki)?;
        Ok(spki)
    }
}
