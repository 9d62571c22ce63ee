//! TLS of the server: files in, `rustls` settings out; client certificates where asked for.

use crate::config::Tls;
use authority_front::Text;
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// A setting of `[server.tls]` that cannot be used.
#[derive(Debug)]
pub struct TlsProblem {
    /// The setting.
    pub key: &'static str,
    /// The file it names.
    pub path: PathBuf,
    /// What is wrong.
    pub message: Text,
}

/// The settings in force; a reload replaces them for new connections.
#[derive(Clone)]
pub struct TlsHandle {
    settings: Tls,
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl TlsHandle {
    /// Reads the files.
    ///
    /// # Errors
    /// The first file that cannot be used.
    pub fn new(settings: &Tls) -> Result<Self, TlsProblem> {
        let current = Arc::new(RwLock::new(server_config(settings)?));
        Ok(Self { settings: settings.clone(), current })
    }

    /// Reads the files again. On a problem the old settings stay in force.
    ///
    /// # Errors
    /// The first file that cannot be used.
    pub fn reload(&self) -> Result<(), TlsProblem> {
        let fresh = server_config(&self.settings)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The settings for the next connection.
    pub fn current(&self) -> Arc<ServerConfig> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Builds the settings of the TLS library from files: TLS 1.2 and 1.3, h2 and HTTP/1.1 by ALPN, client
/// certificates optional where `client_ca` is set.
///
/// # Errors
/// The first file that cannot be used.
pub fn server_config(settings: &Tls) -> Result<Arc<ServerConfig>, TlsProblem> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain = certificates("server.tls.certificate", &settings.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&settings.key)
        .map_err(|e| problem("server.tls.key", &settings.key, &e))?;
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| problem("server.tls.key", &settings.key, &e))?;
    let builder = match &settings.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            const KEY: &str = "server.tls.client_ca";
            let mut roots = RootCertStore::empty();
            for certificate in certificates(KEY, path)? {
                roots.add(certificate).map_err(|e| problem(KEY, path, &e))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|e| problem(KEY, path, &e))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config =
        builder.with_single_cert(chain, key).map_err(|e| problem("server.tls.key", &settings.key, &e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn certificates(key: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsProblem> {
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).map_err(|e| problem(key, path, &e))?.collect();
    let found = found.map_err(|e| problem(key, path, &e))?;
    if found.is_empty() {
        return Err(problem(key, path, &"no certificate in PEM"));
    }
    Ok(found)
}

fn problem(key: &'static str, path: &Path, error: &dyn std::fmt::Display) -> TlsProblem {
    let message = Text::new(format!("使えません: {error}"), format!("cannot be used: {error}"));
    TlsProblem { key, path: path.to_owned(), message }
}
