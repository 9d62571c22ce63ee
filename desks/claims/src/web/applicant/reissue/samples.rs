//! The pages of a reissue with sample data.

use super::{Ground, check, done_page, input};
use crate::{
    service::{FILE_NAME, Opener},
    web::{
        applicant::{
            notices,
            samples::{contact, html, notice, seated},
        },
        samples as data,
    },
};
use kit_post::FileName;
use kit_web::{Filled, FormData, Frame, Reader, Sample, gallery::SAMPLE_NOW};

/// The pages for the gallery.
pub(in crate::web::applicant) fn samples() -> Vec<Sample> {
    let sample = |name, render| Sample::new("claims", name, render);
    vec![
        sample("provider-password", |frame| page(frame, 2, &Filled::default())),
        sample("provider-password-one", |frame| page(frame, 1, &Filled::default())),
        sample("provider-password-none", |frame| page(frame, 0, &Filled::default())),
        sample("provider-password-wrong", |frame| {
            let typed = FormData::default();
            let mut reader = Reader::new(&frame.say, &typed);
            reader.choice("certificate", "claims-reissue-certificate", &[]);
            let filled = reader.done().err().unwrap_or_default();
            page(frame, 2, &filled)
        }),
        sample("provider-password-check", |frame| {
            let frame = seated(frame);
            let title = frame.say.t("claims-reissue-check-title");
            let ground = ground(1);
            html(&title, check(frame, &ground, &ground.openers[0]))
        }),
        sample("provider-password-done", |frame| {
            let frame = seated(frame);
            let title = frame.say.t("claims-reissue-done-title");
            html(&title, done_page(frame, 2, &contact()))
        }),
        sample("provider-notice-file", |frame| {
            let frame = seated(frame);
            let file = FileName { name: FILE_NAME.into(), fetched: None };
            let notice = kit_post::Notice { file: Some(file), link: None, ..notice(2, true) };
            let title = frame.say.text(&notice.subject).to_owned();
            html(&title, notices::one(frame, &notice))
        }),
        sample("provider-notice-file-fetched", |frame| {
            let frame = seated(frame);
            let file = FileName { name: FILE_NAME.into(), fetched: Some(SAMPLE_NOW) };
            let notice = kit_post::Notice { file: Some(file), ..notice(2, true) };
            let title = frame.say.text(&notice.subject).to_owned();
            html(&title, notices::one(frame, &notice))
        }),
    ]
}

fn ground(openers: usize) -> Ground {
    let opener = Opener {
        number: data::number(),
        serial: data::certificate().cert.serial.to_string(),
        until: data::certificate().not_after.micros(),
    };
    let older = Opener { number: "C-2025-0000431-2".into(), ..opener.clone() };
    let openers = [opener, older].into_iter().take(openers).collect();
    Ground { openers, csrf: data::TOKEN.into(), contact: contact() }
}

fn page(frame: Frame, openers: usize, filled: &Filled) -> String {
    let frame = seated(frame);
    let title = frame.say.t("claims-reissue-title");
    html(&title, input(frame, &ground(openers), filled))
}
