//! What the key may be used for, and whether the subject is an authority.

use super::target::{Target, Verdict, holds, must};
use crate::certificate::KeyUsage;
use crate::oid;
use crate::profile::{BasicRule, Kind, unfit_usage};

/// The profile: the bits for keys of this family.
pub(super) fn bits(t: &Target<'_>) -> Verdict {
    let (Ok(key), Some(usage)) = (&t.key, t.key_usage) else { return Ok(()) };
    holds(usage == t.profile.key_usage(key.kind.family()), || {
        format!("keyUsage is {}", usage.names().collect::<Vec<_>>().join(", "))
    })
}

/// RFC 5280 §4.2.1.3: at least one bit is set.
pub(super) fn not_empty(t: &Target<'_>) -> Verdict {
    must(t.key_usage != Some(KeyUsage(0)), "keyUsage has no bit set")
}

/// RFC 3279, 8813, 8410, 9881: what keys of this kind can do at all.
pub(super) fn fits_key(t: &Target<'_>) -> Verdict {
    let (Ok(key), Some(usage)) = (&t.key, t.key_usage) else { return Ok(()) };
    unfit_usage(key.kind.family(), usage).map_or(Ok(()), |problem| Err(problem.into()))
}

/// RFC 5280 §4.2.1.3, §4.2.1.9: keyCertSign and cA assert each other.
pub(super) fn cert_sign(t: &Target<'_>) -> Verdict {
    let signs = t.key_usage.is_some_and(|usage| usage.key_cert_sign());
    must(signs == t.is_authority(), "keyCertSign and cA do not agree")
}

/// RFC 5280 §4.2.1.3: an authority that issues lists asserts cRLSign; ours all do.
pub(super) fn crl_sign(t: &Target<'_>) -> Verdict {
    let signs = t.key_usage.is_some_and(|usage| usage.crl_sign());
    must(!t.is_authority() || signs, "an authority without cRLSign")
}

/// RFC 5280 §4.2.1.9: pathLenConstraint only with cA and keyCertSign.
pub(super) fn path_len(t: &Target<'_>) -> Verdict {
    let signs = t.key_usage.is_some_and(|usage| usage.key_cert_sign());
    let has = t.basic.is_some_and(|basic| basic.path_len.is_some());
    must(!has || (t.is_authority() && signs), "a path length constraint without cA and keyCertSign")
}

/// RFC 5280 §6.1.4 (l), (m): below the issuer's path length constraint; self-issued certificates not counted.
pub(super) fn path_len_within_issuer(t: &Target<'_>) -> Verdict {
    let Some(allowed) = t.issuer.path_len else { return Ok(()) };
    if !t.is_authority() || matches!(t.profile.kind, Kind::Root | Kind::Link) {
        return Ok(());
    }
    let wanted = t.basic.and_then(|basic| basic.path_len);
    holds(wanted.is_some_and(|wanted| wanted < allowed), || {
        format!("the path length constraint is not below the issuer's, {allowed}")
    })
}

/// The profile: authority or not, with this path length constraint.
pub(super) fn basic(t: &Target<'_>) -> Verdict {
    let found = t.basic.map(|basic| (basic.ca, basic.path_len));
    let wanted = match t.profile.basic {
        BasicRule::Absent => None,
        BasicRule::EndEntity { .. } => Some((false, None)),
        BasicRule::Ca { path_len } => Some((true, path_len)),
    };
    must(found == wanted, "basicConstraints is not that of the profile")
}

/// The profile: the purposes, in their order.
pub(super) fn purposes(t: &Target<'_>) -> Verdict {
    let wanted = t.profile.ext_key_usage.as_ref().map_or(&[][..], |(purposes, _)| purposes);
    let same = t.purposes.len() == wanted.len()
        && t.purposes.iter().zip(wanted).all(|(found, wanted)| *found == wanted.content());
    must(same, "extKeyUsage is not that of the profile")
}

/// K2: anyExtendedKeyUsage takes back what the other purposes restrict, so it is not issued.
pub(super) fn no_any_purpose(t: &Target<'_>) -> Verdict {
    must(!t.purposes.contains(&oid::ANY_EXT_KEY_USAGE.content()), "anyExtendedKeyUsage")
}

/// RFC 3161 §2.3: timeStamping stands alone, and the extension is critical.
pub(super) fn time_stamping(t: &Target<'_>) -> Verdict {
    if !t.purposes.contains(&oid::KP_TIME_STAMPING.content()) {
        return Ok(());
    }
    must(
        t.purposes.len() == 1 && t.criticality(&oid::EXT_KEY_USAGE) == Some(true),
        "timeStamping is not alone, or not critical",
    )
}

/// RFC 6960 §4.2.2.2: OCSPSigning delegates an authority's word; only its responders have it.
pub(super) fn ocsp_signing(t: &Target<'_>) -> Verdict {
    let has = t.purposes.contains(&oid::KP_OCSP_SIGNING.content());
    must(has == (t.profile.kind == Kind::OcspSigner), "OCSPSigning and the kind of certificate do not agree")
}
