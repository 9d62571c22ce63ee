//! The counter and the key-pair generator against the card, through the terminal's side alone (J3, J4, J6, J7, J11).

mod common;

use common::ready;
use core_card::{
    Card, Chip, Mute, Transmit,
    generator::{After, Erased, Generator, Making, Menu, MenuFault, Next, PasswordFault, Stored, Wants},
    host::{Caution, CertificateFile, HostError, Issuer, Terminal},
    memory::TestMemory,
    pin::{PinKind, PinText},
    protocol::{Key, KeyName, Origin},
    report::{Kind, Life},
    state::{Layout, Making as Card_, State},
    status::Sw,
    testing,
};
use core_crypto::{Digest, SigAlg, Verify};
use core_pack::{KeyFamily, spki::PublicKey};
use kit_keys::Provider;
use std::sync::{Arc, Mutex, MutexGuard};

const ISSUER: [u8; 32] = [0x11; 32];
const DEVICE: [u8; 32] = [0x22; 32];
const STORAGE: [u8; 32] = [0x33; 32];
const CARD_ID: [u8; 16] = [0x44; 16];

/// A slot with a card: the test may pull it or put it in again.
#[derive(Clone)]
struct Slot(Arc<Mutex<Inside>>);

struct Inside {
    card: Card,
    memory: TestMemory,
    /// Commands until the card is pulled.
    left: Option<usize>,
    /// Everything that went over the wire.
    wire: Vec<Vec<u8>>,
}

impl Slot {
    fn of(state: State) -> Self {
        let memory = TestMemory::new(&state);
        let mut card = Card::insert(state, memory.clone(), Arc::new(Provider));
        card.power_on();
        Self(Arc::new(Mutex::new(Inside { card, memory, left: None, wire: Vec::new() })))
    }

    fn new(kind: Kind, layout: Layout) -> Self {
        Self::of(State::new(Card_ {
            card_id: CARD_ID,
            kind,
            layout,
            makes_keys: true,
            issuer_key: KeyName::Issuer.of_card(&Provider, &ISSUER, &CARD_ID),
        }))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no test panicked with it")
    }

    fn pull_after(&self, commands: usize) {
        self.inside().left = Some(commands);
    }

    /// Puts the card in again, as its memory has it.
    fn again(&self) -> Self {
        let inside = self.inside();
        Self::of(inside.memory.kept())
    }

    fn wire(&self) -> Vec<u8> {
        self.inside().wire.concat()
    }
}

impl Transmit for Slot {
    type Error = Mute;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
        let mut inside = self.inside();
        match &mut inside.left {
            Some(0) => return Err(Mute),
            Some(left) => *left -= 1,
            None => {}
        }
        let answer = inside.card.answer(command)?;
        inside.wire.push(command.to_vec());
        inside.wire.push(answer.clone());
        Ok(answer)
    }
}

fn pin(kind: PinKind, text: &str) -> PinText {
    PinText::typed(kind, text).expect("a PIN")
}

fn old_pin(kind: PinKind) -> PinText {
    pin(kind, if kind == PinKind::Signing { "ABC123" } else { "1234" })
}

fn generator() -> Generator {
    Generator::new(Key::new(DEVICE), Key::new(STORAGE), Arc::new(Provider))
}

fn prepare(slot: &Slot) {
    let terminal = Terminal::open(slot.clone()).expect("a card");
    let mut counter = terminal.prove::<Issuer>(&ISSUER, &Provider).expect("the issuer");
    counter.load_device_keys(&DEVICE, &STORAGE).expect("loaded");
}

