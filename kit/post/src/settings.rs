//! How mail leaves the house.

use crate::Address;
use std::{fmt, net::IpAddr};
use zeroize::Zeroizing;

/// From whom mail comes, and which server takes it.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server. `None`: mail stays in the outbox and waits.
    pub smtp: Option<SmtpSettings>,
    /// From whom; also where undeliverable mail is returned to.
    pub from: Address,
    /// Where answers go, where not to `from`.
    pub reply_to: Option<Address>,
    /// The name of this installation in Message-IDs and greetings: `mail.example.jp`.
    pub domain: String,
}

/// A mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Its name or address; over TLS it must be in the server's certificate.
    pub host: String,
    /// Its port: 465 for [`Security::Tls`], 587 for [`Security::StartTls`], 25 inside a network.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Name and password, where the server wants them.
    pub login: Option<(String, Zeroizing<String>)>,
    /// Certificates of authorities, PEM, trusted besides the public ones: for a server inside the organisation.
    pub roots: Option<String>,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet (RFC 8314).
    Tls,
    /// TLS after STARTTLS (RFC 3207); a server that does not offer it gets no mail.
    StartTls,
    /// None: for a server on the same machine or in a closed network. No password is ever sent so, except to a
    /// loopback address.
    Plain,
}

/// The settings cannot be worked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// The domain is not the name of a host.
    #[error("'{0}' is not the name of a host")]
    Domain(String),
    /// There is no host.
    #[error("the mail server has no host name")]
    Host,
    /// A password would be sent in clear.
    #[error("a password would be sent in clear: set security to 'tls' or 'starttls', or remove the password")]
    PasswordInClear,
    /// The certificates cannot be read.
    #[error("the certificates trusted for the mail server cannot be read: {0}")]
    Roots(String),
}

impl MailSettings {
    /// Checks what can be checked without the server.
    ///
    /// # Errors
    /// Every [`BadSettings`].
    pub fn check(&self) -> Result<(), BadSettings> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let labels = self.domain.split('.').all(|label| !label.is_empty() && label.len() <= 63);
        if self.domain.len() > 253 || !labels || !self.domain.chars().all(plain) {
            return Err(BadSettings::Domain(self.domain.chars().take(60).collect()));
        }
        let Some(smtp) = &self.smtp else { return Ok(()) };
        if smtp.host.is_empty() || smtp.host.contains(char::is_whitespace) {
            return Err(BadSettings::Host);
        }
        if smtp.login.is_some() && smtp.security == Security::Plain && !smtp.is_loopback() {
            return Err(BadSettings::PasswordInClear);
        }
        Ok(())
    }
}

impl SmtpSettings {
    fn is_loopback(&self) -> bool {
        self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Debug for SmtpSettings {
    /// Without name and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = self.login.as_ref().map(|_| "…");
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &login)
            .finish_non_exhaustive()
    }
}
