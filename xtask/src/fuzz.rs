//! `cargo xtask fuzz`: builds the fuzz targets with the stable compiler and runs each for a while.
//!
//! libFuzzer is compiled in by `libfuzzer-sys`; coverage comes from a pass of LLVM that the stable compiler
//! will run when asked, so neither a nightly compiler nor cargo-fuzz is needed.

use crate::{command, house::House, shape};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo xtask fuzz` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    pub(crate) seconds: u32,
    /// Where the random choices begin; a fresh place when left out
    #[arg(long)]
    pub(crate) seed: Option<u32>,
    /// Only these targets
    pub(crate) targets: Vec<String>,
}

/// Seeds that lie elsewhere in the house: target → folder. All others lie in `tests/fuzz/seeds/TARGET`.
const SEEDS_ELSEWHERE: [(&str, &str); 1] = [("profile", "core/x509/profiles")];

/// What the compiler is asked for so that libFuzzer sees which branches an input takes.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Builds all targets and runs the chosen ones.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let build = build(house)?;
    let targets = shape::fuzz_targets(house)?;
    if let Some(unknown) = args.targets.iter().find(|t| !targets.contains(*t)) {
        bail!("no fuzz target is called {unknown}; there are: {}", join(&targets));
    }
    let mut failed = Vec::new();
    for target in targets.iter().filter(|t| args.targets.is_empty() || args.targets.contains(t)) {
        if let Err(error) = run_one(house, &build, target, args) {
            println!("!!  {target}: {error:#}");
            failed.push(target.clone());
        }
    }
    if !failed.is_empty() {
        bail!("findings in {}; the inputs lie in tests/fuzz/artifacts", failed.join(", "));
    }
    Ok(())
}

/// Compiles every target and returns the folder they lie in.
///
/// With `--target` the flags reach what is fuzzed and not the build scripts, which have no libFuzzer to call.
pub(crate) fn build(house: &House) -> Result<PathBuf> {
    let folder = house.path("tests/fuzz");
    let (host, target) = (host()?, folder.join("target"));
    command::run(
        command::cargo()
            .args(["build", "--release", "--locked", "--quiet", "--target", &host, "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_NET_OFFLINE", "true")
            .env("RUSTFLAGS", COVERAGE),
    )?;
    Ok(target.join(host).join("release"))
}

/// The platform we run on, as the compiler calls it.
fn host() -> Result<String> {
    let version = command::capture(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}

/// Runs one target from its seeds; what it learns stays in its own folder below `target/`.
fn run_one(house: &House, build: &Path, target: &str, args: &Args) -> Result<()> {
    let learned = build.join("corpus").join(target);
    let findings = house.path("tests/fuzz/artifacts");
    for made in [&learned, &findings] {
        std::fs::create_dir_all(made).with_context(|| made.display().to_string())?;
    }
    let elsewhere = SEEDS_ELSEWHERE.iter().find(|(name, _)| *name == target);
    let seeds =
        elsewhere.map_or_else(|| house.path("tests/fuzz/seeds").join(target), |(_, at)| house.path(at));
    let mut fuzz = Command::new(build.join(target));
    fuzz.arg(&learned);
    if seeds.is_dir() {
        fuzz.arg(&seeds);
    }
    fuzz.arg(format!("-artifact_prefix={}/{target}-", findings.display()))
        .arg(format!("-max_total_time={}", args.seconds))
        .args(args.seed.map(|seed| format!("-seed={seed}")))
        .args(["-timeout=10", "-rss_limit_mb=2048", "-verbosity=0"])
        .args(["-max_len=20000", "-print_final_stats=0"]);
    command::run(&mut fuzz)
}

fn join(names: &std::collections::BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
