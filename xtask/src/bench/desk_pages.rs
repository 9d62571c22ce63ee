//! `cargo xtask bench desk-pages`: pages of the claims desk over 100,000 cases, asked for one after another on one
//! connection of this machine, on both databases.
//!
//! The time is that of the client, from the first octet asked to the last one answered: session, database and
//! rendering are in it. The town of `tests/harness` is the server, in a process of its own; its clock stands still, so
//! that no session is prolonged meanwhile, and it has nothing else to do. Pages take turns, round by round;
//! of each the round with the least p95 counts, since whatever else the machine does only adds.

use super::bed::{Bed, Common, arguments, bound_to_us, figures, http::Client, page::Table, peers};
use crate::{house::House, postgres::Postgres};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    time::Instant,
};

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Cases in the desk
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// Rounds through all pages
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How often each page is asked for in a round
    #[arg(long, default_value_t = 200)]
    times: usize,
    /// Not on PostgreSQL
    #[arg(long)]
    no_postgres: bool,
}

/// What the tool says once it serves.
#[derive(Deserialize)]
struct Served {
    port: u16,
    pages: Vec<Page>,
}

#[derive(Deserialize)]
struct Page {
    part: String,
    name: String,
    cookie: String,
    path: String,
}

/// One round of one page.
#[derive(Clone, Copy, Default)]
struct Round {
    p50: f64,
    p95: f64,
    p99: f64,
    octets: usize,
}

/// Requests before those that count: caches of statements and pages are warm, as in the middle of a day.
const WARM: usize = 10;

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("desk-pages", rest);
    let programs = peers::install()?;
    let bed = Bed::make(house, "desk-pages", rest, &args.common)?;
    let mut table = Table::new(["", "page", "database", "p50", "p95", "p99", "p50 of all rounds", "page of"]);
    let sqlite = measure(&bed, &args, None)?;
    let postgres = if args.no_postgres {
        Vec::new()
    } else {
        let server = Postgres::start_durable(&programs, &bed.dir)?;
        measure(&bed, &args, Some(&server.new_database("bench")?))?
    };
    for (database, measured) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        for (page, rounds) in measured {
            table.row(row(&page, database, &rounds));
        }
    }
    bed.tell(&table)
}

fn row(page: &Page, database: &str, rounds: &[Round]) -> [String; 8] {
    let best = rounds.iter().copied().min_by(|a, b| a.p95.total_cmp(&b.p95)).unwrap_or_default();
    let all: Vec<f64> = rounds.iter().map(|round| round.p50).collect();
    let (least, most) = (figures::percentile(&all, 0.0), figures::percentile(&all, 100.0));
    [
        page.part.clone(),
        page.name.clone(),
        database.to_owned(),
        figures::time(best.p50),
        figures::time(best.p95),
        figures::time(best.p99),
        format!("{} to {}", figures::time(least), figures::time(most)),
        format!("{:.1} kB", best.octets as f64 / 1e3),
    ]
}

/// Every page with its rounds.
fn measure(bed: &Bed<'_>, args: &Args, store: Option<&str>) -> Result<Vec<(Page, Vec<Round>)>> {
    let (_town, served) = serve(bed, args.count, store)?;
    let mut pages: Vec<_> = served.pages.into_iter().map(|page| (page, Vec::new())).collect();
    for _ in 0..args.rounds {
        for (page, rounds) in &mut pages {
            let round = ask(served.port, page, args.times)?;
            println!("    {}: p50 {}, p95 {}", page.name, figures::time(round.p50), figures::time(round.p95));
            rounds.push(round);
        }
    }
    Ok(pages)
}

/// Asks for a page again and again.
fn ask(port: u16, page: &Page, times: usize) -> Result<Round> {
    let mut client = Client::connect(port)?.with_cookies(&page.cookie);
    let (mut took, mut octets) = (Vec::with_capacity(times), 0);
    for at in 0..WARM + times {
        let begun = Instant::now();
        let answer = client.get(&page.path)?;
        let seconds = figures::seconds(begun.elapsed());
        ensure!(answer.status == 200, "{}: {}", page.path, answer.status);
        if at >= WARM {
            took.push(seconds);
        }
        octets = answer.body.len();
    }
    let [p50, p95, p99] = [50.0, 95.0, 99.0].map(|percent| figures::percentile(&took, percent));
    Ok(Round { p50, p95, p99, octets })
}

/// A process that ends with this value.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // Its input closes; what it does in the end nobody waits for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the town and waits until its desk is full.
fn serve(bed: &Bed<'_>, count: u64, store: Option<&str>) -> Result<(Serving, Served)> {
    let mut serve = bound_to_us(&bed.tool);
    serve.args(["desk-pages", "--count", &count.to_string()]).env("TMPDIR", &bed.dir);
    if let Some(url) = store {
        serve.args(["--store", url]);
    }
    let mut town = Serving(serve.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
    let said = town.0.stdout.take().context("its output is ours")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let served = serde_json::from_str(&line).context("the town did not come up")?;
    Ok((town, served))
}
