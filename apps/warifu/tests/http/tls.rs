//! TLS: HTTP/1.1 and h2, with and without a client certificate.

use crate::csr;
use crate::house::{House, ORDERS, order, register};
use core_crypto::Digest;
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes};
use hyper_util::rt::{TokioExecutor, TokioIo};
use kit_keys::Provider;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
};
use std::{path::Path, sync::Arc};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// An authority for TLS, unrelated to those of the house.
struct Tls {
    ca: CertifiedIssuer<'static, KeyPair>,
}

impl Tls {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { ca: CertifiedIssuer::self_signed(params, csr::key()).expect("an authority") }
    }

    fn leaf(&self, name: &str, usage: ExtendedKeyUsagePurpose) -> (CertificateDer<'static>, KeyPair) {
        let key = csr::key();
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![usage];
        (params.signed_by(&key, &self.ca).expect("signed").der().clone(), key)
    }

    /// Writes the files of a server and the section that names them.
    fn section(&self, dir: &Path) -> String {
        let (certificate, key) = self.leaf("localhost", ExtendedKeyUsagePurpose::ServerAuth);
        let pem = |der: &[u8]| core_pack::pem::encode("CERTIFICATE", der).to_string();
        let put = |name: &str, text: String| {
            let path = dir.join(name);
            std::fs::write(&path, text).expect("written");
            path.display().to_string()
        };
        format!(
            "[server.tls]\ncertificate = \"{}\"\nkey = \"{}\"\nclient_ca = \"{}\"",
            put("server.pem", pem(&certificate)),
            put("server.key", key.serialize_pem()),
            put("ca.pem", pem(self.ca.der())),
        )
    }

    async fn connect(
        &self,
        house: &House,
        client: Option<&(CertificateDer<'static>, KeyPair)>,
        alpn: &[u8],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.ca.der().clone()).expect("a root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots);
        let mut config = match client {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
                builder.with_client_auth_cert(vec![certificate.clone()], key).expect("a client certificate")
            }
        };
        config.alpn_protocols = vec![alpn.to_vec()];
        let tcp = TcpStream::connect(house.address).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, tcp).await
    }
}

/// Sends one order over a connection; status and body.
async fn send(stream: TlsStream<TcpStream>, h2: bool, token: Option<&str>) -> std::io::Result<(u16, String)> {
    let mut request = Request::post(format!("https://localhost{ORDERS}"))
        .header("host", "localhost")
        .header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = order(&csr::fresh("a.example.jp")).to_string();
    let mut request = request.body(Full::new(Bytes::from(body))).expect("a request");
    let io = TokioIo::new(stream);
    let failed = |e: hyper::Error| std::io::Error::other(e);
    let response = if h2 {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.map_err(failed)?;
        tokio::spawn(connection);
        sender.send_request(request).await.map_err(failed)?
    } else {
        *request.uri_mut() = ORDERS.parse().expect("a path");
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.map_err(failed)?;
        tokio::spawn(connection);
        sender.send_request(request).await.map_err(failed)?
    };
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.map_err(failed)?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

#[tokio::test]
async fn a_registered_client_certificate_signs_in_over_http_1_1_and_h2() {
    let files = tempfile::tempdir().expect("a directory");
    let tls = Tls::new();
    let house = House::with(&tls.section(files.path())).await;
    let registered = tls.leaf("ra.example.jp", ExtendedKeyUsagePurpose::ClientAuth);
    register(house.installation(), "machine", Some(Provider.sha256(&registered.0))).await;
    let stranger = tls.leaf("stranger.example.jp", ExtendedKeyUsagePurpose::ClientAuth);
    for (alpn, h2) in [(&b"http/1.1"[..], false), (b"h2", true)] {
        let send_as = async |client, token| {
            let stream = tls.connect(&house, client, alpn).await.expect("connected");
            send(stream, h2, token).await.expect("answered")
        };
        assert_eq!(send_as(Some(&registered), None).await.0, 201);
        assert_eq!(send_as(None, Some(&house.token)).await.0, 201);
        let (status, body) = send_as(Some(&stranger), None).await;
        assert!(status == 401 && body.contains("api.bad_credential"), "{body}");
        let (status, body) = send_as(None, None).await;
        assert!(status == 401 && body.contains("api.no_credential"), "{body}");
    }
}

#[tokio::test]
async fn a_client_certificate_of_another_authority_gets_no_connection() {
    let files = tempfile::tempdir().expect("a directory");
    let (tls, other) = (Tls::new(), Tls::new());
    let house = House::with(&tls.section(files.path())).await;
    let forged = other.leaf("ra.example.jp", ExtendedKeyUsagePurpose::ClientAuth);
    register(house.installation(), "machine", Some(Provider.sha256(&forged.0))).await;
    // In TLS 1.3 the refusal reaches the client with its first read.
    let refused = match tls.connect(&house, Some(&forged), b"http/1.1").await {
        Err(_) => true,
        Ok(stream) => send(stream, false, None).await.is_err(),
    };
    assert!(refused);
}

#[tokio::test]
async fn plain_text_on_a_tls_port_and_silent_handshakes_are_cut_off() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let files = tempfile::tempdir().expect("a directory");
    let tls = Tls::new();
    let house = House::with(&format!("{}\n[limits]\nhandshake_seconds = 1", tls.section(files.path()))).await;
    for said in [&b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"[..], b""] {
        let mut stream = TcpStream::connect(house.address).await.expect("connected");
        stream.write_all(said).await.expect("sent");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_to_end(&mut answer));
        drop(read.await.expect("closed"));
        assert!(!answer.starts_with(b"HTTP"));
    }
}

#[tokio::test]
async fn k14_a_renewed_server_certificate_is_taken_up_without_a_restart() {
    let files = tempfile::tempdir().expect("a directory");
    let tls = Tls::new();
    let house = House::with(&tls.section(files.path())).await;
    let served = async || {
        let stream = tls.connect(&house, None, b"http/1.1").await.expect("connected");
        stream.get_ref().1.peer_certificates().expect("a chain")[0].clone()
    };
    let before = served().await;
    tls.section(files.path());
    house.server().reload();
    let after = served().await;
    assert_ne!(before, after);
    // A file that cannot be used leaves the old one in force.
    std::fs::write(files.path().join("server.key"), "nonsense").expect("written");
    house.server().reload();
    assert_eq!(served().await, after);
}
