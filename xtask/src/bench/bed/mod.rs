//! What measurements stand on: builds, peers, a service of our own, loads, clocks, the page.

pub(super) mod cfssl;
pub(super) mod disk;
pub(super) mod figures;
pub(super) mod http;
pub(super) mod page;
pub(super) mod peers;
pub(super) mod process;
pub(super) mod service;
pub(super) mod wrk;

use crate::{command, house::House, metadata::Metadata};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every measurement takes.
#[derive(clap::Args)]
pub(super) struct Common {
    /// Where databases and files lie while it is measured: on a disk, not in memory [target/bench]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The page that takes over the table [docs/benchmarks.md]
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// The profile in which the product is built; operators build with `dist`
    #[arg(long, default_value = "release")]
    profile: String,
    /// Measure the binaries in this folder instead of building
    #[arg(long, value_name = "DIR")]
    built: Option<PathBuf>,
    /// Leave databases and files where they are
    #[arg(long)]
    keep: bool,
}

/// One measurement under way: where things are, and how it was called.
pub(super) struct Bed<'a> {
    /// The clone.
    pub(super) house: &'a House,
    /// The binary of the product.
    pub(super) warifu: PathBuf,
    /// The binary of `tests/bench`.
    pub(super) tool: PathBuf,
    /// An empty folder on a disk, this measurement's own.
    pub(super) dir: PathBuf,
    /// Where all binaries are.
    built: PathBuf,
    name: &'static str,
    /// How it was called, for the page.
    called: String,
    page: PathBuf,
    keep: bool,
}

/// Reads the arguments of a measurement; ends the process with an explanation when they are wrong, or when
/// `--help` is among them.
pub(super) fn arguments<T: clap::Parser>(name: &str, rest: &[String]) -> T {
    let line = std::iter::once(format!("cargo xtask bench {name}")).chain(rest.iter().cloned());
    T::parse_from(line)
}

impl<'a> Bed<'a> {
    /// Builds product and tool, and makes the folder.
    pub(super) fn make(
        house: &'a House,
        name: &'static str,
        rest: &[String],
        common: &Common,
    ) -> Result<Self> {
        Self::of_packages(house, name, rest, common, &["warifu", "tests-bench"])
    }

    /// Builds these packages alone, and makes the folder.
    pub(super) fn of_packages(
        house: &'a House,
        name: &'static str,
        rest: &[String],
        common: &Common,
        packages: &[&str],
    ) -> Result<Self> {
        let target = Metadata::of(house)?.target_directory;
        let built = match &common.built {
            Some(built) => built.canonicalize().with_context(|| built.display().to_string())?,
            None => build(house, &target, &common.profile, packages)?,
        };
        let dir = common.dir.clone().unwrap_or_else(|| target.join("bench"));
        let dir = dir.join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let system = disk::file_system(&dir)?;
        if ["tmpfs", "ramfs"].contains(&system.as_str()) {
            bail!("{} lies in memory ({system}); name a folder on a disk with --dir", dir.display());
        }
        let called = ["cargo xtask bench".to_owned(), name.to_owned()];
        let called = called.into_iter().chain(rest.iter().cloned()).collect::<Vec<_>>().join(" ");
        let page = common.page.clone().unwrap_or_else(|| house.path("docs/benchmarks.md"));
        let (warifu, tool) = (built.join("warifu"), built.join("warifu-bench"));
        Ok(Self { house, warifu, tool, dir, built, name, called, page, keep: common.keep })
    }

    /// A binary that was built, by its name.
    pub(super) fn binary(&self, name: &str) -> PathBuf {
        self.built.join(name)
    }

    /// Writes distinct requests as bodies of orders; the folder with `ours.jsonl` and `cfssl.jsonl`.
    pub(super) fn requests(&self, count: usize) -> Result<PathBuf> {
        let out = self.dir.join("requests");
        let mut make = Command::new(&self.tool);
        command::run(make.args(["requests", "--count", &count.to_string(), "--out"]).arg(&out))?;
        Ok(out)
    }

    /// Prints the table and hands it to the page.
    pub(super) fn tell(&self, table: &page::Table) -> Result<()> {
        let text = format!("{}\n{}", page::run_line(self.house, &self.called, &self.dir)?, table.markdown());
        println!("\n{text}");
        page::put(&self.page, self.name, &text)?;
        println!("    written into {}", self.house.short(&self.page));
        Ok(())
    }

    /// The disk's latency just now, printed.
    pub(super) fn sync_latency(&self) -> Result<f64> {
        let seconds = disk::sync_latency(&self.dir)?;
        println!("    fdatasync of 4 KiB: {}", figures::time(seconds));
        Ok(seconds)
    }
}

/// Builds packages; the folder they lie in.
fn build(house: &House, target: &Path, profile: &str, packages: &[&str]) -> Result<PathBuf> {
    // One after the other: together, the features that the tool wants of our crates would enter the product.
    for package in packages {
        let wanted = ["build", "--locked", "--quiet", "--profile", profile, "--package", package];
        command::run(command::cargo().args(wanted).current_dir(house.root()))?;
    }
    Ok(target.join(profile))
}

impl Drop for Bed<'_> {
    fn drop(&mut self) {
        if self.keep {
            println!("    left in {}", self.dir.display());
        } else {
            // What cannot be removed lies below target/ and goes with it.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// A port that is free now.
pub(super) fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// `program`, ended by the kernel when this process ends in whatever way.
pub(super) fn bound_to_us(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.arg("--pdeathsig=KILL").arg(program);
    command
}
