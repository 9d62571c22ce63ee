//! The set of extensions: readable, each once, those of the profile, in its order, critical where they must be.

use super::target::{Target, Verdict, holds, must};
use crate::certificate::Extension;
use crate::oid::{self, Oid};
use crate::profile::{BasicRule, ExtensionKind};

/// RFC 5280 §4.2: the DER of the extension's own type.
pub(super) fn readable(t: &Target<'_>) -> Verdict {
    match t.unreadable.first() {
        Some((name, error)) => Err(format!("{name}: {error}")),
        None => Ok(()),
    }
}

/// RFC 5280 §4.2: no more than one instance of an extension.
pub(super) fn once(t: &Target<'_>) -> Verdict {
    match t.tbs.duplicate() {
        Some(extension) => Err(format!("{} stands there twice", shown(extension))),
        None => Ok(()),
    }
}

/// The profile: no extension that it does not write.
pub(super) fn known(t: &Target<'_>) -> Verdict {
    match t.tbs.extensions.iter().find(|e| position(t, e).is_none()) {
        Some(extension) => Err(format!("the profile does not write {}", shown(extension))),
        None => Ok(()),
    }
}

/// The profile: every extension that it writes. subjectAltName depends on the names, and
/// authorityInfoAccess on what the issuer has.
pub(super) fn complete(t: &Target<'_>) -> Verdict {
    let missing = t.profile.order.iter().find(|kind| {
        let may_miss = match kind {
            ExtensionKind::SubjectAltName => t.profile.san.as_ref().is_some_and(|rule| !rule.required),
            ExtensionKind::AuthorityInfoAccess => {
                !t.profile.access.ca_issuers && t.profile.ocsp_address(&t.issuer.urls).is_none()
            }
            _ => false,
        };
        let oid = kind.oid(&t.profile.other_extensions);
        !may_miss && !t.tbs.extensions.iter().any(|e| e.oid == oid)
    });
    match missing {
        Some(kind) => {
            let oid = Oid::from_content(kind.oid(&t.profile.other_extensions));
            Err(format!("{} is missing", oid.map_or_else(|| "an extension".into(), |oid| oid.to_string())))
        }
        None => Ok(()),
    }
}

/// The profile: the order of extensions, on which some readers rely.
pub(super) fn order(t: &Target<'_>) -> Verdict {
    let places: Vec<_> = t.tbs.extensions.iter().filter_map(|e| position(t, e)).collect();
    must(places.is_sorted(), "the extensions are not in the order of the profile")
}

/// RFC 5280 §4.2.1, §4.2.2: these MUST NOT be critical.
pub(super) fn not_critical(t: &Target<'_>) -> Verdict {
    const NEVER: [Oid; 5] = [
        oid::AUTHORITY_KEY_ID,
        oid::SUBJECT_KEY_ID,
        oid::FRESHEST_CRL,
        oid::AUTHORITY_INFO_ACCESS,
        // RFC 6960 §4.2.2.2.1: SHOULD be.
        oid::OCSP_NO_CHECK,
    ];
    match NEVER.iter().find(|oid| t.criticality(oid) == Some(true)) {
        Some(oid) => Err(format!("{oid} is critical")),
        None => Ok(()),
    }
}

/// RFC 5280 §4.2.1.9, .10, .11, .14: these MUST be critical, basicConstraints in authorities' certificates.
pub(super) fn critical(t: &Target<'_>) -> Verdict {
    const ALWAYS: [Oid; 3] = [oid::NAME_CONSTRAINTS, oid::POLICY_CONSTRAINTS, oid::INHIBIT_ANY_POLICY];
    if let Some(oid) = ALWAYS.iter().find(|oid| t.criticality(oid) == Some(false)) {
        return Err(format!("{oid} is not critical"));
    }
    must(
        !t.is_authority() || t.criticality(&oid::BASIC_CONSTRAINTS) == Some(true),
        "basicConstraints of an authority is not critical",
    )
}

/// The profile: criticality of the extensions where RFC 5280 leaves a choice.
pub(super) fn criticality(t: &Target<'_>) -> Verdict {
    let profile = t.profile;
    let wanted = |extension: &Extension<'_>| -> Option<bool> {
        let kind = profile.order.iter().find(|kind| kind.oid(&profile.other_extensions) == extension.oid)?;
        Some(match kind {
            ExtensionKind::KeyUsage => profile.key_usage.critical,
            ExtensionKind::ExtKeyUsage => profile.ext_key_usage.as_ref()?.1,
            ExtensionKind::Policies => profile.policies.as_ref()?.1,
            ExtensionKind::BasicConstraints => match profile.basic {
                BasicRule::EndEntity { critical } => critical,
                BasicRule::Absent | BasicRule::Ca { .. } => return None,
            },
            ExtensionKind::SubjectAltName => profile.san.as_ref()?.critical || t.tbs.subject.is_empty(),
            ExtensionKind::CrlDistributionPoints => false,
            // RFC 5280 §4.2.1.7: SHOULD NOT be.
            ExtensionKind::IssuerAltName => false,
            ExtensionKind::PolicyMappings => true,
            ExtensionKind::Static(i) => profile.other_extensions.get(*i)?.critical,
            _ => return None,
        })
    };
    match t.tbs.extensions.iter().find(|e| wanted(e).is_some_and(|w| w != e.critical)) {
        Some(extension) => Err(format!("the criticality of {} is not that of the profile", shown(extension))),
        None => Ok(()),
    }
}

/// The profile: the octets of extensions that it gives literally.
pub(super) fn statics(t: &Target<'_>) -> Verdict {
    let differs = t
        .profile
        .other_extensions
        .iter()
        .find(|wanted| t.tbs.extension(&wanted.oid).is_some_and(|found| found.value != wanted.value));
    match differs {
        Some(extension) => Err(format!("{} does not have the octets of the profile", extension.oid)),
        None => Ok(()),
    }
}

/// RFC 6960 §4.2.2.2.1: the value of id-pkix-ocsp-nocheck is NULL.
pub(super) fn no_check(t: &Target<'_>) -> Verdict {
    let found = t.tbs.extension(&oid::OCSP_NO_CHECK);
    holds(found.is_none_or(|e| e.value == [5, 0]), || "id-pkix-ocsp-nocheck is not NULL".into())
}

/// Where the profile has this extension.
fn position(t: &Target<'_>, extension: &Extension<'_>) -> Option<usize> {
    t.profile.order.iter().position(|kind| kind.oid(&t.profile.other_extensions) == extension.oid)
}

fn shown(extension: &Extension<'_>) -> String {
    extension.id().map_or_else(|| "an extension with a very long identifier".into(), |oid| oid.to_string())
}
