//! 自動処理の一覧: by kind, what stopped, and what comes round (K10).

use super::{
    super::{Shown, case_path, list::waited},
    LIST,
};
use crate::{
    Claims,
    service::{JOB_LATE_MICROS, Jobs, job_due_since},
    web::Staff,
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use core_words::UtcMicros;
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Banner, Cell, Column, Line, Table, Tag},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let jobs = claims.jobs(staff.scope()).await?;
    Ok(content(frame, &jobs, asked.as_deref() == Some("queued")).ok())
}

/// The page.
pub(super) fn content(frame: Frame, jobs: &Jobs, queued: bool) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .help(say.t("claims-jobs-help-what"), say.t("claims-jobs-help-what-text"))
        .help(say.t("claims-jobs-help-stopped"), say.t("claims-jobs-help-stopped-text"));
    let frame = match queued {
        true => frame.flash(Banner::new(say, Tone::Success, say.t("claims-jobs-queued"))),
        false => frame,
    };
    let body = Stack::new()
        .text(&say.t("claims-jobs-about"))
        .add(&stopped(say, jobs))
        .add(&kinds(say, jobs, frame.now))
        .add(&schedules(say, jobs));
    Shown::new(frame, say.t("claims-jobs-list"), body)
}

fn stopped(say: &Say, jobs: &Jobs) -> Table {
    let columns = vec![
        Column::new(say.t("claims-jobs-what")),
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-jobs-stopped-at")).whole(),
        Column::new(say.t("claims-jobs-tries")).figures(),
    ];
    let lines = jobs.given_up.iter().map(|stuck| {
        let case = match &stuck.case {
            Some(number) => Cell::link(number, case_path(number)),
            None => Cell::text(""),
        };
        Line::new(vec![
            Cell::link(say.text(&stuck.name), format!("{LIST}/{}", stuck.job.id.0)),
            case,
            Cell::text(say.short_date_time(stuck.job.given_up)),
            Cell::text(stuck.job.attempts.to_string()),
        ])
    });
    Table::new(say, say.t("claims-jobs-stopped"), columns, say.t("claims-jobs-stopped-none"))
        .lines(lines.collect())
}

fn kinds(say: &Say, jobs: &Jobs, now: UtcMicros) -> Table {
    let columns = vec![
        Column::new(say.t("claims-jobs-what")),
        Column::new(say.t("claims-jobs-waiting")).figures(),
        Column::new(say.t("claims-jobs-running")).figures(),
        Column::new(say.t("claims-jobs-since")),
    ];
    let count = |n: u64| say.number(i64::try_from(n).unwrap_or(i64::MAX));
    let lines = jobs.kinds.iter().map(|kind| {
        let gauge = &kind.gauge;
        let since = match job_due_since(gauge, now) {
            Some(at) if now.since(at) > JOB_LATE_MICROS => {
                let late = Tag::new(Tone::Attention, say.t("claims-fed-late"));
                Cell::marked(say.short_date_time(at), waited(say, at, now), &late)
            }
            Some(at) => Cell::two(say.short_date_time(at), waited(say, at, now)),
            None => Cell::text(""),
        };
        Line::new(vec![
            Cell::text(say.text(&kind.name)),
            Cell::text(count(gauge.waiting)),
            Cell::text(count(gauge.running)),
            since,
        ])
    });
    Table::new(say, say.t("claims-jobs-kinds"), columns, say.t("claims-jobs-kinds-none"))
        .lines(lines.collect())
}

fn schedules(say: &Say, jobs: &Jobs) -> Table {
    let columns = vec![
        Column::new(say.t("claims-jobs-what")),
        Column::new(say.t("claims-jobs-next")).whole(),
        Column::new(say.t("claims-jobs-last")).whole(),
    ];
    let lines = jobs.schedules.iter().map(|(name, schedule)| {
        Line::new(vec![
            Cell::text(say.text(name)),
            Cell::text(say.short_date_time(schedule.next_due)),
            Cell::text(schedule.fired.map_or_else(String::new, |at| say.short_date_time(at))),
        ])
    });
    Table::new(say, say.t("claims-jobs-schedules"), columns, say.t("claims-jobs-schedules-none"))
        .lines(lines.collect())
}
