//! `cargo xtask bench NAME`: one measurement, one file in this folder; what they stand on is in [`bed`].
//!
//! A measurement builds what it needs in the release profile itself, installs and measures its peers in the same
//! run, prints a table and writes it into `docs/benchmarks.md`. It asserts no times: figures of a machine that is
//! busy with something else are worthless, and a person looks at the load that is printed beside them.

mod batch;
mod bed;
mod card;
mod crl;
mod desk_cases;
mod desk_mass;
mod desk_pages;
mod issue;
mod papers;
mod revoke;
mod startup;

use crate::house::House;
use anyhow::{Result, bail};

/// What `cargo xtask bench` takes.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Which measurement; without one, all are listed
    #[arg(allow_hyphen_values = true)]
    name: Option<String>,
    /// Arguments of the measurement itself; --help lists them
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
const ALL: &[Bench] = &[
    Bench { name: "issue", about: "issuing over REST, beside cfssl serve", run: issue::run },
    Bench { name: "batch", about: "10,000 certificates in one request", run: batch::run },
    Bench {
        name: "crl",
        about: "a list of a million (--long: ten million), beside Go's crypto/x509",
        run: crl::run,
    },
    Bench { name: "revoke", about: "one revocation among a thousand and among a million", run: revoke::run },
    Bench {
        name: "startup",
        about: "from start to readiness with no and with a million certificates",
        run: startup::run,
    },
    Bench {
        name: "desk-pages",
        about: "status pages and lists of the claims desk over 100,000 cases",
        run: desk_pages::run,
    },
    Bench {
        name: "desk-cases",
        about: "cases of the claims desk from application to 発行済み",
        run: desk_cases::run,
    },
    Bench {
        name: "desk-mass",
        about: "mass work at the claims desk: import, issue, offset fees",
        run: desk_mass::run,
    },
    Bench { name: "papers", about: "receipts as PDF/A", run: papers::run },
    Bench {
        name: "card",
        about: "cards through pcscd, their signatures and counters, and characters of names",
        run: card::run,
    },
];

/// Runs the measurement that was named.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let Some(name) = args.name.as_deref().filter(|name| !["-h", "--help"].contains(name)) else {
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
