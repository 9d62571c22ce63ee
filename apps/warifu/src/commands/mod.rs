//! The commands, one per file. A file has what can be said on the command line, and what is then done; commands that
//! change something are deeds (see [`crate::control`]).
//!
//! What changes an authority or replaces something is a dry run unless `--perform` is given.

pub mod admin;
pub mod ca;
pub mod card;
pub mod claims;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod keys;
pub mod ledger;
pub mod open_notice;
pub mod serve;
pub mod staff;
pub mod token;

use crate::{
    fail::{Exit, Fail},
    terminal::Page,
};
use authority_front::{Refusal, Text};
use core_words::{UtcMicros, UtcSeconds};

/// The end of every dry run.
pub(crate) fn nothing_changed(page: &mut Page) {
    page.next(
        "これは試行です。何も変更していません。実行するには --perform を付けてください。",
        "This was a dry run; nothing was changed. Add --perform to do it.",
    );
}

/// A word on the command line that is not of its form.
pub(crate) fn unfit(name: &str, ja: &str, error: &dyn std::fmt::Display) -> Fail {
    Fail::usage("cli.unfit", Text::new(format!("{name}: {ja}"), format!("{name}: {error}")))
}

/// There is no such authority.
pub(crate) fn no_authority(id: &str) -> Fail {
    Fail::new(
        Exit::Refused,
        "cli.no_authority",
        Text::new(format!("認証局 {id} はありません。"), format!("There is no authority '{id}'.")),
        Text::new("`warifu ca list` で名前を確認してください。", "See the names with `warifu ca list`."),
    )
}

/// A time as it is shown at the terminal.
pub(crate) fn shown(time: UtcMicros) -> String {
    crate::api::view::rfc3339(time.whole_seconds())
}

/// A time on the command line: RFC 3339.
pub(crate) fn time(text: &str) -> Result<UtcSeconds, Refusal> {
    crate::api::fields::seconds(text, "time".into())
}
