//! Conversations with a card at any stage of its life, in and out of sessions: the first octet chooses the card,
//! `Talk::play` tells the form of the rest.
#![no_main]

use core_card::{
    memory::TestMemory,
    protocol::KeyName,
    report::Kind,
    state::{Layout, State},
    testing::{self, Talk},
};
use kit_keys::{Provider, testing::key};
use std::sync::{Arc, LazyLock};

/// In the hands of its holder; as its maker hands it over; ended.
static CARDS: LazyLock<[State; 5]> = LazyLock::new(|| {
    let ended = {
        let state = testing::blank(Kind::P384, Layout::Both, true);
        let memory = TestMemory::new(&state);
        let mut talk = Talk::new(state, memory.clone(), Arc::new(Provider));
        talk.select().expect("it answers");
        talk.authenticate(KeyName::Issuer, &testing::key(KeyName::Issuer)).expect("it answers");
        let said = talk.sealed([0x04, 0xFE, 0x00, 0x00], &[], true).expect("it answers");
        assert_eq!(said.sw.to_string(), "9000", "it is ended");
        memory.kept()
    };
    [
        // First, because its signatures and keys cost a tenth of those of RSA.
        ready(Kind::P384, Layout::Both),
        testing::blank(Kind::P384, Layout::Both, true),
        testing::blank(Kind::P384, Layout::SigningOnly, false),
        ended,
        ready(Kind::Rsa2048, Layout::Both),
    ]
});

fn ready(kind: Kind, layout: Layout) -> State {
    let keys = [0, 1].map(|number| key(kind.key_alg(), number).to_pkcs8().expect("a key"));
    testing::ready(kind, layout, &Provider, &[&keys[0], &keys[1]]).expect("keys of its kind")
}

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Some((choice, script)) = octets.split_first() else { return };
    let card = &CARDS[usize::from(*choice) % CARDS.len()];
    let memory = TestMemory::new(card);
    let mut talk = Talk::new(card.clone(), memory.clone(), Arc::new(Provider));
    talk.play(script);
    // What was kept is read again, and is a card.
    let mut again = Talk::new(memory.kept(), TestMemory::default(), Arc::new(Provider));
    again.select().expect("a card that goes in again answers");
});
