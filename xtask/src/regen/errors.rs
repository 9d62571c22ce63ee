//! Every code of a refusal, with its sentences, from the binary's own table.

use super::Page;
use crate::{house::House, shape};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// `docs/errors.md`.
pub(super) fn page(house: &House) -> Result<Page> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in shape::sources(house.root())? {
        let name = house.short(&file).to_string();
        if name.starts_with("xtask/") || name.contains("/tests/") {
            continue;
        }
        for code in codes_in(&std::fs::read_to_string(&file)?) {
            codes.entry(code).or_default().insert(name.clone());
        }
    }
    let mut text = String::from(
        "# Codes of refusals\n\nEvery refusal carries a stable code, a sentence in Japanese and in English, and \
         what to do next.\n\n| code | said by |\n|---|---|\n",
    );
    for (code, files) in codes {
        let files: Vec<String> = files.iter().map(|f| format!("[{f}](../{f})")).collect();
        text.push_str(&format!("| `{code}` | {} |\n", files.join("<br>")));
    }
    Ok(Page { path: "docs/errors.md", text })
}

/// String literals of the form `"authority.reason"`, before the file's own tests.
fn codes_in(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let literals = text.split('"').skip(1).step_by(2);
    let is_code = |literal: &&str| {
        literal.strip_prefix("authority.").is_some_and(|reason| {
            !reason.is_empty()
                && reason.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
    };
    literals.filter(is_code).map(str::to_owned).collect()
}
