//! Cards on their way through counter and generator and back (CARD.md, section 3; J3, J4, J7, J11).

mod common;

use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use common::*;
use core_card::{
    Mute,
    apdu::Command,
    pin::PinKind::{self, Authentication, Signing},
    protocol::{KeyName, Origin, attestation, pair_message},
    report::{Kind, Life, spki_of_object},
    state::Layout,
    status::Sw,
    testing::{self, Talk, blank, certificate, key, pin},
    tlv,
};
use core_crypto::Digest;
use core_pack::spki::PublicKey;
use kit_keys::Provider;

/// A whole visit: counter, generator, counter. The keys that were made, in the order of the places.
fn visit(
    talk: &mut Talk,
    kind: Kind,
    layout: Layout,
    origin: Origin,
    first_key: u64,
) -> Result<Vec<Vec<u8>>, Mute> {
    as_issuer(talk)?;
    assert_eq!(load_keys(talk)?, Sw::OK);
    assert_eq!(report(talk)?.life, Life::KeysLoaded);

    assert_eq!(as_device(talk)?, Sw::OK);
    for (number, place) in (first_key..).zip(layout.places()) {
        if report(talk)?.place(*place).expect("the place").pin_set {
            assert_eq!(set_pin(talk, *place, pin(*place))?, Sw::SECURITY, "the old one was not shown");
            assert_eq!(talk.verify(*place, pin(*place))?, Sw::OK);
        } else {
            assert_eq!(set_pin(talk, *place, pin(*place))?, Sw::OK);
        }
        match origin {
            Origin::Generator => {
                let long = *place == Signing;
                assert_eq!(import(talk, *place, &pkcs8(kind, number), long)?, Sw::OK);
            }
            Origin::OnCard => {
                let made = make_key(talk, place.reference())?;
                assert_eq!(made.sw, Sw::OK);
                assert_eq!(
                    public_key(talk, *place)?.data,
                    made.data,
                    "the counter reads what the device was told"
                );
            }
        }
        prove(talk, kind, *place)?;
    }

    as_issuer(talk)?;
    let mut keys = Vec::new();
    for place in layout.places() {
        let spki = spki_of_object(&public_key(talk, *place)?.data).expect("a public key");
        vouched(talk, *place, origin, &spki)?;
        assert_eq!(activate(talk, *place)?, Sw::CONDITIONS, "no certificate yet");
        assert_eq!(store(talk, place.ca_certificate_file(), &certificate(b"\x30\x03ca!"))?, Sw::OK);
        assert_eq!(
            store(talk, place.certificate_file(), &certificate(b"\x30\x03no!"))?,
            Sw::DATA,
            "of another key"
        );
        assert_eq!(store(talk, place.certificate_file(), &certificate(&spki))?, Sw::OK);
        assert_eq!(activate(talk, *place)?, Sw::OK);
        keys.push(spki);
    }
    assert_eq!(report(talk)?.life, Life::Operational);
    assert_eq!(report(talk)?.check_values, None, "the device keys are erased");
    Ok(keys)
}

fn prove(talk: &mut Talk, kind: Kind, place: PinKind) -> Result<(), Mute> {
    let spki = spki_of_object(&public_key(talk, place)?.data).expect("a public key");
    let head = [0x04, 0x88, 0x00, place.reference()];
    let proof = talk.sealed(head, &[7; 32], true)?;
    assert_eq!(proof.sw, Sw::OK);
    let message = pair_message(&testing::CARD_ID, place.reference(), &[7; 32]);
    assert!(fits(kind, &spki, &message, &proof.data));
    for length in [15, 65] {
        assert_eq!(talk.sealed(head, &vec![7; length], true)?.sw, Sw::DATA);
    }
    Ok(())
}

