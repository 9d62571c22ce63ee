//! Conversations with a card that is in its holder's hands, in and out of sessions; `Talk::play` tells the script's form.
#![no_main]

use core_card::{
    memory::TestMemory,
    report::Kind,
    state::{Layout, State},
    testing::{self, Talk},
};
use core_crypto::KeyAlg;
use kit_keys::{Provider, testing::key};
use std::sync::{Arc, LazyLock};

/// P-384: its signatures and keys cost a tenth of those of RSA.
static CARD: LazyLock<State> = LazyLock::new(|| {
    let keys = [0, 1].map(|number| key(KeyAlg::P384, number).to_pkcs8().expect("a key"));
    testing::ready(Kind::P384, Layout::Both, &Provider, &[&keys[0], &keys[1]]).expect("keys of its kind")
});

libfuzzer_sys::fuzz_target!(|script: &[u8]| {
    let memory = TestMemory::new(&CARD);
    let mut talk = Talk::new(CARD.clone(), memory.clone(), Arc::new(Provider));
    talk.play(script);
    // What was kept is read again, and is a card.
    let mut again = Talk::new(memory.kept(), TestMemory::default(), Arc::new(Provider));
    again.select().expect("a card that goes in again answers");
});
