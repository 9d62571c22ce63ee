//! Mass work: what a run does to each of its lines, and how it is kept.
//!
//! To add a kind: a variant of [`Work`] with its slug, label and limit here, its form for the database in [`Form`], who
//! may start it in [`Work::may`], and one arm in `jobs/run.rs`, which calls the function that carries out one line in a
//! transaction under way. Everything else (chunks, progress, refusals, resuming, pages, CSV, API) is the same for all.

use crate::{
    status::Hat,
    words::{AskedBy, Channel, Choice, Rejection, RevocationAsk, RevokeReason},
};
use core_words::Text;
use serde::{Deserialize, Serialize};

/// What is done to each line of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Registers the issue request of each case (C9).
    Issue,
    /// Rejects each case (C9).
    Reject(Rejection),
    /// Registers a request for revocation of each case (C11).
    Revoke(RevocationAsk),
    /// Writes to the applicant of each case: a notice in the portal and a mail (K11).
    Notify(Message),
    /// Enters or changes the record of each care provider or agent (C23).
    Import,
}

/// What is written to applicants, as staff typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// One line, at most [`Message::LONGEST_SUBJECT`] characters.
    pub subject: String,
    /// Several lines, at most [`LONGEST_TEXT`](crate::service::LONGEST_TEXT) characters.
    pub text: String,
}

impl Message {
    /// The longest subject, in characters.
    pub const LONGEST_SUBJECT: usize = 100;
}

/// The most lines of a run about cases (K10: mass work is planned for ten thousand).
pub const MOST_CASES: u64 = 10_000;

impl Work {
    /// The name of the kind, in the database, the API and the ledger.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Reject(_) => "reject",
            Self::Revoke(_) => "revoke",
            Self::Notify(_) => "notify",
            Self::Import => "import",
        }
    }

    /// What people call it.
    pub fn label(&self) -> Text {
        match self {
            Self::Issue => Text::new("発行依頼の登録", "Register issue requests"),
            Self::Reject(Rejection::Refused(_)) => Text::new("却下", "Reject"),
            Self::Reject(Rejection::Withdrawn) => Text::new("取下げ", "Withdraw"),
            Self::Revoke(_) => Text::new("失効依頼の登録", "Register revocation requests"),
            Self::Notify(_) => Text::new("お知らせの送信", "Send notices"),
            Self::Import => Text::new("事業所・代理人の取込", "Import providers and agents"),
        }
    }

    /// Who may start it. What each line does is asked of the table of statuses again.
    pub fn may(&self, hat: Hat) -> bool {
        match self {
            Self::Issue | Self::Reject(_) | Self::Revoke(_) | Self::Notify(_) | Self::Import => {
                matches!(hat, Hat::Clerk | Hat::Manager)
            }
        }
    }

    /// The most lines of one run.
    pub fn most(&self) -> u64 {
        match self {
            Self::Issue | Self::Reject(_) | Self::Revoke(_) | Self::Notify(_) => MOST_CASES,
            Self::Import => crate::office::sheet::MOST_LINES,
        }
    }

    /// How many lines are carried out in one transaction at most. One that takes too long is tried again with half.
    pub(crate) fn chunk(&self) -> u32 {
        match self {
            Self::Issue | Self::Reject(_) | Self::Revoke(_) | Self::Notify(_) => 50,
            Self::Import => 200,
        }
    }

    /// As it is kept.
    pub(crate) fn to_octets(&self) -> Vec<u8> {
        let form = match self {
            Self::Issue => Form::Issue,
            Self::Reject(Rejection::Refused(reason)) => Form::Reject { reason: Some(reason.clone()) },
            Self::Reject(Rejection::Withdrawn) => Form::Reject { reason: None },
            Self::Revoke(ask) => Form::Revoke {
                by: ask.by.code(),
                channel: ask.channel.code(),
                reason: ask.reason.code(),
                note: ask.note.clone(),
            },
            Self::Notify(message) => Form::Notify(message.clone()),
            Self::Import => Form::Import,
        };
        serde_json::to_vec(&form).expect("texts and numbers alone have a form in JSON")
    }

    /// As it was kept; `None`: no release wrote that.
    pub(crate) fn of_octets(octets: &[u8]) -> Option<Self> {
        Some(match serde_json::from_slice(octets).ok()? {
            Form::Issue => Self::Issue,
            Form::Reject { reason: Some(reason) } => Self::Reject(Rejection::Refused(reason)),
            Form::Reject { reason: None } => Self::Reject(Rejection::Withdrawn),
            Form::Revoke { by, channel, reason, note } => Self::Revoke(RevocationAsk {
                by: AskedBy::of_code(by)?,
                channel: Channel::of_code(channel)?,
                reason: RevokeReason::of_code(reason)?,
                note,
            }),
            Form::Notify(message) => Self::Notify(message),
            Form::Import => Self::Import,
        })
    }
}

