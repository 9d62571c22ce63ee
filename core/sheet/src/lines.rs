//! Physical lines and quotes of RFC 4180, before anything is taken for a record.

use crate::bad::BadSheet;

/// Which line the octet at `at` is in, from 1. CR LF, LF and CR end lines.
pub(crate) fn line_at(octets: &[u8], at: usize) -> u64 {
    1 + ends(&octets[..at.min(octets.len())])
}

/// How many line ends there are: CR LF is one.
fn ends(octets: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for &octet in octets {
        count += u64::from(octet == b'\r' || (octet == b'\n' && before != b'\r'));
        before = octet;
    }
    count
}

/// Counts lines along a text, so that asking for many positions in their order costs one walk.
pub(crate) struct LineCounter<'a> {
    octets: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { octets: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the first octet from `at` on that ends no line: where a record begins that was said to begin at `at`.
    pub(crate) fn record_at(&mut self, at: usize) -> u64 {
        let mut to = at.min(self.octets.len());
        while matches!(self.octets.get(to), Some(b'\r' | b'\n')) {
            to += 1;
        }
        // `self.at` is never within CR LF: it stands where a record begins, or at the end.
        self.line += ends(&self.octets[self.at..to.max(self.at)]);
        self.at = to.max(self.at);
        self.line
    }
}

/// Looks for quotes that do not close, or close too early, and counts lines.
///
/// A quote within a cell that began without one is a character like any other, as spreadsheets have it.
pub(crate) fn check_quotes(text: &str, most_lines: u64) -> Result<(), BadSheet> {
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let (mut state, mut line, mut opened, mut before) = (At::Start, 1u64, 1u64, 0u8);
    let octets = text.as_bytes();
    for (at, &octet) in octets.iter().enumerate() {
        let ends_line = octet == b'\r' || (octet == b'\n' && before != b'\r');
        state = match (state, octet) {
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (At::Closed, b'"') => At::Quoted,
            (_, b',' | b'\r' | b'\n') => At::Start,
            (At::Closed, _) => return Err(BadSheet::StrayQuote { line: opened }),
            (At::Start | At::Plain, _) => At::Plain,
        };
        before = octet;
        line += u64::from(ends_line);
        if line > most_lines && at + 1 < octets.len() && !(octet == b'\r' && octets[at + 1..] == *b"\n") {
            return Err(BadSheet::Lines { most: most_lines });
        }
    }
    if matches!(state, At::Quoted) { Err(BadSheet::OpenQuote { line: opened }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let text = "a\r\nb\nc\rd";
        let lines: Vec<u64> =
            "abcd".chars().map(|c| line_at(text.as_bytes(), text.find(c).expect("there"))).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
        let mut counter = LineCounter::new("a\r\n\r\n\nb\rc");
        // Asked between CR and LF, as the reader of records does.
        assert_eq!(counter.record_at(0), 1);
        assert_eq!(counter.record_at(2), 4);
        assert_eq!(counter.record_at(8), 5);
    }

    #[test]
    fn quotes_must_close_and_the_line_of_the_opening_one_is_told() {
        assert_eq!(check_quotes("a,\"b\r\nc\"\"d\"\r\ne\"f,g", 9), Ok(()));
        assert_eq!(check_quotes("a\n\"b\nc", 9), Err(BadSheet::OpenQuote { line: 2 }));
        assert_eq!(check_quotes("a\n\"b\n\"c\",d\n", 9), Err(BadSheet::StrayQuote { line: 2 }));
    }

    #[test]
    fn lines_are_limited() {
        for text in ["a\nb", "a\nb\n", "a\r\nb\r\n", "a\rb\r"] {
            assert_eq!(check_quotes(text, 2), Ok(()), "{text:?}");
        }
        for text in ["a\nb\nc", "a\r\nb\r\nc", "a\n\n\n"] {
            assert_eq!(check_quotes(text, 2), Err(BadSheet::Lines { most: 2 }), "{text:?}");
        }
    }
}
