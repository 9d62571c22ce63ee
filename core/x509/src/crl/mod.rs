//! Certificate revocation lists (RFC 5280 §5), written as a stream and read strictly (K4).
//!
//! A list of millions is never held in memory. Its entries are encoded once, when a certificate is revoked
//! ([`push_entry`]), and lie in list order in segments. A list is then the octets before and after its entries
//! ([`ListHead`], all lengths known beforehand) around the segments as they are, which go by twice:
//!
//! ```text
//! ListPlan ─ ListHead::new ─ SignPass: push_encoded … finish ─ (sign) ─ ListWriter: push_encoded … finish
//! ```
//!
//! [`List`] reads lists back: for tests, for the doctor, for whoever checks what was published.

mod entry;
mod extension;
mod fault;
mod head;
mod passes;
mod plan;
mod read;

pub use entry::{Entries, Entry, EntryPlan, Listed, entry, push_entry};
pub use fault::{BadList, ListRefused, WriteError};
pub use head::ListHead;
pub use passes::{ListWriter, MAX_MESSAGE, SignPass, ToSign, Written};
pub use plan::{Covers, Idp, ListPlan, PointName};
pub use read::{List, ListLimits};
