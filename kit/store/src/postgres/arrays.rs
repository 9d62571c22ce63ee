//! Many INSERTs as one statement over arrays.

use crate::sql::{Kind, Token, tokens};
use std::fmt::Write;
use tokio_postgres::types::Type;

/// Rewrites `INSERT INTO t (…) VALUES ($1, …) tail` so that each parameter is an array with one element per row:
/// `INSERT INTO t (…) SELECT u.p1, … FROM unnest($1::bigint[], …) AS u(p1, …) tail`.
///
/// `None` when the statement is of another form or would then mean something else than a loop: with RETURNING, with
/// DO UPDATE (which refuses to meet a key twice in one statement), or with parameters in its tail.
pub(super) fn over_arrays(sql: &str, types: &[Type]) -> Option<String> {
    let tokens: Vec<Token<'_>> = tokens(sql).collect();
    let word =
        |at: usize, text: &str| tokens[at].kind == Kind::Word && tokens[at].text.eq_ignore_ascii_case(text);
    let first = tokens.iter().position(|t| t.kind == Kind::Word)?;
    let values = (first..tokens.len()).find(|&at| word(at, "VALUES"))?;
    if !word(first, "INSERT") || tokens[..values].iter().any(|t| t.kind == Kind::Param) {
        return None;
    }
    let open = (values + 1..tokens.len()).find(|&at| tokens[at].kind != Kind::Space)?;
    if tokens[open].text != "(" {
        return None;
    }
    let close = closing(&tokens, open)?;
    if (open..close).any(|at| word(at, "DEFAULT")) {
        return None;
    }
    let tail = close + 1..tokens.len();
    let unfit = |at: usize| {
        tokens[at].kind == Kind::Param
            || matches!(tokens[at].text, "," | ";")
            || ["RETURNING", "UPDATE", "SELECT"].iter().any(|&w| word(at, w))
    };
    // A comma in the columns of ON CONFLICT is as good as one between rows of VALUES is not.
    let mut depth = 0i32;
    for at in tail.clone() {
        match tokens[at].text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth > 0 => continue,
            _ => {}
        }
        if unfit(at) {
            return None;
        }
    }
    let mut out = String::with_capacity(sql.len() + 128);
    tokens[..values].iter().for_each(|t| out.push_str(t.text));
    out.push_str("SELECT ");
    for token in &tokens[open + 1..close] {
        match token.kind {
            Kind::Param => out.push_str(&token.text.replacen('$', "u.p", 1)),
            _ => out.push_str(token.text),
        }
    }
    out.push_str(" FROM unnest(");
    for (at, ty) in types.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        write!(out, "{comma}${}::{}[]", at + 1, element(ty)?).ok()?;
    }
    out.push_str(") AS u(");
    for at in 1..=types.len() {
        write!(out, "{}p{at}", if at == 1 { "" } else { ", " }).ok()?;
    }
    out.push(')');
    tokens[tail].iter().for_each(|t| out.push_str(t.text));
    (!types.is_empty()).then_some(out)
}

fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0i32;
    (open..tokens.len()).find(|&at| {
        match tokens[at].text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn element(ty: &Type) -> Option<&'static str> {
    Some(match *ty {
        Type::INT8 => "bigint",
        Type::INT4 => "integer",
        Type::INT2 => "smallint",
        Type::BOOL => "boolean",
        Type::TEXT | Type::VARCHAR => "text",
        Type::BYTEA => "bytea",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_inserts_become_one_statement() {
        let types = [Type::INT8, Type::TEXT, Type::BYTEA];
        assert_eq!(
            over_arrays("INSERT INTO t (a, b, c, d) VALUES ($1, $3, coalesce($2, 'x'), 0)", &types).unwrap(),
            "INSERT INTO t (a, b, c, d) SELECT u.p1, u.p3, coalesce(u.p2, 'x'), 0 \
             FROM unnest($1::bigint[], $2::text[], $3::bytea[]) AS u(p1, p2, p3)"
        );
        assert_eq!(
            over_arrays("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a, b) DO NOTHING", &types[..1]).unwrap(),
            "INSERT INTO t (a) SELECT u.p1 FROM unnest($1::bigint[]) AS u(p1) ON CONFLICT (a, b) DO NOTHING"
        );
    }

    #[test]
    fn other_statements_stay_a_loop() {
        let one = [Type::INT8];
        for sql in [
            "UPDATE t SET a = $1",
            "INSERT INTO t (a) VALUES ($1), (2)",
            "INSERT INTO t (a) VALUES ($1) RETURNING a",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = 1",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) WHERE b = $1 DO NOTHING",
            "INSERT INTO t (a) SELECT a FROM s WHERE a = $1",
            "INSERT INTO t DEFAULT VALUES",
            "INSERT INTO t (a, b) VALUES ($1, DEFAULT)",
        ] {
            assert_eq!(over_arrays(sql, &one), None, "{sql}");
        }
        assert_eq!(over_arrays("INSERT INTO t (a) VALUES (1)", &[]), None);
        assert_eq!(over_arrays("INSERT INTO t (a) VALUES ($1)", &[Type::JSONB]), None);
    }
}
