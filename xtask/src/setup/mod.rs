//! `cargo xtask setup`: what the tests need from outside.
//!
//! Idempotent and keyed by its own recipe: everything that decides what gets installed is hashed, and the
//! hash names the folder, so a changed recipe is a new folder and an unchanged one costs a few milliseconds.
//! Nothing goes into the clone. After setup no step of `cargo xtask test` needs the network.

mod axe;
pub(crate) mod debian;
mod python;

use crate::{command, house::House};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What setup leaves behind.
pub(crate) struct Tools {
    /// The Python environment of the judges.
    pub(crate) venv: PathBuf,
    /// axe-core, the judge of accessibility: one script.
    pub(crate) axe: PathBuf,
    /// The folder with `initdb` and `postgres`.
    pub(crate) postgres: PathBuf,
}

impl Tools {
    /// The interpreter of the Python environment.
    pub(crate) fn python(&self) -> PathBuf {
        self.venv.join("bin/python")
    }
}

/// Locked manifests outside the workspace, fetched too, so that later steps run without the network.
const OTHER_MANIFESTS: [&str; 2] = ["tests/fuzz/Cargo.toml", "tests/oracles/Cargo.toml"];

/// Installs what is missing and says where everything is.
pub(crate) fn run(house: &House) -> Result<Tools> {
    toolchain()?;
    debian::install(&debian::PACKAGES)?;
    let folder = house.cache().join(format!("tools-{:016x}", recipe()));
    let venv = python::environment(&folder)?;
    let axe = axe::script(&folder, &venv)?;
    let postgres = postgres_folder(Path::new("/usr/lib/postgresql"))?;
    fetch(house)?;
    println!("    tools in {}, PostgreSQL in {}", folder.display(), postgres.display());
    Ok(Tools { venv, axe, postgres })
}

/// The compiler's own parts: rustfmt and clippy come with rustup's default profile, but not with every one.
fn toolchain() -> Result<()> {
    for (component, task) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if command::succeeds(command::cargo().args([task, "--version"])) {
            continue;
        }
        command::run(Command::new("rustup").args(["component", "add", component]))
            .with_context(|| format!("{component} is missing and rustup could not add it"))?;
    }
    if !command::succeeds(Command::new("cc").arg("--version")) {
        bail!("no C compiler: `cc` is needed for aws-lc and SQLite (Debian: apt-get install gcc libc6-dev)");
    }
    Ok(())
}

/// Crates of every lock file into cargo's own cache.
fn fetch(house: &House) -> Result<()> {
    let mut manifests = vec![house.path("Cargo.toml")];
    manifests.extend(OTHER_MANIFESTS.iter().map(|m| house.path(m)).filter(|m| m.exists()));
    for manifest in manifests {
        let fetch = |offline: bool| {
            let mut fetch = command::cargo();
            fetch.args(["fetch", "--quiet", "--locked", "--manifest-path"]).arg(&manifest);
            if offline {
                fetch.arg("--offline");
            }
            fetch
        };
        if !command::succeeds(&mut fetch(true)) {
            command::run(&mut fetch(false))?;
        }
    }
    Ok(())
}

/// The newest PostgreSQL below `base`.
pub(crate) fn postgres_folder(base: &Path) -> Result<PathBuf> {
    let versions = std::fs::read_dir(base).with_context(|| format!("no PostgreSQL in {}", base.display()))?;
    versions
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| base.join(format!("{version}/bin/initdb")).exists())
        .max()
        .map(|version| base.join(format!("{version}/bin")))
        .with_context(|| format!("no PostgreSQL server in {}", base.display()))
}

/// A hash of everything that decides what is installed (FNV-1a: a name, not a protection).
fn recipe() -> u64 {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let parts = [python::REQUIREMENTS, axe::REQUIREMENTS, &debian::PACKAGES.join(" "), &release];
    parts
        .iter()
        .flat_map(|part| part.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
