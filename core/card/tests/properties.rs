//! What is so of a card whatever is said to it, in whatever order (J4, J16).
//!
//! A model beside the card follows the PINs on the wire. Long runs: `PROPTEST_CASES=20000 cargo test -p core-card
//! --test properties`.

mod common;

use common::*;
use core_card::{
    Chip,
    apdu::{CHAINING, Command, Le, Response},
    files::{AID, File},
    memory::TestMemory,
    pin::PinKind::{self, Authentication, Signing},
    protocol::KeyName,
    report::Kind,
    state::Layout,
    testing::{self, Talk, certificate, key, pin},
    tlv,
};
use core_pack::pkcs8::PrivateKey;
use kit_keys::Provider;
use proptest::prelude::*;
use std::{collections::HashSet, sync::LazyLock};

/// What somebody does with a card.
#[derive(Clone, Debug)]
enum Op {
    /// Octets as they are.
    Raw(Vec<u8>),
    /// A known command with octets of its own.
    Known(usize, u8, u8, Vec<u8>),
    Select,
    SelectFile(usize),
    /// The text with this number, on the PIN of this place.
    Verify(PinKind, usize),
    Change(PinKind, usize),
    Sign(PinKind, u8, Vec<u8>),
    Reset,
    /// As issuer or device, with the right key or another.
    Authenticate(bool, bool),
    Sealed(usize, u8, u8, Vec<u8>),
    Import(PinKind, u64, bool),
    Store(PinKind, u64),
    Activate(PinKind),
    ResetPin(PinKind, bool, usize),
    MakeKey(PinKind),
    LoadKeys,
    SetPin(PinKind, usize),
    /// The PIN as the model knows it.
    VerifyRight(PinKind),
    /// A visit to counter and generator, up to the staged key with this number.
    Stage(PinKind, u64),
    /// Its certificate, and the key in force.
    Bring(PinKind, u64),
    /// A signature with the staged key.
    Prove(PinKind),
}

/// Texts that are tried as PINs. The first two are the right ones at first.
const TEXTS: [&[u8]; 7] = [b"ABC123", b"1234", b"ABC124", b"0000", b"XYZ789", b"9999", b"12"];
const KNOWN: [(u8, u8); 19] = [
    (0x00, 0xC0),
    (0x00, 0xA4),
    (0x00, 0x84),
    (0x00, 0xB0),
    (0x00, 0x20),
    (0x00, 0x24),
    (0x00, 0xCA),
    (0x00, 0x47),
    (0x00, 0x82),
    (0x80, 0x2A),
    (0x04, 0xDB),
    (0x04, 0xD6),
    (0x04, 0x44),
    (0x04, 0xCA),
    (0x04, 0x24),
    (0x04, 0x47),
    (0x04, 0x88),
    (0x04, 0x2C),
    (0x00, 0x70),
];

fn place() -> impl Strategy<Value = PinKind> {
    prop::sample::select(PinKind::ALL.to_vec())
}

fn op() -> impl Strategy<Value = Op> {
    let octets = || prop::collection::vec(any::<u8>(), 0..40);
    let text = || 0..TEXTS.len();
    // P1 and P2 as commands have them, and any.
    let parameter =
        || prop_oneof![prop::sample::select(vec![0u8, 1, 2, 3, 0x45, 0x80, 0x81, 0x98, 0x9B]), any::<u8>()];
    prop_oneof![
        1 => octets().prop_map(Op::Raw),
        4 => (0..KNOWN.len(), parameter(), parameter(), octets()).prop_map(|(c, p1, p2, d)| Op::Known(c, p1, p2, d)),
        2 => Just(Op::Select),
        3 => (0..File::ALL.len()).prop_map(Op::SelectFile),
        6 => (place(), text()).prop_map(|(place, text)| Op::Verify(place, text)),
        2 => (place(), text()).prop_map(|(place, text)| Op::Change(place, text)),
        6 => (place(), 0u8..7, prop_oneof![octets(), Just(vec![7; 32]), Just(vec![7; 48])])
            .prop_map(|(place, form, data)| Op::Sign(place, form, data)),
        1 => Just(Op::Reset),
        4 => (any::<bool>(), prop::bool::weighted(0.9)).prop_map(|(issuer, right)| Op::Authenticate(issuer, right)),
        2 => (10..18usize, parameter(), parameter(), octets()).prop_map(|(c, p1, p2, d)| Op::Sealed(c, p1, p2, d)),
        3 => (place(), 0u64..3, any::<bool>()).prop_map(|(place, number, long)| Op::Import(place, number, long)),
        3 => (place(), 0u64..3).prop_map(|(place, number)| Op::Store(place, number)),
        3 => place().prop_map(Op::Activate),
        1 => (place(), any::<bool>(), text()).prop_map(|(place, anew, text)| Op::ResetPin(place, anew, text)),
        1 => place().prop_map(Op::MakeKey),
        3 => Just(Op::LoadKeys),
        2 => (place(), text()).prop_map(|(place, text)| Op::SetPin(place, text)),
        6 => place().prop_map(Op::VerifyRight),
        3 => (place(), 0u64..3).prop_map(|(place, number)| Op::Stage(place, number)),
        2 => (place(), 0u64..3).prop_map(|(place, number)| Op::Bring(place, number)),
        2 => place().prop_map(Op::Prove),
    ]
}

