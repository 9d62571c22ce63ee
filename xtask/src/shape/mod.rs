//! `cargo xtask shape`: the house is built as `ARCHITECTURE.md` says.
//!
//! The rules are data in `xtask/shape.toml`; here they are only compared with what cargo says.

mod fault_points;
mod files;
mod fuzz_list;
mod imports;
mod incidents;
mod links;
mod manifests;

pub(crate) use files::sources;

use crate::{house::House, metadata::Metadata};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// `xtask/shape.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// Crate or folder → what it may import.
    imports: BTreeMap<String, Vec<String>>,
    /// Crate or folder → what its tests may import besides.
    tests: BTreeMap<String, Vec<String>>,
    /// Outside crate → our crates that may name it.
    outside: BTreeMap<String, Vec<String>>,
    pure: Pure,
    files: files::Rules,
    fuzz: fuzz_list::Rules,
    incidents: incidents::Rules,
}

/// Crates below which nothing may reach the world.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pure {
    /// Our crates this holds for.
    crates: Vec<String>,
    /// Outside crates that must not be built into them, directly or through others.
    never: Vec<String>,
}

/// Runs every check and prints each breach.
pub(crate) fn run(house: &House) -> Result<()> {
    let text = std::fs::read_to_string(house.path("xtask/shape.toml")).context("xtask/shape.toml")?;
    let rules: Rules = toml::from_str(&text).context("xtask/shape.toml")?;
    let metadata = Metadata::of(house)?;

    let mut breaches = Vec::new();
    breaches.extend(imports::check(house, &metadata, &rules)?);
    breaches.extend(manifests::check(house, &metadata)?);
    breaches.extend(files::check(house, &rules.files)?);
    breaches.extend(fuzz_list::check(house, &rules.fuzz)?);
    breaches.extend(fault_points::check(house)?);
    breaches.extend(links::check(house)?);
    breaches.extend(incidents::check(house, &rules.incidents)?);
    for breach in &breaches {
        println!("    {breach}");
    }
    if !breaches.is_empty() {
        bail!("{} breaches of the house's shape", breaches.len());
    }
    println!("    {} crates stand as xtask/shape.toml says", metadata.ours().count());
    Ok(())
}

/// The names of all fuzz targets.
pub(crate) fn fuzz_targets(house: &House) -> Result<BTreeSet<String>> {
    fuzz_list::targets(&house.path("tests/fuzz/Cargo.toml"))
}

/// Whether `pattern` (`core/x509`, `core/*` or `*`) covers the crate at `place`.
fn covers(pattern: &str, place: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => place.starts_with(start),
        None => pattern == place,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn patterns() {
        assert!(covers("core/*", "core/x509"));
        assert!(!covers("core/*", "kit/clock"));
        assert!(covers("core/x509", "core/x509"));
        assert!(!covers("core/x5", "core/x509"));
        assert!(covers("*", "xtask"));
    }
}