fn vouched(talk: &mut Talk, place: PinKind, origin: Origin, spki: &[u8]) -> Result<(), Mute> {
    let answer = talk.sealed([0x04, 0xCA, 0x01, 0x02], &[0x83, 1, place.reference()], true)?;
    let [code, hash, proof] = tlv::exactly(&answer.data, [0x80, 0x81, 0x82]).expect("an attestation");
    assert_eq!(code, [origin.code()]);
    assert_eq!(hash, Provider.sha256(spki));
    let (issuer, hash) = (key(KeyName::Issuer), Provider.sha256(spki));
    assert_eq!(proof, attestation(&Provider, &issuer, &testing::CARD_ID, place.reference(), origin, &hash));
    Ok(())
}

#[test]
fn j4_a_card_goes_through_counter_generator_and_counter() {
    for (kind, _) in KINDS {
        for layout in [Layout::Both, Layout::SigningOnly] {
            for origin in [Origin::Generator, Origin::OnCard] {
                let (mut talk, memory) = insert(&blank(kind, layout, true));
                talk.select().expect("answers");
                assert_eq!(report(&mut talk).expect("answers").life, Life::Installed);
                let keys = visit(&mut talk, kind, layout, origin, 0).expect("answers");
                // Out of the reader and in again: all that counts was kept.
                let (mut talk, _) = insert(&memory.kept());
                talk.select().expect("answers");
                for place in layout.places() {
                    assert_eq!(talk.sign(*place, 0x03, b"x").expect("answers").sw, Sw::SECURITY);
                    assert_eq!(talk.verify(*place, pin(*place)), Ok(Sw::OK));
                    let own = place.reference() as usize - 1;
                    assert_eq!(signs_under(&mut talk, kind, *place, &keys), Ok(Some(own)));
                    assert_eq!(
                        report(&mut talk).expect("answers").place(*place).expect("it").on_card,
                        origin == Origin::OnCard
                    );
                }
            }
        }
    }
}

#[test]
fn j4_at_a_renewal_the_old_key_is_the_only_valid_one_until_the_new_is_activated() {
    let kind = Kind::P384;
    let (mut talk, _) = insert(&ready(kind, Layout::Both));
    let (old, new) = (spki(kind, 0), spki(kind, 7));
    let both = [old.clone(), new.clone()];
    let step = |talk: &mut Talk, expected: usize, why: &str| {
        assert_eq!(talk.verify(Signing, pin(Signing)), Ok(Sw::OK), "{why}");
        assert_eq!(signs_under(talk, kind, Signing, &both), Ok(Some(expected)), "{why}");
        let read = Command::parse(&[0x00, 0xB0, 0x81, 0, 0, 2, 0]).expect("READ BINARY");
        let file = talk.send(&read).expect("answers").data;
        assert!(file.starts_with(&certificate(&both[expected])), "{why}");
    };
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    step(&mut talk, 0, "keys loaded");
    assert_eq!(as_device(&mut talk), Ok(Sw::OK));
    assert_eq!(import(&mut talk, Signing, &pkcs8(kind, 7), true), Ok(Sw::SECURITY), "no PIN in this session");
    assert_eq!(talk.verify(Signing, pin(Signing)), Ok(Sw::OK));
    assert_eq!(
        import(&mut talk, Authentication, &pkcs8(kind, 7), true),
        Ok(Sw::SECURITY),
        "that of the other place"
    );
    assert_eq!(import(&mut talk, Signing, &pkcs8(kind, 7), true), Ok(Sw::OK));
    step(&mut talk, 0, "staged");
    as_issuer(&mut talk).expect("answers");
    assert_eq!(store(&mut talk, 0x0001, &certificate(&old)), Ok(Sw::DATA), "the old key's");
    assert_eq!(store(&mut talk, 0x0001, &certificate(&new)), Ok(Sw::OK));
    step(&mut talk, 0, "certificate laid beside");
    assert_eq!(activate(&mut talk, Signing), Ok(Sw::OK));
    step(&mut talk, 1, "activated");
    assert_eq!(activate(&mut talk, Signing), Ok(Sw::CONDITIONS), "nothing lies staged any more");
    assert_eq!(report(&mut talk).expect("answers").life, Life::Operational);
}

