//! `cargo xtask bench issue`: issuing over REST on the real server, beside `cfssl serve`, which stores nothing.
//!
//! Ours checks the proof of possession and the reuse of keys, lints, records, signs, and tells feed and ledger; every
//! answer comes after two commits that are on the disk. Both get the same rotating set of distinct requests
//! from one thread of wrk on the same machine. Rounds alternate between all parts; the round with the middle
//! rate counts.

use super::bed::{
    Bed, Common, arguments,
    cfssl::Cfssl,
    figures,
    page::Table,
    peers,
    service::{Key, Service},
    wrk::{self, Goal, Load},
};
use crate::{house::House, postgres::Postgres};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Seconds of one load
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Rounds through all parts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Distinct requests
    #[arg(long, default_value_t = 50_000)]
    count: usize,
}

const CONNECTIONS: [u32; 2] = [8, 64];
/// PostgreSQL is measured over as many.
const POSTGRES_CONNECTIONS: u32 = 64;

/// Who is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Cfssl,
    Sqlite,
    Postgres,
}

/// One cell of the measurement and what its rounds gave.
struct Part {
    key: Key,
    connections: u32,
    who: Who,
    rounds: Vec<(Load, f64)>,
}

impl Part {
    /// The round with the middle rate, and the disk's latency before it.
    fn middle(&self) -> (Load, f64) {
        figures::middle(&self.rounds, |(load, _)| load.per_second).unwrap_or_default()
    }

    fn spread(&self) -> String {
        let rates = self.rounds.iter().map(|(load, _)| load.per_second);
        let (least, most) = rates.fold((f64::MAX, 0.0), |(a, b), r| (f64::min(a, r), f64::max(b, r)));
        format!("{} to {}", figures::rate(least), figures::rate(most))
    }
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("issue", rest);
    let programs = peers::install()?;
    let bed = Bed::make(house, "issue", rest, &args.common)?;
    let requests = bed.requests(args.count)?;
    let all = Everybody::start(&bed, &programs, requests)?;
    let mut parts = Vec::new();
    for key in Key::ALL {
        for connections in CONNECTIONS {
            for who in [Who::Cfssl, Who::Sqlite, Who::Postgres] {
                if who != Who::Postgres || connections == POSTGRES_CONNECTIONS {
                    parts.push(Part { key, connections, who, rounds: Vec::new() });
                }
            }
        }
    }
    // Round 0 warms up and does not count. Each round goes on in the set where the last one ended.
    for round in 0..=args.rounds {
        for part in &mut parts {
            let seconds = if round == 0 { 1 } else { args.seconds };
            let first = part.rounds.iter().map(|(load, _)| load.requests).sum();
            println!("{}, {} connections, {}", part.key.name(), part.connections, all.name(part.who));
            let latency = bed.sync_latency()?;
            let load = wrk::load(house, &all.goal(part.who, part.key)?, part.connections, seconds, first)?;
            let Load { per_second, p50, p99, refused, errors, .. } = load;
            let (p50, p99) = (figures::time(p50), figures::time(p99));
            println!(
                "    {}/s, p50 {p50}, p99 {p99}, {refused} not 2xx, {errors} errors",
                figures::rate(per_second)
            );
            if round > 0 {
                part.rounds.push((load, latency));
            }
            all.settle(part.who)?;
        }
    }
    bed.tell(&table(&parts, &all))
}

fn table(parts: &[Part], all: &Everybody) -> Table {
    let mut table = Table::new([
        "CA key",
        "connections",
        "",
        "issued/s",
        "of all rounds",
        "p50",
        "p99",
        "not 2xx",
        "fdatasync",
        "compared",
    ]);
    let rate_of = |key, connections, who| {
        let same = |part: &&Part| (part.key, part.connections, part.who) == (key, connections, who);
        parts.iter().find(same).map_or(0.0, |part| part.middle().0.per_second)
    };
    for part in parts {
        let (load, latency) = part.middle();
        let (other, other_name) = match part.who {
            Who::Cfssl => (0.0, ""),
            Who::Sqlite => (rate_of(part.key, part.connections, Who::Cfssl), "cfssl"),
            Who::Postgres => (rate_of(part.key, part.connections, Who::Sqlite), "SQLite"),
        };
        table.row([
            part.key.name().to_owned(),
            part.connections.to_string(),
            all.name(part.who),
            figures::rate(load.per_second),
            part.spread(),
            figures::time(load.p50),
            figures::time(load.p99),
            (load.refused + load.errors).to_string(),
            figures::time(latency),
            format!("{} {other_name}", figures::factor(load.per_second, other)).trim().to_owned(),
        ]);
    }
    table
}

/// All servers, running side by side; those that are not loaded have nothing to do.
struct Everybody {
    cfssl: Vec<(Key, Cfssl)>,
    cfssl_version: String,
    sqlite: Service,
    postgres: Service,
    requests: PathBuf,
    // Last, so that it ends after the service that uses it.
    _server: Postgres,
}

impl Everybody {
    fn start(bed: &Bed<'_>, programs: &Path, requests: PathBuf) -> Result<Self> {
        let cfssl =
            Key::ALL.map(|key| Ok((key, Cfssl::start(&bed.dir.join(format!("cfssl-{}", key.name())), key)?)));
        let cfssl = cfssl.into_iter().collect::<Result<_>>()?;
        let sqlite = Service::found(&bed.warifu, &bed.dir.join("sqlite"), None)?;
        let server = Postgres::start_durable(programs, &bed.dir)?;
        let url = server.new_database("bench")?;
        let postgres = Service::found(&bed.warifu, &bed.dir.join("postgres"), Some(&url))?;
        let cfssl_version = Cfssl::version()?;
        Ok(Self { cfssl, cfssl_version, sqlite, postgres, requests, _server: server })
    }

    fn name(&self, who: Who) -> String {
        match who {
            Who::Cfssl => format!("cfssl serve {}", self.cfssl_version),
            Who::Sqlite => "Warifu, SQLite".to_owned(),
            Who::Postgres => "Warifu, PostgreSQL".to_owned(),
        }
    }

    fn ours(&self, who: Who) -> Option<&Service> {
        match who {
            Who::Cfssl => None,
            Who::Sqlite => Some(&self.sqlite),
            Who::Postgres => Some(&self.postgres),
        }
    }

    fn goal(&self, who: Who, key: Key) -> Result<Goal<'_>> {
        if let Some(ours) = self.ours(who) {
            let bodies = self.requests.join("ours.jsonl");
            return Ok(Goal { url: ours.orders(key), bodies, token: Some(ours.token()) });
        }
        let (_, server) =
            self.cfssl.iter().find(|(k, _)| *k == key).context("a server for each kind of key")?;
        Ok(Goal { url: server.orders(), bodies: self.requests.join("cfssl.jsonl"), token: None })
    }

    fn settle(&self, who: Who) -> Result<()> {
        self.ours(who).map_or(Ok(()), Service::settle)
    }
}
