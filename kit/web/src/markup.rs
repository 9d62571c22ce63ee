//! Pieces of finished HTML, icons, and the one place where a template becomes text.

use askama::{Template, filters::HtmlSafe};
use std::fmt;

/// HTML that is escaped already. `{{ markup }}` in a template puts it in as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// The HTML of a template. One that fails leaves nothing in the page and an error in the log; none of
    /// this crate's can, as they write to memory and call nothing that fails.
    pub fn of(template: &impl Template) -> Self {
        match template.render() {
            Ok(html) => Self(html),
            Err(error) => {
                tracing::error!(%error, "a template did not render");
                Self::default()
            }
        }
    }

    /// A paragraph of plain text; an empty line begins the next one.
    pub fn text(text: &str) -> Self {
        let escaped = escape(text);
        let paragraphs = escaped.split("\n\n").filter(|p| !p.trim().is_empty());
        Self(paragraphs.map(|p| format!("<p>{}</p>\n", p.trim().replace('\n', "<br>"))).collect())
    }

    /// HTML that the caller has escaped.
    pub(crate) fn ready(html: String) -> Self {
        Self(html)
    }

    /// A paragraph in small letters.
    pub(crate) fn small(text: &str) -> Self {
        Self(format!("<p class=\"small\">{}</p>\n", escape(text)))
    }

    /// Plain text within a line; its own lines stay lines.
    pub fn inline(text: &str) -> Self {
        Self(escape(text).replace('\n', "<br>"))
    }

    /// A heading of the second level.
    pub fn heading(text: &str) -> Self {
        Self(format!("<h2>{}</h2>\n", escape(text)))
    }

    /// One after the other.
    #[must_use]
    pub fn then(mut self, next: &impl Template) -> Self {
        self.0.push_str(&Self::of(next).0);
        self
    }

    /// One after the other.
    #[must_use]
    pub fn and(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// A page body of ready pieces, one below the other: `Stack::new().add(&panel).add(&form)`.
#[derive(Clone, Debug, Default, Template)]
#[template(ext = "html", source = "{% for part in parts %}{{ part }}{% endfor %}")]
pub struct Stack {
    parts: Vec<Markup>,
}

impl Stack {
    /// An empty body.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with this below.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "adds a piece to a page, not a number to a number")]
    pub fn add(mut self, part: &impl Template) -> Self {
        self.parts.push(Markup::of(part));
        self
    }

    /// The same with ready markup below.
    #[must_use]
    pub fn markup(mut self, markup: Markup) -> Self {
        self.parts.push(markup);
        self
    }

    /// The same with a paragraph below.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.parts.push(Markup::text(text));
        self
    }

    /// The same with a heading of the second level below.
    #[must_use]
    pub fn heading(mut self, text: &str) -> Self {
        self.parts.push(Markup::heading(text));
        self
    }

    /// The same with `first` and `rest` below, side by side on a wide screen: what can be done stays in sight while
    /// the rest is read. On a narrow one, and read aloud, `first` comes first. For pages as wide as the window.
    #[must_use]
    pub fn beside(mut self, first: &Self, rest: &Self) -> Self {
        self.parts.push(Markup(format!(
            "<div class=\"beside\"><div class=\"beside-first\">{}</div><div class=\"beside-rest\">{}</div></div>\n",
            Markup::of(first),
            Markup::of(rest),
        )));
        self
    }
}

