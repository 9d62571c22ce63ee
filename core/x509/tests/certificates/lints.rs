//! Each lint has an example that it objects to, made by changing octets that nothing objects to.

use crate::support::*;
use core_crypto::{KeyAlg, SigAlg};
use core_x509::certificate::Tbs;
use core_x509::explain::Explain;
use core_x509::issuer::IssuerInfo;
use core_x509::lint::{LINTS, lint, lint_tbs};
use core_x509::name::{C, CN, Name, O, OU};
use core_x509::oid::{self, Oid};
use core_x509::plan::{Plan, SubjectValue};
use core_x509::profile::{Builtin, Profile};
use core_x509::tlv::{self, Limits};
use kit_keys::Provider;
use kit_keys::testing::key;
use std::collections::HashSet;

/// Octets to be signed, in pieces that can be exchanged.
struct Case {
    profile: Profile,
    issuer: IssuerInfo,
    version: Vec<u8>,
    serial: Vec<u8>,
    algorithm: Vec<u8>,
    issuer_name: Vec<u8>,
    validity: [Vec<u8>; 2],
    subject: Vec<u8>,
    spki: Vec<u8>,
    unique_id: Vec<u8>,
    extensions: Vec<(Vec<u8>, bool, Vec<u8>)>,
}

impl Case {
    fn of(profile: Profile, issuer: IssuerInfo, plan: &Plan) -> Self {
        let tbs = Tbs::parse(plan.tbs(), &Limits::DEFAULT).expect("a TBSCertificate");
        let time = |t| {
            let mut out = Vec::new();
            core_x509::time::push_time(&mut out, t).expect("sayable");
            out
        };
        let extensions =
            tbs.extensions.iter().map(|e| (e.oid.to_vec(), e.critical, e.value.to_vec())).collect();
        Self {
            version: vec![0xa0, 3, 2, 1, 2],
            serial: tbs.serial.to_vec(),
            algorithm: tbs.signature.to_vec(),
            issuer_name: tbs.issuer.der().to_vec(),
            validity: [time(tbs.not_before), time(tbs.not_after)],
            subject: tbs.subject.der().to_vec(),
            spki: tbs.spki.to_vec(),
            unique_id: Vec::new(),
            extensions,
            profile,
            issuer,
        }
    }

    fn tbs(&self) -> Vec<u8> {
        let list = self.extensions.iter().map(|(oid, critical, value)| {
            let flag: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
            tlv::tlv(
                tlv::SEQUENCE,
                &[&tlv::tlv(tlv::OID, &[oid]), flag, &tlv::tlv(tlv::OCTET_STRING, &[value])],
            )
        });
        let list = tlv::tlv_of(tlv::SEQUENCE, list);
        tlv::tlv(
            tlv::SEQUENCE,
            &[
                &self.version,
                &tlv::tlv(tlv::INTEGER, &[&self.serial]),
                &self.algorithm,
                &self.issuer_name,
                &tlv::tlv(tlv::SEQUENCE, &[&self.validity[0], &self.validity[1]]),
                &self.subject,
                &self.spki,
                &self.unique_id,
                &tlv::tlv(tlv::context_constructed(3), &[&list]),
            ],
        )
    }

    fn findings(&self) -> Vec<&'static str> {
        lint_tbs(&self.tbs(), &self.profile, &self.issuer, &Provider).iter().map(|f| f.id).collect()
    }

    fn position(&self, oid: &Oid) -> usize {
        self.extensions.iter().position(|(o, ..)| o == oid.content()).expect("the extension is there")
    }

    /// Exchanges the value of an extension that is there.
    fn value(&mut self, oid: &Oid, value: &[u8]) {
        let at = self.position(oid);
        self.extensions[at].2 = value.to_vec();
    }

    fn critical(&mut self, oid: &Oid, critical: bool) {
        let at = self.position(oid);
        self.extensions[at].1 = critical;
    }

    fn add(&mut self, oid: &Oid, critical: bool, value: &[u8]) {
        self.extensions.push((oid.content().to_vec(), critical, value.to_vec()));
    }

    fn remove(&mut self, oid: &Oid) {
        let at = self.position(oid);
        self.extensions.remove(at);
    }

    /// A subject of one attribute per relative name: type, tag, octets.
    fn subject(&mut self, attributes: &[(&[u8], u8, &[u8])]) {
        self.subject = tlv::tlv_of(tlv::SEQUENCE, attributes.iter().map(|a| rdn(&[*a])));
    }
}