/// The applicant at the generator; every password is typed as asked for.
fn at_the_generator(slot: &Slot, making: Making, places: &[PinKind]) -> Result<Erased, HostError<Mute>> {
    let generator = generator();
    let trusted = generator.seat(slot.clone()).map_err(|t| t.error)?.trust().map_err(|t| t.error)?;
    let mut chosen =
        trusted.choose(Menu::MakeKeys(making), places).map_err(|(_, fault)| fault).expect("chosen");
    loop {
        let typed = old_pin(chosen.place());
        let set = match chosen.wants() {
            Wants::New => chosen.new_password(&typed, &typed).map_err(torn)?,
            Wants::Old => {
                chosen.old_password(&typed, Caution::SpareTheLast).map_err(torn)?.ok().expect("no change")
            }
        };
        let stored: Stored<'_, Slot> = match set.begin().map_err(|t| t.error)? {
            After::Stored(stored) => stored,
            After::Make(generating, work) => {
                let pair = work.run();
                generating.generated(pair).map_err(|t| t.error)?.store().map_err(|t| t.error)?
            }
        };
        match stored.next() {
            Next::Place(next) => chosen = next,
            Next::Done(erased) => return Ok(erased),
        }
    }
}

fn torn<S>(error: Result<(S, PasswordFault), core_card::generator::Torn<Mute>>) -> HostError<Mute> {
    match error {
        Ok((_, fault)) => panic!("{fault}"),
        Err(torn) => torn.error,
    }
}

fn finish(slot: &Slot, places: &[PinKind]) {
    let terminal = Terminal::open(slot.clone()).expect("a card");
    let mut counter = terminal.prove::<Issuer>(&ISSUER, &Provider).expect("the issuer");
    for place in places {
        let spki = counter.terminal().read_public_key(*place).expect("a key");
        let (own, ca) = match place {
            PinKind::Signing => (CertificateFile::Signing, CertificateFile::SigningCa),
            PinKind::Authentication => (CertificateFile::Authentication, CertificateFile::AuthenticationCa),
        };
        counter.store_certificate(ca, &testing::certificate(&spki)).expect("stored");
        counter.store_certificate(own, &testing::certificate(&spki)).expect("stored");
        counter.activate(*place).expect("in force");
    }
}

fn signs(slot: &Slot, place: PinKind, spki: &[u8]) {
    let mut terminal = Terminal::open(slot.clone()).expect("a card");
    let verified = terminal.verify(place, &old_pin(place), Caution::SpareTheLast).expect("the PIN");
    let family = PublicKey::parse(spki).expect("a key").family;
    let signature = terminal.sign_message(&verified, family, &Provider, b"message").expect("signed");
    let alg = if family == KeyFamily::Rsa { SigAlg::RsaSha256 } else { SigAlg::EcdsaSha384 };
    Provider.verify(alg, spki, b"message", &signature).expect("it verifies");
}

#[test]
fn j3_j4_j6_j7_a_card_goes_from_counter_to_generator_to_counter_to_its_holder() {
    for (kind, layout, making) in [
        (Kind::Rsa2048, Layout::Both, Making::InDevice),
        (Kind::Rsa2048, Layout::SigningOnly, Making::InDevice),
        (Kind::P384, Layout::Both, Making::InDevice),
        (Kind::P384, Layout::Both, Making::OnCard),
    ] {
        let slot = Slot::new(kind, layout);
        prepare(&slot);
        let erased = at_the_generator(&slot, making, layout.places()).expect("stored");
        assert_eq!(erased.keys.len(), layout.places().len());
        let mut counter = Terminal::open(slot.clone())
            .expect("a card")
            .prove::<Issuer>(&ISSUER, &Provider)
            .expect("the issuer");
        for (place, spki) in &erased.keys {
            let attested = counter.attest(*place, &ISSUER).expect("attested");
            let origin = if making == Making::OnCard { Origin::OnCard } else { Origin::Generator };
            assert_eq!((attested.origin, attested.spki_sha256), (origin, Provider.sha256(spki)));
        }
        drop(counter);
        finish(&slot, layout.places());
        let report = Terminal::open(slot.clone()).expect("a card").report().expect("a report");
        assert_eq!((report.life, report.check_values), (Life::Operational, None));
        erased.keys.iter().for_each(|(place, spki)| signs(&slot, *place, spki));
    }
}

