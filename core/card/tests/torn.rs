//! Cards that are torn out: the power goes before and after every write of every command that writes (CARD.md, section 3).
//!
//! After each cut the card goes in again, both ways: another process that reads what was kept, and the same one that
//! switches it on. Then: it is never lost, never has a try more than it should, never two valid keys, and whoever was at
//! work goes on.

mod common;

use common::*;
use core_card::{
    Chip, Mute,
    apdu::{Command, Le},
    memory::{Loss, TestMemory},
    pin::PinKind::{self, Authentication, Signing},
    protocol::KeyName,
    report::{Kind, Life, PlaceReport},
    state::{Layout, State},
    status::Sw,
    testing::{Talk, blank, certificate, key, pin},
};
use kit_keys::Provider;

const KIND: Kind = Kind::P384;
/// More than the most writes of one step.
const MOST_WRITES: usize = 8;

/// One step of somebody's work with a card, from its first command on.
type Step = fn(&mut Talk) -> Result<(), Mute>;

/// What is so of a card whatever happened.
fn check(talk: &mut Talk, before: &[PlaceReport], why: &str) {
    assert_eq!(talk.select(), Ok(Sw::OK), "{why}: the card is there");
    let report = report(talk).expect("answers");
    for (is, was) in report.places.iter().zip(before) {
        assert!(is.tries_left <= is.place.tries(), "{why}");
        let keys: Vec<_> = [0, 1, 7].map(|number| spki(KIND, number)).into();
        if is.in_force {
            for text in [b"9999", pin(is.place)] {
                if talk.verify(is.place, text) == Ok(Sw::OK) {
                    let signer = signs_under(talk, KIND, is.place, &keys).expect("answers");
                    let file = talk.send(&read_whole(is.place)).expect("answers").data;
                    let named = keys.iter().position(|spki| file.starts_with(&certificate(spki)));
                    assert_eq!(signer, named, "{why}: the certificate is that of the one valid key");
                    break;
                }
            }
        } else {
            assert!(!was.in_force, "{why}: a key in force was lost");
        }
    }
}

fn read_whole(place: PinKind) -> Command {
    Command::new(0x00, 0xB0, 0x80 | place.certificate_file() as u8, 0).expecting(Le::Exactly(2048))
}

/// Cuts the power at each write of `step`, and has it done again; afterwards `done` must hold.
fn tear(
    name: &str,
    start: &State,
    prepare: Step,
    step: Step,
    done: fn(&mut Talk) -> Result<bool, Mute>,
) -> usize {
    let mut cuts = 0;
    for write in 0..MOST_WRITES {
        for loss in [Loss::Before(write), Loss::After(write)] {
            for same_process in [false, true] {
                let why = format!("{name}, {loss:?}, same process: {same_process}");
                let (mut talk, memory) = insert(start);
                prepare(&mut talk).expect("answers");
                let before = report(&mut talk).expect("answers").places;
                memory.lose(loss);
                let torn = step(&mut talk);
                if memory.cancel_loss() {
                    assert!(torn.is_ok(), "{why}");
                    return cuts;
                }
                assert_eq!(torn, Err(Mute), "{why}");
                assert_eq!(
                    talk.card.answer(&[0, 0x84, 0, 0, 8]),
                    Err(Mute),
                    "{why}: mute until it is on again"
                );
                if same_process {
                    talk.card.power_on();
                    talk.select().expect("answers");
                    let kept = memory.kept().report(&Provider);
                    assert_eq!(report(&mut talk), Ok(kept), "{why}: what it goes on with is kept");
                } else {
                    (talk, _) = insert(&memory.kept());
                }
                check(&mut talk, &before, &why);
                if !done(&mut talk).expect("answers") {
                    step(&mut talk).unwrap_or_else(|_| panic!("{why}: the work goes on"));
                }
                assert!(done(&mut talk).expect("answers"), "{why}: it is done then");
                cuts += 1;
            }
        }
    }
    panic!("{name} writes more than {MOST_WRITES} times");
}

fn nothing(talk: &mut Talk) -> Result<(), Mute> {
    talk.select().map(|_| ())
}

fn with_keys(talk: &mut Talk) -> Result<(), Mute> {
    as_issuer(talk)?;
    assert_eq!(load_keys(talk)?, Sw::OK);
    Ok(())
}

fn with_staged(talk: &mut Talk) -> Result<(), Mute> {
    with_keys(talk)?;
    device_stages(talk)
}

fn with_certificate(talk: &mut Talk) -> Result<(), Mute> {
    with_staged(talk)?;
    issuer_stores(talk)
}

