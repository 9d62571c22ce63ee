//! The profiles in force: those that come with the house, and the operator's own (K2).

use crate::fail::{Exit, Fail};
use authority_engine::ceremony::ProfileSet;
use authority_front::Text;
use core_crypto::Digest;
use std::{fs, path::Path};

/// The longest text of a profile, octets.
const LONGEST: u64 = 256 << 10;

/// Reads the built-in profiles and then every `*.toml` in `dir`, which add to them or replace those of the same name.
///
/// # Errors
/// The first file that is not a profile, or whose name is not that of its profile.
pub fn read(dir: Option<&Path>, digest: &dyn Digest) -> Result<ProfileSet, Fail> {
    let mut profiles = ProfileSet::builtin(digest).map_err(|e| unfit("built-in", &e))?;
    let Some(dir) = dir else { return Ok(profiles) };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(|e| Fail::file(dir, &e))? {
        let path = entry.map_err(|e| Fail::file(dir, &e))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    files.sort();
    for path in files {
        let shown = path.display().to_string();
        if fs::metadata(&path).map_err(|e| Fail::file(&path, &e))?.len() > LONGEST {
            return Err(unfit(&shown, &"the file is too long"));
        }
        let text = fs::read_to_string(&path).map_err(|e| Fail::file(&path, &e))?;
        let id = profiles.add(&text, digest).map_err(|e| unfit(&shown, &e))?;
        if path.file_stem().and_then(|s| s.to_str()) != Some(id.as_str()) {
            return Err(unfit(&shown, &format!("the file must be called {id}.toml")));
        }
    }
    Ok(profiles)
}

fn unfit(what: &str, error: &dyn std::fmt::Display) -> Fail {
    Fail::new(
        Exit::Usage,
        "profiles.unfit",
        Text::new(format!("プロファイル {what}: {error}"), format!("profile {what}: {error}")),
        Text::new("そのファイルを直してください。", "Correct that file."),
    )
}
