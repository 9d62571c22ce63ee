//! PEM (RFC 7468): textual armour around DER.
//!
//! Written strictly, read as RFC 7468 §2 advises parsers: text around the blocks, any line width, spaces at
//! line ends and each kind of line end are passed over. Labels must match, and the base64 must be exact.

use pem_rfc7468::{Base64Decoder, LineEnding};
use zeroize::Zeroizing;

/// Labels of RFC 7468 that the house writes.
pub mod label {
    /// A certificate (§5).
    pub const CERTIFICATE: &str = "CERTIFICATE";
    /// A PKCS#10 request (§7).
    pub const REQUEST: &str = "CERTIFICATE REQUEST";
    /// A certificate revocation list (§6).
    pub const LIST: &str = "X509 CRL";
    /// An unencrypted PKCS#8 private key (§10).
    pub const PRIVATE_KEY: &str = "PRIVATE KEY";
    /// A SubjectPublicKeyInfo (§13).
    pub const PUBLIC_KEY: &str = "PUBLIC KEY";
    /// CMS (§9).
    pub const CMS: &str = "CMS";
    /// An attribute certificate (§12).
    pub const ATTRIBUTE_CERTIFICATE: &str = "ATTRIBUTE CERTIFICATE";
}

/// How much outside input is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Octets of text.
    pub text: usize,
    /// Blocks.
    pub blocks: usize,
}

impl Default for Limits {
    /// 1 MiB and 100 blocks: room for a chain of certificates with large lattice keys, and explanations around them.
    fn default() -> Self {
        Self { text: 1 << 20, blocks: 100 }
    }
}

/// One block. The content is wiped when dropped, since it may be a private key.
#[derive(Clone)]
pub struct Block {
    /// What the BEGIN line says it is: `CERTIFICATE`.
    pub label: String,
    /// The content.
    pub der: Zeroizing<Vec<u8>>,
}

/// Why text is no PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPem {
    /// Longer than [`Limits::text`].
    #[error("the text is longer than {0} octets")]
    TooLong(usize),
    /// More than [`Limits::blocks`].
    #[error("there are more than {0} PEM blocks")]
    TooMany(usize),
    /// A block without its END line, an END line without its block, or labels that differ.
    #[error("line {0}: the BEGIN and END lines of a PEM block do not match")]
    Boundary(usize),
    /// A label outside the grammar of RFC 7468 §3, or with a hyphen, which no registered label has.
    #[error("line {0}: a PEM label is printable ASCII without hyphens, its words parted by single spaces")]
    Label(usize),
    /// Headers as in `Proc-Type: 4,ENCRYPTED`, which RFC 7468 does not allow.
    #[error(
        "line {0}: PEM headers are not allowed (RFC 7468); an old encrypted key is converted to PKCS#8 first"
    )]
    Header(usize),
    /// Not base64.
    #[error("the PEM block that begins at line {0} is not valid base64")]
    Base64(usize),
}

impl std::fmt::Debug for Block {
    /// The label and the length; never the content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block({}, {} octets)", self.label, self.der.len())
    }
}

/// Reads all blocks, in order. Text without any block gives none.
///
/// # Errors
/// [`BadPem`], with the line where it went wrong, counted from 1.
pub fn decode(text: &[u8], limits: &Limits) -> Result<Vec<Block>, BadPem> {
    if text.len() > limits.text {
        return Err(BadPem::TooLong(limits.text));
    }
    let mut blocks = Vec::new();
    let mut open: Option<Open<'_>> = None;
    for (number, start, line) in lines(text) {
        let line = line.trim_ascii();
        if let Some(label) = boundary(line, b"-----BEGIN ") {
            if open.is_some() {
                return Err(BadPem::Boundary(number));
            }
            if blocks.len() == limits.blocks {
                return Err(BadPem::TooMany(limits.blocks));
            }
            let label = label_of(label).ok_or(BadPem::Label(number))?;
            // Room for the whole block, so that no growing vector leaves a copy of a key behind; and no more, so
            // that many blocks cost no more than their octets.
            let room = until_end(&text[start..]);
            open = Some(Open { label, begun: number, base64: Zeroizing::new(Vec::with_capacity(room)) });
        } else if let Some(label) = boundary(line, b"-----END ") {
            let block =
                open.take().filter(|b| b.label.as_bytes() == label).ok_or(BadPem::Boundary(number))?;
            blocks.push(block.close()?);
        } else if let Some(block) = &mut open {
            if line.contains(&b':') {
                return Err(BadPem::Header(number));
            }
            block.base64.extend(line.iter().filter(|b| !b.is_ascii_whitespace()));
        }
    }
    match open {
        Some(block) => Err(BadPem::Boundary(block.begun)),
        None => Ok(blocks),
    }
}

