//! A run: how far it is, what became of each of its lines, and what happens next. While it goes on the page comes anew by
//! itself, without a script.

use super::{super::Shown, below_list, figure, list::tone, run_of, run_path};
use crate::{
    Claims, RunLine,
    service::{RUN_LINES, RunFile},
    status::Hat,
    web::{
        Staff,
        federation::{case_path, facts, query, span},
    },
    words::Rejection,
    work::{LineState, RunState, Work},
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, header},
    response::Response,
};
use kit_desk::Capacity;
use kit_gate::CheckedForm;
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Cell, Column, Details, Form, Line, Progress, Table, Tag},
    see_other,
};

/// After how many seconds the page of a run that goes on comes anew.
const AGAIN: &str = "5";

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let id = run_of(&id)?;
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let after = form.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let refused = form.get("only") == Some(LineState::Refused.slug());
    let file = claims.run(staff.scope(), id).await?;
    let lines = claims.run_lines(staff.scope(), id, refused, after).await?;
    let view = View { file: &file, lines: &lines, refused, after, hat: staff.hat };
    let goes_on = file.run.state.goes_on();
    let undo = claims.settings().undo_seconds;
    let mut answer = content(frame, &view, staff.session.csrf.as_str(), undo).ok();
    // Who reads further lines is left alone.
    if goes_on && after == 0 {
        answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static(AGAIN));
    }
    Ok(answer)
}

pub(super) async fn stop(
    State(claims): State<Claims>,
    staff: Staff,
    Path(id): Path<String>,
    CheckedForm { .. }: CheckedForm,
) -> Result<Response, Refused> {
    let id = run_of(&id)?;
    claims.stop_run(staff.scope(), id, staff.doer()).await?;
    Ok(see_other(&run_path(id)))
}

/// What the page shows.
pub(super) struct View<'a> {
    pub(super) file: &'a RunFile,
    pub(super) lines: &'a [RunLine],
    /// Whether those that were refused are shown alone.
    pub(super) refused: bool,
    /// The line after which it begins.
    pub(super) after: i64,
    pub(super) hat: Hat,
}

/// The page.
pub(super) fn content(frame: Frame, view: &View<'_>, csrf: &str, undo_seconds: u32) -> Shown {
    let RunFile { run, .. } = view.file;
    let say = &frame.say.clone();
    let frame = below_list(frame).wide().help(say.t("claims-run-help"), say.t("claims-run-help-text"));
    let path = run_path(run.id);
    let ended = figure(run.done + run.refused);
    let mut progress = Progress::new(say, say.t("claims-run-progress"), ended, figure(run.total), &path);
    if run.refused > 0 {
        progress = progress.failed(figure(run.refused), refused_path(&path));
    }
    if run.state == RunState::Stopped {
        progress = progress.stopped();
    }
    let mut body = Stack::new()
        .add(&BackLink::new(say, super::LIST).label(say.t("claims-run-to-list")))
        .add(&next(say, view.file, undo_seconds))
        .add(&progress)
        .add(&about(say, view.file));
    if run.state.goes_on() && view.hat == Hat::Manager {
        let stop = Form::new(format!("{path}/stop"), csrf, say.t("claims-run-stop"))
            .danger()
            .part(&Banner::new(say, Tone::Attention, say.t("claims-run-stop-text")));
        body = body.add(&stop);
    }
    let mut ways = vec![Action::file(say.t("claims-run-csv"), format!("{path}/lines.csv")).quiet()];
    if view.refused {
        ways.push(Action::link(say.t("claims-run-all-lines"), &path).quiet());
    } else if run.refused > 0 {
        ways.push(Action::link(say.t("claims-run-refused-lines"), refused_path(&path)).quiet());
    }
    if view.after > 0 {
        ways.push(Action::link(say.t("claims-run-first"), here(&path, view.refused, 0)).quiet());
    }
    if let (Some(last), true) = (view.lines.last(), view.lines.len() == RUN_LINES as usize) {
        ways.push(Action::link(say.t("claims-run-more"), here(&path, view.refused, last.ended.n)).quiet());
    }
    let body = body.add(&table(say, view)).add(&Actions::new(ways));
    Shown::new(frame, say.text(&run.work.label()), body)
}

pub(super) fn refused_path(path: &str) -> String {
    here(path, true, 0)
}

/// The address of the lines after one.
fn here(path: &str, refused: bool, after: i64) -> String {
    let only = refused.then(|| ("only", LineState::Refused.slug().to_owned()));
    let after = (after > 0).then(|| ("after", after.to_string()));
    query::with_query(path, &only.into_iter().chain(after).collect::<Vec<_>>())
}

