//! What an operator sees of a running server: health, readiness, metrics, logs (K14).

pub mod edge_acts;
pub mod health;
pub mod log;
pub mod meters;
pub mod probe;
