//! Every code of a refusal with its sentences, read from where they are written.
//!
//! Most refusals are written in one piece: code, Japanese, English, what to do next in both. Others name the code
//! of an enum's variant; for those the variant's own comment says what it means.

use super::{
    Page,
    literals::{Literal, literals},
};
use crate::{house::House, shape};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The parts of the house that refuse, beside its desks: what stands before the dot.
const PARTS: [&str; 30] = [
    "api",
    "authority",
    "backup",
    "ca",
    "card",
    "card_file",
    "ceremony",
    "cli",
    "clock",
    "config",
    "demo",
    "desk",
    "gate",
    "installation",
    "jobs",
    "keys",
    "ledger",
    "lists",
    "notice",
    "paper",
    "post",
    "profiles",
    "ra",
    "reader",
    "restore",
    "server",
    "staff",
    "store",
    "web",
    "workers",
];

/// What is known of one code.
#[derive(Debug, Default, PartialEq, Eq)]
struct Code {
    japanese: BTreeSet<String>,
    english: BTreeSet<String>,
    next: BTreeSet<String>,
}

/// `docs/errors.md`.
pub(super) fn page(house: &House) -> Result<Page> {
    let mut codes = BTreeMap::new();
    let parts = parts(house)?;
    for folder in ["core", "kit", "authority", "desks", "apps"] {
        for file in shape::sources(&house.path(folder))? {
            if tells_of_others(&file) {
                continue;
            }
            let text = std::fs::read_to_string(&file)?;
            read(before_tests(&text), &parts, &mut codes);
        }
    }
    let mut text = String::from(
        "# Codes of refusals\n\nEvery refusal has a stable code, a sentence in Japanese and in English, and what to do \
         next; nothing was changed when one is given. A `…` stands for what is filled in.\n\n\
         | code | 意味 | meaning | what to do next |\n|---|---|---|---|\n",
    );
    for (name, code) in &codes {
        let cell = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join("<br>");
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "| <a id=\"{name}\"></a>`{name}` | {} | {} | {} |",
            cell(&code.japanese),
            cell(&code.english),
            cell(&code.next)
        );
    }
    Ok(Page { path: "docs/errors.md".to_owned(), text })
}

/// Every part that refuses: each desk is one by its name.
fn parts(house: &House) -> Result<BTreeSet<String>> {
    let mut parts: BTreeSet<String> = PARTS.map(str::to_owned).into();
    for desk in std::fs::read_dir(house.path("desks"))? {
        parts.insert(desk?.file_name().to_string_lossy().into_owned());
    }
    Ok(parts)
}

/// What a test, a sample or the demo shows is said elsewhere.
fn tells_of_others(file: &Path) -> bool {
    let names = ["tests", "demo", "tests.rs", "samples.rs"];
    file.components().any(|part| names.iter().any(|name| part.as_os_str() == *name))
}

/// A source file up to the tests in it. A module of tests with a file of its own may stand anywhere.
fn before_tests(source: &str) -> &str {
    let begins = |at: &usize| {
        let mut after = source[*at..].lines().skip(1).map(str::trim).filter(|line| !line.starts_with("#["));
        after.next().is_some_and(|line| line.ends_with('{'))
    };
    let tests = source.match_indices("#[cfg(test)]").map(|(at, _)| at).find(begins);
    tests.map_or(source, |at| &source[..at])
}

/// Whether a refusal begins here: what kind it is stands before its code, or it is what a function answers. The same
/// form have settings, jobs and papers; something else stands before those.
fn refuses(before: &str) -> bool {
    let before = before.trim_end();
    let kind = before.strip_suffix(',').and_then(|rest| rest.rsplit_once("::"));
    let kind = kind.is_some_and(|(of, name)| {
        name.bytes().all(|b| b.is_ascii_alphanumeric())
            && ["Kind", "Exit"].iter().any(|kind| of.ends_with(kind))
    });
    kind || ["usage(", "conflict(", "refused(", "=>", "{"].iter().any(|end| before.ends_with(end))
}

