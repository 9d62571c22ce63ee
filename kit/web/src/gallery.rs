//! Every page and component with sample data, to be looked at by people and by judges.

use crate::{
    frame::{Chrome, Frame, page},
    markup::Stack,
    parts::{Cell, Column, Line, Table},
};
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use core_words::{Lang, UtcMicros};
use std::sync::Arc;

/// When every sample is: 2026-11-20 14:05 in Tokyo.
pub const SAMPLE_NOW: UtcMicros = UtcMicros(1_795_151_100_000_000);

/// One page with sample data.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Which crate's: `web`, `gate`, `claims`.
    pub part: &'static str,
    /// Which page: `sign-in`, `sign-in-wrong-password`.
    pub name: &'static str,
    /// The whole page in the frame's language, by [`page_html`](crate::page_html).
    pub render: fn(Frame) -> String,
}

impl Sample {
    /// A sample page.
    pub const fn new(part: &'static str, name: &'static str, render: fn(Frame) -> String) -> Self {
        Self { part, name, render }
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/gallery/{}/{}", self.part, self.name)
    }

    /// The page.
    pub fn html(&self, chrome: &Chrome, lang: Lang) -> String {
        let frame = Frame::new(chrome, lang, self.path());
        (self.render)(Frame { now: SAMPLE_NOW, banner: None, ..frame })
    }
}

/// `/gallery` lists the samples, `/gallery/{part}/{name}?lang=` shows one. Serve it through
/// [`serve`](crate::serve).
pub fn router(samples: Vec<Sample>) -> Router {
    Router::new()
        .route("/gallery", get(list))
        .route("/gallery/{part}/{name}", get(show))
        .with_state(Arc::new(samples))
}

async fn list(State(samples): State<Arc<Vec<Sample>>>, frame: Frame) -> Response {
    let say = &frame.say;
    let columns = vec![Column::new(say.t("web-gallery-part")), Column::new(say.t("web-gallery-name"))];
    let lang = frame.lang.tag();
    let lines = samples.iter().map(|sample| {
        let href = format!("{}?lang={lang}", sample.path());
        Line::new(vec![Cell::text(sample.part), Cell::link(sample.name, href)])
    });
    let title = say.t("web-gallery");
    let table = Table::new(say, title.clone(), columns, say.t("web-gallery-empty")).lines(lines.collect());
    let body = Stack::new().text(&say.t("web-gallery-about")).add(&table);
    page(&frame, &title, &body, StatusCode::OK)
}

async fn show(
    State(samples): State<Arc<Vec<Sample>>>,
    Path((part, name)): Path<(String, String)>,
    axum::Extension(chrome): axum::Extension<Arc<Chrome>>,
    frame: Frame,
) -> Response {
    match samples.iter().find(|sample| sample.part == part && sample.name == name) {
        Some(sample) => Html(sample.html(&chrome, frame.lang)).into_response(),
        None => crate::not_found(&frame),
    }
}
