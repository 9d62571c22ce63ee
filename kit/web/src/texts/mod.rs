//! Texts in two languages: Fluent files in the crate that owns them, one look-up for the whole house (K17).
//!
//! A key is `part-what`, in kebab case, the same in both languages. A key that one language lacks, a key
//! given twice, a line that does not parse: each is an error when the texts are put together, not a hole
//! in a page.

mod arg;
mod keys;
mod say;

pub use arg::Arg;
pub(crate) use keys::{defined_keys, said_keys, wildcard_keys};
pub use say::{Given, Say};

use core_words::Lang;
use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use std::{collections::BTreeMap, sync::Arc};
use unic_langid::langid;

/// The texts of one crate: the contents of its `i18n/{ja,en}/*.ftl`. Made by [`texts!`](crate::texts).
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The crate that owns them.
    pub krate: &'static str,
    /// Files in Japanese.
    pub ja: &'static [&'static str],
    /// Files in English.
    pub en: &'static [&'static str],
}

/// Why texts could not be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A file does not parse as Fluent.
    #[error("{krate}: the texts in '{lang}' do not parse: {what}")]
    Syntax {
        /// Whose.
        krate: String,
        /// Which language.
        lang: &'static str,
        /// What the parser said.
        what: String,
    },
    /// A key is given twice.
    #[error("{krate}: the key '{key}' is given twice in '{lang}'")]
    Twice {
        /// Whose second one.
        krate: String,
        /// Which language.
        lang: &'static str,
        /// The key.
        key: String,
    },
    /// A key stands in one language alone.
    #[error("{krate}: the key '{key}' is missing in '{lang}'")]
    Missing {
        /// Whose.
        krate: String,
        /// The language that lacks it.
        lang: &'static str,
        /// The key.
        key: String,
    },
    /// A key without a part before a hyphen: it could collide with another crate's.
    #[error("{krate}: the key '{key}' has no part: write 'part-{key}'")]
    NoPart {
        /// Whose.
        krate: String,
        /// The key.
        key: String,
    },
}

type Bundle = FluentBundle<FluentResource>;

struct Inner {
    ja: Bundle,
    en: Bundle,
    keys: BTreeMap<String, &'static str>,
}

/// All texts of the house. Cheap to clone.
#[derive(Clone)]
pub struct Texts(Arc<Inner>);

impl Texts {
    /// Puts the texts of all crates together, those of this crate first.
    ///
    /// # Errors
    /// [`TextError`]: a file that does not parse, a key given twice, in one language only, or without a part.
    pub fn new(sources: &[Source]) -> Result<Self, TextError> {
        let mut ja = FluentBundle::new_concurrent(vec![langid!("ja")]);
        let mut en = FluentBundle::new_concurrent(vec![langid!("en")]);
        let mut keys = BTreeMap::new();
        for source in
            std::iter::once(&crate::SOURCE).chain(sources.iter().filter(|s| s.krate != crate::SOURCE.krate))
        {
            add(&mut ja, "ja", source, source.ja)?;
            add(&mut en, "en", source, source.en)?;
            let missing =
                |lang, key: &str| TextError::Missing { krate: source.krate.into(), lang, key: key.into() };
            for key in source.ja.iter().flat_map(|text| defined_keys(text)) {
                if !key.contains('-') {
                    return Err(TextError::NoPart { krate: source.krate.into(), key: key.into() });
                }
                if !en.has_message(key) {
                    return Err(missing("en", key));
                }
                keys.insert(key.to_owned(), source.krate);
            }
            if let Some(key) =
                source.en.iter().flat_map(|text| defined_keys(text)).find(|key| !ja.has_message(key))
            {
                return Err(missing("ja", key));
            }
        }
        Ok(Self(Arc::new(Inner { ja, en, keys })))
    }

    /// The texts in one language.
    pub fn say(&self, lang: Lang) -> Say {
        Say::new(self.clone(), lang)
    }

