//! `cargo xtask bench NAME`: one measurement, one file in this folder.
//!
//! A measurement builds what it needs in the release profile itself, measures its peers in the same run and
//! prints a table that `docs/benchmarks.md` takes over.

use crate::house::House;
use anyhow::{Result, bail};

/// What `cargo xtask bench` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which measurement; without one, all are listed
    name: Option<String>,
    /// Arguments of the measurement itself
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// One measurement.
struct Bench {
    name: &'static str,
    about: &'static str,
    run: fn(&House, &[String]) -> Result<()>,
}

/// Every measurement. A new one is a file here and a line below.
const ALL: &[Bench] = &[];

/// Runs the measurement that was named.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let Some(name) = &args.name else {
        for bench in ALL {
            println!("{:<16} {}", bench.name, bench.about);
        }
        return Ok(());
    };
    match ALL.iter().find(|bench| bench.name == name) {
        Some(bench) => (bench.run)(house, &args.rest),
        None => bail!("no measurement is called {name}; `cargo xtask bench` lists them"),
    }
}
