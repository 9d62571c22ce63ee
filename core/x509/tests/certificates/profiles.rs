//! Profiles: those of the house are sound, and mistakes are named.

use crate::support::*;
use core_crypto::KeyAlg;
use core_x509::explain::Explain;
use core_x509::oid::Oid;
use core_x509::plan::AltName;
use core_x509::profile::{BUILTIN, Builtin, Kind, Profile, ProfileError};
use core_x509::time::Period;
use kit_keys::Provider;
use kit_keys::testing::key;

#[test]
fn every_built_in_profile_is_sound() {
    let kinds: Vec<_> = BUILTIN
        .iter()
        .map(|b| {
            let profile = profile(b.text);
            assert_eq!(profile.id().as_str(), b.id);
            assert_eq!(profile.hash(), &sha256(b.text.as_bytes()));
            assert!(!profile.title_ja().is_empty() && profile.title_en().is_ascii());
            profile.kind()
        })
        .collect();
    for kind in [
        Kind::Root,
        Kind::Ca,
        Kind::Cross,
        Kind::Link,
        Kind::OcspSigner,
        Kind::TimestampSigner,
        Kind::EndEntity,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
}

/// C-seed fees and periods: 1 year for applications until 2014-08-17, 3 years from 2014-08-18, days of Japan.
#[test]
fn settings_are_dated() {
    let profile = builtin("claims-provider");
    let last = at(2014, 8, 17, 86_399);
    assert_eq!(profile.validity_at(last).period, Period::Years(1));
    assert_eq!(profile.validity_at(last.plus(1)).period, Period::Years(3));
    assert_eq!(profile.validity_at(at(2008, 1, 1, 0)).period, Period::Years(1));
}

fn refused(text: &str) -> ProfileError {
    Profile::parse(text, &Provider).expect_err("must be refused")
}

fn refused_change(id: &str, from: &str, to: &str) -> ProfileError {
    let text = Builtin::find(id).expect("a built-in profile").text;
    assert!(text.contains(from), "{id} has no '{from}'");
    refused(&text.replacen(from, to, 1))
}

#[test]
fn unknown_keys_are_errors_wherever_they_stand() {
    for (id, from) in [
        ("tls-server", "id = "),
        ("tls-server", "period = "),
        ("tls-server", "allow = "),
        ("tls-server", "attribute = "),
        ("tls-server", "required = true\nmax"),
        ("tls-server", "wildcard = "),
        ("tls-server", "bits = "),
        ("tls-server", "purposes = "),
        ("issuing-ca", "path_len = 0"),
        ("issuing-ca", "policy = "),
    ] {
        let error = refused_change(id, from, &format!("wildcards = 1\n{from}"));
        assert!(error.to_string().contains("wildcards"), "{error}");
        assert!(matches!(error, ProfileError::Form(_)));
    }
}

#[test]
fn mistakes_name_the_setting_and_what_is_expected() {
    for (id, from, to, wanted) in [
        ("claims-provider", "\"claims-provider\"", "\"Claims Provider\"", "id:"),
        ("claims-provider", "period = \"3 years\"", "period = \"3 weeks\"", "validity[1].period: '3 weeks'"),
        ("claims-provider", "from = 2014-08-18", "from = 2014-08-18T00:00:00Z", "validity[1].from"),
        ("claims-provider", "from = 2014-08-18\n", "", "validity[1].from"),
        ("claims-provider", "\"p-256\"", "\"p-521\"", "key.allow: 'p-521' is not one of rsa, p-256"),
        (
            "claims-provider",
            "\"digitalSignature\"",
            "\"digitalsignature\"",
            "key_usage.bits: 'digitalsignature'",
        ),
        (
            "claims-provider",
            "\"keyEncipherment\"",
            "\"keyAgreement\"",
            "key_usage: rsa: RSA keys do not agree",
        ),
        (
            "claims-provider",
            "\"keyAgreement\"",
            "\"keyEncipherment\"",
            "key_usage: p-256: EC keys encipher neither",
        ),
        ("claims-provider", "bits = [\"digitalSignature\"]", "bits = []", "key_usage.bits: at least one"),
        (
            "claims-provider",
            "bits = [\"digitalSignature\"]",
            "bits = [\"keyCertSign\"]",
            "keyCertSign belongs to",
        ),
        (
            "claims-provider",
            "bits = [\"digitalSignature\"]",
            "bits = [\"keyAgreement\"]",
            "RSA keys do not agree",
        ),
        ("claims-provider", "\"[0-9]{10}\"", "\"[0-9]{10\"", "subject[4].pattern: the pattern"),
        (
            "claims-provider",
            "attribute = \"C\"",
            "attribute = \"country\"",
            "subject[0].attribute: 'country'",
        ),
        ("claims-provider", "fixed = \"JP\"", "fixed = \"Japan\"", "subject[0].fixed"),
        ("claims-provider", "fixed = \"JP\"", "fixed = \"JP\"\npattern = \"x\"", "subject[0]: only one of"),
        (
            "claims-provider",
            "fixed = \"JP\"",
            "fixed = \"JP\"\nmax_length = 3",
            "subject[0].max_length: C has 1 to 2",
        ),
        ("claims-provider", "fixed = \"JP\"", "fixed = \"JP\"\nstring = \"utf8\"", "subject[0].string"),
        ("claims-provider", "fixed = \"JP\"", "fixed = \"JP\"\nfrom = \"request\"", "subject[0].fixed"),
        ("claims-provider", "fixed = \"JP\"", "fixed = \"JP\"\nin_san = true", "subject[0].in_san"),
        ("claims-provider", "fixed = \"JP\"", "times = 9", "subject[0].times"),
        ("claims-provider", "oid = \"1.3", "oid = \"3.3", "certificate_policies.policy[0].oid"),
        ("tls-server", "max = 100", "max = 101", "subject_alt_name.max: 1 to 100"),
        ("tls-server", "wildcard = true", "under = [\"Example\"]", "subject_alt_name.dns.under: 'Example'"),
        ("tls-server", "\"serverAuth\"", "\"serverauth\"", "extended_key_usage.purposes: 'serverauth'"),
        ("tls-server", "\"serverAuth\"", "\"2.5.29.37.0\"", "anyExtendedKeyUsage is not issued"),
        ("tls-server", "\"serverAuth\"", "\"OCSPSigning\"", "kind: OCSPSigning"),
        ("tls-server", "backdate = \"5 minutes\"", "backdate = \"2 days\"", "validity[0].backdate"),
        ("tls-server", "[key]", "[key]\nrsa_bits = { min = 1024, max = 4096 }", "key.rsa_bits"),
        ("tls-server", "[key_usage]", "[basic_constraints]\nca = true\n[key_usage]", "basic_constraints.ca"),
        ("tls-server", "kind =", "inhibit_any_policy = 0\nkind =", "inhibit_any_policy: only an authority"),
        (
            "tls-server",
            "kind =",
            "authority_key_identifier = \"none\"\nkind =",
            "only a root may leave it out",
        ),
        (
            "tls-server",
            "kind =",
            "extension_order = [\"key_usage\"]\nkind =",
            "extension_order: 'authority_key_identifier' is missing",
        ),
        ("tls-server", "kind =", "extension_order = [\"policies\"]\nkind =", "extension_order: 'policies'"),
        ("issuing-ca", "ca = true\n", "ca = true\ncritical = false\n", "basic_constraints.critical"),
        (
            "issuing-ca",
            "kind =",
            "subject_key_identifier = false\nkind =",
            "subject_key_identifier: an authority must",
        ),
        (
            "issuing-ca",
            "[certificate_policies]",
            "[name_constraints]\n[certificate_policies]",
            "at least one subtree",
        ),
        (
            "issuing-ca",
            "[certificate_policies]",
            "[policy_constraints]\n[certificate_policies]",
            "policy_constraints",
        ),
        (
            "issuing-ca",
            "kind =",
            "policy_mapping = [{ issuer = \"2.5.29.32.0\", subject = \"1.2.3\" }]\nkind =",
            "anyPolicy is never mapped",
        ),
        (
            "issuing-ca",
            "kind =",
            "policy_mapping = [{ issuer = \"1.2.3\", subject = \"1.2.4\" }]\nkind =",
            "policy_mapping: 1.2.3 is mapped",
        ),
        (
            "issuing-ca",
            "kind =",
            "extension = [{ oid = \"2.5.29.15\", der = \"0500\" }]\nkind =",
            "extension[0].oid",
        ),
        (
            "issuing-ca",
            "kind =",
            "extension = [{ oid = \"1.2.3\", der = \"05\" }]\nkind =",
            "extension[0].der: one DER element",
        ),
        (
            "issuing-ca",
            "kind =",
            "extension = [{ oid = \"1.2.3\", der = \"xx\" }]\nkind =",
            "extension[0].der: hexadecimal",
        ),
        ("jpki-sign", "O=JPKI\"", "Org=JPKI\"", "crl_directory.names: 'Org=JPKI'"),
        ("jpki-sign", "{prefecture}", "{prefecture", "crl_directory.names: 'OU={prefecture'"),
        ("jpki-sign", "{prefecture}", "{place}", "crl_directory.names: '{place}' is neither"),
        ("jpki-sign", "C=JP\", \"O=JPKI", "C=JPN\", \"O=JPKI", "crl_directory.names: C must have"),
        ("jpki-sign", "= \"directory\"", "= \"full\"", "crl_directory: stands there with"),
        (
            "jpki-sign",
            "OU=地方公共団体情報システム機構",
            "OU={prefecture}",
            "issuer_alt_name.names: '{prefecture}'",
        ),
        (
            "jpki-sign",
            "string = \"utf8\"\n\n[crl",
            "string = \"printable\"\n\n[crl",
            "issuer_alt_name.names: O has",
        ),
        ("jpki-sign", "string = \"utf8\"\n\n[crl", "string = \"ia5\"\n\n[crl", "issuer_alt_name.string"),
        ("jpki-auth-ca", "names = [\n    \"C=JP\"", "names = [\"C\"", "subject_alt_name.fixed_directory"),
        ("jpki-auth", "{prefecture}", "X", "value: 'prefecture' has no place"),
        ("jpki-auth", "key = \"prefecture\"", "key = \"CN\"", "value[0].key: stands there twice"),
        ("jpki-auth", "max_length = 64", "max_length = 65", "value[0].max_length: 1 to 64"),
        ("jpki-auth", "{ ocsp_uri", "{ ocsp = true, ocsp_uri", "authority_info_access.ocsp_uri: only one"),
        ("jpki-auth", "\"http://ocsp", "\"ocsp", "authority_info_access.ocsp_uri: an address"),
        ("tsa-signer", "critical = true", "critical = false", "timeStamping alone"),
        ("ocsp-signer", "\"OCSPSigning\"", "\"clientAuth\"", "a delegated responder has OCSPSigning"),
        ("link", "[key_usage]", "[[subject]]\nattribute = \"C\"\n[key_usage]", "takes its subject as it is"),
    ] {
        let error = refused_change(id, from, to);
        assert!(error.to_string().contains(wanted), "{to}: {error}");
        assert_eq!(error.code(), "authority.profile_invalid");
        assert!(error.explain().en.contains(wanted));
    }
}

#[test]
fn form_errors_name_the_line() {
    let error = refused("id = \"x\"\nkind = [\n");
    assert!(error.to_string().contains("line"), "{error}");
    assert!(refused(&"#".repeat(70_000)).to_string().contains("65536"));
}

/// The page that explains profiles shows every setting, and what it shows is a profile.
#[test]
fn the_page_about_profiles_is_complete_and_true() {
    let page = include_str!("../../profiles/README.md");
    let example =
        page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let example = profile(example);
    assert_eq!(example.kind(), Kind::Ca);
    let settings = include_str!("../../src/profile/file.rs")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub(super) ")?.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| !name.contains(' '));
    let missing: Vec<_> = settings.filter(|name| !page.contains(name)).collect();
    assert_eq!(missing, Vec::<&str>::new());

    // And it issues: the longest certificate of all.
    let mut order =
        Order::of(&[("organisation", "役所"), ("OU", "East"), ("OU", "West"), ("CN", "a.example.jp")]);
    order.partition = Some(3);
    order.alt_names = vec![
        AltName::Dns("a.example.jp".into()),
        AltName::Other {
            oid: Oid::from_dotted("1.3.6.1.4.1.32473.5").expect("an identifier"),
            text: "a".into(),
        },
    ];
    let issuer = issuer(KeyAlg::P256);
    let plan = plan_own(&example, &issuer, key(KeyAlg::Rsa3072, 1).public_spki(), &order).expect("a plan");
    sign(plan, &example, &issuer, &issuer_key(KeyAlg::P256));
}
