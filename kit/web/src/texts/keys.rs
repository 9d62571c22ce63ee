//! Finding keys: those a Fluent file defines, those a source text says.

/// The keys of the messages in a Fluent file. A message begins in the first column (Fluent syntax 1.0).
pub(crate) fn defined_keys(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        (key.starts_with(|c: char| c.is_ascii_alphabetic()) && is_key(key)).then_some(key)
    })
}

/// The keys in calls `t("…")`, `with("…"`, `both("…"`, whatever stands before the name.
pub(crate) fn said_keys(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in ["t(", "with(", "both("] {
        for (at, _) in source.match_indices(call) {
            let named = source[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
            let rest = source[at + call.len()..].trim_start();
            if named || !rest.starts_with('"') {
                continue;
            }
            if let Some(key) = rest[1..].split('"').next().filter(|key| is_key(key) && key.contains('-')) {
                found.push(key.to_owned());
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// What a comment `keys: claims-status-* claims-role-*` declares as said by a computed name.
pub(crate) fn wildcard_keys(source: &str) -> Vec<String> {
    let after = |line: &str| line.split_once("keys: ").map(|(_, rest)| rest.to_owned());
    let comments = source.lines().filter(|line| line.trim_start().starts_with("//") || line.contains("{#"));
    let words: Vec<String> = comments.filter_map(after).collect();
    words
        .iter()
        .flat_map(|rest| rest.split([' ', ',']))
        .filter_map(|word| word.strip_suffix('*').filter(|prefix| prefix.contains('-')))
        .map(ToOwned::to_owned)
        .collect()
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_where_they_are_said() {
        let source = r#"say.t("web-a"); say.with(
            "web-b", &[]); x.both("web-c"); not("web-d"); start("web-e"); t(key); t("plain")"#;
        assert_eq!(said_keys(source), ["web-a", "web-b", "web-c"]);
        assert_eq!(wildcard_keys("// keys: web-tone-* web-x\nlet keys: x = 1;"), ["web-tone-"]);
        assert_eq!(
            defined_keys("# c\nweb-a = x\n    y = 1\nweb-b =\n  text").collect::<Vec<_>>(),
            ["web-a", "web-b"]
        );
    }
}
