//! One text of SQL for two databases.
//!
//! The text is written in the common dialect: `$n` parameters and the types BIGINT, SMALLINT, TEXT, BYTEA.
//! PostgreSQL takes it nearly as it is: columns of TEXT are given the collation "C", so that order and comparison are by
//! octets on both, whatever the language of the server. For SQLite `$n` becomes `?n`, because SQLite reads `$2` as a *name* that is numbered
//! by its first appearance: `SELECT $2, $1` would silently swap the values. In migrations types are replaced
//! and tables made STRICT.
//!
//! What both read alike: `ON CONFLICT … DO … RETURNING`, `WITH`, window functions, partial indexes, `LIMIT … OFFSET`,
//! `CAST(… AS BIGINT)`. What they do not, and what is therefore not used: types beyond the four, `now()`, arrays, `ILIKE`
//! and `LIKE` on letters (SQLite ignores their case), generated keys (see [`Tx::next_id`](crate::Tx::next_id)).
//!
//! The rare fork stands in a block of lines of its own:
//!
//! ```sql
//! SELECT id FROM job WHERE state = 0 ORDER BY id LIMIT $1
//! -- only: postgres
//! FOR UPDATE SKIP LOCKED
//! -- end
//! ```

use std::borrow::Cow;

/// Which database is behind a [`Db`](crate::Db).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL 13 or later.
    Postgres,
}

impl Dialect {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A query as the database is to see it.
pub(crate) fn query_for(dialect: Dialect, sql: &str) -> Cow<'_, str> {
    let own = own_blocks(dialect, sql);
    match dialect {
        Dialect::Postgres => own,
        Dialect::Sqlite => Cow::Owned(tokens(&own).map(|token| query_token(&token)).collect()),
    }
}

/// A migration as the database is to see it.
pub(crate) fn migration_for(dialect: Dialect, sql: &str) -> String {
    let own = own_blocks(dialect, sql);
    match dialect {
        Dialect::Postgres => octet_order(&own),
        Dialect::Sqlite => strict_tables(&own),
    }
}

/// The first table a statement names: for error texts.
pub(crate) fn first_table(sql: &str) -> &str {
    let mut words = tokens(sql).filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted)).map(|t| t.text);
    while let Some(word) = words.next() {
        if ["FROM", "INTO", "UPDATE", "JOIN", "TABLE"].iter().any(|k| word.eq_ignore_ascii_case(k)) {
            return words.next().unwrap_or("?");
        }
    }
    "the result"
}

/// Leaves out the blocks for the other database.
fn own_blocks(dialect: Dialect, sql: &str) -> Cow<'_, str> {
    if !sql.contains("-- only:") {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len());
    let mut keep = true;
    for line in sql.lines() {
        let mark = line.trim();
        if let Some(name) = mark.strip_prefix("-- only:") {
            debug_assert!(["sqlite", "postgres"].contains(&name.trim()), "no such database: {mark}");
            keep = name.trim() == dialect.name();
        } else if mark == "-- end" {
            keep = true;
        } else if keep {
            out.push_str(line);
            out.push('\n');
        }
    }
    Cow::Owned(out)
}

fn query_token<'a>(token: &Token<'a>) -> Cow<'a, str> {
    match token.kind {
        Kind::Param => Cow::Owned(token.text.replacen('$', "?", 1)),
        Kind::Word if token.text.eq_ignore_ascii_case("BYTEA") => Cow::Borrowed("BLOB"),
        _ => Cow::Borrowed(token.text),
    }
}

/// Gives each column of type TEXT the collation "C": a type is what follows a name, and neither `AS` nor `::`.
fn octet_order(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    let mut before: Option<Token<'_>> = None;
    for token in tokens(sql) {
        out.push_str(token.text);
        let after_name = before.is_some_and(|t| {
            t.kind == Kind::Quoted || t.kind == Kind::Word && !t.text.eq_ignore_ascii_case("AS")
        });
        if token.kind == Kind::Word && token.text.eq_ignore_ascii_case("TEXT") && after_name {
            out.push_str(" COLLATE \"C\"");
        }
        if token.kind != Kind::Space {
            before = Some(token);
        }
    }
    out
}

