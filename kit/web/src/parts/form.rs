//! A form: fields in sections, hidden values, one main button.

use super::{Banner, Field};
use crate::{
    forms::Filled,
    markup::{Markup, escape},
};
use askama::Template;

#[derive(Clone, Debug)]
enum Item {
    Field(Box<Field>),
    Markup(Markup),
}

/// A form that posts, or [asks](Form::asking).
#[derive(Clone, Debug, Template)]
#[template(path = "parts/form.html")]
pub struct Form {
    action: String,
    csrf: String,
    hidden: Vec<(String, String)>,
    items: Vec<Item>,
    submit: String,
    kind: &'static str,
    step: Option<&'static str>,
    cancel: Option<(String, String)>,
    multipart: bool,
    asks: bool,
}

impl Form {
    /// A form that posts to `action` with the token `csrf`; its button says `submit`.
    pub fn new(action: impl Into<String>, csrf: impl Into<String>, submit: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            csrf: csrf.into(),
            hidden: Vec::new(),
            items: Vec::new(),
            submit: submit.into(),
            kind: "primary",
            step: None,
            cancel: None,
            multipart: false,
            asks: false,
        }
    }

    /// A form that asks `action` by GET and changes nothing: what is looked for. It has no token, and can be kept as an
    /// address.
    pub fn asking(action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self { asks: true, kind: "secondary", ..Self::new(action, "", submit) }
    }

    /// The same with a hidden field: the version of the case.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// The same with a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.items.push(Item::Field(Box::new(field)));
        self
    }

    /// The same with a heading over the fields that follow.
    #[must_use]
    pub fn section(mut self, heading: impl AsRef<str>) -> Self {
        self.items.push(Item::Markup(Markup::heading(heading.as_ref())));
        self
    }

    /// The same with something between the fields: a sentence, a box.
    #[must_use]
    pub fn part(mut self, part: &impl Template) -> Self {
        self.items.push(Item::Markup(Markup::of(part)));
        self
    }

    /// The same with a box between the fields.
    #[must_use]
    pub fn banner(self, banner: &Banner) -> Self {
        self.part(banner)
    }

    /// The same with the text people agree to, scrolling in a frame of its own if it is long.
    #[must_use]
    pub fn terms(mut self, heading: &str, text: &str) -> Self {
        let html = format!(
            r#"<section class="terms" tabindex="0" aria-label="{}"><h3>{}</h3>{}</section>"#,
            escape(heading),
            escape(heading),
            Markup::text(text)
        );
        self.items.push(Item::Markup(Markup::ready(html)));
        self
    }

    /// The first of three pages: the post says `_step=check`, and the answer is the page of confirmation.
    #[must_use]
    pub fn to_check(mut self) -> Self {
        self.step = Some("check");
        self
    }

    /// An act that takes something away: the button says so by its look.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.kind = "danger";
        self
    }

    /// The same with a way out beside the button.
    #[must_use]
    pub fn cancel(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.cancel = Some((label.into(), href.into()));
        self
    }

    /// The same sending files.
    #[must_use]
    pub fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }

    /// The same holding what was typed, with what is wrong at each field.
    #[must_use]
    pub fn filled(mut self, filled: &Filled) -> Self {
        for item in &mut self.items {
            if let Item::Field(field) = item {
                **field = (**field).clone().filled(filled);
            }
        }
        self
    }
}