/// The five characters that mean something in HTML, written as references.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A drawing of 24 × 24 beside a word; never without the word, so it is hidden from readers aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// An i in a disc.
    Info,
    /// A tick in a disc.
    Check,
    /// An exclamation mark in a triangle.
    Attention,
    /// An exclamation mark in an octagon.
    Danger,
    /// A clock.
    Clock,
    /// A ring: nothing has happened yet.
    Ring,
    /// A magnifying glass.
    Search,
    /// A sheet of paper.
    Paper,
    /// A document with a seal.
    Certificate,
    /// Head and shoulders.
    Person,
    /// A globe.
    Globe,
    /// An arrow to the right.
    Forward,
    /// An arrow to the left.
    Back,
    /// Two sheets.
    Copy,
    /// An envelope.
    Letter,
    /// A bar across a disc.
    Stop,
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `k` is what is cut out of a filled form: it takes the colour of the ground.
        let drawing = match self {
            Self::Info => {
                r#"<circle cx="12" cy="12" r="10"/><path class="k" d="M11 10.5h2V17h-2zM11 7h2v2h-2z"/>"#
            }
            Self::Check => {
                r#"<circle cx="12" cy="12" r="10"/><path class="k l" d="m7.5 12.3 3.1 3.1 6-6.3"/>"#
            }
            Self::Attention => {
                r#"<path d="M12 2.5 23 21.5H1z"/><path class="k" d="M11 9.5h2V15h-2zM11 17h2v2h-2z"/>"#
            }
            Self::Danger => {
                r#"<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path class="k" d="M11 7h2v6.5h-2zM11 15.5h2v2h-2z"/>"#
            }
            Self::Clock => r#"<circle cx="12" cy="12" r="10"/><path class="k l" d="M12 6.5V12l3.8 2.6"/>"#,
            Self::Ring => r#"<circle class="l" cx="12" cy="12" r="8.5"/>"#,
            Self::Search => {
                r#"<path class="l" d="m15.5 15.5 5.5 5.5"/><circle class="l" cx="10" cy="10" r="6.5"/>"#
            }
            Self::Paper => r#"<path class="l" d="M6 3h8.5L19 7.5V21H6zM14 3v5h5M9 12.5h6M9 16h6"/>"#,
            Self::Certificate => {
                r#"<path class="l" d="M20 12V4H4v13h7M7.5 8h9M7.5 12H12"/><circle cx="17" cy="15.5" r="3.2"/><path d="M15 17.5h4V23l-2-1.4L15 23z"/>"#
            }
            Self::Person => {
                r#"<circle cx="12" cy="7.5" r="4.5"/><path d="M3.5 21.5c0-5 3.8-7.5 8.5-7.5s8.5 2.5 8.5 7.500z"/>"#
            }
            Self::Globe => {
                r#"<circle class="l" cx="12" cy="12" r="9"/><path class="l" d="M3 12h18M12 3c5.5 5.5 5.5 12.5 0 18M12 3c-5.5 5.5-5.5 12.5 0 18"/>"#
            }
            Self::Forward => r#"<path class="l" d="m9 5 7 7-7 7"/>"#,
            Self::Back => r#"<path class="l" d="m15 5-7 7 7 7"/>"#,
            Self::Copy => r#"<path class="l" d="M9 8h11v13H9zM5 16H4V3h11v2"/>"#,
            Self::Letter => r#"<path class="l" d="M3 5.500h18v13H3zM3.5 6l8.5 7 8.5-7"/>"#,
            Self::Stop => {
                r#"<circle cx="12" cy="12" r="10"/><path class="k" d="M6.5 10.800h11v2.400h-11z"/>"#
            }
        };
        write!(
            f,
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{drawing}</svg>"#
        )
    }
}

impl HtmlSafe for Icon {}

/// What a thing on a page means. Colour is never alone: a tone always comes with its icon and a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad: withdrawn, ended.
    #[default]
    Neutral,
    /// Under way, or for your information.
    Info,
    /// Done, in force.
    Success,
    /// Somebody has to do something, or soon will.
    Attention,
    /// Refused, revoked, broken.
    Danger,
}

impl Tone {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Neutral, Self::Info, Self::Success, Self::Attention, Self::Danger];

    /// The class in the style sheet, and the last part of keys.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Attention => "attention",
            Self::Danger => "danger",
        }
    }

    /// The icon that goes with it.
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Stop,
            Self::Info => Icon::Info,
            Self::Success => Icon::Check,
            Self::Attention => Icon::Attention,
            Self::Danger => Icon::Danger,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_parted() {
        assert_eq!(
            Markup::text("<b>\n\n\na & 'b'\nc").as_str(),
            "<p>&lt;b&gt;</p>\n<p>a &amp; &#39;b&#39;<br>c</p>\n"
        );
        assert_eq!(Stack::new().heading("<i>").text("x").to_string(), "<h2>&lt;i&gt;</h2>\n<p>x</p>\n");
        let beside = Stack::new().beside(&Stack::new().text("a<"), &Stack::new().text("b")).to_string();
        assert!(beside.find("<p>a&lt;</p>") < beside.find("<p>b</p>"), "{beside}");
    }
}
