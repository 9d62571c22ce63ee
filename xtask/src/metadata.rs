//! What `cargo metadata` says, as far as the checks ask.

use crate::{command, house::House};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The whole answer of `cargo metadata`.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    pub(crate) target_directory: PathBuf,
}

/// One package, ours or from outside.
#[derive(Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

/// What a package builds.
#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// One line of a `[dependencies]` table.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) req: String,
}

impl Metadata {
    /// Asks cargo about the workspace of the clone.
    pub(crate) fn of(house: &House) -> Result<Self> {
        Self::at(&house.path("Cargo.toml"))
    }

    /// Asks cargo about another manifest.
    pub(crate) fn at(manifest: &Path) -> Result<Self> {
        let mut ask = command::cargo();
        ask.args(["metadata", "--format-version", "1", "--locked", "--manifest-path"]).arg(manifest);
        let text = command::capture(&mut ask)?;
        serde_json::from_str(&text).context("cargo metadata answered in an unknown form")
    }

    /// Our own packages, by name.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|p| self.workspace_members.contains(&p.id))
    }
}

/// Name and version of everything that is built for `package` of the workspace at `manifest`, or for all of it.
///
/// `cargo metadata` also lists optional crates that a weak feature merely mentions; `cargo tree` does not.
pub(crate) fn built(
    manifest: &Path,
    package: Option<&str>,
    with_tests: bool,
) -> Result<BTreeSet<(String, String)>> {
    let mut ask = command::cargo();
    ask.args([
        "tree",
        "--locked",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--manifest-path",
    ]);
    ask.arg(manifest).args(["--edges", if with_tests { "normal,build,dev" } else { "normal,build" }]);
    match package {
        Some(name) => ask.args(["--package", name]),
        None => ask.arg("--workspace"),
    };
    let named = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    };
    Ok(command::capture(&mut ask)?.lines().filter_map(named).collect())
}

impl Package {
    /// The names of its integration tests.
    pub(crate) fn tests(&self) -> impl Iterator<Item = &str> {
        let tests = self.targets.iter().filter(|target| target.kind.iter().any(|kind| kind == "test"));
        tests.map(|target| target.name.as_str())
    }

    /// The folder of the package.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }

    /// The folder relative to the clone, with `/`: `core/x509`.
    pub(crate) fn place(&self, house: &House) -> String {
        let folder = self.folder();
        folder.strip_prefix(house.root()).unwrap_or(folder).to_string_lossy().replace('\\', "/")
    }
}
