//! Where PINs come from: a file, or the terminal, where they are not shown.

use super::{refusals, shown};
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    terminal::ask_secret,
};
use authority_front::Text;
use core_card::{
    generator::PasswordFault,
    pin::{PinKind, PinText},
};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Octets of a file with PINs.
const OCTETS: u64 = 4 << 10;

/// A PIN that is asked for.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct PinFile {
    /// A file whose first line is the PIN; else it is asked for at the terminal
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// Send the PIN also when only one try is left
    #[arg(long)]
    use_last_try: bool,
}

impl PinFile {
    /// How careful to be with the last try.
    pub(super) fn caution(&self) -> core_card::host::Caution {
        if self.use_last_try {
            core_card::host::Caution::UseTheLast
        } else {
            core_card::host::Caution::SpareTheLast
        }
    }

    /// The PIN of this kind.
    pub(super) fn read(&self, run: &Run, kind: PinKind) -> Outcome<PinText> {
        match &self.pin_file {
            Some(path) => first_line(run, path, kind),
            None => ask(run, kind, "の暗証番号", "PIN"),
        }
    }

    /// Whether a file was named, so that nobody has to be asked.
    pub(super) fn is_named(&self) -> bool {
        self.pin_file.is_some()
    }
}

/// The first line of a file as a PIN.
pub(super) fn first_line(run: &Run, path: &Path, kind: PinKind) -> Outcome<PinText> {
    let octets = Zeroizing::new(run.read_file(path, OCTETS)?);
    let text = std::str::from_utf8(&octets).unwrap_or_default();
    parse(kind, text.lines().next().unwrap_or_default())
}

/// Asks at the terminal.
pub(super) fn ask(run: &Run, kind: PinKind, ja: &str, en: &str) -> Outcome<PinText> {
    let (place_ja, place_en) = shown(kind);
    let typed = ask_secret(run.lang, &format!("{place_ja}{ja}"), &format!("{place_en} {en}"))
        .map_err(nobody_to_ask)?;
    parse(kind, &typed)
}

/// A PIN as a person types it: small letters become capital ones.
pub(super) fn parse(kind: PinKind, text: &str) -> Outcome<PinText> {
    PinText::typed(kind, text).map_err(|fault| refusals::of_pin(kind, fault))
}

/// There is no terminal.
fn nobody_to_ask(mut fail: Fail) -> Fail {
    if fail.exit == Exit::NeedsPerson {
        fail.message =
            Text::new("暗証番号を尋ねる端末がありません。", "There is no terminal to ask for the PIN.");
        fail.next =
            Text::new("--pin-file でファイルから渡してください。", "Give it in a file, with --pin-file.");
    }
    fail
}

/// A new PIN, asked for twice.
pub(super) fn ask_twice(run: &Run, kind: PinKind) -> Outcome<PinText> {
    let first = ask(run, kind, "の新しい暗証番号", "PIN, the new one")?;
    let again = ask(run, kind, "の新しい暗証番号 (もう一度)", "PIN, the new one again")?;
    if bool::from(first.is(again.as_bytes())) {
        Ok(first)
    } else {
        Err(refusals::of_password(PasswordFault::Differ))
    }
}
