//! One month of offset fees: what is in it, and its file (C18).

use super::{super::Shown, LIST, below_list, called, facts, lasts, list, month_of, month_path};
use crate::{
    Claims, ClosedPeriod,
    web::{Staff, attached},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use core_sheet::Encoding;
use kit_web::{
    Frame, Refused, Stack,
    parts::{Action, Actions, BackLink, Details},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(month): Path<String>,
) -> Result<Response, Refused> {
    let period = claims.offset_period(staff.scope(), month_of(&month)?).await?;
    Ok(content(frame, &period).ok())
}

/// The file.
pub(super) async fn file(
    State(claims): State<Claims>,
    staff: Staff,
    Path(month): Path<String>,
) -> Result<Response, Refused> {
    let month = month_of(&month)?;
    let octets = claims.offset_file(staff.scope(), month).await?;
    Ok(attached("text/csv", &format!("offset-{month}.csv"), octets))
}

/// The page.
pub(super) fn content(frame: Frame, period: &ClosedPeriod) -> Shown {
    let say = &frame.say.clone();
    let month = period.period.month;
    let frame = below_list(frame).caption(called(say, month));
    let frame = frame
        .help(say.t("claims-offset-help-file"), say.t("claims-offset-help-file-text"))
        .help(say.t("claims-offset-help-wrong"), say.t("claims-offset-help-wrong-text"));
    let mut about = Details::new()
        .part(say.t("claims-offset-state"), &list::tag(say, period))
        .row(say.t("claims-offset-lasts"), lasts(say, &period.period))
        .row(say.t("claims-offset-begun-at"), say.date_time(period.started));
    let mut body = Stack::new().add(&BackLink::new(say, LIST).label(say.t("claims-offset-to-list")));
    body = match &period.closed {
        None => {
            let again = Action::link(say.t("claims-offset-again"), month_path(month)).primary();
            let jobs = Action::link(say.t("claims-offset-jobs"), "/claims/desk/jobs?kind=claims.offset");
            body.add(&about).text(&say.t("claims-offset-closing-text")).add(&Actions::new(vec![again, jobs]))
        }
        Some(closing) => {
            let encoding = match period.encoding {
                Encoding::Cp932 => "Shift_JIS",
                Encoding::Utf8 | Encoding::Utf8Mark => "UTF-8",
            };
            let hash: String = closing.sha256.iter().map(|octet| format!("{octet:02x}")).collect();
            about = about
                .row(say.t("claims-offset-closed-at"), say.date_time(closing.at))
                .row(
                    say.t("claims-offset-holders"),
                    say.number(i64::try_from(closing.holders).unwrap_or(i64::MAX)),
                )
                .row(say.t("claims-offset-encoding"), encoding)
                .row("SHA-256", hash);
            let file = Action::file(say.t("claims-offset-file"), format!("{}/file.csv", month_path(month)));
            body.add(&facts(say, &closing.sums).row(say.t("claims-offset-tax"), say.yen(closing.sums.tax)))
                .add(&Actions::new(vec![file.primary()]))
                .add(&about)
                .text(&say.t("claims-offset-closed-text"))
        }
    };
    let title = say.t("claims-offset-one");
    Shown::new(frame, title, body)
}
