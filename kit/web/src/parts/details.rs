//! Labels with values, small words, and the way back.

use crate::{
    markup::{Markup, Tone},
    texts::Say,
};
use askama::Template;

/// A label with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub label: String,
    /// The value: text, or a component.
    pub value: Markup,
}

impl Row {
    /// A value that is text; its lines stay lines.
    pub fn text(label: impl Into<String>, value: &str) -> Self {
        Self { label: label.into(), value: Markup::inline(value) }
    }

    /// A value that is a component.
    pub fn part(label: impl Into<String>, value: &impl Template) -> Self {
        Self { label: label.into(), value: Markup::of(value) }
    }
}

/// A list of labels with values.
#[derive(Clone, Debug, Default, Template)]
#[template(
    ext = "html",
    source = r#"<dl class="rows">{% for row in rows %}<div><dt>{{ row.label }}</dt><dd>{{ row.value }}</dd></div>{% endfor %}</dl>"#
)]
pub struct Details {
    rows: Vec<Row>,
}

impl Details {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a value that is text.
    #[must_use]
    pub fn row(mut self, label: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.rows.push(Row::text(label, value.as_ref()));
        self
    }

    /// The same with a value that is a component.
    #[must_use]
    pub fn part(mut self, label: impl Into<String>, value: &impl Template) -> Self {
        self.rows.push(Row::part(label, value));
        self
    }
}

/// What few need, behind its label: technical values, a rare filter.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/fold.html")]
pub struct Fold {
    label: String,
    inside: Markup,
    open: bool,
}

impl Fold {
    /// `part` behind `label`, shut.
    pub fn new(label: impl Into<String>, part: &impl Template) -> Self {
        Self { label: label.into(), inside: Markup::of(part), open: false }
    }

    /// The same open at first.
    #[must_use]
    pub fn open(mut self, open: bool) -> Self {
        self.open = open;
        self
    }
}

/// A small word: 「新着」, 「代理」.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<span class="word {{ tone.class() }}">{{ label }}</span>"#)]
pub struct Tag {
    tone: Tone,
    label: String,
}

impl Tag {
    /// A word of this tone.
    pub fn new(tone: Tone, label: impl Into<String>) -> Self {
        Self { tone, label: label.into() }
    }
}

/// The way back to the page before.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<p class="back"><a href="{{ href }}">{{ crate::Icon::Back }}<span>{{ label }}</span></a></p>"#
)]
pub struct BackLink {
    label: String,
    href: String,
}

impl BackLink {
    /// 「戻る」.
    pub fn new(say: &Say, href: impl Into<String>) -> Self {
        Self { label: say.t("web-back"), href: href.into() }
    }

    /// The same saying where it leads: 「一覧に戻る」.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}