/// Adds the codes in one source file.
fn read(source: &str, parts: &BTreeSet<String>, codes: &mut BTreeMap<String, Code>) {
    let is_code = |text: &str| is_code(text, parts);
    let all = literals(source);
    for (i, literal) in all.iter().enumerate() {
        if !is_code(&literal.value) || !refuses(&source[..literal.at]) {
            continue;
        }
        let sentences: Vec<String> = all[i + 1..].iter().take(4).map(|l| cell(&l.value)).collect();
        match &sentences[..] {
            [ja, en, rest @ ..] if is_japanese(ja) && !is_japanese(en) && !is_code(en) => {
                let code = codes.entry(literal.value.clone()).or_default();
                code.japanese.insert(ja.clone());
                code.english.insert(en.clone());
                if let [next_ja, next_en] = rest
                    && is_japanese(next_ja)
                    && !is_japanese(next_en)
                {
                    code.next.insert(format!("{next_ja} {next_en}"));
                }
            }
            _ => {
                let meanings = variants(source, literal).into_iter().filter_map(|v| comment(source, v));
                let meanings: BTreeSet<String> = meanings.collect();
                // A setting or a kind of entry looks the same; it has no variant with a comment.
                if !meanings.is_empty() {
                    codes.entry(literal.value.clone()).or_default().english.extend(meanings);
                }
            }
        }
    }
}

/// `part.reason`, snake case, with a part that refuses.
fn is_code(text: &str, parts: &BTreeSet<String>) -> bool {
    text.split_once('.').is_some_and(|(part, reason)| {
        parts.contains(part)
            && !reason.is_empty()
            && reason.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    })
}

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A sentence as it can stand in a table: places to be filled in become `…`.
fn cell(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('…');
            }
            '}' => inside = false,
            '|' if !inside => out.push_str("\\|"),
            '\n' if !inside => out.push(' '),
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// The variants of the match arm that ends in this literal: `Self::A | Self::B => "…"`.
fn variants<'a>(source: &'a str, literal: &Literal) -> Vec<&'a str> {
    let before = &source[..literal.at];
    let Some(arm) = before.trim_end().strip_suffix("=>") else { return Vec::new() };
    let start = arm.rfind(['"', '{', ';']).map_or(0, |at| at + 1);
    let names = arm[start..].split("Self::").skip(1);
    names.map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()).collect()
}

/// The comment above a variant, its first sentence.
fn comment(source: &str, variant: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let declares = |line: &&str| {
        line.strip_prefix(variant)
            .is_some_and(|rest| rest.starts_with([',', '(', ' ', '{']) || rest.is_empty())
    };
    let at = lines.iter().position(declares)?;
    let above = lines[..at].iter().rev().take_while(|l| l.starts_with("///") || l.starts_with("#["));
    let mut words: Vec<&str> = above.filter_map(|l| l.strip_prefix("///")).map(str::trim).collect();
    words.reverse();
    let text = words.join(" ").replace(['[', ']'], "");
    (!text.is_empty()).then(|| cell(text.split_inclusive(". ").next().unwrap_or(&text).trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_tests_in_it() {
        let source = "#[cfg(test)]\nmod testing;\nfn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n}\n";
        assert_eq!(before_tests(source), "#[cfg(test)]\nmod testing;\nfn a() {}\n");
        assert_eq!(before_tests("fn a() {}\n"), "fn a() {}\n");
    }

    #[test]
    fn codes_come_with_their_sentences_or_with_the_comment_of_their_variant() {
        let source = r#"
            refusal(Kind::Refused, "authority.a", ["だめ {x}。", "No {x}."], ["直す。", "Mend it."]);
            /// The key is weak. It really is.
            Weak,
            match self { Self::Weak => "authority.b", }
            Entry::new("ca.entry", "something else");
            const NAMES: [(&str, &str, &str); 1] = [("authority.job", "鍵を消す", "Erase keys")];
            Paper::new(lang, "authority.paper", lang.pick("請求書", "Invoice"));
            source.problem("authority.url", Text::new("空です", "is empty"));
            Fail::usage("authority.c", Text::new("ない。", "None."), Text::new("足す。", "Add it."));
        "#;
        let mut codes = BTreeMap::new();
        read(source, &BTreeSet::from(["authority".to_owned()]), &mut codes);
        let set = |text: &str| BTreeSet::from([text.to_owned()]);
        let a =
            Code { japanese: set("だめ …。"), english: set("No …."), next: set("直す。 Mend it.") };
        let b = Code { english: set("The key is weak."), ..Code::default() };
        let c = Code { japanese: set("ない。"), english: set("None."), next: set("足す。 Add it.") };
        let all = [("authority.a", a), ("authority.b", b), ("authority.c", c)];
        assert_eq!(codes, all.map(|(name, code)| (name.to_owned(), code)).into());
    }
}
