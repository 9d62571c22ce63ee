//! What is looked for, as SQL: from where, under which condition, in which order.
//!
//! Words of names are looked for in `claims_name`, which has one row for all cases of a provider; numbers of cases in
//! their index. Cases themselves are read for the lines of one page alone, and everything else is answered by indexes.

use super::{COLUMNS, Sort, Wanted};
use crate::store::names::finding;
use core_words::CaseNumber;
use kit_desk::Status;
use kit_gate::Scope;
use kit_store::{StoreError, Tx, Value, params};

/// The longest text that is looked for, in characters.
pub(crate) const LONGEST: usize = 100;
/// The letter of the numbers of cases, and their form.
const LETTER: char = 'C';
const FORM: &str = "C-0000-0000000-0";
/// In how many years a running number is looked for: of the last ones.
const YEARS: u16 = 20;

const CASES: &str = "claims_case c";
const NAMES: &str = "claims_name n JOIN claims_case c ON c.called = n.id";

/// What is looked for.
pub(super) struct Asked<'a> {
    /// Where cases, `c`, come from.
    pub(super) from: &'static str,
    pub(super) condition: String,
    pub(super) values: Vec<Value<'a>>,
    pub(super) order: Order,
    /// Whether it is looked for by words.
    pub(super) by_words: bool,
}

/// An order of lines.
pub(super) struct Order {
    /// In the words of [`Asked::from`], and backwards.
    pub(super) inside: &'static str,
    pub(super) backwards: &'static str,
    /// In those of the table of cases, `x`.
    pub(super) outside: &'static str,
}

impl<'a> Asked<'a> {
    pub(super) fn new(tx: &mut Tx, scope: &'a Scope, wanted: &Wanted) -> Result<Self, StoreError> {
        let mut values: Vec<Value<'a>> = vec![scope.operator().as_str().into()];
        let mut place = |value: String| {
            values.push(value.into());
            format!("${}", values.len())
        };
        let words = words(&wanted.text);
        let (mut parts, mut names) = (Vec::new(), Vec::new());
        for word in &words {
            match range(word) {
                Some((least, most)) => {
                    parts.push(format!("c.number BETWEEN {} AND {}", place(least), place(most)));
                }
                None => names.push(format!("n.find LIKE {} ESCAPE '!'", place(pattern(word)))),
            }
        }
        // Of several words, digits are those of a name or of the provider's number.
        let numbers = match words.as_slice() {
            [word] => numbers(tx, word)?,
            _ => Vec::new(),
        };
        let from = if names.is_empty() || !numbers.is_empty() { CASES } else { NAMES };
        if !numbers.is_empty() {
            let (names, numbers) =
                (names.join(" AND "), numbers.into_iter().map(&mut place).collect::<Vec<_>>());
            parts.push(format!(
                "c.id IN (SELECT c.id FROM {NAMES} WHERE n.operator_id = $1 AND {names} \
                 UNION SELECT id FROM claims_case WHERE operator_id = $1 AND number IN ({}))",
                numbers.join(", ")
            ));
        } else if from == NAMES {
            parts.push("n.operator_id = $1".to_owned());
            parts.append(&mut names);
        } else if parts.is_empty() {
            parts.push("c.operator_id = $1".to_owned());
        } else {
            // Nothing is to be found by the operator where there is a number: hidden from those who plan.
            parts.push("c.operator_id || '' = $1".to_owned());
        }
        if !wanted.standings.is_empty() {
            let codes: Vec<String> = wanted.standings.iter().map(|s| s.code().to_string()).collect();
            parts.push(format!("c.status IN ({})", codes.join(", ")));
        }
        let order = Order::new(wanted.sort, from == NAMES);
        Ok(Self { from, condition: parts.join(" AND "), values, order, by_words: !words.is_empty() })
    }

    /// How many stand where.
    pub(super) fn counts(&self) -> String {
        let Self { from, condition, .. } = self;
        format!("SELECT c.status, count(*) FROM {from} WHERE {condition} GROUP BY c.status")
    }

    /// How many there are.
    pub(super) fn total(&self) -> String {
        let Self { from, condition, .. } = self;
        format!("SELECT count(*) FROM {from} WHERE {condition}")
    }

    /// `most` lines after the first `skipped` in the order `order`, in the order that was asked for. Whatever is
    /// skipped is no more than counted.
    pub(super) fn lines(&self, order: &str, most: u64, skipped: u64) -> String {
        let Self { from, condition, order: Order { outside, .. }, .. } = self;
        format!(
            "SELECT {COLUMNS} FROM (SELECT c.id FROM {from} WHERE {condition} ORDER BY {order} \
             LIMIT {most} OFFSET {skipped}) AS h JOIN claims_case x ON x.id = h.id ORDER BY {outside}"
        )
    }

    /// The same with the total behind each line: one look through the names for both.
    pub(super) fn lines_and_total(&self, most: u32, skipped: u64) -> String {
        let Self { from, condition, order: Order { inside, outside, .. }, .. } = self;
        format!(
            "SELECT {COLUMNS}, h.total FROM (SELECT c.id, count(*) OVER () AS total FROM {from} \
             WHERE {condition} ORDER BY {inside} LIMIT {most} OFFSET {skipped}) AS h \
             JOIN claims_case x ON x.id = h.id ORDER BY {outside}"
        )
    }
}

