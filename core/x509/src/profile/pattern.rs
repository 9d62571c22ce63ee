//! A small pattern language for values: `[0-9]{10}`, `KJ[0-9]{8}`, `[A-Z0-9]{4,20}`.
//!
//! Characters stand for themselves; `[…]` is a set with ranges, `[^…]` its complement, `.` any character;
//! `\` takes the meaning from the next character; `?`, `*`, `+`, `{n}`, `{n,m}` repeat what stands before.
//! A pattern matches a whole value. There are no groups and no alternatives, so matching costs at most
//! (length of the value) × (length of the pattern), and a profile needs no regular expressions.

use std::fmt;

/// Most repetitions of one element, and most elements after unfolding `{n,m}`: the longest attribute has
/// 1,024 characters.
const MOST: usize = 1_024;

/// A checked pattern.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    steps: Vec<Step>,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern '{text}' has {problem}")]
pub struct BadPattern {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

#[derive(Clone)]
struct Step {
    set: Set,
    min: usize,
    /// `None` for no upper bound.
    max: Option<usize>,
}

#[derive(Clone)]
struct Set {
    ranges: Vec<(char, char)>,
    complement: bool,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`BadPattern`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        let steps = parse(text).map_err(|problem| BadPattern { text: text.to_owned(), problem })?;
        Ok(Self { text: text.to_owned(), steps })
    }

    /// Whether the whole value has this form.
    pub fn matches(&self, value: &str) -> bool {
        // All places in the pattern where the value may stand after the characters seen: (step, times).
        // Elements repeat at most 1,024 times, so the set stays small, and it never goes back.
        let mut places = vec![(0, 0)];
        self.skip_optional(&mut places);
        for c in value.chars() {
            let mut next = Vec::with_capacity(places.len() + 1);
            for (step, times) in places {
                let Some(Step { set, min, max }) = self.steps.get(step) else { continue };
                if set.holds(c) && max.is_none_or(|max| times < max) {
                    // Above the minimum of an unbounded element the count does not matter any more.
                    let times = if max.is_none() { (times + 1).min(*min) } else { times + 1 };
                    if !next.contains(&(step, times)) {
                        next.push((step, times));
                    }
                }
            }
            self.skip_optional(&mut next);
            if next.is_empty() {
                return false;
            }
            places = next;
        }
        places.contains(&(self.steps.len(), 0))
    }

