//! The files of a new desk.

use super::names;
use crate::command;
use anyhow::{Context, Result};
use std::{fs, path::Path, process::Command};

macro_rules! template {
    ($($file:literal => $place:literal),+ $(,)?) => {
        &[$(($place, include_str!(concat!("template/", $file)))),+]
    };
}

/// Where each goes, and what it holds. `newdesk` stands for the name everywhere.
const FILES: &[(&str, &str)] = template![
    "manifest.toml" => "Cargo.toml",
    "migrations/0001_newdesk.sql" => "migrations/0001_newdesk.sql",
    "i18n/ja/newdesk.ftl" => "i18n/ja/newdesk.ftl",
    "i18n/en/newdesk.ftl" => "i18n/en/newdesk.ftl",
    "src/lib.rs" => "src/lib.rs",
    "src/words.rs" => "src/words.rs",
    "src/status.rs" => "src/status.rs",
    "src/case.rs" => "src/case.rs",
    "src/command.rs" => "src/command.rs",
    "src/rules.rs" => "src/rules.rs",
    "src/no.rs" => "src/no.rs",
    "src/store.rs" => "src/store.rs",
    "src/cases.rs" => "src/cases.rs",
    "src/desk.rs" => "src/desk.rs",
    "src/service.rs" => "src/service.rs",
    "src/service/tests.rs" => "src/service/tests.rs",
    "src/web.rs" => "src/web.rs",
    "src/plug.rs" => "src/plug.rs",
];

/// Writes all of them below `folder`, which does not exist yet, and formats them as the workspace does.
pub(super) fn write(root: &Path, folder: &Path, name: &str, letter: char) -> Result<()> {
    let kind = names::type_name(name);
    let named = |text: &str| {
        let text = text.replace("'N'", &format!("'{letter}'"));
        text.replace("newdesk", name).replace("NewDesk", &kind).replace("Newdesk", &kind)
    };
    for (place, text) in FILES {
        let file = folder.join(named(place));
        let above = file.parent().unwrap_or(folder);
        fs::create_dir_all(above).with_context(|| above.display().to_string())?;
        fs::write(&file, named(text)).with_context(|| file.display().to_string())?;
    }
    // How long a line is depends on the name.
    let mut format = Command::new("rustfmt");
    format.args(["--edition", "2024", "--config-path"]).arg(root.join("rustfmt.toml"));
    command::capture(format.arg(folder.join("src/lib.rs"))).map(drop)
}
