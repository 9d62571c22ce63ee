//! Taking values out of a form: normalise, check, and say at the field what is wrong and how to mend it.

use super::{
    FieldError, Filled, FormData,
    normal::{digits, half_width, katakana, trimmed},
};
use crate::{dates::Day, texts::Say};
use core_words::Text;

/// Reads the fields of a form one by one. A value with an error is read as empty; [`done`](Self::done) then
/// gives the errors, in the order in which fields were read: that of the page.
///
/// `label` is always the *key* of the field's label, since messages are made in both languages.
pub struct Reader<'a> {
    say: &'a Say,
    form: &'a FormData,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    /// Begins.
    pub fn new(say: &'a Say, form: &'a FormData) -> Self {
        Self { say, form, errors: Vec::new() }
    }

    /// A line of text of 1 to `max` characters, trimmed.
    pub fn text(&mut self, name: &str, label: &str, max: usize) -> String {
        let text = self.optional(name, label, max);
        if text.is_empty() {
            self.missing(name, label);
        }
        text
    }

    /// A line of text of up to `max` characters, trimmed; empty if nothing was typed.
    pub fn optional(&mut self, name: &str, label: &str, max: usize) -> String {
        let text = trimmed(self.raw(name));
        if text.contains('\n') || text.chars().any(char::is_control) {
            return self.wrong(name, label, "web-err-one-line", &[]);
        }
        self.within(name, label, text, max)
    }

    /// Text of several lines of 1 to `max` characters.
    pub fn lines(&mut self, name: &str, label: &str, max: usize) -> String {
        let text = trimmed(self.raw(name));
        if text.is_empty() {
            self.missing(name, label);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return self.wrong(name, label, "web-err-control", &[]);
        }
        self.within(name, label, text, max)
    }

    /// An address such as `name@example.jp`, in half width, up to 254 octets (RFC 5321 §4.5.3.1).
    pub fn email(&mut self, name: &str, label: &str) -> String {
        let text = half_width(&trimmed(self.raw(name)));
        match () {
            () if text.is_empty() => self.missing(name, label),
            () if !is_email(&text) => return self.wrong(name, label, "web-err-email", &[]),
            () => {}
        }
        text
    }

    /// A telephone number of 10 or 11 digits that begins with 0, without hyphens.
    pub fn phone(&mut self, name: &str, label: &str) -> String {
        let text = digits(&trimmed(self.raw(name)));
        let right = (10..=11).contains(&text.len()) && text.starts_with('0') && all_digits(&text);
        match () {
            () if text.is_empty() => self.missing(name, label),
            () if !right => return self.wrong(name, label, "web-err-phone", &[]),
            () => {}
        }
        text
    }

    /// A code of exactly `count` digits; either width may be typed.
    pub fn digits(&mut self, name: &str, label: &str, count: usize) -> String {
        let text = digits(&trimmed(self.raw(name)));
        match () {
            () if text.is_empty() => self.missing(name, label),
            () if text.len() != count || !all_digits(&text) => {
                return self.wrong(name, label, "web-err-digits", &[("count", count.into())]);
            }
            () => {}
        }
        text
    }

    /// A whole number within a range; separators between thousands may be typed.
    pub fn number(&mut self, name: &str, label: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = half_width(&trimmed(self.raw(name))).replace(',', "");
        if text.is_empty() {
            self.missing(name, label);
            return None;
        }
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let show = |n: &i64| self.say.number(*n).into();
            let args = [("from", show(range.start())), ("to", show(range.end()))];
            self.wrong(name, label, "web-err-number", &args);
        }
        number
    }

    /// A name in kana, as katakana; hiragana and half-width kana may be typed.
    pub fn kana(&mut self, name: &str, label: &str, max: usize) -> String {
        let text = katakana(&trimmed(self.raw(name)));
        let right = text
            .chars()
            .all(|c| matches!(c, '\u{30a1}'..='\u{30fc}' | ' ' | '0'..='9' | 'A'..='Z' | 'a'..='z'));
        match () {
            () if text.is_empty() => self.missing(name, label),
            () if !right => return self.wrong(name, label, "web-err-kana", &[]),
            () => {}
        }
        self.within(name, label, text, max)
    }

    /// A day from three fields, with an era or of the Gregorian calendar.
    pub fn date(&mut self, name: &str, label: &str) -> Option<Day> {
        let part = |part: &str| digits(&trimmed(self.raw(&format!("{name}-{part}"))));
        let (year, month, day) = (part("year"), part("month"), part("day"));
        if year.is_empty() && month.is_empty() && day.is_empty() {
            self.missing(name, label);
            return None;
        }
        let year = if year == "元" { "1".to_owned() } else { year };
        let found = match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => match self.raw(&format!("{name}-era")) {
                "" | "ad" => Day::new(year, month, day),
                era => Day::in_era(era, year, month, day),
            },
            _ => None,
        };
        if found.is_none() {
            self.wrong(name, label, "web-err-date", &[]);
        }
        found
    }

    /// One of these answers.
    pub fn choice(&mut self, name: &str, label: &str, among: &[&str]) -> String {
        match self.raw(name) {
            value if among.contains(&value) => value.to_owned(),
            _ => self.wrong(name, label, "web-err-choice", &[]),
        }
    }

    /// Whether a box was ticked; it need not be.
    pub fn ticked(&self, name: &str) -> bool {
        self.raw(name) == "yes"
    }

    /// A box that must be ticked: an agreement.
    pub fn agreed(&mut self, name: &str, label: &str) {
        if !self.ticked(name) {
            self.wrong(name, label, "web-err-agree", &[]);
        }
    }

    /// A secret that is not empty and of at most 200 characters, as it was typed.
    pub fn secret(&mut self, name: &str, label: &str) -> zeroize::Zeroizing<String> {
        let secret = self.form.secret(name);
        if secret.is_empty() {
            self.missing(name, label);
        } else if secret.chars().count() > 200 {
            self.wrong(name, label, "web-err-long", &[("max", 200.into())]);
        }
        secret
    }

    /// Says that something is wrong with a field, beside what this reader knows.
    pub fn error(&mut self, name: &str, message: Text) {
        self.errors.push(FieldError::new(name, message));
    }

    /// Whether all is well so far.
    pub fn is_fine(&self) -> bool {
        self.errors.is_empty()
    }

    /// All is well, or what was typed with what is wrong.
    ///
    /// # Errors
    /// The form to be shown again.
    pub fn done(self) -> Result<(), Filled> {
        if self.errors.is_empty() { Ok(()) } else { Err(Filled::new(self.form).with_errors(self.errors)) }
    }

    fn raw(&self, name: &str) -> &'a str {
        self.form.get(name).unwrap_or_default()
    }

    fn within(&mut self, name: &str, label: &str, text: String, max: usize) -> String {
        if text.chars().count() > max {
            return self.wrong(name, label, "web-err-long", &[("max", max.into())]);
        }
        text
    }

    fn missing(&mut self, name: &str, label: &str) {
        self.wrong(name, label, "web-err-missing", &[]);
    }

    fn wrong(&mut self, name: &str, label: &str, key: &str, args: &[(&str, crate::texts::Arg)]) -> String {
        let both = self.say.both(label);
        let message = |lang| {
            let say = self.say.in_lang(lang);
            let mut args = args.to_vec();
            args.push(("label", say.text(&both).into()));
            say.with(key, &args)
        };
        let message = Text::new(message(core_words::Lang::Ja), message(core_words::Lang::En));
        self.errors.push(FieldError::new(name, message));
        String::new()
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The shape of an address that people type; whether it exists, a mail shows. No quotes, no comments.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
        && domain.contains('.')
        && domain.split('.').all(label)
}
