//! The mathematics of the log: RFC 6962 §2.1 hashes, the right edge of a growing tree, proofs.
//!
//! Pure: values in, values out. Nothing here knows of tables, files or signatures, and nothing here
//! allocates by what a proof *claims*; only by what it holds.

mod edge;
mod hash;
mod proof;

pub use edge::{Edge, TILE_HEIGHT, TILE_WIDTH, TileOut};
pub(crate) use edge::{hashes_at, partial_width};
pub use hash::{Hash, empty_root, leaf_hash, node_hash, root_of};
pub use proof::{
    BadProof, MAX_PROOF, Nodes, prove_consistency, prove_inclusion, root_at, verify_consistency,
    verify_inclusion,
};

#[cfg(test)]
mod tests;
