//! The command line, as the binary itself explains it.

use super::Page;
use crate::command;
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// `docs/cli.md`.
pub(super) fn page(binary: &Path) -> Result<Page> {
    let mut text = String::from(
        "# The command line\n\nExit codes: 0 done, 1 refused, 2 needs a person, 3 wrong usage, 4 could not run.\n",
    );
    describe(binary, &mut Vec::new(), &mut text)?;
    Ok(Page { path: "docs/cli.md".to_owned(), text })
}

/// One command and, below it, every command it has.
fn describe(binary: &Path, path: &mut Vec<String>, text: &mut String) -> Result<()> {
    let mut ask = Command::new(binary);
    ask.args(path.iter()).arg("-h").env("COLUMNS", "100").env("NO_COLOR", "1").env_remove("WARIFU_CONFIG");
    let help = command::capture(&mut ask)?;
    let name = std::iter::once("warifu").chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    // Writing into a String cannot fail.
    let _ = write!(text, "\n## {name}\n\n```text\n{}\n```\n", help.trim_end());
    for command in commands(&help) {
        path.push(command);
        describe(binary, path, text)?;
        path.pop();
    }
    Ok(())
}

/// The names below `Commands:`; `help` explains itself.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn commands_are_read_from_the_help() {
        let help = "About\n\nUsage: x\n\nCommands:\n  serve  Serve\n  ca     Authorities\n             more\n  help   Help\n\nOptions:\n  -h\n";
        assert_eq!(super::commands(help), ["serve", "ca"]);
    }
}
