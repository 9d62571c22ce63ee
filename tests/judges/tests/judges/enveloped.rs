//! Notices encrypted to a certificate: openssl opens ours, we open what openssl makes (C7).

use core_sign::enveloped::{Crypto, OpenError, Recipient, Unsupported, open, seal};
use kit_keys::Provider;
use std::path::Path;
use tests_judges::{Said, openssl, scratch};

/// How openssl makes a key, and the key usage of its certificate.
const RSA: [(&str, &str); 3] =
    [("rsa:2048", "keyEncipherment"), ("rsa:3072", "keyEncipherment"), ("rsa:4096", "keyEncipherment")];
const EC: [(&str, &str); 2] = [("P-256", "keyAgreement"), ("P-384", "keyAgreement")];

/// What is in them: Japanese, a line end that mail would change, and octets that are no text.
const TEXT: &[u8] = b"\xe3\x83\x91\xe3\x82\xb9: K7-m4\r\n\0\xff";

/// Somebody with a certificate, in a folder.
struct Holder<'a> {
    folder: &'a Path,
    name: String,
}

impl<'a> Holder<'a> {
    fn new(folder: &'a Path, (kind, usage): (&str, &str)) -> Self {
        let holder = Self { folder, name: kind.replace(':', "-") };
        let (key, certificate) = (holder.path("key"), holder.path("pem"));
        let curve = format!("ec_paramgen_curve:{kind}");
        let make: &[&str] =
            if kind.starts_with("rsa") { &["-newkey", kind] } else { &["-newkey", "ec", "-pkeyopt", &curve] };
        let usage = format!("keyUsage=critical,digitalSignature,{usage}");
        let subject = format!("/C=JP/O=判定/CN={kind}");
        let more = [
            "-nodes",
            "-keyout",
            &key,
            "-out",
            &certificate,
            "-utf8",
            "-subj",
            &subject,
            "-days",
            "9",
            "-addext",
            &usage,
        ];
        openssl(&[&["req", "-x509"], make, &more[..]].concat()).must_be_yes();
        openssl(&["x509", "-in", &certificate, "-outform", "DER", "-out", &holder.path("crt")]).must_be_yes();
        let der = holder.path("key.der");
        openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", &key, "-outform", "DER", "-out", &der]).must_be_yes();
        holder
    }

    fn path(&self, extension: &str) -> String {
        self.folder.join(format!("{}.{extension}", self.name)).to_string_lossy().into_owned()
    }

    fn octets(&self, extension: &str) -> Vec<u8> {
        std::fs::read(self.path(extension)).expect("made before")
    }

    /// What we make.
    fn sealed_here(&self) -> Vec<u8> {
        let recipient = Recipient::of_certificate(&self.octets("crt")).expect("a recipient");
        seal(TEXT, &recipient, &Crypto::of(&Provider)).expect("sealed")
    }

    /// Opens with ours.
    fn opens(&self, der: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (certificate, key) = (self.octets("crt"), self.octets("key.der"));
        open(der, &certificate, &key, &Crypto::of(&Provider)).map(|text| text.to_vec())
    }

    /// Opens with openssl, into a file of `text`.
    fn openssl_opens(&self, file: &str) -> Said {
        let (key, certificate) = (self.path("key"), self.path("pem"));
        let line = ["cms", "-decrypt", "-inform", "DER", "-in", file, "-inkey", &key, "-recip", &certificate];
        openssl(&[&line[..], &["-out", &self.path("text")]].concat())
    }

    /// What openssl makes with these options.
    fn sealed_by_openssl(&self, cipher: &str, options: &[&str]) -> Vec<u8> {
        let mut recipient = vec!["-recip".to_owned(), self.path("pem")];
        recipient.extend(options.iter().flat_map(|option| ["-keyopt".to_owned(), (*option).to_owned()]));
        sealed_by_openssl(self.folder, cipher, &recipient, &[])
    }
}

fn sealed_by_openssl(folder: &Path, cipher: &str, recipients: &[String], more: &[&str]) -> Vec<u8> {
    let (text, out) = (folder.join("plain"), folder.join("sealed.p7m"));
    std::fs::write(&text, TEXT).expect("written");
    let (text, sealed) = (text.to_string_lossy(), out.to_string_lossy());
    let line = ["cms", "-encrypt", "-binary", cipher, "-in", &text, "-outform", "DER", "-out", &sealed];
    let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
    openssl(&[&line[..], more, &recipients].concat()).must_be_yes();
    std::fs::read(out).expect("made")
}

