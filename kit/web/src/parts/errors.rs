//! What is wrong with what was typed, at the top of the page.

use crate::texts::Say;
use askama::Template;

/// A box at the top with a link to each field that has to be mended. Give it to `Frame::errors`.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r##"<div class="errors" role="alert" aria-labelledby="errors-title" tabindex="-1" data-focus><p class="errors-title" id="errors-title" role="heading" aria-level="2">{{ crate::Icon::Danger }}<span>{{ title }}</span></p><ul>{% for (id, message) in items %}<li>{% if id.is_empty() %}{{ message }}{% else %}<a href="#{{ id }}">{{ message }}</a>{% endif %}</li>{% endfor %}</ul></div>"##
)]
pub struct ErrorSummary {
    title: String,
    /// The id of the field's first input (the name; empty: of no field), and the message.
    pub items: Vec<(String, String)>,
}

impl ErrorSummary {
    /// These messages, each with the name of its field. Where none is about a field, nothing was typed wrongly, and
    /// the title does not say so.
    pub fn new(say: &Say, items: Vec<(String, String)>) -> Self {
        let title = if items.iter().all(|(field, _)| field.is_empty()) {
            say.t("web-errors-refused")
        } else {
            say.with("web-errors", &[("count", items.len().into())])
        };
        Self { title, items }
    }
}
