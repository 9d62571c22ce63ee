//! One connection to the test server, from greeting to farewell.

use super::{Answer, Received, Shared};
use crate::Security;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{io, sync::Arc};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// RFC 5321 section 4.5.3.1.6, less the line end.
const MAX_LINE: usize = 998;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

struct Session {
    stream: BufReader<Box<dyn Stream>>,
    shared: Arc<Shared>,
    answer: Answer,
    tls: bool,
    login: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

/// What comes after a command.
enum Next {
    Go,
    End,
    Encrypt,
}

/// Serves one connection. How it ends is the client's affair.
pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>, answer: Answer) {
    let _ = talk(stream, shared, answer).await;
}

async fn talk(stream: TcpStream, shared: Arc<Shared>, answer: Answer) -> io::Result<()> {
    let tls = shared.security == Security::Tls;
    let stream: Box<dyn Stream> = match tls {
        true => Box::new(shared.acceptor.accept(stream).await?),
        false => Box::new(stream),
    };
    let stream = BufReader::new(stream);
    let mut session = Session { stream, shared, answer, tls, login: None, from: None, to: Vec::new() };
    if let Answer::Greeting(code) = session.answer {
        return session.say(&format!("{code} no service")).await;
    }
    session.say("220 test.example.jp ESMTP").await?;
    while let Some(line) = session.line().await? {
        match session.obey(&line).await? {
            Next::Go => {}
            Next::End => break,
            Next::Encrypt => session = session.encrypt().await?,
        }
    }
    Ok(())
}

impl Session {
    async fn obey(&mut self, line: &[u8]) -> io::Result<Next> {
        let Ok(line) = std::str::from_utf8(line).map(str::to_owned) else {
            self.say("500 not ASCII").await?;
            return Ok(Next::Go);
        };
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let reply = match (verb.to_ascii_uppercase().as_str(), &self.answer) {
            ("EHLO", _) => self.extensions(),
            ("HELO" | "NOOP", _) => "250 ok".to_owned(),
            ("RSET", _) => {
                self.from = None;
                self.to.clear();
                "250 ok".to_owned()
            }
            ("STARTTLS", _) if self.offers_tls() => {
                self.say("220 go ahead").await?;
                return Ok(Next::Encrypt);
            }
            ("AUTH", _) => self.auth(rest).await?,
            ("QUIT", _) => {
                self.say("221 bye").await?;
                return Ok(Next::End);
            }
            ("MAIL" | "RCPT" | "DATA", _) if self.shared.security != Security::Plain && !self.tls => {
                "530 5.7.0 STARTTLS first".to_owned()
            }
            ("MAIL" | "RCPT" | "DATA", _) if self.shared.login.is_some() && self.login.is_none() => {
                "530 5.7.0 log in first".to_owned()
            }
            ("MAIL", Answer::Sender(code)) => refusal(*code),
            ("MAIL", _) => match path(rest, "FROM:") {
                Some(from) if self.from.is_none() => {
                    self.from = Some(from);
                    "250 ok".to_owned()
                }
                _ => "501 MAIL FROM:<…>, once".to_owned(),
            },
            ("RCPT" | "DATA", _) if self.from.is_none() => "503 MAIL first".to_owned(),
            ("RCPT", Answer::Recipient(code)) => refusal(*code),
            ("RCPT", _) => match path(rest, "TO:") {
                Some(to) if !to.is_empty() => {
                    self.to.push(to);
                    "250 ok".to_owned()
                }
                _ => "501 RCPT TO:<…>".to_owned(),
            },
            ("DATA", _) if self.to.is_empty() => "503 RCPT first".to_owned(),
            ("DATA", Answer::Data(code)) => refusal(*code),
            ("DATA", Answer::BreakAtData) => return Ok(Next::End),
            ("DATA", _) => return self.text().await,
            _ => "500 no such command".to_owned(),
        };
        self.say(&reply).await?;
        Ok(Next::Go)
    }

