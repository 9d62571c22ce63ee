//! The two languages of the house (K17).

use crate::Text;

/// Japanese or English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Lang {
    /// Both, Japanese first.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// The tag of BCP 47: `ja` or `en`.
    pub fn tag(self) -> &'static str {
        self.pick("ja", "en")
    }

    /// The language of a tag of BCP 47, by its first part: `ja-JP` is Japanese. `None` for others.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let first = tag.trim().split('-').next()?;
        Self::ALL.into_iter().find(|lang| first.eq_ignore_ascii_case(lang.tag()))
    }

    /// The sentence in this language.
    pub fn of(self, text: &Text) -> &str {
        self.pick(&text.ja, &text.en)
    }

    /// One of two sentences.
    pub fn pick<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_their_first_part() {
        assert_eq!(Lang::of_tag("ja-JP"), Some(Lang::Ja));
        assert_eq!(Lang::of_tag("EN"), Some(Lang::En));
        assert_eq!(Lang::of_tag("fr"), None);
        assert_eq!(Lang::of_tag(""), None);
    }
}
