//! A mail as the test server kept it, and how a mail program would show it.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A mail that the test server has kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Header and body as they came, lines ending in CRLF, without the dots of the transport.
    pub raw: Vec<u8>,
    /// Whether it came over TLS.
    pub tls: bool,
    /// As whom its sender was logged in.
    pub login: Option<String>,
}

impl Received {
    /// The value of a header as it stands there, unfolded (RFC 5322 section 2.2.3).
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.parts();
        let head = head.replace("\r\n ", " ").replace("\r\n\t", "\t");
        let mut found = head.split("\r\n").filter_map(|line| line.split_once(':'));
        found.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }

    /// The names of all headers, in order.
    pub fn header_names(&self) -> Vec<String> {
        let (head, _) = self.parts();
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name.to_owned()).collect()
    }

    /// The subject as people read it.
    pub fn subject(&self) -> String {
        decode_words(&self.header("Subject").unwrap_or_default())
    }

    /// The `Message-ID`, with its brackets.
    pub fn message_id(&self) -> String {
        self.header("Message-ID").unwrap_or_default()
    }

    /// The text as people read it, lines ending in U+000A.
    ///
    /// # Panics
    /// When it is not encoded as its headers say.
    pub fn text(&self) -> String {
        let octets = match self.pieces().into_iter().next() {
            Some(first) => first.octets(),
            None => self.octets(),
        };
        String::from_utf8(octets).expect("the text is UTF-8").replace("\r\n", "\n")
    }

    /// The files that came with it: name, media type as it stands there, octets.
    ///
    /// # Panics
    /// When one is not encoded as its headers say.
    pub fn files(&self) -> Vec<(String, String, Vec<u8>)> {
        let file = |piece: Received| {
            let disposition = piece.header("Content-Disposition")?;
            let name = disposition.split_once("filename=\"")?.1.split_once('"')?.0.to_owned();
            Some((name, piece.header("Content-Type").unwrap_or_default(), piece.octets()))
        };
        self.pieces().into_iter().filter_map(file).collect()
    }

    /// The parts of a multipart mail (RFC 2046 section 5.1), each read like a mail of its own; none for others.
    fn pieces(&self) -> Vec<Received> {
        let kind = self.header("Content-Type").unwrap_or_default();
        let boundary = kind.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"'));
        let (Some((boundary, _)), true) = (boundary, kind.starts_with("multipart/")) else {
            return Vec::new();
        };
        // The line break before a boundary is the boundary's.
        let text = format!("\r\n{}\r\n", self.parts().1);
        let mark = format!("\r\n--{boundary}");
        let inside = text.split(&mark).skip(1).take_while(|piece| !piece.starts_with("--"));
        inside.map(|piece| Self { raw: piece.trim_start().as_bytes().to_vec(), ..self.clone() }).collect()
    }

    /// The body, decoded.
    fn octets(&self) -> Vec<u8> {
        let (_, body) = self.parts();
        match self.header("Content-Transfer-Encoding").as_deref() {
            Some("base64") => STANDARD.decode(body.replace("\r\n", "")).expect("the body is base64"),
            Some("quoted-printable") => unquote(&body.replace("=\r\n", ""), false),
            _ => body.into_bytes(),
        }
    }

    fn parts(&self) -> (String, String) {
        let text = String::from_utf8_lossy(&self.raw);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        (head.to_owned(), body.to_owned())
    }
}

/// Decodes the encoded words of a header (RFC 2047 sections 2 and 6.2); UTF-8 alone.
pub(super) fn decode_words(value: &str) -> String {
    let mut out = Vec::new();
    let mut after_word = false;
    for (i, piece) in value.split(' ').enumerate() {
        let word = encoded_word(piece);
        // The space between two encoded words is none.
        if i > 0 && !(after_word && word.is_some()) {
            out.push(b' ');
        }
        after_word = word.is_some();
        out.extend(word.unwrap_or_else(|| piece.as_bytes().to_vec()));
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded_word(piece: &str) -> Option<Vec<u8>> {
    let inner = piece.strip_prefix("=?")?.strip_suffix("?=")?;
    let mut parts = inner.splitn(3, '?');
    let (charset, encoding, text) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    match encoding.to_ascii_lowercase().as_str() {
        "b" => STANDARD.decode(text).ok(),
        "q" => Some(unquote(text, true)),
        _ => None,
    }
}

fn unquote(text: &str, in_word: bool) -> Vec<u8> {
    let octets = text.as_bytes();
    let mut out = Vec::with_capacity(octets.len());
    let mut at = 0;
    while at < octets.len() {
        let hex = (octets[at] == b'=').then(|| text.get(at + 1..at + 3)).flatten();
        match (octets[at], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (_, Some(octet)) => {
                out.push(octet);
                at += 2;
            }
            (b'_', None) if in_word => out.push(b' '),
            (octet, None) => out.push(octet),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k11_headers_and_texts_are_read_as_a_mail_program_reads_them() {
        let raw = "Subject: =?utf-8?b?5Ymy?=\r\n =?utf-8?B?56ym?= A=?= =?UTF-8?Q?a_=E3=81=82?=\r\nX: a:b\r\n\
                   Content-Transfer-Encoding: quoted-printable\r\n\r\n=E3=81=82=\r\nb=3D\r\nc\r\n";
        let (from, to) = (String::new(), Vec::new());
        let mail = Received { from, to, raw: raw.as_bytes().to_vec(), tls: false, login: None };
        assert_eq!(mail.subject(), "割符 A=?= a あ");
        assert_eq!(mail.header("x").as_deref(), Some("a:b"));
        assert_eq!(mail.text(), "あb=\nc\n");
        assert_eq!(mail.header_names(), ["Subject", "X", "Content-Transfer-Encoding"]);
    }
}
