//! Signed notes, after C2SP signed-note: a text, an empty line, and signature lines
//! `— <key name> base64(key id ‖ signature)`. Only Ed25519 (type 0x01) is written and checked.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use core_crypto::{Digest, SigAlg, Verify};
use std::fmt;

/// The longest note that is looked at; a checkpoint with sixteen post-quantum cosignatures is shorter.
pub const MAX_NOTE: usize = 128 * 1024;

/// The type octet of an Ed25519 note signature.
const ED25519: u8 = 0x01;
/// Em dash and space: the beginning of a signature line.
const SIGNATURE_MARK: &str = "\u{2014} ";
/// DER of SubjectPublicKeyInfo for Ed25519 up to the 32 octets of the key (RFC 8410 §4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A public key for notes, with the name under which it signs.
///
/// Its text is `<name>+<key id, 8 hexadecimal digits>+<base64 of 0x01 ‖ key>`, the form that the tools of
/// transparency logs read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    public: [u8; 32],
}

/// Why a key's name or text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// The name is empty, too long, or holds a space, a control character or `+`.
    #[error("a key name has 1 to 255 octets and neither spaces, control characters nor '+'")]
    Name,
    /// The text is not `<name>+<id>+<base64>`.
    #[error("a verifier key is <name>+<8 hexadecimal digits>+<base64>")]
    Form,
    /// It is a key of another kind than Ed25519.
    #[error("only Ed25519 keys (type 1) are known")]
    Kind,
    /// The id is not the one that belongs to name and key.
    #[error("the key id does not belong to this name and key")]
    Id,
}

/// Why a note was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    /// Not UTF-8, too long, a control character, no empty line, or a signature line of another form.
    #[error("it is not a signed note")]
    Form,
    /// No signature by the key that was expected.
    #[error("it bears no signature of the expected key")]
    OtherKey,
    /// A signature in the name of the expected key that does not fit.
    #[error("the signature does not fit the text")]
    Signature,
}

impl VerifierKey {
    /// Names a public key.
    ///
    /// # Errors
    /// [`BadKey::Name`] for a name that a signature line cannot hold.
    pub fn new(digest: &dyn Digest, name: &str, public: [u8; 32]) -> Result<Self, BadKey> {
        let unfit = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if name.is_empty() || name.len() > 255 || name.chars().any(unfit) {
            return Err(BadKey::Name);
        }
        // key ID = SHA-256(key name ‖ 0x0A ‖ 0x01 ‖ public key)[:4]
        let mut input = name.as_bytes().to_vec();
        input.extend_from_slice(&[b'\n', ED25519]);
        input.extend_from_slice(&public);
        let hash = digest.sha256(&input);
        let id = [hash[0], hash[1], hash[2], hash[3]];
        Ok(Self { name: name.to_owned(), id, public })
    }

    /// Reads the textual form; white space around it is ignored.
    ///
    /// # Errors
    /// Every [`BadKey`].
    pub fn parse(digest: &dyn Digest, text: &str) -> Result<Self, BadKey> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadKey::Form);
        };
        if id.len() != 8 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadKey::Form);
        }
        let id = u32::from_str_radix(id, 16).map_err(|_| BadKey::Form)?.to_be_bytes();
        let key = BASE64.decode(key).map_err(|_| BadKey::Form)?;
        let public = match key.split_first() {
            Some((&ED25519, public)) => <[u8; 32]>::try_from(public).map_err(|_| BadKey::Form)?,
            _ => return Err(BadKey::Kind),
        };
        let known = Self::new(digest, name, public)?;
        if known.id == id { Ok(known) } else { Err(BadKey::Id) }
    }

    /// The name in signature lines.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four octets of every signature by this key.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The key as a DER SubjectPublicKeyInfo (RFC 8410).
    pub fn spki(&self) -> Vec<u8> {
        [&ED25519_SPKI[..], &self.public].concat()
    }

    /// The key octets within a DER SubjectPublicKeyInfo; `None` when it is not one of Ed25519.
    pub fn public_from_spki(spki: &[u8]) -> Option<[u8; 32]> {
        spki.strip_prefix(&ED25519_SPKI)?.try_into().ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519][..], &self.public].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), BASE64.encode(key))
    }
}

/// Joins a text, which ends in a newline, and the signature over it.
pub fn seal(text: &str, key: &VerifierKey, signature: &[u8; 64]) -> String {
    debug_assert!(text.ends_with('\n'), "the signed text of a note ends in a newline");
    let line = BASE64.encode([&key.id[..], signature].concat());
    format!("{text}\n{SIGNATURE_MARK}{} {line}\n", key.name)
}

/// Opens a note that `key` must have signed and returns the signed text, its last newline included.
///
/// Signatures by other keys are ignored, as the specification demands: witnesses may have added theirs.
///
/// # Errors
/// Every [`BadNote`]. No part of the text may be believed then.
pub fn open<'n>(note: &'n [u8], key: &VerifierKey, verify: &dyn Verify) -> Result<&'n str, BadNote> {
    let (text, lines) = split(note)?;
    let mut signed = false;
    for line in lines.lines() {
        let (name, signature) = signature_line(line).ok_or(BadNote::Form)?;
        if name != key.name || signature[..4] != key.id {
            continue;
        }
        verify
            .verify(SigAlg::Ed25519, &key.spki(), text.as_bytes(), &signature[4..])
            .map_err(|_| BadNote::Signature)?;
        signed = true;
    }
    if signed { Ok(text) } else { Err(BadNote::OtherKey) }
}

