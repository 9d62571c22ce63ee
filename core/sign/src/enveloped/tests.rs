//! What opens and what does not. Whether others agree, the judges say (`tests/judges`).

use super::*;
use core_crypto::KeyAlg;
use core_pack::put_der;
use kit_keys::{Provider, SoftKey, testing};
use proptest::prelude::*;

const KINDS: [KeyAlg; 5] = [KeyAlg::Rsa2048, KeyAlg::Rsa3072, KeyAlg::Rsa4096, KeyAlg::P256, KeyAlg::P384];

/// Bits of keyUsage as they stand in its extension: digitalSignature with keyEncipherment, or with keyAgreement.
const FOR_RSA: &[u8] = &[0x03, 2, 5, 0xa0];
const FOR_EC: &[u8] = &[0x03, 2, 3, 0x88];

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    put_der(&mut out, tag, parts);
    out
}

/// The least that is a certificate of this key. Nobody asks its signature.
fn certificate(key: &SoftKey, serial: u8, usage: Option<&[u8]>) -> Vec<u8> {
    let alg = key.alg().identifier_der();
    let name = der(
        0x30,
        &[&der(0x31, &[&der(0x30, &[b"\x06\x03\x55\x04\x03", &der(0x0c, &["発行者".as_bytes()])])])],
    );
    let validity = der(0x30, &[b"\x17\x0d260101000000Z", b"\x17\x0d270101000000Z"]);
    let extensions = usage.map_or_else(Vec::new, |bits| {
        let usage = der(0x30, &[b"\x06\x03\x55\x1d\x0f", b"\x01\x01\xff", &der(0x04, &[bits])]);
        der(0xa3, &[&der(0x30, &[&usage])])
    });
    let serial = [0x02, 1, serial];
    let spki = key.public_spki();
    let tbs = der(0x30, &[b"\xa0\x03\x02\x01\x02", &serial, alg, &name, &validity, &name, spki, &extensions]);
    der(0x30, &[&tbs, alg, &der(0x03, &[&[0, 1, 2, 3]])])
}

/// Somebody with a certificate.
struct Holder {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Holder {
    fn new(alg: KeyAlg, number: u64) -> Self {
        let key = testing::key(alg, number);
        let usage = if matches!(alg, KeyAlg::P256 | KeyAlg::P384) { FOR_EC } else { FOR_RSA };
        let certificate = certificate(&key, 5 + number as u8, Some(usage));
        Self { certificate, key: key.to_pkcs8().expect("a key") }
    }

    fn sealed(&self, content: &[u8]) -> Vec<u8> {
        let recipient = Recipient::of_certificate(&self.certificate).expect("a recipient");
        seal(content, &recipient, &crypto()).expect("sealed")
    }

    fn open(&self, der: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        open(der, &self.certificate, &self.key, &crypto())
    }
}

fn crypto() -> Crypto<'static> {
    Crypto::of(&Provider)
}

#[test]
fn c07_what_is_written_to_a_certificate_opens_with_its_key() {
    for alg in KINDS {
        let holder = Holder::new(alg, 1);
        for content in [&b""[..], b"x", &[7; 16], "新しいパスワード".as_bytes(), &vec![9; 100_000]] {
            let sealed = holder.sealed(content);
            assert_eq!(holder.open(&sealed).expect("opens")[..], *content, "{alg:?}");
            assert_ne!(sealed, holder.sealed(content), "{alg:?}: fresh keys each time");
            let shows = content.len() > 8 && sealed.windows(content.len()).any(|octets| octets == content);
            assert!(!shows, "{alg:?}: the text is in the file");
        }
    }
}

#[test]
fn c07_another_certificate_and_another_key_do_not_open_it() {
    for alg in KINDS {
        let (holder, other) = (Holder::new(alg, 1), Holder::new(alg, 2));
        let sealed = holder.sealed(b"password");
        assert_eq!(other.open(&sealed), Err(OpenError::NotForThisCertificate), "{alg:?}");
        let mixed = open(&sealed, &holder.certificate, &other.key, &crypto());
        assert_eq!(mixed, Err(OpenError::WrongKey), "{alg:?}");
        let junk = open(&sealed, &holder.certificate, b"no key", &crypto());
        assert_eq!(junk, Err(OpenError::WrongKey), "{alg:?}");
        let none = open(&sealed, b"no certificate", &holder.key, &crypto());
        assert_eq!(none, Err(OpenError::Certificate), "{alg:?}");
    }
}

