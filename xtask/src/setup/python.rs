//! The Python environment of the judges.

use crate::command;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every package with its version.
pub(super) const REQUIREMENTS: &str = include_str!("python.txt");

/// The environment below `folder`, made when it is not there yet.
///
/// A stamp is written last: an environment without one was left half made and is made again.
pub(super) fn environment(folder: &Path) -> Result<PathBuf> {
    let venv = folder.join("venv");
    let stamp = folder.join("venv.done");
    if stamp.exists() && command::succeeds(Command::new(venv.join("bin/python")).arg("--version")) {
        return Ok(venv);
    }
    if venv.exists() {
        fs::remove_dir_all(&venv).with_context(|| format!("cannot clear {}", venv.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let wanted = folder.join("python.txt");
    fs::write(&wanted, REQUIREMENTS)?;
    // Debian's own interpreter by its path: another one first in PATH may lack the venv module.
    command::run(Command::new("/usr/bin/python3").args(["-m", "venv"]).arg(&venv))?;
    command::run(
        Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
            .arg(&wanted),
    )?;
    command::run(Command::new(venv.join("bin/pip")).args(["check", "--disable-pip-version-check"]))?;
    fs::write(&stamp, "")?;
    Ok(venv)
}