/// The text of a note **without any check of its signatures**: good for showing, never for believing.
///
/// # Errors
/// [`BadNote::Form`].
pub fn unverified_text(note: &[u8]) -> Result<&str, BadNote> {
    split(note).map(|(text, _)| text)
}

fn split(note: &[u8]) -> Result<(&str, &str), BadNote> {
    if note.len() > MAX_NOTE {
        return Err(BadNote::Form);
    }
    let note = std::str::from_utf8(note).map_err(|_| BadNote::Form)?;
    if note.bytes().any(|b| b < 0x20 && b != b'\n') {
        return Err(BadNote::Form);
    }
    let at = note.rfind("\n\n").ok_or(BadNote::Form)?;
    let (text, lines) = (&note[..at + 1], &note[at + 2..]);
    if lines.is_empty() || !lines.ends_with('\n') { Err(BadNote::Form) } else { Ok((text, lines)) }
}

fn signature_line(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, signature) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let signature = BASE64.decode(signature).ok().filter(|s| s.len() > 4)?;
    (!name.is_empty()).then_some((name, signature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_crypto::KeyAlg;
    use kit_keys::{Provider, SignInput, testing};

    /// A key and a note from the documentation of Go's package `golang.org/x/mod/sumdb/note`.
    const FOREIGN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const FOREIGN_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn key(number: u64) -> (VerifierKey, impl Fn(&str) -> [u8; 64]) {
        let key = testing::key(KeyAlg::Ed25519, number);
        let public = VerifierKey::public_from_spki(key.public_spki()).expect("an Ed25519 key");
        let name = VerifierKey::new(&Provider, "warifu.example/log", public).expect("a good name");
        assert_eq!(name.spki(), key.public_spki());
        (name, move |text| {
            let signature = key.sign_now(SignInput::Message(text.as_bytes())).expect("it signs");
            signature.try_into().expect("64 octets")
        })
    }

    #[test]
    fn k08_a_note_signed_elsewhere_opens() {
        let key = VerifierKey::parse(&Provider, FOREIGN_KEY).expect("the key");
        assert_eq!(key.to_string(), FOREIGN_KEY);
        let text = open(FOREIGN_NOTE.as_bytes(), &key, &Provider).expect("the note");
        assert!(text.ends_with("what your problem is.\n"));
        let altered = FOREIGN_NOTE.replace("problem is", "problem was");
        assert_eq!(open(altered.as_bytes(), &key, &Provider), Err(BadNote::Signature));
    }

    #[test]
    fn k08_own_notes_open_and_only_with_the_right_key() {
        let ((key, sign), (other, _)) = (key(1), key(2));
        let text = "first\n\nthird line after an empty one\n";
        let note = seal(text, &key, &sign(text));
        assert!(note.starts_with("first\n\nthird line after an empty one\n\n\u{2014} warifu.example/log "));
        assert_eq!(open(note.as_bytes(), &key, &Provider), Ok(text));
        assert_eq!(open(note.as_bytes(), &other, &Provider), Err(BadNote::OtherKey));
        // Signatures of others do not matter, before or after.
        let line = "\u{2014} witness.example AAAAAQID\n";
        let more = format!("{note}{line}");
        assert_eq!(open(more.as_bytes(), &key, &Provider), Ok(text));
        let fewer = format!("{text}\n{line}");
        assert_eq!(open(fewer.as_bytes(), &key, &Provider), Err(BadNote::OtherKey));
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let (key, sign) = key(1);
        let good = seal("text\n", &key, &sign("text\n"));
        let bad = [
            String::new(),
            "text\n".into(),
            good.trim_end().to_owned(),
            good.replace('\u{2014}', "-"),
            good.replace("text", "te\txt"),
            good.replace('\n', "\r\n"),
            format!("{good}\n"),
            format!("{good}no signature line\n"),
            format!("{good}\u{2014} name not*base64\n"),
            format!("{good}\u{2014} name AAAA\n"),
            "x".repeat(MAX_NOTE + 1),
        ];
        for note in bad {
            assert_eq!(open(note.as_bytes(), &key, &Provider), Err(BadNote::Form), "{note:?}");
        }
        assert_eq!(open(b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n", &key, &Provider), Err(BadNote::Form));
    }

    #[test]
    fn keys_lead_back_and_bad_ones_are_named() {
        let (key, _) = key(1);
        assert_eq!(VerifierKey::parse(&Provider, &format!(" {key}\n")), Ok(key.clone()));
        let text = key.to_string();
        let parse = |text: &str| VerifierKey::parse(&Provider, text);
        assert_eq!(parse(&text.replace("warifu", "warifv")), Err(BadKey::Id));
        assert_eq!(parse("name+00000000"), Err(BadKey::Form));
        assert_eq!(parse("name+0000000g+AAAA"), Err(BadKey::Form));
        assert_eq!(parse("name+00000000+AgAA"), Err(BadKey::Kind));
        assert_eq!(parse("name+00000000+AQAA"), Err(BadKey::Form));
        for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb"] {
            assert_eq!(VerifierKey::new(&Provider, name, [0; 32]), Err(BadKey::Name), "{name:?}");
        }
        assert!(VerifierKey::new(&Provider, "割符", [0; 32]).is_ok());
    }
}
