//! The Merkle log: append, sequencer, checkpoints, proofs, export, verification from files alone.