/// [`Work`] in the database.
#[derive(Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "kebab-case")]
enum Form {
    Issue,
    Reject { reason: Option<String> },
    Revoke { by: i16, channel: i16, reason: i16, note: String },
    Notify(Message),
    Import,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Its lines are being written; nothing is carried out yet.
    Loading,
    /// Its lines are carried out.
    Running,
    /// All of them were.
    Done,
    /// A manager stopped it: what was carried out stays, the rest is left.
    Stopped,
}

impl RunState {
    /// Every state, its stored number and its name.
    const ALL: [(Self, i16, &'static str); 4] = [
        (Self::Loading, 1, "loading"),
        (Self::Running, 2, "running"),
        (Self::Done, 3, "done"),
        (Self::Stopped, 4, "stopped"),
    ];

    /// Its stored number.
    pub(crate) fn code(self) -> i16 {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or(0, |(_, code, _)| *code)
    }

    /// The state of a stored number.
    pub(crate) fn of_code(code: i16) -> Option<Self> {
        Self::ALL.iter().find(|(_, stored, _)| *stored == code).map(|(state, ..)| *state)
    }

    /// Its name in the API.
    pub fn slug(self) -> &'static str {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or("", |(_, _, slug)| *slug)
    }

    /// What people call it.
    pub fn label(self) -> Text {
        match self {
            Self::Loading => Text::new("準備中", "Being prepared"),
            Self::Running => Text::new("実行中", "Running"),
            Self::Done => Text::new("終了", "Finished"),
            Self::Stopped => Text::new("中止", "Stopped"),
        }
    }

    /// Whether something is still going to happen.
    pub fn goes_on(self) -> bool {
        matches!(self, Self::Loading | Self::Running)
    }
}

/// How one line of a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    /// Not carried out yet; never, in a run that was stopped.
    Waiting,
    /// Carried out.
    Done,
    /// Refused: nothing was changed.
    Refused,
}

impl LineState {
    /// Every state, its stored number and its name.
    const ALL: [(Self, i16, &'static str); 3] =
        [(Self::Waiting, 1, "waiting"), (Self::Done, 2, "done"), (Self::Refused, 3, "refused")];

    /// Its stored number.
    pub(crate) fn code(self) -> i16 {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or(0, |(_, code, _)| *code)
    }

    /// The state of a stored number.
    pub(crate) fn of_code(code: i16) -> Option<Self> {
        Self::ALL.iter().find(|(_, stored, _)| *stored == code).map(|(state, ..)| *state)
    }

    /// Its name in the API and in forms.
    pub fn slug(self) -> &'static str {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or("", |(_, _, slug)| *slug)
    }

    /// The state of a name.
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, _, name)| *name == slug).map(|(state, ..)| *state)
    }

    /// What people call it.
    pub fn label(self) -> Text {
        match self {
            Self::Waiting => Text::new("未処理", "Not yet"),
            Self::Done => Text::new("完了", "Done"),
            Self::Refused => Text::new("処理できません", "Refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_what_a_run_does_comes_back_from_the_database_as_it_was() {
        let ask = RevocationAsk {
            by: AskedBy::Prefecture,
            channel: Channel::Paper,
            reason: RevokeReason::Closed,
            note: "「廃業」\n\"x\"".into(),
        };
        for work in [
            Work::Issue,
            Work::Import,
            Work::Reject(Rejection::Withdrawn),
            Work::Reject(Rejection::Refused("書類が足りません".into())),
            Work::Revoke(ask),
            Work::Notify(Message { subject: "件名".into(), text: "本文\n二行目".into() }),
        ] {
            assert_eq!(Work::of_octets(&work.to_octets()), Some(work));
        }
        for bad in
            ["", "{}", r#"{"work":"other"}"#, r#"{"work":"revoke","by":9,"channel":1,"reason":1,"note":""}"#]
        {
            assert_eq!(Work::of_octets(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn k10_applicants_start_no_run() {
        for work in [Work::Issue, Work::Reject(Rejection::Withdrawn)] {
            let may: Vec<Hat> =
                <Hat as kit_desk::Capacity>::ALL.iter().copied().filter(|hat| work.may(*hat)).collect();
            assert_eq!(may, [Hat::Clerk, Hat::Manager]);
        }
    }
}
