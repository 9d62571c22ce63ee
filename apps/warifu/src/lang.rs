//! The language of what a person reads at the terminal: Japanese or English (K17).

use authority_front::Text;

/// One of the two languages of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Lang {
    /// The language of the environment, as POSIX orders it: `LC_ALL`, `LC_MESSAGES`, `LANG`. English
    /// unless one of them says `ja…`.
    pub fn of_environment(read: impl Fn(&str) -> Option<String>) -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(read).find(|v| !v.is_empty());
        match set {
            Some(value) if value.starts_with("ja") => Self::Ja,
            _ => Self::En,
        }
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
    fn the_first_variable_that_is_set_decides() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
        };
        assert_eq!(Lang::of_environment(env(&[("LANG", "ja_JP.UTF-8")])), Lang::Ja);
        assert_eq!(Lang::of_environment(env(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")])), Lang::En);
        assert_eq!(Lang::of_environment(env(&[("LC_ALL", ""), ("LANG", "ja")])), Lang::Ja);
        assert_eq!(Lang::of_environment(env(&[])), Lang::En);
    }
}