    /// Whether there is such a key.
    pub fn has(&self, key: &str) -> bool {
        self.0.keys.contains_key(key)
    }

    /// The keys that a crate owns, sorted.
    pub fn keys_of(&self, krate: &str) -> impl Iterator<Item = &str> {
        self.0.keys.iter().filter(move |(_, owner)| **owner == krate).map(|(key, _)| key.as_str())
    }

    /// The keys that a source text (Rust or a template) says: `t("…")`, `with("…"`, `both("…"`.
    pub fn keys_used_in(source_text: &str) -> Vec<String> {
        said_keys(source_text)
    }

    fn bundle(&self, lang: Lang) -> &Bundle {
        match lang {
            Lang::Ja => &self.0.ja,
            Lang::En => &self.0.en,
        }
    }
}

fn add(bundle: &mut Bundle, lang: &'static str, source: &Source, files: &[&str]) -> Result<(), TextError> {
    bundle.set_use_isolating(false);
    for text in files {
        let resource =
            FluentResource::try_new((*text).to_owned()).map_err(|(_, errors)| TextError::Syntax {
                krate: source.krate.into(),
                lang,
                what: errors.first().map(ToString::to_string).unwrap_or_default(),
            })?;
        let twice = |key: &str| TextError::Twice { krate: source.krate.into(), lang, key: key.into() };
        bundle.add_resource(resource).map_err(|errors| match errors.into_iter().next() {
            Some(fluent_bundle::FluentError::Overriding { id, .. }) => twice(&id),
            _ => twice("?"),
        })?;
    }
    Ok(())
}

/// The texts of the crate that writes this: `kit_web::texts!("claims.ftl", "claims-staff.ftl")` reads
/// `i18n/ja/claims.ftl`, `i18n/en/claims.ftl` and so on, at compile time.
#[macro_export]
macro_rules! texts {
    ($($file:literal),+ $(,)?) => {
        $crate::Source {
            krate: env!("CARGO_PKG_NAME"),
            ja: &[$(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/i18n/ja/", $file))),+],
            en: &[$(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/i18n/en/", $file))),+],
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(ja: &'static [&'static str], en: &'static [&'static str]) -> Source {
        Source { krate: "demo", ja, en }
    }

    #[test]
    fn k17_a_key_in_one_language_only_is_an_error() {
        let missing = |lang, key: &str| TextError::Missing { krate: "demo".into(), lang, key: key.into() };
        let error = |ja, en| Texts::new(&[source(ja, en)]).err();
        assert_eq!(error(&["x-a = あ\nx-b = い"], &["x-a = a"]), Some(missing("en", "x-b")));
        assert_eq!(error(&["x-a = あ"], &["x-a = a\nx-c = c"]), Some(missing("ja", "x-c")));
        assert_eq!(error(&["x-a = あ"], &["x-a = a"]), None);
    }

    #[test]
    fn a_key_given_twice_or_without_a_part_is_an_error() {
        let error = |ja, en| Texts::new(&[source(ja, en)]).err();
        assert!(matches!(error(&["x-a = あ", "x-a = い"], &["x-a = a"]), Some(TextError::Twice { .. })));
        assert!(matches!(error(&["a = あ"], &["a = a"]), Some(TextError::NoPart { .. })));
        assert!(matches!(error(&["x-a = { $ "], &["x-a = a"]), Some(TextError::Syntax { .. })));
    }

    #[test]
    fn an_unknown_key_or_a_missing_argument_shows_itself() {
        let texts = Texts::new(&[source(&["x-a = { $n }件"], &["x-a = { $n } cases"])]).expect("texts");
        let say = texts.say(Lang::Ja);
        assert_eq!(say.t("x-none"), "⟦x-none⟧");
        assert_eq!(say.with("x-a", &[("n", 3.into())]), "3件");
        assert!(say.t("x-a").contains("⟦x-a⟧"));
        assert_eq!(say.both("x-none").en, "⟦x-none⟧");
    }
}
