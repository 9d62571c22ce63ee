//! Two strangers look at what is made here: x509-cert (RustCrypto) and rasn-pkix read the same values and write
//! the same octets; and x509-cert, given the same values, makes the same certificate.

use crate::support::*;
use core_crypto::KeyAlg;
use core_x509::certificate::Certificate;
use core_x509::issuer::IssuerInfo;
use core_x509::name::{ATTRIBUTES, Name};
use core_x509::tlv;
use der::asn1::{
    BitString, Ia5String, ObjectIdentifier, OctetString, PrintableString, SetOfVec, UtcTime, Utf8StringRef,
};
use der::{Any, Decode, Encode};
use kit_keys::testing::key;
use std::time::Duration;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier, certpolicy::PolicyInformation,
};
use x509_cert::name::{RdnSequence, RelativeDistinguishedName};
use x509_cert::time::{Time, Validity};

/// Every built-in profile of which one certificate can be made by an order alone, under `alg`.
fn certificates(alg: KeyAlg) -> Vec<Vec<u8>> {
    let issuer = issuer(alg);
    ["claims-provider", "claims-agent", "tls-server", "ocsp-signer", "tsa-signer", "issuing-ca"]
        .into_iter()
        .flat_map(|id| {
            let profile = builtin(id);
            [KeyAlg::Rsa2048, KeyAlg::P256, KeyAlg::P384, KeyAlg::Ed25519, KeyAlg::MlDsa87].map(|subject| {
                let key = key(subject, 2);
                let plan =
                    plan_own(&profile, &issuer, key.public_spki(), &usual_order(&profile)).expect("a plan");
                sign(plan, &profile, &issuer, &issuer_key(alg))
            })
        })
        .collect()
}

#[test]
fn strangers_read_the_same_fields() {
    for alg in [KeyAlg::Rsa2048, KeyAlg::P256, KeyAlg::Ed25519, KeyAlg::MlDsa65] {
        for der in certificates(alg) {
            let ours = Certificate::parse(&der).expect("a certificate");

            let theirs = x509_cert::Certificate::from_der(&der).expect("x509-cert reads it");
            let tbs = theirs.tbs_certificate();
            assert_eq!(tbs.serial_number().as_bytes(), ours.tbs.serial);
            assert_eq!(tbs.subject().to_der().expect("DER"), ours.tbs.subject.der());
            assert_eq!(tbs.validity().not_before.to_unix_duration().as_secs() as i64, ours.tbs.not_before.0);
            assert_eq!(tbs.validity().not_after.to_unix_duration().as_secs() as i64, ours.tbs.not_after.0);
            let extensions = tbs.extensions().expect("extensions");
            assert_eq!(extensions.len(), ours.tbs.extensions.len());
            for (their, our) in extensions.iter().zip(&ours.tbs.extensions) {
                assert_eq!(their.extn_id.as_bytes(), our.oid);
                assert_eq!(their.critical, our.critical);
                assert_eq!(their.extn_value.as_bytes(), our.value);
            }

            let rasn = rasn::der::decode::<rasn_pkix::Certificate>(&der).expect("rasn reads it");
            let our_usage = ours.tbs.key_usage().expect("readable").expect("there");
            let usage = rasn
                .tbs_certificate
                .extensions
                .as_ref()
                .expect("extensions")
                .iter()
                .find(|e| e.extn_id.as_ref() == [2, 5, 29, 15])
                .expect("keyUsage");
            assert_eq!(our_usage.to_der(), usage.extn_value.as_ref());
        }
    }
}

