//! Tables of the issuing half: authorities, orders, certificates, revocations, lists, feed.
