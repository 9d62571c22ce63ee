//! The RA of the story: a client of the REST API and of the repository, over HTTP like any other.

use super::broken;
use crate::fail::Outcome;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue},
    http::request::Builder,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use zeroize::Zeroizing;

/// Octets of one answer.
const LONGEST: usize = 64 << 20;

/// Where the server is, and with which token to go there.
#[derive(Clone)]
pub(super) struct Client {
    address: SocketAddr,
    token: Zeroizing<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    /// The status.
    pub(super) status: u16,
    /// Its header fields.
    pub(super) headers: HeaderMap,
    /// Its body.
    pub(super) body: Bytes,
}

/// One connection, kept open.
pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    token: Zeroizing<String>,
}

impl Client {
    /// A client of the server at `address`.
    pub(super) fn new(address: SocketAddr, token: Zeroizing<String>) -> Self {
        Self { address, token }
    }

    /// The same with another token.
    pub(super) fn with_token(&self, token: &str) -> Self {
        Self { address: self.address, token: Zeroizing::new(token.to_owned()) }
    }

    /// The same at another address.
    pub(super) fn at(&self, address: SocketAddr) -> Self {
        Self { address, token: self.token.clone() }
    }

    /// The token.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> Outcome<Line> {
        let stream =
            TcpStream::connect(self.address).await.map_err(|e| broken("connecting to the server", &e))?;
        let _ = stream.set_nodelay(true);
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|e| broken("speaking HTTP", &e))?;
        // What ends the connection is met by the next request over it.
        tokio::spawn(connection);
        Ok(Line { sender, host: self.address.to_string(), token: self.token.clone() })
    }

    /// Fetches a path over a connection of its own.
    pub(super) async fn get(&self, path: &str) -> Outcome<Reply> {
        self.connect().await?.get(path, &[]).await
    }

    /// Fetches a file that must be there.
    pub(super) async fn file(&self, path: &str) -> Outcome<Vec<u8>> {
        Ok(self.get(path).await?.expect(200, path)?.body.to_vec())
    }

    /// Posts JSON over a connection of its own.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Outcome<Reply> {
        self.connect().await?.post(path, body, None).await
    }
}

impl Line {
    /// Fetches a path, with further header fields.
    pub(super) async fn get(&mut self, path: &str, fields: &[(HeaderName, &str)]) -> Outcome<Reply> {
        let mut request = Request::get(path);
        for (name, value) in fields {
            request = request.header(name, *value);
        }
        self.send(request, Bytes::new()).await
    }

    /// Posts JSON, under an idempotency key if one is given.
    pub(super) async fn post(&mut self, path: &str, body: &Value, key: Option<&str>) -> Outcome<Reply> {
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request, Bytes::from(body.to_string())).await
    }

    async fn send(&mut self, request: Builder, body: Bytes) -> Outcome<Reply> {
        let bearer = Zeroizing::new(format!("Bearer {}", &*self.token));
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|e| broken("the token", &e))?;
        bearer.set_sensitive(true);
        self.exchange(request.header(AUTHORIZATION, bearer), body).await
    }

    /// Sends a request as it is, without the token: browsers have none.
    pub(super) async fn exchange(&mut self, request: Builder, body: Bytes) -> Outcome<Reply> {
        let request = request.header(HOST, &self.host);
        let request = request.body(Full::new(body)).map_err(|e| broken("making a request", &e))?;
        self.sender.ready().await.map_err(|e| broken("the connection to the server", &e))?;
        let answer = self.sender.send_request(request).await.map_err(|e| broken("asking the server", &e))?;
        let (head, body) = answer.into_parts();
        let body =
            Limited::new(body, LONGEST).collect().await.map_err(|e| broken("reading an answer", &e))?;
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes() })
    }
}

impl Reply {
    /// The answer, if it has this status.
    pub(super) fn expect(self, status: u16, what: &str) -> Outcome<Self> {
        if self.status == status {
            return Ok(self);
        }
        Err(broken(what, &format_args!("status {} and not {status}: {}", self.status, self.text())))
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Outcome<Value> {
        serde_json::from_slice(&self.body).map_err(|e| broken("reading JSON", &e))
    }

    /// The code of a problem; empty when it is none.
    pub(super) fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header field as text; empty when it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The beginning of the body, for messages.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(400).collect()
    }
}