#[test]
fn j4_a_second_start_overwrites_the_staged_key() {
    let (mut talk, _) = insert(&blank(Kind::P384, Layout::Both, true));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    assert_eq!(as_device(&mut talk), Ok(Sw::OK));
    assert_eq!(set_pin(&mut talk, Signing, pin(Signing)), Ok(Sw::OK));
    assert_eq!(import(&mut talk, Signing, &pkcs8(Kind::P384, 1), true), Ok(Sw::OK));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(store(&mut talk, 0x0001, &certificate(&spki(Kind::P384, 1))), Ok(Sw::OK));
    assert_eq!(as_device(&mut talk), Ok(Sw::OK));
    assert_eq!(talk.verify(Signing, pin(Signing)), Ok(Sw::OK));
    assert_eq!(import(&mut talk, Signing, &pkcs8(Kind::P384, 2), true), Ok(Sw::OK));
    prove(&mut talk, Kind::P384, Signing).expect("the new key proves itself");
    let place = *report(&mut talk).expect("answers").place(Signing).expect("it");
    assert!(place.staged && !place.certificate_laid, "the certificate of the first is gone with it");
    as_issuer(&mut talk).expect("answers");
    assert_eq!(activate(&mut talk, Signing), Ok(Sw::CONDITIONS));
}

#[test]
fn j4_each_command_runs_in_its_own_session_alone() {
    let (mut talk, _) = insert(&blank(Kind::P384, Layout::SigningOnly, true));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    let of_device = [
        ([0x04, 0x24, 0x01, 0x9B], &b"ABC123"[..]),
        ([0x04, 0x47, 0x80, 0x00], &[0xAC, 3, 0x83, 1, 1]),
        ([0x04, 0x88, 0, 1], &[7; 16]),
    ];
    for (head, data) in of_device {
        assert_eq!(talk.sealed(head, data, true).expect("answers").sw, Sw::SECURITY, "{head:02x?}");
    }
    assert_eq!(talk.sealed([0x04, 0xDB, 0x3F, 0xFF], &[0x4D, 0], true).expect("answers").sw, Sw::SECURITY);
    assert_eq!(talk.sealed([0x04, 0xDB, 0x3F, 0xFF], &[0x4E, 0], true).expect("answers").sw, Sw::DATA);
    // The refusals left the session as it was.
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    assert_eq!(as_device(&mut talk), Ok(Sw::OK));
    let of_issuer = [
        ([0x04, 0xD6, 0x00, 0x00], &[0u8; 0][..]),
        ([0x04, 0x44, 0x00, 0x01], &[]),
        ([0x04, 0x2C, 0x03, 0x01], &[]),
        ([0x04, 0x2C, 0x02, 0x01], b"ABC123"),
        ([0x04, 0xCA, 0x01, 0x02], &[0x83, 1, 1]),
        ([0x04, 0xFE, 0x00, 0x00], &[]),
    ];
    for (head, data) in of_issuer {
        assert_eq!(talk.sealed(head, data, true).expect("answers").sw, Sw::SECURITY, "{head:02x?}");
    }
    assert_eq!(load_keys(&mut talk), Ok(Sw::SECURITY));
    assert_eq!(set_pin(&mut talk, Signing, pin(Signing)), Ok(Sw::OK));
    // Plain commands do not end the session; SELECT of the application does.
    assert!(report(&mut talk).is_ok());
    assert_eq!(talk.verify(Signing, pin(Signing)), Ok(Sw::OK));
    assert_eq!(make_key(&mut talk, 1).expect("answers").sw, Sw::OK);
    assert_eq!(
        make_key(&mut talk, 2).expect("answers").sw,
        Sw::NO_REFERENCE,
        "a place that this card has not"
    );
    talk.select().expect("answers");
    assert_eq!(make_key(&mut talk, 1).expect("answers").sw, Sw::SECURITY);
}

