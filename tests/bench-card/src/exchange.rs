//! Commands and signatures: a card of ours in one reader of vpcd, the stub in the other, and both through pcscd by our
//! own reader; beside them the bare private operation and a card in this process. All take turns within one loop.

use crate::{
    Beside,
    card::{self, Echo},
};
use anyhow::{Context as _, Result, ensure};
use core_card::Chip;
use core_crypto::Pairs as _;
use kit_keys::Provider;
use kit_reader::{
    Session,
    pcsc::{self, Limits},
    vpcd::{Pauses, Place, Plugged, plug},
};
use serde::Serialize;
use std::{
    hint::black_box,
    net::SocketAddr,
    time::{Duration, Instant},
};

/// For how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// The ports at which the driver waits for the cards of its two readers
    #[arg(long, env = "WARIFU_TEST_CARDS", value_delimiter = ',')]
    ports: Vec<u16>,
}

/// What was measured.
#[derive(Default, Serialize)]
struct Measured {
    /// SELECT of a file through pcscd, beside the stub.
    select: Beside,
    /// READ BINARY of 256 octets through pcscd, beside the stub.
    read: Beside,
    /// A signature through pcscd, beside the stub with the same command and as long an answer.
    sign_in_reader: Beside,
    /// A signature in this process, beside the bare operation.
    sign: Beside,
}

/// For pcscd to see a card.
const LONG: Duration = Duration::from_secs(60);

/// Measures.
pub(crate) fn run(args: &Args) -> Result<()> {
    let key = card::key()?;
    let state = card::state(&key)?;
    let pair = Provider.load_pair(&key)?;
    let info = card::digest_info();
    let signature = pair.sign_padded(&info)?;

    let [first, second] = args.ports[..] else { anyhow::bail!("two ports are needed") };
    let names = pcsc::list()?;
    let [first_name, second_name] = &names[..] else { anyhow::bail!("two readers are needed: {names:?}") };
    let _plugged = [put_in(Box::new(card::in_ram(&state)), first)?, put_in(Box::new(Echo), second)?];
    let (mut in_reader, mut stub) = (connect(first_name)?, connect(second_name)?);
    let mut here = card::in_ram(&state);
    here.power_on();
    card::warm(&signature, |command| Ok(here.answer(command)?))?;
    card::warm(&signature, |command| Ok(in_reader.transmit(command)?))?;

    let mut measured = Measured::default();
    let (select, read, sign) = (card::select_file(), card::read(), card::sign(&info));
    let until = Instant::now() + Duration::from_secs_f64(args.seconds);
    while Instant::now() < until {
        for (beside, command, length) in [
            (&mut measured.select, &select, 0),
            (&mut measured.read, &read, 256),
            (&mut measured.sign_in_reader, &sign, 256),
        ] {
            beside.time(
                || exchange(&mut *stub, command, length),
                || exchange(&mut *in_reader, command, length),
            )?;
        }
        measured.sign.time(
            || card::bare(&*pair, black_box(&info)),
            || card::data(&here.answer(black_box(&sign))?, 256).map(drop),
        )?;
    }
    ensure!(!measured.sign.ours.is_empty(), "not one round in {} seconds", args.seconds);
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

fn exchange(session: &mut dyn Session, command: &[u8], length: usize) -> Result<()> {
    card::data(&session.transmit(command)?, length).map(drop)
}

/// Puts a chip into the reader whose driver waits at this port.
fn put_in(chip: Box<dyn Chip>, port: u16) -> Result<Plugged> {
    let plugged = plug(chip, SocketAddr::from(([127, 0, 0, 1], port)), Pauses::default())?;
    ensure!(plugged.wait_until(Place::Seen, LONG), "vpcd at {port} did not take the card");
    Ok(plugged)
}

fn connect(name: &str) -> Result<Box<dyn Session>> {
    let reader = pcsc::open(Some(name), Limits::default())?;
    reader.wait_for_card(LONG)?;
    reader.connect().with_context(|| name.to_owned())
}
