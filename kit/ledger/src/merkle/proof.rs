//! Inclusion and consistency proofs: made as RFC 6962 §2.1.1 and §2.1.2 say, checked as RFC 9162 §2.1.3.2
//! and §2.1.4.2 say. The two descriptions are of different make, so that one tests the other.

use super::{Hash, node_hash};
use core_crypto::Digest;

/// The longest proof of a tree of fewer than 2^64 entries; longer ones are refused unread.
pub const MAX_PROOF: usize = 65;

/// Where the hashes of complete subtrees come from: tiles in a table, tiles in a directory.
pub trait Nodes {
    /// Why a hash could not be had.
    type Error;

    /// The root of the complete subtree over entries `index << level .. (index + 1) << level`.
    ///
    /// # Errors
    /// When the source cannot be read or does not hold it.
    fn node(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// A proof that does not prove what it should; no more can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not fit the tree")]
pub struct BadProof;

/// The proof that entry `index` is in the tree of the first `size` entries, sibling of the leaf first.
///
/// # Errors
/// Those of `nodes`.
///
/// # Panics
/// When `index` is not below `size`: there is no such proof to ask for.
pub fn prove_inclusion<N: Nodes>(
    digest: &dyn Digest,
    nodes: &mut N,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, N::Error> {
    assert!(index < size, "entry {index} is not in a tree of {size}");
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(range_root(digest, nodes, middle, high)?);
            high = middle;
        } else {
            path.push(range_root(digest, nodes, low, middle)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of the first `old` entries is a beginning of the tree of the first `new` ones.
///
/// Empty when `old` is 0 or equals `new`.
///
/// # Errors
/// Those of `nodes`.
///
/// # Panics
/// When `old` is greater than `new`.
pub fn prove_consistency<N: Nodes>(
    digest: &dyn Digest,
    nodes: &mut N,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, N::Error> {
    assert!(old <= new, "a tree of {new} does not contain one of {old}");
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    // SUBPROOF of RFC 6962 §2.1.2, unrolled: [low, high) is the subtree under view, and `old` lies in it.
    let (mut low, mut high) = (0, new);
    let mut is_old_root = true;
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(range_root(digest, nodes, middle, high)?);
            high = middle;
        } else {
            proof.push(range_root(digest, nodes, low, middle)?);
            low = middle;
            is_old_root = false;
        }
    }
    if !is_old_root {
        proof.push(range_root(digest, nodes, low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of the first `size` entries, `size` at least 1.
///
/// # Errors
/// Those of `nodes`.
pub fn root_at<N: Nodes>(digest: &dyn Digest, nodes: &mut N, size: u64) -> Result<Hash, N::Error> {
    range_root(digest, nodes, 0, size)
}

/// Checks that an entry with this `leaf` hash stands at `index` of the tree of `size` entries with `root`.
///
/// # Errors
/// [`BadProof`] for anything else.
pub fn verify_inclusion(
    digest: &dyn Digest,
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), BadProof> {
    if index >= size || proof.len() > MAX_PROOF {
        return Err(BadProof);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(BadProof);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(digest, sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(digest, &hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(BadProof) }
}

/// Checks that the tree of `old` entries with `old_root` is a beginning of that of `new` entries with `new_root`.
///
/// The empty tree is a beginning of every tree; its root is the caller's to compare.
///
/// # Errors
/// [`BadProof`] for anything else.
pub fn verify_consistency(
    digest: &dyn Digest,
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), BadProof> {
    if old > new || proof.len() > MAX_PROOF {
        return Err(BadProof);
    }
    if old == new {
        return if proof.is_empty() && old_root == new_root { Ok(()) } else { Err(BadProof) };
    }
    if old == 0 {
        return if proof.is_empty() { Ok(()) } else { Err(BadProof) };
    }
    // A complete old tree is itself a node of the new one; its root is left out of the proof.
    let (first, rest) =
        if old.is_power_of_two() { (old_root, proof) } else { proof.split_first().ok_or(BadProof)? };
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(BadProof);
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(digest, sibling, &from_old);
            from_new = node_hash(digest, sibling, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(digest, &from_new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(BadProof) }
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The hash over entries `low .. high`, a range that RFC 6962 cuts out of some tree: `low` is a multiple of
/// the power of two at or above its length.
fn range_root<N: Nodes>(digest: &dyn Digest, nodes: &mut N, low: u64, high: u64) -> Result<Hash, N::Error> {
    let size = high - low;
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return nodes.node(level, low >> level);
    }
    let middle = low + split(size);
    let left = range_root(digest, nodes, low, middle)?;
    let right = range_root(digest, nodes, middle, high)?;
    Ok(node_hash(digest, &left, &right))
}
