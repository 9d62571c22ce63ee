//! What a published list says.

use core_words::UtcSeconds;

/// What one published list says of some certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its cRLNumber.
    pub number: i64,
    /// Its thisUpdate.
    pub this_update: UtcSeconds,
    /// Its nextUpdate.
    pub next_update: UtcSeconds,
    /// SHA-256 of the whole file as it was read.
    pub sha256: [u8; 32],
    /// Answer `i`: whether serial `i` stands on the list, revoked or on hold.
    pub listed: Vec<bool>,
}
