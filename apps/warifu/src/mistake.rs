//! A command line that cannot be read, explained in Japanese. In English clap explains it itself.

use crate::{
    fail::{Exit, Fail},
    lang::{self, Lang},
    terminal,
};
use authority_front::Text;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// Prints what is wrong with a command line, or the help or version that it asked for; how the process ends.
pub fn tell(arguments: &[OsString], error: &clap::Error) -> Exit {
    let lang = lang_of(arguments).unwrap_or_else(|| lang::of_environment(|name| std::env::var(name).ok()));
    match (error.use_stderr(), lang, in_japanese(error)) {
        (true, Lang::Ja, Some(fail)) => {
            terminal::complain(&fail.render(Lang::Ja));
            fail.exit
        }
        (is_mistake, ..) => {
            // Help and version are no mistakes; clap prints them to standard output.
            let _ = error.print();
            if is_mistake { Exit::Usage } else { Exit::Ok }
        }
    }
}

/// The language that the command line asks for, as far as it can be read.
fn lang_of(arguments: &[OsString]) -> Option<Lang> {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    let wanted = loop {
        match words.next()? {
            "--lang" => break words.next()?,
            "--" => return None,
            word => {
                if let Some(tag) = word.strip_prefix("--lang=") {
                    break tag;
                }
            }
        }
    };
    Lang::ALL.into_iter().find(|lang| lang.tag() == wanted)
}

/// The same as clap says, for the kinds of mistakes that people make.
fn in_japanese(error: &clap::Error) -> Option<Fail> {
    let part = |kind| error.get(kind).and_then(shown);
    let argument = || part(ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::InvalidValue => match part(ContextKind::InvalidValue).filter(|value| !value.is_empty()) {
            Some(value) => format!("{} に「{value}」は使えません。", argument()?),
            None => format!("{} に値がありません。", argument()?),
        },
        ErrorKind::ValueValidation => {
            format!("{} に「{}」は使えません。", argument()?, part(ContextKind::InvalidValue)?)
        }
        ErrorKind::UnknownArgument => format!("「{}」は分かりません。", argument()?),
        ErrorKind::InvalidSubcommand => {
            format!("「{}」というコマンドはありません。", part(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingSubcommand => "コマンドが足りません。".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("{} がありません。", argument()?),
        ErrorKind::ArgumentConflict => match part(ContextKind::PriorArg)? {
            prior if Some(&prior) == argument().as_ref() => format!("{prior} は一度しか書けません。"),
            prior => format!("{} と {prior} は一緒に使えません。", argument()?),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{} の値の数が違います。", argument()?)
        }
        ErrorKind::NoEquals => format!("{} の値は = で続けて書いてください。", argument()?),
        _ => return None,
    };
    // What the check of the value said; a library's says it in English.
    let said = std::error::Error::source(error).map(ToString::to_string);
    let details = [
        Some(message),
        said,
        part(ContextKind::ValidValue).map(|values| format!("使えるもの: {values}")),
        part(ContextKind::SuggestedValue).map(|value| format!("もしかして: {value}")),
        part(ContextKind::SuggestedArg).map(|argument| format!("もしかして: {argument}")),
        part(ContextKind::SuggestedSubcommand).map(|command| format!("もしかして: {command}")),
        part(ContextKind::ValidSubcommand).map(|commands| format!("使えるもの: {commands}")),
        part(ContextKind::Usage)
            .map(|usage| format!("書き方: {}", usage.trim_start_matches("Usage:").trim())),
    ];
    // Shown in Japanese alone: in English clap speaks.
    let both = |ja: String| Text::new(ja.clone(), ja);
    Some(
        Fail::usage(
            "cli.mistaken",
            Text::new("コマンドの書き方が違います。", "The command line is not well formed."),
        )
        .with_details(details.into_iter().flatten().map(both).collect()),
    )
}

/// A part of clap's message, in one line.
fn shown(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if texts.is_empty() => None,
        ContextValue::Strings(texts) => Some(texts.join("、")),
        ContextValue::StyledStr(text) => {
            Some(text.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
        }
        ContextValue::StyledStrs(texts) => {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            (!texts.is_empty()).then(|| texts.join("、"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    fn said(line: &str) -> String {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = Cli::of_arguments(arguments).expect_err("a mistake");
        in_japanese(&error).expect("explained").render(Lang::Ja)
    }

    #[test]
    fn k17_mistakes_at_the_command_line_are_explained_in_japanese() {
        for (line, parts) in [
            (
                "warifu card generator --menu zzz",
                &["--menu <MENU> に「zzz」は使えません。", "使えるもの: make、change"][..],
            ),
            ("warifu card shw", &["「shw」というコマンドはありません。", "もしかして: show"]),
            ("warifu card show --cadr x", &["「--cadr」は分かりません。", "もしかして: --card"]),
            ("warifu card serve", &["--card <FILE> がありません。", "書き方: warifu card serve"]),
            (
                "warifu card show --card x --reader y",
                &["--card <FILE> と --reader <NAME> は一緒に使えません。"],
            ),
            ("warifu card show --card x --card y", &["--card <FILE> は一度しか書けません。"]),
            (
                "warifu card serve --card x --vpcd nowhere",
                &["に「nowhere」は使えません。", "invalid socket address"],
            ),
            ("warifu card show --card", &["--card <FILE> に値がありません。"]),
        ] {
            let said = said(line);
            assert!(said.contains("[cli.mistaken]") && said.contains("→ --help"), "{line}: {said}");
            for part in parts {
                assert!(said.contains(part), "{line}: no {part} in {said}");
            }
        }
    }

    #[test]
    fn the_language_is_that_of_the_command_line_even_where_the_rest_cannot_be_read() {
        let lang = |line: &str| lang_of(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(lang("warifu --lang ja card shw"), Some(Lang::Ja));
        assert_eq!(lang("warifu card shw --lang=en"), Some(Lang::En));
        assert_eq!(lang("warifu card shw --lang"), None);
        assert_eq!(lang("warifu card --lang fr"), None);
        assert_eq!(lang("warifu card -- --lang ja"), None);
    }
}
