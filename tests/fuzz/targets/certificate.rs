//! Certificates of others: roots to cross-certify, client certificates, what `ca` commands are handed.
#![no_main]

use core_x509::{
    certificate::Certificate,
    jpki::{Field, Reading},
    key::SubjectKey,
    oid,
};

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let Ok(certificate) = Certificate::parse(der) else { return };
    assert_eq!(certificate.der, der);
    let tbs = &certificate.tbs;
    let _ = (tbs.issuer.to_string(), tbs.subject.to_string(), certificate.sig_alg());
    let _ = SubjectKey::parse(tbs.spki).map(|key| key.check());
    let _ = (tbs.key_usage(), tbs.basic_constraints(), tbs.subject_key_id(), tbs.authority_key_id());
    let _ = (tbs.subject_alt_names(), tbs.issuer_alt_names(), tbs.ext_key_usage(), tbs.policies());
    let _ = (tbs.policy_mappings(), tbs.policy_constraints(), tbs.inhibit_any_policy(), tbs.authority_info_access());
    let _ = (tbs.distribution_points(&oid::CRL_DISTRIBUTION_POINTS), tbs.distribution_points(&oid::FRESHEST_CRL));
    if let Ok(found) = Reading::of(tbs)
        && let Ok(four) = found.basic_four()
    {
        // Of a sex that is not said, registers write several digits.
        let same = |field: &Field| *field == Field::Sex || found.value(*field) == Some(four.value(*field).as_str());
        assert!(Field::CARD.iter().all(same), "what was read is written again");
    }
});