#[test]
fn c07_openssl_opens_what_we_encrypt_to_every_kind_of_key() {
    let folder = scratch();
    for kind in RSA.into_iter().chain(EC) {
        let holder = Holder::new(folder.path(), kind);
        let mut sealed = holder.sealed_here();
        let file = holder.path("p7m");
        std::fs::write(&file, &sealed).expect("written");
        holder.openssl_opens(&file).must_be_yes();
        assert_eq!(holder.octets("text"), TEXT, "{kind:?}");
        let told = openssl(&["cms", "-cmsout", "-print", "-inform", "DER", "-in", &file]);
        let wanted: &[&str] = match kind.0 {
            "P-256" => &["dhSinglePass-stdDH-sha256kdf-scheme", "id-aes256-wrap"],
            "P-384" => &["dhSinglePass-stdDH-sha384kdf-scheme", "id-aes256-wrap"],
            _ => &["rsaesOaep", "sha256"],
        };
        for word in wanted.iter().chain(&["aes-256-cbc"]) {
            assert!(told.must_be_yes().text.contains(word), "{kind:?} {word}\n{}", told.text);
        }
        // A bit of the block before the last is that bit of the last one's padding (CBC): 128 and more is none.
        let at = sealed.len() - 17;
        sealed[at] ^= 0x80;
        std::fs::write(&file, &sealed).expect("written");
        holder.openssl_opens(&file).must_be_no_because("bad decrypt");
    }
}

#[test]
fn c07_openssl_does_not_open_what_is_for_another_certificate() {
    let folder = scratch();
    let (one, other) = (Holder::new(folder.path(), EC[0]), Holder::new(folder.path(), RSA[0]));
    let file = one.path("p7m");
    std::fs::write(&file, one.sealed_here()).expect("written");
    other.openssl_opens(&file).must_be_no_because("no matching recipient");
}

#[test]
fn c07_we_open_what_openssl_makes_with_hashes_of_today_and_name_what_is_too_old() {
    let folder = scratch();
    let oaep = "rsa_padding_mode:oaep";
    for kind in RSA {
        let holder = Holder::new(folder.path(), kind);
        for hash in ["rsa_oaep_md:sha256", "rsa_oaep_md:sha384", "rsa_oaep_md:sha512"] {
            let sealed = holder.sealed_by_openssl("-aes256", &[oaep, hash]);
            assert_eq!(holder.opens(&sealed).as_deref(), Ok(TEXT), "{kind:?} {hash}");
        }
    }
    let rsa = Holder::new(folder.path(), RSA[0]);
    let sha256 = "rsa_oaep_md:sha256";
    for (options, why) in [
        (&[][..], Unsupported::Pkcs1v15),
        (&[oaep], Unsupported::Sha1),
        (&[oaep, sha256, "rsa_mgf1_md:sha1"], Unsupported::Sha1),
        (&[oaep, sha256, "rsa_mgf1_md:sha384"], Unsupported::KeyAlgorithm),
        (&[oaep, sha256, "rsa_oaep_label:00"], Unsupported::KeyAlgorithm),
    ] {
        let sealed = rsa.sealed_by_openssl("-aes256", options);
        assert_eq!(rsa.opens(&sealed), Err(why.into()), "{options:?}");
    }
    for kind in EC {
        let holder = Holder::new(folder.path(), kind);
        for hash in ["ecdh_kdf_md:sha256", "ecdh_kdf_md:sha384", "ecdh_kdf_md:sha512"] {
            let sealed = holder.sealed_by_openssl("-aes256", &[hash]);
            assert_eq!(holder.opens(&sealed).as_deref(), Ok(TEXT), "{kind:?} {hash}");
        }
        assert_eq!(holder.opens(&holder.sealed_by_openssl("-aes256", &[])), Err(Unsupported::Sha1.into()));
        let shorter = holder.sealed_by_openssl("-aes128", &["ecdh_kdf_md:sha256"]);
        assert_eq!(holder.opens(&shorter), Err(Unsupported::Cipher.into()));
    }
}

#[test]
fn c07_each_of_several_recipients_opens_one_file() {
    let folder = scratch();
    let holders = [RSA[0], EC[0], EC[1]].map(|kind| Holder::new(folder.path(), kind));
    let options = [
        &["rsa_padding_mode:oaep", "rsa_oaep_md:sha256"][..],
        &["ecdh_kdf_md:sha256"],
        &["ecdh_kdf_md:sha384"],
    ];
    let mut recipients = Vec::new();
    for (holder, options) in holders.iter().zip(options) {
        recipients.extend(["-recip".to_owned(), holder.path("pem")]);
        recipients.extend(options.iter().flat_map(|option| ["-keyopt".to_owned(), (*option).to_owned()]));
    }
    let sealed = sealed_by_openssl(folder.path(), "-aes256", &recipients, &[]);
    for holder in &holders {
        assert_eq!(holder.opens(&sealed).as_deref(), Ok(TEXT), "{}", holder.name);
    }
    // A stream has lengths that are not known at its beginning: BER, and not read here.
    let stream = sealed_by_openssl(folder.path(), "-aes256", &recipients, &["-stream"]);
    assert_eq!(holders[0].opens(&stream), Err(OpenError::Form));
}
