//! What a person sees and types.

use crate::{
    fail::{Exit, Fail, Outcome},
    lang::Lang,
};
use authority_front::Text;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
};
use zeroize::Zeroizing;

/// Prints to standard output. A reader that went away (`| head`) is no failure of the command.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints octets to standard output as they are.
pub fn print_octets(octets: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(octets).and_then(|()| out.flush());
}

/// Prints to standard error.
pub fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Text for a person, line by line, in one language.
#[derive(Clone, Debug)]
pub struct Page {
    lang: Lang,
    text: String,
}

impl Page {
    /// An empty page.
    pub fn new(lang: Lang) -> Self {
        Self { lang, text: String::new() }
    }

    /// The language it is written in.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A sentence.
    pub fn line(&mut self, ja: impl AsRef<str>, en: impl AsRef<str>) {
        let (ja, en) = (ja.as_ref(), en.as_ref());
        let text = self.lang.pick(ja, en);
        self.raw(text);
    }

    /// A line that is the same in both languages.
    pub fn raw(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    /// What to do next.
    pub fn next(&mut self, ja: impl AsRef<str>, en: impl AsRef<str>) {
        let sentence = self.lang.pick(ja.as_ref(), en.as_ref());
        self.text.push_str("→ ");
        self.text.push_str(sentence);
        self.text.push('\n');
    }

    /// A named value.
    pub fn field(&mut self, ja: &str, en: &str, value: impl std::fmt::Display) {
        let name = self.lang.pick(ja, en);
        let pad = 24usize.saturating_sub(width(name));
        self.text.push_str(&format!("{name}{:pad$} {value}\n", ""));
    }

    /// Rows with a heading, columns aligned.
    pub fn table(&mut self, heading: &[(&str, &str)], rows: &[Vec<String>]) {
        let heading: Vec<String> = heading.iter().map(|(ja, en)| self.lang.pick(ja, en).to_owned()).collect();
        let mut widths: Vec<usize> = heading.iter().map(|h| width(h)).collect();
        for row in rows {
            for (at, cell) in row.iter().enumerate().take(widths.len()) {
                widths[at] = widths[at].max(width(cell));
            }
        }
        for row in std::iter::once(&heading).chain(rows) {
            let mut line = String::new();
            for (cell, wanted) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', wanted - width(cell) + 2));
            }
            self.raw(line.trim_end());
        }
    }

    /// The whole.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// How many columns a text takes: East Asian characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{1100}'..='\u{ffdc}').contains(&c) { 2 } else { 1 }).sum()
}

/// The longest line that is read at the terminal, octets.
const LINE: usize = 4_096;
/// What Ctrl-C sends.
const CTRL_C: u8 = 3;

/// The terminal of whoever runs the command, also where input and output are pipes.
fn tty() -> std::io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

/// Nobody can be asked, mostly for the passphrase.
fn no_terminal() -> Fail {
    Fail::new(
        Exit::NeedsPerson,
        "cli.no_terminal",
        Text::new("尋ねる端末がありません。", "There is no terminal to ask at."),
        Text::new(
            "端末で実行するか、WARIFU__KEYS__PASSPHRASE か keys.passphrase_file を設定してください。",
            "Run it at a terminal, or set WARIFU__KEYS__PASSPHRASE or keys.passphrase_file.",
        ),
    )
}

/// Asks at the terminal for something that may be seen.
///
/// # Errors
/// There is no terminal: `instead` says what to do.
pub fn ask(lang: Lang, ja: &str, en: &str, instead: (&str, &str)) -> Outcome<String> {
    let no_terminal = |_| Fail { next: Text::new(instead.0, instead.1), ..no_terminal() };
    let tty = tty().map_err(no_terminal)?;
    let _ = write!(&tty, "{}: ", lang.pick(ja, en));
    let mut line = String::new();
    let most = u64::try_from(LINE).unwrap_or(u64::MAX);
    BufReader::new(tty.take(most)).read_line(&mut line).map_err(no_terminal)?;
    if line.is_empty() {
        // Ctrl-D, or the terminal is gone.
        return Err(no_terminal(std::io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(line.trim().to_owned())
}

/// Asks at the terminal for something that is not shown while it is typed.
///
/// # Errors
/// There is no terminal; nothing was typed; Ctrl-C.
pub fn ask_secret(lang: Lang, ja: &str, en: &str) -> Outcome<Zeroizing<String>> {
    let no_terminal = |_| no_terminal();
    let tty = tty().map_err(no_terminal)?;
    // Quiet before the question: who sees it may begin to type, and going quiet drops what is not yet read.
    let quiet = Quiet::begin(&tty).map_err(no_terminal)?;
    let _ = write!(&tty, "{}: ", lang.pick(ja, en));
    // A terminal gives a line at a time. No buffer in between: it would keep a copy.
    let mut typed = Zeroizing::new([0; LINE]);
    let read = (&tty).read(&mut typed[..]);
    drop(quiet);
    let _ = writeln!(&tty);
    let line = &typed[..read.map_err(no_terminal)?];
    if line.contains(&CTRL_C) {
        return Err(Fail::new(
            Exit::NeedsPerson,
            "cli.cancelled",
            Text::new("中止しました。", "Cancelled."),
            Text::new(
                "何も変えていません。もう一度実行してください。",
                "Nothing was done with it; run it again.",
            ),
        ));
    }
    let text = str::from_utf8(line).unwrap_or_default().trim_end_matches(['\r', '\n']);
    Ok(Zeroizing::new(text.to_owned()))
}

/// A terminal that does not show what is typed, until dropped.
struct Quiet<'a> {
    tty: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    fn begin(tty: &'a File) -> std::io::Result<Self> {
        let before = tcgetattr(tty)?;
        let mut quiet = before.clone();
        // Ctrl-C is read, ends the line, and is looked for there: a signal would end the process with the terminal still
        // silent.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        tcsetattr(tty, OptionalActions::Flush, &quiet)?;
        Ok(Self { tty, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing either.
        let _ = tcsetattr(self.tty, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_in_both_languages() {
        let rows = [vec!["claims-ca".to_owned(), "active".to_owned()], vec!["x".into(), "y".into()]];
        let mut page = Page::new(Lang::Ja);
        page.table(&[("認証局", "authority"), ("状態", "state")], &rows);
        assert_eq!(page.into_text(), "認証局     状態\nclaims-ca  active\nx          y\n");
    }
}
