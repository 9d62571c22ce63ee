//! Names that people type and machines compare.

use std::fmt;

/// A name was not of the allowed form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a name: 1 to 40 of a-z, 0-9 and '-', a letter or digit first and last")]
pub struct BadSlug(pub String);

fn check(text: &str) -> Result<String, BadSlug> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    let ok = (1..=40).contains(&bytes.len())
        && bytes.iter().all(|b| plain(*b) || *b == b'-')
        && plain(bytes[0])
        && plain(bytes[bytes.len() - 1]);
    if ok { Ok(text.to_owned()) } else { Err(BadSlug(text.chars().take(60).collect())) }
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Checks the form: 1 to 40 of `a-z`, `0-9` and `-`, a letter or digit at both ends.
            pub fn new(text: &str) -> Result<Self, BadSlug> {
                check(text).map(Self)
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadSlug;
            fn from_str(text: &str) -> Result<Self, BadSlug> {
                Self::new(text)
            }
        }
    };
}

slug! {
    /// An authority (認証局) of this installation, as it appears in URLs: `claims-ca`.
    AuthorityId
}
slug! {
    /// The organisation on whose behalf someone acts: a federation, a municipality, a prefecture.
    OperatorId
}
slug! {
    /// The name of a certificate profile: `claims-provider`.
    ProfileId
}

/// Who did something, as the ledger names them: `ra:front-desk`, `cli:root`, `system`. No personal data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor(String);

impl Actor {
    /// The house itself: schedules, jobs.
    pub fn system() -> Self {
        Self("system".into())
    }

    /// A registered RA credential by its name.
    pub fn ra(name: &str) -> Self {
        Self::of("ra", name)
    }

    /// Somebody at the command line, by the name of their account on that machine.
    pub fn cli(account: &str) -> Self {
        Self::of("cli", account)
    }

    /// Somebody of the staff, by the number of their account: a number says nothing about a person to outsiders.
    pub fn staff(account: i64) -> Self {
        Self(format!("staff:{account}"))
    }

    /// An applicant, by the number of their account.
    pub fn applicant(account: i64) -> Self {
        Self(format!("applicant:{account}"))
    }

    /// As [`as_str`](Self::as_str) gave it and a database kept it; `None` for what no release wrote.
    pub fn kept(text: &str) -> Option<Self> {
        let fits = (1..=100).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    fn of(kind: &str, name: &str) -> Self {
        let name: String = name.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
        Self(format!("{kind}:{name}"))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_comes_back_from_a_database() {
        let longest = Actor::cli(&"x".repeat(200));
        for actor in [Actor::system(), Actor::staff(i64::MIN), Actor::ra("front-desk"), longest] {
            assert_eq!(Actor::kept(actor.as_str()), Some(actor));
        }
        for bad in ["", "a b", "staff:1\n", &"a".repeat(101)] {
            assert_eq!(Actor::kept(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_outside_the_form_are_refused() {
        for bad in ["", "-a", "a-", "A", "a b", "a/b", "あ", &"a".repeat(41)] {
            assert!(AuthorityId::new(bad).is_err(), "{bad}");
        }
        assert_eq!(AuthorityId::new("claims-ca").map(|a| a.to_string()), Ok("claims-ca".into()));
    }
}
