//! Refusals: a code, a sentence in Japanese and in English, and what to do next.

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages at once.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}

/// What kind of refusal it is; the edge maps it to a status (HTTP) or an exit code (CLI).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request is not well formed (400).
    Malformed,
    /// Nobody has shown who they are (401).
    Unauthenticated,
    /// Known, but not allowed (403).
    Forbidden,
    /// There is no such thing (404).
    NotFound,
    /// Something else holds already (409).
    Conflict,
    /// Larger than the limit (413).
    TooLarge,
    /// Well formed, and against the rules (422).
    Refused,
    /// Too many at once (429).
    TooMany,
    /// Ours: something is not available now; nothing was changed (503).
    Unavailable,
    /// Ours: something is wrong; nothing was changed (500).
    Internal,
}

/// One field of a request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Field {
    /// Where: `request`, `subject.CN`, `requests[3]`.
    pub field: String,
    /// What.
    pub message: Text,
}

/// A refusal as it leaves the house. Inside, errors are typed; they become this once, at the edge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", message.en)]
pub struct Refusal {
    /// What kind.
    pub kind: Kind,
    /// Stable code `part.reason`, generated into docs/errors.md.
    pub code: &'static str,
    /// What happened.
    pub message: Text,
    /// What to do next.
    pub next: Text,
    /// Which fields are concerned.
    pub fields: Vec<Field>,
}

impl Refusal {
    /// A refusal without fields.
    pub fn new(kind: Kind, code: &'static str, message: Text, next: Text) -> Self {
        Self { kind, code, message, next, fields: Vec::new() }
    }

    /// The same, naming a field.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, message: Text) -> Self {
        self.fields.push(Field { field: field.into(), message });
        self
    }
}