#[test]
fn c24_an_old_key_opens_an_old_notice_and_a_renewed_certificate_needs_its_own() {
    let key = testing::key(KeyAlg::P256, 1);
    let (old, renewed) = (certificate(&key, 5, Some(FOR_EC)), certificate(&key, 6, Some(FOR_EC)));
    let recipient = Recipient::of_certificate(&old).expect("a recipient");
    let sealed = seal(b"password", &recipient, &crypto()).expect("sealed");
    let pkcs8 = key.to_pkcs8().expect("a key");
    assert_eq!(open(&sealed, &renewed, &pkcs8, &crypto()), Err(OpenError::NotForThisCertificate));
    // The usage of the certificate is asked when something is written to it, never when it is opened.
    let unused = certificate(&key, 5, None);
    assert_eq!(open(&sealed, &unused, &pkcs8, &crypto()).expect("opens")[..], *b"password");
}

#[test]
fn c07_keys_that_only_sign_and_certificates_that_forbid_it_are_refused() {
    for alg in [KeyAlg::Ed25519, KeyAlg::MlDsa44, KeyAlg::MlDsa65, KeyAlg::MlDsa87] {
        let certificate = certificate(&testing::key(alg, 1), 5, None);
        assert_eq!(Recipient::of_certificate(&certificate).err(), Some(SealError::KeyKind), "{alg:?}");
    }
    for (alg, wrong, name) in
        [(KeyAlg::Rsa2048, FOR_EC, "keyEncipherment"), (KeyAlg::P256, FOR_RSA, "keyAgreement")]
    {
        let key = testing::key(alg, 1);
        let refused = Recipient::of_certificate(&certificate(&key, 5, Some(wrong)));
        assert_eq!(refused.err(), Some(SealError::KeyUsage(name)));
        assert!(Recipient::of_certificate(&certificate(&key, 5, None)).is_ok(), "nothing said allows all");
    }
    assert_eq!(Recipient::of_certificate(b"0\x00").err(), Some(SealError::Certificate));
}

#[test]
fn c07_a_small_rsa_key_is_no_recipient() {
    // Of 512 bits.
    let modulus = [&[0, 0xff][..], &[0x5b; 63]].concat();
    let numbers = der(0x30, &[&der(2, &[&modulus]), &[2, 3, 1, 0, 1]]);
    let key = testing::key(KeyAlg::Rsa2048, 1);
    let whole = certificate(&key, 5, None);
    let small = core_pack::spki::PublicKey { family: core_pack::KeyFamily::Rsa, octets: &numbers }.to_der();
    let mut recipient = Recipient::of_certificate(&whole).expect("a recipient");
    recipient.address.spki = small;
    assert_eq!(seal(b"x", &recipient, &crypto()), Err(SealError::UnfitKey));
}

#[test]
fn c07_limits_are_kept_on_both_sides() {
    let holder = Holder::new(KeyAlg::P256, 1);
    let recipient = Recipient::of_certificate(&holder.certificate).expect("a recipient");
    let overhead = holder.sealed(&[]).len() - 16;
    let fits = vec![0; (MAX_LEN - overhead) / 16 * 16 - 17];
    let sealed = seal(&fits, &recipient, &crypto()).expect("it fits");
    assert!(sealed.len() <= MAX_LEN);
    assert_eq!(holder.open(&sealed).expect("opens").len(), fits.len());
    for more in [MAX_LEN - overhead + 16, MAX_LEN, MAX_LEN + 1] {
        assert_eq!(seal(&vec![0; more], &recipient, &crypto()), Err(SealError::TooLong));
    }
    assert_eq!(holder.open(&vec![0x30; MAX_LEN + 1]), Err(OpenError::TooLong));
    assert_eq!(holder.open(&vec![0x30; MAX_LEN]), Err(OpenError::Form));
}

/// The offsets of `part` in `whole`.
fn place(whole: &[u8], part: &[u8]) -> std::ops::Range<usize> {
    let at = whole.windows(part.len()).position(|octets| octets == part).expect("a part of it");
    at..at + part.len()
}

/// Where the encrypted key lies, which OAEP or the key wrap guard; the initialisation vector; the encrypted content.
fn parts(sealed: &[u8]) -> [std::ops::Range<usize>; 3] {
    use super::asn1::{ContentInfo, EnvelopedData, RecipientInfo};
    use der::Decode;
    let info = ContentInfo::from_der(sealed).expect("ours");
    let enveloped: EnvelopedData<'_> = info.content.decode_as().expect("ours");
    let recipient = RecipientInfo::from_der(enveloped.recipient_infos.value()).expect("one");
    let key = match &recipient {
        RecipientInfo::Transport(info) => info.encrypted_key.as_bytes(),
        RecipientInfo::Agreement(info) => info.keys[0].key.as_bytes(),
        _ => panic!("ours"),
    };
    let iv = enveloped.content.algorithm.parameters.expect("an IV").value();
    let content = enveloped.content.content.expect("content").as_bytes();
    [key, iv, content].map(|part| place(sealed, part))
}

