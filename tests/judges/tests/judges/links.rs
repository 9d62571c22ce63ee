//! Rollover and cross-certification (K1).

use tests_judges::{openssl, python, scratch};

#[test]
fn k01_an_old_leaf_verifies_to_the_new_root_through_old_with_new() {
    let folder = scratch();
    let between = folder.path().join("between.pem");
    let read = |name: &str| std::fs::read_to_string(tests_judges::artifact(name)).expect("a PEM file");
    std::fs::write(&between, read("p256/ca.pem") + &read("p256/old-with-new.pem"))
        .expect("a writable folder");
    let between = between.to_string_lossy();
    openssl(&[
        "verify",
        "-x509_strict",
        "-CAfile",
        "@p256/new-root.pem",
        "-untrusted",
        &between,
        "@p256/leaf.pem",
    ])
    .must_be_yes();
    // Without the link there is no way from the old authority to the new root.
    openssl(&["verify", "-CAfile", "@p256/new-root.pem", "-untrusted", "@p256/ca.pem", "@p256/leaf.pem"])
        .must_be_no_because("verification failed");
}

#[test]
fn k01_the_new_key_verifies_to_the_old_root_through_new_with_old() {
    openssl(&["verify", "-x509_strict", "-CAfile", "@p256/root.pem", "@p256/new-with-old.pem"]).must_be_yes();
    openssl(&["verify", "-CAfile", "@p256/new-root.pem", "@p256/new-with-old.pem"])
        .must_be_no_because("verification failed");
}

#[test]
fn k01_links_carry_the_keys_they_are_named_after() {
    let key = |name: &str| openssl(&["x509", "-noout", "-pubkey", "-in", name]).must_be_yes().text.clone();
    assert_eq!(key("@p256/old-with-new.pem"), key("@p256/root.pem"));
    assert_eq!(key("@p256/new-with-old.pem"), key("@p256/new-root.pem"));
    assert_ne!(key("@p256/root.pem"), key("@p256/new-root.pem"));
}

#[test]
fn k01_pyca_agrees_about_the_links() {
    let pair = |subject: &str, issuer: &str| {
        let [subject, issuer] = [subject, issuer].map(|name| tests_judges::artifact(&format!("p256/{name}")));
        // The chain ends in the issuer itself, which is self-signed.
        python("pyca_verify.py", &[&"chain".into(), &subject, &issuer]).must_be_yes();
    };
    pair("old-with-new.pem", "new-root.pem");
    pair("new-with-old.pem", "root.pem");
    pair("new-root.pem", "new-root.pem");
}

#[test]
fn k01_the_cross_certificate_is_one_of_an_authority_below_ours() {
    let folder = scratch();
    let ours = folder.path().join("ours.pem");
    let read = |name: &str| std::fs::read_to_string(tests_judges::artifact(name)).expect("a PEM file");
    std::fs::write(&ours, read("p256/ca.pem") + &read("p256/new-with-old.pem")).expect("a writable folder");
    let ours = ours.to_string_lossy();
    openssl(&["verify", "-x509_strict", "-CAfile", "@p256/root.pem", "-untrusted", &ours, "@p256/cross.pem"])
        .must_be_yes();
    let said = openssl(&["x509", "-noout", "-text", "-in", "@p256/cross.pem"]);
    assert!(said.text.contains("CA:TRUE"), "{}", said.text);
    let name = |which: &str| {
        openssl(&["x509", "-noout", which, "-in", "@p256/cross.pem"]).text.replace("issuer=", "subject=")
    };
    assert_ne!(name("-subject"), name("-issuer"), "a cross certificate is about somebody else");
}
