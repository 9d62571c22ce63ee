//! The frame that every page stands in: header, breadcrumb, heading, content, help, footer.

use crate::{
    assets, dates,
    manual::Guidance,
    markup::{Icon, Markup, Tone},
    parts::{Banner, ErrorSummary},
    texts::{Say, Texts},
};
use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use core_words::{Lang, Text, UtcMicros};
use kit_clock::SharedClock;
use std::{
    convert::Infallible,
    sync::{Arc, RwLock},
};

/// What all pages of the installation share. One, behind an [`Arc`], put into requests by [`serve`](crate::serve).
pub struct Chrome {
    pub(crate) texts: Texts,
    pub(crate) clock: SharedClock,
    pub(crate) instance: String,
    service: Text,
    footer: Vec<(Text, String)>,
    banner: RwLock<Option<Incident>>,
}

/// A sentence that every page of every desk shows: a disturbance, a planned interruption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// How grave.
    pub tone: Tone,
    /// In a few words.
    pub title: Text,
    /// What it means for the reader, and what to do.
    pub text: Text,
    /// Since when it is shown.
    pub since: UtcMicros,
}

impl Chrome {
    /// The frame of a service with this name.
    pub fn new(texts: Texts, clock: SharedClock, service: Text) -> Self {
        Self { texts, clock, instance: "web".into(), service, footer: Vec::new(), banner: RwLock::new(None) }
    }

    /// The same with the name of this process, which request ids begin with.
    #[must_use]
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.instance = name.into();
        self
    }

    /// The same with a link in the footer.
    #[must_use]
    pub fn footer_link(mut self, label: Text, href: impl Into<String>) -> Self {
        self.footer.push((label, href.into()));
        self
    }

    /// The texts of the house.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Shows an incident on every page from now on, or nothing.
    pub fn set_banner(&self, incident: Option<Incident>) {
        *self.banner.write().unwrap_or_else(std::sync::PoisonError::into_inner) = incident;
    }

    /// The incident that is shown.
    pub fn banner(&self) -> Option<Incident> {
        self.banner.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// Which desk a page belongs to. A desk lays it over its routes as an `axum::Extension`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorLabel {
    /// Its name.
    pub name: Text,
    /// Its first page.
    pub href: String,
    /// The pages in its menu: label and path.
    pub nav: Vec<(Text, String)>,
    /// What its manuals say of which page, if it has manuals: the help of every page leads there.
    pub manual: Option<Guidance>,
}

/// Who is signed in. The gate puts it into the request's extensions, and [`Frame`] takes it from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhoLabel {
    /// A person's or an office's name.
    pub name: String,
    /// The role in which they act, if it is worth saying.
    pub role: Option<Text>,
    /// The organisation for which they act.
    pub operator: Option<Text>,
    /// When the session ends if nothing is done.
    pub ends_at: UtcMicros,
    /// Where the button to sign out posts.
    pub sign_out: String,
    /// The token that goes with it.
    pub csrf: String,
}

/// One step of the way down to this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its heading.
    pub label: String,
    /// Its path.
    pub href: String,
}

impl Crumb {
    /// A step.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// One question that readers of this page have (こんなときは).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// The question.
    pub question: String,
    /// The answer in a sentence or two.
    pub answer: String,
    /// Where there is more.
    pub href: Option<String>,
}

impl Help {
    /// A question with its answer.
    pub fn new(question: impl Into<String>, answer: impl Into<String>) -> Self {
        Self { question: question.into(), answer: answer.into(), href: None }
    }
}

/// What the act before this page has brought about.
pub type Flash = Banner;

/// What a page knows beside its content.
///
/// As an extractor it brings language, path, desk and who is signed in from the request; the handler adds
/// breadcrumb, help and what happened.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Texts in it.
    pub say: Say,
    /// Path and query of this page, without `lang`: for the switch of language.
    pub path: String,
    /// When the page is made.
    pub now: UtcMicros,
    /// The service's name.
    pub service: String,
    /// The desk.
    pub desk: Option<DoorLabel>,
    /// Who is signed in.
    pub who: Option<WhoLabel>,
    /// The way down to this page, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// What this page's readers ask.
    pub help: Vec<Help>,
    /// What has just happened.
    pub flash: Option<Flash>,
    /// The incident of the installation.
    pub banner: Option<Incident>,
    /// What is wrong with what was typed: shown above the heading, and the title begins with エラー.
    pub errors: Option<ErrorSummary>,
    /// A few words above the heading: the number of the case.
    pub caption: Option<String>,
    /// Links at the foot of every page.
    pub footer: Vec<(String, String)>,
    /// Lists need more width than sentences.
    pub wide: bool,
}

