//! One pass of the demo on the test build, and whether it left what it promises.

use crate::{command, house::House, metadata::Metadata};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo xtask demo` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the demo keeps its data; must not exist yet or be empty
    #[arg(long, default_value = "target/demo")]
    data: PathBuf,
}

/// Files the demo leaves in `artifacts/authority/`, for judges outside; a `*` stands for anything.
const ARTIFACTS: [&str; 26] = [
    "rsa/root.pem",
    "rsa/ca.pem",
    "rsa/leaf.pem",
    "rsa/revoked.pem",
    "rsa/crl.der",
    "p256/root.pem",
    "p256/ca.pem",
    "p256/leaf.pem",
    "p256/revoked.pem",
    "p256/crl.der",
    "p256/delta.der",
    "p256/partition-*.der",
    "p256/partitioned-leaf.pem",
    "p256/old-with-new.pem",
    "p256/new-with-old.pem",
    "p256/new-root.pem",
    "p256/cross.pem",
    "mldsa/root.pem",
    "mldsa/ca.pem",
    "mldsa/leaf.pem",
    "mldsa/revoked.pem",
    "mldsa/crl.der",
    "ceremony.json",
    "ceremony.json.sig",
    "ceremony.pub.pem",
    "ledger/checkpoint",
];

/// Builds the binary and runs one pass.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    build(house)?;
    walk(&binary(house)?, &args.data)
}

/// Builds everything as the tests do: another choice of packages would be another choice of features, and so
/// another build of half the tree.
pub(crate) fn build(house: &House) -> Result<()> {
    let all = ["build", "--locked", "--workspace", "--all-targets", "--quiet"];
    command::run(command::cargo().args(all).current_dir(house.root()))
}

/// The binary of the test build.
pub(crate) fn binary(house: &House) -> Result<PathBuf> {
    Ok(Metadata::of(house)?.target_directory.join("debug/warifu"))
}

/// Runs what `cargo demo -- --exit` runs, into `data`, and looks at what it left.
pub(crate) fn walk(binary: &Path, data: &Path) -> Result<()> {
    command::run(Command::new(binary).args(["demo", "--", "--exit", "--data"]).arg(data))?;
    let left = data.join("artifacts/authority");
    let missing: Vec<&str> = ARTIFACTS.into_iter().filter(|name| !is_there(&left, name)).collect();
    if !missing.is_empty() {
        bail!("the demo left no {} in {}", missing.join(", "), left.display());
    }
    println!("    the demo left its {} artifacts in {}", ARTIFACTS.len(), left.display());
    Ok(())
}

fn is_there(folder: &Path, name: &str) -> bool {
    let Some((start, end)) = name.split_once('*') else { return folder.join(name).is_file() };
    let (inner, start) = start.rsplit_once('/').unwrap_or(("", start));
    let names = std::fs::read_dir(folder.join(inner)).context("no such folder");
    names.is_ok_and(|mut entries| {
        entries.any(|entry| {
            let name = entry.map(|e| e.file_name().to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(start) && name.ends_with(end)
        })
    })
}
