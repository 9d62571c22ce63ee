//! The two authorities.

use super::tables::*;
use super::*;
use core_crypto::{Digest, HashAlg, SigAlg};
use core_x509::key::SubjectKey;

#[test]
fn j16_the_authorities_are_as_published() {
    let published = [
        ("jpki-sign-ca", "JPKI for digital signature", "公的個人認証サービス署名用"),
        ("jpki-auth-ca", "JPKI for user authentication", "公的個人認証サービス利用者証明用"),
    ];
    for (profile, english, japanese) in published {
        let made = authority(&builtin(profile), KeyAlg::Rsa2048, 3, number("0132c4ab"), issued());
        let read = Certificate::parse(&made.der).expect("a certificate");
        let agency = "Japan Agency for Local Authority Information Systems";
        let own = name(&[(10, "JPKI"), (11, english), (11, agency)]);
        assert_eq!(rows(read.tbs.issuer.der()), own);
        assert_eq!(rows(read.tbs.subject.der()), own);
        assert_eq!((read.tbs.version, read.tbs.serial), (2, &octets("01 32 c4 ab")[..]));
        // sha256WithRSAEncryption with NULL, twice.
        assert_eq!(read.signature_algorithm, octets("30 0d 06 09 2a 86 48 86 f7 0d 01 01 0b 05 00"));
        assert_eq!(read.tbs.signature, read.signature_algorithm);
        // Ten years, both ends counted, in two UTCTimes.
        let validity = b"\x30\x1e\x17\x0d251027013557Z\x17\x0d351026145959Z";
        assert!(read.tbs.der.windows(validity.len()).any(|w| w == validity));

        let found = extensions(&made.der);
        let order: Vec<_> = found.iter().map(|(oid, critical, _)| (oid.as_str(), *critical)).collect();
        let expected = [
            ("2.5.29.15", true),
            ("2.5.29.17", false),
            ("2.5.29.19", true),
            ("2.5.29.31", false),
            ("2.5.29.14", false),
        ];
        assert_eq!(order, expected);
        assert_eq!(found[0].2, octets("03 02 01 06"));
        let japanese =
            name(&[(10, "公的個人認証サービス"), (11, japanese), (11, "地方公共団体情報システム機構")]);
        assert_eq!(directory(&found[1].2), japanese);
        assert_eq!(found[2].2, octets("30 03 01 01 ff"));
        assert_eq!(list(&found[3].2), own);
        let key = SubjectKey::parse(read.tbs.spki).expect("a key");
        let sha1 = Provider.hash(HashAlg::Sha1, key.octets);
        assert_eq!(found[4].2, [&[4, 20][..], sha1.as_ref()].concat());
    }
}

#[test]
fn j16_an_authority_of_the_next_generation_lasts_longer_and_has_a_key_on_p_384() {
    let text = core_x509::profile::Builtin::find("jpki-sign-ca").expect("a profile").text;
    let longer = profile(&text.replacen("period = \"10 years\"", "period = \"15 years\"", 1));
    let made = authority(&longer, KeyAlg::P384, 5, number("0900"), issued());
    let read = Certificate::parse(&made.der).expect("a certificate");
    assert_eq!(read.sig_alg(), Some(SigAlg::EcdsaSha384));
    assert_eq!(read.tbs.not_after, at(2040, 10, 26, 86_399));
    // Ten years of ten years and some months: the certificates of its last years of issuing end within it.
    let order = sign_order(10);
    let der = issue(
        &builtin("jpki-sign-next"),
        &made.issuer,
        &made.key,
        &key(KeyAlg::P384, 9),
        &order,
        number("0901"),
    );
    let read = Certificate::parse(&der).expect("a certificate");
    assert_eq!(read.tbs.not_after, at(2035, 2, 17, 86_399));
    assert_eq!(read.sig_alg(), Some(SigAlg::EcdsaSha384));
    // Nothing but the key and the period differs from today's.
    let today = sign_authority();
    let order = sign_order(5);
    let today = issue(
        &builtin("jpki-sign"),
        &today.issuer,
        &today.key,
        &key(KeyAlg::Rsa2048, 9),
        &order,
        number("0902"),
    );
    let (next, today) = (extensions(&der), extensions(&today));
    for (next, today) in next.iter().zip(&today) {
        let of_key = ["2.5.29.35", "2.5.29.14"].contains(&next.0.as_str());
        assert!(next == today || (of_key && (&next.0, next.1) == (&today.0, today.1)), "{}", next.0);
    }
    assert_eq!(next.len(), today.len());
}

/// O, policies and hosts stand in the files alone.
#[test]
fn j16_a_test_hierarchy_is_made_by_changing_the_files() {
    let text = |id| core_x509::profile::Builtin::find(id).expect("a profile").text.to_owned();
    let ca = profile(&text("jpki-auth-ca").replace("\"JPKI\"", "\"JPKI-TEST\""));
    let made = authority(&ca, KeyAlg::Rsa2048, 6, number("218887"), issued());
    let leaf = text("jpki-auth")
        .replace("O=JPKI\"", "O=JPKI-TEST\"")
        .replace("1.2.392.200149.8.5.1.3.30", "1.2.392.200149.8.5.1.0.30")
        .replace("http://ocspauth", "http://test-ocspauth");
    let order = auth_order(5);
    let der =
        issue(&profile(&leaf), &made.issuer, &made.key, &key(KeyAlg::Rsa2048, 9), &order, number("218888"));
    let found = extensions(&der);
    assert_eq!(rows(Certificate::parse(&der).expect("a certificate").tbs.issuer.der())[1].2, "JPKI-TEST");
    assert_eq!(list(&found[4].2)[1].2, "JPKI-TEST");
    let has = |value: &[u8], part: &[u8]| value.windows(part.len()).any(|w| w == part);
    assert!(has(&found[2].2, &octets("06 0b 2a 83 08 8c 9b 55 08 05 01 00 1e")));
    assert!(has(&found[5].2, b"http://test-ocspauthnorm.jpki.go.jp"));
}
