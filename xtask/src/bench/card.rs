//! `cargo xtask bench card`: what cards cost (J16), and what characters of names and addresses cost (J5).
//!
//! Exchanges go through pcscd and the virtual readers of vpcd, beside a stub that gives back as many octets as are asked
//! for; signatures beside the bare private operation; durable counters beside plain replacements of a file as large.
//! Whoever stands beside another takes turns with them within one loop of one process, so that both meet the same load.
//! The ratio is that within a round; of all rounds the middle one counts.

use super::bed::{Bed, Common, arguments, figures, page::Table};
use crate::{cards::Stack, command, house::House};
use anyhow::Result;
use serde::{Deserialize, de::DeserializeOwned};
use std::process::Command;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Seconds of each part of a round
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Rounds
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// The package that measures, and its binary: built without the rest of the product.
const PACKAGE: &str = "tests-bench-card";
const BINARY: &str = "warifu-bench-card";

/// Seconds of one and of the other, taken in turn.
#[derive(Deserialize)]
struct Beside {
    peer: Vec<f64>,
    ours: Vec<f64>,
}

#[derive(Deserialize)]
struct Exchange {
    select: Beside,
    read: Beside,
    sign: Beside,
    sign_in_reader: Beside,
}

#[derive(Deserialize)]
struct Counter {
    verify: Beside,
    octets: u64,
}

#[derive(Deserialize)]
struct Characters {
    fit: Passes,
    unfit: Passes,
    offered: Passes,
}

#[derive(Deserialize)]
struct Passes {
    characters: u64,
    took: Vec<f64>,
}

/// Everything of one round.
struct Round {
    exchange: Exchange,
    counter: Counter,
    characters: Characters,
    /// Seconds of fdatasync of 4 KiB.
    sync: f64,
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("card", rest);
    let bed = Bed::of_packages(house, "card", rest, &args.common, &[PACKAGE])?;
    let cards = Stack::start(&std::env::temp_dir())?;
    let mut rounds = Vec::new();
    for number in 1..=args.rounds {
        let round = round(&bed, &cards, &args, number)?;
        println!(
            "    round {number}: READ BINARY {}, signature {}, VERIFY {}, 100,000 characters {}",
            figures::time(figures::median(&round.exchange.read.ours)),
            figures::time(figures::median(&round.exchange.sign.ours)),
            figures::time(figures::median(&round.counter.verify.ours)),
            figures::time(figures::median(&round.characters.fit.took)),
        );
        rounds.push(round);
    }
    drop(cards);
    bed.tell(&table(&rounds))
}

fn round(bed: &Bed<'_>, cards: &Stack, args: &Args, number: usize) -> Result<Round> {
    let sync = bed.sync_latency()?;
    let dir = bed.dir.join(format!("round-{number}"));
    let mut in_reader = part(bed, args, "exchange");
    let mut in_file = part(bed, args, "counter");
    Ok(Round {
        exchange: measured(cards.known_to(&mut in_reader))?,
        counter: measured(in_file.arg("--dir").arg(dir))?,
        characters: measured(&mut part(bed, args, "characters"))?,
        sync,
    })
}

fn part(bed: &Bed<'_>, args: &Args, name: &str) -> Command {
    let mut tool = Command::new(bed.binary(BINARY));
    tool.args([name, "--seconds", &args.seconds.to_string()]);
    tool
}

fn measured<T: DeserializeOwned>(tool: &mut Command) -> Result<T> {
    Ok(serde_json::from_str(&command::capture(tool)?)?)
}

/// A row: what is measured, and which times of a round are those of it.
struct Row<'a> {
    what: &'a str,
    who: &'a str,
    took: fn(&Round) -> &[f64],
    /// How many are done in one of these times.
    each: u64,
}

