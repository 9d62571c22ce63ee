//! 一括処理の一覧: what was started, by whom and when, and how far it is.

use super::{super::Shown, LIST, REVOKE, figure, run_path};
use crate::{
    Claims,
    service::{RUNS_PAGE, RunFile},
    web::{Staff, federation::query},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use kit_desk::Capacity;
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Cell, Column, Line, Pager, Table, Tag},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let page = query::page(&form);
    let (runs, total) = claims.runs(staff.scope(), page).await?;
    Ok(content(frame, &runs, total, page).ok())
}

/// The page.
pub(super) fn content(frame: Frame, runs: &[RunFile], total: u64, page: u32) -> Shown {
    let say = &frame.say.clone();
    let frame = frame.wide().help(say.t("claims-run-help"), say.t("claims-run-help-text"));
    let ways = Actions::new(vec![
        Action::link(say.t("claims-run-choose"), super::super::LIST),
        Action::link(say.t("claims-run-revoke"), REVOKE),
    ]);
    let pager = Pager::numbered(say, figure(total), i64::from(RUNS_PAGE), i64::from(page) + 1, LIST);
    let body = Stack::new().text(&say.t("claims-run-about")).add(&ways).add(&table(say, runs)).add(&pager);
    Shown::new(frame, say.t("claims-run-list"), body)
}

fn table(say: &Say, runs: &[RunFile]) -> Table {
    let columns = vec![
        Column::new(say.t("claims-run-what")),
        Column::new(say.t("claims-run-at")).whole(),
        Column::new(say.t("claims-run-who")),
        Column::new(say.t("claims-run-state")).whole(),
        Column::new(say.t("claims-run-total")).figures(),
        Column::new(say.t("claims-run-done")).figures(),
        Column::new(say.t("claims-run-refused")).figures(),
    ];
    let lines = runs.iter().map(|RunFile { run, starter }| {
        Line::new(vec![
            Cell::link(say.text(&run.work.label()), run_path(run.id)),
            Cell::text(say.short_date_time(run.created)),
            Cell::two(starter.as_deref().unwrap_or_default(), say.text(&run.capacity.label())),
            Cell::part(&Tag::new(tone(run), say.text(&run.state.label()))),
            Cell::text(say.number(figure(run.total))),
            Cell::text(say.number(figure(run.done))),
            Cell::text(say.number(figure(run.refused))),
        ])
    });
    Table::new(say, say.t("claims-run-list"), columns, say.t("claims-run-none")).lines(lines.collect())
}

/// How loudly a run's state is said: one with refused lines asks to be looked at.
pub(super) fn tone(run: &crate::Run) -> Tone {
    use crate::work::RunState;
    match run.state {
        RunState::Loading | RunState::Running => Tone::Info,
        RunState::Stopped => Tone::Attention,
        RunState::Done if run.refused > 0 => Tone::Attention,
        RunState::Done => Tone::Success,
    }
}
