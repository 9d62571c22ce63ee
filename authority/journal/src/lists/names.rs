//! The names under which lists are served: `1.crl`, `1-delta.crl`, `1-p3.crl`.
//!
//! They stand in every certificate ever issued (cRLDistributionPoints), so they are fixed for good.

use super::{ListKind, Scope};
use core_words::AuthorityId;

/// The file name of a list in the repository, below `{base}/crl/{authority}/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListName {
    /// The generation of the key that signs it.
    pub generation: u16,
    /// 0 for the list of all.
    pub partition: u16,
    /// Full or delta. Delta lists are made of the list of all only.
    pub kind: ListKind,
}

/// No name of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("lists are named like 1.crl, 1-delta.crl and 1-p3.crl")]
pub struct BadListName;

impl ListName {
    /// The name of the list of this kind that covers `scope`.
    pub fn of(scope: &Scope, kind: ListKind) -> Self {
        Self { generation: scope.generation, partition: scope.partition, kind }
    }

    /// The scope that the list of this name at `authority` covers.
    pub fn scope(&self, authority: &AuthorityId) -> Scope {
        Scope { authority: authority.clone(), generation: self.generation, partition: self.partition }
    }

    /// Where the list is served: `{base}/crl/{authority}/{name}`. `base` has no slash at its end.
    pub fn url(&self, base: &str, authority: &AuthorityId) -> String {
        format!("{base}/crl/{authority}/{self}")
    }
}

impl std::fmt::Display for ListName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.kind, self.partition) {
            (ListKind::Full, 0) => write!(f, "{}.crl", self.generation),
            (ListKind::Full, partition) => write!(f, "{}-p{partition}.crl", self.generation),
            (ListKind::Delta, _) => write!(f, "{}-delta.crl", self.generation),
        }
    }
}

impl std::str::FromStr for ListName {
    type Err = BadListName;

    /// Reads exactly what [`Display`](std::fmt::Display) writes: each list has one name.
    fn from_str(text: &str) -> Result<Self, BadListName> {
        let stem = text.strip_suffix(".crl").ok_or(BadListName)?;
        let (generation, rest) = stem.split_once('-').unwrap_or((stem, ""));
        let (kind, partition) = match rest.strip_prefix('p') {
            Some(partition) => (ListKind::Full, partition.parse().map_err(|_| BadListName)?),
            None if rest == "delta" => (ListKind::Delta, 0),
            None => (ListKind::Full, 0),
        };
        let name = Self { generation: generation.parse().map_err(|_| BadListName)?, partition, kind };
        if name.to_string() == text { Ok(name) } else { Err(BadListName) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_each_list_has_one() {
        for (text, generation, partition, kind) in [
            ("1.crl", 1, 0, ListKind::Full),
            ("12-delta.crl", 12, 0, ListKind::Delta),
            ("2-p300.crl", 2, 300, ListKind::Full),
        ] {
            let name = ListName { generation, partition, kind };
            assert_eq!(text.parse(), Ok(name));
            assert_eq!(name.to_string(), text);
        }
        for bad in [
            "",
            ".crl",
            "1",
            "01.crl",
            "+1.crl",
            "1-.crl",
            "1-p.crl",
            "1-p0.crl",
            "1-p01.crl",
            "1-Delta.crl",
            "1-p1-delta.crl",
            "70000.crl",
            "1.crl.crl",
            "１.crl",
        ] {
            assert_eq!(bad.parse::<ListName>(), Err(BadListName), "{bad}");
        }
    }

    #[test]
    fn k4_urls_are_those_that_certificates_name() {
        let authority = AuthorityId::new("claims-ca").expect("a name");
        let scope = Scope { authority: authority.clone(), generation: 1, partition: 3 };
        let url = ListName::of(&scope, ListKind::Full).url("https://pki.example.jp", &authority);
        assert_eq!(url, "https://pki.example.jp/crl/claims-ca/1-p3.crl");
    }
}
