//! Writing a list in one pass: what is pushed is hashed and written, and never kept.

use super::{ListHead, WriteError};
use core_crypto::{Digest, HashAlg, HashOut, Running, SigAlg};
use std::io::{self, Read, Seek, SeekFrom, Write};

/// The longest list, in octets, that Ed25519 and ML-DSA sign here: they need the whole message in memory.
/// 256 MiB are about 6 million entries. RSA and ECDSA have no such limit.
pub const MAX_MESSAGE: u64 = 256 << 20;

/// Pieces below this many octets are gathered before they are hashed and written.
const GATHER: usize = 256 * 1024;

/// A list under way. Memory stays constant, whatever the length.
///
/// The medium must be readable as well, and empty from the present position on. Nobody may see it before
/// [`UnsignedList::complete`]: until then its first octets are zero, which no reader takes for a list.
pub struct ListWriter<'d, W> {
    sink: Sink<'d, W>,
    head: ListHead,
    /// Octets kept free for the outer SEQUENCE header.
    reserved: u64,
    pushed: u64,
}

/// A list that lacks only its signature.
pub struct UnsignedList<'d, W> {
    out: W,
    digest: &'d dyn Digest,
    head: ListHead,
    reserved: u64,
    start: u64,
    to_sign: ToSign,
}

/// What the issuer's key signs.
#[derive(Clone, Debug)]
pub enum ToSign {
    /// The hash of the to-be-signed octets, for RSA and ECDSA.
    Digest(HashOut),
    /// The octets themselves, for Ed25519 and ML-DSA: at most [`MAX_MESSAGE`].
    Message(Vec<u8>),
}

/// A finished list.
#[derive(Debug)]
pub struct Written<W> {
    /// The medium, positioned after the list; its owner makes it durable.
    pub out: W,
    /// The length of the list.
    pub octets: u64,
    /// SHA-256 of the whole list.
    pub sha256: [u8; 32],
}

impl<'d, W: Read + Write + Seek> ListWriter<'d, W> {
    /// Begins a list at the medium's present position.
    ///
    /// # Errors
    /// [`WriteError::MessageTooLong`] before anything is written, [`WriteError::Io`].
    pub fn begin(mut out: W, head: ListHead, digest: &'d dyn Digest) -> Result<Self, WriteError> {
        let prehash = head.sig_alg().prehash();
        if prehash.is_none() && head.tbs_octets() > MAX_MESSAGE {
            return Err(WriteError::MessageTooLong(head.tbs_octets()));
        }
        let start = out.stream_position()?;
        // How long the header is depends on the signature's length, which ECDSA tells only afterwards. Room is
        // kept for the shortest one; at a boundary (16 MiB, 4 GiB) the list is moved along by an octet.
        let reserved = head.outer(shortest_signature(head.sig_alg())).len() as u64;
        out.write_all(&[0; 10][..reserved as usize])?;
        let running = prehash.map(|alg| digest.start(alg));
        let mut sink = Sink { out, start, digest, running, gathered: Vec::with_capacity(GATHER) };
        sink.push(head.prefix())?;
        Ok(Self { sink, head, reserved, pushed: 0 })
    }

    /// Takes encoded entries, whole, in list order: one, or a segment of many.
    ///
    /// # Errors
    /// [`WriteError::Length`] when there are more than the head announces, [`WriteError::Io`].
    pub fn push_encoded(&mut self, entries: &[u8]) -> Result<(), WriteError> {
        self.pushed += entries.len() as u64;
        if self.pushed > self.head.entries_octets() {
            return Err(self.length());
        }
        Ok(self.sink.push(entries)?)
    }

    /// Ends the to-be-signed part.
    ///
    /// # Errors
    /// [`WriteError::Length`] when entries are missing, [`WriteError::Io`].
    pub fn finish_tbs(mut self) -> Result<UnsignedList<'d, W>, WriteError> {
        if self.pushed != self.head.entries_octets() {
            return Err(self.length());
        }
        self.sink.push(self.head.suffix())?;
        self.sink.flush()?;
        let Sink { mut out, start, digest, running, .. } = self.sink;
        let to_sign = match running {
            Some(running) => ToSign::Digest(running.finish()),
            None => {
                // `begin` has checked that it fits in memory.
                let mut message = vec![0; self.head.tbs_octets() as usize];
                out.seek(SeekFrom::Start(start + self.reserved))?;
                out.read_exact(&mut message)?;
                ToSign::Message(message)
            }
        };
        Ok(UnsignedList { out, digest, head: self.head, reserved: self.reserved, start, to_sign })
    }

    fn length(&self) -> WriteError {
        WriteError::Length { announced: self.head.entries_octets(), pushed: self.pushed }
    }
}

