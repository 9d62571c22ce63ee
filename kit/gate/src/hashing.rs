//! Passwords hashed and compared off the runtime's threads, only so many at once.

use crate::{GateSettings, refusals};
use core_crypto::{Dice, PasswordHash};
use core_words::Refusal;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

/// Characters of a new password.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=128;
/// Octets of a password that are looked at when someone signs in; 128 characters have at most 512.
const MAX_OCTETS: usize = 512;

pub(crate) struct Hashing {
    hasher: Arc<dyn PasswordHash>,
    /// One permit for each who hashes or waits.
    places: Arc<Semaphore>,
    /// One permit for each who hashes.
    at_once: Arc<Semaphore>,
    /// The hash of a password that nobody knows: an ID that does not exist costs the same.
    nobody: Arc<str>,
}

/// A place among those who may hash.
///
/// Who compares keeps it until the outcome is counted: tries are counted before they are judged, so that those who are
/// being judged at one moment must be fewer than the wrong ones that lock, or several right ones would.
pub(crate) struct Turn {
    _place: OwnedSemaphorePermit,
    _at_once: OwnedSemaphorePermit,
}

impl Hashing {
    pub(crate) fn new(hasher: Arc<dyn PasswordHash>, dice: &dyn Dice, settings: &GateSettings) -> Self {
        let mut nobody = Zeroizing::new([0; 32]);
        dice.fill(&mut *nobody);
        let nobody = hasher.hash(&*nobody, dice).into();
        let at_once = settings.hashes_at_once.clamp(1, 64);
        let places = at_once + settings.hashes_waiting.min(10_000);
        Self {
            hasher,
            places: Arc::new(Semaphore::new(places)),
            at_once: Arc::new(Semaphore::new(at_once)),
            nobody,
        }
    }

    /// Waits for a turn; refused at once when too many wait already.
    pub(crate) async fn turn(&self) -> Result<Turn, Refusal> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| refusals::busy())?;
        let at_once = self.at_once.clone().acquire_owned().await.map_err(|_| refusals::busy())?;
        Ok(Turn { _place: place, _at_once: at_once })
    }

    pub(crate) async fn hash(
        &self,
        password: Zeroizing<String>,
        dice: Arc<dyn Dice>,
    ) -> Result<String, Refusal> {
        if !LENGTHS.contains(&password.chars().count()) {
            return Err(refusals::unfit_password());
        }
        let turn = self.turn().await?;
        let hasher = self.hasher.clone();
        let work = tokio::task::spawn_blocking(move || {
            let phc = hasher.hash(password.as_bytes(), &*dice);
            drop(turn);
            phc
        });
        work.await.map_err(|_| refusals::busy())
    }

    /// Whether the password leads to `phc`, and the turn back, if the work came to its end. Without `phc` the same work
    /// is done and the answer is no.
    pub(crate) async fn verify(
        &self,
        password: Zeroizing<String>,
        phc: Option<String>,
        turn: Turn,
    ) -> (bool, Option<Turn>) {
        let (hasher, nobody) = (self.hasher.clone(), self.nobody.clone());
        let work = tokio::task::spawn_blocking(move || {
            let octets = password.as_bytes();
            let known = phc.is_some() && octets.len() <= MAX_OCTETS;
            let verified =
                hasher.verify(&octets[..octets.len().min(MAX_OCTETS)], phc.as_deref().unwrap_or(&nobody));
            // The turn goes with the work, and ends with it when whoever waited has gone away.
            (verified && known, turn)
        });
        work.await.map_or((false, None), |(fits, turn)| (fits, Some(turn)))
    }
}
