//! What an installation may set.

use crate::{Role, origin};
use core_words::{OperatorId, Text};
use std::time::Duration;

/// How the gate behaves. [`GateSettings::new`] has the figures of the requirements.
#[derive(Clone, Debug)]
pub struct GateSettings {
    /// The address of the service as browsers see it, without a path: `https://warifu.example`. Its host is the name
    /// to which passkeys are bound, for good; with `https` all cookies are `Secure` and of this host alone.
    pub public_url: String,
    /// The name of the service, as passkey dialogues show it.
    pub service_name: String,
    /// A session in which nothing happens ends after this (N16).
    pub session_idle: Duration,
    /// A session ends after this, whatever happens.
    pub session_max: Duration,
    /// A use of a session prolongs it when the last one that did is at least this long ago: one write a minute, not
    /// one per page.
    pub session_renew: Duration,
    /// So many wrong passwords in a row close the sign-in for that ID.
    pub attempts: u32,
    /// So many from one address, for whatever IDs, close it for that address.
    pub address_attempts: u32,
    /// For how long it is closed.
    pub lock: Duration,
    /// Wrong tries are forgotten when no other follows for this long.
    pub forget: Duration,
    /// How long an enrolment link is good.
    pub enrol_link: Duration,
    /// How long a sign-in link is good.
    pub sign_in_link: Duration,
    /// How long someone may take at the dialogue of a passkey.
    pub challenge: Duration,
    /// How many passwords are hashed at once; each takes 19 MiB and tens of milliseconds of one core.
    pub hashes_at_once: usize,
    /// How many may wait for that; later ones are told to come again.
    pub hashes_waiting: usize,
    /// Pages under these prefixes are for staff: whoever is not signed in is sent to the door of staff.
    pub staff_paths: Vec<String>,
    /// The first page of an applicant who has signed in.
    pub home: String,
    /// The first page of a member of staff.
    pub staff_home: String,
    /// What roles are called in the head of a page; of several that someone has, the first here is named.
    pub role_names: Vec<(Role, Text)>,
    /// What operators are called there.
    pub operator_names: Vec<(OperatorId, Text)>,
}

impl GateSettings {
    /// The figures of the requirements, for this address.
    pub fn new(public_url: impl Into<String>) -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Self {
            public_url: public_url.into(),
            service_name: "Warifu".into(),
            session_idle: minutes(20),
            session_max: minutes(8 * 60),
            session_renew: minutes(1),
            attempts: 3,
            address_attempts: 30,
            lock: minutes(30),
            forget: minutes(24 * 60),
            enrol_link: minutes(24 * 60),
            sign_in_link: minutes(10),
            challenge: minutes(5),
            hashes_at_once: 2,
            hashes_waiting: 60,
            staff_paths: Vec::new(),
            home: "/".into(),
            staff_home: "/".into(),
            role_names: Vec::new(),
            operator_names: Vec::new(),
        }
    }

    /// Whether browsers come over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Scheme, host and port: what browsers send as `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }
}

/// A setting with which the gate would not be safe or not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// The public URL.
    #[error(
        "the public URL must be http:// or https:// with a host and no path, such as https://warifu.example"
    )]
    PublicUrl,
    /// A span of time.
    #[error("{0} must be above zero and at most a week")]
    Span(&'static str),
    /// A page.
    #[error("{0} must be a path within the service, such as /desk")]
    Path(&'static str),
    /// A number of tries.
    #[error("{0} must be above zero")]
    Number(&'static str),
}

impl GateSettings {
    pub(crate) fn check(&self) -> Result<(), BadSettings> {
        let host = self.origin().strip_prefix("https://").or_else(|| self.origin().strip_prefix("http://"));
        let is_host = |h: &str| !h.is_empty() && !h.contains(['/', '?', '#', '@', ' ']);
        if !host.is_some_and(is_host) {
            return Err(BadSettings::PublicUrl);
        }
        let spans = [
            ("session_idle", self.session_idle),
            ("session_max", self.session_max),
            ("lock", self.lock),
            ("forget", self.forget),
            ("enrol_link", self.enrol_link),
            ("sign_in_link", self.sign_in_link),
            ("challenge", self.challenge),
        ];
        for (name, span) in spans {
            if span.is_zero() || span > LONGEST {
                return Err(BadSettings::Span(name));
            }
        }
        for (name, path) in [("home", &self.home), ("staff_home", &self.staff_home)] {
            if !origin::is_local_path(path) {
                return Err(BadSettings::Path(name));
            }
        }
        // A session that is used all the time must be prolonged before it ends.
        if self.session_renew * 2 > self.session_idle {
            return Err(BadSettings::Span("session_renew, twice of which must fit into session_idle, which"));
        }
        for (name, number) in [("attempts", self.attempts), ("address_attempts", self.address_attempts)] {
            if number == 0 {
                return Err(BadSettings::Number(name));
            }
        }
        Ok(())
    }
}

/// The longest span of any setting: what is older may be swept away.
pub(crate) const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A span in microseconds.
pub(crate) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