/// Writes one block: lines of 64 characters ended by LF. The text is wiped when dropped.
///
/// # Panics
/// When `label` is none of RFC 7468's form: capitals and single spaces.
pub fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(
        pem_rfc7468::encode_string(label, LineEnding::LF, der)
            .expect("labels are constants of ours, see `label`"),
    )
}

/// A block whose END line has not come yet.
struct Open<'a> {
    label: &'a str,
    begun: usize,
    base64: Zeroizing<Vec<u8>>,
}

impl Open<'_> {
    fn close(self) -> Result<Block, BadPem> {
        let der = base64(&self.base64).ok_or(BadPem::Base64(self.begun))?;
        Ok(Block { label: self.label.to_owned(), der })
    }
}

/// Decodes base64 without line ends, in constant time for what may be a secret. An empty text is refused.
pub(crate) fn base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut decoder = Base64Decoder::new(text).ok()?;
    // Filled in one piece, so that no growing vector leaves a copy of a key behind.
    let mut der = Zeroizing::new(vec![0; decoder.remaining_len()]);
    decoder.decode(&mut der).ok()?;
    decoder.is_finished().then_some(der)
}

/// The label in a line that is this boundary.
fn boundary<'a>(line: &'a [u8], begin: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(begin)?.strip_suffix(b"-----")
}

/// The label as text, when it is one (RFC 7468 §3): `labelchar`s, with single spaces between them. No label at all
/// is one too.
fn label_of(label: &[u8]) -> Option<&str> {
    let word = |word: &[u8]| !word.is_empty() && word.iter().all(|c| matches!(c, 0x21..=0x2c | 0x2e..=0x7e));
    (label.is_empty() || label.split(|c| *c == b' ').all(word)).then(|| std::str::from_utf8(label).ok())?
}

/// How many octets lie before the next END line.
fn until_end(text: &[u8]) -> usize {
    const END: &[u8] = b"-----END ";
    text.windows(END.len()).position(|window| window == END).unwrap_or(text.len())
}