#[test]
fn c07_a_flipped_bit_never_opens_to_the_same_text_unless_nothing_depends_on_it() {
    let content = b"the new password is one of thirty-two characters";
    for (alg, step) in [(KeyAlg::P256, 1), (KeyAlg::P384, 3), (KeyAlg::Rsa2048, 7)] {
        let holder = Holder::new(alg, 1);
        let sealed = holder.sealed(content);
        let [key, iv, text] = parts(&sealed);
        let (mut refused, mut garbled) = (0, 0);
        for bit in (0..sealed.len() * 8).step_by(step) {
            let at = bit / 8;
            let mut altered = sealed.clone();
            altered[at] ^= 1 << (bit % 8);
            let inside = iv.contains(&at) || text.contains(&at);
            match holder.open(&altered) {
                Err(error) => {
                    refused += 1;
                    let alike = error == OpenError::DoesNotOpen;
                    assert!(alike || !(inside || key.contains(&at)), "{alg:?} bit {bit}: {error:?}");
                }
                Ok(opened) if inside => {
                    garbled += 1;
                    assert_ne!(opened[..], content[..], "{alg:?} bit {bit}: what CBC does not guard");
                }
                // A version number, say.
                Ok(opened) => {
                    assert!(!key.contains(&at), "{alg:?} bit {bit}: the key is guarded");
                    assert_eq!(opened[..], content[..], "{alg:?} bit {bit}");
                }
            }
        }
        assert!(refused > 100 && garbled > 10, "{alg:?}: both were seen, {refused} and {garbled}");
    }
}

#[test]
fn c07_every_failure_of_key_and_text_is_told_alike() {
    for alg in [KeyAlg::Rsa2048, KeyAlg::P256] {
        let holder = Holder::new(alg, 1);
        let sealed = holder.sealed(b"password");
        let [key, iv, _] = parts(&sealed);
        let mut broken_key = sealed.clone();
        broken_key[key.start + 3] ^= 1;
        let mut broken_text = sealed.clone();
        // The last octet of the vector is the last of the padding of this one block: 8 becomes 9.
        broken_text[iv.start + 15] ^= 1;
        assert_eq!(holder.open(&broken_key), Err(OpenError::DoesNotOpen), "{alg:?}");
        assert_eq!(holder.open(&broken_text), Err(OpenError::DoesNotOpen), "{alg:?}");
    }
}

/// An envelope with these recipients, made of one of ours.
fn with_recipients(sealed: &[u8], count: usize) -> Vec<u8> {
    use super::asn1::{ContentInfo, EnvelopedData};
    use der::{Decode, Encode, Tag, asn1::AnyRef};
    let info = ContentInfo::from_der(sealed).expect("ours");
    let mut enveloped: EnvelopedData<'_> = info.content.decode_as().expect("ours");
    let recipients = enveloped.recipient_infos.value().repeat(count);
    enveloped.recipient_infos = AnyRef::new(Tag::Set, &recipients).expect("a set");
    let enveloped = enveloped.to_der().expect("encoded");
    let content = AnyRef::from_der(&enveloped).expect("DER");
    ContentInfo { content, ..info }.to_der().expect("encoded")
}

#[test]
fn c07_a_hundred_recipients_and_not_one_more() {
    let (holder, other) = (Holder::new(KeyAlg::P256, 1), Holder::new(KeyAlg::P256, 2));
    let sealed = holder.sealed(b"password");
    assert!(holder.open(&with_recipients(&sealed, MAX_RECIPIENTS)).is_ok());
    let many = with_recipients(&sealed, MAX_RECIPIENTS + 1);
    assert_eq!(holder.open(&many), Err(OpenError::TooManyRecipients));
    assert_eq!(other.open(&many), Err(OpenError::TooManyRecipients));
    assert_eq!(holder.open(&with_recipients(&sealed, 0)), Err(OpenError::NotForThisCertificate));
}

/// The same with octets exchanged for as many others.
fn with(sealed: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut altered = sealed.to_vec();
    while let Some(at) = altered.windows(from.len()).position(|octets| octets == from) {
        altered[at..at + to.len()].copy_from_slice(to);
    }
    altered
}