/// How it stands, and what happens next.
fn next(say: &Say, RunFile { run, .. }: &RunFile, undo_seconds: u32) -> Banner {
    let undo = match &run.work {
        Work::Notify(_) | Work::Import => String::new(),
        _ => say.with("claims-run-undo", [("span", span(say, undo_seconds).into())]),
    };
    match run.state {
        RunState::Loading => {
            Banner::new(say, Tone::Info, say.t("claims-run-loading")).text(say.t("claims-run-loading-text"))
        }
        RunState::Running => {
            let text = format!("{}{undo}", say.t("claims-run-running-text"));
            Banner::new(say, Tone::Info, say.t("claims-run-running")).text(text)
        }
        RunState::Stopped => {
            let text = format!("{}{undo}", say.t("claims-run-stopped-text"));
            Banner::new(say, Tone::Attention, say.t("claims-run-stopped")).text(text)
        }
        RunState::Done if run.refused > 0 => {
            let n = [("n", say.number(figure(run.refused)).into())];
            let text = format!("{}{undo}", say.t("claims-run-part-text"));
            Banner::new(say, Tone::Attention, say.with("claims-run-part", n)).text(text)
        }
        RunState::Done => Banner::new(say, Tone::Success, say.t("claims-run-over")).text(undo),
    }
}

fn about(say: &Say, RunFile { run, starter }: &RunFile) -> Details {
    let who = format!("{} {}", say.text(&run.capacity.label()), starter.as_deref().unwrap_or_default());
    let mut details = Details::new()
        .part(say.t("claims-run-state"), &Tag::new(tone(run), say.text(&run.state.label())))
        .row(say.t("claims-run-who"), who.trim());
    for (label, at) in [
        ("claims-run-created", Some(run.created)),
        ("claims-run-started", run.started),
        ("claims-run-finished", run.finished),
    ] {
        // keys: claims-run-created claims-run-started claims-run-finished
        if let Some(at) = at {
            details = details.row(say.t(label), say.date_time(at));
        }
    }
    said(say, details, &run.work)
}

/// What was said with the work: reason, message, who asked.
pub(super) fn said(say: &Say, details: Details, work: &Work) -> Details {
    match work {
        Work::Issue | Work::Import | Work::Reject(Rejection::Withdrawn) => details,
        Work::Reject(Rejection::Refused(reason)) => details.row(say.t("claims-fed-reject-reason"), reason),
        Work::Revoke(ask) => details
            .row(say.t("claims-fed-by"), facts::by(say, ask))
            .row(say.t("claims-fed-channel"), facts::channel(say, ask))
            .row(say.t("claims-fed-reason"), facts::reason(say, ask))
            .row(say.t("claims-fed-note"), &ask.note),
        Work::Notify(message) => details
            .row(say.t("claims-run-subject"), &message.subject)
            .row(say.t("claims-run-text"), &message.text),
    }
}

fn table(say: &Say, view: &View<'_>) -> Table {
    let columns = vec![
        Column::new(say.t("claims-run-line")).figures(),
        Column::new(say.t("claims-run-about-what")).whole(),
        Column::new(say.t("claims-run-whose")),
        Column::new(say.t("claims-run-result")),
        Column::new(say.t("claims-run-ended")).whole(),
    ];
    let lines = view.lines.iter().map(|line| {
        let subject = match &line.holder {
            Some(_) => Cell::link(&line.subject, case_path(&line.subject)),
            None => Cell::text(&line.subject),
        };
        let whose = match &line.holder {
            Some((number, name)) => Cell::two(name, number),
            None => Cell::text(""),
        };
        let label = line.ended.state.label();
        let state = say.text(&label);
        let told = line.ended.told.as_ref().map(|told| say.text(told)).unwrap_or_default();
        let result = match line.ended.state {
            LineState::Refused => Cell::marked(told, "", &Tag::new(Tone::Attention, state)),
            LineState::Waiting | LineState::Done => Cell::two(state, told),
        };
        let at = line.at.map(|at| say.short_date_time(at)).unwrap_or_default();
        Line::new(vec![Cell::text(line.ended.n.to_string()), subject, whose, result, Cell::text(at)])
    });
    let caption = if view.refused { "claims-run-refused-lines" } else { "claims-run-all-lines" };
    // keys: claims-run-refused-lines claims-run-all-lines
    Table::new(say, say.t(caption), columns, say.t("claims-run-no-lines")).lines(lines.collect())
}
