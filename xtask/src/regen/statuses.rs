//! The status table of every desk, as the desk itself draws it (C20, C21).

use super::Page;
use crate::command;
use anyhow::Result;
use std::{path::Path, process::Command};

/// `docs/desks/NAME-status.md` for every desk whose table the program `tables` draws.
pub(super) fn pages(tables: &Path) -> Result<Vec<Page>> {
    let names = command::capture(&mut Command::new(tables))?;
    let page = |name: &str| {
        let text = command::capture(Command::new(tables).arg(name))?;
        Ok(Page { path: format!("docs/desks/{name}-status.md"), text })
    };
    names.lines().map(page).collect()
}
