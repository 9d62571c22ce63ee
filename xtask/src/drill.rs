//! `cargo xtask drill`: kills the service on purpose, as often as is asked.
//!
//! Drills are test binaries called `drills`; they are part of every test run with few kills. This task runs
//! them alone, with their output, and with as many kills as one likes.

use crate::{command, house::House, postgres::Postgres, setup};
use anyhow::Result;

/// What `cargo xtask drill` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Random kills under load, besides one at every fault point
    #[arg(long, default_value_t = 50)]
    kills: u32,
    /// Only drills whose name contains this
    filter: Option<String>,
}

/// Runs the drills.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let tools = setup::run(house)?;
    let postgres = Postgres::start(&tools.postgres)?;
    let mut test = command::cargo();
    test.args(["test", "--locked", "--workspace", "--test", "drills", "--"]);
    test.args(args.filter.iter()).arg("--nocapture");
    test.env("WARIFU_TEST_POSTGRES", postgres.url()).env("WARIFU_DRILL_KILLS", args.kills.to_string());
    command::run(test.current_dir(house.root()))
}
