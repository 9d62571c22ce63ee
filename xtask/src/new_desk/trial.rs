//! A desk made on trial: does what `new-desk` writes compile without a warning, pass its tests and serve its page?
//!
//! It is made in a workspace of its own below the build directory, which depends on our crates where they are, so that
//! nothing is written into the clone. Crates from outside are asked for with all features that our workspace asks for:
//! else each would be built a second time.

use super::make;
use crate::{
    command,
    house::House,
    metadata::{Metadata, Package},
};
use anyhow::{Context, Result, bail};
use std::{collections::BTreeSet, fs, path::Path, process::Command};
use toml::{Table, Value};

/// Tests that must have been run: one for each thing that is promised.
const PROMISED: [&str; 3] = [
    "rules::tests::no_sequence_of_commands_leaves_the_table",
    "service::tests::a_case_comes_back_from_its_row_as_it_was_stored_in_every_status",
    "web::tests::the_first_page_is_served_in_both_languages",
];

/// Makes the desk anew and holds it to what ours are held to. `known` tells a command what tests need.
pub(crate) fn run(house: &House, name: &str, known: impl Fn(&mut Command)) -> Result<()> {
    let metadata = Metadata::of(house)?;
    let root = metadata.target_directory.join("new-desk");
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| root.display().to_string())?;
    }
    workspace(house, &metadata, &root)?;
    make(&root, name)?;
    let cargo = |args: &[&str]| {
        let mut cargo = command::cargo();
        // The settings of the clone hold here too: with others, what is built would be built for others.
        cargo.arg("--config").arg(house.path(".cargo/config.toml")).args(args).current_dir(&root);
        cargo.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", &metadata.target_directory);
        known(&mut cargo);
        cargo
    };
    command::run(&mut cargo(&["fmt", "--package", &format!("desk-{name}"), "--check"]))?;
    let lint = ["clippy", "--workspace", "--all-targets", "--quiet"];
    command::run(cargo(&lint).args(["--", "-D", "warnings"]))?;
    let mut tests = cargo(&["test", "--workspace", "--lib", "--quiet", "--", "--format=pretty"]);
    let out = tests.output().context("cargo could not be started")?;
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    if !out.status.success() {
        bail!("the tests of a new desk fail:\n{said}\n{}", String::from_utf8_lossy(&out.stderr));
    }
    let missing: Vec<_> =
        PROMISED.into_iter().filter(|test| !said.contains(&format!("test {test} ... ok"))).collect();
    if !missing.is_empty() {
        bail!("the desk does not show that {}:\n{said}", missing.join(", "));
    }
    println!("    a new desk compiles without a warning, keeps its table and serves its first page");
    Ok(())
}

/// A workspace at `root` like ours, without our crates among its members.
fn workspace(house: &House, metadata: &Metadata, root: &Path) -> Result<()> {
    fs::create_dir_all(root.join("desks")).with_context(|| root.display().to_string())?;
    for file in ["rustfmt.toml", "clippy.toml", "Cargo.lock"] {
        fs::copy(house.path(file), root.join(file)).with_context(|| file.to_owned())?;
    }
    let text = fs::read_to_string(house.path("Cargo.toml")).context("Cargo.toml")?;
    fs::write(root.join("Cargo.toml"), elsewhere(&text, house.root())?)?;
    let features = root.join("features");
    fs::create_dir_all(features.join("src"))?;
    fs::write(features.join("src/lib.rs"), "//! Depends on all that our workspace depends on.\n")?;
    fs::write(features.join("Cargo.toml"), all_features(metadata.ours())?)?;
    Ok(())
}

/// The manifest of the workspace with `features` as its only member and our crates by their whole paths.
fn elsewhere(text: &str, root: &Path) -> Result<String> {
    let (head, rest) = text.split_once("members = [\n").context("Cargo.toml has no list of members")?;
    let (_, rest) = rest.split_once("\n]\n").context("the list of members has no end")?;
    let rest: Vec<&str> =
        rest.lines().filter(|l| !l.starts_with("default-members") && !l.starts_with("exclude")).collect();
    let whole = format!("path = \"{}/", root.display());
    Ok(format!("{head}members = [\n    \"features\",\n]\n{}\n", rest.join("\n").replace("path = \"", &whole)))
}

/// The manifest of a crate that depends on every crate from outside that one of ours depends on, with all features
/// that one of ours asks for.
fn all_features<'a>(ours: impl Iterator<Item = &'a Package>) -> Result<String> {
    let mut dependencies = Table::new();
    for package in ours {
        let manifest: Table = fs::read_to_string(&package.manifest_path)?.parse()?;
        let outside: BTreeSet<&str> =
            package.dependencies.iter().filter(|d| d.path.is_none()).map(|d| &*d.name).collect();
        for table in ["dependencies", "dev-dependencies"] {
            let lines = manifest.get(table).and_then(Value::as_table).into_iter().flatten();
            for (name, line) in lines.filter(|(name, _)| outside.contains(&***name)) {
                let known = dependencies.entry(name.clone()).or_insert_with(|| line.clone());
                let more = line.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
                if let Some(known) = known.as_table_mut().filter(|_| !more.is_empty()) {
                    let all = known.entry("features").or_insert_with(|| Value::Array(Vec::new()));
                    all.as_array_mut().into_iter().for_each(|all| all.extend(more.clone()));
                }
            }
        }
    }
    let package = Table::from_iter([
        ("name".to_owned(), Value::String("features".into())),
        ("version".to_owned(), Value::String("0.0.0".into())),
        ("edition".to_owned(), Value::String("2024".into())),
    ]);
    let tables = [("package", package), ("dependencies", dependencies)];
    let manifest = Table::from_iter(tables.map(|(name, table)| (name.to_owned(), Value::Table(table))));
    toml::to_string(&manifest).context("a manifest that cannot be written")
}
