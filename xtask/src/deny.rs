//! `cargo xtask deny`: licences, refused crates and sources of everything we build on.
//!
//! The rules stand in `deny.toml`, in the form that cargo-deny reads too. Building cargo-deny takes longer
//! than all our lints together and it wants the network for its advisories, so what can be judged from
//! `cargo metadata` alone is judged here; whoever has cargo-deny may run it on the same file.

use crate::{
    house::House,
    metadata::{self, Metadata, Package},
    spdx,
};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The part of `deny.toml` that is read here.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// Only a second version is refused: the crate's types must be one universe.
    #[serde(default)]
    deny_multiple_versions: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// Checks the workspace and the locked packages beside it.
pub(crate) fn run(house: &House) -> Result<()> {
    let text = std::fs::read_to_string(house.path("deny.toml")).context("deny.toml")?;
    let rules: Rules = toml::from_str(&text).context("deny.toml")?;
    let mut breaches = Vec::new();
    let mut count = 0;
    for manifest in
        ["Cargo.toml", "tests/fuzz/Cargo.toml"].map(|m| house.path(m)).iter().filter(|m| m.exists())
    {
        let metadata = Metadata::at(manifest)?;
        let built = metadata::built(manifest, None, true)?;
        count += built.len();
        let is_built = |p: &&Package| built.contains(&(p.name.clone(), p.version.clone()));
        for package in metadata.packages.iter().filter(is_built) {
            breaches.extend(of_package(package, &rules)?);
        }
        breaches.extend(several_versions(&built, &rules));
    }
    breaches.sort();
    breaches.dedup();
    for breach in &breaches {
        println!("    {breach}");
    }
    if !breaches.is_empty() {
        bail!("{} breaches of deny.toml", breaches.len());
    }
    println!("    {count} packages are as deny.toml wants them");
    Ok(())
}

fn of_package(package: &Package, rules: &Rules) -> Result<Vec<String>> {
    let called = format!("{} {}", package.name, package.version);
    let mut breaches = Vec::new();
    let extra = rules.licenses.exceptions.iter().filter(|e| e.name == package.name);
    let extra: Vec<&String> = extra.flat_map(|e| &e.allow).collect();
    let allowed = |licence: &str| {
        rules.licenses.allow.iter().any(|a| a == licence) || extra.iter().any(|a| *a == licence)
    };
    match package.license.as_deref() {
        None => breaches.push(format!("{called} does not say its licence")),
        Some(expression) if !spdx::satisfied(expression, &allowed).context(called.clone())? => {
            breaches.push(format!("{called} is under {expression}"));
        }
        Some(_) => {}
    }
    let refused = rules.bans.deny.iter().find(|b| b.name == package.name && !b.deny_multiple_versions);
    if let Some(banned) = refused {
        breaches.push(format!("{called} is refused: {}", banned.reason));
    }
    if let Some(source) = &package.source {
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !rules.sources.allow_registry.iter().any(|r| r == registry) {
            breaches.push(format!("{called} comes from {source}"));
        }
    }
    Ok(breaches)
}

/// Crates of which only one version may be there, and there are more.
fn several_versions(built: &BTreeSet<(String, String)>, rules: &Rules) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version) in built {
        versions.entry(name).or_default().push(version);
    }
    let single = rules.bans.deny.iter().filter(|b| b.deny_multiple_versions);
    single
        .filter_map(|banned| {
            let found = versions.get(banned.name.as_str()).filter(|found| found.len() > 1)?;
            Some(format!("{} in versions {}: {}", banned.name, found.join(", "), banned.reason))
        })
        .collect()
}