#[test]
fn strangers_read_the_same_extensions() {
    for der in certificates(KeyAlg::P256) {
        let ours = Certificate::parse(&der).expect("a certificate");
        let theirs = x509_cert::Certificate::from_der(&der).expect("a certificate");
        let tbs = theirs.tbs_certificate();
        let basic = tbs
            .get_extension::<BasicConstraints>()
            .expect("readable")
            .map(|(_, b)| (b.ca, b.path_len_constraint));
        assert_eq!(ours.tbs.basic_constraints().expect("readable").map(|b| (b.ca, b.path_len)), basic);
        let ski = tbs
            .get_extension::<SubjectKeyIdentifier>()
            .expect("readable")
            .map(|(_, s)| s.0.as_bytes().to_vec());
        assert_eq!(ours.tbs.subject_key_id().expect("readable").map(<[u8]>::to_vec), ski);
        let aki = tbs.get_extension::<AuthorityKeyIdentifier>().expect("readable");
        let aki = aki.and_then(|(_, a)| a.key_identifier.map(|k| k.as_bytes().to_vec()));
        let our_aki =
            ours.tbs.authority_key_id().expect("readable").and_then(|a| a.key_id.map(<[u8]>::to_vec));
        assert_eq!(our_aki, aki);
        let eku =
            tbs.get_extension::<ExtendedKeyUsage>().expect("readable").map_or_else(Vec::new, |(_, e)| e.0);
        let eku: Vec<_> = eku.iter().map(|o| o.as_bytes().to_vec()).collect();
        assert_eq!(ours.tbs.ext_key_usage().expect("readable"), eku);
        let san =
            tbs.get_extension::<SubjectAltName>().expect("readable").map_or_else(Vec::new, |(_, s)| s.0);
        assert_eq!(ours.tbs.subject_alt_names().expect("readable").len(), san.len());
        let policies =
            tbs.get_extension::<CertificatePolicies>().expect("readable").map_or_else(Vec::new, |(_, p)| p.0);
        let policies: Vec<_> = policies.iter().map(|p| p.policy_identifier.as_bytes().to_vec()).collect();
        let our_policies: Vec<_> =
            ours.tbs.policies().expect("readable").iter().map(|p| p.policy.to_vec()).collect();
        assert_eq!(our_policies, policies);
    }
}

/// The template against the same certificate built from x509-cert's structures.
#[test]
fn the_template_makes_what_x509_cert_makes() {
    let profile = changed(
        "tls-server",
        "[key_usage]",
        "[certificate_policies]\npolicy = [{ oid = \"1.2.392.1.7\" }]\n\n[key_usage]",
    );
    let issuer = issuer(KeyAlg::P256);
    for alg in KeyAlg::ALL {
        let key = key(alg, 3);
        let mut order = Order::dns(&["www.example.jp", "*.example.jp"]);
        order.subject = [("C", "JP"), ("O", "市役所"), ("CN", "www.example.jp")]
            .map(|(k, v)| core_x509::plan::SubjectValue::new(k, v))
            .into();
        let plan = plan_own(&profile, &issuer, key.public_spki(), &order).expect("a plan");
        let is_rsa = matches!(alg, KeyAlg::Rsa2048 | KeyAlg::Rsa3072 | KeyAlg::Rsa4096);
        assert_eq!(plan.tbs(), theirs(&plan, &issuer, key.public_spki(), is_rsa), "{}", alg.name());
    }
}