fn table(rounds: &[Round]) -> Table {
    let mut table = Table::new(["", "", "p50", "p99", "p50 of all rounds", "a second", "compared"]);
    let octets = rounds.first().map_or(0, |round| round.counter.octets);
    let plain = format!("a file of {} octets replaced twice", figures::count(octets));
    let sync = figures::median(&rounds.iter().map(|round| round.sync).collect::<Vec<_>>());
    let verify = format!("VERIFY, two durable writes; fdatasync {}", figures::time(sync));
    let mut row = |what: &str, who: &str, took: fn(&Round) -> &[f64], each: u64, compared: String| {
        let row = Row { what, who, took, each };
        table.row(row.cells(rounds, compared));
    };

    let what = "SELECT of a file, through pcscd";
    let compared = format!("{} the stub", ratio(rounds, |r| beside(&r.exchange.select)));
    row(what, "a stub", |r| &r.exchange.select.peer, 1, String::new());
    row(what, "Warifu", |r| &r.exchange.select.ours, 1, compared);
    let what = "READ BINARY of 256 octets, through pcscd";
    let compared = format!("{} the stub", ratio(rounds, |r| beside(&r.exchange.read)));
    row(what, "a stub", |r| &r.exchange.read.peer, 1, String::new());
    row(what, "Warifu", |r| &r.exchange.read.ours, 1, compared);
    let what = "RSA-2048 signature, in this process";
    let compared = format!("{} the bare one", ratio(rounds, |r| beside(&r.exchange.sign)));
    row(what, "the bare operation", |r| &r.exchange.sign.peer, 1, String::new());
    row(what, "Warifu", |r| &r.exchange.sign.ours, 1, compared);
    let what = "RSA-2048 signature, through pcscd";
    let compared = format!("{} the bare one and the stub together", ratio(rounds, in_reader));
    row(what, "a stub", |r| &r.exchange.sign_in_reader.peer, 1, String::new());
    row(what, "Warifu", |r| &r.exchange.sign_in_reader.ours, 1, compared);
    let compared = format!("{} the file", ratio(rounds, |r| beside(&r.counter.verify)));
    row(&verify, &plain, |r| &r.counter.verify.peer, 1, String::new());
    row(&verify, "Warifu", |r| &r.counter.verify.ours, 1, compared);

    let each = |passes: fn(&Round) -> &Passes| rounds.first().map_or(0, |round| passes(round).characters);
    let what = "characters, all in the set";
    row(what, "Warifu", |r| &r.characters.fit.took, each(|r| &r.characters.fit), String::new());
    let what = "characters, none in the set";
    row(what, "Warifu", |r| &r.characters.unfit.took, each(|r| &r.characters.unfit), String::new());
    let what = "characters, none in the set, with all that is offered";
    row(what, "Warifu", |r| &r.characters.offered.took, each(|r| &r.characters.offered), String::new());
    table
}

impl Row<'_> {
    /// Of the round with the middle median; the medians of all of them besides.
    fn cells(&self, rounds: &[Round], compared: String) -> [String; 7] {
        let medians: Vec<f64> = rounds.iter().map(|round| figures::median((self.took)(round))).collect();
        let middle = figures::median(&medians);
        let took = rounds.iter().map(self.took).find(|took| figures::median(took) == middle);
        let what = match self.each {
            1 => self.what.to_owned(),
            each => format!("{} {}", figures::count(each), self.what),
        };
        [
            what,
            self.who.to_owned(),
            figures::time(middle),
            figures::time(figures::percentile(took.unwrap_or_default(), 99.0)),
            format!(
                "{} to {}",
                figures::time(figures::percentile(&medians, 0.0)),
                figures::time(figures::percentile(&medians, 100.0))
            ),
            figures::rate(self.each as f64 / middle),
            compared,
        ]
    }
}

/// Ours and the other's.
fn beside(both: &Beside) -> (f64, f64) {
    (figures::median(&both.ours), figures::median(&both.peer))
}

/// A signature in the reader, and what it is made of: an exchange and the bare operation.
fn in_reader(round: &Round) -> (f64, f64) {
    let (ours, exchange) = beside(&round.exchange.sign_in_reader);
    (ours, exchange + beside(&round.exchange.sign).1)
}

/// The middle one of the ratios of all rounds.
fn ratio(rounds: &[Round], of: impl Fn(&Round) -> (f64, f64)) -> String {
    let ratios: Vec<f64> = rounds.iter().map(of).map(|(ours, peer)| ours / peer).collect();
    figures::factor(figures::median(&ratios), 1.0)
}
