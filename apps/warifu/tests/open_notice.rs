//! The tool that opens notices (C7), with the real binary, as a subscriber types it; openssl makes what they have.

use core_sign::enveloped::{Crypto, Recipient, seal};
use kit_keys::Provider;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

const TEXT: &str = "新しい証明書発行用パスワードは K7-m4 です。\n";

/// A subscriber in a directory of their own: key and certificate in PEM, both in PKCS#12, and a notice.
struct Subscriber {
    dir: tempfile::TempDir,
}

impl Subscriber {
    fn new(newkey: &[&str], usage: &str) -> Self {
        let here = Self { dir: tempfile::tempdir().expect("a directory") };
        here.certificate("old", newkey, usage);
        here.openssl("pkcs12 -export -inkey old.key -in old.pem -name x -out old.p12 -passout pass:horse");
        here.file("password", "horse\n");
        here.openssl("x509 -in old.pem -outform DER -out old.crt");
        let recipient = Recipient::of_certificate(&here.read("old.crt")).expect("a recipient");
        let sealed = seal(TEXT.as_bytes(), &recipient, &Crypto::of(&Provider)).expect("sealed");
        fs::write(here.path("notice.p7m"), &sealed).expect("written");
        here
    }

    fn certificate(&self, name: &str, newkey: &[&str], usage: &str) {
        self.openssl(&format!(
            "req -x509 {} -nodes -keyout {name}.key -out {name}.pem -subj /CN={name} -days 9 -addext keyUsage={usage}",
            newkey.join(" ")
        ));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("it is there")
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn openssl(&self, line: &str) {
        let made = Command::new("openssl").current_dir(self.dir.path()).args(line.split(' ')).output();
        let made = made.expect("openssl is installed: cargo xtask setup");
        assert!(made.status.success(), "openssl {line}\n{}", String::from_utf8_lossy(&made.stderr));
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warifu"));
        command.current_dir(self.dir.path()).arg("open-notice").args(line.split(' ')).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("WARIFU") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C");
        command
    }

    /// Types a command; standard output and standard error, after checking how it ended.
    fn types(&self, line: &str, exit: i32) -> (String, String) {
        told(&mut self.command(line), exit)
    }
}

fn told(command: &mut Command, exit: i32) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    let (out, error) =
        (String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned());
    assert_eq!(status.code(), Some(exit), "{command:?}\n{out}{error}");
    (out, error)
}

#[test]
fn c07_a_notice_opens_with_the_file_of_the_certificate_and_with_key_and_certificate() {
    for (newkey, usage) in [
        (&["-newkey", "rsa:2048"][..], "keyEncipherment"),
        (&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "keyAgreement"),
    ] {
        let person = Subscriber::new(newkey, usage);
        let by_file = "notice.p7m --p12 old.p12";
        assert_eq!(person.types(&format!("{by_file} --password-file password"), 0).0, TEXT);
        assert_eq!(told(person.command(by_file).env("WARIFU_P12_PASSWORD", "horse"), 0).0, TEXT);
        assert_eq!(person.types("notice.p7m --key old.key --cert old.pem", 0).0, TEXT);
        assert_eq!(person.types("notice.p7m --key old.key --cert old.crt", 0).0, TEXT, "DER too");

        let pem = core_pack::pem::encode(core_pack::pem::label::CMS, &person.read("notice.p7m"));
        for label in ["CMS", "PKCS7"] {
            person.file("notice.pem", &pem.replace("CMS", label));
            assert_eq!(person.types("notice.pem --key old.key --cert old.pem", 0).0, TEXT, "{label}");
        }
    }
}

#[test]
fn c07_the_text_goes_to_a_file_that_nobody_else_reads_and_replaces_nothing_unasked() {
    let person = Subscriber::new(&["-newkey", "rsa:2048"], "keyEncipherment");
    let line = "notice.p7m --key old.key --cert old.pem --out notice.txt";
    let (out, _) = person.types(line, 0);
    assert!(out.contains("notice.txt") && !out.contains("K7-m4"), "{out}");
    assert_eq!(person.read("notice.txt"), TEXT.as_bytes());
    let mode = person.path("notice.txt").metadata().expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    person.file("notice.txt", "kept");
    assert!(person.types(line, 1).1.contains("notice.exists"));
    assert_eq!(person.read("notice.txt"), b"kept");
    person.types(&format!("{line} --force"), 0);
    assert_eq!(person.read("notice.txt"), TEXT.as_bytes());
}

