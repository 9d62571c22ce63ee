//! Which requirement asks for a verb: as the comment of its variant says.

/// The requirement numbers (C9, K16) in the comment above the variant `name` of an enum in `source`.
pub(crate) fn of_variant(source: &str, name: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let declared = format!("{name},");
    let Some(at) = lines.iter().position(|line| *line == declared) else { return Vec::new() };
    let above = lines[..at].iter().rev().map_while(|line| line.strip_prefix("///"));
    let comment: Vec<&str> = above.collect();
    let words = comment.iter().rev().flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()));
    words.filter(|word| is_number(word)).map(str::to_owned).collect()
}

/// A capital and one or two digits.
fn is_number(word: &str) -> bool {
    word.split_at_checked(1).is_some_and(|(letter, digits)| {
        "KCNJVP".contains(letter)
            && (1..=2).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::of_variant;

    #[test]
    fn numbers_stand_in_the_comment_of_the_variant() {
        let source = "enum Deed {\n    /// 申請 (C1),\n    /// also K16.\n    Apply,\n    /// P256, C012.\n    Reject,\n}\n";
        assert_eq!(of_variant(source, "Apply"), ["C1", "K16"]);
        assert!(of_variant(source, "Reject").is_empty());
        assert!(of_variant(source, "Undo").is_empty());
    }
}
