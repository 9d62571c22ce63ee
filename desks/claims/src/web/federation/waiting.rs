//! 申請者を待っているもの: cases whose applicants have something to fetch, or to pay, those that wait longest first.

use super::{HOME, Shown, case_path, list};
use crate::{
    Claims, Waiter, Waits,
    web::{Staff, show::tag},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_web::{
    Frame, Refused, Stack,
    parts::{BackLink, Cell, Column, Line, Table},
};

/// In the address: certificates to be downloaded.
pub(super) const DOWNLOAD: &str = "download";
/// In the address: fees that are due.
pub(super) const PAYMENT: &str = "payment";

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(what): Path<String>,
) -> Result<Response, Refused> {
    let waits = match what.as_str() {
        DOWNLOAD => Waits::Download,
        PAYMENT => Waits::Payment,
        _ => return Err(crate::no::no_case().into()),
    };
    let waiters = claims.waiters(staff.scope(), waits).await?;
    Ok(content(frame, waits, &waiters).ok())
}

/// The address of a list.
pub(super) fn path(what: &str) -> String {
    format!("{HOME}/waiting/{what}")
}

/// The page.
pub(super) fn content(frame: Frame, waits: Waits, waiters: &[Waiter]) -> Shown {
    let say = &frame.say.clone();
    let (title, about, since) = match waits {
        Waits::Download => ("claims-watch-download", "claims-watch-download-text", "claims-watch-issued-at"),
        Waits::Payment => ("claims-watch-overdue", "claims-watch-overdue-text", "claims-watch-due"),
    };
    // keys: claims-watch-*
    let frame = frame
        .crumb(say.t("claims-fed-overview"), HOME)
        .help(say.t("claims-watch-help-most"), say.t("claims-watch-help-most-text"));
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-fed-provider-name")),
        Column::new(say.t("claims-fed-status")).whole(),
        Column::new(say.t(since)),
    ];
    let lines = waiters.iter().map(|waiter| {
        Line::new(vec![
            Cell::link(&waiter.number, case_path(&waiter.number)),
            Cell::two(&waiter.holder_name, &waiter.holder_number),
            Cell::part(&tag(say, waiter.standing)),
            Cell::two(say.short_date_time(waiter.since), list::waited(say, waiter.since, frame.now)),
        ])
    });
    let table = Table::new(say, say.t(title), columns, say.t("claims-watch-none")).lines(lines.collect());
    let body = Stack::new()
        .add(&BackLink::new(say, HOME).label(say.t("claims-watch-to-overview")))
        .text(&say.t(about))
        .add(&table);
    let title = say.t(title);
    Shown::new(frame, title, body)
}