#[test]
fn c07_each_way_of_failing_is_told_with_what_to_do_and_writes_nothing() {
    let rsa = ["-newkey", "rsa:2048"];
    let person = Subscriber::new(&rsa, "keyEncipherment");
    person.certificate("new", &rsa, "keyEncipherment");
    let fails = |line: &str, exit, code: &str| {
        let (out, error) = person.types(&format!("{line} --out never.txt"), exit);
        assert!(error.contains(&format!("[{code}]")) && error.contains("→"), "{line}\n{error}");
        assert!(out.is_empty() && !person.path("never.txt").exists(), "{line}");
        error
    };
    let other = fails("notice.p7m --key new.key --cert new.pem", 1, "notice.other_certificate");
    assert!(other.contains("use the old one"), "{other}");
    fails("notice.p7m --key new.key --cert old.pem", 1, "notice.wrong_key");

    let mut altered = person.read("notice.p7m");
    // In CBC an octet of the block before the last one alters the same octet of the last: here the padding, which then
    // is longer than a block or nothing. Altering the last block itself would open to nonsense once in 256 times.
    let of_the_padding = altered.len() - 1 - 16;
    altered[of_the_padding] ^= 0x10;
    fs::write(person.path("altered.p7m"), &altered).expect("written");
    fails("altered.p7m --key old.key --cert old.pem", 1, "notice.does_not_open");
    person.openssl("cms -encrypt -aes256 -in password -outform DER -out weak.p7m -recip old.pem");
    let weak = fails("weak.p7m --key old.key --cert old.pem", 1, "notice.unsupported");
    assert!(weak.contains("PKCS#1 v1.5"), "{weak}");
    person.openssl("cms -sign -in password -outform DER -out signed.p7m -signer old.pem -inkey old.key");
    fails("signed.p7m --key old.key --cert old.pem", 1, "notice.unreadable");
    fails("password --key old.key --cert old.pem", 3, "cli.unfit");
    fails("old.pem --key old.key --cert old.pem", 3, "cli.unfit");
    fails("nowhere --key old.key --cert old.pem", 4, "cli.file");
    fs::write(person.path("long.p7m"), vec![0x30; 2 << 20]).expect("written");
    fails("long.p7m --key old.key --cert old.pem", 4, "cli.file");

    person.file("wrong", "house\n");
    fails("notice.p7m --p12 old.p12 --password-file wrong", 1, "notice.wrong_password");
    person.openssl(
        "pkcs12 -export -inkey old.key -in old.pem -out 3des.p12 -passout pass:horse -keypbe PBE-SHA1-3DES",
    );
    fails("notice.p7m --p12 3des.p12 --password-file password", 1, "notice.pkcs12");
    person.openssl("pkcs8 -topk8 -in old.key -out locked.key -passout pass:horse");
    fails("notice.p7m --key locked.key --cert old.pem", 3, "notice.no_key");
    fails("notice.p7m --key old.pem --cert old.pem", 3, "notice.no_key");
    // With no terminal there is nobody to ask. (`setsid` takes the terminal away, where the test has one.)
    let mut asked = Command::new("setsid");
    asked.args(["-w", env!("CARGO_BIN_EXE_warifu"), "open-notice", "notice.p7m", "--p12", "old.p12"]);
    asked.current_dir(person.dir.path()).env_remove("WARIFU_P12_PASSWORD").env("LC_ALL", "C");
    assert!(told(asked.stdin(Stdio::null()), 2).1.contains("notice.no_terminal"));
    // And what the command line does not allow.
    for bad in
        ["notice.p7m", "notice.p7m --key old.key", "notice.p7m --p12 old.p12 --key old.key --cert old.pem"]
    {
        person.types(bad, 3);
    }
    let (_, japanese) = person.types("notice.p7m --key new.key --cert new.pem --lang ja", 1);
    assert!(japanese.contains("この証明書あてに暗号化されたものではありません"), "{japanese}");
}
