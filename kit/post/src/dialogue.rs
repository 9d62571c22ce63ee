//! The conversation with the mail server (RFC 5321), and what each of its ends means for the mail.
//!
//! It is led command by command: up to the text nothing can have been accepted, whatever breaks; from the text's
//! first octet to the server's answer to it, nobody knows.

use crate::{Address, BadSettings, MailSettings, Outcome, Security, SmtpSettings, text};
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, TlsParameters},
    commands::{Data, Mail, Rcpt},
    extension::ClientId,
};
use std::{error::Error as _, time::Duration};
use tokio::time::{Instant, timeout, timeout_at};

/// From the connection to the accepted recipient.
const OPEN_LIMIT: Duration = Duration::from_secs(45);
/// For the text and the answer to it: so long as RFC 5321 section 4.5.3.2.6 asks for, because whoever gives up earlier
/// sends twice.
const TEXT_LIMIT: Duration = Duration::from_secs(600);
/// For the farewell.
const QUIT_LIMIT: Duration = Duration::from_secs(2);
/// The most that is kept of an answer, in characters.
const MAX_ANSWER: usize = 300;

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<u16>,
    pub(crate) answer: String,
}

/// A mail server that can be talked to.
pub(crate) struct Server {
    host: String,
    port: u16,
    security: Security,
    login: Option<Credentials>,
    tls: Option<TlsParameters>,
    hello: ClientId,
}

/// A conversation in which the server has accepted sender and recipient, and waits for the text.
pub(crate) struct Line(AsyncSmtpConnection);

impl Server {
    /// Prepares to talk to a server.
    pub(crate) fn new(settings: &MailSettings, smtp: &SmtpSettings) -> Result<Self, BadSettings> {
        let tls = match smtp.security {
            Security::Plain => None,
            Security::Tls | Security::StartTls => Some(tls(smtp)?),
        };
        // The library keeps its copy of the password for as long as the process lives.
        let login = smtp
            .login
            .as_ref()
            .map(|(name, password)| Credentials::new(name.clone(), password.as_str().to_owned()));
        Ok(Self {
            host: smtp.host.clone(),
            port: smtp.port,
            security: smtp.security,
            login,
            tls,
            hello: ClientId::Domain(settings.domain.clone()),
        })
    }

    /// Connects, and names sender and recipient.
    pub(crate) async fn open(&self, from: &Address, to: &Address) -> Result<Line, Ending> {
        match timeout(OPEN_LIMIT, self.introduce(from, to)).await {
            Ok(opened) => opened,
            Err(_) => Err(Ending::not_reached("the server was too slow")),
        }
    }

    async fn introduce(&self, from: &Address, to: &Address) -> Result<Line, Ending> {
        let mut connection = self.connect().await.map_err(|e| Ending::of_us(&e))?;
        let mail = Mail::new(Some(from.lettre()), Vec::new());
        connection.command(mail).await.map_err(|e| Ending::of_us(&e))?;
        let rcpt = Rcpt::new(to.lettre(), Vec::new());
        connection.command(rcpt).await.map_err(|e| Ending::of_mail(&e, Outcome::NotReached))?;
        Ok(Line(connection))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let at_once = self.tls.clone().filter(|_| self.security == Security::Tls);
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(OPEN_LIMIT), &self.hello, at_once, None).await?;
        if let (Security::StartTls, Some(tls)) = (self.security, &self.tls) {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await?;
        }
        Ok(connection)
    }
}

impl Line {
    /// Hands over the text, unless it is later than `latest` by the time the server is ready for it.
    pub(crate) async fn hand_over(&mut self, octets: &[u8], latest: Instant) -> Ending {
        match timeout_at(latest, self.0.command(Data)).await {
            Ok(Ok(_)) if Instant::now() < latest => {}
            Ok(Err(error)) => return Ending::of_mail(&error, Outcome::NotReached),
            // A process that stood still for so long may have lost the job to another one.
            Ok(Ok(_)) | Err(_) => return Ending::not_reached("the server was too slow"),
        }
        match timeout(TEXT_LIMIT, self.0.message(octets)).await {
            Ok(Ok(response)) => {
                let answer = response.message().collect::<Vec<_>>().join(" ");
                let code = Some(u16::from(response.code()));
                Ending { outcome: Outcome::Accepted, code, answer: text::line(&answer, MAX_ANSWER) }
            }
            Ok(Err(error)) => Ending::of_mail(&error, Outcome::Unknown),
            Err(_) => Ending::new(Outcome::Unknown, None, "no answer to the text"),
        }
    }

    /// Takes leave. Whether the server hears it is of no consequence.
    pub(crate) async fn hang_up(mut self) {
        let _ = timeout(QUIT_LIMIT, self.0.quit()).await;
    }
}

impl Ending {
    fn new(outcome: Outcome, code: Option<u16>, answer: &str) -> Self {
        Self { outcome, code, answer: text::line(answer, MAX_ANSWER) }
    }

    fn not_reached(why: &str) -> Self {
        Self::new(Outcome::NotReached, None, why)
    }

    /// A mail that cannot be put into octets.
    pub(crate) fn not_composed(why: &str) -> Self {
        Self::new(Outcome::Refused, None, why)
    }

    /// What the server said of us, before it heard of the recipient: no fault of the mail, so it is tried again, also
    /// where it says 5xx.
    fn of_us(error: &Error) -> Self {
        match error.status() {
            Some(code) => Self::new(Outcome::Deferred, Some(u16::from(code)), &said(error)),
            None => Self::not_reached(&said(error)),
        }
    }

    /// What the server said of the recipient or the text; `silent` is what it means that it said nothing.
    fn of_mail(error: &Error, silent: Outcome) -> Self {
        let outcome = match error.status() {
            Some(_) if error.is_permanent() => Outcome::Refused,
            Some(_) => Outcome::Deferred,
            None => silent,
        };
        Self::new(outcome, error.status().map(u16::from), &said(error))
    }

    /// For logs and the list of jobs: without the server's words, which may name the recipient.
    pub(crate) fn in_short(&self) -> String {
        match (self.outcome, self.code) {
            (_, Some(code)) => format!("the mail server answered {code}"),
            (Outcome::Unknown, None) => "the connection ended before the mail server answered".to_owned(),
            (_, None) => "the mail server was not reached".to_owned(),
        }
    }
}

/// What the server said, or what the connection died of.
fn said(error: &Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

fn tls(smtp: &SmtpSettings) -> Result<TlsParameters, BadSettings> {
    let mut tls = TlsParameters::builder(smtp.host.clone());
    if let Some(pem) = &smtp.roots {
        for one in certificates(pem)? {
            let root =
                Certificate::from_pem(one.as_bytes()).map_err(|e| BadSettings::Roots(e.to_string()))?;
            tls = tls.add_root_certificate(root);
        }
    }
    tls.build().map_err(|e| BadSettings::Roots(said(&e)))
}

/// The certificates of a PEM text, one by one; a text without any is a mistake.
fn certificates(pem: &str) -> Result<Vec<&str>, BadSettings> {
    const END: &str = "-----END CERTIFICATE-----";
    let certificates: Vec<&str> = pem.split_inclusive(END).filter(|one| one.ends_with(END)).collect();
    match certificates.is_empty() {
        true => Err(BadSettings::Roots("there is no certificate".to_owned())),
        false => Ok(certificates),
    }
}