    async fn text(&mut self) -> io::Result<Next> {
        self.say("354 go on").await?;
        let mut raw = Vec::new();
        let mut fault = None;
        loop {
            let Some(line) = self.line().await? else { return Ok(Next::End) };
            if matches!(self.answer, Answer::BreakWithinText) {
                return Ok(Next::End);
            }
            if line == b"." {
                break;
            }
            if line.len() > MAX_LINE || !line.is_ascii() {
                fault = Some("554 5.6.0 a line over 998 octets, or not 7 bits");
            }
            // RFC 5321 section 4.5.2.
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            raw.extend_from_slice(b"\r\n");
        }
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        let mail = Received { from, to, raw, tls: self.tls, login: self.login.clone() };
        let reply = match (fault, self.answer.clone()) {
            (Some(fault), _) => fault.to_owned(),
            (None, Answer::Text(code)) => refusal(code),
            (None, Answer::BreakAfterText { kept }) => {
                if kept {
                    self.shared.keep(mail);
                }
                return Ok(Next::End);
            }
            (None, Answer::Hold(gate)) => {
                self.shared.keep(mail);
                if let Ok(permit) = gate.acquire().await {
                    permit.forget();
                }
                "250 2.0.0 kept".to_owned()
            }
            (None, _) => {
                self.shared.keep(mail);
                "250 2.0.0 kept".to_owned()
            }
        };
        self.say(&reply).await?;
        Ok(Next::Go)
    }

    fn offers_tls(&self) -> bool {
        self.shared.security == Security::StartTls && !self.tls
    }

    /// No 8BITMIME and no SMTPUTF8: mail must do without.
    fn extensions(&self) -> String {
        let mut lines = vec!["test.example.jp"];
        if self.offers_tls() {
            lines.push("STARTTLS");
        } else if self.shared.login.is_some() {
            lines.push("AUTH PLAIN LOGIN");
        }
        lines.push("SIZE 10000000");
        let last = lines.len() - 1;
        let lines = lines.iter().enumerate();
        lines
            .map(|(i, line)| format!("250{}{line}", if i == last { " " } else { "-" }))
            .collect::<Vec<_>>()
            .join("\r\n")
    }

    /// AUTH PLAIN with its initial response (RFC 4616), all that our client sends.
    async fn auth(&mut self, rest: &str) -> io::Result<String> {
        let Some((name, password)) = &self.shared.login else { return Ok("503 no logins here".to_owned()) };
        let expected = STANDARD.encode(format!("\0{name}\0{password}"));
        let right = rest.strip_prefix("PLAIN ") == Some(&expected);
        self.login = right.then(|| name.clone());
        Ok(if right { "235 welcome" } else { "535 5.7.8 wrong name or password" }.to_owned())
    }

    async fn encrypt(self) -> io::Result<Self> {
        // Whatever came before the handshake is thrown away (RFC 3207 section 4.2).
        let stream: Box<dyn Stream> = Box::new(self.shared.acceptor.accept(self.stream.into_inner()).await?);
        Ok(Self { stream: BufReader::new(stream), tls: true, ..self })
    }

    /// A line without its CRLF; `None` at the end of the connection.
    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        if !line.ends_with(b"\n") {
            return Ok(None);
        }
        match line.strip_suffix(b"\r\n") {
            Some(line) => Ok(Some(line.to_vec())),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "a line does not end in CRLF")),
        }
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        if let Answer::Slow(wait) = self.answer {
            tokio::time::sleep(wait).await;
        }
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }
}

fn refusal(code: u16) -> String {
    format!("{code} {}.0.0 the test says no", code / 100)
}

/// The address in `FROM:<…>` or `TO:<…>`.
fn path(rest: &str, word: &str) -> Option<String> {
    let head = rest.get(..word.len())?;
    let rest = rest.get(word.len()..)?.trim_start().strip_prefix('<')?;
    let (address, _parameters) = rest.split_once('>')?;
    (head.eq_ignore_ascii_case(word) && !address.contains(['<', ' '])).then(|| address.to_owned())
}