#[test]
fn j4_at_a_renewal_the_old_password_is_asked_for_and_the_old_key_holds_until_the_new_certificate() {
    let slot = Slot::new(Kind::P384, Layout::Both);
    prepare(&slot);
    let first = at_the_generator(&slot, Making::InDevice, &PinKind::ALL).expect("stored");
    finish(&slot, &PinKind::ALL);
    prepare(&slot);
    let second = at_the_generator(&slot, Making::InDevice, &[PinKind::Signing]).expect("stored");
    signs(&slot, PinKind::Signing, &first.keys[0].1);
    finish(&slot, &[PinKind::Signing]);
    signs(&slot, PinKind::Signing, &second.keys[0].1);
    assert_ne!(first.keys[0].1, second.keys[0].1);
}

#[test]
fn j4_what_is_mistyped_leaves_the_generator_as_it_is_and_a_blocked_password_ends_it() {
    let slot = Slot::new(Kind::P384, Layout::Both);
    prepare(&slot);
    let generator = generator();
    let trusted = generator.seat(slot.clone()).expect("seated").trust().expect("trusted");
    let (trusted, fault) =
        trusted.choose(Menu::ChangePassword, &[PinKind::Signing]).err().expect("nothing set");
    assert_eq!(fault, MenuFault::NoPassword);
    for places in [&[][..], &[PinKind::Signing, PinKind::Signing]] {
        let again = generator.seat(slot.clone()).expect("seated").trust().expect("trusted");
        let fault = again.choose(Menu::MakeKeys(Making::InDevice), places).err().expect("refused").1;
        assert_eq!(fault, MenuFault::Places);
    }
    drop(trusted);
    let trusted = generator.seat(slot.clone()).expect("seated").trust().expect("trusted");
    let chosen = trusted.choose(Menu::MakeKeys(Making::InDevice), &[PinKind::Signing]).ok().expect("chosen");
    let again =
        |typed: Result<_, Result<(Box<_>, PasswordFault), core_card::generator::Torn<Mute>>>| match typed {
            Err(Ok((chosen, fault))) => (*chosen, fault),
            Err(Err(torn)) => panic!("{}", torn.error),
            Ok(_) => panic!("taken"),
        };
    let (new, other) = (pin(PinKind::Signing, "ABC123"), pin(PinKind::Signing, "ABC124"));
    let (chosen, fault) = again(chosen.new_password(&new, &other).map(drop));
    assert_eq!(fault, PasswordFault::Differ);
    let four = pin(PinKind::Authentication, "1234");
    let (chosen, fault) = again(chosen.new_password(&four, &four).map(drop));
    assert_eq!(fault, PasswordFault::OtherPlace);
    let (chosen, fault) = again(chosen.old_password(&new, Caution::SpareTheLast).map(drop));
    assert_eq!(fault, PasswordFault::NotAsked);
    let set = chosen.new_password(&new, &new).ok().expect("set");
    assert_eq!(set.take_out(), Erased::default());

    // It is set now: the next one has to know it.
    let trusted = generator.seat(slot.clone()).expect("seated").trust().expect("trusted");
    let mut chosen = trusted.choose(Menu::ChangePassword, &[PinKind::Signing]).ok().expect("chosen");
    for left in [4, 3, 2, 1] {
        let (same, fault) = again(chosen.old_password(&other, Caution::SpareTheLast).map(drop));
        assert_eq!(fault, PasswordFault::Wrong { left });
        chosen = same;
    }
    let (chosen, fault) = again(chosen.old_password(&other, Caution::SpareTheLast).map(drop));
    assert_eq!(fault, PasswordFault::LastTry, "nothing was sent");
    let (_, fault) = again(chosen.old_password(&other, Caution::UseTheLast).map(drop));
    assert_eq!(fault, PasswordFault::Blocked);

    // J11: the counter gives the tries back, and the holder changes it.
    let terminal = Terminal::open(slot.clone()).expect("a card");
    let mut counter = terminal.prove::<Issuer>(&ISSUER, &Provider).expect("the issuer");
    counter.unblock(PinKind::Signing).expect("unblocked");
    drop(counter);
    let trusted = generator.seat(slot.clone()).expect("seated").trust().expect("trusted");
    let chosen = trusted.choose(Menu::ChangePassword, &[PinKind::Signing]).ok().expect("chosen");
    let chosen = chosen
        .old_password(&new, Caution::SpareTheLast)
        .ok()
        .expect("right")
        .err()
        .expect("a new one is asked");
    assert_eq!(chosen.wants(), Wants::New);
    let set = chosen.new_password(&other, &other).ok().expect("set");
    let After::Stored(stored) = set.begin().expect("done") else { panic!("nothing is to be made") };
    let Next::Done(erased) = stored.next() else { panic!("one place") };
    assert_eq!(erased.passwords, [PinKind::Signing]);
    let mut terminal = Terminal::open(slot).expect("a card");
    terminal.verify(PinKind::Signing, &other, Caution::SpareTheLast).expect("the new one");
}

