//! What the applicant sees and types.

use super::{
    super::{pins, refusals, shown},
    Choice,
};
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    terminal,
};
use authority_front::Text;
use core_card::{
    generator::{Erased, PasswordFault, Torn},
    pin::{PinKind, PinText},
};
use core_crypto::Digest;
use indicatif::{ProgressBar, ProgressStyle};
use kit_keys::Provider;
use kit_reader::ReaderError;
use std::{path::Path, time::Duration};
use zeroize::Zeroizing;

/// Octets of a file with passwords.
const OCTETS: u64 = 4 << 10;

/// A terminal, or a file that says what would be typed there.
pub(super) struct Panel<'r> {
    run: &'r Run,
    typed: Option<Vec<Line>>,
}

/// A line of the file.
struct Line {
    kind: PinKind,
    first: PinText,
    second: Option<PinText>,
}

impl<'r> Panel<'r> {
    pub(super) fn new(run: &'r Run, passwords: Option<&Path>) -> Outcome<Self> {
        let typed = passwords.map(|path| read(run, path)).transpose()?;
        Ok(Self { run, typed })
    }

    /// A sentence.
    pub(super) fn line(&mut self, ja: impl AsRef<str>, en: impl AsRef<str>) {
        let text = self.run.lang.pick(ja.as_ref(), en.as_ref());
        terminal::print(&format!("{text}\n"));
    }

    /// The menu.
    pub(super) fn choose(&mut self) -> Outcome<Choice> {
        self.line("1: 鍵ペア生成  2: パスワード変更", "1: make key pairs  2: change passwords");
        loop {
            let instead =
                ("--menu と --password-file で指定してください。", "Say it with --menu and --password-file.");
            let typed = terminal::ask(self.run.lang, "番号", "number", instead)?;
            match typed.as_str() {
                "1" => return Ok(Choice::Make),
                "2" => return Ok(Choice::Change),
                _ => self.line("1 か 2 を入れてください。", "Type 1 or 2."),
            }
        }
    }

    /// A new password, as it was typed each time.
    pub(super) fn new_password(&mut self, kind: PinKind) -> Outcome<(PinText, PinText)> {
        if let Some(typed) = &self.typed {
            let line = line(typed, kind)?;
            let new = line.second.as_ref().unwrap_or(&line.first);
            return Ok((new.clone(), new.clone()));
        }
        let first = self.ask(kind, "の新しいパスワード", "password, a new one")?;
        let again = self.ask(kind, "の新しいパスワード (もう一度)", "password, the new one again")?;
        Ok((first, again))
    }

    /// The password that is set.
    pub(super) fn old_password(&mut self, kind: PinKind) -> Outcome<PinText> {
        match &self.typed {
            Some(typed) => Ok(line(typed, kind)?.first.clone()),
            None => self.ask(kind, "の今のパスワード", "password, the one that is set"),
        }
    }

    /// Asks until a password is typed that can be one: what is mistyped costs nothing.
    fn ask(&self, kind: PinKind, ja: &str, en: &str) -> Outcome<PinText> {
        loop {
            match pins::ask(self.run, kind, ja, en) {
                Err(fail) if fail.code == "card.pin_form" => self.complain(&fail),
                Err(fail) => return Err(in_the_file(fail)),
                Ok(pin) => return Ok(pin),
            }
        }
    }

    /// Whether the file, if there is one, says all that will be asked for: before anything is changed on the card.
    pub(super) fn must_have(&self, choice: Choice, places: &[PinKind]) -> Outcome<()> {
        let Some(typed) = &self.typed else { return Ok(()) };
        let said = |kind: &PinKind| {
            let line = typed.iter().find(|line| line.kind == *kind);
            line.is_some_and(|line| choice == Choice::Make || line.second.is_some())
        };
        if places.iter().all(said) { Ok(()) } else { Err(malformed()) }
    }

    /// Whether typing again may help.
    pub(super) fn can_ask_again(&self, fault: PasswordFault) -> bool {
        self.typed.is_none() && !matches!(fault, PasswordFault::Blocked | PasswordFault::LastTry)
    }

    /// What was wrong.
    pub(super) fn complain(&self, fail: &Fail) {
        terminal::complain(&fail.render(self.run.lang));
    }

    /// Shows that something is under way on another thread, until it is done.
    pub(super) fn while_making<R: Send>(&self, ja: &str, en: &str, work: impl FnOnce() -> R + Send) -> R {
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar =
            ProgressBar::new_spinner().with_style(style).with_message(self.run.lang.pick(ja, en).to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        let made = std::thread::scope(|scope| match scope.spawn(work).join() {
            Ok(made) => made,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        bar.finish_and_clear();
        made
    }

    /// Something went wrong on the way to the card: what was done before is said, and what it was.
    pub(super) fn torn(&mut self, torn: Torn<ReaderError>) -> Fail {
        self.done(&torn.erased);
        refusals::of(torn.error)
    }

    /// What was done; all of it is public.
    pub(super) fn done(&mut self, erased: &Erased) {
        for (kind, spki) in &erased.keys {
            let (ja, en) = shown(*kind);
            let print = base16ct::upper::encode_string(&Provider.sha256(spki)[..8]);
            self.line(
                format!("{ja}の公開鍵 (SHA-256): {print}…"),
                format!("{en} public key, SHA-256: {print}…"),
            );
        }
        for kind in &erased.passwords {
            let (ja, en) = shown(*kind);
            self.line(format!("{ja}のパスワードを変えました。"), format!("The {en} password was changed."));
        }
    }
}

/// Nobody sits at a terminal: the file says it instead.
fn in_the_file(mut fail: Fail) -> Fail {
    if fail.code == "cli.no_terminal" {
        fail.next = Text::new("--password-file で指定してください。", "Say it with --password-file.");
    }
    fail
}

fn line(typed: &[Line], kind: PinKind) -> Outcome<&Line> {
    typed.iter().find(|line| line.kind == kind).ok_or_else(malformed)
}

fn read(run: &Run, path: &Path) -> Outcome<Vec<Line>> {
    let octets = Zeroizing::new(run.read_file(path, OCTETS)?);
    let text = std::str::from_utf8(&octets).map_err(|_| malformed())?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let mut words = line.split_ascii_whitespace();
            let kind = match words.next() {
                Some("signing") => PinKind::Signing,
                Some("authentication") => PinKind::Authentication,
                _ => return Err(malformed()),
            };
            let first = pins::parse(kind, words.next().ok_or_else(malformed)?)?;
            let second = words.next().map(|word| pins::parse(kind, word)).transpose()?;
            if words.next().is_some() { Err(malformed()) } else { Ok(Line { kind, first, second }) }
        })
        .collect()
}

fn malformed() -> Fail {
    Fail::new(
        Exit::Usage,
        "card.password_file",
        Text::new("パスワードのファイルが読めません。", "The file of passwords cannot be read."),
        Text::new(
            "証明書ごとに 1 行、`signing ABC123` や `authentication 1234` の形で書いてください。変更では今のものと新しいものを並べます。",
            "A line for each certificate, `signing ABC123` or `authentication 1234`; for a change the old one and the new one.",
        ),
    )
}
