//! One question of a form: label above, 必須 or 任意 as a word, hint, example, error, and the input itself.

use crate::{dates::ERAS, forms::Filled, markup::Markup, texts::Say};
use askama::Template;
use core_words::Lang;

/// How wide an input is drawn: a hint of how much is expected. Never wider than the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// About so many half-width characters.
    Chars(u8),
    /// As wide as the measure.
    Full,
}

/// One of several answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value that is posted.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// More about it.
    pub hint: Option<String>,
}

impl Choice {
    /// An answer.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// The same with more about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Input { kind: &'static str, mode: Option<&'static str> },
    Textarea { rows: u8 },
    Radio,
    Select,
    Checkbox,
    Date { year_first: bool },
    File { accept: String },
}

/// One of the three inputs of a date.
struct DatePart {
    id: String,
    name: String,
    word: String,
    class: &'static str,
    value: String,
}

/// A field. Its name is the id of its first input, so that an error summary can link to it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    say: Say,
    name: String,
    label: String,
    kind: Kind,
    choices: Vec<Choice>,
    required: bool,
    /// When it must be filled in, where that depends on another field.
    needed: Option<String>,
    hint: Option<String>,
    example: Option<String>,
    autocomplete: Option<&'static str>,
    width: Width,
    max: usize,
    value: String,
    /// Era, year, month and day of a date.
    date: [String; 4],
    error: Option<String>,
    after: Markup,
}

