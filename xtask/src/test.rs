//! `cargo xtask test`: everything that must hold, in the order of what fails soonest.

use crate::{
    cards::Stack,
    command, demo, deny, fuzz,
    house::House,
    metadata::Metadata,
    new_desk, pages,
    postgres::Postgres,
    regen,
    setup::{self, Tools},
    shape,
    steps::{Part, Steps},
};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// What `cargo xtask test` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also what takes long: 1,000 random kills, an hour of fuzzing, suites of a million rows
    #[arg(long)]
    long: bool,
    /// Only these steps, by the names in the table; setup always runs
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// Seconds for each fuzz target in a short run.
const FUZZ_SHORT: u32 = 3;
/// Where the random choices of a short run begin.
const FUZZ_SEED: u32 = 1;
/// Seconds for all of them together in a long one.
const FUZZ_LONG: u32 = 3_600;

/// Runs every step and prints the table; fails when one failed.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let mut only = args.only.clone();
    if !only.is_empty() {
        only.push("setup".into());
    }
    let mut steps = Steps::new(&only);
    let Some(tools) = steps.run(Part::Setup, "setup", &[], || setup::run(house)) else {
        return steps.finish();
    };

    let l = Part::Lints;
    steps.run(l, "fmt", &[], || command::run(&mut cargo(house, &["fmt", "--all", "--check"])));
    steps.run(l, "shape", &[], || shape::run(house));
    steps.run(l, "deny", &[], || deny::run(house));
    steps.run(l, "clippy", &[], || {
        let wanted =
            ["clippy", "--locked", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        command::run(&mut cargo(house, &wanted))
    });

    steps.run(Part::Build, "build", &[], || demo::build(house));
    steps.run(Part::Build, "fuzzers", &["build"], || fuzz::build(house).map(drop));
    steps.run(l, "regen", &["build"], || regen::run(house, &regen::Args { check: true, binary: None }));

    let scratch = Scratch::new()?;
    let data = scratch.path.join("demo");
    steps.run(Part::Tests, "demo", &["build"], || demo::walk(&demo::binary(house)?, &data));
    steps.run(Part::Tests, "pages", &["build"], || {
        let folder = scratch.path.join("pages");
        std::fs::create_dir(&folder)?;
        pages::follow(house, &demo::binary(house)?, &folder)
    });
    let outside = Outside {
        postgres: Postgres::start(&tools.postgres)?,
        cards: Stack::start(&std::env::temp_dir())?,
        tools,
        binary: demo::binary(house)?,
        data,
        long: args.long,
    };
    steps.run(Part::Tests, "tests", &["build"], || {
        let wanted = ["test", "--locked", "--workspace", "--quiet", "--no-fail-fast"];
        let chosen = without_steps_of_their_own(house)?;
        let most = command::run(outside.known_to(cargo(house, &wanted).args(chosen)));
        let documented = command::run(outside.known_to(cargo(house, &wanted).arg("--doc")));
        most.and(documented)
    });
    steps.run(Part::Tests, "new-desk", &["build"], || {
        new_desk::trial(house, "trial", |cargo| {
            outside.known_to(cargo);
        })
    });
    steps.run(Part::Tests, "browser", &["build"], || {
        let wanted = ["test", "--locked", "--workspace", "--test", BROWSER, "--quiet"];
        command::run(outside.known_to(&mut cargo(house, &wanted)))
    });
    steps.run(Part::Tests, "judges", &["demo"], || {
        let wanted = ["test", "--locked", "--workspace", "--test", JUDGES, "--quiet"];
        command::run(outside.known_to(&mut cargo(house, &wanted)))
    });
    steps.run(Part::Tests, "fuzz", &["fuzzers"], || {
        let targets = u32::try_from(shape::fuzz_targets(house)?.len()).context("too many fuzz targets")?;
        let seconds = if args.long { FUZZ_LONG / targets.max(1) } else { FUZZ_SHORT };
        // A short run makes the same choices each time, so that a finding belongs to the change that made it; the
        // long one looks somewhere new.
        let seed = (!args.long).then_some(FUZZ_SEED);
        fuzz::run(house, &fuzz::Args { seconds, seed, targets: Vec::new() })
    });
    steps.finish()
}

/// What tests find in their environment.
struct Outside {
    tools: Tools,
    postgres: Postgres,
    cards: Stack,
    binary: PathBuf,
    data: PathBuf,
    long: bool,
}

impl Outside {
    /// Tells a command where everything is.
    fn known_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("WARIFU_TEST_POSTGRES", self.postgres.url())
            .env("WARIFU_TEST_PYTHON", self.tools.python())
            .env("WARIFU_TEST_AXE", &self.tools.axe)
            .env("WARIFU_TEST_BINARY", &self.binary)
            .env("WARIFU_ARTIFACTS", self.data.join("artifacts"));
        self.cards.known_to(command);
        if self.long {
            command.env("WARIFU_LONG", "1");
        }
        command
    }
}

/// The tests of browsers and judges, which need more and have steps of their own.
const BROWSER: &str = "browser";
const JUDGES: &str = "judges";

/// All other tests, as cargo is told. They are chosen by target: with packages left out, cargo would choose other
/// features for what they all use, and build nearly everything once more.
fn without_steps_of_their_own(house: &House) -> Result<Vec<String>> {
    let metadata = Metadata::of(house)?;
    let tests: BTreeSet<&str> = metadata.ours().flat_map(|package| package.tests()).collect();
    let mut chosen = vec!["--lib".to_owned(), "--bins".to_owned()];
    for name in tests.into_iter().filter(|name| ![BROWSER, JUDGES].contains(name)) {
        chosen.extend(["--test".to_owned(), name.to_owned()]);
    }
    Ok(chosen)
}

/// Cargo in the clone, without the network: setup has fetched everything.
fn cargo(house: &House, args: &[&str]) -> Command {
    let mut cargo = command::cargo();
    cargo.args(args).current_dir(house.root()).env("CARGO_NET_OFFLINE", "true");
    cargo
}

/// A folder for one run, removed at its end.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("warifu-test-{}", std::process::id()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed stays in the temporary folder of the system; no test depends on it.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
