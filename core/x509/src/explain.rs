//! How refusals speak to people: a stable code, a sentence in each language, and what to do next.

/// The words of one refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in Japanese.
    pub ja: String,
    /// What happened, in English.
    pub en: String,
    /// What to do next, in Japanese.
    pub next_ja: &'static str,
    /// What to do next, in English.
    pub next_en: &'static str,
}

/// An error that people read.
pub trait Explain {
    /// The code: `authority.reason`, snake case, stable over releases.
    fn code(&self) -> &'static str;
    /// The words.
    fn explain(&self) -> Explanation;
}
