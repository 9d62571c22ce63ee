//! Two independent readers agree with ours, value by value.

use crate::helpers::*;
use core_crypto::SigAlg;
use core_x509::crl::{List, ListLimits, ListPlan, Listed};
use der::{
    Decode, Encode,
    oid::{AssociatedOid, ObjectIdentifier},
};
use x509_cert::{
    crl::CertificateList,
    ext::pkix::{
        AuthorityKeyIdentifier, CrlNumber, CrlReason, IssuingDistributionPoint,
        crl::BaseCrlNumber,
        name::{DistributionPointName, GeneralName},
    },
};

/// x509-cert 0.3.0 gives its IssuingDistributionPoint another extension's identifier.
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");

fn lists() -> Vec<(ListPlan, Vec<u8>)> {
    let full = full_plan(SigAlg::EcdsaSha256);
    let delta = ListPlan { base: Some(1_000), freshest: None, ..full.clone() };
    let late = ListPlan {
        this_update: core_words::UtcSeconds(2_524_607_999),
        next_update: core_words::UtcSeconds(2_524_608_000),
        number: u128::MAX,
        ..plan(SigAlg::RsaSha256)
    };
    [(full, entries(false)), (delta, entries(true)), (late, vec![])]
        .into_iter()
        .map(|(plan, entries)| {
            let der = signed(&plan, &entries);
            (plan, der)
        })
        .collect()
}

#[test]
fn x509_cert_reads_the_same_and_writes_the_same_octets() {
    for (plan, der) in lists() {
        let ours = List::parse(&der, &ListLimits::default()).expect("ours");
        let theirs: CertificateList = CertificateList::from_der(&der).expect("theirs");
        assert!(theirs.to_der().expect("DER") == der, "one encoding");
        let tbs = &theirs.tbs_cert_list;
        assert_eq!(tbs.issuer.to_der().expect("DER"), plan.issuer_name_der);
        assert_eq!(tbs.this_update.to_unix_duration().as_secs() as i64, plan.this_update.0);
        assert_eq!(tbs.next_update.expect("there").to_unix_duration().as_secs() as i64, plan.next_update.0);

        let find = |oid| {
            let all = tbs.crl_extensions.as_ref().expect("extensions");
            all.iter().find(|e| e.extn_id == oid).map(|e| (e.critical, e.extn_value.as_bytes()))
        };
        let (critical, number) = find(CrlNumber::OID).expect("cRLNumber");
        let number = CrlNumber::from_der(number).expect("a number");
        assert_eq!((critical, number.0.as_bytes()), (false, trimmed(&plan.number.to_be_bytes())));
        let (critical, aki) = find(AuthorityKeyIdentifier::OID).expect("AKI");
        let aki =
            AuthorityKeyIdentifier::from_der(aki).expect("an identifier").key_identifier.expect("there");
        assert_eq!((critical, aki.as_bytes()), (false, &plan.aki[..]));
        match (plan.base, find(BaseCrlNumber::OID)) {
            (Some(base), Some((true, value))) => {
                let value = BaseCrlNumber::from_der(value).expect("a number");
                assert_eq!(value.0.as_bytes(), trimmed(&base.to_be_bytes()));
            }
            (None, None) => {}
            other => panic!("{other:?}"),
        }
        match (&plan.idp, find(ISSUING_DISTRIBUTION_POINT)) {
            (Some(_), Some((true, value))) => {
                let idp = IssuingDistributionPoint::from_der(value).expect("a point");
                assert!(idp.only_contains_user_certs && !idp.indirect_crl && !idp.only_contains_ca_certs);
                let Some(DistributionPointName::FullName(names)) = idp.distribution_point else {
                    panic!("no name")
                };
                let GeneralName::UniformResourceIdentifier(uri) = &names[0] else { panic!("no URI") };
                assert_eq!(uri.as_str(), "http://ca.example/crl/1.crl");
                assert!(
                    matches!(&names[1], GeneralName::DirectoryName(name) if name.to_der().expect("DER") == issuer())
                );
            }
            (None, None) => {}
            other => panic!("{other:?}"),
        }

        let theirs = tbs.revoked_certificates.as_deref().unwrap_or_default();
        let ours: Vec<_> = ours.entries().collect::<Result<_, _>>().expect("entries");
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_eq!(ours.serial.der_content(), theirs.serial_number.as_bytes());
            assert_eq!(ours.revoked.0, theirs.revocation_date.to_unix_duration().as_secs() as i64);
            let reason = theirs.crl_entry_extensions.iter().flatten().find(|e| e.extn_id == CrlReason::OID);
            let reason =
                reason.map(|e| CrlReason::from_der(e.extn_value.as_bytes()).expect("a reason") as u8);
            let expected = match ours.listed {
                Listed::Revoked(reason) => Some(reason.code()).filter(|code| *code != 0),
                Listed::RemovedFromList => Some(8),
            };
            assert_eq!(reason, expected);
        }
    }
}

#[test]
fn rasn_reads_the_same_and_writes_the_same_octets() {
    for (plan, der) in lists() {
        let ours = List::parse(&der, &ListLimits::default()).expect("ours");
        let theirs: rasn_pkix::CertificateList = rasn::der::decode(&der).expect("theirs");
        assert!(rasn::der::encode(&theirs).expect("DER") == der, "one encoding");
        let tbs = &theirs.tbs_cert_list;
        assert_eq!(rasn::der::encode(&tbs.issuer).expect("DER"), plan.issuer_name_der);
        let count = tbs.revoked_certificates.len();
        assert_eq!(ours.check_entries(), Ok(count as u64));
        for (ours, theirs) in ours.entries().zip(&tbs.revoked_certificates) {
            let ours = ours.expect("an entry");
            assert_eq!(rasn::der::encode(&theirs).expect("DER"), ours.der);
            assert_eq!(
                rasn::der::encode(&theirs.user_certificate).expect("DER")[2..],
                *ours.serial.der_content()
            );
        }
        let extensions = tbs.crl_extensions.as_ref().expect("extensions").len();
        assert_eq!(
            extensions,
            2 + usize::from(plan.base.is_some())
                + usize::from(plan.idp.is_some())
                + usize::from(plan.freshest.is_some())
        );
    }
}

/// Without leading zeros.
fn trimmed(octets: &[u8]) -> &[u8] {
    &octets[octets.iter().position(|o| *o != 0).unwrap_or(octets.len() - 1)..]
}
