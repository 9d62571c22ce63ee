//! Full, delta and partitioned lists (K4).

use std::path::{Path, PathBuf};
use tests_judges::{HIERARCHIES, Said, artifact, artifacts_with, list_as_pem, openssl, python, scratch};

const KNOWN_TO_OPENSSL: [&str; 2] = ["rsa", "p256"];

fn check(h: &str, leaf: &str, lists: &[&str], flags: &[&str]) -> Said {
    let (root, ca, leaf) = (format!("@{h}/root.pem"), format!("@{h}/ca.pem"), format!("@{h}/{leaf}"));
    let mut line = vec!["verify", "-x509_strict", "-crl_check", "-CAfile", &root, "-untrusted", &ca];
    for list in lists {
        line.extend(["-CRLfile", list]);
    }
    line.extend(flags);
    line.push(&leaf);
    openssl(&line)
}

#[test]
fn k04_the_full_list_lets_the_good_pass_and_names_the_revoked() {
    let folder = scratch();
    for h in KNOWN_TO_OPENSSL {
        let list = list_as_pem(folder.path(), &format!("{h}/crl.der"));
        check(h, "leaf.pem", &[&list], &[]).must_be_yes();
        check(h, "revoked.pem", &[&list], &[]).must_be_no_because("certificate revoked");
    }
}

#[test]
fn k04_without_a_list_openssl_refuses() {
    check("p256", "leaf.pem", &[], &[]).must_be_no_because("unable to get certificate CRL");
}

#[test]
fn k04_a_list_of_the_other_hierarchy_is_no_list() {
    let folder = scratch();
    let foreign = list_as_pem(folder.path(), "rsa/crl.der");
    check("p256", "leaf.pem", &[&foreign], &[]).must_be_no_because("unable to get certificate CRL");
}

#[test]
fn k04_openssl_takes_the_delta_together_with_its_base() {
    let folder = scratch();
    let full = list_as_pem(folder.path(), "p256/crl.der");
    let delta = list_as_pem(folder.path(), "p256/delta.der");
    let with_delta = ["-use_deltas", "-extended_crl"];
    check("p256", "leaf.pem", &[&full, &delta], &with_delta).must_be_yes();
    check("p256", "revoked.pem", &[&full, &delta], &with_delta).must_be_no_because("certificate revoked");
    // A delta alone is no complete list.
    check("p256", "leaf.pem", &[&delta], &with_delta).must_be_no_because("unable to get certificate CRL");
}

#[test]
fn k04_the_delta_names_a_base_that_is_not_newer_than_the_full_list() {
    let number = |list: &str, field: &str| -> u128 {
        let said = openssl(&["crl", "-inform", "DER", "-noout", "-text", "-in", list]);
        let mut lines = said.must_be_yes().text.lines().skip_while(|line| !line.contains(field));
        let value = lines.nth(1).unwrap_or_else(|| panic!("{list} has no {field}:\n{}", said.text)).trim();
        match value.strip_prefix("0x") {
            Some(hex) => u128::from_str_radix(hex, 16).expect("a number in hexadecimal"),
            None => value.parse().expect("a number"),
        }
    };
    let full = number("@p256/crl.der", "X509v3 CRL Number");
    let delta = number("@p256/delta.der", "X509v3 CRL Number");
    let base = number("@p256/delta.der", "X509v3 Delta CRL Indicator");
    // RFC 5280 §5.2.4: the base was issued as a full list, and what is held must be that one or a later one.
    assert!(base <= full, "the delta builds on list {base}, the newest full list is {full}");
    assert!(base < delta, "the delta {delta} builds on a later list, {base}");
}

#[test]
fn k04_the_partitioned_leaf_passes_with_its_own_partition_only() {
    let folder = scratch();
    let partitions = partitions();
    assert!(partitions.len() > 1, "one partition is no partition");
    let as_pem: Vec<String> = partitions
        .iter()
        .map(|file| list_as_pem(folder.path(), &format!("p256/{}", name_of(file))))
        .collect();
    let all: Vec<&str> = as_pem.iter().map(String::as_str).collect();
    check("p256", "partitioned-leaf.pem", &all, &["-extended_crl"]).must_be_yes();
    let accepted =
        all.iter().filter(|list| check("p256", "partitioned-leaf.pem", &[list], &["-extended_crl"]).yes);
    assert_eq!(accepted.count(), 1, "exactly one partition is about the partitioned leaf");
}

#[test]
fn k04_every_list_is_signed_and_in_force_by_openssl_and_pyca() {
    for h in HIERARCHIES {
        let ca = artifact(&format!("{h}/ca.pem"));
        for list in artifacts_with(h, "der") {
            python("pyca_verify.py", &[Path::new("list"), &list, &ca]).must_be_yes();
            let list = list.to_string_lossy().into_owned();
            openssl(&["asn1parse", "-inform", "DER", "-in", &list]).must_be_yes();
            if KNOWN_TO_OPENSSL.contains(&h) {
                let ca = ca.to_string_lossy();
                let said =
                    openssl(&["crl", "-inform", "DER", "-in", &list, "-noout", "-verify", "-CAfile", &ca]);
                assert!(said.text.contains("verify OK"), "{list}: {}", said.text);
            }
        }
    }
}

#[test]
fn k04_pyca_finds_the_revoked_and_only_the_revoked() {
    for h in HIERARCHIES {
        let list = artifact(&format!("{h}/crl.der"));
        let ask = |leaf: &str| {
            let said =
                python("pyca_verify.py", &[Path::new("revoked"), &list, &artifact(&format!("{h}/{leaf}"))]);
            said.must_be_yes().text.trim().to_owned()
        };
        assert_eq!(ask("leaf.pem"), "not listed");
        assert_ne!(ask("revoked.pem"), "not listed");
    }
}

/// Incident: one serial twice in a list. And an empty list must leave the field out (RFC 5280 §5.1.2.6).
#[test]
fn incident_one_serial_twice_in_a_list_is_in_none_of_ours() {
    for h in HIERARCHIES {
        for list in artifacts_with(h, "der") {
            let list = list.to_string_lossy().into_owned();
            let said = openssl(&["crl", "-inform", "DER", "-noout", "-text", "-in", &list]);
            let serials =
                said.must_be_yes().text.lines().filter_map(|l| l.trim().strip_prefix("Serial Number: "));
            let mut serials: Vec<&str> = serials.collect();
            let all = serials.len();
            serials.sort_unstable();
            serials.dedup();
            assert_eq!(serials.len(), all, "{list} names a serial twice");
        }
    }
}

fn partitions() -> Vec<PathBuf> {
    artifacts_with("p256", "der").into_iter().filter(|file| name_of(file).starts_with("partition-")).collect()
}

fn name_of(file: &Path) -> String {
    file.file_name().expect("a file").to_string_lossy().into_owned()
}
