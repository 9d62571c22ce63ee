//! Who imports whom.

use super::{Rules, covers};
use crate::{
    house::House,
    metadata::{self, Metadata, Package},
};
use anyhow::Result;
use std::collections::BTreeMap;

/// Every import that the rules do not allow.
pub(super) fn check(house: &House, metadata: &Metadata, rules: &Rules) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for package in metadata.ours() {
        let place = package.place(house);
        breaches.extend(direct(house, package, &place, rules));
        if rules.pure.crates.iter().any(|pattern| covers(pattern, &place)) {
            let built = metadata::built(&house.path("Cargo.toml"), Some(&package.name), false)?;
            let impure = built.iter().filter(|(name, _)| rules.pure.never.contains(name));
            breaches.extend(
                impure.map(|(name, _)| format!("{place} is pure, yet {name} is built into it ([pure])")),
            );
        }
    }
    Ok(breaches)
}

fn direct(house: &House, package: &Package, place: &str, rules: &Rules) -> Vec<String> {
    let mut breaches = Vec::new();
    let Some(may) = of(&rules.imports, place) else {
        return vec![format!("{place}: no line in [imports] of xtask/shape.toml says what it may import")];
    };
    let besides = of(&rules.tests, place).unwrap_or(&[]);
    for dependency in &package.dependencies {
        let for_tests = dependency.kind.as_deref() == Some("dev");
        match &dependency.path {
            Some(path) => {
                let other = path.strip_prefix(house.root()).unwrap_or(path).to_string_lossy().into_owned();
                let allowed = may.iter().chain(if for_tests { besides } else { &[] });
                if !allowed.into_iter().any(|pattern| covers(pattern, &other)) {
                    let what = if for_tests { "its tests import" } else { "imports" };
                    breaches.push(format!("{place} {what} {other}, which [imports] does not allow"));
                }
            }
            None => {
                let homes = rules.outside.get(&dependency.name);
                if !for_tests && homes.is_some_and(|h| !h.iter().any(|pattern| covers(pattern, place))) {
                    breaches.push(format!(
                        "{place} names {}, whose home is elsewhere ([outside])",
                        dependency.name
                    ));
                }
            }
        }
    }
    breaches
}

/// The most exact line of `table` for the crate at `place`.
fn of<'a>(table: &'a BTreeMap<String, Vec<String>>, place: &str) -> Option<&'a [String]> {
    let lines = table.iter().filter(|(pattern, _)| covers(pattern, place));
    lines.max_by_key(|(pattern, _)| (!pattern.ends_with('*'), pattern.len())).map(|(_, may)| may.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_line_counts() {
        let table = [("kit/*", "a"), ("kit/ledger", "b"), ("*", "c")]
            .map(|(pattern, may)| (pattern.to_owned(), vec![may.to_owned()]));
        let table = BTreeMap::from(table);
        assert_eq!(of(&table, "kit/ledger"), Some(["b".to_owned()].as_slice()));
        assert_eq!(of(&table, "kit/jobs"), Some(["a".to_owned()].as_slice()));
        assert_eq!(of(&table, "apps/x"), Some(["c".to_owned()].as_slice()));
    }
}