#[test]
fn j4_what_does_not_open_ends_the_session() {
    let (mut talk, _) = insert(&blank(Kind::P384, Layout::Both, true));
    as_issuer(&mut talk).expect("answers");
    let bare = Command::new(0x04, 0x44, 0x00, 0x01);
    assert_eq!(talk.send(&bare).expect("answers").sw, Sw::NOT_SEALED);
    assert_eq!(load_keys(&mut talk), Ok(Sw::SECURITY), "there is no session any more");
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    assert_eq!(talk.authenticate(KeyName::Issuer, &[0; 32]), Ok(Sw::tries(9)), "a wrong proof");
    assert_eq!(load_keys(&mut talk), Ok(Sw::SECURITY), "ends it too");
    assert_eq!(talk.authenticate(KeyName::Issuer, &key(KeyName::Issuer)), Ok(Sw::OK));
    assert_eq!(
        talk.authenticate(KeyName::Issuer, &[0; 32]),
        Ok(Sw::tries(9)),
        "a right one gave all tries back"
    );
}

#[test]
fn j4_a_blocked_device_key_is_replaced_at_the_counter() {
    let (mut talk, _) = insert(&blank(Kind::P384, Layout::Both, true));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    for left in (0..10).rev() {
        assert_eq!(talk.authenticate(KeyName::Device, &[0; 32]), Ok(Sw::tries(left)));
    }
    assert_eq!(as_device(&mut talk), Ok(Sw::BLOCKED));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    assert_eq!(as_device(&mut talk), Ok(Sw::OK));
}

#[test]
fn j4_keys_that_are_not_for_this_card_are_refused() {
    let (mut talk, memory) = insert(&blank(Kind::P384, Layout::Both, false));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(load_keys(&mut talk), Ok(Sw::OK));
    assert_eq!(as_device(&mut talk), Ok(Sw::OK));
    assert_eq!(set_pin(&mut talk, Signing, pin(Signing)), Ok(Sw::OK));
    let before = memory.writes();
    assert_eq!(make_key(&mut talk, 1).expect("answers").sw, Sw::FUNCTION, "its profile forbids it");
    assert_eq!(import(&mut talk, Signing, &pkcs8(Kind::Rsa2048, 0), true), Ok(Sw::DATA), "of another kind");
    assert_eq!(import(&mut talk, Signing, b"no key", true), Ok(Sw::DATA));
    // Wrapped for the other place.
    let data = talk.wrapped(Authentication, &pkcs8(Kind::P384, 0));
    let mut other = data.clone();
    let at = other.windows(3).position(|w| w == [0x83, 1, 2]).expect("the reference");
    other[at + 2] = 1;
    let head = [0x04, 0xDB, 0x3F, 0xFF];
    assert_eq!(talk.sealed(head, &other, true).expect("answers").sw, Sw::SECURITY);
    assert_eq!(talk.sealed(head, &data, true).expect("answers").sw, Sw::SECURITY, "the PIN of that place");
    for template in [&[0x4D, 0][..], &[0x4D, 5, 0xB6, 3, 0x83, 1, 1]] {
        assert_eq!(talk.sealed(head, template, true).expect("answers").sw, Sw::DATA);
    }
    assert_eq!(memory.writes(), before, "nothing of this was kept");
    assert_eq!(
        import(&mut talk, Signing, &pkcs8(Kind::P384, 0), false),
        Ok(Sw::OK),
        "and the session goes on"
    );
    as_issuer(&mut talk).expect("answers");
    for template in [&[0xA6, 0][..], &[0xA6, 4, 0x80, 0, 0x81, 0]] {
        assert_eq!(talk.sealed(head, template, true).expect("answers").sw, Sw::DATA);
    }
    talk.select_file(0x0001).expect("answers");
    let store =
        |talk: &mut Talk, octets: &[u8]| talk.sealed([0x04, 0xD6, 0, 0], octets, true).expect("answers").sw;
    assert_eq!(store(&mut talk, &[0x30; 2049]), Sw::NO_SPACE);
    assert_eq!(store(&mut talk, &[0x30; 300]), Sw::DATA);
    talk.select_file(0x001A).expect("answers");
    assert_eq!(store(&mut talk, &certificate(&spki(Kind::P384, 0))), Sw::FILE_KIND);
    talk.select_file(0x000A).expect("answers");
    assert_eq!(store(&mut talk, &certificate(&spki(Kind::P384, 0))), Sw::CONDITIONS, "no staged key there");
}

