//! Where to connect, read from the URL.

use super::{error::with_source, tls::Tls};
use crate::StoreError;
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio_postgres::{Client, Config, NoTls, config::SslMode};

/// How long connecting may take where the URL does not say.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// How long calls fail at once after a failed attempt to connect.
const REST_AFTER_FAILURE: Duration = Duration::from_millis(200);

/// A server and a database on it. All connections of one store share it, and what they last learned about the server.
#[derive(Clone)]
pub(super) struct Target(Arc<Parts>);

struct Parts {
    config: Config,
    tls: Option<Tls>,
    /// Until when no attempt is made, and why the last one failed.
    down: Mutex<Option<(Instant, StoreError)>>,
}

impl Target {
    /// Parses a URL of PostgreSQL, with two rules of our own: `sslrootcert=FILE` demands TLS and a server that one of
    /// these authorities vouches for; `sslmode=require` without it is refused.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let (url, roots) = without_roots(url);
        // The driver's error names what is wrong and not the text, which may hold a password.
        let mut config: Config = url.parse().map_err(|e| StoreError::Url(with_source(&e)))?;
        let tls = roots.map(|roots| Tls::trusting(Path::new(&roots))).transpose()?;
        match (&tls, config.get_ssl_mode()) {
            (Some(_), _) => drop(config.ssl_mode(SslMode::Require)),
            (None, SslMode::Require) => {
                let text =
                    "sslmode=require needs sslrootcert=FILE, the authorities that may vouch for the server";
                return Err(StoreError::Url(text.to_owned()));
            }
            (None, _) => drop(config.ssl_mode(SslMode::Disable)),
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_LIMIT);
        }
        if config.get_application_name().is_none() {
            config.application_name("warifu");
        }
        // A server that vanished without a word is noticed within seconds.
        config.keepalives_idle(Duration::from_secs(10));
        config.keepalives_interval(Duration::from_secs(3));
        config.keepalives_retries(3);
        config.tcp_user_timeout(Duration::from_secs(5));
        Ok(Self(Arc::new(Parts { config, tls, down: Mutex::default() })))
    }

    /// Connects. What is returned beside the client drives the connection, and ends with it.
    pub(super) async fn connect(
        &self,
    ) -> Result<(Client, impl Future<Output = ()> + use<>), tokio_postgres::Error> {
        match &self.0.tls {
            Some(tls) => {
                let (client, connection) = self.0.config.connect(tls.clone()).await?;
                Ok((client, futures_util::future::Either::Left(drive(connection))))
            }
            None => {
                let (client, connection) = self.0.config.connect(NoTls).await?;
                Ok((client, futures_util::future::Either::Right(drive(connection))))
            }
        }
    }

    /// Fails at once while an attempt has just failed: callers need not wait for a time-out each.
    pub(super) fn is_known_down(&self) -> Result<(), StoreError> {
        match &*self.down() {
            Some((until, error)) if Instant::now() < *until => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// Remembers how an attempt to connect ended.
    pub(super) fn note_attempt(&self, failure: Option<&StoreError>) {
        *self.down() = failure.map(|error| (Instant::now() + REST_AFTER_FAILURE, error.clone()));
    }

    fn down(&self) -> MutexGuard<'_, Option<(Instant, StoreError)>> {
        self.0.down.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long connecting may take in all: the driver's own limit is per address, and does not cover what comes
    /// after the connection stands.
    pub(super) fn limit(&self) -> Duration {
        self.0.config.get_connect_timeout().copied().unwrap_or(CONNECT_LIMIT).saturating_mul(3)
    }
}

async fn drive(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(error = %with_source(&error), "a connection to PostgreSQL ended");
    }
}

/// Takes `sslrootcert` out of the URL, and the modes that only make sense with it: the driver knows neither.
fn without_roots(url: &str) -> (String, Option<String>) {
    let Some((head, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut roots = None;
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.split_once('=') {
            Some(("sslrootcert", path)) => {
                roots = Some(path.to_owned());
                false
            }
            Some(("sslmode", "verify-full" | "verify-ca")) => false,
            _ => true,
        })
        .collect();
    // A mode that demands a check must not be lost together with what it is checked against.
    let demanded = query.contains("sslmode=verify-") && roots.is_none();
    let mut url = if kept.is_empty() { head.to_owned() } else { format!("{head}?{}", kept.join("&")) };
    if demanded {
        url.push_str(if kept.is_empty() { "?sslmode=require" } else { "&sslmode=require" });
    }
    (url, roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_checked_or_not_promised() {
        assert!(Target::parse("postgres://u@h/d").is_ok());
        assert!(Target::parse("postgres://u@h/d?sslmode=prefer").is_ok());
        for url in [
            "postgres://u:secret@h/d?sslmode=require",
            "postgres://u:secret@h/d?sslmode=verify-full",
            "postgres://u:secret@h/d?sslmode=verify-full&connect_timeout=3",
            "postgres://u:secret@h/d?sslrootcert=/does/not/exist.pem",
            "postgres://u:secret@h/d?sslrootcert=Cargo.toml",
        ] {
            let error = Target::parse(url).map(|_| ()).unwrap_err();
            assert!(matches!(error, StoreError::Url(_)), "{url}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn our_own_parameters_are_taken_out() {
        assert_eq!(without_roots("p://h/d"), ("p://h/d".to_owned(), None));
        let url = "p://h/d?sslmode=verify-full&sslrootcert=/a/b.pem&connect_timeout=3";
        assert_eq!(without_roots(url), ("p://h/d?connect_timeout=3".to_owned(), Some("/a/b.pem".to_owned())));
    }
}
