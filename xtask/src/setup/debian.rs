//! Debian packages, installed only when one is missing.

use crate::command;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// What the tests call by name or link against.
pub(super) const PACKAGES: [&str; 18] = [
    "ca-certificates",
    "chromium",
    "chromium-driver",
    "curl",
    "fonts-noto-cjk",
    "g++",
    "libengine-pkcs11-openssl",
    "libpcsclite-dev",
    "opensc",
    "opensc-pkcs11",
    "openssl",
    "pcscd",
    "pkg-config",
    "poppler-utils",
    "postgresql",
    "python3",
    "python3-venv",
    "vsmartcard-vpcd",
];

/// Installs those of `packages` that are missing, as root or through sudo.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) {
        bail!(
            "setup installs with apt and knows Debian and its relatives only. Elsewhere the product builds and \
             `cargo demo` runs, but the tests need a Debian machine or container, for example: \
             docker run -it -v \"$PWD\":/warifu -w /warifu rust:1-bookworm cargo xtask test"
        );
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|p| !is_installed(p)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("    missing: {}", missing.join(" "));
    command::run(apt()?.arg("update").arg("-q"))?;
    command::run(apt()?.args(["install", "-q", "-y", "--no-install-recommends"]).args(&missing))
        .context("apt-get could not install what the tests need")
}

fn is_debian(release: &str) -> bool {
    let value = |key: &str| {
        release
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .unwrap_or("")
            .trim_matches('"')
    };
    value("ID") == "debian" || value("ID_LIKE").split(' ').any(|id| id == "debian")
}

fn is_installed(package: &str) -> bool {
    let mut ask = Command::new("dpkg-query");
    ask.args(["-W", "-f", "${db:Status-Status}", package]);
    command::capture(&mut ask).is_ok_and(|status| status == "installed")
}

fn apt() -> Result<Command> {
    let root = command::capture(Command::new("id").arg("-u"))?.trim() == "0";
    let mut apt = Command::new(if root { "env" } else { "sudo" });
    apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Ok(apt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_relatives_are_known() {
        assert!(is_debian("NAME=x\nID=debian\n"));
        assert!(is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=mint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\n"));
        assert!(!is_debian(""));
    }
}
