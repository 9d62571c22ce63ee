//! Version, serial number, algorithm, issuer.

use super::target::{Target, Verdict, holds, must};
use crate::key::SubjectKey;
use core_words::Serial;

/// RFC 5280 §4.1.2.1: extensions are used, so version MUST be 3.
pub(super) fn version(t: &Target<'_>) -> Verdict {
    holds(t.tbs.version == 2, || format!("the version is {}", t.tbs.version + 1))
}

/// RFC 5280 §4.1.2.2: a positive integer of at most 20 octets.
pub(super) fn serial(t: &Target<'_>) -> Verdict {
    match Serial::from_der_content(t.tbs.serial) {
        Ok(_) if t.tbs.serial.len() <= 20 => Ok(()),
        Ok(_) => Err("the serial number has more than 20 octets".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// RFC 5280 §4.1.2.3: the algorithm with which the issuer will sign.
pub(super) fn algorithm(t: &Target<'_>) -> Verdict {
    must(t.tbs.signature == t.issuer.sig_alg.identifier_der(), "the algorithm is not the issuer's")
}

/// RFC 4055, RFC 5480, RFC 8410, RFC 9881: only certain algorithms fit the issuer's key.
pub(super) fn algorithm_fits_key(t: &Target<'_>) -> Verdict {
    let fits = SubjectKey::parse(&t.issuer.spki).is_ok_and(|key| key.kind.signs_with(t.issuer.sig_alg));
    must(fits, "the issuer's key does not sign with its algorithm")
}

/// RFC 5280 §4.1.2.4, §6.1.3 (a)(4): the issuer's subject, octet by octet.
pub(super) fn issuer(t: &Target<'_>) -> Verdict {
    must(t.tbs.issuer.der() == t.issuer.name_der, "the issuer is not the issuer's name")
}

/// RFC 5280 §4.1.2.4: a non-empty distinguished name.
pub(super) fn issuer_not_empty(t: &Target<'_>) -> Verdict {
    must(!t.tbs.issuer.is_empty(), "the issuer has no name")
}

/// RFC 5280 §4.1.2.8: CAs MUST NOT generate certificates with unique identifiers.
pub(super) fn unique_ids(t: &Target<'_>) -> Verdict {
    must(!t.tbs.unique_ids, "there is a unique identifier")
}