#[test]
fn c07_what_is_no_longer_good_enough_is_refused_by_name() {
    let (rsa, ec) = (Holder::new(KeyAlg::Rsa2048, 1), Holder::new(KeyAlg::P256, 1));
    let (rsa_sealed, ec_sealed) = (rsa.sealed(b"password"), ec.sealed(b"password"));
    // id-RSAES-OAEP to rsaEncryption: the parameters are not even read.
    let oaep = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07";
    let v15 = with(&rsa_sealed, oaep, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
    assert_eq!(rsa.open(&v15), Err(Unsupported::Pkcs1v15.into()));
    // SHA-256 to SHA-224, and to the only other one that was never defined there.
    let sha256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
    let sha224 = with(&rsa_sealed, sha256, b"\x60\x86\x48\x01\x65\x03\x04\x02\x04");
    assert_eq!(rsa.open(&sha224), Err(Unsupported::KeyAlgorithm.into()));
    // A derivation of SHA-224; the key wrap with AES-128; AES-128 and AES-256-GCM for the content.
    let kdf = with(&ec_sealed, b"\x2b\x81\x04\x01\x0b\x01", b"\x2b\x81\x04\x01\x0b\x00");
    assert_eq!(ec.open(&kdf), Err(Unsupported::KeyAlgorithm.into()));
    let aes = |last| [b"\x60\x86\x48\x01\x65\x03\x04\x01", &[last][..]].concat();
    assert_eq!(ec.open(&with(&ec_sealed, &aes(45), &aes(5))), Err(Unsupported::KeyAlgorithm.into()));
    for cipher in [2, 46] {
        assert_eq!(ec.open(&with(&ec_sealed, &aes(42), &aes(cipher))), Err(Unsupported::Cipher.into()));
    }
    // What lies inside, and the kind of CMS itself: signed data.
    let data = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    let signed = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    assert_eq!(ec.open(&with(&ec_sealed, data, signed)), Err(Unsupported::Content.into()));
    let enveloped = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
    assert_eq!(ec.open(&with(&ec_sealed, enveloped, signed)), Err(OpenError::OtherKind));
}

#[test]
fn c07_sha_1_is_refused_whether_it_is_said_or_left_out() {
    use super::asn1::{Algorithm, OaepParameters, id};
    use der::{Decode, Encode, asn1::AnyRef};
    let sha1 = Algorithm { oid: id::SHA1, parameters: Some(AnyRef::NULL) };
    let sha256 = Algorithm { oid: id::SHA256, parameters: None };
    for (hash, mask, wanted) in [
        (Some(sha256), Some(sha256), Ok(core_crypto::HashAlg::Sha256)),
        (Some(sha256), Some(sha1), Err(Unsupported::Sha1.into())),
        (Some(sha1), Some(sha256), Err(Unsupported::Sha1.into())),
        (Some(sha256), None, Err(Unsupported::Sha1.into())),
        (None, None, Err(Unsupported::Sha1.into())),
    ] {
        let mask = mask.map(|hash| hash.to_der().expect("encoded"));
        let mask = mask
            .as_ref()
            .map(|hash| Algorithm { oid: id::MGF1, parameters: Some(AnyRef::from_der(hash).expect("DER")) });
        let parameters = OaepParameters { hash, mask, label: None }.to_der().expect("encoded");
        let parameters = Some(AnyRef::from_der(&parameters).expect("DER"));
        assert_eq!(super::open::oaep_hash(Algorithm { oid: id::RSAES_OAEP, parameters }), wanted);
    }
}

#[test]
fn c07_randomness_comes_from_the_dice_alone() {
    let holder = Holder::new(KeyAlg::P384, 1);
    let recipient = Recipient::of_certificate(&holder.certificate).expect("a recipient");
    let with = |seed| {
        let dice = testing::SeededDice::new(seed);
        seal(b"password", &recipient, &crypto().with_dice(&dice)).expect("sealed")
    };
    let (one, two) = (with(1), with(2));
    assert_eq!(one, with(1));
    let vector = |sealed: &[u8]| sealed[parts(sealed)[1].clone()].to_vec();
    assert_ne!(vector(&one), vector(&two), "the vector is thrown too");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn c07_any_content_comes_back(
        content in prop::collection::vec(any::<u8>(), 0..2_000),
        alg in prop::sample::select(vec![KeyAlg::Rsa2048, KeyAlg::P256, KeyAlg::P384]),
        number in 0..2u64,
    ) {
        let holder = Holder::new(alg, number);
        let sealed = holder.sealed(&content);
        prop_assert_eq!(&holder.open(&sealed).expect("opens")[..], &content[..]);
        let short = sealed.len() * usize::from(content.first().copied().unwrap_or(9)) / 256;
        prop_assert_eq!(holder.open(&sealed[..short]), Err(OpenError::Form), "cut short");
    }

    #[test]
    fn c07_no_octets_make_it_panic(octets in prop::collection::vec(any::<u8>(), 0..400), at in 0..300usize) {
        let holder = Holder::new(KeyAlg::P256, 1);
        let _ = holder.open(&octets);
        let mut sealed = holder.sealed(b"password");
        let end = sealed.len().min(at + octets.len());
        let at = at.min(end);
        sealed[at..end].copy_from_slice(&octets[..end - at]);
        let _ = holder.open(&sealed);
    }
}
