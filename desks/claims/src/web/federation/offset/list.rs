//! 手数料の相殺の一覧: the open month, those that are closed, and corrections (C18).

use super::{super::Shown, super::case_path, LIST, called, facts, lasts, month_path};
use crate::{Claims, ClosedPeriod, service::Offsets, status::Hat, web::Staff};
use axum::{extract::State, response::Response};
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Banner, Cell, Column, Line, StatusTag, Table},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
) -> Result<Response, Refused> {
    let offsets = claims.offsets(staff.scope()).await?;
    Ok(content(frame, &offsets, staff.hat).ok())
}

/// The page.
pub(super) fn content(frame: Frame, offsets: &Offsets, hat: Hat) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .help(say.t("claims-offset-help-what"), say.t("claims-offset-help-what-text"))
        .help(say.t("claims-offset-help-wrong"), say.t("claims-offset-help-wrong-text"));
    let mut body = Stack::new().text(&say.t("claims-offset-about"));
    let mut actions = Vec::new();
    if let Some(open) = &offsets.open {
        let title = [("month", called(say, open.period.month).into())];
        body = body.heading(&say.with("claims-offset-open", title)).text(&lasts(say, &open.period));
        if open.uncharged > 0 {
            let n = [("n", say.number(i64::try_from(open.uncharged).unwrap_or(i64::MAX)).into())];
            body = body.add(
                &Banner::new(say, Tone::Danger, say.with("claims-offset-uncharged", n))
                    .text(say.t("claims-offset-uncharged-text")),
            );
        }
        body = body.add(&facts(say, &open.sums)).text(&next(say, offsets));
        if open.over && hat == Hat::Manager {
            let close = Action::link(
                say.t("claims-offset-close"),
                format!("{}/close", month_path(open.period.month)),
            );
            actions.push(close.primary());
        }
    } else {
        body = body.text(&say.t("claims-offset-closing-now"));
    }
    if hat == Hat::Manager {
        let correct = Action::link(say.t("claims-offset-correct"), format!("{LIST}/correct"));
        actions.push(correct.consequence(say.t("claims-offset-correct-about")));
    }
    let body = body.add(&Actions::new(actions)).add(&months(say, offsets)).add(&corrections(say, offsets));
    Shown::new(frame, say.t("claims-offset-list"), body)
}

/// What happens next to the open month, who does it and when.
fn next(say: &Say, offsets: &Offsets) -> String {
    let Some(open) = &offsets.open else { return String::new() };
    let day = [("day", say.date(open.period.ends.plus_micros(1)).into())];
    match (open.over, offsets.by_itself) {
        (true, true) => say.t("claims-offset-next-soon"),
        (true, false) => say.t("claims-offset-next-now"),
        (false, true) => say.with("claims-offset-next-itself", day),
        (false, false) => say.with("claims-offset-next-day", day),
    }
}

/// Whether a month is closed, as a tag.
pub(super) fn tag(say: &Say, period: &ClosedPeriod) -> StatusTag {
    match period.closed {
        Some(_) => StatusTag::new(Tone::Success, say.t("claims-offset-is-closed")),
        None => StatusTag::new(Tone::Info, say.t("claims-offset-is-closing")),
    }
}

fn months(say: &Say, offsets: &Offsets) -> Table {
    let columns = vec![
        Column::new(say.t("claims-offset-month")).whole(),
        Column::new(say.t("claims-offset-state")).whole(),
        Column::new(say.t("claims-offset-charges")).figures(),
        Column::new(say.t("claims-offset-total")).figures(),
        Column::new(say.t("claims-offset-closed-at")),
    ];
    let lines = offsets.closed.iter().map(|period| {
        let (count, total, at) = match &period.closed {
            Some(closing) => (
                say.number(i64::try_from(closing.sums.charges).unwrap_or(i64::MAX)),
                say.yen(closing.sums.total()),
                say.short_date_time(closing.at),
            ),
            None => Default::default(),
        };
        let month = period.period.month;
        Line::new(vec![
            Cell::link(called(say, month), month_path(month)),
            Cell::part(&tag(say, period)),
            Cell::text(count),
            Cell::text(total),
            Cell::text(at),
        ])
    });
    Table::new(say, say.t("claims-offset-months"), columns, say.t("claims-offset-months-none"))
        .lines(lines.collect())
}

fn corrections(say: &Say, offsets: &Offsets) -> Table {
    let columns = vec![
        Column::new(say.t("claims-offset-at")).whole(),
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-offset-amount")).figures(),
        Column::new(say.t("claims-offset-note")),
        Column::new(say.t("claims-offset-file-of")).whole(),
    ];
    let lines = offsets.corrections.iter().map(|correction| {
        let file = match correction.month {
            Some(month) => Cell::link(called(say, month), month_path(month)),
            None => Cell::text(say.t("claims-offset-not-yet")),
        };
        Line::new(vec![
            Cell::text(say.short_date_time(correction.at)),
            Cell::link(&correction.case, case_path(&correction.case)),
            Cell::text(say.yen(correction.amount)),
            Cell::text(&correction.note),
            file,
        ])
    });
    Table::new(say, say.t("claims-offset-corrections"), columns, say.t("claims-offset-corrections-none"))
        .lines(lines.collect())
}
