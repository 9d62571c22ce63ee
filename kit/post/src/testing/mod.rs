//! A small real SMTP server (RFC 5321) over TCP, for tests of whatever sends mail.
//!
//! It is strict where mail goes wrong: commands in order, CRLF, lines of at most 998 octets, 7 bits. It takes every
//! mail, until a test tells it to refuse, to break off or to wait.
//!
//! ```no_run
//! # async fn example() {
//! use kit_post::testing::{Answer, SmtpServer};
//!
//! let server = SmtpServer::start().await;
//! server.next(Answer::Recipient(451)); // greylisted once
//! // … something sends by server.settings() …
//! server.wait_for(1).await;
//! assert_eq!(server.mails()[0].subject(), "電子証明書を発行しました");
//! # }
//! ```

mod received;
mod session;

pub use received::Received;

use crate::{Address, MailSettings, Security, SmtpSettings};
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore, sync::watch, task::JoinHandle};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig, crypto,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};
use zeroize::Zeroizing;

/// What the server does with one connection.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Takes the mail.
    Take,
    /// Greets with this code, 421 or 554, and closes.
    Greeting(u16),
    /// Answers MAIL with this code.
    Sender(u16),
    /// Answers RCPT with this code.
    Recipient(u16),
    /// Answers DATA with this code.
    Data(u16),
    /// Answers the text with this code and does not keep the mail.
    Text(u16),
    /// Closes the connection at DATA.
    BreakAtData,
    /// Closes the connection after the first octets of the text; keeps nothing.
    BreakWithinText,
    /// Closes the connection instead of answering the text, and has or has not kept the mail.
    BreakAfterText {
        /// Whether the mail was kept.
        kept: bool,
    },
    /// Keeps the mail and answers once the test adds a permit.
    Hold(Arc<Semaphore>),
    /// Takes the mail, but waits so long before each answer.
    Slow(Duration),
}

/// The server. It ends when this is dropped.
pub struct SmtpServer {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What connections share.
struct Shared {
    address: SocketAddr,
    security: Security,
    login: Option<(String, String)>,
    acceptor: TlsAcceptor,
    root: String,
    state: Mutex<State>,
    arrived: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    mails: Vec<Received>,
    next: VecDeque<Answer>,
    always: Option<Answer>,
    connections: usize,
}

impl SmtpServer {
    /// A server without TLS and without a login, at a free port of 127.0.0.1.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start() -> Self {
        Self::start_with(Security::Plain, None).await
    }

    /// A server that insists on TLS, where `security` says so, and on a name and a password, where given.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start_with(security: Security, login: Option<(&str, &str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let (acceptor, root) = certificate();
        let login = login.map(|(name, password)| (name.to_owned(), password.to_owned()));
        let state = Mutex::default();
        let arrived = watch::Sender::new(0);
        let shared = Arc::new(Shared { address, security, login, acceptor, root, state, arrived });
        let serving = shared.clone();
        let task = tokio::spawn(async move {
            // Connections end with the server.
            let mut sessions = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let answer = serving.answer();
                sessions.spawn(session::serve(stream, serving.clone(), answer));
            }
        });
        Self { shared, task }
    }

    /// Settings that send mail here, from `noreply@town.example.jp`.
    pub fn settings(&self) -> MailSettings {
        let login = self.shared.login.clone().map(|(name, password)| (name, Zeroizing::new(password)));
        let smtp = SmtpSettings {
            host: self.shared.address.ip().to_string(),
            port: self.shared.address.port(),
            security: self.shared.security,
            login,
            roots: (self.shared.security != Security::Plain).then(|| self.shared.root.clone()),
        };
        let from = Address::parse("noreply@town.example.jp").expect("it is an address");
        let domain = "mail.town.example.jp".to_owned();
        MailSettings {
            smtp: Some(smtp), from: from.named("割符町 国保連合会"), reply_to: None, domain
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// What the next connection for which nothing was said yet gets.
    pub fn next(&self, answer: Answer) {
        self.shared.state().next.push_back(answer);
    }

    /// What every connection gets for which nothing else was said.
    pub fn always(&self, answer: Answer) {
        self.shared.state().always = Some(answer);
    }

    /// The mails it has kept, in the order of their arrival.
    pub fn mails(&self) -> Vec<Received> {
        self.shared.state().mails.clone()
    }

    /// The mails it has kept for one address.
    pub fn mails_to(&self, address: &str) -> Vec<Received> {
        self.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// Waits until it has kept so many mails in all, as long as it takes.
    pub async fn wait_for(&self, count: usize) {
        let mut arrived = self.shared.arrived.subscribe();
        let enough = arrived.wait_for(|arrived| *arrived >= count).await;
        enough.expect("the server lives as long as this");
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a new connection gets.
    fn answer(&self) -> Answer {
        let mut state = self.state();
        state.connections += 1;
        let next = state.next.pop_front();
        next.or_else(|| state.always.clone()).unwrap_or(Answer::Take)
    }

    fn keep(&self, mail: Received) {
        let count = {
            let mut state = self.state();
            state.mails.push(mail);
            state.mails.len()
        };
        self.arrived.send_replace(count);
    }
}

/// A certificate for 127.0.0.1 that vouches for itself; and its PEM.
fn certificate() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]);
    let made = made.expect("the names are good");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("certificate and key belong together");
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}
