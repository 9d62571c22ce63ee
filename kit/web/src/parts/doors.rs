//! The doors of the home page: each with whom it is for.

use askama::Template;

/// One door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The desk's name.
    pub name: String,
    /// Whom it is for.
    pub whom: String,
    /// What is done there.
    pub what: String,
    /// Its first page.
    pub href: String,
}

/// Doors side by side.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<ul class="doors">{% for door in doors %}<li><a href="{{ door.href }}"><span class="door-name">{{ door.name }}</span><span class="door-whom">{{ door.whom }}</span><span class="door-what">{{ door.what }}</span>{{ crate::Icon::Forward }}</a></li>{% endfor %}</ul>"#
)]
pub struct Doors {
    doors: Vec<Door>,
}

impl Doors {
    /// These doors.
    pub fn new(doors: Vec<Door>) -> Self {
        Self { doors }
    }
}