/// Lines, their numbers and where they begin; CR, LF and CR LF each end one.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, usize, &[u8])> {
    let (mut number, mut start) = (1, 0);
    let mut after_cr = false;
    text.split_inclusive(|b| matches!(b, b'\r' | b'\n')).map(move |line| {
        let this = (number, start, line);
        // The LF of a CR LF comes as a line of its own, which does not count.
        let half = after_cr && line == b"\n";
        after_cr = line.ends_with(b"\r");
        number += usize::from(!half);
        start += line.len();
        this
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Vec<u8>)>, BadPem> {
        decode(text.as_bytes(), &Limits::default())
            .map(|blocks| blocks.into_iter().map(|b| (b.label, b.der.to_vec())).collect())
    }

    #[test]
    fn blocks_are_read_back_among_other_text() {
        let first = encode(label::CERTIFICATE, &[1; 100]);
        let second = encode(label::LIST, &[2; 48]);
        let text = format!("Subject: 一番\n{}\nand then\n{}bye", *first, *second);
        let expected = vec![(label::CERTIFICATE.into(), vec![1; 100]), (label::LIST.into(), vec![2; 48])];
        assert_eq!(read(&text), Ok(expected.clone()));
        assert_eq!(read(&text.replace('\n', "\r\n")), Ok(expected.clone()));
        assert_eq!(read(&text.replace('\n', "\r")), Ok(expected.clone()));
        assert_eq!(read(&text.replace('\n', " \t\n  ")), Ok(expected.clone()));
        assert_eq!(read("no block at all"), Ok(vec![]));
    }

    #[test]
    fn any_line_width_is_read() {
        let text = encode(label::CERTIFICATE, &[7; 100]);
        let mut lines: Vec<&str> = text.lines().collect();
        let body = lines.drain(1..lines.len() - 1).collect::<String>();
        for width in [1, 4, 5, 76, 1000] {
            let wrapped: Vec<&str> =
                body.as_bytes().chunks(width).map(|c| std::str::from_utf8(c).expect("ASCII")).collect();
            let text = format!("{}\n{}\n{}", lines[0], wrapped.join("\n"), lines[1]);
            assert_eq!(read(&text), Ok(vec![(label::CERTIFICATE.into(), vec![7; 100])]), "width {width}");
        }
    }

    #[test]
    fn broken_blocks_are_refused_with_their_line() {
        for (text, bad) in [
            ("-----BEGIN A-----\nAAAA\n", BadPem::Boundary(1)),
            ("\n-----END A-----\n", BadPem::Boundary(2)),
            ("x\r\n-----BEGIN A-----\r\nAAAA\r\n-----END B-----", BadPem::Boundary(4)),
            ("-----BEGIN A-----\n-----BEGIN A-----\nAAAA\n-----END A-----", BadPem::Boundary(2)),
            ("-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END A-----", BadPem::Header(2)),
            ("-----BEGIN A-----\nAAA\n-----END A-----", BadPem::Base64(1)),
            ("-----BEGIN A-----\nAA==AAAA\n-----END A-----", BadPem::Base64(1)),
            ("-----BEGIN A-----\nAB==\n-----END A-----", BadPem::Base64(1)), // bits after the end
            ("-----BEGIN A-----\nAA*A\n-----END A-----", BadPem::Base64(1)),
            ("-----BEGIN A-----\n-----END A-----", BadPem::Base64(1)),
            ("-----BEGIN A\u{1}-----\nAAAA\n-----END A\u{1}-----", BadPem::Label(1)),
            ("-----BEGIN É-----\nAAAA\n-----END É-----", BadPem::Label(1)),
            ("\n-----BEGIN A  B-----\nAAAA\n-----END A  B-----", BadPem::Label(2)),
            ("-----BEGIN A -----\nAAAA\n-----END A -----", BadPem::Label(1)),
            ("-----BEGIN A-B-----\nAAAA\n-----END A-B-----", BadPem::Label(1)),
        ] {
            assert_eq!(read(text), Err(bad), "{text}");
        }
    }

    #[test]
    fn whatever_label_is_read_can_be_written() {
        for label in ["", "A", "TRUSTED CERTIFICATE", "x/y: z!"] {
            let text = encode(label, &[1, 2, 3]);
            assert_eq!(read(&text), Ok(vec![(label.to_owned(), vec![1, 2, 3])]), "{label}");
        }
    }

    #[test]
    fn limits_hold_at_the_limit() {
        let block = encode(label::CERTIFICATE, &[1]);
        let twice = format!("{}{}", *block, *block);
        let limits = |text, blocks| Limits { text, blocks };
        assert!(decode(twice.as_bytes(), &limits(twice.len(), 2)).is_ok());
        let refused = |limits| decode(twice.as_bytes(), &limits).map(|b| b.len());
        assert_eq!(refused(limits(twice.len() - 1, 2)), Err(BadPem::TooLong(twice.len() - 1)));
        assert_eq!(refused(limits(twice.len(), 1)), Err(BadPem::TooMany(1)));
    }

    #[test]
    fn the_content_never_shows_in_debug_output() {
        let text = encode(label::PRIVATE_KEY, &[0xab; 48]);
        let blocks = decode(text.as_bytes(), &Limits::default()).expect("a block");
        assert_eq!(format!("{blocks:?}"), "[Block(PRIVATE KEY, 48 octets)]");
    }
}