fn rdn(attributes: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
    let pairs = attributes.iter().map(|(oid, tag, value)| {
        tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::OID, &[oid]), &tlv::tlv(*tag, &[value])])
    });
    tlv::tlv_of(tlv::SET, pairs)
}

fn case_of(profile: Profile, alg: KeyAlg) -> Case {
    let issuer = issuer(KeyAlg::P256);
    let plan =
        plan_own(&profile, &issuer, key(alg, 1).public_spki(), &usual_order(&profile)).expect("a plan");
    Case::of(profile, issuer, &plan)
}

fn provider() -> Case {
    case_of(builtin("claims-provider"), KeyAlg::Rsa2048)
}

fn server() -> Case {
    let profile = builtin("tls-server");
    let issuer = issuer(KeyAlg::P256);
    let mut order = usual_order(&profile);
    order.subject = vec![SubjectValue::new("CN", "www.example.jp")];
    let plan = plan_own(&profile, &issuer, key(KeyAlg::P256, 1).public_spki(), &order).expect("a plan");
    Case::of(profile, issuer, &plan)
}

fn authority() -> Case {
    case_of(builtin("issuing-ca"), KeyAlg::P256)
}

/// An authority with every constraint there is.
fn constrained() -> Case {
    let profile = changed(
        "issuing-ca",
        "[certificate_policies]\npolicy = [{ oid = \"2.5.29.32.0\" }]\n",
        r#"
        [certificate_policies]
        policy = [{ oid = "1.2.392.1", cps = "http://example.jp/cps", notice = "方針" }]
        [[policy_mapping]]
        issuer = "1.2.392.1"
        subject = "1.2.392.2"
        [policy_constraints]
        require_explicit = 0
        [name_constraints.permitted]
        dns = ["example.jp"]
        "#,
    );
    case_of(profile, KeyAlg::P256)
}

fn root() -> Case {
    let profile = builtin("root-ca");
    let issuer = issuer(KeyAlg::P256);
    let plan = plan_own(&profile, &issuer, issuer_key(KeyAlg::P256).public_spki(), &Order::default())
        .expect("a plan");
    Case::of(profile, issuer, &plan)
}

fn responder() -> Case {
    case_of(builtin("ocsp-signer"), KeyAlg::P256)
}

/// What a citizen signs with: alternative names of the issuer, lists by name.
fn citizen() -> Case {
    let issuer = own_certificate(issuer(KeyAlg::P256));
    let profile = builtin("jpki-sign");
    let plan = plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 1).public_spki(), &usual_order(&profile))
        .expect("a plan");
    Case::of(profile, issuer, &plan)
}

/// What a citizen logs in with: a responder of the profile's own.
fn citizens_login() -> Case {
    let issuer = own_certificate(issuer(KeyAlg::P256));
    let profile = builtin("jpki-auth");
    let plan = plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 1).public_spki(), &usual_order(&profile))
        .expect("a plan");
    Case::of(profile, issuer, &plan)
}

/// Where signing certificates of a municipality have their list.
fn list_name(prefecture: &str, municipality: &str) -> Vec<u8> {
    let text = Builtin::find("jpki-sign").expect("a profile").text;
    assert!(text.contains("{municipality} CRLDP"));
    // All but the country in UTF8String, which Name::of does not write where PrintableString suffices.
    let rest = [
        (O_OID, "JPKI"),
        (OU_OID, "JPKI for digital signature"),
        (OU_OID, "CRL Distribution Points"),
        (OU_OID, prefecture),
        (CN_OID, &format!("{municipality} CRLDP")),
    ];
    let rest = rest.map(|(oid, text)| rdn(&[(oid, tlv::UTF8_STRING, text.as_bytes())]));
    let country = rdn(&[(C_OID, tlv::PRINTABLE_STRING, b"JP")]);
    let name = tlv::tlv_of(tlv::SEQUENCE, std::iter::once(country).chain(rest));
    directory_point(&Name::parse(&name).expect("a name"))
}

