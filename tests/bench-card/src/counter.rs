//! VERIFY with a card in its file: the try is gone, durably, before the PIN is compared, and comes back, durably,
//! afterwards. Beside it two plain replacements of a file as large, by the same steps: draft, fsync, rename, fsync of
//! the folder.

use crate::{Beside, card};
use anyhow::Result;
use core_card::{Chip as _, testing::CARD_ID};
use kit_reader::file::{CardFile, DEVICE_KEY, DeviceKey, FileMemory};
use serde::Serialize;
use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Where, and for how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder on a disk; the files of this measurement are made anew in it
    #[arg(long)]
    dir: PathBuf,
    /// Seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

/// What was measured.
#[derive(Default, Serialize)]
struct Measured {
    verify: Beside,
    /// Octets of the file of the card.
    octets: u64,
}

/// Measures.
pub(crate) fn run(args: &Args) -> Result<()> {
    fs::create_dir(&args.dir)?;
    let (path, plain) = (args.dir.join("card"), args.dir.join("plain"));
    let state = card::state(&card::key()?)?;
    let device = DeviceKey::open_or_create(&args.dir.join(DEVICE_KEY))?;
    let file = CardFile::create(&path, &device, CARD_ID, &state.encode())?;
    let mut card = card::card(state, FileMemory::new(file));
    card.power_on();
    card::data(&card.answer(&card::select_application())?, 0)?;

    let octets = fs::read(&path)?;
    let verify = card::verify();
    let mut measured = Measured { octets: octets.len() as u64, ..Measured::default() };
    let until = Instant::now() + Duration::from_secs_f64(args.seconds);
    while Instant::now() < until {
        measured.verify.time(
            || replace(&args.dir, &plain, &octets).and_then(|()| replace(&args.dir, &plain, &octets)),
            || card::data(&card.answer(&verify)?, 0).map(drop),
        )?;
    }
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

fn replace(dir: &Path, path: &Path, octets: &[u8]) -> Result<()> {
    let draft = dir.join("draft");
    let mut file = File::create_new(&draft)?;
    file.write_all(octets)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(File::open(dir)?.sync_all()?)
}