impl Order {
    /// Names have number and kana of their cases: read there where they are at hand.
    fn new(sort: Sort, names: bool) -> Self {
        let (inside, backwards, outside) = match (sort, names) {
            (Sort::Oldest, _) => ("c.applied_us, c.id", "c.applied_us DESC, c.id DESC", "x.applied_us, x.id"),
            (Sort::Newest, _) => {
                ("c.applied_us DESC, c.id DESC", "c.applied_us, c.id", "x.applied_us DESC, x.id DESC")
            }
            (Sort::Kana, false) => {
                ("c.holder_kana, c.id", "c.holder_kana DESC, c.id DESC", "x.holder_kana, x.id")
            }
            (Sort::Kana, true) => ("n.kana, c.id", "n.kana DESC, c.id DESC", "x.holder_kana, x.id"),
            (Sort::Provider, false) => {
                ("c.holder_number, c.id", "c.holder_number DESC, c.id DESC", "x.holder_number, x.id")
            }
            (Sort::Provider, true) => ("n.number, c.id", "n.number DESC, c.id DESC", "x.holder_number, x.id"),
        };
        Self { inside, backwards, outside }
    }
}

/// The words of a search, at most five.
pub(in crate::store) fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LONGEST).collect();
    finding(&text).split_whitespace().take(5).map(str::to_owned).collect()
}

/// A word anywhere in a text, as a pattern of LIKE: `!` before what it would take for one.
pub(in crate::store) fn pattern(word: &str) -> String {
    let mut text = String::with_capacity(word.len() + 2);
    text.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            text.push('!');
        }
        text.push(c);
    }
    text.push('%');
    text
}

/// The least and the greatest number of a case that begins like this: `C-2026-00012`, `2026-00012`, or one whole.
/// Numbers have their digits and hyphens at the same places: their order as texts is that of the numbers,
/// whatever the collation.
fn range(word: &str) -> Option<(String, String)> {
    if let Ok(number) = CaseNumber::parse(word) {
        return Some((number.to_string(), number.to_string()));
    }
    let begun = if word.starts_with(LETTER) { word.to_owned() } else { format!("{LETTER}-{word}") };
    let fits = |(c, form): (char, char)| if form == '0' { c.is_ascii_digit() } else { c == form };
    // With the hyphen after the year at the least, or the letter's and a digit: else it may be of a name.
    let told = if word.starts_with(LETTER) { begun.len() > 2 } else { begun.len() > 6 };
    if !told || begun.len() > FORM.len() || !begun.chars().zip(FORM.chars()).all(fits) {
        return None;
    }
    let rest = &FORM[begun.len()..];
    Some((format!("{begun}{rest}"), format!("{begun}{}", rest.replace('0', "9"))))
}

/// The numbers that cases with this running number may have, when the word may be one: four digits to seven.
fn numbers(tx: &mut Tx, word: &str) -> Result<Vec<String>, StoreError> {
    let digits = (4..=7).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    let Some(running) = digits.then(|| word.parse().ok()).flatten() else { return Ok(Vec::new()) };
    let ends = tx.query_one(
        "SELECT (SELECT min(number) FROM claims_case), (SELECT max(number) FROM claims_case)",
        params![],
    )?;
    let year = |column| -> Result<Option<u16>, StoreError> {
        let number: Option<String> = ends.get(column)?;
        Ok(number.and_then(|number| number.get(2..6)?.parse().ok()))
    };
    let (Some(first), Some(last)) = (year(0)?, year(1)?) else { return Ok(Vec::new()) };
    let years = first.max(last.saturating_sub(YEARS - 1))..=last;
    Ok(years.filter_map(|year| CaseNumber::new(LETTER, year, running)).map(|n| n.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_a_search_meets_what_is_stored_whatever_the_width_and_the_kana() {
        let stored = finding("1310000018 さくら介護センター Ｃａｒｅ サクラカイゴ");
        for typed in ["ｻｸﾗ", "さくら", "サクラ", "１３１", "care", "ＣＡＲＥ"] {
            assert!(words(typed).iter().all(|word| stored.contains(word)), "{typed}");
        }
        assert!(words("もみじ").iter().any(|word| !stored.contains(word)));
    }

    #[test]
    fn patterns_are_taken_for_what_they_are() {
        assert_eq!(pattern("100%_!"), "%100!%!_!!%");
    }

    #[test]
    fn c8_a_number_is_found_by_its_beginning() {
        let whole = CaseNumber::new('C', 2026, 12).expect("it fits").to_string();
        let between = |least: &str, most: &str| Some((least.to_owned(), most.to_owned()));
        assert_eq!(range(&whole), between(&whole, &whole));
        assert_eq!(range(&whole.replace('-', "")), between(&whole, &whole));
        let some = between("C-2026-0001200-0", "C-2026-0001299-9");
        assert_eq!((range("C-2026-00012"), range("2026-00012")), (some.clone(), some));
        assert_eq!(range("C-2"), between("C-2000-0000000-0", "C-2999-9999999-9"));
        assert_eq!(range("2026-"), between("C-2026-0000000-0", "C-2026-9999999-9"));
        for other in ["C", "C-", "CARE", "C-X", "2026", "1310000018", "2026-00012000000", "03-1234", "-", ""]
        {
            assert_eq!(range(other), None, "{other}");
        }
    }
}
