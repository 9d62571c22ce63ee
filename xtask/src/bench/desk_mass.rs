//! `cargo xtask bench desk-mass`: mass work at the claims desk on both databases, through the functions that pages and
//! API call: 100,000 care providers from a file, 10,000 applications registered by one run and issued, a month of 100,000
//! offset fees. Each in a town of its own; memory is the peak above what the town needs when nothing happens.

use super::bed::{Bed, Common, arguments, figures, page::Table, peers};
use crate::{command, house::House, postgres::Postgres};
use anyhow::Result;
use serde::Deserialize;
use std::process::Command;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Lines of the file
    #[arg(long, default_value_t = 100_000)]
    import: u64,
    /// Applications
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
    /// Certificates in the month
    #[arg(long, default_value_t = 100_000)]
    offset: u64,
    /// Not on PostgreSQL
    #[arg(long)]
    no_postgres: bool,
}

/// What one part took.
#[derive(Deserialize)]
struct Took {
    count: u64,
    /// Each step and its seconds.
    steps: Vec<(String, f64)>,
    /// Octets.
    memory: u64,
    /// How often somebody was told to try again, and did.
    again: u64,
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("desk-mass", rest);
    let programs = peers::install()?;
    let bed = Bed::make(house, "desk-mass", rest, &args.common)?;
    let server = match args.no_postgres {
        true => None,
        false => Some(Postgres::start_durable(&programs, &bed.dir)?),
    };
    let mut table =
        Table::new(["work", "database", "step", "time", "a second", "memory of all steps", "asked again"]);
    for (part, name, count) in [
        // A tenth first: what grows with the file shows.
        ("import", "care providers from CSV", args.import / 10),
        ("import", "care providers from CSV", args.import),
        ("cases", "applications", args.cases),
        ("offset", "a month of offset fees", args.offset),
    ] {
        for (database, server) in [("SQLite", None), ("PostgreSQL", server.as_ref())] {
            if database == "PostgreSQL" && server.is_none() {
                continue;
            }
            let store =
                server.map(|server| server.new_database(&format!("mass_{part}_{count}"))).transpose()?;
            let mut tool = Command::new(&bed.tool);
            tool.args(["desk-mass", part, "--count", &count.to_string()]).env("TMPDIR", &bed.dir);
            if let Some(url) = store {
                tool.args(["--store", &url]);
            }
            let took: Took = serde_json::from_str(&command::capture(&mut tool)?)?;
            for (step, seconds) in &took.steps {
                println!("    {name}, {database}: {step} in {}", figures::time(*seconds));
                table.row([
                    format!("{} {name}", figures::count(took.count)),
                    database.to_owned(),
                    step.clone(),
                    figures::time(*seconds),
                    figures::rate(took.count as f64 / seconds),
                    figures::megabytes(took.memory),
                    took.again.to_string(),
                ]);
            }
        }
    }
    bed.tell(&table)
}
