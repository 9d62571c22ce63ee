//! The feed: what the issuing half did, in one order for everybody who must know.

use crate::{AuthorityId, CertRef, UtcMicros};

/// What a feed entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// A certificate was issued.
    Issued,
    /// An order was given up before it was issued; its serial number stays used.
    Failed,
    /// A certificate was revoked for good.
    Revoked,
    /// A certificate was put on hold.
    Held,
    /// A hold was released.
    Released,
    /// A list was published; the entry carries its number.
    ListPublished,
}

impl FeedKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Issued, Self::Failed, Self::Revoked, Self::Held, Self::Released, Self::ListPublished];
}

/// One entry of the feed. A reader keeps the `seq` of the last one it has dealt with, and asks for those after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in the feed: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// What happened.
    pub kind: FeedKind,
    /// Whose order it was; `None` for lists.
    pub orderer: Option<String>,
    /// The orderer's idempotency key, when the order had one.
    pub order_key: Option<String>,
    /// The order; `None` for lists.
    pub order_id: Option<i64>,
    /// At which authority.
    pub authority: AuthorityId,
    /// Which certificate; `None` for lists.
    pub cert: Option<CertRef>,
    /// The number of a published list, full or delta; `None` for everything else.
    pub number: Option<i64>,
    /// When.
    pub at: UtcMicros,
}
