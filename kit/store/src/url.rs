//! Where a store is.

use crate::StoreError;
use std::path::PathBuf;

/// The URL of a store, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbUrl {
    /// `sqlite:PATH`: a file, created when it is not there.
    Sqlite(PathBuf),
    /// `postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?sslrootcert=FILE]`, kept whole. The database must exist. With
    /// `sslrootcert` the connection is encrypted, and the server's certificate must be for HOST and come from an
    /// authority in that PEM file; without it the connection is plain.
    Postgres(String),
}

impl DbUrl {
    /// Parses the URL of a store. An error never repeats the text: it may hold a password.
    ///
    /// # Errors
    /// [`StoreError::Url`].
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err(StoreError::Url("sqlite: needs the path of a file".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(StoreError::Url("it begins with neither sqlite: nor postgres://".to_owned()))
    }
}

impl std::str::FromStr for DbUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_apart() {
        assert_eq!(DbUrl::parse("sqlite:/a/b.db").unwrap(), DbUrl::Sqlite("/a/b.db".into()));
        assert_eq!(DbUrl::parse("sqlite:///a/b.db").unwrap(), DbUrl::Sqlite("/a/b.db".into()));
        assert_eq!(DbUrl::parse("sqlite:b.db").unwrap(), DbUrl::Sqlite("b.db".into()));
        assert!(matches!(DbUrl::parse("postgres://u@h/d").unwrap(), DbUrl::Postgres(_)));
        assert!(DbUrl::parse("sqlite:").is_err());
        assert!(DbUrl::parse("sqlite::memory:").is_err());
        let error = DbUrl::parse("mysql://u:secret@h/d").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}
