//! Which tests prove which requirement, read from their names and comments.
//!
//! A test belongs to requirement K3 when its comment or its file's `//!` says `K3`, or when its name or its
//! file's name has the part `k03`. Requirements and their titles come from `docs/requirements.md`.

use super::Page;
use crate::{house::House, shape};
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Requirement → file → tests.
type Proofs = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// `docs/requirements-tests.md`.
pub(super) fn page(house: &House) -> Result<Page> {
    let wanted = requirements(
        &std::fs::read_to_string(house.path("docs/requirements.md")).context("docs/requirements.md")?,
    );
    let mut proofs = Proofs::new();
    for file in shape::sources(house.root())? {
        let name = house.short(&file).to_string();
        if name.starts_with("xtask/") {
            continue;
        }
        let text = std::fs::read_to_string(&file)?;
        for (test, numbers) in tests_in(&name, &text) {
            for number in numbers.into_iter().filter(|n| wanted.iter().any(|(w, _)| w == n)) {
                proofs.entry(number).or_default().entry(name.clone()).or_default().insert(test.clone());
            }
        }
    }
    Ok(Page { path: "docs/requirements-tests.md".to_owned(), text: render(&wanted, &proofs) })
}

fn render(wanted: &[(String, String)], proofs: &Proofs) -> String {
    let mut text = String::from(
        "# Requirement → tests\n\nWhich tests name which requirement of [requirements.md](requirements.md). \
         A line without tests is a requirement that nothing in the repository proves yet.\n\n\
         | | requirement | tests |\n|---|---|---|\n",
    );
    for (number, title) in wanted {
        let cell = match proofs.get(number) {
            None => "–".to_owned(),
            Some(files) => {
                files.iter().map(|(file, tests)| of_file(file, tests)).collect::<Vec<_>>().join("<br>")
            }
        };
        // Writing into a String cannot fail.
        let _ = writeln!(text, "| {number} | {title} | {cell} |");
    }
    text
}

fn of_file(file: &str, tests: &BTreeSet<String>) -> String {
    let names: Vec<String> = tests.iter().map(|t| format!("`{t}`")).collect();
    format!("[{file}](../{file}): {}", names.join(", "))
}

/// Numbers and titles from lines such as `- **K3 Issuing.** …`.
fn requirements(text: &str) -> Vec<(String, String)> {
    let head = |line: &str| {
        let (number, title) = line.strip_prefix("- **")?.split_once("**")?.0.split_once(' ')?;
        number_in(number)?;
        Some((number.to_owned(), title.trim_end_matches('.').to_owned()))
    };
    text.lines().filter_map(head).collect()
}

/// The tests of one file, each with the requirements it names.
fn tests_in(name: &str, text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut of_file: BTreeSet<String> = parts(name);
    for line in text.lines().filter_map(|l| l.strip_prefix("//!")) {
        of_file.extend(words(line));
    }
    let mut found = Vec::new();
    let mut near = BTreeSet::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("//") {
            near.extend(words(comment));
        } else if line.starts_with("#[") {
            is_test |= line.starts_with("#[test") || line.contains("::test]") || line.contains("::test(");
        } else {
            let plain = line.trim_start_matches("pub ").trim_start_matches("async ");
            if let Some(rest) = plain.strip_prefix("fn ").filter(|_| is_test) {
                let test: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let mut numbers = std::mem::take(&mut near);
                numbers.extend(parts(&test));
                numbers.extend(of_file.iter().cloned());
                if !numbers.is_empty() {
                    found.push((test, numbers));
                }
            }
            near.clear();
            is_test = false;
        }
    }
    found
}

/// Requirement numbers among the words of a comment.
fn words(comment: &str) -> impl Iterator<Item = String> + '_ {
    comment.split(|c: char| !c.is_alphanumeric()).filter_map(|w| number_in(w).map(|()| w.to_owned()))
}

/// Requirement numbers among the parts of a name: `k03_…` and `k3_…` mean K3. A single digit counts behind a `k`
/// alone: `v3` and `p1` are other things.
fn parts(name: &str) -> BTreeSet<String> {
    let number = |part: &str| {
        let (letter, digits) = part.split_at_checked(1)?;
        let long_enough = digits.len() == 2 || (digits.len() == 1 && letter == "k");
        let number: u8 = digits.parse().ok().filter(|_| long_enough)?;
        let full = format!("{}{number}", letter.to_uppercase());
        number_in(&full).map(|()| full)
    };
    name.split(['_', '/', '.', '-']).filter_map(number).collect()
}

/// Whether a word has the form of a requirement number: K17.
fn number_in(word: &str) -> Option<()> {
    let (letter, digits) = word.split_at_checked(1)?;
    let fits = "KCNJVP".contains(letter)
        && (1..=2).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    fits.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_comments_names_and_the_file() {
        let text = "//! About K8.\n\n    /// Proves K3, not P256.\n    #[test]\n    fn a() {}\n\n    \
                    #[tokio::test]\n    async fn c07_b() {}\n\n    /// K4\n    fn helper() {}\n\n    #[test]\n    fn c() {}\n";
        let set = |numbers: &[&str]| numbers.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(
            tests_in("x.rs", text),
            [
                ("a".to_owned(), set(&["K3", "K8"])),
                ("c07_b".to_owned(), set(&["C7", "K8"])),
                ("c".to_owned(), set(&["K8"]))
            ]
        );
    }

    #[test]
    fn requirements_are_read_from_the_page() {
        assert_eq!(
            requirements("# x\n- **K3 Issuing.** Text.\n- no\n- **Bold** text\n"),
            [("K3".to_owned(), "Issuing".to_owned())]
        );
    }
}
