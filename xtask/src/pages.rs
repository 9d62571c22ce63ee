//! `cargo xtask pages`: does what the operator's pages say.
//!
//! Every block fenced as `sh` in `docs/operate/` is run, page after page in the order of reading, in one empty
//! folder, with the binary of the test build first in PATH. A page whose command no longer works fails. What
//! must not be run here (systemd, root's files) is fenced otherwise.

use crate::{demo, house::House};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The order of reading; each page may rest on what those before it did.
const PAGES: [&str; 8] =
    ["install", "keys", "ceremony", "rollover", "backup-and-restore", "audit", "alarms", "cards"];

/// The address on the pages; a free port takes its place here.
const ADDRESS: &str = "127.0.0.1:8480";

/// What `cargo xtask pages` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Follow the pages with this binary instead of building one
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Builds the binary and follows the pages.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    let binary = match &args.binary {
        Some(binary) => binary.canonicalize().with_context(|| binary.display().to_string())?,
        None => {
            demo::build(house)?;
            demo::binary(house)?
        }
    };
    let folder = std::env::temp_dir().join(format!("warifu-pages-{}", std::process::id()));
    std::fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
    let followed = follow(house, &binary, &folder);
    std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    followed
}

/// The metrics of the binary and those that the page on alarms explains must be the same.
fn check_metrics(house: &House) -> Result<()> {
    let names = |path: &str| -> Result<BTreeSet<String>> {
        let text = std::fs::read_to_string(house.path(path)).with_context(|| path.to_owned())?;
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let words = text.split(|c: char| !c.is_ascii_lowercase() && c != '_');
        Ok(words
            .filter(|w| w.strip_prefix("warifu_").is_some_and(|n| !n.is_empty()))
            .map(str::to_owned)
            .collect())
    };
    let (made, explained) = (names("apps/warifu/src/ops/meters.rs")?, names("docs/operate/alarms.md")?);
    let differ: Vec<&String> = made.symmetric_difference(&explained).collect();
    if !differ.is_empty() {
        bail!("metrics in ops/meters.rs and docs/operate/alarms.md differ: {differ:?}");
    }
    Ok(())
}

/// Runs the blocks of every page in `folder`.
pub(crate) fn follow(house: &House, binary: &Path, folder: &Path) -> Result<()> {
    check_metrics(house)?;
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    for page in PAGES {
        let file = house.path(&format!("docs/operate/{page}.md"));
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let blocks = blocks(&text);
        if blocks.is_empty() {
            bail!("docs/operate/{page}.md has no command that could be checked");
        }
        // What a block leaves running ends with its page.
        let mut script = String::from("trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n");
        for (line, block) in &blocks {
            // Writing into a String cannot fail.
            let _ = write!(script, "echo '--- docs/operate/{page}.md:{line}'\n{block}");
        }
        let script = script.replace(ADDRESS, &free);
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = binary.parent().unwrap_or(Path::new(".")).display().to_string();
        let out = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(folder)
            .env("PATH", format!("{bin}:{path}"))
            .output()
            .context("bash could not be started")?;
        if !out.status.success() {
            let (said, complained) =
                (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
            bail!("docs/operate/{page}.md does not hold: {}\n{said}\n{complained}", out.status);
        }
        println!("    docs/operate/{page}.md: {} blocks do what they say", blocks.len());
    }
    Ok(())
}

/// The blocks fenced as `sh`, each with the number of its first line.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut open {
            None if line.trim() == "```sh" => open = Some((number + 2, String::new())),
            Some(_) if line.trim() == "```" => found.extend(open.take()),
            Some((_, block)) => {
                block.push_str(line);
                block.push('\n');
            }
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_blocks_of_sh_are_run() {
        let page = "# x\n```sh\na\nb\n```\n```ini\nc\n```\n```sh\nd\n```\n";
        assert_eq!(super::blocks(page), [(3, "a\nb\n".to_owned()), (10, "d\n".to_owned())]);
    }
}
