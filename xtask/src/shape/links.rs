//! Links between pages lead somewhere.

use crate::house::House;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Links of our pages whose file is not there.
pub(super) fn check(house: &House) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for page in pages(house.root())? {
        let text = std::fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        let folder = page.parent().unwrap_or(Path::new("."));
        for target in targets(&text) {
            if !folder.join(target).exists() {
                breaches.push(format!("{}: the link to {target} leads nowhere", house.short(&page)));
            }
        }
    }
    Ok(breaches)
}

/// Every page at the top of the clone, under `docs/` and under `tests/`.
fn pages(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type()?.is_dir() {
                let below = folder != root || name == "docs" || name == "tests";
                if below && name != "target" && name != "node_modules" {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files that `[text](file#place)` names; what lies on the network is not looked at.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ', '\n']).next());
    let files = ends.map(|target| target.split('#').next().unwrap_or_default());
    files.filter(|file| !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn links_are_found_without_their_place() {
        let page = "[a](b.md) ![c](d/e.svg) [f](https://x.example/) [g](#h) [i](j.md#k)";
        assert_eq!(super::targets(page).collect::<Vec<_>>(), ["b.md", "d/e.svg", "j.md"]);
    }
}
