//! The list of parsers of outside bytes equals the list of fuzz targets.

use crate::house::House;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// `[fuzz]` of `xtask/shape.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Target → the function that takes in outside bytes, as `file::function`.
    parsers: BTreeMap<String, String>,
}

/// Parsers without a target, targets without a parser, parsers that are no longer there.
pub(super) fn check(house: &House, rules: &Rules) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    let targets = targets(&house.path("tests/fuzz/Cargo.toml"))?;
    let parsers: BTreeSet<String> = rules.parsers.keys().cloned().collect();
    for target in parsers.difference(&targets) {
        breaches.push(format!("tests/fuzz has no target {target}, which [fuzz] lists"));
    }
    for target in targets.difference(&parsers) {
        breaches.push(format!("the fuzz target {target} stands in no line of [fuzz]"));
    }
    for (target, parser) in &rules.parsers {
        let Some((file, function)) = parser.split_once("::") else {
            breaches.push(format!("[fuzz] {target}: '{parser}' is not file::function"));
            continue;
        };
        let text = std::fs::read_to_string(house.path(file)).unwrap_or_default();
        if !text.contains(&format!("fn {function}(")) && !text.contains(&format!("fn {function}<")) {
            breaches.push(format!("[fuzz] {target}: {file} has no function {function}"));
        }
    }
    Ok(breaches)
}

/// The names of the `[[bin]]` tables of a manifest; none when there is no manifest.
pub(super) fn targets(manifest: &Path) -> Result<BTreeSet<String>> {
    let Ok(text) = std::fs::read_to_string(manifest) else { return Ok(BTreeSet::new()) };
    let manifest: toml::Table = text.parse().with_context(|| manifest.display().to_string())?;
    let bins = manifest.get("bin").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(bins.iter().filter_map(|bin| Some(bin.get("name")?.as_str()?.to_owned())).collect())
}