fn theirs(plan: &core_x509::plan::Plan, issuer: &IssuerInfo, spki: &[u8], is_rsa: bool) -> Vec<u8> {
    let mut usage = der::flagset::FlagSet::from(KeyUsages::DigitalSignature);
    if is_rsa {
        usage |= KeyUsages::KeyEncipherment;
    }
    let uri = |url: &Option<String>| {
        let text = Ia5String::new(url.as_deref().expect("an address")).expect("ASCII");
        GeneralName::UniformResourceIdentifier(text)
    };
    let dns = |name: &str| GeneralName::DnsName(Ia5String::new(name).expect("ASCII"));
    let oid = |text: &str| ObjectIdentifier::new(text).expect("an identifier");
    let octets = |bytes: &[u8]| OctetString::new(bytes).expect("octets");
    let point = DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![uri(&issuer.urls.full_crl)])),
        reasons: None,
        crl_issuer: None,
    };
    let access =
        |method, location| AccessDescription { access_method: oid(method), access_location: location };
    let extensions = [
        extension(
            "2.5.29.35",
            false,
            &AuthorityKeyIdentifier {
                key_identifier: Some(octets(&issuer.key_id)),
                authority_cert_issuer: None,
                authority_cert_serial_number: None,
            },
        ),
        extension("2.5.29.14", false, &SubjectKeyIdentifier(octets(plan.key_id()))),
        extension("2.5.29.15", true, &KeyUsage(usage)),
        extension("2.5.29.37", false, &ExtendedKeyUsage(vec![oid("1.3.6.1.5.5.7.3.1")])),
        extension("2.5.29.17", false, &SubjectAltName(vec![dns("www.example.jp"), dns("*.example.jp")])),
        extension(
            "2.5.29.32",
            false,
            &CertificatePolicies(vec![PolicyInformation {
                policy_identifier: oid("1.2.392.1.7"),
                policy_qualifiers: None,
            }]),
        ),
        extension("2.5.29.31", false, &CrlDistributionPoints(vec![point])),
        extension(
            "1.3.6.1.5.5.7.1.1",
            false,
            &AuthorityInfoAccessSyntax(vec![
                access("1.3.6.1.5.5.7.48.1", uri(&issuer.urls.ocsp)),
                access("1.3.6.1.5.5.7.48.2", uri(&issuer.urls.ca_issuers)),
            ]),
        ),
    ];
    let time = |t: core_words::UtcSeconds| {
        Time::UtcTime(UtcTime::from_unix_duration(Duration::from_secs(t.0 as u64)).expect("before 2050"))
    };
    let validity =
        Validity::<x509_cert::certificate::Rfc5280>::new(time(plan.not_before()), time(plan.not_after()));
    let subject = RdnSequence::from(vec![
        rdn("2.5.4.6", &PrintableString::new("JP").expect("printable")),
        rdn("2.5.4.10", &Utf8StringRef::new("市役所").expect("UTF-8")),
        rdn("2.5.4.3", &PrintableString::new("www.example.jp").expect("printable")),
    ]);
    let version = tlv::tlv(tlv::context_constructed(0), &[&[2, 1, 2]]);
    let serial = x509_cert::serial_number::SerialNumber::<x509_cert::certificate::Rfc5280>::new(
        plan.serial().der_content(),
    );
    let spki = x509_cert::spki::SubjectPublicKeyInfoOwned::from_der(spki).expect("a key");
    let issuer_name = RdnSequence::from_der(&issuer.name_der).expect("a name");
    let algorithm =
        x509_cert::spki::AlgorithmIdentifierOwned::from_der(issuer.sig_alg.identifier_der()).expect("one");
    let list = extensions.to_vec().to_der().expect("DER");
    tlv::tlv(
        tlv::SEQUENCE,
        &[
            &version,
            &serial.expect("a serial number").to_der().expect("DER"),
            &algorithm.to_der().expect("DER"),
            &issuer_name.to_der().expect("DER"),
            &validity.to_der().expect("DER"),
            &subject.to_der().expect("DER"),
            &spki.to_der().expect("DER"),
            &tlv::tlv(tlv::context_constructed(3), &[&list]),
        ],
    )
}

fn extension(oid: &str, critical: bool, value: &impl Encode) -> Extension {
    Extension {
        extn_id: ObjectIdentifier::new(oid).expect("an identifier"),
        critical,
        extn_value: OctetString::new(value.to_der().expect("DER")).expect("octets"),
    }
}

fn rdn(oid: &str, value: &(impl der::EncodeValue + der::Tagged)) -> RelativeDistinguishedName {
    let pair = AttributeTypeAndValue {
        oid: ObjectIdentifier::new(oid).expect("an identifier"),
        value: Any::encode_from(value).expect("a value"),
    };
    RelativeDistinguishedName::from(SetOfVec::try_from(vec![pair]).expect("a set"))
}

#[test]
fn names_are_the_same_to_strangers() {
    for attribute in ATTRIBUTES {
        for text in ["JP", "ab", "日本"] {
            let Ok(name) = Name::of(&[(*attribute, text)]) else { continue };
            let theirs = RdnSequence::from_der(name.der()).expect("x509-cert reads it");
            assert_eq!(theirs.to_der().expect("DER"), name.der());
            let rasn = rasn::der::decode::<rasn_pkix::Name>(name.der()).expect("rasn reads it");
            assert_eq!(rasn::der::encode(&rasn).expect("DER"), name.der());
        }
    }
}

/// Our requests are read by a stranger, so that tests with them prove something.
#[test]
fn requests_of_the_tests_are_requests() {
    let der = csr(&key(KeyAlg::P256, 1), &[], &[]);
    let theirs = x509_cert::request::CertReq::from_der(&der).expect("x509-cert reads it");
    assert_eq!(theirs.to_der().expect("DER"), der);
    assert_eq!(theirs.signature, BitString::from_bytes(theirs.signature.raw_bytes()).expect("bits"));
}
