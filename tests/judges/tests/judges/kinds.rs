//! Every kind of certificate and list, under every kind of key (K1, K2, K3, K4).
//!
//! The demo shows three hierarchies; here are nine, each with a root, an issuing authority, an OCSP and a time-stamp
//! signer and an end entity of every profile, straight from the binary.

use crate::pkilint;
use std::path::PathBuf;
use tests_judges::{House, openssl, python};

const KINDS: [&str; 9] =
    ["rsa-2048", "rsa-3072", "rsa-4096", "p-256", "p-384", "ed25519", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87"];

/// Profiles of end entities, and what an order under each must say.
const ENDS: [(&str, &[&str]); 3] = [
    ("claims-provider", &["--subject", "CN=1310000001"]),
    ("claims-agent", &["--subject", "CN=AGENT001"]),
    ("tls-server", &["--dns", "www.example.jp"]),
];

#[test]
fn k02_every_profile_under_every_key_is_accepted_by_openssl_pyca_and_pkilint() {
    let house = House::with_hierarchies(&KINDS);
    let token = house.token();
    let (mut for_pkilint, mut for_pyca) = (Vec::new(), Vec::<PathBuf>::new());
    for kind in KINDS {
        let made = make(&house, &token, kind);
        let [root, ca, below @ ..] = &made.certificates[..] else { panic!("a root, a CA and more") };
        for certificate in below {
            for_pkilint.push(pkilint::pair(ca, certificate));
            for_pyca.extend(["chain".into(), certificate.clone(), ca.clone(), root.clone(), "--".into()]);
            if !kind.starts_with("ml-dsa") {
                let [root, ca, certificate] = [root, ca, certificate].map(|p| p.to_string_lossy());
                let line = ["verify", "-x509_strict", "-CAfile", &root, "-untrusted", &ca, &certificate];
                openssl(&line).must_be_yes();
            }
        }
        for list in &made.lists {
            for_pyca.extend(["list".into(), list.clone(), ca.clone(), "--".into()]);
        }
        for_pkilint.extend(made.certificates);
        for_pkilint.extend(made.lists);
    }
    for_pyca.pop();
    python("pyca_verify.py", &for_pyca).must_be_yes();
    let said = python("lint_all.py", &for_pkilint);
    pkilint::compare(house.folder(), &said.must_be_yes().text, |file| file.starts_with("kinds/"));
}

/// What one hierarchy has made: the root, the issuing authority, then what it issued; and its lists.
struct Made {
    certificates: Vec<PathBuf>,
    lists: Vec<PathBuf>,
}

fn make(house: &House, token: &str, kind: &str) -> Made {
    let ca = format!("ca-{kind}");
    let at = |name: &str| format!("kinds/{kind}/{name}");
    let mut certificates = vec![
        house.fetch(&format!("/ca/root-{kind}/1.pem"), None, &at("root.pem")),
        house.fetch(&format!("/ca/{ca}/1.pem"), None, &at("ca.pem")),
    ];
    for signer in ["ocsp", "tsa"] {
        let serial = serial_in_record(house, &format!("{ca}/{signer}"));
        let path = format!("/api/v1/authorities/{ca}/certificates/{serial}.pem");
        certificates.push(house.fetch(&path, Some(token), &at(&format!("{signer}.pem"))));
    }
    for (profile, order) in ENDS {
        let (request, out) = (at(&format!("{profile}.csr")), at(&format!("{profile}.pem")));
        let names: &[&str] = if profile == "tls-server" { &["www.example.jp"] } else { &[] };
        let request_file = house.folder().join(&request).to_string_lossy().into_owned();
        python("make_request.py", &[&[kind, request_file.as_str()], names].concat()).must_be_yes();
        let line =
            ["ca", "issue", &ca, "--profile", profile, "--request", &request, "--perform", "--out", &out];
        house.warifu(&[&line[..], order].concat()).must_be_yes();
        certificates.push(house.folder().join(out));
    }
    let lists = ["1.crl", "1-delta.crl", "1-p1.crl"]
        .map(|name| house.fetch(&format!("/crl/{ca}/{name}"), None, &at(&name.replace(".crl", ".der"))));
    Made { certificates, lists: lists.into() }
}

/// The serial number under which the ceremony's record names a certificate.
fn serial_in_record(house: &House, name: &str) -> String {
    let record = std::fs::read_to_string(house.folder().join("record/ceremony.json")).expect("the record");
    let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
    let certificates = record["certificates"].as_array().expect("certificates");
    let found =
        certificates.iter().find(|c| c["name"] == name).unwrap_or_else(|| panic!("{name} is not on record"));
    found["serial"].as_str().expect("a serial").to_owned()
}