/// An authority whose list and alternative name stand in the directory.
fn citizens_authority() -> Case {
    let profile = builtin("jpki-auth-ca");
    let mut issuer = issuer(KeyAlg::P384);
    issuer.name_der = core_x509::plan::subject_name(&profile, &[]).expect("a name").into_der();
    let plan = plan_own(&profile, &issuer, issuer_key(KeyAlg::P384).public_spki(), &Order::default())
        .expect("a plan");
    Case::of(profile, issuer, &plan)
}

/// The value of a cRLDistributionPoints extension with one point in the directory.
fn directory_point(name: &Name) -> Vec<u8> {
    let name = tlv::tlv(tlv::context_constructed(4), &[name.der()]);
    let point = tlv::tlv(tlv::context_constructed(0), &[&tlv::tlv(tlv::context_constructed(0), &[&name])]);
    tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::SEQUENCE, &[&point])])
}

/// The alternative names of a citizen in another order, or fewer or more of them.
fn rearranged(case: &mut Case, rearrange: fn(&mut Vec<Vec<u8>>)) {
    let at = case.position(&oid::SUBJECT_ALT_NAME);
    let list = tlv::Reader::only(&case.extensions[at].2, tlv::SEQUENCE, usize::MAX).expect("a list");
    let (mut members, mut names) = (list.reader(), Vec::new());
    while !members.is_empty() {
        names.push(members.next().expect("a name").whole.to_vec());
    }
    rearrange(&mut names);
    case.extensions[at].2 = tlv::tlv_of(tlv::SEQUENCE, names);
}

fn stamper() -> Case {
    case_of(builtin("tsa-signer"), KeyAlg::P256)
}

fn with_static() -> Case {
    let text = "extension = [{ oid = \"1.2.3.4\", der = \"0500\" }]\n\n[key_usage]";
    let text = text.replacen("\n\n[key_usage]", "", 1);
    case_of(
        changed("claims-provider", "crl_distribution", &format!("{text}\ncrl_distribution")),
        KeyAlg::P256,
    )
}

const CN_OID: &[u8] = b"\x55\x04\x03";
const C_OID: &[u8] = b"\x55\x04\x06";
const O_OID: &[u8] = b"\x55\x04\x0a";
const OU_OID: &[u8] = b"\x55\x04\x0b";

/// The subject of a provider's certificate, with another common name.
fn provider_subject(tag: u8, common_name: &[u8]) -> [(&'static [u8], u8, &[u8]); 3] {
    [
        (C_OID, tlv::PRINTABLE_STRING, b"JP"),
        (OU_OID, tlv::PRINTABLE_STRING, b"Provider"),
        (CN_OID, tag, common_name),
    ]
}

fn uri_point(url: &str) -> Vec<u8> {
    let name = tlv::tlv(tlv::context(6), &[url.as_bytes()]);
    let point = tlv::tlv(tlv::context_constructed(0), &[&tlv::tlv(tlv::context_constructed(0), &[&name])]);
    tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::SEQUENCE, &[&point])])
}

fn purposes(list: &[Oid]) -> Vec<u8> {
    tlv::tlv_of(tlv::SEQUENCE, list.iter().map(Oid::der))
}

