//! axe-core, the judge of accessibility.
//!
//! One script, which a Python package carries unchanged: what the rest of that package needs is not installed. It
//! stays outside the clone.

use crate::command;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package, its version and its hash.
pub(super) const REQUIREMENTS: &str = include_str!("axe.txt");

/// The script below `folder`, fetched with the environment in `venv` when it is not there yet.
pub(super) fn script(folder: &Path, venv: &Path) -> Result<PathBuf> {
    let target = folder.join("axe");
    let script = target.join("axe_playwright_python/axe.min.js");
    let stamp = folder.join("axe.done");
    if stamp.exists() && script.exists() {
        return Ok(script);
    }
    if target.exists() {
        fs::remove_dir_all(&target).with_context(|| format!("cannot clear {}", target.display()))?;
    }
    let wanted = folder.join("axe.txt");
    fs::write(&wanted, REQUIREMENTS)?;
    command::run(
        Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile"])
            .args(["--only-binary", ":all:", "--require-hashes", "--target"])
            .arg(&target)
            .arg("-r")
            .arg(&wanted),
    )?;
    if !script.exists() {
        bail!("the package has no {}", script.display());
    }
    fs::write(&stamp, "")?;
    Ok(script)
}
