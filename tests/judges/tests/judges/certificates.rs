//! Chains and single certificates (K1, K2, K3).

use tests_judges::{HIERARCHIES, artifact, artifacts_with, openssl, python, scratch};

/// openssl 3.0 knows no ML-DSA; pyca looks at all three.
const KNOWN_TO_OPENSSL: [&str; 2] = ["rsa", "p256"];

#[test]
fn k01_openssl_follows_each_chain_strictly() {
    for h in KNOWN_TO_OPENSSL {
        let (root, ca, leaf) = (format!("@{h}/root.pem"), format!("@{h}/ca.pem"), format!("@{h}/leaf.pem"));
        let strict = ["verify", "-x509_strict", "-check_ss_sig", "-CAfile"];
        openssl(&[&strict[..], &[&root, "-untrusted", &ca, &leaf]].concat()).must_be_yes();
        openssl(&[&strict[..], &[&root, &root]].concat()).must_be_yes();
    }
}

#[test]
fn k01_openssl_refuses_a_chain_of_the_other_hierarchy() {
    openssl(&["verify", "-CAfile", "@rsa/root.pem", "-untrusted", "@p256/ca.pem", "@p256/leaf.pem"])
        .must_be_no_because("unable to get local issuer certificate");
}

#[test]
fn k02_leaves_carry_a_policy_that_openssl_follows_and_no_other() {
    for h in KNOWN_TO_OPENSSL {
        let (root, ca, leaf) = (format!("@{h}/root.pem"), format!("@{h}/ca.pem"), format!("@{h}/leaf.pem"));
        let said = openssl(&["x509", "-noout", "-text", "-in", &leaf]);
        let policy = said.text.lines().find_map(|line| line.trim().strip_prefix("Policy: "));
        let policy = policy.unwrap_or_else(|| panic!("{h}/leaf.pem has no policy:\n{}", said.text));
        let under = |policy: &str| {
            let policies =
                ["verify", "-explicit_policy", "-policy", policy, "-policy_check", "-CAfile", &root];
            openssl(&[&policies[..], &["-untrusted", &ca, &leaf]].concat())
        };
        under(policy).must_be_yes();
        under("1.3.6.1.4.1.99999.1").must_be_no_because("no explicit policy");
    }
}

#[test]
fn k02_openssl_reads_every_certificate_and_writes_the_same_octets() {
    let folder = scratch();
    for h in HIERARCHIES {
        for file in artifacts_with(h, "pem") {
            let file = file.to_string_lossy().into_owned();
            openssl(&["asn1parse", "-in", &file]).must_be_yes();
            openssl(&["x509", "-noout", "-text", "-in", &file]).must_be_yes();
            let again = folder.path().join("again.pem").to_string_lossy().into_owned();
            openssl(&["x509", "-in", &file, "-out", &again]).must_be_yes();
            let pem = |name: &str| std::fs::read_to_string(name).expect("a PEM file").trim().to_owned();
            assert_eq!(
                pem(&file),
                pem(&again),
                "{file}: one certificate, in the form in which openssl writes it"
            );
        }
    }
}

#[test]
fn k03_serials_are_positive_and_long() {
    for h in HIERARCHIES {
        for name in ["leaf.pem", "revoked.pem", "ca.pem", "root.pem"] {
            let said = openssl(&["x509", "-noout", "-serial", "-in", &format!("@{h}/{name}")]);
            let serial = said.must_be_yes().text.trim().trim_start_matches("serial=").to_owned();
            // 159 random bits are shorter than 16 octets once in 2^31 certificates.
            assert!((32..=40).contains(&serial.len()), "{h}/{name} has the serial {serial}");
            assert!(
                serial.len() < 40 || serial.as_bytes()[0] < b'8',
                "{h}/{name}: {serial} is negative in 20 octets"
            );
        }
    }
}

#[test]
fn k01_pyca_verifies_every_signature_and_path_ml_dsa_too() {
    for h in HIERARCHIES {
        let [leaf, ca, root] =
            ["leaf.pem", "ca.pem", "root.pem"].map(|name| artifact(&format!("{h}/{name}")));
        let said = python("pyca_verify.py", &[&"chain".into(), &leaf, &ca, &root]);
        said.must_be_yes();
        if h == "mldsa" {
            assert!(said.text.contains("ML-DSA-65 ← ML-DSA-65 ← ML-DSA-65"), "{}", said.text);
        }
        python("pyca_verify.py", &[&"path".into(), &leaf, &root, &ca]).must_be_yes();
    }
}

#[test]
fn pyca_refuses_one_flipped_bit() {
    let folder = scratch();
    for h in HIERARCHIES {
        let altered = folder.path().join("altered.pem");
        let der = folder.path().join("altered.der").to_string_lossy().into_owned();
        openssl(&["x509", "-in", &format!("@{h}/leaf.pem"), "-outform", "DER", "-out", &der]).must_be_yes();
        let mut octets = std::fs::read(&der).expect("a certificate");
        let last = octets.len() - 1;
        octets[last] ^= 1;
        std::fs::write(&der, octets).expect("a writable folder");
        let pem = altered.to_string_lossy().into_owned();
        openssl(&["x509", "-inform", "DER", "-in", &der, "-out", &pem]).must_be_yes();
        let said = python("pyca_verify.py", &[&"chain".into(), &altered, &artifact(&format!("{h}/ca.pem"))]);
        said.must_be_no_because("InvalidSignature");
    }
}

#[test]
fn k01_openssl_verifies_the_signed_record_of_the_ceremony_and_refuses_an_altered_one() {
    let folder = scratch();
    let record = std::fs::read_to_string(artifact("ceremony.json")).expect("the record");
    let altered = folder.path().join("altered.json");
    std::fs::write(&altered, record.replacen("2026", "2025", 1) + " ").expect("a writable folder");
    let verify = |file: &str| {
        let key = ["pkeyutl", "-verify", "-pubin", "-inkey", "@ceremony.pub.pem", "-rawin"];
        openssl(&[&key[..], &["-sigfile", "@ceremony.json.sig", "-in", file]].concat())
    };
    verify("@ceremony.json").must_be_yes();
    verify(&altered.to_string_lossy()).must_be_no_because("Signature Verification Failure");
}
