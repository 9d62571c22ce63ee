//! Sample pages of this crate: every component, in every state worth looking at.

mod cases;
mod forms;
mod lists;
mod messages;

use crate::{Frame, Sample, WhoLabel, frame::DoorLabel, gallery::SAMPLE_NOW};
use core_words::Text;

/// Every component with sample data.
pub fn samples() -> Vec<Sample> {
    let part = |name, render| Sample::new("web", name, render);
    vec![
        part("home", messages::home),
        part("form", forms::input),
        part("form-errors", forms::errors),
        part("form-check", forms::check),
        part("form-done", forms::done),
        part("fields", forms::fields),
        part("status", cases::status),
        part("status-rejected", cases::rejected),
        part("danger", cases::danger),
        part("certificate", cases::certificate),
        part("list", lists::list),
        part("list-empty", lists::empty),
        part("notices", lists::notices),
        part("progress", lists::progress),
        part("messages", messages::messages),
        part("refusal-conflict", messages::conflict),
        part("refusal-not-found", messages::not_found),
        part("refusal-unavailable", messages::unavailable),
    ]
}

/// One of two sentences, by the frame's language.
fn w<'a>(frame: &Frame, ja: &'a str, en: &'a str) -> &'a str {
    frame.lang.pick(ja, en)
}

/// A frame of a desk with somebody signed in.
fn applicant(frame: Frame) -> Frame {
    let who = WhoLabel {
        name: w(&frame, "さくらの里デイサービス", "Sakuranosato Day Service").into(),
        role: None,
        operator: None,
        ends_at: SAMPLE_NOW.plus_seconds(18 * 60),
        sign_out: "/sign-out".into(),
        csrf: "sample".into(),
    };
    Frame { who: Some(who), ..desk(frame) }
}

/// The same with a clerk.
fn clerk(frame: Frame) -> Frame {
    let who = WhoLabel {
        name: w(&frame, "佐藤 花子", "Hanako Sato").into(),
        role: Some(Text::new("担当者", "Clerk")),
        operator: Some(Text::new("東京都国民健康保険団体連合会", "Tokyo Federation")),
        ends_at: SAMPLE_NOW.plus_seconds(18 * 60),
        sign_out: "/sign-out".into(),
        csrf: "sample".into(),
    };
    Frame { who: Some(who), ..desk(frame) }
}

fn desk(frame: Frame) -> Frame {
    let here = frame.path.clone();
    let desk = DoorLabel {
        name: Text::new("請求用証明書の窓口", "Claims desk"),
        href: "/claims".into(),
        nav: vec![
            (Text::new("証明書", "Certificates"), here),
            (Text::new("お知らせ", "Notices"), "/claims/notices".into()),
            (Text::new("申請", "Apply"), "/claims/apply".into()),
        ],
        manual: None,
    };
    Frame { desk: Some(desk), ..frame }
}
