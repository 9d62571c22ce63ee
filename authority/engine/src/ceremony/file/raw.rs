//! The ceremony file as it is written: every value with its place in the text, nothing judged yet.

use super::{Problem, What};
use serde::Deserialize;
use toml::Spanned;

type Word = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub(super) version: Spanned<i64>,
    pub(super) installation: RawInstallation,
    #[serde(default)]
    pub(super) participant: Vec<RawParticipant>,
    #[serde(default)]
    pub(super) authority: Vec<Spanned<RawAuthority>>,
    #[serde(default)]
    pub(super) signer: Vec<Spanned<RawSigner>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInstallation {
    pub(super) name: Word,
    pub(super) base_url: Word,
    pub(super) operator: Word,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParticipant {
    pub(super) name: Word,
    pub(super) role: Word,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAuthority {
    pub(super) id: Word,
    pub(super) kind: Word,
    pub(super) parent: Option<Word>,
    pub(super) operator: Option<Word>,
    pub(super) key: Word,
    pub(super) profile: Word,
    pub(super) subject: Spanned<Vec<Word>>,
    pub(super) valid: Option<Word>,
    #[serde(default)]
    pub(super) profiles: Vec<Word>,
    pub(super) partitions: Option<Spanned<i64>>,
    pub(super) lists: Option<RawLists>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLists {
    pub(super) full_every: Option<Word>,
    pub(super) full_life: Option<Word>,
    pub(super) delta_every: Option<Word>,
    pub(super) delta_life: Option<Word>,
    pub(super) soon: Option<Word>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSigner {
    pub(super) authority: Word,
    pub(super) name: Word,
    pub(super) kind: Word,
    pub(super) key: Word,
    pub(super) profile: Word,
    pub(super) subject: Spanned<Vec<Word>>,
    pub(super) valid: Option<Word>,
}

/// Reads the text as TOML of this shape.
pub(super) fn read(text: &str) -> Result<RawFile, Vec<Problem>> {
    toml::from_str(text).map_err(|e| {
        vec![Problem {
            line: e.span().map(|span| line_of(text, span.start)),
            field: String::new(),
            what: What::Unreadable(e.message().chars().take(300).collect()),
        }]
    })
}

/// The line, from 1, on which the octet at `offset` stands.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count()
}
