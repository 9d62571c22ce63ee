//! Files people must scroll for long are asking to be two.

use crate::house::House;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// `[files]` of `xtask/shape.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Lines a Rust source file may have.
    most_lines: usize,
    /// Lines a Rust source file must begin with, at the root of a crate: `//!`.
    crate_root_begins_with: String,
}

/// Every source file that is too long, and every crate root that does not say what the crate is.
pub(super) fn check(house: &House, rules: &Rules) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for file in sources(house.root())? {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let lines = text.lines().count();
        if lines > rules.most_lines {
            breaches.push(format!("{}: {lines} lines, at most {}", house.short(&file), rules.most_lines));
        }
        let root = file.ends_with("src/lib.rs") || file.ends_with("src/main.rs");
        if root && !text.starts_with(&rules.crate_root_begins_with) {
            breaches.push(format!(
                "{}: does not begin with {}",
                house.short(&file),
                rules.crate_root_begins_with
            ));
        }
    }
    Ok(breaches)
}

/// Every Rust file below `folder`, build directories and hidden folders left out, in order of their names.
pub(crate) fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let hidden = name.to_string_lossy().starts_with('.');
            if entry.file_type()?.is_dir() {
                if !hidden && name != "target" && name != "corpus" {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
