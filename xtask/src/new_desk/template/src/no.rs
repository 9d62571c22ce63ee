//! Why the desk refuses what its table allows, and what people are told of every halt.

use crate::status::{Deed, Standing};
use core_words::{Kind, Lang, Refusal, Text};
use kit_desk::{Halt, Status, Verb, events::Event};
use kit_web::dates;

/// Why a command is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum No {
    /// The table does not have it.
    NotInTable,
}

fn refusal(kind: Kind, code: &'static str, message: [&str; 2], next: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, Text::new(message[0], message[1]), Text::new(next[0], next[1]))
}

impl From<No> for Refusal {
    fn from(no: No) -> Self {
        match no {
            No::NotInTable => not_now(),
        }
    }
}

/// What people are told of a halt.
pub fn told(halt: Halt<No, Standing>) -> Refusal {
    match halt {
        Halt::Store(error) => {
            tracing::error!(%error, "the newdesk desk's database");
            unavailable()
        }
        Halt::NoCase => no_case(),
        Halt::NotNow { last: Some(last), .. } | Halt::Overtaken { last: Some(last) } => overtaken(&last),
        Halt::NotNow { last: None, .. } | Halt::Overtaken { last: None } => not_now(),
        Halt::NotYou => refusal(
            Kind::Forbidden,
            "newdesk.not_you",
            ["この操作をする権限がありません。", "You may not do this."],
            ["担当の方へ依頼してください。", "Please ask somebody who may."],
        ),
        Halt::Refused(no) => no.into(),
    }
}

/// The case does not exist, or belongs to somebody else: told alike.
pub fn no_case() -> Refusal {
    refusal(
        Kind::NotFound,
        "newdesk.no_case",
        ["この受付番号の申請は見つかりません。", "There is no application of this number."],
        ["受付番号を確認してください。", "Please check the number."],
    )
}

/// The database does not answer.
pub fn unavailable() -> Refusal {
    refusal(
        Kind::Unavailable,
        "newdesk.unavailable",
        [
            "ただいま処理できません。何も変更されていません。",
            "This cannot be done at the moment. Nothing was changed.",
        ],
        ["しばらくしてから、もう一度お試しください。", "Please try again in a while."],
    )
}

fn not_now() -> Refusal {
    refusal(
        Kind::Conflict,
        "newdesk.not_now",
        ["いまの状況では、この操作はできません。", "This cannot be done in the present status."],
        ["画面を開き直し、状況を確認してください。", "Open the page again and see the status."],
    )
}

/// Somebody was first: what they did, when, and where the case stands now.
fn overtaken(last: &Event) -> Refusal {
    let empty = || Text::new("", "");
    let done = Deed::of_slug(&last.verb).map_or_else(empty, Verb::done);
    let stands = Standing::of_code(last.to).map_or_else(empty, Status::label);
    let when = |lang| dates::day_and_time(lang, last.at);
    refusal(
        Kind::Conflict,
        "newdesk.overtaken",
        [
            &format!("{}に他の方が先に{}（状況は「{}」）。", when(Lang::Ja), done.ja, stands.ja),
            &format!("Somebody was first, on {}: {} (status: {}).", when(Lang::En), done.en, stands.en),
        ],
        ["画面を開き直し、いまの状況を確認してください。", "Open the page again and see the present status."],
    )
}