    /// Adds the places that are reached without another character.
    fn skip_optional(&self, places: &mut Vec<(usize, usize)>) {
        let mut i = 0;
        while i < places.len() {
            let (step, times) = places[i];
            if self.steps.get(step).is_some_and(|s| times >= s.min) && !places.contains(&(step + 1, 0)) {
                places.push((step + 1, 0));
            }
            i += 1;
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Set {
    fn holds(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != self.complement
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({})", self.text)
    }
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn parse(text: &str) -> Result<Vec<Step>, &'static str> {
    let mut chars = text.chars().peekable();
    let mut steps = Vec::new();
    while let Some(c) = chars.next() {
        let set = match c {
            '[' => parse_set(&mut chars)?,
            '.' => Set { ranges: Vec::new(), complement: true },
            '\\' => single(chars.next().ok_or("a '\\' at its end")?),
            '?' | '*' | '+' | '{' => return Err("a repetition of nothing"),
            ']' | '}' | '(' | ')' | '|' | '^' | '$' => {
                return Err("a special character that means nothing here; write '\\' before it");
            }
            c => single(c),
        };
        let (min, max) = parse_repetition(&mut chars)?;
        steps.push(Step { set, min, max });
        if steps.len() > MOST {
            return Err("too many elements");
        }
    }
    Ok(steps)
}

fn single(c: char) -> Set {
    Set { ranges: vec![(c, c)], complement: false }
}

fn parse_set(chars: &mut Chars<'_>) -> Result<Set, &'static str> {
    const OPEN: &str = "a '[' without its ']'";
    let complement = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    let member = |chars: &mut Chars<'_>| match chars.next().ok_or(OPEN)? {
        '\\' => chars.next().ok_or(OPEN),
        c => Ok(c),
    };
    loop {
        if chars.next_if_eq(&']').is_some() {
            return if ranges.is_empty() { Err("an empty set") } else { Ok(Set { ranges, complement }) };
        }
        let from = member(chars)?;
        // A hyphen that ends the set stands for itself.
        let is_range = chars.peek() == Some(&'-') && chars.clone().nth(1) != Some(']');
        let to = if is_range { chars.next().map_or(Err(OPEN), |_| member(chars))? } else { from };
        if from > to {
            return Err("a range that runs backwards");
        }
        ranges.push((from, to));
    }
}

fn parse_repetition(chars: &mut Chars<'_>) -> Result<(usize, Option<usize>), &'static str> {
    const FORM: &str = "a '{' that is not followed by a number from 0 to 1024, or two, and '}'";
    match chars.peek() {
        Some('?') => chars.next().map_or(Err(FORM), |_| Ok((0, Some(1)))),
        Some('*') => chars.next().map_or(Err(FORM), |_| Ok((0, None))),
        Some('+') => chars.next().map_or(Err(FORM), |_| Ok((1, None))),
        Some('{') => {
            chars.next();
            let mut inside = String::new();
            loop {
                match chars.next() {
                    Some('}') => break,
                    Some(c) => inside.push(c),
                    None => return Err(FORM),
                }
            }
            let number = |text: &str| text.parse().ok().filter(|n| *n <= MOST).ok_or(FORM);
            let (min, max) = match inside.split_once(',') {
                Some((min, max)) => (number(min)?, number(max)?),
                None => (number(&inside)?, number(&inside)?),
            };
            if min > max { Err("a repetition that runs backwards") } else { Ok((min, Some(max))) }
        }
        _ => Ok((1, Some(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, value: &str) -> bool {
        Pattern::parse(pattern).expect("a pattern").matches(value)
    }

    #[test]
    fn whole_values_match() {
        for (pattern, yes, no) in [
            ("[0-9]{10}", &["0110119153"][..], &["011011915", "01101191530", "011011915x", ""][..]),
            ("KJ[0-9]{8}", &["KJ12345678"], &["kj12345678", "KJ1234567"]),
            // The common name of a user-authentication certificate.
            ("[0-9A-Z]{14}[0-9]{8}[A-Z]", &["0A1B2C3D4E5F6G00000000A"], &["0A1B2C3D4E5F6G0000000A"]),
            ("a?b*c+", &["c", "abbc", "bccc"], &["ab", "aac", ""]),
            ("a*a*a*a", &["a", "aaaa"], &["", "b"]),
            ("[a-c]{2,3}c", &["abc", "ccc", "cccc"], &["ac", "ccccc"]),
            (".{1,3}", &["あ", "日本語"], &["", "日本語版"]),
            ("[^0-9]+", &["abc"], &["ab1"]),
            ("\\[x\\]", &["[x]"], &["x"]),
            ("[a-c.-]+", &["a.-c"], &["a_c"]),
            ("[\\]\\-]", &["]", "-"], &["\\"]),
            ("", &[""], &["a"]),
        ] {
            yes.iter().for_each(|v| assert!(matches(pattern, v), "{pattern} {v}"));
            no.iter().for_each(|v| assert!(!matches(pattern, v), "{pattern} {v}"));
        }
    }

    #[test]
    fn mistakes_are_named() {
        for bad in [
            "[0-9", "[]", "[z-a]", "*a", "a{", "a{x}", "a{3", "a{3,2}", "a{2000}", "(a)", "a|b", "^a$", "a\\",
        ] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Pattern::parse("[z-a]").expect_err("backwards").to_string(),
            "the pattern '[z-a]' has a range that runs backwards"
        );
    }

    #[test]
    fn a_hostile_value_costs_little() {
        let pattern = Pattern::parse(&"a?".repeat(200)).expect("a pattern");
        assert!(pattern.matches(&"a".repeat(200)));
        assert!(!pattern.matches(&"a".repeat(201)));
    }

    proptest! {
        #[test]
        fn nothing_panics(pattern in "\\PC{0,20}", value in "\\PC{0,20}") {
            if let Ok(pattern) = Pattern::parse(&pattern) {
                pattern.matches(&value);
            }
        }
    }
}