type Example = (&'static str, fn() -> Case, fn(&mut Case));

/// What each lint objects to.
const EXAMPLES: &[Example] = &[
    ("version_3", provider, |c| c.version = vec![0xa0, 3, 2, 1, 1]),
    ("version_3", provider, |c| c.version.clear()),
    ("serial_number", provider, |c| c.serial = vec![0]),
    ("serial_number", provider, |c| c.serial = vec![0x80]),
    ("serial_number", provider, |c| c.serial = [vec![0, 0x80], vec![0; 19]].concat()),
    ("algorithm_of_issuer", provider, |c| c.algorithm = SigAlg::EcdsaSha384.identifier_der().into()),
    ("algorithm_fits_issuer_key", provider, |c| c.issuer.sig_alg = SigAlg::Ed25519),
    ("issuer_is_issuer", provider, |c| {
        c.issuer_name =
            Name::of(&[(C, "JP"), (O, "federation"), (CN, "Claims CA")]).expect("a name").into_der()
    }),
    ("issuer_not_empty", provider, |c| c.issuer_name = vec![0x30, 0]),
    ("no_unique_ids", provider, |c| c.unique_id = vec![0x81, 2, 0, 1]),
    ("no_unique_ids", provider, |c| c.unique_id = vec![0x82, 2, 0, 1]),
    ("time_form", provider, |c| c.validity[1] = b"\x18\x0f20291103145959Z".into()),
    ("validity_in_order", provider, |c| c.validity[1] = b"\x17\x0d200101145959Z".into()),
    ("validity_too_long", provider, |c| c.validity[1] = b"\x17\x0d291104145959Z".into()),
    ("validity_ends_with_day", provider, |c| c.validity[1] = b"\x17\x0d291102145958Z".into()),
    ("validity_ends_within_issuer", provider, |c| c.issuer.not_after = at(2029, 11, 3, 86_398)),
    ("validity_begins_within_issuer", provider, |c| c.issuer.not_before = now().plus(1)),
    ("subject_not_empty", provider, |c| c.subject(&[])),
    ("subject_not_empty", authority, |c| c.subject(&[])),
    ("subject_not_empty", server, |c| c.subject(&[])),
    ("subject_string_types", provider, |c| c.subject(&provider_subject(tlv::BMP_STRING, b"\x001\x002"))),
    ("subject_string_types", provider, |c| c.subject(&[(C_OID, tlv::UTF8_STRING, b"JP")])),
    ("subject_printable", provider, |c| c.subject(&provider_subject(tlv::PRINTABLE_STRING, b"13123456*8"))),
    ("subject_lengths", provider, |c| c.subject(&provider_subject(tlv::UTF8_STRING, &[b'1'; 65]))),
    ("subject_lengths", provider, |c| c.subject(&provider_subject(tlv::UTF8_STRING, b""))),
    ("subject_lengths", provider, |c| c.subject(&[(C_OID, tlv::PRINTABLE_STRING, b"J")])),
    ("subject_no_deception", provider, |c| {
        c.subject(&provider_subject(tlv::UTF8_STRING, "1\u{202e}2".as_bytes()));
    }),
    ("subject_no_deception", provider, |c| c.subject(&provider_subject(tlv::UTF8_STRING, b"1\x072"))),
    ("subject_follows_profile", provider, |c| {
        c.subject(&provider_subject(tlv::PRINTABLE_STRING, b"131234567"))
    }),
    ("subject_follows_profile", provider, |c| c.subject(&provider_subject(tlv::UTF8_STRING, b"1312345678"))),
    ("subject_follows_profile", provider, |c| {
        let mut attributes = provider_subject(tlv::PRINTABLE_STRING, b"1312345678");
        attributes.swap(0, 2);
        c.subject(&attributes);
    }),
    ("subject_follows_profile", provider, |c| {
        let attributes = provider_subject(tlv::PRINTABLE_STRING, b"1312345678");
        c.subject = tlv::tlv_of(tlv::SEQUENCE, [rdn(&[attributes[0]]), rdn(&[attributes[1], attributes[2]])]);
    }),
    ("subject_follows_profile", root, |c| c.subject(&[(CN_OID, tlv::PRINTABLE_STRING, b"Root")])),
    ("self_issued", provider, |c| c.subject = c.issuer_name.clone()),
    ("self_issued", root, |c| {
        c.subject = Name::of(&[(C, "JP"), (O, "X"), (OU, "Y")]).expect("a name").into_der()
    }),
    ("key_readable", provider, |c| {
        c.spki = tlv::tlv(tlv::SEQUENCE, &[b"\x30\x05\x06\x03\x2b\x65\x71\x03\x02\x00\x01"])
    }),
    (
        "key_allowed",
        || case_of(changed("claims-provider", "\"p-384\", ", ""), KeyAlg::P256),
        |c| c.spki = key(KeyAlg::P384, 1).public_spki().into(),
    ),
    (
        "key_strong",
        || case_of(builtin("claims-provider"), KeyAlg::P256),
        |c| *c.spki.last_mut().expect("octets") ^= 1,
    ),
    ("key_whose", provider, |c| c.spki = c.issuer.spki.clone()),
    ("key_whose", root, |c| c.spki = key(KeyAlg::P256, 1).public_spki().into()),
    ("extension_readable", provider, |c| c.value(&oid::KEY_USAGE, b"\x03\x03\x05\xa0\x00")),
    ("extension_readable", provider, |c| c.value(&oid::AUTHORITY_KEY_ID, b"\x04\x00")),
    ("extension_readable", server, |c| c.value(&oid::SUBJECT_ALT_NAME, b"\x30\x00")),
    ("extension_readable", server, |c| c.value(&oid::EXT_KEY_USAGE, b"\x30\x00")),
    ("extension_once", provider, |c| c.add(&oid::KEY_USAGE, true, b"\x03\x02\x05\xa0")),
    ("extension_of_profile", provider, |c| {
        c.add(&Oid::from_dotted("1.2.3").expect("an oid"), false, &[5, 0])
    }),
    ("extension_complete", provider, |c| c.remove(&oid::KEY_USAGE)),
    ("extension_complete", provider, |c| c.remove(&oid::CRL_DISTRIBUTION_POINTS)),
    ("extension_complete", server, |c| c.remove(&oid::SUBJECT_ALT_NAME)),
    ("extension_order", provider, |c| c.extensions.swap(0, 1)),
    ("extension_not_critical", provider, |c| c.critical(&oid::AUTHORITY_KEY_ID, true)),
    ("extension_not_critical", provider, |c| c.critical(&oid::SUBJECT_KEY_ID, true)),
    ("extension_not_critical", provider, |c| c.critical(&oid::AUTHORITY_INFO_ACCESS, true)),
    ("extension_critical", authority, |c| c.critical(&oid::BASIC_CONSTRAINTS, false)),
    ("extension_critical", constrained, |c| c.critical(&oid::NAME_CONSTRAINTS, false)),
    ("extension_critical", constrained, |c| c.critical(&oid::POLICY_CONSTRAINTS, false)),
    ("extension_criticality", provider, |c| c.critical(&oid::KEY_USAGE, false)),
    ("extension_criticality", provider, |c| c.critical(&oid::CRL_DISTRIBUTION_POINTS, true)),
    ("extension_criticality", constrained, |c| c.critical(&oid::POLICY_MAPPINGS, false)),
    ("extension_criticality", server, |c| c.critical(&oid::SUBJECT_ALT_NAME, true)),
    ("extension_static", with_static, |c| c.value(&Oid::from_dotted("1.2.3.4").expect("an oid"), &[2, 1, 1])),
    ("subject_key_id", provider, |c| c.value(&oid::SUBJECT_KEY_ID, &[&[4, 20][..], &[7; 20]].concat())),
    ("authority_key_id", provider, |c| {
        c.value(&oid::AUTHORITY_KEY_ID, &[&[0x30, 22, 0x80, 20][..], &[7; 20]].concat())
    }),
    ("authority_key_id", provider, |c| c.remove(&oid::AUTHORITY_KEY_ID)),
    ("authority_key_id_form", provider, |c| {
        let id = tlv::tlv(tlv::context(0), &[&c.issuer.key_id]);
        c.value(&oid::AUTHORITY_KEY_ID, &tlv::tlv(tlv::SEQUENCE, &[&id, &[0x82, 1, 5]]));
    }),
    ("key_usage_of_profile", provider, |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x07\x80")),
    ("key_usage_not_empty", provider, |c| c.value(&oid::KEY_USAGE, b"\x03\x01\x00")),
    ("key_usage_fits_key", provider, |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x03\x88")),
    ("key_usage_fits_key", server, |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x05\xa0")),
    (
        "key_usage_fits_key",
        || case_of(builtin("claims-provider"), KeyAlg::MlDsa44),
        |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x05\xa0"),
    ),
    (
        "key_usage_fits_key",
        || case_of(builtin("claims-provider"), KeyAlg::Ed25519),
        |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x03\x88"),
    ),
    ("cert_sign_is_authority", provider, |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x02\x84")),
    ("cert_sign_is_authority", authority, |c| c.value(&oid::BASIC_CONSTRAINTS, b"\x30\x00")),
    ("authority_signs_lists", authority, |c| c.value(&oid::KEY_USAGE, b"\x03\x02\x02\x04")),
    ("basic_constraints_of_profile", authority, |c| {
        c.value(&oid::BASIC_CONSTRAINTS, b"\x30\x06\x01\x01\xff\x02\x01\x01")
    }),
    ("basic_constraints_of_profile", provider, |c| {
        c.add(&oid::BASIC_CONSTRAINTS, true, b"\x30\x03\x01\x01\xff")
    }),
    ("path_len_of_authority", provider, |c| c.add(&oid::BASIC_CONSTRAINTS, true, b"\x30\x03\x02\x01\x00")),
    ("path_len_within_issuer", authority, |c| c.issuer.path_len = Some(0)),
    ("ext_key_usage_of_profile", server, |c| c.value(&oid::EXT_KEY_USAGE, &purposes(&[oid::KP_CLIENT_AUTH]))),
    ("no_any_ext_key_usage", server, |c| {
        c.value(&oid::EXT_KEY_USAGE, &purposes(&[oid::KP_SERVER_AUTH, oid::ANY_EXT_KEY_USAGE]))
    }),
    ("time_stamping_alone", stamper, |c| {
        c.value(&oid::EXT_KEY_USAGE, &purposes(&[oid::KP_TIME_STAMPING, oid::KP_CLIENT_AUTH]))
    }),
    ("time_stamping_alone", stamper, |c| c.critical(&oid::EXT_KEY_USAGE, false)),
    ("ocsp_signing_of_responder", server, |c| {
        c.value(&oid::EXT_KEY_USAGE, &purposes(&[oid::KP_OCSP_SIGNING]))
    }),
    ("ocsp_signing_of_responder", responder, |c| {
        c.value(&oid::EXT_KEY_USAGE, &purposes(&[oid::KP_CLIENT_AUTH]))
    }),
    ("ocsp_no_check_null", responder, |c| c.value(&oid::OCSP_NO_CHECK, b"\x04\x00")),
    ("alt_name_syntax", server, |c| {
        c.value(&oid::SUBJECT_ALT_NAME, &dns_names(&["www.example.jp", "a_b.example.jp"]))
    }),
    ("alt_name_syntax", server, |c| c.value(&oid::SUBJECT_ALT_NAME, b"\x30\x05\x87\x03\x01\x02\x03")),
    ("alt_name_syntax", server, |c| c.value(&oid::SUBJECT_ALT_NAME, b"\x30\x05\x81\x03a@b")),
    ("alt_names_follow_profile", server, |c| {
        c.value(&oid::SUBJECT_ALT_NAME, b"\x30\x0e\x81\x0ca@example.jp")
    }),
    ("alt_names_follow_profile", server, |c| {
        let names: Vec<_> = (0..101).map(|i| format!("h{i}.example.jp")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        c.value(&oid::SUBJECT_ALT_NAME, &dns_names(&names));
    }),
    ("alt_names_follow_profile", provider, |c| {
        c.add(&oid::SUBJECT_ALT_NAME, false, &dns_names(&["example.jp"]))
    }),
    ("common_name_in_alt_names", server, |c| c.value(&oid::SUBJECT_ALT_NAME, &dns_names(&["example.jp"]))),
    ("within_issuers_name_constraints", server, |c| {
        let tree = tlv::tlv(tlv::SEQUENCE, &[b"\x82\x0aother.test"]);
        c.issuer.name_constraints =
            Some(tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::context_constructed(0), &[&tree])]));
    }),
    ("within_issuers_name_constraints", server, |c| c.issuer.name_constraints = Some(vec![0x30, 0])),
    ("policies_of_profile", provider, |c| {
        c.value(&oid::CERTIFICATE_POLICIES, b"\x30\x06\x30\x04\x06\x02\x2a\x03")
    }),
    ("policy_once", provider, |c| {
        c.value(&oid::CERTIFICATE_POLICIES, b"\x30\x0c\x30\x04\x06\x02\x2a\x03\x30\x04\x06\x02\x2a\x03")
    }),
    ("policy_notice", provider, |c| {
        let text = tlv::tlv(tlv::IA5_STRING, &[b"notice"]);
        let qualifier =
            tlv::tlv(tlv::SEQUENCE, &[&oid::QT_USER_NOTICE.der(), &tlv::tlv(tlv::SEQUENCE, &[&text])]);
        let policy = tlv::tlv(tlv::SEQUENCE, &[b"\x06\x02\x2a\x03", &tlv::tlv(tlv::SEQUENCE, &[&qualifier])]);
        c.value(&oid::CERTIFICATE_POLICIES, &tlv::tlv(tlv::SEQUENCE, &[&policy]));
    }),
    ("policy_rules_of_profile", constrained, |c| c.value(&oid::POLICY_CONSTRAINTS, b"\x30\x03\x80\x01\x01")),
    ("policy_rules_of_profile", authority, |c| c.add(&oid::INHIBIT_ANY_POLICY, true, b"\x02\x01\x00")),
    ("no_any_policy_mapping", constrained, |c| {
        let pair = tlv::tlv_of(tlv::SEQUENCE, [oid::ANY_POLICY.der(), b"\x06\x02\x2a\x03".into()]);
        c.value(&oid::POLICY_MAPPINGS, &tlv::tlv(tlv::SEQUENCE, &[&pair]));
    }),
    ("policy_constraints_not_empty", constrained, |c| c.value(&oid::POLICY_CONSTRAINTS, b"\x30\x00")),
    ("name_constraints_of_profile", constrained, |c| c.remove(&oid::NAME_CONSTRAINTS)),
    ("name_constraints_of_profile", constrained, |c| {
        c.value(&oid::NAME_CONSTRAINTS, b"\x30\x0a\xa0\x08\x30\x06\x82\x04test");
    }),
    ("constraints_of_authorities", provider, |c| {
        c.add(&oid::NAME_CONSTRAINTS, true, b"\x30\x0a\xa0\x08\x30\x06\x82\x04test")
    }),
    ("list_addresses", provider, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, &uri_point("http://elsewhere.example.jp/1.crl"))
    }),
    ("list_addresses", provider, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, b"\x30\x06\x30\x04\x81\x02\x06\x40")
    }),
    ("list_addresses", provider, |c| {
        c.add(&oid::FRESHEST_CRL, false, &uri_point("http://repository.example.jp/d.crl"))
    }),
    ("access_addresses", provider, |c| c.issuer.urls.ocsp = Some("http://elsewhere.example.jp".into())),
    ("access_addresses", provider, |c| c.issuer.urls.ca_issuers = None),
    ("access_addresses", citizens_login, |c| {
        c.profile = changed("jpki-auth", "http://ocspauthnorm.jpki.go.jp", "http://elsewhere.example.jp")
    }),
    ("issuer_alt_name_of_profile", citizen, |c| {
        let name = tlv::tlv(tlv::context_constructed(4), &[Name::of(&[(C, "JP")]).expect("a name").der()]);
        c.value(&oid::ISSUER_ALT_NAME, &tlv::tlv(tlv::SEQUENCE, &[&name]));
    }),
    ("issuer_alt_name_of_profile", provider, |c| {
        c.add(&oid::ISSUER_ALT_NAME, false, &dns_names(&["example.jp"]))
    }),
    ("extension_readable", citizen, |c| c.value(&oid::ISSUER_ALT_NAME, b"\x30\x00")),
    ("extension_criticality", citizen, |c| c.critical(&oid::ISSUER_ALT_NAME, true)),
    ("extension_criticality", citizen, |c| c.critical(&oid::CERTIFICATE_POLICIES, false)),
    ("alt_names_follow_profile", citizen, |c| rearranged(c, |names| names.swap(0, 1))),
    ("alt_names_follow_profile", citizen, |c| rearranged(c, |names| drop(names.remove(2)))),
    ("alt_names_follow_profile", citizen, |c| rearranged(c, |names| names.push(names[5].clone()))),
    ("alt_names_follow_profile", citizens_authority, |c| {
        let name = tlv::tlv(tlv::context_constructed(4), &[Name::of(&[(C, "JP")]).expect("a name").der()]);
        c.value(&oid::SUBJECT_ALT_NAME, &tlv::tlv(tlv::SEQUENCE, &[&name]));
    }),
    ("list_addresses", citizen, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, &uri_point("http://example.jp/1"))
    }),
    ("list_addresses", citizen, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, &list_name("Tokyo-to", "Hino-shi"))
    }),
    ("list_addresses", citizen, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, &list_name("Chiba-ken", "Kiyose-shi"))
    }),
    ("list_addresses", citizens_login, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, &list_name("Tokyo-to", "Kiyose-shi"))
    }),
    ("list_addresses", citizens_authority, |c| {
        c.value(&oid::CRL_DISTRIBUTION_POINTS, &directory_point(&Name::of(&[(C, "JP")]).expect("a name")));
    }),
];