/// In the generator, whatever was there before: a PIN set or shown, then the key.
fn device_stages(talk: &mut Talk) -> Result<(), Mute> {
    assert_eq!(as_device(talk)?, Sw::OK);
    device_sets_pin(talk)?;
    assert_eq!(import(talk, Signing, &pkcs8(KIND, 7), true)?, Sw::OK);
    Ok(())
}

fn device_sets_pin(talk: &mut Talk) -> Result<(), Mute> {
    if report(talk)?.place(Signing).expect("it").pin_set {
        assert_eq!(talk.verify(Signing, pin(Signing))?, Sw::OK);
    } else {
        assert_eq!(set_pin(talk, Signing, pin(Signing))?, Sw::OK);
    }
    Ok(())
}

fn issuer_stores(talk: &mut Talk) -> Result<(), Mute> {
    as_issuer(talk)?;
    assert_eq!(store(talk, 0x0001, &certificate(&spki(KIND, 7)))?, Sw::OK);
    Ok(())
}

fn place(talk: &mut Talk, place: PinKind) -> Result<PlaceReport, Mute> {
    talk.select()?;
    Ok(*report(talk)?.place(place).expect("the place"))
}

/// Every command that writes, on a card that is new and on one that is renewed.
#[test]
fn j4_a_personalisation_that_is_torn_at_any_write_goes_on() {
    let cards =
        [blank(KIND, Layout::Both, true), blank(KIND, Layout::SigningOnly, true), ready(KIND, Layout::Both)];
    let mut cuts = 0;
    for card in &cards {
        cuts += tear("authentication and loading of keys", card, nothing, with_keys, |talk| {
            talk.select()?;
            Ok(report(talk)?.life == Life::KeysLoaded)
        });
        cuts += tear("setting the PIN and importing a key", card, with_keys, device_stages, |talk| {
            Ok(place(talk, Signing)?.staged)
        });
        cuts += tear(
            "making a key",
            card,
            with_keys,
            |talk| {
                assert_eq!(as_device(talk)?, Sw::OK);
                device_sets_pin(talk)?;
                assert_eq!(make_key(talk, 1)?.sw, Sw::OK);
                Ok(())
            },
            |talk| place(talk, Signing).map(|place| place.staged && place.on_card),
        );
        cuts += tear("storing the certificate", card, with_staged, issuer_stores, |talk| {
            Ok(place(talk, Signing)?.certificate_laid)
        });
        cuts += tear(
            "storing the certificate of the CA",
            card,
            nothing,
            |talk| {
                as_issuer(talk)?;
                assert_eq!(store(talk, 0x0002, &certificate(b"\x30\x02ca"))?, Sw::OK);
                Ok(())
            },
            |talk| {
                talk.select()?;
                let read = Command::new(0x00, 0xB0, 0x82, 0).expecting(Le::Exactly(2048));
                Ok(talk.send(&read)?.data.starts_with(&certificate(b"\x30\x02ca")))
            },
        );
        cuts += tear(
            "activating",
            card,
            with_certificate,
            |talk| {
                as_issuer(talk)?;
                assert_eq!(activate(talk, Signing)?, Sw::OK);
                Ok(())
            },
            |talk| place(talk, Signing).map(|place| place.in_force && !place.staged),
        );
    }
    // Two ways each, before and after: an authentication writes twice, a PIN twice, all else once.
    assert!(cuts >= 3 * 4 * (3 + 4 + 4 + 3 + 3 + 3), "{cuts}");
}

#[test]
fn j11_a_pin_that_is_changed_unblocked_or_set_anew_while_torn_is_old_or_new() {
    let card = ready(KIND, Layout::Both);
    tear(
        "changing the PIN",
        &card,
        nothing,
        |talk| {
            talk.select()?;
            if talk.verify(Authentication, pin(Authentication))? == Sw::OK {
                let change = Command::new(0x00, 0x24, 0x01, 0x98).data(b"9999");
                assert_eq!(talk.send(&change)?.sw, Sw::OK);
            }
            Ok(())
        },
        |talk| {
            talk.select()?;
            Ok(talk.verify(Authentication, b"9999")? == Sw::OK)
        },
    );
    let block: Step = |talk| {
        talk.select()?;
        for _ in 0..3 {
            talk.verify(Authentication, b"0000")?;
        }
        Ok(())
    };
    tear(
        "unblocking",
        &card,
        block,
        |talk| {
            as_issuer(talk)?;
            assert_eq!(talk.sealed([0x04, 0x2C, 0x03, 2], &[], true)?.sw, Sw::OK);
            Ok(())
        },
        |talk| Ok(place(talk, Authentication)?.tries_left == 3),
    );
    tear(
        "setting it anew",
        &card,
        block,
        |talk| {
            as_issuer(talk)?;
            assert_eq!(talk.sealed([0x04, 0x2C, 0x02, 2], b"9999", true)?.sw, Sw::OK);
            Ok(())
        },
        |talk| {
            talk.select()?;
            Ok(talk.verify(Authentication, b"9999")? == Sw::OK)
        },
    );
}

