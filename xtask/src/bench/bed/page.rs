//! `docs/benchmarks.md`: each measurement writes its own section, between its markers; what people write around
//! them stays.

use super::disk;
use crate::{command, house::House};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A table of figures.
pub(in crate::bench) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(in crate::bench) fn new<const N: usize>(heading: [&str; N]) -> Self {
        Self { heading: heading.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// Adds a row; it has as many cells as the heading.
    pub(in crate::bench) fn row<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.heading.len());
        self.rows.push(cells.to_vec());
    }

    /// The table in Markdown.
    pub(in crate::bench) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule = vec!["---".to_owned(); self.heading.len()];
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{}{rows}", line(&self.heading), line(&rule))
    }
}

/// When, where and how it was measured, in one paragraph.
pub(super) fn run_line(house: &House, called: &str, dir: &Path) -> Result<String> {
    let read = |path: &str| fs::read_to_string(path).with_context(|| path.to_owned());
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cpu = field(&read("/proc/cpuinfo")?, "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field(&read("/proc/meminfo")?, "MemTotal").unwrap_or_default();
    let gib = memory.trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / f64::from(1 << 20);
    let load = read("/proc/loadavg")?.split(' ').next().unwrap_or_default().to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let date = command::capture(Command::new("date").args(["-u", "+%F"]))?;
    let git = |args: &[&str]| command::capture(Command::new("git").args(args).current_dir(house.root()));
    let commit = git(&["describe", "--always", "--dirty"]).unwrap_or_default();
    Ok(format!(
        "`{called}`, {}, commit {}; {cores} × {cpu}, {gib:.0} GiB, {}; load at the end {load}.\n",
        date.trim(),
        commit.trim(),
        disk::file_system(dir)?,
    ))
}

/// Puts `text` between the markers of `name`; a page or a section that is not there yet is begun.
pub(super) fn put(page: &Path, name: &str, text: &str) -> Result<()> {
    let old = match fs::read_to_string(page) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "# Benchmarks 性能\n".to_owned(),
        Err(error) => return Err(error).with_context(|| page.display().to_string()),
    };
    let new = replaced(&old, name, text).with_context(|| page.display().to_string())?;
    fs::write(page, new).with_context(|| page.display().to_string())
}

fn replaced(page: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- bench {name} -->"), format!("<!-- end of {name} -->"));
    let section = format!("{begin}\n{}\n{end}", text.trim_end());
    let Some((before, rest)) = page.split_once(&begin) else {
        return Ok(format!("{}\n\n## {name}\n\n{section}\n", page.trim_end()));
    };
    let Some((_, after)) = rest.split_once(&end) else { bail!("{begin} has no {end}") };
    Ok(format!("{before}{section}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_rest_of_the_page_stays() {
        let page = "# P\n\nwhy\n\n<!-- bench a -->\nold\n<!-- end of a -->\n\nafter\n";
        let new = replaced(page, "a", "new\n").expect("it has markers");
        assert_eq!(new, page.replace("old", "new"));
        let more = replaced(&new, "b", "B").expect("a new section");
        assert!(more.starts_with(&new));
        assert!(more.ends_with("\n\n## b\n\n<!-- bench b -->\nB\n<!-- end of b -->\n"));
        assert!(replaced("<!-- bench a -->", "a", "x").is_err());
    }

    #[test]
    fn tables_are_markdown() {
        let mut table = Table::new(["a", "b"]);
        table.row(["1".to_owned(), "2".to_owned()]);
        assert_eq!(table.markdown(), "| a | b |\n| --- | --- |\n| 1 | 2 |\n");
    }
}
