//! Claims desk: certificates for care providers, seed 000.