/// What the card must know of PINs, as seen from outside.
struct Model {
    pins: [Vec<u8>; 2],
    /// May sign.
    shown: [bool; 2],
}

/// The card with the model, and everything that must never come out of it.
struct Watched {
    talk: Talk,
    memory: TestMemory,
    kind: Kind,
    model: Model,
    terminated: bool,
}

fn at(place: PinKind) -> usize {
    usize::from(place.reference()) - 1
}

impl Watched {
    fn new(kind: Kind) -> Self {
        let (talk, memory) = insert(&ready(kind, Layout::Both));
        let pins = PinKind::ALL.map(|place| pin(place).to_vec());
        Self { talk, memory, kind, model: Model { pins, shown: [false; 2] }, terminated: false }
    }

    fn tries(&self) -> [u8; 2] {
        let report = self.memory.kept().report(&Provider);
        PinKind::ALL.map(|place| report.place(place).map_or(0, |place| place.tries_left))
    }

    /// One step; then what must be so.
    fn step(&mut self, op: &Op) {
        let issuer = Op::Authenticate(true, true);
        match *op {
            Op::Stage(place, number) => {
                let device = Op::Authenticate(false, true);
                let steps = [
                    Op::Select,
                    issuer,
                    Op::LoadKeys,
                    device,
                    Op::VerifyRight(place),
                    Op::Import(place, number, true),
                ];
                return steps.iter().for_each(|op| self.step(op));
            }
            Op::Bring(place, number) => {
                return [issuer, Op::Store(place, number), Op::Activate(place)]
                    .iter()
                    .for_each(|op| self.step(op));
            }
            _ => {}
        }
        let before = self.tries();
        let may_rise = self.act(op);
        let after = self.tries();
        for place in PinKind::ALL {
            let rose = after[at(place)] > before[at(place)];
            assert!(!rose || may_rise == Some(place), "{op:?} gave tries back: {before:?} → {after:?}");
        }
    }

