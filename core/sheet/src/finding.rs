//! What is wrong with lines, for people who must mend them.

use crate::write::{CannotWrite, Writer, Writing};
use core_words::{Lang, Text};
use std::borrow::Cow;

/// One thing that is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The physical line, from 1, as editors count: where the record begins.
    pub line: u64,
    /// The column, by its first name; empty where the line as a whole is meant.
    pub column: String,
    /// What is wrong.
    pub text: Text,
    /// What stands there: see [`visible`].
    pub value: String,
}

/// Everything that is wrong with a file, in the order of its lines, up to a limit; what is beyond is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    most: usize,
    more: u64,
}

impl Findings {
    /// None yet, and at most so many to be kept.
    pub fn new(most: usize) -> Self {
        Self { kept: Vec::new(), most, more: 0 }
    }

    /// Adds one, or counts it where there are enough.
    pub fn push(&mut self, finding: Finding) {
        if self.kept.len() < self.most {
            self.kept.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// Those that were kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.kept.iter()
    }

    /// How many there were beyond those that were kept.
    pub fn more(&self) -> u64 {
        self.more
    }

    /// How many there were in all.
    pub fn total(&self) -> u64 {
        self.kept.len() as u64 + self.more
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// "and n more"; `None` if all were kept.
    pub fn more_text(&self) -> Option<Text> {
        let more = self.more;
        (more > 0).then(|| Text::new(format!("ほかに{more}件あります。"), format!("and {more} more")))
    }

    /// The list as a table of its own: line, column, what, value; a last line tells how many more there are.
    ///
    /// # Errors
    /// [`CannotWrite`] where the encoding lacks a character of a value.
    pub fn to_csv(&self, lang: Lang, writing: &Writing) -> Result<Vec<u8>, CannotWrite> {
        let mut writer = Writer::new(
            writing,
            &lang.pick("行,列,内容,値", "line,column,finding,value").split(',').collect::<Vec<_>>(),
        );
        for finding in &self.kept {
            let line = finding.line.to_string();
            writer.row([line.as_str(), &finding.column, lang.of(&finding.text), &finding.value]);
        }
        if let Some(more) = self.more_text() {
            writer.row(["", "", lang.of(&more), ""]);
        }
        writer.finish()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A value as it can be shown beside a finding: at most 40 characters, the last of them `…` if it was cut; control
/// characters as their pictures (`␍`), others that are not seen or turn the direction of writing as `\u{202e}`.
pub fn visible(value: &str) -> String {
    const MOST: usize = 40;
    let mut shown: Vec<Cow<'static, str>> = Vec::new();
    let mut length = 0;
    for c in value.chars() {
        let one = picture(c);
        length += one.chars().count();
        shown.push(one);
        if length > MOST {
            while length >= MOST {
                length -= shown.pop().map_or(length, |last| last.chars().count());
            }
            shown.push("…".into());
            break;
        }
    }
    shown.concat()
}

fn picture(c: char) -> Cow<'static, str> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or(c).to_string().into(),
        '\u{7f}' => "␡".into(),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fff0}'..='\u{ffff}'
        | '\u{e0000}'.. => c.escape_unicode().to_string().into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_short_and_visible() {
        assert_eq!(visible("a\r\n\t\u{7f}"), "a␍␊␉␡");
        assert_eq!(visible("\u{202e}x\u{85}"), "\\u{202e}x\\u{85}");
        assert_eq!(visible(&"あ".repeat(40)), "あ".repeat(40));
        assert_eq!(visible(&"あ".repeat(41)), "あ".repeat(39) + "…");
        let cut = visible(&"\u{202e}".repeat(9));
        assert_eq!(cut, "\\u{202e}".repeat(4) + "…");
    }

    #[test]
    fn c23_findings_are_a_table_themselves() {
        let mut findings = Findings::new(1);
        for line in [2, 3] {
            let text = Text::new("違います。", "Wrong.");
            findings.push(Finding { line, column: "名前".into(), text, value: "=1+\"1\"".into() });
        }
        assert_eq!((findings.total(), findings.more()), (2, 1));
        let csv = findings.to_csv(Lang::En, &Writing::default()).expect("UTF-8 has all");
        let text = "\u{feff}line,column,finding,value\r\n2,名前,Wrong.,\"=1+\"\"1\"\"\"\r\n,,and 1 more,\r\n";
        assert_eq!(String::from_utf8(csv).expect("UTF-8"), text);
    }
}
