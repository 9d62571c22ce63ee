//! The subject's key.

use super::target::{Target, Verdict, must};
use crate::{plan::KEY_ID_OCTETS, profile::Kind};

/// RFC 5280 §4.1.2.7 with RFC 3279, 5480, 8410, 9881: the algorithm's own encoding and parameters.
pub(super) fn readable(t: &Target<'_>) -> Verdict {
    t.key.as_ref().map(|_| ()).map_err(ToString::to_string)
}

/// K2, K3: a kind and size that the profile allows.
pub(super) fn allowed(t: &Target<'_>) -> Verdict {
    let Ok(key) = &t.key else { return Ok(()) };
    t.profile.check_kind(key.kind).map_err(|fault| fault.to_string())
}

/// K3: weak keys are refused.
pub(super) fn strong(t: &Target<'_>) -> Verdict {
    let Ok(key) = &t.key else { return Ok(()) };
    if t.key_is_strong { Ok(()) } else { key.check().map_err(|fault| fault.to_string()) }
}

/// Whose key it is, by the kind of certificate: a root certifies its own, all others another one.
pub(super) fn whose(t: &Target<'_>) -> Verdict {
    let own = t.tbs.spki == t.issuer.spki;
    match t.profile.kind {
        Kind::Root => must(own, "a root certifies another key than its own"),
        _ => must(!own, "the key is the issuer's own"),
    }
}

/// RFC 5280 §4.2.1.2: the hash of the key, so that paths can be built by it. A foreign authority has chosen its own.
pub(super) fn key_id(t: &Target<'_>) -> Verdict {
    let (Ok(key), Some(id)) = (&t.key, t.subject_key_id) else { return Ok(()) };
    if t.profile.kind == Kind::Cross {
        return must(KEY_ID_OCTETS.contains(&id.len()), "subjectKeyIdentifier is no hash");
    }
    must(id == crate::issuer::key_id(key, t.digest), "subjectKeyIdentifier is not the SHA-1 of the key")
}

/// RFC 5280 §4.2.1.1: the issuer's subjectKeyIdentifier.
pub(super) fn authority_key_id(t: &Target<'_>) -> Verdict {
    let Some(id) = &t.authority_key_id else {
        return must(t.is_root(), "authorityKeyIdentifier is missing");
    };
    must(
        id.key_id == Some(t.issuer.key_id.as_slice()),
        "authorityKeyIdentifier is not the issuer's subjectKeyIdentifier",
    )
}

/// RFC 5280 §4.2.1.1: issuer and serial number stand together, and name the issuer's own certificate.
pub(super) fn authority_key_id_form(t: &Target<'_>) -> Verdict {
    use crate::general_name::GeneralName;
    use crate::profile::AkiForm;
    let Some(id) = &t.authority_key_id else { return Ok(()) };
    if t.profile.authority_key_id != AkiForm::Full {
        return must(
            id.issuer.is_empty() && id.serial.is_none(),
            "authorityKeyIdentifier has parts that the profile does not write",
        );
    }
    let own = t.issuer.own_certificate.as_ref();
    let fits = own.is_some_and(|own| {
        matches!(id.issuer.as_slice(), [GeneralName::Directory(name)] if name.der() == own.issuer_der)
            && id.serial == Some(own.serial.der_content())
    });
    must(fits, "authorityKeyIdentifier does not name the issuer's own certificate")
}