#[test]
fn every_lint_objects_to_its_example() {
    for (i, (id, base, change)) in EXAMPLES.iter().enumerate() {
        let mut case = base();
        assert_eq!(case.findings(), Vec::<&str>::new(), "example {i} of {id}, before the change");
        change(&mut case);
        let found = case.findings();
        assert!(found.contains(id), "example {i} of {id}: {found:?}");
    }
}

#[test]
fn every_lint_has_an_example_a_clause_and_a_name_of_its_own() {
    let examples: HashSet<_> = EXAMPLES.iter().map(|(id, ..)| *id).collect();
    let lints: HashSet<_> = LINTS.iter().map(|lint| lint.id).collect();
    assert_eq!(examples, lints);
    assert_eq!(lints.len(), LINTS.len());
    for lint in LINTS {
        let clause = lint.clause;
        assert!(
            clause.starts_with("RFC ") || clause.starts_with("X.680 ") || clause == "K2" || clause == "K3"
        );
    }
}

#[test]
fn octets_that_are_no_certificate_are_one_finding() {
    let case = provider();
    for end in [0, 1, 10, case.tbs().len() - 1] {
        let findings = lint_tbs(&case.tbs()[..end], &case.profile, &case.issuer, &Provider);
        assert_eq!(findings.iter().map(|f| f.id).collect::<Vec<_>>(), ["tbs_is_der"]);
    }
}

