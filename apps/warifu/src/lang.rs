//! The language of what a person reads at the terminal: Japanese or English (K17).

use clap::builder::{PossibleValuesParser, TypedValueParser};
pub use core_words::Lang;

/// The language of the environment, as POSIX orders it: `LC_ALL`, `LC_MESSAGES`, `LANG`. English unless one of
/// them says `ja…`.
pub fn of_environment(read: impl Fn(&str) -> Option<String>) -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(read).find(|v| !v.is_empty());
    match set {
        Some(value) if value.starts_with("ja") => Lang::Ja,
        _ => Lang::En,
    }
}

/// Reads `ja` or `en` on the command line.
pub fn parser() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::tag))
        .map(|tag| if tag == "ja" { Lang::Ja } else { Lang::En })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
        };
        assert_eq!(of_environment(env(&[("LANG", "ja_JP.UTF-8")])), Lang::Ja);
        assert_eq!(of_environment(env(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")])), Lang::En);
        assert_eq!(of_environment(env(&[("LC_ALL", ""), ("LANG", "ja")])), Lang::Ja);
        assert_eq!(of_environment(env(&[])), Lang::En);
    }
}
