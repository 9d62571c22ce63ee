//! `cargo xtask new-desk NAME`: a desk to begin with.
//!
//! What is written compiles, passes its tests and serves a first page; the files under `template/` are that desk,
//! under the name `newdesk`. It is plugged into the workspace here, and into the application by hand, since which
//! settings open a desk is its own matter: what to do is printed.

mod files;
mod manifest;
mod names;
mod trial;

pub(crate) use trial::run as trial;

use crate::{command, house::House};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What `cargo xtask new-desk` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The name: first part of its URLs, codes and tables; a to z, 3 to 20 letters
    name: String,
    /// Make it below the build directory only, and see whether it compiles, keeps its table and serves its page
    #[arg(long)]
    trial: bool,
}

/// Writes the desk, adds it to the workspace and says what comes next.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let name = &*args.name;
    if args.trial {
        return trial(house, name, |_| {});
    }
    let made = make(house.root(), name)?;
    let lock = |offline: bool| {
        let mut ask = command::cargo();
        ask.args(["metadata", "--format-version", "1", "--quiet"]).current_dir(house.root());
        command::capture(if offline { ask.arg("--offline") } else { &mut ask })
    };
    // The lock file learns of the new crate; everything it builds on is there already.
    if let Err(error) = lock(true).or_else(|_| lock(false)) {
        made.undo()?;
        return Err(error.context("nothing was kept"));
    }
    println!("{}", next(name));
    Ok(())
}

/// A desk that was written, and how the workspace was before.
pub(crate) struct Made {
    folder: PathBuf,
    manifest: PathBuf,
    before: String,
}

impl Made {
    /// Takes it back.
    fn undo(&self) -> Result<()> {
        fs::write(&self.manifest, &self.before).with_context(|| self.manifest.display().to_string())?;
        fs::remove_dir_all(&self.folder).with_context(|| self.folder.display().to_string())
    }
}

/// Writes the desk below `root` and adds it to the workspace there: all of it, or nothing.
fn make(root: &Path, name: &str) -> Result<Made> {
    names::check(root, name)?;
    let letter = names::letter(root, name)?;
    let manifest = root.join("Cargo.toml");
    let before = fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let after = manifest::with_desk(&before, name)?;
    let folder = root.join("desks").join(name);
    // Beside its place, under a name that no desk can have, until it is whole.
    let draft = root.join("desks").join(format!(".{name}.{}", std::process::id()));
    let written = files::write(root, &draft, name, letter)
        .and_then(|()| {
            ensure!(!folder.exists(), "desks/{name} has come into being in the meantime");
            fs::rename(&draft, &folder).with_context(|| folder.display().to_string())
        })
        .inspect_err(|_| drop(fs::remove_dir_all(&draft)));
    written?;
    let made = Made { folder, manifest, before };
    let manifest_draft = root.join(format!(".Cargo.toml.{}", std::process::id()));
    let replaced =
        fs::write(&manifest_draft, after).and_then(|()| fs::rename(&manifest_draft, &made.manifest));
    if let Err(error) = replaced {
        // What was the matter with the manifest is told; the draft may never have come into being.
        let _ = fs::remove_file(&manifest_draft);
        fs::remove_dir_all(&made.folder)?;
        return Err(error).context("Cargo.toml could not be replaced; nothing was kept");
    }
    Ok(made)
}

/// What a person does next.
fn next(name: &str) -> String {
    let kind = names::type_name(name);
    format!(
        "desks/{name} is there: a table of four statuses, rules, rows, a first page, and their tests.

    cargo test -p desk-{name}        what it does today

To open it in the application:
    apps/warifu/Cargo.toml                      desk-{name}.workspace = true
    apps/warifu/src/installation/open.rs        COMPONENTS: desk_{name}::COMPONENT,
    apps/warifu/src/portal/parts.rs             Portal::new: add Arc::new(desk_{name}::{kind}::new(…)) to `desks`;
                                                gate_settings: its roles by name, its staff's paths
    apps/warifu/src/config/portal.rs            a section [{name}]: what an installation sets
    xtask/tables/src/main.rs                    DESKS: its table as a page under docs/desks

Then make it yours, in this order: words and status (what the requirement calls things, and its table typed in anew
in the test below it), case and command, rules, the migration with store, and one page after another in web.
`cargo xtask regen` lists its codes. docs/decisions/0003-desk-pattern.md says what goes where, desks/claims shows it."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace of three lines.
    fn root(of: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("warifu-new-desk-{of}-{}", std::process::id()));
        fs::create_dir_all(root.join("desks/claims/src")).expect("a folder");
        fs::create_dir_all(root.join("kit/store")).expect("a folder");
        fs::write(root.join("desks/claims/src/cases.rs"), "const LETTER: char = 'C';").expect("a file");
        fs::write(root.join("rustfmt.toml"), "max_width = 110\nuse_small_heuristics = \"Max\"\n")
            .expect("a file");
        let manifest = "[workspace]\nmembers = [\n    \"desks/claims\",\n]\n\n[workspace.dependencies]\n\
                        desk-claims = { path = \"desks/claims\" }\n";
        fs::write(root.join("Cargo.toml"), manifest).expect("a file");
        root
    }

    fn entries(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_desk_is_written_whole_and_can_be_taken_back() {
        let root = root("whole");
        let made = make(&root, "cranes").expect("written");
        assert_eq!(entries(&root.join("desks")), ["claims", "cranes"]);
        let read = |file: &str| fs::read_to_string(root.join("desks/cranes").join(file)).expect("a file");
        assert!(read("src/plug.rs").contains("impl Desk for Cranes {"));
        // C is the letter of the claims desk.
        assert!(read("src/cases.rs").contains("const LETTER: char = 'R';"));
        assert!(read("migrations/0001_cranes.sql").contains("CREATE TABLE cranes_case"));
        for file in crate::shape::sources(&root.join("desks/cranes")).expect("files") {
            let text = fs::read_to_string(&file).expect("a file").to_lowercase();
            assert!(!text.contains("newdesk"), "{}", file.display());
        }
        let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("a file");
        assert!(manifest.contains("    \"desks/claims\",\n    \"desks/cranes\",\n"), "{manifest}");
        assert!(make(&root, "cranes").is_err_and(|error| error.to_string().contains("is there already")));
        made.undo().expect("taken back");
        assert_eq!(entries(&root.join("desks")), ["claims"]);
        assert_eq!(fs::read_to_string(root.join("Cargo.toml")).expect("a file"), made.before);
        fs::remove_dir_all(root).expect("removed");
    }

    #[test]
    fn what_is_refused_leaves_nothing() {
        let root = root("nothing");
        fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = []\n").expect("a file");
        for name in ["cranes", "Cranes", "a", "c-d", "鶴鶴鶴", "claims", "store", "crate", "gallery"] {
            assert!(make(&root, name).is_err(), "{name}");
        }
        // A formatter that cannot read its settings: the last thing that can fail before the folder is there.
        fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = [\n]\n[workspace.dependencies]\n")
            .expect("a file");
        fs::write(root.join("rustfmt.toml"), "max_width = \"wide\"\n").expect("a file");
        assert!(make(&root, "cranes").is_err());
        assert_eq!(entries(&root.join("desks")), ["claims"]);
        fs::remove_dir_all(root).expect("removed");
    }
}
