//! String literals of Rust source, as far as the generated pages read them.

/// One literal: where its opening quote stands, and its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) at: usize,
    pub(super) value: String,
}

/// The plain string literals of `source` in order; raw strings, character literals and comments are left out.
pub(super) fn literals(source: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut rest = source.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = rest.next() {
        match c {
            '/' if rest.peek().is_some_and(|(_, next)| *next == '/') => {
                while rest.next_if(|(_, c)| *c != '\n').is_some() {}
            }
            // '"' and '\'' as characters; a lifetime has no closing quote and is left alone.
            '\'' if source[at..].starts_with("'\"'") || source[at..].starts_with("'\\'") => {
                while rest.next().is_some_and(|(_, c)| c != '\'') {}
            }
            '"' if before != '#' && before != 'r' => {
                let value = value(&mut rest);
                found.push(Literal { at, value });
            }
            _ => {}
        }
        before = c;
    }
    found
}

/// Reads to the closing quote, escapes resolved.
fn value(rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> String {
    let mut text = String::new();
    while let Some((_, c)) = rest.next() {
        match c {
            '"' => break,
            '\\' => match rest.next() {
                Some((_, 'n')) => text.push('\n'),
                // A line that goes on: its indentation is no part of the text.
                Some((_, '\n')) => while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                Some((_, other)) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn literals_are_found_where_the_compiler_finds_them() {
        let source = "a(\"one\", '\"', b\"two\", \"th\\\"r\\n\\\n     ee\"); // \"no\"\nlet x: &'static str = \"four\";";
        let values: Vec<String> = literals(source).into_iter().map(|l| l.value).collect();
        assert_eq!(values, ["one", "two", "th\"r\nee", "four"]);
    }
}
