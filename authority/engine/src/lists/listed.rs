//! What a published list says, read back from its file: the file of any size goes through once, in pieces.
//!
//! The list is one of ours: its row has the SHA-256 of the file, and an answer is given only when the octets read
//! are those. So the walk over the entries reads what it must and trusts nothing else.

use crate::{Ctx, refusals};
use authority_front::{Listed, Refusal};
use authority_journal::{
    authorities,
    lists::{self, List},
    orders,
};
use core_crypto::{Digest, HashAlg, Running};
use core_words::{AuthorityId, Serial};
use core_x509::tlv;
use kit_store::{StoreError, Tx};
use std::{
    collections::{BTreeSet, HashMap},
    io::{self, BufReader, Read},
    sync::Arc,
};

/// The most serial numbers asked for at once.
const MOST: usize = 10_000;

/// The longest entry or field before the entries that is read: far more than any of ours.
const LONGEST: u64 = 64 * 1024;

/// Which of `serials` stand on the full list with this number: see [`authority_front::Front::listed`].
pub(crate) async fn listed(
    ctx: &Arc<Ctx>,
    authority: &AuthorityId,
    number: i64,
    serials: &[Serial],
) -> Result<Option<Listed>, Refusal> {
    if serials.len() > MOST {
        return Err(refusals::too_many_serials(MOST));
    }
    let (wanted, asked) = (authority.clone(), serials.to_vec());
    let found = ctx.db.read(move |tx| candidates(tx, &wanted, number, &asked)).await;
    let Some(found) = found.map_err(|e| refusals::store(&e))? else {
        return Err(refusals::unknown_authority(authority));
    };
    let mut newest: Option<Listed> = None;
    for list in found {
        let (inner, asked) = (ctx.clone(), serials.to_vec());
        let read = tokio::task::spawn_blocking(move || read(&inner, &list, &asked));
        let read = read.await.map_err(|_| refusals::internal())?;
        let Some(listed) = read.map_err(|error| {
            tracing::error!(%authority, number, %error, "a published list cannot be read back");
            refusals::internal()
        })?
        else {
            continue;
        };
        if listed.listed.contains(&true) {
            return Ok(Some(listed));
        }
        if newest.as_ref().is_none_or(|other| other.this_update < listed.this_update) {
            newest = Some(listed);
        }
    }
    Ok(newest)
}

/// The lists with this number on which any of the serials could stand; without serials, or when none of them was issued
/// here, the list of all of the generation that issues. `None`: there is no such authority.
fn candidates(
    tx: &mut Tx,
    authority: &AuthorityId,
    number: i64,
    serials: &[Serial],
) -> Result<Option<Vec<List>>, StoreError> {
    let Some(row) = authorities::get(tx, authority)? else { return Ok(None) };
    let lists = lists::full_of_number(tx, authority, number)?;
    let mut scopes: BTreeSet<(u16, u16)> = BTreeSet::new();
    for (generation, partition) in orders::scopes(tx, authority, serials)?.into_iter().flatten() {
        scopes.extend([(generation, 0), (generation, partition)]);
    }
    if scopes.is_empty() {
        scopes.insert((row.active_generation, 0));
    }
    let fits = |list: &List| scopes.contains(&(list.scope.generation, list.scope.partition));
    Ok(Some(lists.into_iter().filter(fits).collect()))
}

/// Reads one list; `None` when its file is gone.
fn read(ctx: &Ctx, list: &List, serials: &[Serial]) -> io::Result<Option<Listed>> {
    let (Some(name), Some(sha256)) = (&list.blob, list.sha256) else { return Ok(None) };
    let Some(blob) = ctx.blobs.open(name).map_err(io::Error::other)? else { return Ok(None) };
    let mut places: HashMap<Serial, Vec<usize>> = HashMap::with_capacity(serials.len());
    for (place, serial) in serials.iter().enumerate() {
        places.entry(*serial).or_default().push(place);
    }
    let mut listed = vec![false; serials.len()];
    let mut file = Hashed {
        inner: BufReader::with_capacity(1 << 16, blob),
        running: ctx.provider.start(HashAlg::Sha256),
    };
    each_serial(&mut file, |serial| {
        for place in places.get(&serial).into_iter().flatten() {
            listed[*place] = true;
        }
    })?;
    io::copy(&mut file, &mut io::sink())?;
    if file.running.finish().as_ref() != sha256 {
        return Err(bad("the file is not the one that was published"));
    }
    let (this_update, next_update) = (list.this_update.whole_seconds(), list.next_update.whole_seconds());
    Ok(Some(Listed { number: list.number, this_update, next_update, sha256, listed }))
}

/// Walks to the entries (RFC 5280 §5.1) and hands out their serial numbers; stops behind the last.
fn each_serial(file: &mut impl Read, mut take: impl FnMut(Serial)) -> io::Result<()> {
    header(file, tlv::SEQUENCE)?;
    header(file, tlv::SEQUENCE)?;
    // Version, algorithm, issuer, thisUpdate, nextUpdate.
    for _ in 0..5 {
        let (_, length) = any_header(file)?;
        skip(file, length)?;
    }
    let (tag, mut left) = any_header(file)?;
    if tag != tlv::SEQUENCE {
        // The extensions: nothing is revoked.
        return Ok(());
    }
    let mut octets = Vec::new();
    while left > 0 {
        let mut entry = Counted { inner: &mut *file, octets: 0 };
        let length = header(&mut entry, tlv::SEQUENCE)?;
        if length > LONGEST {
            return Err(bad("an entry is too long"));
        }
        octets.resize(usize::try_from(length).map_err(io::Error::other)?, 0);
        entry.read_exact(&mut octets)?;
        left =
            left.checked_sub(entry.octets).ok_or_else(|| bad("an entry is longer than the list of them"))?;
        let serial = tlv::Reader::new(&octets).expect(tlv::INTEGER).map_err(io::Error::other)?;
        take(Serial::from_der_content(serial.content).map_err(io::Error::other)?);
    }
    Ok(())
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Reads tag and length of an element that must have this tag.
fn header(file: &mut impl Read, tag: u8) -> io::Result<u64> {
    let (found, length) = any_header(file)?;
    if found == tag { Ok(length) } else { Err(bad("another element stands where a SEQUENCE should")) }
}

/// Reads tag and definite length; lists may be longer than 4 GiB.
fn any_header(file: &mut impl Read) -> io::Result<(u8, u64)> {
    let mut two = [0; 2];
    file.read_exact(&mut two)?;
    let length = match two[1] {
        short @ 0..=0x7f => u64::from(short),
        long @ 0x81..=0x86 => {
            let mut octets = [0; 8];
            file.read_exact(&mut octets[8 - usize::from(long & 0x7f)..])?;
            u64::from_be_bytes(octets)
        }
        _ => return Err(bad("a length that is not definite, or longer than any file")),
    };
    Ok((two[0], length))
}

fn skip(file: &mut impl Read, length: u64) -> io::Result<()> {
    if length > LONGEST {
        return Err(bad("a field before the entries is too long"));
    }
    let skipped = io::copy(&mut file.take(length), &mut io::sink())?;
    if skipped == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Hashes what is read through it.
struct Hashed<R> {
    inner: R,
    running: Box<dyn Running>,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.running.update(&out[..read]);
        Ok(read)
    }
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    octets: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.octets += read as u64;
        Ok(read)
    }
}
