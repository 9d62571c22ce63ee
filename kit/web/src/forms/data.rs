//! A posted form as it came: names and values within limits.

use super::{CHANGE, CSRF, STEP};
use std::fmt;
use zeroize::Zeroizing;

/// How much of a form is taken in. All of it is ours, far above what a page of this house posts.
#[derive(Clone, Copy, Debug)]
pub struct Limits;

impl Limits {
    /// Octets of a body of ordinary fields.
    pub const BODY: usize = 64 * 1024;
    /// Octets of a body with files.
    pub const BODY_WITH_FILES: usize = 512 * 1024;
    /// Fields of a form, files included.
    pub const FIELDS: usize = 200;
    /// Characters of a value.
    pub const CHARS: usize = 10_000;
    /// Octets of a name.
    pub const NAME: usize = 100;
}

/// Why a form was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    /// Not a form: another type, broken escapes, not UTF-8, a NUL.
    #[error("the body is not a form in UTF-8")]
    Form,
    /// More than [`Limits`] allows.
    #[error("the form is larger than its limits")]
    TooLarge,
}

/// A file that came with a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name of the field.
    pub field: String,
    /// The name of the file at the sender's; not to be trusted as a path.
    pub file_name: String,
    /// Its octets.
    pub octets: Zeroizing<Vec<u8>>,
}

/// Where in 入力 → 確認 → 完了 a post comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The input page was filled in: show the page of confirmation, or what is wrong.
    Check,
    /// Back to the input page, to the field of this name (empty: none in particular).
    Change(String),
    /// Confirmed: act.
    Confirm,
}

/// A posted form. Values are wiped from memory at the end and never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FormData {
    pairs: Vec<(String, Zeroizing<String>)>,
    files: Vec<Upload>,
}

impl FormData {
    /// Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1), strictly: a broken escape is an error.
    ///
    /// # Errors
    /// [`BadForm`]
    pub fn parse(body: &[u8]) -> Result<Self, BadForm> {
        if body.len() > Limits::BODY {
            return Err(BadForm::TooLarge);
        }
        let mut form = Self::default();
        for pair in body.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            let equals = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let name = decode(&pair[..equals])?;
            let value = decode(pair.get(equals + 1..).unwrap_or_default())?;
            form.push(&name, value)?;
        }
        Ok(form)
    }

    /// A form made of these pairs, for tests and for presenting one again.
    ///
    /// # Errors
    /// [`BadForm`]
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, BadForm> {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.push(name.as_ref(), Zeroizing::new(value.as_ref().to_owned()))?;
        }
        Ok(form)
    }

    /// Browsers end lines with CR LF; here they end with LF.
    pub(super) fn push(&mut self, name: &str, value: Zeroizing<String>) -> Result<(), BadForm> {
        let value = if value.contains('\r') {
            Zeroizing::new(value.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            value
        };
        if name.len() > Limits::NAME
            || value.chars().count() > Limits::CHARS
            || self.pairs.len() + self.files.len() >= Limits::FIELDS
        {
            return Err(BadForm::TooLarge);
        }
        if name.contains('\0') || value.contains('\0') {
            return Err(BadForm::Form);
        }
        self.pairs.push((name.to_owned(), value));
        Ok(())
    }

    pub(super) fn push_file(&mut self, file: Upload) -> Result<(), BadForm> {
        if self.pairs.len() + self.files.len() >= Limits::FIELDS || file.field.len() > Limits::NAME {
            return Err(BadForm::TooLarge);
        }
        self.files.push(file);
        Ok(())
    }

    /// The first value of this name, as it was typed.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// All values of this name: the boxes that were ticked.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value of a secret, to be wiped by whoever takes it. Not normalised: a password is what was typed.
    pub fn secret(&self, name: &str) -> Zeroizing<String> {
        Zeroizing::new(self.get(name).unwrap_or_default().to_owned())
    }

    /// All pairs in the order they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The file of this name, unless none was chosen.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files
            .iter()
            .find(|file| file.field == name && !(file.octets.is_empty() && file.file_name.is_empty()))
    }

    /// Whether any file came with the form.
    pub fn has_files(&self) -> bool {
        self.files.iter().any(|file| !(file.octets.is_empty() && file.file_name.is_empty()))
    }

    /// The token against forged posts; empty if there is none.
    pub fn csrf(&self) -> &str {
        self.get(CSRF).unwrap_or_default()
    }

    /// Where in 入力 → 確認 → 完了 the post comes from. Without any word: the input page.
    pub fn step(&self) -> Step {
        match (self.get(CHANGE), self.get(STEP)) {
            (Some(field), _) => Step::Change(field.to_owned()),
            (None, Some("confirm")) => Step::Confirm,
            _ => Step::Check,
        }
    }

    /// The version of the case on the page that posted, from the hidden field `version`.
    pub fn version(&self) -> Option<i64> {
        self.get("version")?.parse().ok()
    }
}

impl fmt::Debug for FormData {
    /// Names alone: values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({}, {} octets)", self.field, self.octets.len())
    }
}

fn decode(text: &[u8]) -> Result<Zeroizing<String>, BadForm> {
    let nibble = |at: usize| text.get(at).and_then(|b| (*b as char).to_digit(16)).ok_or(BadForm::Form);
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'+' => octets.push(b' '),
            b'%' => {
                let octet = nibble(at + 1)? << 4 | nibble(at + 2)?;
                octets.push(u8::try_from(octet).expect("two hexadecimal digits are one octet"));
                at += 2;
            }
            octet => octets.push(octet),
        }
        at += 1;
    }
    let text = String::from_utf8(std::mem::take(&mut *octets)).map_err(|_| BadForm::Form)?;
    Ok(Zeroizing::new(text))
}
