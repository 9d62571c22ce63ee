//! The entries of a list go by twice, and none of them is kept: the first time they are hashed for the signature, the
//! second time they are written.
//!
//! Two passes and not one, because how long a signature is stands at the very beginning of a list, and ECDSA tells it
//! only afterwards. So octets are written in order, once, to whatever takes octets: a file or an object store.

use super::{ListHead, WriteError};
use core_crypto::{Digest, HashAlg, HashOut, Running};
use std::io::Write;

/// The longest list, in octets, that Ed25519 and ML-DSA sign here: they need the whole message in memory.
/// 256 MiB are about 5 million entries. RSA and ECDSA have no such limit.
pub const MAX_MESSAGE: u64 = 256 << 20;

/// What the issuer's key signs.
#[derive(Clone, Debug)]
pub enum ToSign {
    /// The hash of the to-be-signed octets, for RSA and ECDSA.
    Digest(HashOut),
    /// The octets themselves, for Ed25519 and ML-DSA: at most [`MAX_MESSAGE`].
    Message(Vec<u8>),
}

/// The first pass: finds what is to be signed.
pub struct SignPass<'h> {
    entries: Announced<'h>,
    so_far: SoFar,
}

enum SoFar {
    Hash(Box<dyn Running>),
    Message(Vec<u8>),
}

/// The second pass: writes the list.
pub struct ListWriter<'h, W> {
    entries: Announced<'h>,
    out: Hashing<W>,
    signature: &'h [u8],
}

/// A list that was written.
#[derive(Debug)]
pub struct Written<W> {
    /// Where it was written to; its owner makes it durable.
    pub out: W,
    /// The length of the list.
    pub octets: u64,
    /// SHA-256 of the whole list.
    pub sha256: [u8; 32],
}

impl<'h> SignPass<'h> {
    /// Begins.
    ///
    /// # Errors
    /// [`WriteError::MessageTooLong`] when the algorithm needs the whole message and that is too long for memory.
    pub fn begin(head: &'h ListHead, digest: &dyn Digest) -> Result<Self, WriteError> {
        let mut so_far = match head.sig_alg().prehash() {
            Some(alg) => SoFar::Hash(digest.start(alg)),
            None if head.tbs_octets() > MAX_MESSAGE => {
                return Err(WriteError::MessageTooLong(head.tbs_octets()));
            }
            None => SoFar::Message(Vec::with_capacity(head.tbs_octets() as usize)),
        };
        so_far.take(head.prefix());
        Ok(Self { entries: Announced { head, pushed: 0 }, so_far })
    }

    /// Takes encoded entries, whole, in list order: one, or better a segment of many.
    ///
    /// # Errors
    /// [`WriteError::Length`] when there are more than the head announces.
    pub fn push_encoded(&mut self, entries: &[u8]) -> Result<(), WriteError> {
        self.entries.count(entries)?;
        self.so_far.take(entries);
        Ok(())
    }

    /// Ends.
    ///
    /// # Errors
    /// [`WriteError::Length`] when entries are missing.
    pub fn finish(mut self) -> Result<ToSign, WriteError> {
        self.entries.complete()?;
        self.so_far.take(self.entries.head.suffix());
        Ok(match self.so_far {
            SoFar::Hash(running) => ToSign::Digest(running.finish()),
            SoFar::Message(message) => ToSign::Message(message),
        })
    }
}

impl SoFar {
    fn take(&mut self, octets: &[u8]) {
        match self {
            Self::Hash(running) => running.update(octets),
            Self::Message(message) => message.extend_from_slice(octets),
        }
    }
}

impl<'h, W: Write> ListWriter<'h, W> {
    /// Begins to write the list that this signature belongs to.
    ///
    /// # Errors
    /// [`WriteError::Io`].
    pub fn begin(
        out: W,
        head: &'h ListHead,
        signature: &'h [u8],
        digest: &dyn Digest,
    ) -> Result<Self, WriteError> {
        let mut out = Hashing { out, hash: digest.start(HashAlg::Sha256), octets: 0 };
        out.put(&[&head.outer(signature.len()), head.prefix()].concat())?;
        Ok(Self { entries: Announced { head, pushed: 0 }, out, signature })
    }

    /// Takes the same entries as the first pass.
    ///
    /// # Errors
    /// [`WriteError::Length`] when there are more than the head announces, [`WriteError::Io`].
    pub fn push_encoded(&mut self, entries: &[u8]) -> Result<(), WriteError> {
        self.entries.count(entries)?;
        Ok(self.out.put(entries)?)
    }

    /// Ends.
    ///
    /// # Errors
    /// [`WriteError::Length`] when entries are missing, [`WriteError::Io`].
    pub fn finish(mut self) -> Result<Written<W>, WriteError> {
        self.entries.complete()?;
        let head = self.entries.head;
        self.out.put(&[head.suffix(), &head.tail(self.signature)].concat())?;
        let Hashing { mut out, hash, octets } = self.out;
        out.flush()?;
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(hash.finish().as_ref());
        Ok(Written { out, octets, sha256 })
    }
}

/// Holds the entries to the length that the head announces: every length before them was worked out from it.
struct Announced<'h> {
    head: &'h ListHead,
    pushed: u64,
}

impl Announced<'_> {
    fn count(&mut self, entries: &[u8]) -> Result<(), WriteError> {
        self.pushed += entries.len() as u64;
        if self.pushed > self.head.entries_octets() { Err(self.wrong()) } else { Ok(()) }
    }

    fn complete(&self) -> Result<(), WriteError> {
        if self.pushed == self.head.entries_octets() { Ok(()) } else { Err(self.wrong()) }
    }

    fn wrong(&self) -> WriteError {
        WriteError::Length { announced: self.head.entries_octets(), pushed: self.pushed }
    }
}

struct Hashing<W> {
    out: W,
    hash: Box<dyn Running>,
    octets: u64,
}

impl<W: Write> Hashing<W> {
    fn put(&mut self, octets: &[u8]) -> std::io::Result<()> {
        self.hash.update(octets);
        self.octets += octets.len() as u64;
        self.out.write_all(octets)
    }
}