    /// Does it. The place whose tries may have risen by it.
    fn act(&mut self, op: &Op) -> Option<PinKind> {
        match op {
            Op::Raw(octets) => self.wire(octets),
            Op::Known(command, p1, p2, data) => {
                let (cla, ins) = KNOWN[*command];
                self.command(&Command::new(cla, ins, *p1, *p2).data(data).expecting(Le::Short))
            }
            Op::Select => self.command(&Command::new(0x00, 0xA4, 0x04, 0x0C).data(&AID)),
            Op::SelectFile(number) => self.select(File::ALL[*number].id()),
            Op::Verify(place, text) => {
                self.select(place.pin_file());
                self.command(&Command::new(0x00, 0x20, 0x00, 0x80).data(TEXTS[*text]))
            }
            Op::Change(place, text) => {
                let p2 = 0x80 | place.pin_file() as u8;
                self.command(&Command::new(0x00, 0x24, 0x01, p2).data(TEXTS[*text]))
            }
            Op::Sign(place, form, data) => {
                let p2 = 0x80 | place.key_file() as u8;
                self.command(&Command::new(0x80, 0x2A, *form, p2).data(data).expecting(Le::Short))
            }
            Op::Reset => {
                self.talk.card.power_on();
                self.model.shown = [false; 2];
                None
            }
            Op::Authenticate(issuer, right) => {
                let name = if *issuer { KeyName::Issuer } else { KeyName::Device };
                let key = if *right { key(name) } else { key(KeyName::Storage) };
                let sw = self.talk.authenticate(name, &key).expect("has power");
                assert!(*right || !sw.is_ok(), "another key opened it");
                None
            }
            Op::Sealed(command, p1, p2, data) => {
                let (cla, ins) = KNOWN[*command];
                self.sealed([cla, ins, *p1, *p2], data)
            }
            Op::Import(place, number, long) => {
                let data = self.talk.wrapped(*place, &pkcs8(self.kind, *number));
                let answer = self.talk.sealed([0x04, 0xDB, 0x3F, 0xFF], &data, *long).expect("has power");
                clean(&answer.to_bytes());
                None
            }
            Op::Store(place, number) => {
                self.select(place.certificate_file());
                self.sealed([0x04, 0xD6, 0, 0], &certificate(&spki(self.kind, *number)))
            }
            Op::Activate(place) => self.sealed([0x04, 0x44, 0, place.reference()], &[]),
            Op::ResetPin(place, anew, text) if *anew => {
                self.sealed([0x04, 0x2C, 0x02, place.reference()], TEXTS[*text])
            }
            Op::ResetPin(place, ..) => self.sealed([0x04, 0x2C, 0x03, place.reference()], &[]),
            // Making an RSA key takes too long to be done thousands of times.
            Op::MakeKey(place) if self.kind == Kind::P384 => {
                self.sealed([0x04, 0x47, 0x80, 0], &[0xAC, 3, 0x83, 1, place.reference()])
            }
            Op::MakeKey(_) => None,
            Op::LoadKeys => {
                load_keys(&mut self.talk).expect("has power");
                None
            }
            Op::VerifyRight(place) => {
                let p2 = 0x80 | place.pin_file() as u8;
                let text = self.model.pins[at(*place)].clone();
                self.command(&Command::new(0x00, 0x20, 0x00, p2).data(&text))
            }
            Op::Prove(place) => self.sealed([0x04, 0x88, 0, place.reference()], &[7; 32]),
            Op::Stage(..) | Op::Bring(..) => None,
            Op::SetPin(place, text) => {
                self.sealed([0x04, 0x24, 0x01, 0x80 | place.pin_file() as u8], TEXTS[*text])
            }
        }
    }

    fn select(&mut self, file: u16) -> Option<PinKind> {
        self.command(&Command::new(0x00, 0xA4, 0x02, 0x0C).data(&file.to_be_bytes()))
    }

    fn command(&mut self, command: &Command) -> Option<PinKind> {
        self.wire(&command.to_bytes())
    }

    /// One APDU; the model follows it.
    fn wire(&mut self, octets: &[u8]) -> Option<PinKind> {
        // The place that the selected file belongs to is asked of the card's own answers: which PIN does it mean?
        let command = Command::parse(octets).ok().filter(|command| command.cla & CHAINING == 0);
        let answer = self.talk.card.answer(octets).expect("has power");
        clean(&answer);
        let response = Response::parse(&answer).expect("at least a status word");
        let command = command?;
        let done = response.sw.is_ok() || response.sw.more_to_come().is_some();
        let place = match command.p2 {
            0x98 | 0x97 => Some(Authentication),
            0x9B | 0x9A => Some(Signing),
            _ => None,
        };
        match (command.cla, command.ins) {
            (0x00, 0xA4) if done && command.p1 == 0x04 => self.model.shown = [false; 2],
            (0x00, 0x20) if !command.data.is_empty() => {
                return self.verified(place, &command.data, &response);
            }
            (0x00, 0x24) if done => {
                let place = place.or_else(|| self.holder_of(&command.data))?;
                assert!(self.model.shown[at(place)], "changed without the old PIN");
                self.model.pins[at(place)] = command.data.to_vec();
                return Some(place);
            }
            (0x80, 0x2A) if done => match place {
                Some(place) => assert!(self.model.shown[at(place)], "signed without the PIN"),
                None => assert!(self.model.shown.contains(&true), "signed without any PIN"),
            },
            _ => {}
        }
        None
    }

    /// The kind of PIN that a text can be: the two kinds have no text in common.
    fn holder_of(&self, text: &[u8]) -> Option<PinKind> {
        PinKind::ALL.into_iter().find(|place| core_card::pin::PinText::new(*place, text).is_ok())
    }

    fn verified(&mut self, place: Option<PinKind>, text: &[u8], response: &Response) -> Option<PinKind> {
        if response.sw.is_ok() {
            let place = place.or_else(|| self.holder_of(text)).expect("only PINs are right");
            assert_eq!(self.model.pins[at(place)], text, "another text was right");
            self.model.shown[at(place)] = true;
            return Some(place);
        }
        if response.sw.tries_left().is_some() {
            // Which place it was is told by the counters; both at worst, and the card then refuses more than it must.
            match place {
                Some(place) => self.model.shown[at(place)] = false,
                None => self.forget_by_tries(),
            }
        }
        None
    }

