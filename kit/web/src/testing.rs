//! For tests of crates that make pages: texts, a frame, and checks that every crate runs over its own.

use crate::{
    frame::Chrome,
    gallery::{SAMPLE_NOW, Sample},
    texts::{Say, Source, Texts, said_keys, wildcard_keys},
};
use core_words::{Lang, Text};
use kit_clock::ManualClock;
use std::{collections::BTreeSet, path::Path, sync::Arc};

/// Texts of this crate in one language.
pub fn say(lang: Lang) -> Say {
    chrome(&[]).texts().say(lang)
}

/// The frame of a service in tests, with the texts of these crates, at [`SAMPLE_NOW`].
pub fn chrome(sources: &[Source]) -> Chrome {
    let texts = Texts::new(sources).expect("the texts of both languages are whole");
    let clock = Arc::new(ManualClock::at(SAMPLE_NOW));
    Chrome::new(texts, clock, Text::new("電子証明書の窓口", "Electronic certificate desks"))
}

/// Every key that the crate at `dir` (`env!("CARGO_MANIFEST_DIR")`) says is there, and every key it owns is said.
///
/// A key said by a computed name is declared by a comment in the source: `// keys: claims-status-*`.
///
/// # Panics
/// If a key is missing or unused.
pub fn every_key_is_there(source: &Source, dir: &str) {
    let texts = Texts::new(&[*source]).expect("the texts of both languages are whole");
    let code = sources(Path::new(dir));
    let missing: Vec<String> =
        code.iter().flat_map(|text| said_keys(text)).filter(|key| !texts.has(key)).collect();
    let patterns: BTreeSet<String> = code.iter().flat_map(|text| wildcard_keys(text)).collect();
    let said = |key: &str| {
        patterns.iter().any(|prefix| key.starts_with(prefix))
            || code.iter().any(|text| text.contains(&format!("\"{key}\"")))
    };
    let unused: Vec<&str> = texts.keys_of(source.krate).filter(|key| !said(key)).collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "{}: missing {missing:?}, unused {unused:?}",
        source.krate
    );
}

/// Every sample in both languages: the same twice, no missing text, sound in structure.
///
/// # Panics
/// With the sample and what is wrong with it.
pub fn every_sample_is_sound(samples: &[Sample], sources: &[Source]) {
    let chrome = chrome(sources);
    let mut names = BTreeSet::new();
    for sample in samples {
        assert!(names.insert(sample.path()), "{} is there twice", sample.path());
        for lang in Lang::ALL {
            let html = sample.html(&chrome, lang);
            let wrong = faults(&html);
            assert!(wrong.is_empty(), "{} in {lang:?}: {wrong:?}", sample.path());
            assert_eq!(html, sample.html(&chrome, lang), "{} is another page the second time", sample.path());
        }
    }
}

/// What is wrong with a page, as far as its text shows it.
pub fn faults(html: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |fine: bool, what: &str| {
        if !fine {
            wrong.push(what.to_owned());
        }
    };
    check(!html.contains('⟦'), "a text is missing");
    check(html.matches("<h1").count() == 1, "not exactly one h1");
    check(!html.contains(" style="), "an inline style");
    check(!html.contains("<style"), "an inline style sheet");
    check(html.matches("<script").count() == html.matches("<script src=\"").count(), "an inline script");
    check(html.contains("<html lang="), "no language");
    check(!html.contains("href=\"\""), "an empty link");
    check(html.matches("button primary").count() <= 1, "more than one primary button");
    let tags: Vec<&str> = html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect();
    check(
        !tags.iter().any(|tag| tag.contains(" on") && tag.contains("=\"") && has_handler(tag)),
        "an event handler",
    );
    let ids: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    check(unique.len() == ids.len(), "an id is there twice");
    for tag in tags.iter().filter(|tag| is_control(tag)) {
        let labelled = attribute(tag, "aria-label").is_some()
            || attribute(tag, "id").is_some_and(|id| html.contains(&format!("for=\"{id}\"")));
        check(labelled, &format!("a field without a label: {tag}"));
    }
    for name in ["aria-describedby", "aria-labelledby"] {
        for id in tags.iter().filter_map(|tag| attribute(tag, name)).flat_map(str::split_whitespace) {
            check(unique.contains(id), &format!("{name} names {id}, which is not there"));
        }
    }
    for target in tags.iter().filter_map(|tag| attribute(tag, "href")?.strip_prefix('#')) {
        check(unique.contains(target), &format!("a link to {target}, which is not there"));
    }
    wrong
}

fn is_control(tag: &str) -> bool {
    let named = ["input ", "select ", "textarea "].iter().any(|name| tag.starts_with(name));
    named && attribute(tag, "type") != Some("hidden")
}

fn has_handler(tag: &str) -> bool {
    tag.split_whitespace().skip(1).any(|word| word.starts_with("on") && word.contains('='))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// The source texts of `*.rs` and `*.html` below a crate's `src`, `templates` and `pages`.
fn sources(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<_> = ["src", "templates", "pages"].iter().map(|name| dir.join(name)).collect();
    while let Some(path) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&path) else { continue };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            match path.extension().and_then(|ext| ext.to_str()) {
                _ if path.is_dir() => open.push(path),
                Some("rs" | "html") => found.extend(std::fs::read_to_string(&path).map(without_tests)),
                _ => {}
            }
        }
    }
    found
}

/// What a source text says before its tests, which stand last in a file.
fn without_tests(mut text: String) -> String {
    if let Some(at) = text.find("#[cfg(test)]\nmod tests {") {
        text.truncate(at);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k17_every_text_is_there_and_said() {
        every_key_is_there(&crate::SOURCE, env!("CARGO_MANIFEST_DIR"));
    }

    #[test]
    fn k17_every_component_is_sound_in_both_languages() {
        every_sample_is_sound(&crate::samples(), &[]);
    }

    #[test]
    fn the_check_finds_what_it_looks_for() {
        let page = |inner: &str| format!("<html lang=\"ja\"><script src=\"x\"></script><h1>a</h1>{inner}");
        assert_eq!(faults(&page("")), Vec::<String>::new());
        for bad in [
            "⟦x⟧",
            "<h1>b</h1>",
            "<p style=\"x\">",
            "<script>x</script>",
            "<p id=\"a\"><p id=\"a\">",
            "<input type=\"text\" id=\"q\">",
            "<p onclick=\"x\">",
            "<a href=\"#nowhere\">",
            "<a href=\"\">",
            "<p aria-describedby=\"none\">",
        ] {
            assert_eq!(faults(&page(bad)).len(), 1, "{bad}");
        }
    }
}
