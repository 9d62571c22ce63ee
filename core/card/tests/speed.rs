//! A signature of the card costs what the signature costs (J16).

mod common;

use common::*;
use core_card::{
    Chip,
    apdu::{Command, Le},
    pin::PinKind::Authentication,
    report::Kind,
    state::Layout,
    status::Sw,
    testing::pin,
};
use core_crypto::Pairs;
use kit_keys::Provider;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const ROUNDS: usize = 100;

#[expect(clippy::disallowed_methods, reason = "it measures how long a signature takes")]
fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

#[test]
fn j16_a_signature_costs_a_signature_and_writes_nothing() {
    let kind = Kind::Rsa2048;
    let (mut talk, memory) = insert(&ready(kind, Layout::Both));
    talk.select().expect("answers");
    assert_eq!(talk.verify(Authentication, pin(Authentication)), Ok(Sw::OK));
    let info =
        [b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", &[7; 32][..]]
            .concat();
    let command = Command::new(0x80, 0x2A, 0x00, 0x97).data(&info).expecting(Le::Short).to_bytes();
    let pair = Provider.load_pair(&pkcs8(kind, 1)).expect("the same key");
    let writes = memory.writes();
    assert_eq!(talk.card.answer(&command).expect("answers").len(), 258);
    // The shortest of many says what the work costs; the rest is what else the machine does.
    let (mut card, mut bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        card = card.min(timed(|| drop(black_box(talk.card.answer(&command)))));
        bare = bare.min(timed(|| drop(black_box(pair.sign_padded(&info)))));
    }
    assert!(card < bare * 13 / 10, "{card:?} for the card, {bare:?} for the signature alone");
    assert_eq!(memory.writes(), writes);
}
