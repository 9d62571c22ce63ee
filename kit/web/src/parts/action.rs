//! Buttons and links that do something.

use askama::Template;

/// Where an action leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Go {
    /// Another page; changes nothing.
    To(String),
    /// A post that acts.
    Post {
        /// Where to.
        action: String,
        /// The token against forged posts.
        csrf: String,
        /// Hidden fields: the version of the case and what the act needs.
        hidden: Vec<(String, String)>,
    },
}

/// One thing that the reader may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The verb on the button.
    pub label: String,
    /// Where it leads.
    pub go: Go,
    /// `primary` (one a page), `secondary`, `danger` or `quiet`.
    pub kind: &'static str,
    /// What follows from it, in a sentence under the button.
    pub consequence: Option<String>,
    /// Whether the link is a file to save.
    pub download: bool,
}

impl Action {
    /// A link that looks like a button.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            go: Go::To(href.into()),
            kind: "secondary",
            consequence: None,
            download: false,
        }
    }

    /// A file to save: a PDF, a certificate.
    pub fn file(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { download: true, ..Self::link(label, href) }
    }

    /// A button that posts.
    pub fn post(label: impl Into<String>, action: impl Into<String>, csrf: impl Into<String>) -> Self {
        let go = Go::Post { action: action.into(), csrf: csrf.into(), hidden: Vec::new() };
        Self { label: label.into(), go, kind: "secondary", consequence: None, download: false }
    }

    /// The same with a hidden field; a link stays as it is.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        if let Go::Post { hidden, .. } = &mut self.go {
            hidden.push((name.into(), value.to_string()));
        }
        self
    }

    /// The one main action of the page.
    #[must_use]
    pub fn primary(mut self) -> Self {
        self.kind = "primary";
        self
    }

    /// An act that takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.kind = "danger";
        self
    }

    /// As quiet as a link.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.kind = "quiet";
        self
    }

    /// The same with what follows from it.
    #[must_use]
    pub fn consequence(mut self, sentence: impl Into<String>) -> Self {
        self.consequence = Some(sentence.into());
        self
    }
}

/// Actions side by side, or one below the other on a narrow screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "parts/actions.html")]
pub struct Actions {
    /// In the order of their weight.
    pub actions: Vec<Action>,
}

impl Actions {
    /// These.
    pub fn new(actions: Vec<Action>) -> Self {
        Self { actions }
    }
}
