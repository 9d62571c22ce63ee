//! As much of an HTTP/1.1 client as a measurement needs: one connection, kept open, one request at a time.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A connection.
pub(in crate::bench) struct Client {
    stream: BufReader<TcpStream>,
    bearer: Option<String>,
    cookies: Option<String>,
}

/// An answer.
pub(in crate::bench) struct Answer {
    pub(in crate::bench) status: u16,
    pub(in crate::bench) body: Vec<u8>,
}

impl Client {
    /// Connects to a port of this machine.
    pub(in crate::bench) fn connect(port: u16) -> Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(300)))?;
        Ok(Self { stream: BufReader::with_capacity(1 << 16, stream), bearer: None, cookies: None })
    }

    /// The same, with a token in every request.
    pub(in crate::bench) fn bearing(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    /// The same, with cookies in every request: `a=1; b=2`.
    pub(in crate::bench) fn with_cookies(mut self, cookies: &str) -> Self {
        self.cookies = Some(cookies.to_owned());
        self
    }

    /// Asks for `path`.
    pub(in crate::bench) fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, b"")
    }

    /// Sends JSON to `path`.
    pub(in crate::bench) fn post(&mut self, path: &str, json: &[u8]) -> Result<Answer> {
        self.ask("POST", path, json)
    }

    fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", body.len());
        if let Some(token) = &self.bearer {
            request.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        if let Some(cookies) = &self.cookies {
            request.push_str(&format!("Cookie: {cookies}\r\n"));
        }
        if method == "POST" {
            request.push_str("Content-Type: application/json\r\n");
        }
        request.push_str("\r\n");
        // One write: a request in two packets would wait for the acknowledgement of the first.
        let mut octets = request.into_bytes();
        octets.extend_from_slice(body);
        self.stream.get_mut().write_all(&octets)?;
        self.answer().with_context(|| format!("{method} {path}"))
    }

    fn answer(&mut self) -> Result<Answer> {
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.with_context(|| format!("no answer in HTTP: {line:?}"))?;
        let mut length = None;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse::<usize>().ok();
            }
        }
        let mut body = vec![0; length.context("an answer of unknown length")?];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, body })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }
}