#[test]
fn j4_a_card_that_does_not_know_the_device_and_one_that_is_not_genuine_are_given_nothing() {
    let slot = Slot::new(Kind::P384, Layout::Both);
    // Not prepared at the counter.
    let torn = generator().seat(slot.clone()).expect("seated").trust().err().expect("unknown");
    assert!(matches!(torn.error, HostError::NotPrepared), "{}", torn.error);
    prepare(&slot);
    let stranger = Generator::new(Key::new([9; 32]), Key::new(STORAGE), Arc::new(Provider));
    let torn = stranger.seat(slot.clone()).expect("seated").trust().err().expect("unknown");
    assert!(matches!(torn.error, HostError::OtherKey), "{}", torn.error);
    // Seen by its check value: no try was spent on it, however often somebody tries.
    for _ in 0..20 {
        assert!(stranger.seat(slot.clone()).expect("seated").trust().is_err());
    }
    generator().seat(slot.clone()).expect("seated").trust().expect("the right one, all tries there");

    /// Says yes to everything, and proves nothing.
    struct False(Slot);
    impl Transmit for False {
        type Error = Mute;
        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
            if command[1] == 0x82 {
                return Ok([&[7; 32][..], &[0x90, 0x00]].concat());
            }
            self.0.transmit(command)
        }
    }
    let torn = generator().seat(False(slot)).expect("seated").trust().err().expect("unproven");
    assert!(matches!(torn.error, HostError::CardUnproven), "{}", torn.error);
}

/// Pulled after each command of the whole sitting: the card can always be taken to the end, and the old key is the
/// valid one until then.
#[test]
fn j4_a_card_pulled_out_at_any_command_is_finished_the_next_time() {
    let slot = Slot::new(Kind::P384, Layout::Both);
    prepare(&slot);
    let before = at_the_generator(&slot, Making::OnCard, &PinKind::ALL).expect("stored");
    finish(&slot, &PinKind::ALL);
    prepare(&slot);
    let ready = slot;
    let mut pulled = 0;
    for commands in 0.. {
        let slot = ready.again();
        slot.pull_after(commands);
        if at_the_generator(&slot, Making::OnCard, &PinKind::ALL).is_ok() {
            break;
        }
        pulled += 1;
        let slot = slot.again();
        signs(&slot, PinKind::Signing, &before.keys[0].1);
        let after = at_the_generator(&slot, Making::OnCard, &PinKind::ALL).expect("stored the next time");
        finish(&slot, &PinKind::ALL);
        after.keys.iter().for_each(|(place, spki)| signs(&slot, *place, spki));
    }
    assert!(pulled > 10, "{pulled} commands");
}

