//! `cargo xtask bench desk-cases`: cases of the claims desk from application to 発行済み, through the functions that
//! pages and API call, on both databases.
//!
//! Everybody applies (the issue password is checked each time, as ever), a clerk registers everything, and when the
//! time to undo is over the jobs bring all cases to their end as fast as they can: a key and a certificate each,
//! then a notice and a mail that goes to a real SMTP server. The time of the last part ends when the last case is 発行済み.

use super::bed::{Bed, Common, arguments, figures, page::Table, peers};
use crate::{command, house::House, postgres::Postgres};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Cases in one round
    #[arg(long, default_value_t = 200)]
    count: usize,
    /// Rounds, each in a town of its own; the middle one counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Not on PostgreSQL
    #[arg(long)]
    no_postgres: bool,
}

/// Seconds that each part took.
#[derive(Clone, Copy, Default, Deserialize)]
struct Took {
    cases: usize,
    applying: f64,
    registering: f64,
    issuing: f64,
    /// How often somebody was told to try again, and did.
    again: u64,
}

impl Took {
    fn all(&self) -> f64 {
        self.applying + self.registering + self.issuing
    }
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("desk-cases", rest);
    let programs = peers::install()?;
    let bed = Bed::make(house, "desk-cases", rest, &args.common)?;
    let requests = requests(&bed.dir, args.count)?;
    let server = match args.no_postgres {
        true => None,
        false => Some(Postgres::start_durable(&programs, &bed.dir)?),
    };
    let databases = [("SQLite", None), ("PostgreSQL", server.as_ref())];
    let mut table = Table::new([
        "key",
        "database",
        "cases/s",
        "of all rounds",
        "applications/s",
        "registered/s",
        "issued by jobs/s",
        "asked again",
        "fdatasync",
    ]);
    for (key, requests) in [("RSA-2048 made by the service", None), ("the applicant's own", Some(&requests))]
    {
        for (database, server) in &databases {
            if *database == "PostgreSQL" && server.is_none() {
                continue;
            }
            let latency = bed.sync_latency()?;
            let mut rounds = Vec::new();
            for round in 0..args.rounds {
                let name = format!("cases{}{round}", u8::from(requests.is_some()));
                let store = server.map(|server| server.new_database(&name)).transpose()?;
                let took = measure(&bed, args.count, store.as_deref(), requests)?;
                println!("    {key}, {database}: {} cases/s", rate(&took, Took::all));
                rounds.push(took);
            }
            let middle = figures::middle(&rounds, Took::all).context("a round at least")?;
            let slowest =
                rounds.iter().copied().max_by(|a, b| a.all().total_cmp(&b.all())).unwrap_or_default();
            let quickest =
                rounds.iter().copied().min_by(|a, b| a.all().total_cmp(&b.all())).unwrap_or_default();
            table.row([
                key.to_owned(),
                (*database).to_owned(),
                rate(&middle, Took::all),
                format!("{} to {}", rate(&slowest, Took::all), rate(&quickest, Took::all)),
                rate(&middle, |took| took.applying),
                rate(&middle, |took| took.registering),
                rate(&middle, |took| took.issuing),
                middle.again.to_string(),
                figures::time(latency),
            ]);
        }
    }
    bed.tell(&table)
}

fn rate(took: &Took, part: impl Fn(&Took) -> f64) -> String {
    format!("{:.1}", took.cases as f64 / part(took))
}

/// One round in a new town.
fn measure(bed: &Bed<'_>, count: usize, store: Option<&str>, requests: Option<&PathBuf>) -> Result<Took> {
    let mut tool = Command::new(&bed.tool);
    tool.args(["desk-cases", "--count", &count.to_string()]).env("TMPDIR", &bed.dir);
    if let Some(url) = store {
        tool.args(["--store", url]);
    }
    if let Some(requests) = requests {
        tool.arg("--requests").arg(requests);
    }
    Ok(serde_json::from_str(&command::capture(&mut tool)?)?)
}

/// Requests of the applicants' own, RSA-2048, made by OpenSSL as applicants make them.
fn requests(dir: &Path, count: usize) -> Result<PathBuf> {
    let file = dir.join("own.pem");
    let mut text = String::new();
    for _ in 0..count {
        let mut make = Command::new("openssl");
        make.args([
            "req",
            "-new",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "/dev/null",
            "-subj",
            "/CN=own",
        ]);
        text.push_str(&command::capture(&mut make)?);
    }
    std::fs::write(&file, text)?;
    Ok(file)
}
