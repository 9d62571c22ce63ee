//! Certificate revocation lists (RFC 5280 §5), written as a stream and read strictly (K4).
//!
//! A list of millions is never held in memory. Its entries are encoded once, when a certificate is revoked
//! ([`push_entry`]), and lie in list order in segments. Writing a list is then: the head ([`ListHead`], all
//! lengths known beforehand), the segments as they are, and a signature over what went by ([`ListWriter`]).
//!
//! ```text
//! ListPlan ─ ListHead::new ─ ListWriter::begin ─ push_encoded … ─ finish_tbs ─ (sign) ─ complete
//! ```
//!
//! [`List`] reads lists back: for tests, for the doctor, for whoever checks what was published.

mod entry;
mod extension;
mod fault;
mod head;
mod plan;
mod read;
mod writer;

pub use entry::{Entries, Entry, EntryPlan, Listed, entry, push_entry};
pub use fault::{BadList, ListRefused, WriteError};
pub use head::ListHead;
pub use plan::{Covers, Idp, ListPlan, PointName};
pub use read::{List, ListLimits};
pub use writer::{ListWriter, MAX_MESSAGE, ToSign, UnsignedList, Written};
