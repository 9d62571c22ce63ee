//! K16: a PKCS#12 file opens in OpenSSL, with ASCII and Japanese passwords, for every kind of key that OpenSSL knows.

use core_crypto::KeyAlg;
use kit_keys::{pkcs12, testing};
use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

/// Runs openssl with `input`.
fn openssl(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed: cargo xtask setup");
    child.stdin.take().expect("piped").write_all(input).expect("openssl reads");
    child.wait_with_output().expect("openssl ends")
}

fn open(file: &[u8], password: &str) -> Output {
    openssl(&["pkcs12", "-nodes", "-nocerts", "-passin", &format!("pass:{password}")], file)
}

#[test]
fn k16_openssl_opens_the_key_with_its_password_and_no_other() {
    let kinds =
        [KeyAlg::Rsa2048, KeyAlg::Rsa3072, KeyAlg::Rsa4096, KeyAlg::P256, KeyAlg::P384, KeyAlg::Ed25519];
    for (number, alg) in kinds.into_iter().enumerate() {
        let key = testing::key(alg, 1);
        let contents = pkcs12::Contents {
            key: &key,
            certificate: &[0x30, 0],
            chain: &[],
            friendly_name: "電子請求 1234567890",
        };
        let password = ["correct horse", "割符のことば", "a\u{1f511}b 😀", "x"][number % 4];
        let file = pkcs12::write(&contents, password).expect("a file");
        let opened = open(&file, password);
        assert!(opened.status.success(), "{alg:?}: {}", String::from_utf8_lossy(&opened.stderr));
        let read = openssl(&["pkey", "-outform", "DER", "-pubout"], &opened.stdout);
        assert_eq!(read.stdout, key.public_spki(), "{alg:?}");
        for wrong in ["correct horsf", "割符のことは", ""] {
            assert!(!open(&file, wrong).status.success(), "{alg:?} {wrong}");
        }
        let mut altered = file.to_vec();
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        assert!(!open(&altered, password).status.success(), "{alg:?}: the MAC is checked");
    }
}

#[test]
fn k16_the_file_says_aes_256_and_sha_256() {
    let key = testing::key(KeyAlg::Rsa2048, 0);
    let contents =
        pkcs12::Contents { key: &key, certificate: &[0x30, 0], chain: &[], friendly_name: "電子請求" };
    let file = pkcs12::write(&contents, "password").expect("a file");
    let told = openssl(&["pkcs12", "-info", "-noout", "-passin", "pass:password"], &file);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("MAC: sha256, Iteration 100000"), "{told}");
    let scheme = "PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256";
    assert_eq!(told.matches(scheme).count(), 2, "{told}");
}
