//! `cargo xtask bench crl`: a full list of a million, and of ten million, from the command to the closed file.
//!
//! The time is that of `warifu ca publish` beside a running server: numbering, reading the database twice, hashing,
//! signing, writing, fsync, publishing, and the command itself. The peer is Go's `CreateRevocationList`, which
//! encodes and signs in memory from entries in memory, and writes nothing.

use super::bed::{
    Bed, Common, arguments, disk, figures,
    page::Table,
    peers,
    service::{Key, Service},
};
use crate::{command, house::House, postgres::Postgres};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Revoked certificates
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
    /// Lists that are made; the middle one counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Also ten times as many, on SQLite
    #[arg(long)]
    long: bool,
    /// Not on PostgreSQL
    #[arg(long)]
    no_postgres: bool,
}

/// One list that was made.
#[derive(Clone, Copy, Default)]
struct Made {
    seconds: f64,
    octets: u64,
    /// The most octets of memory the server had, above what it had before its first list.
    memory: u64,
    /// Seconds to write and sync as many octets and no more, just before.
    plain: f64,
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("crl", rest);
    let programs = peers::install()?;
    let bed = Bed::make(house, "crl", rest, &args.common)?;
    let (go, version) = peers::go_program(house, &bed.dir)?;
    let mut table = Table::new([
        "entries",
        "",
        "time",
        "memory above idle",
        "list",
        "same octets written plainly",
        "compared",
    ]);

    let mut sqlite = Service::found(&bed.warifu, &bed.dir.join("sqlite"), None)?;
    let model = model(&bed, &sqlite)?;
    let idle = fill(&bed, &mut sqlite, &model, args.count)?;
    // Ours and Go's take turns, so that both meet the same machine.
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        ours.push(publish(&bed, &sqlite, idle, args.count)?);
        theirs.push(go_list(&go, args.count)?);
    }
    let (million, peer) = (middle(&ours), middle(&theirs));
    table.row(row(args.count, "Warifu, SQLite", million, &times_faster(peer, million)));
    table.row([
        figures::count(args.count),
        format!("Go {version}, CreateRevocationList in memory"),
        figures::time(peer.seconds),
        String::new(),
        figures::megabytes(peer.octets),
        String::new(),
        String::new(),
    ]);
    if args.long {
        let more = args.count * 10;
        let idle = fill(&bed, &mut sqlite, &model, more - args.count)?;
        let made = (0..args.rounds).map(|_| publish(&bed, &sqlite, idle, more));
        let ten = middle(&made.collect::<Result<Vec<_>>>()?);
        let compared = format!("{} the time of a tenth", figures::factor(ten.seconds, million.seconds));
        table.row(row(more, "Warifu, SQLite", ten, &compared));
    }
    drop(sqlite);
    if !args.no_postgres {
        let server = Postgres::start_durable(&programs, &bed.dir)?;
        let url = server.new_database("bench")?;
        let mut postgres = Service::found(&bed.warifu, &bed.dir.join("postgres"), Some(&url))?;
        let model = self::model(&bed, &postgres)?;
        let idle = fill(&bed, &mut postgres, &model, args.count)?;
        let made = (0..args.rounds).map(|_| publish(&bed, &postgres, idle, args.count));
        let made = middle(&made.collect::<Result<Vec<_>>>()?);
        table.row(row(args.count, "Warifu, PostgreSQL", made, &times_faster(peer, made)));
    }
    bed.tell(&table)
}

fn row(entries: u64, who: &str, made: Made, compared: &str) -> [String; 7] {
    [
        figures::count(entries),
        who.to_owned(),
        figures::time(made.seconds),
        figures::megabytes(made.memory),
        figures::megabytes(made.octets),
        figures::time(made.plain),
        compared.to_owned(),
    ]
}

/// The one with the middle time, with the most memory of all.
fn middle(made: &[Made]) -> Made {
    let memory = made.iter().map(|m| m.memory).max().unwrap_or_default();
    Made { memory, ..figures::middle(made, |m| m.seconds).unwrap_or_default() }
}

fn times_faster(peer: Made, ours: Made) -> String {
    format!("{} as fast as Go", figures::factor(peer.seconds, ours.seconds))
}

/// One certificate issued in the ordinary way, after which those that fill the store are made.
pub(super) fn model(bed: &Bed<'_>, service: &Service) -> Result<String> {
    let text = std::fs::read_to_string(bed.requests(8)?.join("ours.jsonl"))?;
    let serials = service.issue(Key::P256, &text.lines().collect::<Vec<_>>())?;
    // One of full length: those made after it have one as well, and take its place octet for octet.
    serials
        .into_iter()
        .find(|s| s.len() == 40 && !s.starts_with("00"))
        .context("no serial of full length in eight")
}

/// Adds revoked certificates, as far as lists know them, and starts the server again; octets of memory it then has.
fn fill(bed: &Bed<'_>, service: &mut Service, model: &str, count: u64) -> Result<u64> {
    service.stop()?;
    service.fill(&bed.tool, model, "listed", count)?;
    service.start()?;
    service.settle()?;
    Ok(service.process()?.memory()?.0)
}

/// Makes a list and looks at what came of it.
fn publish(bed: &Bed<'_>, service: &Service, idle: u64, entries: u64) -> Result<Made> {
    // About what the list will have; the figure is of the disk, and its noise is larger than the difference.
    let plain = disk::plain_write(&bed.dir, entries * 53)?;
    let server = service.process()?;
    server.forget_peak()?;
    let begun = Instant::now();
    let said = service.say(&["ca", "publish", Key::P256.authority()])?;
    let seconds = figures::seconds(begun.elapsed());
    let (_, peak) = server.memory()?;
    let told = said.split_whitespace().any(|word| word == entries.to_string());
    ensure!(told, "the list does not have {entries} entries:\n{said}");
    let octets = largest(&service.blobs())?;
    let memory = peak.saturating_sub(idle);
    println!(
        "    {} entries in {}, {} above idle; {} written plainly in {}",
        figures::count(entries),
        figures::time(seconds),
        figures::megabytes(memory),
        figures::megabytes(entries * 53),
        figures::time(plain),
    );
    Ok(Made { seconds, octets, memory, plain })
}

/// The size of the largest file below `folder`: the list just made, as lists only grow here.
fn largest(folder: &Path) -> Result<u64> {
    let mut most = 0;
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let data = entry.metadata()?;
        most = most.max(if data.is_dir() { largest(&entry.path())? } else { data.len() });
    }
    Ok(most)
}

/// Seconds that Go takes, and the octets of its list.
fn go_list(program: &Path, entries: u64) -> Result<Made> {
    let said = command::capture(Command::new(program).arg(entries.to_string()))?;
    let mut words = said.split_whitespace();
    let mut next = || words.next().with_context(|| format!("the Go program said: {said}"));
    let (seconds, octets) = (next()?.parse()?, next()?.parse()?);
    println!("    Go: {} entries in {}", figures::count(entries), figures::time(seconds));
    Ok(Made { seconds, octets, ..Made::default() })
}