impl<W: Read + Write + Seek> UnsignedList<'_, W> {
    /// What the issuer's key must sign.
    pub fn to_sign(&self) -> &ToSign {
        &self.to_sign
    }

    /// Adds the signature and the outermost header, and hashes the finished list.
    ///
    /// # Errors
    /// [`WriteError::Signature`] for a signature shorter than the algorithm makes, [`WriteError::Io`].
    pub fn complete(mut self, signature: &[u8]) -> Result<Written<W>, WriteError> {
        if signature.len() < shortest_signature(self.head.sig_alg()) {
            return Err(WriteError::Signature(signature.len()));
        }
        let outer = self.head.outer(signature.len());
        let body = self.start + self.reserved;
        let moved = outer.len() as u64 - self.reserved;
        if moved > 0 {
            move_along(&mut self.out, body, self.head.tbs_octets(), moved)?;
        }
        self.out.seek(SeekFrom::Start(body + moved + self.head.tbs_octets()))?;
        self.out.write_all(&self.head.tail(signature))?;
        let end = self.out.stream_position()?;
        self.out.seek(SeekFrom::Start(self.start))?;
        self.out.write_all(&outer)?;
        self.out.seek(SeekFrom::Start(self.start))?;
        let octets = end - self.start;
        let sha256 = hash_back(&mut self.out, octets, self.digest)?;
        self.out.flush()?;
        Ok(Written { out: self.out, octets, sha256 })
    }
}

/// Hashes and writes. Small pieces are gathered, large ones go through as they are.
struct Sink<'d, W> {
    out: W,
    start: u64,
    digest: &'d dyn Digest,
    running: Option<Box<dyn Running>>,
    gathered: Vec<u8>,
}

impl<W: Write> Sink<'_, W> {
    fn push(&mut self, octets: &[u8]) -> io::Result<()> {
        if self.gathered.len() + octets.len() > GATHER {
            self.flush()?;
        }
        if octets.len() >= GATHER {
            return pass(&mut self.out, &mut self.running, octets);
        }
        self.gathered.extend_from_slice(octets);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        pass(&mut self.out, &mut self.running, &self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

fn pass(out: &mut impl Write, running: &mut Option<Box<dyn Running>>, octets: &[u8]) -> io::Result<()> {
    if let Some(running) = running {
        running.update(octets);
    }
    out.write_all(octets)
}

/// Moves `len` octets at `from` towards the end by `by`, last piece first so that nothing is overwritten unread.
fn move_along<W: Read + Write + Seek>(out: &mut W, from: u64, len: u64, by: u64) -> io::Result<()> {
    let mut piece = vec![0; GATHER];
    let mut left = len;
    while left > 0 {
        let count = left.min(GATHER as u64);
        left -= count;
        let piece = &mut piece[..count as usize];
        out.seek(SeekFrom::Start(from + left))?;
        out.read_exact(piece)?;
        out.seek(SeekFrom::Start(from + left + by))?;
        out.write_all(piece)?;
    }
    Ok(())
}

fn hash_back(out: &mut impl Read, octets: u64, digest: &dyn Digest) -> io::Result<[u8; 32]> {
    let mut running = digest.start(HashAlg::Sha256);
    let mut piece = vec![0; GATHER];
    let mut left = octets;
    while left > 0 {
        let piece = &mut piece[..left.min(GATHER as u64) as usize];
        out.read_exact(piece)?;
        running.update(piece);
        left -= piece.len() as u64;
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(running.finish().as_ref());
    Ok(sha256)
}

/// The fewest octets of a signature: RSA of 2048 bits; ECDSA with two INTEGERs of one octet; else a fixed size.
fn shortest_signature(alg: SigAlg) -> usize {
    match alg {
        SigAlg::RsaSha256 | SigAlg::RsaSha384 | SigAlg::RsaSha512 => 256,
        SigAlg::EcdsaSha256 | SigAlg::EcdsaSha384 => 8,
        SigAlg::Ed25519 => 64,
        SigAlg::MlDsa44 => 2420,
        SigAlg::MlDsa65 => 3309,
        SigAlg::MlDsa87 => 4627,
    }
}
