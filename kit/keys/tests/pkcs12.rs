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

/// The certificate of a key, made by openssl.
fn self_signed(dir: &std::path::Path, key: &kit_keys::SoftKey) -> Vec<u8> {
    let path = dir.join("key.der");
    std::fs::write(&path, &*key.to_pkcs8().expect("a key")).expect("written");
    let path = path.to_string_lossy();
    let made = openssl(
        &[
            "req", "-x509", "-key", &path, "-keyform", "DER", "-subj", "/CN=x", "-days", "9", "-outform",
            "DER",
        ],
        &[],
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

#[test]
fn c07_what_was_written_here_is_read_again_and_nothing_else_opens_it() {
    for alg in KeyAlg::ALL {
        let key = testing::key(alg, 1);
        let chain = [vec![0x30, 1, 5], vec![0x30, 1, 6]];
        let contents =
            pkcs12::Contents {
                key: &key, certificate: &[0x30, 0], chain: &chain, friendly_name: "電子請求"
            };
        let file = pkcs12::write(&contents, "割符 pass").expect("a file");
        let opened = pkcs12::read(&file, "割符 pass").expect("opens");
        assert_eq!(opened.key, key.to_pkcs8().expect("a key"), "{alg:?}");
        assert_eq!(opened.certificates, [&[vec![0x30, 0]], &chain[..]].concat());
        assert_eq!(format!("{opened:?}"), "Opened(3 certificates)");
        if alg != KeyAlg::P256 {
            continue;
        }
        for wrong in ["割符 pas", "", "割符 pass "] {
            assert_eq!(pkcs12::read(&file, wrong).err(), Some(pkcs12::BadFile::WrongPassword), "{wrong}");
        }
        for at in (0..file.len()).step_by(97) {
            let mut altered = file.to_vec();
            altered[at] ^= 1;
            assert!(pkcs12::read(&altered, "割符 pass").is_err(), "octet {at}");
        }
    }
}

#[test]
fn c07_what_openssl_wrote_is_read_and_what_is_weak_is_named() {
    use core_pack::pkcs12::BadPkcs12;
    let dir = tempfile::tempdir().expect("a directory");
    let key = testing::key(KeyAlg::Rsa2048, 1);
    let certificate = self_signed(dir.path(), &key);
    let pem = dir.path().join("both.pem");
    let text = [
        core_pack::pem::encode(core_pack::pem::label::PRIVATE_KEY, &key.to_pkcs8().expect("a key")),
        core_pack::pem::encode(core_pack::pem::label::CERTIFICATE, &certificate),
    ];
    std::fs::write(&pem, text.map(|t| t.to_string()).concat()).expect("written");
    let pem = pem.to_string_lossy();
    let export = |more: &[&str]| {
        let made =
            openssl(&[&["pkcs12", "-export", "-in", &pem, "-passout", "pass:horse"], more].concat(), &[]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        made.stdout
    };
    for more in [&[][..], &["-certpbe", "NONE"], &["-iter", "100000"], &["-name", "名前"]] {
        let opened = pkcs12::read(&export(more), "horse").expect("opens");
        assert_eq!(opened.certificates, [&certificate[..]], "{more:?}");
        assert_eq!(opened.key, key.to_pkcs8().expect("a key"), "{more:?}");
    }
    let weak = Some(pkcs12::BadFile::Pkcs12(BadPkcs12::Algorithm));
    for more in [
        &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"][..],
        &["-keypbe", "aes-128-cbc"],
        &["-keypbe", "NONE"],
        &["-nomac"],
        &["-macalg", "sha1"],
    ] {
        assert_eq!(pkcs12::read(&export(more), "horse").err(), weak, "{more:?}");
    }
    let rounds = Some(pkcs12::BadFile::Pkcs12(BadPkcs12::Rounds));
    assert_eq!(pkcs12::read(&export(&["-maciter", "-iter", "3000000"]), "horse").err(), rounds);
    assert_eq!(pkcs12::read(&export(&["-nocerts"]), "horse").map(|o| o.certificates.len()).ok(), Some(0));
    assert_eq!(pkcs12::read(&export(&["-nokeys"]), "horse").err(), Some(pkcs12::BadFile::Key));
    assert!(pkcs12::read(b"no file", "horse").is_err());
}