impl Frame {
    /// A bare frame.
    pub fn new(chrome: &Chrome, lang: Lang, path: impl Into<String>) -> Self {
        let say = chrome.texts.say(lang);
        Self {
            lang,
            service: say.text(&chrome.service).to_owned(),
            footer: chrome
                .footer
                .iter()
                .map(|(text, href)| (say.text(text).to_owned(), href.clone()))
                .collect(),
            say,
            path: path.into(),
            now: chrome.clock.now(),
            desk: None,
            who: None,
            crumbs: Vec::new(),
            help: Vec::new(),
            flash: None,
            banner: chrome.banner(),
            errors: None,
            caption: None,
            wide: false,
        }
    }

    /// The same with a step of the breadcrumb.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb::new(label, href));
        self
    }

    /// The same with a question that readers have.
    #[must_use]
    pub fn help(mut self, question: impl Into<String>, answer: impl Into<String>) -> Self {
        self.help.push(Help::new(question, answer));
        self
    }

    /// The same with what is wrong; an empty summary changes nothing.
    #[must_use]
    pub fn errors(mut self, errors: ErrorSummary) -> Self {
        self.errors = Some(errors).filter(|errors| !errors.items.is_empty());
        self
    }

    /// The same with what has just happened.
    #[must_use]
    pub fn flash(mut self, flash: Flash) -> Self {
        self.flash = Some(flash);
        self
    }

    /// The same with a few words above the heading.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// The same, as wide as the window: for lists.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The frame of a request that passed [`serve`](crate::serve). Without it, this answers in the language
    /// of the request with what it knows: that is an error in wiring, and the log says so.
    pub(crate) fn of(parts: &Parts) -> Self {
        let chrome = parts.extensions.get::<Arc<Chrome>>().expect("pages are served through kit_web::serve");
        let lang = crate::middleware::lang_of(parts);
        let uri =
            parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let mut frame = Self::new(chrome, lang, crate::middleware::without_lang(uri));
        frame.desk = parts.extensions.get::<DoorLabel>().cloned();
        frame.who = parts.extensions.get::<WhoLabel>().cloned();
        frame
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// The whole page as a response that nobody may keep.
pub fn page(frame: &Frame, title: &str, body: &impl Template, status: StatusCode) -> Response {
    let html = page_html(frame, title, body);
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// The whole page as text, for the gallery and for tests.
pub fn page_html(frame: &Frame, title: &str, body: &impl Template) -> String {
    let Frame { lang, say, .. } = frame;
    let error = if frame.errors.is_some() { say.t("web-title-error") } else { String::new() };
    let desk = frame.desk.as_ref().map(|desk| format!(" | {}", say.text(&desk.name))).unwrap_or_default();
    let other = if *lang == Lang::Ja { Lang::En } else { Lang::Ja };
    let minutes = frame.who.as_ref().map(|who| who.ends_at.since(frame.now).max(0) / 60_000_000);
    let template = Page {
        say,
        frame,
        title,
        tab: format!("{error}{title}{desk} | {}", frame.service),
        css: assets::path("warifu.css"),
        js: assets::path("warifu.js"),
        favicon: assets::path("icon.svg"),
        other: other.tag(),
        switch: crate::middleware::with_lang(&frame.path, other),
        minutes,
        here: frame.path.split('?').next().unwrap_or_default(),
        body: Markup::of(body),
    };
    Markup::of(&template).to_string()
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Page<'a> {
    say: &'a Say,
    frame: &'a Frame,
    title: &'a str,
    tab: String,
    css: String,
    js: String,
    favicon: String,
    other: &'static str,
    switch: String,
    minutes: Option<i64>,
    here: &'a str,
    body: Markup,
}

impl Page<'_> {
    fn at(&self, time: &UtcMicros) -> String {
        dates::time(self.frame.lang, *time)
    }

    /// Where the manual speaks of this page.
    fn manual(&self) -> Option<String> {
        let guidance = self.frame.desk.as_ref()?.manual?;
        Some(guidance.link(self.here)).filter(|_| !self.here.starts_with(guidance.folder))
    }

    fn current(&self, href: &str) -> bool {
        href == self.here
    }

    /// Whether a page of the menu is the one above this page: the longest of those whose path it begins with.
    fn above(&self, href: &str) -> bool {
        let begins = |href: &str| self.here.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
        let nav = self.frame.desk.iter().flat_map(|desk| &desk.nav);
        let longest = nav.map(|(_, href)| href.as_str()).filter(|href| begins(href) || self.current(href));
        !self.current(href) && longest.max_by_key(|href| href.len()) == Some(href)
    }

    /// A number and a name stay whole where they fit: a line breaks between them.
    fn pieces(caption: &str) -> Vec<&str> {
        caption.split('\u{3000}').collect()
    }
}
