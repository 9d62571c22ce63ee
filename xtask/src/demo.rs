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

/// Files the demo leaves in `artifacts/`, for judges outside; a `*` stands for anything.
const ARTIFACTS: [&str; 51] = [
    "authority/rsa/root.pem",
    "authority/rsa/ca.pem",
    "authority/rsa/leaf.pem",
    "authority/rsa/revoked.pem",
    "authority/rsa/crl.der",
    "authority/p256/root.pem",
    "authority/p256/ca.pem",
    "authority/p256/leaf.pem",
    "authority/p256/revoked.pem",
    "authority/p256/crl.der",
    "authority/p256/delta.der",
    "authority/p256/partition-*.der",
    "authority/p256/partitioned-leaf.pem",
    "authority/p256/old-with-new.pem",
    "authority/p256/new-with-old.pem",
    "authority/p256/new-root.pem",
    "authority/p256/cross.pem",
    "authority/mldsa/root.pem",
    "authority/mldsa/ca.pem",
    "authority/mldsa/leaf.pem",
    "authority/mldsa/revoked.pem",
    "authority/mldsa/crl.der",
    "authority/ceremony.json",
    "authority/ceremony.json.sig",
    "authority/ceremony.pub.pem",
    "authority/ledger/checkpoint",
    "claims/receipt.pdf",
    "claims/certificate.p12",
    "claims/own.pem",
    "claims/apply.tlog-proof",
    "claims/root.pem",
    "claims/ca.pem",
    "claims/provider.pem",
    "claims/provider.p12",
    "claims/provider.p12.password",
    "claims/agent.pem",
    "claims/revoked.pem",
    "claims/crl.der",
    "claims/quotation.pdf",
    "claims/invoice.pdf",
    "claims/password-letter.pdf",
    "claims/notice.p7m",
    "claims/notice.key",
    "card/sign.pem",
    "card/auth.pem",
    "card/sign-ca.pem",
    "card/auth-ca.pem",
    "card/apdu.log",
    "card/demo.card",
    "card/demo.pins",
    "card/card-keys.txt",
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
    let left = data.join("artifacts");
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