/// A profile changed between planning and linting: the plan is judged by the profile in force.
#[test]
fn findings_keep_a_plan_from_becoming_signable() {
    let (old, issuer) = (builtin("claims-provider"), issuer(KeyAlg::P256));
    let new = changed("claims-provider", "pattern = \"[0-9]{10}\"", "pattern = \"27[0-9]{8}\"");
    let plan =
        plan_own(&old, &issuer, key(KeyAlg::P256, 1).public_spki(), &usual_order(&old)).expect("a plan");
    let findings = lint(plan, &new, &issuer, &Provider).expect_err("another number");
    assert_eq!(findings.0.iter().map(|f| f.id).collect::<Vec<_>>(), ["subject_follows_profile"]);
    assert_eq!(findings.code(), "authority.lint_failed");
    let words = findings.explain();
    assert!(words.en.contains("subject_follows_profile (K2)") && words.ja.contains("発行前検査"));
}

/// The lint and the planner both know the repetition of attributes; neither copies the other.
#[test]
fn repeated_and_optional_attributes_are_followed() {
    let mut case = authority();
    let ou = |text: &'static str| (OU, text);
    let good = |names: &[(core_x509::name::AttributeType, &str)]| Name::of(names).expect("a name").into_der();
    for (names, ok) in [
        (good(&[(C, "JP"), (O, "X")]), true),
        (good(&[(C, "JP"), (O, "X"), ou("1"), ou("2"), ou("3"), (CN, "Y")]), true),
        (good(&[(C, "JP"), (O, "X"), ou("1"), ou("2"), ou("3"), ou("4")]), false),
        (good(&[(C, "JP"), (O, "X"), (CN, "Y"), ou("1")]), false),
        (good(&[(O, "X")]), false),
        (good(&[(C, "jp"), (O, "X")]), false),
    ] {
        case.subject = names;
        assert_eq!(case.findings().is_empty(), ok, "{:?}", Name::parse(&case.subject));
    }
}
