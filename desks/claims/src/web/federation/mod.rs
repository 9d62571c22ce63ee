//! The pages of the federation (C8–C11, C19): what waits, 証明書一覧, 証明書発行管理, one page per act, mails.
//!
//! ```text
//! overview ─→ list ─→ case ─→ act ─→ case (done) ─→ next ─→ case …
//!                                 └→ overtaken: who was first, and when
//! ```

mod acts;
mod case;
mod csv;
mod ending;
mod facts;
mod findings;
mod jobs;
mod ledger;
mod list;
mod mail;
mod offices;
mod offset;
mod outbox;
mod overview;
mod payments;
mod query;
mod reject;
mod revocation;
mod runs;
mod samples;
mod tasks;
mod waiting;

/// The pages for the gallery.
pub(crate) fn samples() -> Vec<kit_web::Sample> {
    let mut all = samples::samples();
    all.extend(offices::samples::samples());
    all
}

use super::Staff;
use crate::{Claims, service::CaseFile};
use axum::{extract::State, http::StatusCode, response::Response, routing::get};
use core_words::Refusal;
use kit_web::{
    FormData, Frame, Pages, Refused, Say, Stack, Tone, page, page_html,
    parts::{Action, Actions, Banner},
    see_other,
};

/// The pages under `/claims/desk`.
pub(crate) fn router() -> Pages<Claims> {
    Pages::new()
        .route(HOME, get(overview::show))
        .route("/claims/desk/next", get(next))
        .route(LIST, get(list::show))
        .route(LIST_CSV, get(csv::send))
        .route("/claims/desk/cases/{no}", get(case::show))
        .route("/claims/desk/cases/{no}/receipt.pdf", get(case::receipt))
        .route("/claims/desk/cases/{no}/invoice.pdf", get(case::invoice))
        .route("/claims/desk/cases/{no}/proof/{version}", get(case::proof))
        .route("/claims/desk/cases/{no}/reject", get(reject::show).post(reject::send))
        .route("/claims/desk/cases/{no}/request-revocation", get(revocation::show).post(revocation::send))
        .route("/claims/desk/cases/{no}/{act}", get(acts::show).post(acts::send))
        .merge(payments::router())
        .merge(offices::router())
        .merge(offset::router())
        .merge(ending::router())
        .merge(runs::router())
        .merge(jobs::router())
        .merge(ledger::router())
        .route("/claims/desk/waiting/{what}", get(waiting::show))
        .route(OUTBOX, get(outbox::show))
        .route("/claims/desk/outbox/{id}", get(mail::show))
        .route("/claims/desk/outbox/{id}/resend", get(mail::resend_again).post(mail::resend))
}

const HOME: &str = "/claims/desk";
const LIST: &str = "/claims/desk/cases";
const LIST_CSV: &str = "/claims/desk/cases.csv";
const OUTBOX: &str = "/claims/desk/outbox";

/// The path of a case.
fn case_path(number: &str) -> String {
    format!("{LIST}/{number}")
}

/// The path that leads to the application to be looked at after this one.
fn next_path(after: &str) -> String {
    format!("{HOME}/next?after={after}")
}

/// Leads to the next application that waits for review; without one, to the list, which says that there is none.
async fn next(
    State(claims): State<Claims>,
    staff: Staff,
    axum::extract::RawQuery(asked): axum::extract::RawQuery,
) -> Result<Response, Refused> {
    let asked = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let after = asked.get("after").and_then(|text| core_words::CaseNumber::parse(text).ok());
    let found = claims.next_to_review(staff.scope(), after).await?;
    Ok(see_other(&found.map_or_else(|| format!("{LIST}?status=applied"), |number| case_path(&number))))
}

/// A page that is ready to be sent, or to be looked at in the gallery.
struct Shown {
    frame: Frame,
    title: String,
    body: Stack,
}

impl Shown {
    fn new(frame: Frame, title: impl Into<String>, body: Stack) -> Self {
        Self { frame, title: title.into(), body }
    }

    fn response(&self, status: StatusCode) -> Response {
        page(&self.frame, &self.title, &self.body, status)
    }

    fn ok(&self) -> Response {
        self.response(StatusCode::OK)
    }

    fn html(&self) -> String {
        page_html(&self.frame, &self.title, &self.body)
    }
}

/// The frame of a page about one case: the way to it, its number and its provider.
fn about(frame: Frame, file: &CaseFile) -> Frame {
    let list = frame.say.t("claims-fed-list");
    let caption = format!("{}　{}", file.case.number, file.holder.name);
    frame.crumb(list, LIST).crumb(file.case.number.clone(), case_path(&file.case.number)).caption(caption)
}

/// Nothing was done, as somebody was first or it is too late: what happened, and the ways on.
fn overtaken(frame: Frame, number: &str, refusal: &Refusal) -> Shown {
    let list = frame.say.t("claims-fed-list");
    let frame = frame.crumb(list, LIST).crumb(number, case_path(number)).caption(number);
    let say = &frame.say;
    let told = Banner::new(say, Tone::Attention, say.text(&refusal.message)).text(say.text(&refusal.next));
    let ways = Actions::new(vec![
        Action::link(say.t("claims-fed-see-now"), case_path(number)).primary(),
        Action::link(say.t("claims-fed-next"), next_path(number)),
        Action::link(say.t("claims-fed-to-list"), LIST).quiet(),
    ]);
    let body = Stack::new().text(&say.t("claims-fed-overtaken-text")).add(&told).add(&ways);
    let title = say.t("claims-fed-overtaken");
    Shown::new(frame, title, body)
}

/// For how long something can be undone, in words: 10分間.
fn span(say: &Say, seconds: u32) -> String {
    let (key, n) = match seconds {
        whole if whole % 60 == 0 => ("claims-fed-minutes", whole / 60),
        other => ("claims-fed-seconds", other),
    };
    // keys: claims-fed-minutes* claims-fed-seconds*
    say.with(key, [("n", n.into())])
}
