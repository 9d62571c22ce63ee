//! What a desk may be called.

use crate::shape;
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

/// First parts of paths that the application or its machinery has, words of Rust, and the template's own name.
const RESERVED: [&str; 40] = [
    "admin",
    "api",
    "apps",
    "assets",
    "authority",
    "ceremony",
    "cli",
    "config",
    "const",
    "core",
    "crate",
    "crl",
    "demo",
    "desk",
    "enrol",
    "enum",
    "errors",
    "gallery",
    "healthz",
    "installation",
    "lang",
    "ledger",
    "livez",
    "loop",
    "match",
    "metrics",
    "newdesk",
    "ocsp",
    "profiles",
    "readyz",
    "self",
    "server",
    "staff",
    "static",
    "struct",
    "super",
    "system",
    "trait",
    "tsa",
    "warifu",
];

/// Whether `name` can be that of a new desk below `root`.
pub(super) fn check(root: &Path, name: &str) -> Result<()> {
    let formed = (3..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase());
    ensure!(
        formed,
        "'{name}' cannot name a desk: it is the first part of URLs, codes and tables, so 3 to 20 letters from a to z"
    );
    ensure!(!RESERVED.contains(&name), "'{name}' means something else already: please choose another name");
    ensure!(!root.join("desks").join(name).exists(), "desks/{name} is there already");
    for folder in ["core", "kit", "authority"] {
        ensure!(
            !root.join(folder).join(name).exists(),
            "'{name}' is {folder}/{name}, whose codes and tables begin with it: please choose another name"
        );
    }
    Ok(())
}

/// The name of the desk's type: `claims` → `Claims`.
pub(super) fn type_name(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// The letter with which the numbers of its cases begin: one of its name's if it is free, else any that is.
pub(super) fn letter(root: &Path, name: &str) -> Result<char> {
    let mut taken = Vec::new();
    for file in shape::sources(&root.join("desks"))? {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let after = text.split("const LETTER: char = '").skip(1);
        taken.extend(after.filter_map(|rest| rest.chars().next()));
    }
    let wanted = name.chars().map(|c| c.to_ascii_uppercase());
    let letter = wanted.chain('A'..='Z').find(|letter| !taken.contains(letter));
    letter.context(
        "every letter begins the numbers of some desk: give this one two, in kit_desk::next_number first",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_after_the_desk() {
        assert_eq!(type_name("claims"), "Claims");
    }

    #[test]
    fn what_is_reserved_is_in_order_and_could_be_asked_for() {
        assert!(RESERVED.is_sorted());
        assert!(RESERVED.iter().all(|name| name.len() >= 3));
    }
}
