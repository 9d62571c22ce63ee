//! Every incident we know of has a test named after it.

use super::files;
use crate::house::House;
use anyhow::Result;
use serde::Deserialize;

/// `[incidents]` of `xtask/shape.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Each is the beginning of the name of a test, after `incident_`.
    names: Vec<String>,
}

/// Incidents without a test.
pub(super) fn check(house: &House, rules: &Rules) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in files::sources(house.root())? {
        texts.push(std::fs::read_to_string(file)?);
    }
    let has_none = |name: &&String| !texts.iter().any(|text| text.contains(&format!("fn incident_{name}")));
    let breach = |name: &String| format!("no test is called incident_{name}…, though [incidents] lists it");
    Ok(rules.names.iter().filter(has_none).map(breach).collect())
}
