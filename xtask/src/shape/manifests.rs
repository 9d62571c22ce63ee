//! Every crate is named after its place and lives under the workspace's lints.

use crate::{
    house::House,
    metadata::{Metadata, Package},
};
use anyhow::{Context, Result};

/// Every manifest that is not as the others are.
pub(super) fn check(house: &House, metadata: &Metadata) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for package in metadata.ours() {
        let text = std::fs::read_to_string(&package.manifest_path)?;
        let manifest: toml::Table =
            text.parse().with_context(|| package.manifest_path.display().to_string())?;
        breaches.extend(of_manifest(house, package, &manifest));
    }
    let top: toml::Table = std::fs::read_to_string(house.path("Cargo.toml"))?.parse()?;
    let lints = |group: &str, lint: &str| {
        top.get("workspace")?.get("lints")?.get(group)?.get(lint)?.as_str().map(str::to_owned)
    };
    for (group, lint, level) in
        [("rust", "unsafe_code", "forbid"), ("clippy", "unwrap_used", "deny"), ("clippy", "todo", "deny")]
    {
        if lints(group, lint).as_deref() != Some(level) {
            breaches.push(format!("Cargo.toml: [workspace.lints.{group}] {lint} must be \"{level}\""));
        }
    }
    Ok(breaches)
}

fn of_manifest(house: &House, package: &Package, manifest: &toml::Table) -> Vec<String> {
    let place = package.place(house);
    let mut breaches = Vec::new();
    let expected = expected_name(&place);
    if package.name != expected {
        breaches.push(format!("{place}: the package is called {}, not {expected}", package.name));
    }
    let inherits = |table: &str| {
        manifest.get(table).and_then(|t| t.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
    };
    if !inherits("lints") {
        breaches.push(format!("{place}: [lints] workspace = true is missing"));
    }
    for field in ["edition", "rust-version", "license"] {
        let value = manifest.get("package").and_then(|p| p.get(field)).and_then(|v| v.get("workspace"));
        if value.and_then(toml::Value::as_bool) != Some(true) {
            breaches.push(format!("{place}: {field}.workspace = true is missing"));
        }
    }
    if package.dependencies.iter().any(|d| d.path.is_none() && d.req == "*") {
        breaches.push(format!("{place}: a dependency of any version (\"*\")"));
    }
    breaches
}

/// `core/x509` → `core-x509`, `desks/claims` → `desk-claims`; what stands in `apps/` bears its own name.
fn expected_name(place: &str) -> String {
    match place.split_once('/') {
        Some(("apps", leaf)) => leaf.to_owned(),
        Some(("desks", leaf)) => format!("desk-{leaf}"),
        Some((folder, leaf)) => format!("{folder}-{}", leaf.replace('/', "-")),
        None => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::expected_name;

    #[test]
    fn names_tell_the_level() {
        assert_eq!(expected_name("core/x509"), "core-x509");
        assert_eq!(expected_name("kit/paper-typst"), "kit-paper-typst");
        assert_eq!(expected_name("desks/claims"), "desk-claims");
        assert_eq!(expected_name("apps/warifu"), "warifu");
        assert_eq!(expected_name("xtask"), "xtask");
    }
}
