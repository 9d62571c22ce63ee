//! Texts from outside made fit for a header, a body and both databases; and their limits.

use kit_store::StoreError;

/// The longest subject that is kept, in characters; longer ones are cut.
pub const MAX_SUBJECT: usize = 200;
/// The longest text of a mail, in characters; longer ones are refused.
pub const MAX_TEXT: usize = 50_000;
/// The longest text of a notice, in characters; longer ones are refused.
pub const MAX_NOTICE: usize = 10_000;
/// The longest case number, reference, recipient or template name, in characters; longer ones are refused.
pub(crate) const MAX_LABEL: usize = 200;

/// One line: control characters and line separators become spaces, the ends are trimmed, what is over `most`
/// characters is cut and ends in `…`.
pub(crate) fn line(text: &str, most: usize) -> String {
    let plain: String = text.chars().map(|c| if breaks(c) || c.is_control() { ' ' } else { c }).collect();
    let plain = plain.trim();
    if plain.chars().count() <= most {
        return plain.to_owned();
    }
    let mut cut: String = plain.chars().take(most - 1).collect();
    cut.push('…');
    cut
}

/// One line for a header. A space is put into `=?`, so that no mail program takes a part of it for an encoded word
/// (RFC 2047 section 2) and shows something else than staff have seen.
pub(crate) fn header(text: &str, most: usize) -> String {
    line(&text.replace("=?", "= ?"), most)
}

/// Several lines, separated by U+000A; other control characters but the tab become U+FFFD.
pub(crate) fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// Refuses what is over its limit, or bears control characters in a label. The error names the field alone.
pub(crate) fn within(field: &str, text: &str, most: usize) -> Result<(), StoreError> {
    if text.chars().count() > most {
        return Err(StoreError::Constraint(format!("{field} is longer than {most} characters")));
    }
    Ok(())
}

/// A name that programs gave: short, and of one line.
pub(crate) fn label(field: &str, text: &str) -> Result<(), StoreError> {
    within(field, text, MAX_LABEL)?;
    match text.chars().any(char::is_control) {
        true => Err(StoreError::Constraint(format!("{field} has control characters"))),
        false => Ok(()),
    }
}

fn breaks(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k11_a_line_is_one_line_and_short() {
        assert_eq!(line(" a\r\nBcc: b\u{2028}c\0 ", 50), "a  Bcc: b c");
        assert_eq!(line(&"あ".repeat(201), MAX_SUBJECT).chars().count(), MAX_SUBJECT);
        assert_eq!(line(&"あ".repeat(200), MAX_SUBJECT), "あ".repeat(200));
    }

    #[test]
    fn k11_a_header_has_no_encoded_words_of_others() {
        assert_eq!(header("=?utf-8?Q?=0D=0ABcc:_x?= a==??", 50), "= ?utf-8?Q?=0D=0ABcc:_x?= a== ??");
    }

    #[test]
    fn k11_lines_end_one_way_and_control_characters_are_shown() {
        assert_eq!(lines("a\r\nb\rc\nd\te\u{7}\0"), "a\nb\nc\nd\te\u{fffd}\u{fffd}");
    }
}