    /// After a wrong PIN on the selected file: the place with fewer tries than all is no longer shown.
    fn forget_by_tries(&mut self) {
        let tries = self.tries();
        for place in PinKind::ALL {
            if tries[at(place)] < place.tries() {
                self.model.shown[at(place)] = false;
            }
        }
    }

    /// A command of the session. The place whose tries may rise.
    fn sealed(&mut self, head: [u8; 4], data: &[u8]) -> Option<PinKind> {
        let answer = self.talk.sealed(head, data, true).expect("has power");
        clean(&answer.to_bytes());
        if !answer.sw.is_ok() {
            return None;
        }
        match head {
            [_, 0x2C, p1, reference] => {
                let place = PinKind::from_reference(reference).expect("a place");
                if p1 == 0x02 {
                    self.model.pins[at(place)] = data.to_vec();
                    self.model.shown[at(place)] = false;
                }
                Some(place)
            }
            [_, 0x24, ..] => {
                let place = self.holder_of(data).expect("a PIN");
                assert!(self.model.shown[at(place)], "set over an old PIN that was not shown");
                self.model.pins[at(place)] = data.to_vec();
                Some(place)
            }
            [_, 0xFE, ..] => {
                self.terminated = true;
                None
            }
            _ => None,
        }
    }
}

/// Every run of 16 octets of the private keys in these tests, and of the symmetric keys.
static SECRETS: LazyLock<HashSet<[u8; 16]>> = LazyLock::new(|| {
    let mut secrets = HashSet::new();
    let mut add = |octets: &[u8]| {
        let backwards: Vec<u8> = octets.iter().rev().copied().collect();
        for octets in [octets, &backwards] {
            secrets.extend(octets.windows(16).map(|run| <[u8; 16]>::try_from(run).expect("sixteen")));
        }
    };
    for number in 0..3 {
        let der = pkcs8(Kind::Rsa2048, number);
        let [inside] =
            tlv::exactly(PrivateKey::unwrap(&der).expect("a key").inner, [0x30]).expect("RSAPrivateKey");
        let numbers = tlv::exactly(inside, [0x02; 9]).expect("version, n, e, d, p, q, dP, dQ, qInv");
        numbers[3..].iter().for_each(|number| add(number));
        let der = pkcs8(Kind::P384, number);
        let [inside] =
            tlv::exactly(PrivateKey::unwrap(&der).expect("a key").inner, [0x30]).expect("ECPrivateKey");
        add(tlv::all(inside).expect("version, scalar")[1].value);
    }
    for name in [KeyName::Issuer, KeyName::Device, KeyName::Storage] {
        add(&key(name)[..]);
    }
    secrets
});

fn clean(answer: &[u8]) {
    for run in answer.windows(16) {
        assert!(!SECRETS.contains(run), "a part of a secret came out");
    }
}

proptest! {
    #[test]
    fn j16_no_conversation_gets_a_key_a_signature_or_a_try_without_the_pin(
        rsa in any::<bool>(), ops in prop::collection::vec(op(), 1..80)
    ) {
        let mut watched = Watched::new(if rsa { Kind::Rsa2048 } else { Kind::P384 });
        watched.step(&Op::Select);
        for op in &ops {
            watched.step(op);
            if watched.terminated {
                break;
            }
        }
        // And whatever was done, its form is one that is read again.
        prop_assert!(watched.memory.kept().encode().len() < core_card::state::MAX_STATE);
    }

    #[test]
    fn j16_any_octets_get_an_answer(scripts in prop::collection::vec(any::<u8>(), 0..600)) {
        let (mut talk, _) = insert(&ready(Kind::P384, Layout::SigningOnly));
        talk.play(&scripts);
        talk.card.power_on();
        prop_assert!(talk.select().is_ok());
    }
}

/// The judges above can say no.
#[test]
fn j16_a_secret_that_came_out_would_be_seen() {
    let der = pkcs8(Kind::Rsa2048, 0);
    assert!(std::panic::catch_unwind(|| clean(&der)).is_err());
    assert!(std::panic::catch_unwind(|| clean(&testing::key(KeyName::Issuer)[..])).is_err());
    clean(&spki(Kind::Rsa2048, 0));
}