#[test]
fn j11_a_blocked_pin_is_unblocked_or_set_anew_by_the_issuer() {
    let (mut talk, memory) = insert(&ready(Kind::P384, Layout::Both));
    talk.select().expect("answers");
    let block = |talk: &mut Talk| {
        for _ in 0..3 {
            talk.verify(Authentication, b"0000").expect("answers");
        }
        assert_eq!(talk.verify(Authentication, b"1234"), Ok(Sw::BLOCKED));
    };
    block(&mut talk);
    as_issuer(&mut talk).expect("answers");
    let reset = |talk: &mut Talk, p1: u8, text: &[u8]| {
        talk.sealed([0x04, 0x2C, p1, 2], text, true).expect("answers").sw
    };
    assert_eq!(reset(&mut talk, 0x03, b""), Sw::OK);
    assert_eq!(talk.verify(Authentication, b"1234"), Ok(Sw::OK));
    block(&mut talk);
    assert_eq!(reset(&mut talk, 0x02, b"12"), Sw::DATA);
    assert_eq!(reset(&mut talk, 0x02, b"7777"), Sw::OK);
    assert_eq!(talk.sign(Authentication, 3, b"x").expect("answers").sw, Sw::SECURITY);
    assert_eq!(talk.verify(Authentication, b"1234"), Ok(Sw::tries(2)));
    assert_eq!(talk.verify(Authentication, b"7777"), Ok(Sw::OK));
    assert_eq!(reset(&mut talk, 0x02, b"8888"), Sw::OK);
    assert_eq!(
        talk.sign(Authentication, 3, b"x").expect("answers").sw,
        Sw::SECURITY,
        "the holder has not shown it"
    );
    assert_eq!(reset(&mut talk, 0x01, b""), Sw::PARAMETERS);
    let (mut talk, _) = insert(&memory.kept());
    talk.select().expect("answers");
    assert_eq!(talk.verify(Authentication, b"8888"), Ok(Sw::OK));
}

#[test]
fn j16_a_terminated_card_keeps_no_secret() {
    let (mut talk, memory) = insert(&ready(Kind::Rsa2048, Layout::Both));
    as_issuer(&mut talk).expect("answers");
    assert_eq!(talk.sealed([0x04, 0xFE, 0, 0], &[], true).expect("answers").sw, Sw::OK);
    assert!(memory.kept().encode().len() < 40, "the number, the kind and no more");
    assert_eq!(talk.select(), Ok(Sw::TERMINATED));
    assert_eq!(report(&mut talk).expect("answers").life, Life::Terminated);
}

/// Signatures are from the key whose certificate stands there, in each form (RFC 8017).
#[test]
fn j16_each_form_of_signature_verifies() {
    let kind = Kind::Rsa2048;
    let (mut talk, _) = insert(&ready(kind, Layout::Both));
    talk.select().expect("answers");
    assert_eq!(talk.verify(Signing, pin(Signing)), Ok(Sw::OK));
    let hash = Provider.sha256(b"a message");
    let info =
        [b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", &hash[..]].concat();
    let pair = core_crypto::Pairs::load_pair(&Provider, &pkcs8(kind, 0)).expect("the same key");
    for (form, data) in [(0, &info[..]), (2, &hash), (3, b"a message")] {
        let signature = talk.sign(Signing, form, data).expect("answers").data;
        assert!(fits(kind, &spki(kind, 0), b"a message", &signature), "form {form}");
    }
    let bare = talk.sign(Signing, 1, b"a message").expect("answers").data;
    assert_eq!(Ok(bare), pair.sign_padded(&hash));
    for (form, data) in [(4, &hash[..]), (5, b"a message")] {
        let signature = talk.sign(Signing, form, data).expect("answers").data;
        assert!(pss_fits(&spki(kind, 0), b"a message", &signature), "form {form}");
        assert!(!pss_fits(&spki(kind, 0), b"another", &signature), "form {form}");
    }
}

/// Whether this is RSASSA-PSS with SHA-256.
fn pss_fits(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = PublicKey::parse(spki).expect("an RSA key");
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.octets).verify(message, signature).is_ok()
}
