//! The two certificates of a card.

use super::tables::*;
use super::*;
use core_x509::explain::Explain;
use core_x509::plan::{PlanRefused, ValidityProblem};

const JAPANESE: [(u32, &str); 3] =
    [(10, "公的個人認証サービス"), (11, "公的個人認証サービス署名用"), (11, "地方公共団体情報システム機構")];

fn signing() -> (Authority, Vec<u8>) {
    let made = sign_authority();
    let der = issue(
        &builtin("jpki-sign"),
        &made.issuer,
        &made.key,
        &key(KeyAlg::Rsa2048, 7),
        &sign_order(5),
        number("06f00d"),
    );
    (made, der)
}

fn authentication() -> (Authority, Vec<u8>) {
    let made = auth_authority();
    let der = issue(
        &builtin("jpki-auth"),
        &made.issuer,
        &made.key,
        &key(KeyAlg::Rsa2048, 7),
        &auth_order(5),
        number("06f00e"),
    );
    (made, der)
}

fn criticality(found: &[(String, bool, Vec<u8>)]) -> Vec<(&str, bool)> {
    found.iter().map(|(oid, critical, _)| (oid.as_str(), *critical)).collect()
}

/// keyIdentifier, the authority's own name, the serial number of its certificate.
fn authority_key_id(made: &Authority, serial: &str) -> Vec<u8> {
    use core_x509::tlv;
    let name = tlv::tlv(tlv::context_constructed(4), &[&made.issuer.name_der]);
    let parts: [&[u8]; 3] = [
        &tlv::tlv(tlv::context(0), &[&made.issuer.key_id]),
        &tlv::tlv(tlv::context_constructed(1), &[&name]),
        &tlv::tlv(tlv::context(2), &[&octets(serial)]),
    ];
    tlv::tlv(tlv::SEQUENCE, &parts)
}

fn has_validity(der: &[u8]) -> bool {
    let validity = b"\x30\x1e\x17\x0d251027013557Z\x17\x0d300217145959Z";
    der.windows(validity.len()).any(|w| w == validity)
}

#[test]
fn j16_a_signing_certificate_is_as_published() {
    let (made, der) = signing();
    let read = Certificate::parse(&der).expect("a certificate");
    assert_eq!(read.tbs.issuer.der(), made.issuer.name_der);
    let cn = "202510160905070004213221003A";
    assert_eq!(rows(read.tbs.subject.der()), name(&[(7, "Tokyo-to"), (7, "Kiyose-shi"), (3, cn)]));
    assert!(has_validity(&der));

    let found = extensions(&der);
    let expected = [
        ("2.5.29.15", true),
        ("2.5.29.17", false),
        ("2.5.29.32", true),
        ("2.5.29.18", false),
        ("2.5.29.31", false),
        ("2.5.29.35", false),
        ("2.5.29.14", false),
    ];
    assert_eq!(criticality(&found), expected);
    assert_eq!(found[0].2, octets("03 02 06 c0"));
    let arc = |n: u8| format!("1.2.392.200149.8.5.5.{n}");
    let others = [
        (arc(1), "見本　花子"),
        (arc(4), "319800217"),
        (arc(3), "2"),
        (arc(5), "東京都清瀬市中里５－８４２"),
        (arc(2), "01000"),
        (arc(6), "0000000000000"),
    ];
    assert_eq!(other_names(&found[1].2), others.map(|(oid, text)| (oid, text.to_owned())));
    let policy =
        "30 3d 30 3b 06 0b 2a 83 08 8c 9b 55 08 05 01 01 14 30 2c 30 2a 06 08 2b 06 01 05 05 07 02 01 16 1e";
    assert_eq!(found[2].2, [&octets(policy)[..], b"http://www.jpki.go.jp/cps.html"].concat());
    assert_eq!(directory(&found[3].2), name(&JAPANESE));
    assert_eq!(found[3].2, extensions(&made.der)[1].2, "as the authority's own alternative name");
    let places = [
        (10, "JPKI"),
        (11, "JPKI for digital signature"),
        (11, "CRL Distribution Points"),
        (11, "Tokyo-to"),
        (3, "Kiyose-shi CRLDP"),
    ];
    assert_eq!(list(&found[4].2), name(&places));
    assert_eq!(found[5].2, authority_key_id(&made, "06 7c 6a 21"));
    assert_eq!(found[6].2[..2], [4, 20]);
}

