//! 手数料の相殺 (C18): months of the payment system, closing them, their files, and corrections.
//!
//! ```text
//! list ─→ close (確認) ─→ one month ─→ its file
//!   └──→ correct (入力 → 確認) ─→ list
//! ```

mod close;
mod correct;
mod list;
mod period;
pub(super) mod samples;

use crate::{
    Claims,
    offset::{Month, Period, Sums},
    service::offset_no_month,
};
use axum::routing::get;
use core_words::Lang;
use kit_web::{Frame, Pages, Refused, Say, parts::Details};

/// The list of months.
pub(super) const LIST: &str = "/claims/desk/offset";

/// The pages about offset fees.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(LIST, get(list::show))
        .route("/claims/desk/offset/correct", get(correct::show).post(correct::send))
        .route("/claims/desk/offset/{month}", get(period::show))
        .route("/claims/desk/offset/{month}/file.csv", get(period::file))
        .route("/claims/desk/offset/{month}/close", get(close::show).post(close::send))
}

/// The month in a path; anything else is one that does not exist.
fn month_of(text: &str) -> Result<Month, Refused> {
    Month::parse(text).ok_or_else(|| Refused(offset_no_month()))
}

fn month_path(month: Month) -> String {
    format!("{LIST}/{month}")
}

/// The frame below the list.
fn below_list(frame: Frame) -> Frame {
    let label = frame.say.t("claims-offset-list");
    frame.crumb(label, LIST)
}

/// 2026年11月分.
fn called(say: &Say, month: Month) -> String {
    let text = month.to_string();
    match (say.lang(), text.split_once('-')) {
        (Lang::Ja, Some((year, month))) => format!("{year}年{}月分", month.trim_start_matches('0')),
        _ => text,
    }
}

/// From when to when.
fn lasts(say: &Say, period: &Period) -> String {
    format!("{} {} {}", say.date(period.begins), say.lang().pick("～", "–"), say.date(period.ends))
}

/// What entries add up to.
fn facts(say: &Say, sums: &Sums) -> Details {
    let count = |n: u64| say.number(i64::try_from(n).unwrap_or(i64::MAX));
    Details::new()
        .row(say.t("claims-offset-charges"), count(sums.charges))
        .row(say.t("claims-offset-charged"), say.yen(sums.charged))
        .row(say.t("claims-offset-corrections"), count(sums.corrections))
        .row(say.t("claims-offset-corrected"), say.yen(sums.corrected))
        .row(say.t("claims-offset-total"), say.yen(sums.total()))
}
