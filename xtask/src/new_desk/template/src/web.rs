//! The pages of the desk, under `/newdesk`. One screen, one file: this is the first.

use crate::{
    NewDesk,
    status::{Hat, Standing, TABLE},
};
use axum::{Extension, http::StatusCode, response::Response, routing::get};
use core_words::Text;
use kit_desk::{Capacity, Status, Verb};
use kit_web::{
    DoorLabel, Frame, Pages, Sample, Say, Stack, Tone, page, page_html,
    parts::{Cell, Column, Line, StatusTag, Table},
};

/// All pages of the desk.
pub(crate) fn router(desk: &NewDesk) -> Pages {
    let pages = Pages::new().route("/newdesk", get(home)).with_state(desk.clone());
    pages.around(|router| router.layer(Extension(door())))
}

/// All pages with sample data.
pub(crate) fn samples() -> Vec<Sample> {
    vec![Sample::new("newdesk", "home", |frame| {
        page_html(&frame, &frame.say.t("newdesk-home"), &content(&frame.say))
    })]
}

fn door() -> DoorLabel {
    DoorLabel {
        name: Text::new("newdesk の窓口", "Newdesk desk"),
        href: "/newdesk".into(),
        nav: vec![(Text::new("ご案内", "How it works"), "/newdesk".into())],
        manual: None,
    }
}

/// How it works: where a case can stand, and who may do what next. For everybody.
async fn home(frame: Frame) -> Response {
    page(&frame, &frame.say.t("newdesk-home"), &content(&frame.say), StatusCode::OK)
}

fn content(say: &Say) -> Stack {
    let columns =
        ["newdesk-status", "newdesk-meaning", "newdesk-next"].map(|key| Column::new(say.t(key))).into();
    let lines = Standing::ALL.iter().map(|standing| {
        // keys: newdesk-meaning-*
        let meaning = say.t(&format!("newdesk-meaning-{}", standing.slug()));
        Line::new(vec![Cell::part(&tag(say, *standing)), Cell::text(meaning), Cell::text(next(say, *standing))])
    });
    let path = Table::new(say, say.t("newdesk-path"), columns, say.t("newdesk-nothing"));
    Stack::new().text(&say.t("newdesk-about")).add(&path.lines(lines.collect()))
}

/// The status as a tag: its colour is never the only sign of it.
fn tag(say: &Say, standing: Standing) -> StatusTag {
    let tone = match standing {
        Standing::Received => Tone::Info,
        Standing::Accepted => Tone::Success,
        Standing::Declined | Standing::Withdrawn => Tone::Neutral,
    };
    StatusTag::new(tone, say.text(&standing.label()))
}

/// What may be done from here, and by whom: from the table.
fn next(say: &Say, from: Standing) -> String {
    let step = |hat: &Hat| {
        let who = say.text(&hat.label()).to_owned();
        let verbs: Vec<_> = TABLE.verbs(Some(from), *hat).collect();
        verbs.into_iter().map(move |verb| {
            let what = say.text(&verb.label()).to_owned();
            say.with("newdesk-step", [("what", what.into()), ("who", who.clone().into())])
        })
    };
    let steps: Vec<String> = Hat::ALL.iter().flat_map(step).collect();
    if steps.is_empty() { say.t("newdesk-nothing") } else { steps.join(" / ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{plug::TEXTS, service::tests as house};
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use kit_desk::Desk;
    use kit_store::testing::both_with;
    use std::sync::Arc;
    use tower::ServiceExt;

    #[test]
    fn the_first_page_is_served_in_both_languages() {
        both_with(house::TABLES, async |db| {
            let pages = house::desk(&db).pages().into();
            let pages = kit_web::serve(pages, Arc::new(kit_web::testing::chrome(&[TEXTS])));
            for (lang, heading, status) in
                [("ja", "手続きのご案内", "受付済み"), ("en", "How it works", "Received")]
            {
                let asked = Request::get("/newdesk").header("accept-language", lang);
                let asked = asked.body(Body::empty()).expect("a request");
                let answer = pages.clone().oneshot(asked).await.expect("an answer");
                assert_eq!(answer.status(), StatusCode::OK);
                let octets = answer.into_body().collect().await.expect("a body").to_bytes();
                let html = String::from_utf8(octets.to_vec()).expect("UTF-8");
                let (_, main) = html.split_once("<h1").expect("a heading");
                let (first, rest) = main.split_once("</h1>").expect("its end");
                assert!(first.contains(heading) && rest.contains(status), "{html}");
            }
        });
    }

    #[test]
    fn k17_every_text_is_there_and_every_page_is_sound() {
        kit_web::testing::every_key_is_there(&TEXTS, env!("CARGO_MANIFEST_DIR"));
        kit_web::testing::every_sample_is_sound(&samples(), &[TEXTS]);
    }
}
