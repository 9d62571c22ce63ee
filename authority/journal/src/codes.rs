//! Stored enum numbers. A number, once used, is never given another meaning.

use core_crypto::{KeyAlg, SigAlg};
pub use core_words::FeedKind;

/// A stored number that means nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} {value} is not known to this version")]
pub struct UnknownCode {
    /// Which enum.
    pub what: &'static str,
    /// The stored number.
    pub value: i16,
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $value:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored number.
            pub fn code(self) -> i16 {
                match self { $(Self::$variant => $value),+ }
            }

            /// Reads a stored number.
            pub fn from_code(value: i16) -> Result<Self, UnknownCode> {
                match value {
                    $($value => Ok(Self::$variant),)+
                    _ => Err(UnknownCode { what: stringify!($name), value }),
                }
            }
        }
    };
}

code! {
    /// What an authority is for.
    AuthorityKind {
        /// A root: its certificate is self-signed.
        Root = 1,
        /// Issues to subscribers under another authority.
        Issuing = 2,
    }
}
code! {
    /// Whether an authority issues.
    AuthorityState {
        /// Issues and revokes.
        Active = 1,
        /// Issues nothing until it is resumed; revokes and publishes lists (J8).
        Suspended = 2,
        /// Issues nothing any more; revokes and publishes lists until its last certificate has expired.
        Retired = 3,
    }
}
code! {
    /// The life of one generation of an authority's key.
    GenerationState {
        /// Issues, and signs its lists.
        Active = 1,
        /// Replaced: signs only the lists of the certificates it issued.
        Retired = 2,
        /// Its last certificate has expired: signs nothing.
        Ended = 3,
    }
}
code! {
    /// Kinds of certificates the repository serves beside the current ones.
    PublishedKind {
        /// The old key certified by the new one (RFC 4210 §4.4).
        OldWithNew = 1,
        /// The new key certified by the old one.
        NewWithOld = 2,
        /// A foreign authority's key certified by ours.
        Cross = 3,
    }
}
code! {
    /// Whether a registered RA credential may order.
    OrdererState {
        /// May order.
        Active = 1,
        /// May not.
        Disabled = 2,
    }
}
code! {
    /// What became of an order.
    OrderState {
        /// Recorded; issued when its certificate has a signature.
        Accepted = 1,
        /// Given up before a signature was made; the serial stays used.
        Abandoned = 2,
    }
}
code! {
    /// The present state of a certificate that was ever revoked or held.
    RevocationState {
        /// For good.
        Revoked = 1,
        /// On hold.
        Held = 2,
        /// Released from a hold.
        Released = 3,
    }
}
code! {
    /// The life of one list.
    ListState {
        /// Has a number; being written.
        Numbered = 1,
        /// Published: was current at some time.
        Published = 2,
        /// Never published: a crash or a fault came between.
        Abandoned = 3,
    }
}

/// The stored number of a signature algorithm.
pub fn sig_alg_code(alg: SigAlg) -> i16 {
    match alg {
        SigAlg::RsaSha256 => 1,
        SigAlg::RsaSha384 => 2,
        SigAlg::RsaSha512 => 3,
        SigAlg::EcdsaSha256 => 4,
        SigAlg::EcdsaSha384 => 5,
        SigAlg::Ed25519 => 6,
        SigAlg::MlDsa44 => 7,
        SigAlg::MlDsa65 => 8,
        SigAlg::MlDsa87 => 9,
    }
}

/// Reads the stored number of a signature algorithm.
pub fn sig_alg_from_code(value: i16) -> Result<SigAlg, UnknownCode> {
    SigAlg::ALL.into_iter().find(|a| sig_alg_code(*a) == value).ok_or(UnknownCode { what: "SigAlg", value })
}

/// The stored number of a kind of feed entry.
pub fn feed_kind_code(kind: FeedKind) -> i16 {
    match kind {
        FeedKind::Issued => 1,
        FeedKind::Failed => 2,
        FeedKind::Revoked => 3,
        FeedKind::Held => 4,
        FeedKind::Released => 5,
        FeedKind::ListPublished => 6,
    }
}

/// Reads the stored number of a kind of feed entry.
pub fn feed_kind_from_code(value: i16) -> Result<FeedKind, UnknownCode> {
    let found = FeedKind::ALL.into_iter().find(|kind| feed_kind_code(*kind) == value);
    found.ok_or(UnknownCode { what: "FeedKind", value })
}

/// The stored number of a kind of key.
pub fn key_alg_code(alg: KeyAlg) -> i16 {
    match alg {
        KeyAlg::Rsa2048 => 1,
        KeyAlg::Rsa3072 => 2,
        KeyAlg::Rsa4096 => 3,
        KeyAlg::P256 => 4,
        KeyAlg::P384 => 5,
        KeyAlg::Ed25519 => 6,
        KeyAlg::MlDsa44 => 7,
        KeyAlg::MlDsa65 => 8,
        KeyAlg::MlDsa87 => 9,
    }
}

/// Reads the stored number of a kind of key.
pub fn key_alg_from_code(value: i16) -> Result<KeyAlg, UnknownCode> {
    KeyAlg::ALL.into_iter().find(|a| key_alg_code(*a) == value).ok_or(UnknownCode { what: "KeyAlg", value })
}
