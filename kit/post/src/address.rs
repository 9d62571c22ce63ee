//! To whom: a mail address that cannot carry anything but an address.

use crate::text;
use std::{fmt, str::FromStr};

/// The longest address, in octets (RFC 5321 section 4.5.3.1.3 less the brackets).
const MAX_ADDRESS: usize = 254;
/// The longest name before an address, in characters.
const MAX_NAME: usize = 100;
/// Allowed by RFC 5322 in quotes or brackets only, where they help nobody but those who forge headers.
const UNWANTED: &[char] = &['"', '<', '>', '(', ')', '[', ']', ',', ';', ':', '\\'];

/// A mail address, checked, with an optional name before it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    address: lettre::Address,
    name: Option<String>,
}

/// The text is no mail address. Does not repeat the text: it may be personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address: at most 254 ASCII characters of the form name@example.jp")]
pub struct BadAddress;

impl Address {
    /// Reads `name@example.jp`. ASCII only: a domain in Japanese is given in its `xn--` form.
    ///
    /// # Errors
    /// [`BadAddress`].
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let plain = text.chars().all(|c| c.is_ascii_graphic() && !UNWANTED.contains(&c));
        if !plain || text.len() > MAX_ADDRESS {
            return Err(BadAddress);
        }
        let address = text.parse().map_err(|_| BadAddress)?;
        Ok(Self { address, name: None })
    }

    /// The same with a name before it: 「山田医院 <yamada@example.jp>」. Control characters become spaces,
    /// `=?` gets one inside, and what is longer than 100 characters is cut.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        let name = text::header(name, MAX_NAME);
        self.name = (!name.is_empty()).then_some(name);
        self
    }

    /// The address alone.
    pub fn as_str(&self) -> &str {
        self.address.as_ref()
    }

    pub(crate) fn lettre(&self) -> lettre::Address {
        self.address.clone()
    }

    /// The name before it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        Self::parse(text)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.as_str()),
            None => f.write_str(self.as_str()),
        }
    }
}

impl fmt::Debug for Address {
    /// Personal data: not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k11_only_addresses_are_addresses() {
        for good in
            ["a@example.jp", "taro.yamada+x@mail.example.co.jp", "a@xn--eckwd4c7c.jp", "root@localhost"]
        {
            assert_eq!(Address::parse(good).map(|a| a.to_string()), Ok(good.to_owned()));
        }
        let long = format!("{}@example.jp", "a".repeat(250));
        let injected = ["a@example.jp\r\nBcc: b@example.jp", "a@example.jp\nDATA", "a@example.jp\0"];
        let odd =
            ["", "a", "@", "a@", "@b", "a b@example.jp", "a@b@c.jp", "\"a b\"@example.jp", "<a@example.jp>"];
        let more =
            ["山田@example.jp", "a@例え.jp", "a@[127.0.0.1]", "a,b@example.jp", " a@example.jp", &long];
        for bad in injected.into_iter().chain(odd).chain(more) {
            assert_eq!(Address::parse(bad), Err(BadAddress), "{bad:?}");
        }
    }

    #[test]
    fn k11_names_stay_on_one_line() {
        let address = Address::parse("a@example.jp").expect("good").named("山田\r\nBcc: x");
        assert_eq!(address.to_string(), "山田  Bcc: x <a@example.jp>");
        assert_eq!(address.named(" \t").name(), None);
    }
}
