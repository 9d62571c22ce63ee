//! What a signature costs the card's memory: nothing (J16).

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

#[test]
fn j16_a_signature_writes_nothing() {
    let (mut talk, memory) = insert(&ready(Kind::Rsa2048, Layout::Both));
    talk.select().expect("answers");
    assert_eq!(talk.verify(Authentication, pin(Authentication)), Ok(Sw::OK));
    let info =
        [b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", &[7; 32][..]]
            .concat();
    let command = Command::new(0x80, 0x2A, 0x00, 0x97).data(&info).expecting(Le::Short).to_bytes();
    let writes = memory.writes();
    for _ in 0..10 {
        assert_eq!(talk.card.answer(&command).expect("answers").len(), 258);
    }
    assert_eq!(memory.writes(), writes);
}