#[test]
fn j4_neither_keys_nor_passwords_go_over_the_wire_in_the_open() {
    let slot = Slot::new(Kind::Rsa2048, Layout::SigningOnly);
    prepare(&slot);
    at_the_generator(&slot, Making::InDevice, &[PinKind::Signing]).expect("stored");
    let wire = slot.wire();
    let has = |secret: &[u8]| wire.windows(secret.len()).any(|window| window == secret);
    assert!(!has(b"ABC123"), "the first password");
    let id = CARD_ID;
    for name in [KeyName::Issuer, KeyName::Device, KeyName::Storage] {
        let of_all = match name {
            KeyName::Issuer => ISSUER,
            KeyName::Device => DEVICE,
            KeyName::Storage => STORAGE,
        };
        assert!(!has(&*name.of_card(&Provider, &of_all, &id)), "{name:?}");
    }
    let memory = slot.inside().memory.kept();
    let octets = memory.encode();
    // The private key as the card keeps it: no 16 octets of its PKCS#8 came over the wire.
    let key = pkcs8_of_rsa(&octets).expect("a PKCS#8 of RSA-2048");
    assert!(!key[26..].chunks_exact(16).any(has_not_public(&wire, &slot)), "of the private key");
}

/// The first PKCS#8 of an RSA key among these octets (RFC 5208). Its length is not always the same: d, dP, dQ and qInv
/// are now and then an octet or two shorter.
fn pkcs8_of_rsa(octets: &[u8]) -> Option<&[u8]> {
    // The version, and the algorithm up to its NULL.
    const BEGINS: &[u8; 18] = b"\x02\x01\x00\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\x00";
    let inside = octets.windows(BEGINS.len()).position(|window| window == BEGINS)?;
    let [0x30, 0x82, high, low] = octets[inside.checked_sub(4)?..inside] else { return None };
    octets[inside..].get(..usize::from(u16::from_be_bytes([high, low])))
}

/// Whether 16 octets are on the wire, those of the public key apart.
fn has_not_public(wire: &[u8], slot: &Slot) -> impl Fn(&[u8]) -> bool {
    let spki =
        Terminal::open(slot.clone()).expect("a card").read_public_key(PinKind::Signing).expect("a key");
    let wire = wire.to_vec();
    move |piece| {
        !spki.windows(piece.len()).any(|window| window == piece)
            && wire.windows(piece.len()).any(|window| window == piece)
    }
}

#[test]
fn j11_j16_the_holder_reads_signs_and_changes_pins_and_the_last_try_is_spared() {
    let state = ready(Kind::Rsa2048, Layout::Both);
    let slot = Slot::of(state);
    let mut terminal = Terminal::open(slot.clone()).expect("a card");
    assert_eq!(terminal.token_label().expect("a label"), "JPKIAPICCTOKEN2");
    assert!(matches!(terminal.read_certificate(CertificateFile::Signing), Err(HostError::NeedsPin)));
    let right = old_pin(PinKind::Authentication);
    let wrong = pin(PinKind::Authentication, "9999");
    for left in [2, 1] {
        match terminal.verify(PinKind::Authentication, &wrong, Caution::SpareTheLast) {
            Err(HostError::WrongPin { left: told }) => assert_eq!(told, left),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(
        terminal.verify(PinKind::Authentication, &right, Caution::SpareTheLast),
        Err(HostError::LastTry)
    ));
    let verified = terminal.verify(PinKind::Authentication, &right, Caution::UseTheLast).expect("right");
    assert_eq!(terminal.tries_left(PinKind::Authentication).expect("told"), 3);
    let new = pin(PinKind::Authentication, "4321");
    terminal.change_pin(&verified, &new).expect("changed");
    let refused = terminal.sign(&verified, &[0; 246]).expect_err("too long");
    assert!(matches!(refused, HostError::Refused { sw: Sw::DATA, .. }), "{refused}");
    let mut terminal = Terminal::open(slot).expect("a card");
    assert!(matches!(
        terminal.verify(PinKind::Authentication, &right, Caution::SpareTheLast),
        Err(HostError::WrongPin { left: 2 })
    ));
    terminal.verify(PinKind::Authentication, &new, Caution::SpareTheLast).expect("the new one");
}
