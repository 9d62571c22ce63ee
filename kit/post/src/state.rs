//! Where a mail stands, and how a try to deliver it ended.

use core_words::Lang;
use kit_store::StoreError;

/// Where a mail stands. The numbers are stored and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailState {
    /// 1: waits for its first or next try.
    Waiting,
    /// 2: its text is on its way to the server, or somebody died meanwhile.
    Sending,
    /// 3: the server has taken it.
    Sent,
    /// 4: refused for good, or tried for days. Somebody must look.
    Failed,
}

/// How one try to deliver a mail ended. The numbers are stored and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// 1: the text is on its way, or somebody died meanwhile.
    UnderWay,
    /// 2: the server has taken the mail (250).
    Accepted,
    /// 3: the server refused the recipient or the text for good (5xx).
    Refused,
    /// 4: the server will take it later (4xx), or refused us and not the mail: tried again.
    Deferred,
    /// 5: no server was reached, or the connection broke before the text went out.
    NotReached,
    /// 6: nobody knows whether the server took it: the process or the connection ended after the text went out.
    Unknown,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sending, Self::Sent, Self::Failed];

    /// The stored number.
    pub const fn code(self) -> i16 {
        self as i16 + 1
    }

    /// A name for metrics, texts and addresses: `waiting`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// The state of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub(crate) fn of_code(code: i16) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or_else(|| unknown("state"))
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::UnderWay, Self::Accepted, Self::Refused, Self::Deferred, Self::NotReached, Self::Unknown];

    /// The stored number.
    pub const fn code(self) -> i16 {
        self as i16 + 1
    }

    /// A name for texts: `under_way`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnderWay => "under_way",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::NotReached => "not_reached",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn of_code(code: i16) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code).ok_or_else(|| unknown("outcome"))
    }
}

pub(crate) fn lang_code(lang: Lang) -> i16 {
    match lang {
        Lang::Ja => 1,
        Lang::En => 2,
    }
}

pub(crate) fn lang_of_code(code: i16) -> Result<Lang, StoreError> {
    Lang::ALL.into_iter().find(|lang| lang_code(*lang) == code).ok_or_else(|| unknown("language"))
}

fn unknown(what: &str) -> StoreError {
    StoreError::Corrupt(format!("a mail has a {what} that no release knows"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k11_stored_numbers_are_what_they_were() {
        use MailState::*;
        assert_eq!([Waiting, Sending, Sent, Failed].map(MailState::code), [1, 2, 3, 4]);
        assert_eq!(Outcome::ALL.map(Outcome::code), [1, 2, 3, 4, 5, 6]);
        for state in MailState::ALL {
            assert_eq!(MailState::of_code(state.code()).ok(), Some(state));
            assert_eq!(MailState::of_name(state.name()), Some(state));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::of_code(outcome.code()).ok(), Some(outcome));
        }
        assert!(MailState::of_code(0).is_err() && Outcome::of_code(7).is_err() && lang_of_code(3).is_err());
    }
}