#[test]
fn j16_a_termination_that_is_torn_took_place_or_not() {
    for loss in [Loss::Before(2), Loss::After(2)] {
        let (mut talk, memory) = insert(&ready(KIND, Layout::Both));
        talk.select().expect("answers");
        memory.lose(loss);
        as_issuer(&mut talk).expect("two writes");
        assert_eq!(talk.sealed([0x04, 0xFE, 0, 0], &[], true), Err(Mute));
        let (mut again, _) = insert(&memory.kept());
        let expected = if loss == Loss::Before(2) { Sw::OK } else { Sw::TERMINATED };
        assert_eq!(again.select(), Ok(expected));
        talk.card.power_on();
        assert_eq!(talk.select(), Ok(Sw::TERMINATED), "the card itself ends what it began");
    }
}

/// What was begun is ended before anything else is answered, however often that fails.
#[test]
fn j16_a_card_whose_memory_still_fails_stays_off() {
    let (mut talk, memory) = insert(&ready(KIND, Layout::Both));
    talk.select().expect("answers");
    memory.lose(Loss::Before(0));
    assert_eq!(talk.verify(Authentication, b"0000"), Err(Mute));
    for _ in 0..3 {
        memory.lose(Loss::Before(0));
        talk.card.power_on();
        assert_eq!(talk.select(), Err(Mute));
    }
    talk.card.power_on();
    assert_eq!(place(&mut talk, Authentication).expect("answers").tries_left, 2);
    assert_eq!(memory.kept().report(&Provider).place(Authentication).expect("it").tries_left, 2);
}

/// How many tries somebody has who cuts the power whenever it helps, before the right PIN is blocked for them.
#[test]
fn j16_who_cuts_the_power_never_gains_a_try() {
    for loss in [Loss::Before(0), Loss::After(0), Loss::Before(1), Loss::After(1)] {
        for same_process in [false, true] {
            for text in [&b"0000"[..], b"1234"] {
                let (mut talk, memory) = insert(&ready(KIND, Layout::Both));
                let mut left = 3;
                for _ in 0..5 {
                    memory.lose(loss);
                    talk.select().expect("answers");
                    let answer = talk.verify(Authentication, text);
                    if !memory.cancel_loss() {
                        assert_eq!(answer, Err(Mute));
                    }
                    if same_process {
                        talk.card.power_on();
                    } else {
                        talk = again(&memory);
                    }
                    let now = place(&mut talk, Authentication).expect("answers").tries_left;
                    let right = text == b"1234";
                    // A cut before the first write took effect shows nothing: nothing was compared yet.
                    let unseen = loss == Loss::Before(0) && answer == Err(Mute);
                    assert!(
                        now < left || left == 0 || unseen || (right && now == 3),
                        "{loss:?}: {left} → {now}"
                    );
                    assert!(now <= left || (right && now == 3), "{loss:?}: {left} → {now}");
                    if answer == Err(Mute) {
                        assert_eq!(talk.sign(Authentication, 3, b"x").expect("answers").sw, Sw::SECURITY);
                    }
                    left = now;
                }
            }
        }
    }
}

fn again(memory: &TestMemory) -> Talk {
    let state = memory.kept();
    Talk::new(state, memory.clone(), std::sync::Arc::new(Provider))
}

#[test]
fn j4_who_cuts_the_power_never_gains_a_proof() {
    for loss in [Loss::Before(0), Loss::After(0)] {
        let (mut talk, memory) = insert(&ready(KIND, Layout::Both));
        let mut answers = Vec::new();
        for _ in 0..12 {
            memory.lose(loss);
            talk.select().expect("answers");
            let _ = talk.authenticate(KeyName::Issuer, &[0; 32]);
            memory.cancel_loss();
            talk = again(&memory);
            talk.select().expect("answers");
            answers.push(talk.authenticate(KeyName::Issuer, &[0; 32]).expect("answers"));
        }
        assert_eq!(answers.last(), Some(&Sw::BLOCKED), "{loss:?}");
        talk.select().expect("answers");
        assert_eq!(talk.authenticate(KeyName::Issuer, &key(KeyName::Issuer)), Ok(Sw::BLOCKED), "for good");
    }
}
