//! Sample pages of this crate: every component, in every state worth looking at.

use crate::Sample;

/// Every component with sample data.
pub fn samples() -> Vec<Sample> {
    Vec::new()
}
