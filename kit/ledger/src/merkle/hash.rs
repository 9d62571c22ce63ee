//! Leaf, node and tree hashes (RFC 6962 §2.1), always SHA-256.

use core_crypto::Digest;

/// A SHA-256 value: a leaf, an inner node or the root of a tree.
pub type Hash = [u8; 32];

/// Before an entry, so that no entry can pass for an inner node.
const LEAF: u8 = 0x00;
/// Before two children, so that no inner node can pass for an entry.
const NODE: u8 = 0x01;

/// The hash of an entry: SHA-256(0x00 ‖ entry).
pub fn leaf_hash(digest: &dyn Digest, entry: &[u8]) -> Hash {
    let mut input = Vec::with_capacity(1 + entry.len());
    input.push(LEAF);
    input.extend_from_slice(entry);
    digest.sha256(&input)
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(digest: &dyn Digest, left: &Hash, right: &Hash) -> Hash {
    let mut input = [NODE; 65];
    input[1..33].copy_from_slice(left);
    input[33..].copy_from_slice(right);
    digest.sha256(&input)
}

/// The root of the tree without entries: SHA-256 of nothing.
pub fn empty_root(digest: &dyn Digest) -> Hash {
    digest.sha256(&[])
}

/// The root over consecutive hashes of equal height, of which the last may be a ragged, smaller subtree.
///
/// RFC 6962 splits at the largest power of two below the size; hashing pairs row by row and carrying an
/// odd last one upwards unchanged makes the same tree. `None` when there are none.
pub fn root_of(digest: &dyn Digest, row: &[Hash]) -> Option<Hash> {
    let mut row = row.to_vec();
    while row.len() > 1 {
        let mut filled = 0;
        for at in (0..row.len()).step_by(2) {
            row[filled] = match row.get(at + 1) {
                Some(right) => node_hash(digest, &row[at], right),
                None => row[at],
            };
            filled += 1;
        }
        row.truncate(filled);
    }
    row.pop()
}