impl Field {
    fn new(say: &Say, name: &str, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            say: say.clone(),
            name: name.into(),
            label: label.into(),
            kind,
            choices: Vec::new(),
            required: true,
            needed: None,
            hint: None,
            example: None,
            autocomplete: None,
            width: Width::Full,
            max: 0,
            value: String::new(),
            date: Default::default(),
            error: None,
            after: Markup::default(),
        }
    }

    fn input(
        say: &Say,
        name: &str,
        label: impl Into<String>,
        kind: &'static str,
        mode: Option<&'static str>,
    ) -> Self {
        Self::new(say, name, label, Kind::Input { kind, mode })
    }

    /// A line of text.
    pub fn text(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self::input(say, name, label, "text", None)
    }

    /// A password. Its value is never shown again.
    pub fn password(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self { autocomplete: Some("current-password"), ..Self::input(say, name, label, "password", None) }
            .width(Width::Chars(30))
    }

    /// An e-mail address.
    pub fn email(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self { autocomplete: Some("email"), ..Self::input(say, name, label, "email", Some("email")) }
    }

    /// A telephone number.
    pub fn tel(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self { autocomplete: Some("tel"), ..Self::input(say, name, label, "tel", Some("tel")) }
            .width(Width::Chars(20))
    }

    /// Digits: a code or an amount, typed with either width.
    pub fn number(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self::input(say, name, label, "text", Some("numeric")).width(Width::Chars(12))
    }

    /// A date as three fields; with the choice between the Gregorian calendar and an era.
    pub fn date(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self::new(say, name, label, Kind::Date { year_first: say.lang() == Lang::Ja })
    }

    /// One of a few answers, all of them in sight.
    pub fn choice(say: &Say, name: &str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(say, name, label, Kind::Radio) }
    }

    /// One of many answers.
    pub fn select(say: &Say, name: &str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(say, name, label, Kind::Select) }
    }

    /// One thing to agree to. Posts `yes`.
    pub fn checkbox(say: &Say, name: &str, label: impl Into<String>) -> Self {
        Self::new(say, name, label, Kind::Checkbox)
    }

    /// Text of several lines.
    pub fn textarea(say: &Say, name: &str, label: impl Into<String>, rows: u8) -> Self {
        Self::new(say, name, label, Kind::Textarea { rows })
    }

    /// A file; `accept` as in HTML: `.csr,.pem`. The form must be `multipart`.
    pub fn file(say: &Say, name: &str, label: impl Into<String>, accept: impl Into<String>) -> Self {
        Self::new(say, name, label, Kind::File { accept: accept.into() })
    }

    /// May be left empty (任意). Every other field is 必須.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Must be filled in or not as another field is answered; these words say when, in place of 任意.
    #[must_use]
    pub fn needed(mut self, when: impl Into<String>) -> Self {
        self.required = false;
        self.needed = Some(when.into());
        self
    }

    /// The same with a sentence under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with an example under the label: 「例：1310000003」.
    #[must_use]
    pub fn example(mut self, example: impl Into<String>) -> Self {
        self.example = Some(example.into());
        self
    }

    /// The same with another `autocomplete` token of HTML.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// The same drawn this wide.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// The same refusing more characters than this while typing.
    #[must_use]
    pub fn max(mut self, chars: usize) -> Self {
        self.max = chars;
        self
    }

    /// The same with something under the input: a link for those who lost their password.
    #[must_use]
    pub fn after(mut self, part: &impl Template) -> Self {
        self.after = self.after.then(part);
        self
    }

    /// The same holding a value; a password stays empty.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        if !matches!(self.kind, Kind::Input { kind: "password", .. } | Kind::File { .. }) {
            self.value = value.into();
        }
        self
    }

    /// The same holding a day.
    #[must_use]
    pub fn day(mut self, day: crate::dates::Day) -> Self {
        self.date = ["ad".into(), day.year().to_string(), day.month().to_string(), day.day().to_string()];
        self
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn error(mut self, message: impl Into<String>) -> Self {
        self.error = Some(message.into());
        self
    }

    /// The same holding what was typed, with what is wrong with it.
    #[must_use]
    pub fn filled(mut self, filled: &Filled) -> Self {
        if matches!(self.kind, Kind::Date { .. }) {
            for (at, part) in ["era", "year", "month", "day"].iter().enumerate() {
                if let Some(typed) = filled.get(&format!("{}-{part}", self.name)) {
                    self.date[at] = typed.to_owned();
                }
            }
        } else if let Some(value) = filled.get(&self.name) {
            self = self.value(value.to_owned());
        }
        if let Some(error) = filled.error(&self.name) {
            self.error = Some(self.say.text(&error.message).to_owned());
        }
        self
    }

    /// The field's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ids that describe the input, for `aria-describedby`.
    fn described(&self) -> String {
        let has = [(self.hint.is_some() || self.example.is_some(), "hint"), (self.error.is_some(), "error")];
        let ids = has.iter().filter(|(there, _)| *there).map(|(_, what)| format!("{}-{what}", self.name));
        let ids: Vec<_> = ids.collect();
        if ids.is_empty() {
            String::new()
        } else {
            format!("aria-describedby=\"{}\"", crate::markup::escape(&ids.join(" ")))
        }
    }

    fn era_is(&self, code: &str) -> bool {
        self.date[0] == code
    }

    fn grouped(&self) -> bool {
        matches!(self.kind, Kind::Radio | Kind::Date { .. })
    }

    fn width_class(&self) -> &'static str {
        match self.width {
            Width::Full => "w-full",
            Width::Chars(..=4) => "w-4",
            Width::Chars(5..=8) => "w-8",
            Width::Chars(9..=12) => "w-12",
            Width::Chars(13..=20) => "w-20",
            Width::Chars(21..=30) => "w-30",
            Width::Chars(_) => "w-40",
        }
    }

    /// The eras a form offers: those in which anything here can have happened, and 西暦 first.
    fn era_choices(&self) -> Vec<(&'static str, String)> {
        let ad = ("ad", self.say.t("web-era-ad"));
        std::iter::once(ad)
            .chain(ERAS.iter().map(|era| (era.code, self.say.lang().pick(era.ja, era.en).into())))
            .collect()
    }

    /// Year, month and day in this order in Japanese, the other way round in English.
    fn date_parts(&self) -> Vec<DatePart> {
        // keys: web-date-*
        let part = |at: usize, name: &'static str, first: bool| DatePart {
            id: if first { self.name.clone() } else { format!("{}-{name}", self.name) },
            name: format!("{}-{name}", self.name),
            word: self.say.t(&format!("web-date-{name}")),
            class: if at == 1 { "w-year" } else { "w-two" },
            value: self.date[at].clone(),
        };
        match self.kind {
            Kind::Date { year_first: true } => {
                vec![part(1, "year", true), part(2, "month", false), part(3, "day", false)]
            }
            _ => vec![part(3, "day", true), part(2, "month", false), part(1, "year", false)],
        }
    }
}