/// Replaces the types and adds STRICT to each CREATE TABLE.
fn strict_tables(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    // Words of the statement so far, as far as needed to know that it is a CREATE TABLE.
    let (mut first, mut second) = ("", "");
    let mut depth = 0usize;
    // Where STRICT goes: right after the parenthesis that closes the list of columns.
    let mut closed: Option<usize> = None;
    let mut options = false;
    for token in tokens(sql) {
        match token.kind {
            Kind::Word => {
                if first.is_empty() {
                    first = token.text;
                } else if second.is_empty() {
                    second = token.text;
                }
                options |= closed.is_some();
                let text = match token.text.to_ascii_uppercase().as_str() {
                    "BIGINT" | "SMALLINT" => "INTEGER",
                    "BYTEA" => "BLOB",
                    _ => token.text,
                };
                out.push_str(text);
                continue;
            }
            Kind::Param => {
                out.push_str(&query_token(&token));
                continue;
            }
            Kind::Other => match token.text {
                "(" => depth += 1,
                ")" => {
                    depth = depth.saturating_sub(1);
                    let table = first.eq_ignore_ascii_case("CREATE") && second.eq_ignore_ascii_case("TABLE");
                    if depth == 0 && table && closed.is_none() {
                        closed = Some(out.len() + 1);
                    }
                }
                ";" if depth == 0 => {
                    if let Some(place) = closed.take() {
                        out.insert_str(place, if options { " STRICT," } else { " STRICT" });
                    }
                    (first, second, options) = ("", "", false);
                }
                _ => {}
            },
            Kind::Space | Kind::Quoted => {}
        }
        out.push_str(token.text);
    }
    if let Some(place) = closed {
        out.insert_str(place, if options { " STRICT," } else { " STRICT" });
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword, identifier or number.
    Word,
    /// `$n`.
    Param,
    /// A literal in quotes, or an identifier in quotes: never looked into.
    Quoted,
    /// White space and comments.
    Space,
    /// Any other single character.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// Cuts SQL into tokens whose texts, joined, are the SQL again.
pub(crate) fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (kind, len) = match first {
            '\'' => (Kind::Quoted, quoted(rest, '\'')),
            '"' => (Kind::Quoted, quoted(rest, '"')),
            '-' if rest.starts_with("--") => (Kind::Space, rest.find('\n').map_or(rest.len(), |at| at + 1)),
            '/' if rest.starts_with("/*") => (Kind::Space, rest.find("*/").map_or(rest.len(), |at| at + 2)),
            '$' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                (Kind::Param, 1 + run(&rest[1..], |c| c.is_ascii_digit()))
            }
            c if c.is_alphanumeric() || c == '_' => {
                (Kind::Word, run(rest, |c| c.is_alphanumeric() || c == '_'))
            }
            c if c.is_whitespace() => (Kind::Space, run(rest, char::is_whitespace)),
            c => (Kind::Other, c.len_utf8()),
        };
        let (text, after) = rest.split_at(len);
        rest = after;
        Some(Token { kind, text })
    })
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of a quoted token; a doubled quote inside begins a token of its own, which changes nothing here.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sqlite(sql: &str) -> String {
        query_for(Dialect::Sqlite, sql).into_owned()
    }

    #[test]
    fn parameters_keep_their_numbers() {
        assert_eq!(sqlite("SELECT $2, $1, $10"), "SELECT ?2, ?1, ?10");
        assert_eq!(query_for(Dialect::Postgres, "SELECT $2, $1"), "SELECT $2, $1");
    }

    #[test]
    fn quoted_text_and_comments_are_left_alone() {
        let text = "SELECT '$1 it''s BYTEA', \"$2\" -- $3\n/* $4 */, $";
        assert_eq!(sqlite(text), text);
    }

    #[test]
    fn blocks_go_to_their_database() {
        let text = "SELECT 1\n-- only: postgres\nFOR UPDATE\n-- only: sqlite\nLIMIT 1\n-- end\nX";
        assert_eq!(query_for(Dialect::Postgres, text), "SELECT 1\nFOR UPDATE\nX\n");
        assert_eq!(sqlite(text), "SELECT 1\nLIMIT 1\nX\n");
    }

    #[test]
    fn tables_become_strict() {
        let sql = "CREATE TABLE a (id BIGINT PRIMARY KEY, b BYTEA, c SMALLINT CHECK (c IN (1, 2)));\n\
                   CREATE INDEX i ON a (b) WHERE c = 1;\n\
                   CREATE TABLE k (t TEXT PRIMARY KEY) WITHOUT ROWID;\nCREATE TABLE z (t TEXT)";
        assert_eq!(
            migration_for(Dialect::Sqlite, sql),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b BLOB, c INTEGER CHECK (c IN (1, 2))) STRICT;\n\
             CREATE INDEX i ON a (b) WHERE c = 1;\n\
             CREATE TABLE k (t TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;\nCREATE TABLE z (t TEXT) STRICT"
        );
        assert_eq!(migration_for(Dialect::Postgres, sql), sql.replace("t TEXT", "t TEXT COLLATE \"C\""));
    }

    #[test]
    fn only_types_of_columns_get_a_collation() {
        let sql = "ALTER TABLE a ADD COLUMN \"b\" TEXT; CREATE INDEX i ON a (CAST(c AS TEXT), c::TEXT, text)";
        let column = "\"b\" TEXT COLLATE \"C\";";
        assert_eq!(migration_for(Dialect::Postgres, sql), sql.replace("\"b\" TEXT;", column));
    }

    proptest! {
        #[test]
        fn tokens_are_the_text(text in ".{0,60}", sql in "[ a-z$0-9'\"\\-/*(),;\n]{0,60}") {
            for text in [text.as_str(), sql.as_str()] {
                prop_assert_eq!(tokens(text).map(|t| t.text).collect::<String>(), text);
                // Whatever the text, rewriting it neither panics nor touches PostgreSQL's.
                migration_for(Dialect::Sqlite, text);
                first_table(text);
                prop_assert_eq!(query_for(Dialect::Postgres, text), text);
            }
        }

        #[test]
        fn only_parameters_change(parts in proptest::collection::vec(
            prop_oneof![
                "[a-z_]{1,8}".prop_map(|word| (word.clone(), word)),
                (1u32..200).prop_map(|n| (format!("${n}"), format!("?{n}"))),
                "'[^'\n]{0,10}'".prop_map(|text| (text.clone(), text)),
                "-- [^\n]{0,10}".prop_map(|text| (format!("{text}\n"), format!("{text}\n"))),
            ].prop_filter("a block is not a comment", |(text, _)| !text.contains("only") && !text.contains("end")),
            0..12,
        )) {
            let common: Vec<_> = parts.iter().map(|(common, _)| common.as_str()).collect();
            let own: Vec<_> = parts.iter().map(|(_, own)| own.as_str()).collect();
            prop_assume!(!common.iter().any(|word| word.eq_ignore_ascii_case("bytea")));
            prop_assert_eq!(sqlite(&common.join(" ")), own.join(" "));
        }
    }

    #[test]
    fn the_first_table_is_found() {
        assert_eq!(first_table("INSERT INTO ca_order (id) VALUES ($1)"), "ca_order");
        assert_eq!(first_table("update job set x = 1"), "job");
        assert_eq!(first_table("SELECT 'FROM x', a FROM t"), "t");
        assert_eq!(first_table("SELECT 1"), "the result");
    }
}
