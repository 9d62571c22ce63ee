//! How a command ends: exit codes, and failures that say what to do next.

use crate::lang::Lang;
use authority_front::{Kind, Refusal, Text};
use std::fmt::Write as _;

/// The exit code of the process. The same numbers for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Exit {
    /// Done, or: nothing is wrong.
    Ok = 0,
    /// Understood and refused; nothing was changed.
    Refused = 1,
    /// Something needs a person's decision or hands.
    NeedsPerson = 2,
    /// The command line or the configuration is not well formed.
    Usage = 3,
    /// Could not run: something it needs is not there.
    CouldNotRun = 4,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", message.en)]
pub struct Fail {
    /// With which exit code the process ends.
    pub exit: Exit,
    /// Stable code, `part.reason`.
    pub code: String,
    /// What happened.
    pub message: Text,
    /// What to do next.
    pub next: Text,
    /// Single things that are wrong, one line each.
    pub details: Vec<Text>,
}

/// What commands return.
pub type Outcome<T = Exit> = Result<T, Fail>;

impl Fail {
    /// A failure without details.
    pub fn new(exit: Exit, code: impl Into<String>, message: Text, next: Text) -> Self {
        Self { exit, code: code.into(), message, next, details: Vec::new() }
    }

    /// The same with one line for each thing that is wrong.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Text>) -> Self {
        self.details.extend(details);
        self
    }

    /// Something a file system call said about `path`.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let shown = path.display();
        Self::new(
            Exit::CouldNotRun,
            "cli.file",
            Text::new(format!("{shown} を扱えません: {error}"), format!("{shown}: {error}")),
            Text::new("パスと権限を確認してください。", "Check the path and who may read and write there."),
        )
    }

    /// A command line that says something impossible.
    pub fn usage(code: &'static str, message: Text) -> Self {
        let next =
            Text::new("--help で使い方を確認してください。", "See --help for how the command is written.");
        Self::new(Exit::Usage, code, message, next)
    }

    /// The lines for the terminal.
    pub fn render(&self, lang: Lang) -> String {
        let mut out = format!("warifu: {} [{}]\n", lang.of(&self.message), self.code);
        for detail in &self.details {
            let _ = writeln!(out, "  - {}", lang.of(detail));
        }
        let _ = writeln!(out, "  → {}", lang.of(&self.next));
        out
    }
}

impl From<Refusal> for Fail {
    fn from(refusal: Refusal) -> Self {
        let exit = match refusal.kind {
            Kind::Unavailable | Kind::Internal | Kind::TooMany => Exit::CouldNotRun,
            Kind::Malformed => Exit::Usage,
            _ => Exit::Refused,
        };
        let line = |f: authority_front::Field| {
            Text::new(format!("{}: {}", f.field, f.message.ja), format!("{}: {}", f.field, f.message.en))
        };
        Self::new(exit, refusal.code, refusal.message, refusal.next)
            .with_details(refusal.fields.into_iter().map(line).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_to_do_next_in_both_languages() {
        let refusal = Refusal::new(
            Kind::Refused,
            "authority.weak_key",
            Text::new("鍵が弱すぎます。", "The key is too weak."),
            Text::new("新しい鍵を作ってください。", "Make a new key."),
        )
        .with_field("request", Text::new("1024 ビット", "1024 bits"));
        let fail = Fail::from(refusal);
        assert_eq!(fail.exit, Exit::Refused);
        let en = "warifu: The key is too weak. [authority.weak_key]\n  - request: 1024 bits\n  → Make a new key.\n";
        assert_eq!(fail.render(Lang::En), en);
        assert!(fail.render(Lang::Ja).contains("→ 新しい鍵を作ってください。"));
    }
}
