//! What lints look at: the octets, read anew and once, with the profile and the issuer they must keep.

use crate::certificate::Tbs;
use crate::issuer::IssuerInfo;
use crate::profile::Profile;
use crate::tlv::{Limits, TlvError};
use core_crypto::Digest;

/// The octets and their surroundings.
pub(super) struct Target<'a> {
    pub(super) tbs: Tbs<'a>,
    pub(super) profile: &'a Profile,
    pub(super) issuer: &'a IssuerInfo,
    pub(super) digest: &'a dyn Digest,
}

impl<'a> Target<'a> {
    pub(super) fn read(
        tbs: &'a [u8],
        profile: &'a Profile,
        issuer: &'a IssuerInfo,
        digest: &'a dyn Digest,
    ) -> Result<Self, TlvError> {
        Ok(Self { tbs: Tbs::parse(tbs, &Limits::DEFAULT)?, profile, issuer, digest })
    }
}