#[test]
fn j16_an_authentication_certificate_is_as_published() {
    let (made, der) = authentication();
    let read = Certificate::parse(&der).expect("a certificate");
    let subject = rows(read.tbs.subject.der());
    let [_, (3, "UTF8String", cn)] = subject.as_slice() else { panic!("C and CN: {subject:?}") };
    assert_eq!(subject, name(&[(3, cn)]));
    assert_eq!(AuthCommonName::parse(cn).map(|n| n.municipality()), Ok(kiyose().code()));
    assert!(has_validity(&der));

    let found = extensions(&der);
    let expected = [
        ("2.5.29.15", true),
        ("2.5.29.37", false),
        ("2.5.29.32", true),
        ("2.5.29.18", false),
        ("2.5.29.31", false),
        ("1.3.6.1.5.5.7.1.1", false),
        ("2.5.29.35", false),
        ("2.5.29.14", false),
    ];
    assert_eq!(criticality(&found), expected);
    assert_eq!(found[0].2, octets("03 02 07 80"));
    assert_eq!(found[1].2, octets("30 0a 06 08 2b 06 01 05 05 07 03 02"));
    let japanese = [JAPANESE[0], (11, "公的個人認証サービス利用者証明用"), JAPANESE[2]];
    assert_eq!(directory(&found[3].2), name(&japanese));
    let places = [
        (10, "JPKI"),
        (11, "JPKI for user authentication"),
        (11, "CRL Distribution Points"),
        (11, "Tokyo-to"),
        (3, "Kiyose-shi CRLDP"),
    ];
    assert_eq!(list(&found[4].2), name(&places));
    let policy =
        "30 3d 30 3b 06 0b 2a 83 08 8c 9b 55 08 05 01 03 1e 30 2c 30 2a 06 08 2b 06 01 05 05 07 02 01 16 1e";
    assert_eq!(found[2].2, [&octets(policy)[..], b"http://www.jpki.go.jp/cps.html"].concat());
    let access = octets("30 2c 30 2a 06 08 2b 06 01 05 05 07 30 01 86 1e");
    assert_eq!(found[5].2, [&access[..], b"http://ocspauthnorm.jpki.go.jp"].concat());
    assert_eq!(found[6].2, authority_key_id(&made, "06 d1 80 06"));
}

/// Samples have 1,758 octets, and 1,573 to 1,590; names and places differ in length.
#[test]
fn j16_certificates_are_about_as_large_as_those_of_cards() {
    let ((_, signing), (_, authentication)) = (signing(), authentication());
    assert!((1_650..=1_850).contains(&signing.len()), "{}", signing.len());
    assert!((1_500..=1_650).contains(&authentication.len()), "{}", authentication.len());
    assert_eq!(signing[..2], [0x30, 0x82]);
}

#[test]
fn j16_orders_that_do_not_fit_are_refused_by_name() {
    let made = sign_authority();
    let refused = |profile: &str, order: Order<'_>| {
        let key = key(KeyAlg::Rsa2048, 7);
        let proof = KeyProof::OwnKey(OwnKey::made_here(key.public_spki()).expect("a key"));
        template(&builtin(profile), &made.issuer).plan(&order.input(proof)).expect_err("refused")
    };
    let without = |order: fn(u8) -> Order<'static>, at: usize| {
        let mut order = order(5);
        order.subject.remove(at);
        order
    };
    for (at, field) in ["prefecture", "municipality", "CN"].into_iter().enumerate() {
        assert_eq!(refused("jpki-sign", without(sign_order, at)).field(), Some(field));
        assert_eq!(refused("jpki-auth", without(auth_order, at)).field(), Some(field));
    }
    let with = |order: fn(u8) -> Order<'static>, at: usize, value: &'static str| {
        let mut order = order(5);
        order.subject[at].value = value;
        order
    };
    for (at, value, field) in [
        (0, "東京都", "prefecture"),
        (1, "kiyose-shi", "municipality"),
        (1, "", "municipality"),
        (2, "A1B2C3D4E5F6G713221003a", "CN"),
    ] {
        let refused = refused("jpki-auth", with(auth_order, at, value));
        assert_eq!(
            (refused.field(), refused.code()),
            (Some(field), "authority.name_outside_profile"),
            "{value}"
        );
    }
    // One common name is not taken for the other.
    assert_eq!(refused("jpki-sign", with(sign_order, 2, "A1B2C3D4E5F6G713221003A")).field(), Some("CN"));
    // Each of the six, and nothing personal for authentication.
    for i in 0..6 {
        let mut order = sign_order(5);
        let removed = order.alt_names.remove(i);
        let refused = refused("jpki-sign", order);
        assert!(matches!((&refused, &removed),
            (PlanRefused::Missing { name }, core_x509::plan::AltName::Other { oid, .. }) if *name == oid.to_string()));
    }
    let mut personal = auth_order(5);
    personal.alt_names = holder().alt_names();
    assert_eq!(refused("jpki-auth", personal).field(), Some("otherName"));
    // An end within a day, and one after the sixth birthday.
    for (end, problem) in [
        (at(2030, 2, 17, 86_398), ValidityProblem::NotDayEnd),
        (at(2032, 2, 17, 86_399), ValidityProblem::TooLong),
    ] {
        let mut order = sign_order(5);
        order.validity.end = EndWish::At(end);
        assert_eq!(refused("jpki-sign", order), PlanRefused::Validity(problem));
    }
}
