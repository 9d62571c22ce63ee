//! TLS to PostgreSQL: the server is checked, or there is no connection. The server here is a wire that speaks TLS
//! on the store's side and hands on to the tests' PostgreSQL.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Db, Dialect, StoreError, params, testing};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs::default_provider, pki_types::PrivateKeyDer},
};

/// What a client sends to ask for TLS: length 8, code 80877103.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server for `name`, whose certificate `issuer` made; its port.
async fn server(place: &testing::Place, issuer: &CertifiedIssuer<'static, KeyPair>, name: &str) -> u16 {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let behind: tokio_postgres::Config = place.url().parse().unwrap();
    let tokio_postgres::config::Host::Tcp(host) = behind.get_hosts()[0].clone() else {
        panic!("WARIFU_TEST_POSTGRES must name a host that is reached by TCP")
    };
    let behind = (host, behind.get_ports().first().copied().unwrap_or(5432));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (acceptor, behind) = (acceptor.clone(), behind.clone());
            tokio::spawn(async move {
                let mut request = [0; 8];
                socket.read_exact(&mut request).await.unwrap();
                assert_eq!(request, SSL_REQUEST, "the store speaks before it is encrypted");
                socket.write_all(b"S").await.unwrap();
                // A store that does not trust us goes away here.
                let Ok(mut secure) = acceptor.accept(socket).await else { return };
                let mut behind = TcpStream::connect(behind).await.unwrap();
                let _ = copy_bidirectional(&mut secure, &mut behind).await;
            });
        }
    });
    port
}

#[test]
fn only_a_server_that_is_vouched_for_is_spoken_to() {
    let Some(place) = testing::Place::fresh(Dialect::Postgres) else { return };
    let scratch = testing::Place::sqlite();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (ours, theirs) = (authority(), authority());
        let roots = scratch.file().with_file_name("roots.pem");
        std::fs::write(&roots, ours.pem()).unwrap();
        let config: tokio_postgres::Config = place.url().parse().unwrap();
        let password = config.get_password().map(|p| format!(":{}", String::from_utf8_lossy(p)));
        let (user, database) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let open = |port: u16| {
            let user = format!("{user}{}", password.as_deref().unwrap_or_default());
            let url =
                format!("postgres://{user}@127.0.0.1:{port}/{database}?sslrootcert={}", roots.display());
            async move { Db::open(&url, testing::options()).await }
        };
        let db = open(server(&place, &ours, "127.0.0.1").await).await.unwrap();
        let sum = db.write(|tx| tx.query_one("SELECT CAST($1 AS BIGINT) + 1", params![41])?.get::<i64>(0));
        assert_eq!(sum.await.unwrap_or_else(|e: StoreError| panic!("{e}")), 42);
        db.close().await;
        for port in [server(&place, &theirs, "127.0.0.1").await, server(&place, &ours, "db.example.jp").await]
        {
            let error = open(port).await.map(|_| ()).unwrap_err();
            assert!(
                matches!(&error, StoreError::Unavailable(text) if text.contains("certificate")),
                "{error:?}"
            );
        }
    });
}
