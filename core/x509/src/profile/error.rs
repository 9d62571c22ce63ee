//! What is wrong with a profile, said so that whoever wrote it finds the place.

use crate::explain::{Explain, Explanation};

/// Why a text is no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The text is longer than is read.
    #[error("a profile has at most {max} octets")]
    TooLong {
        /// Most octets.
        max: usize,
    },
    /// Not TOML, an unknown key, or a value of another type. The message names line and column.
    #[error("{0}")]
    Form(String),
    /// A setting whose value cannot be.
    #[error("{at}: {problem}")]
    Setting {
        /// Which: `subject[2].pattern`.
        at: String,
        /// What is wrong, and what is expected.
        problem: String,
    },
}

impl ProfileError {
    pub(super) fn at(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Setting { at: at.into(), problem: problem.into() }
    }
}

impl Explain for ProfileError {
    fn code(&self) -> &'static str {
        "authority.profile_invalid"
    }

    fn explain(&self) -> Explanation {
        Explanation {
            ja: format!("証明書プロファイルに誤りがあります。{self}"),
            en: format!("The certificate profile is not valid. {self}"),
            next_ja: "示された箇所を直し、もう一度読み込んでください。",
            next_en: "Correct the place that is named, and load the profile again.",
        }
    }
}
