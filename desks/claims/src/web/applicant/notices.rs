//! Notices: the list, and one of them, which counts as read once it was opened.

use super::{open_notice, parts};
use crate::{
    Claims, no,
    service::Board,
    web::{Applicant, attached},
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use kit_post::{Notice, Page};
use kit_web::{
    Frame, Refused, Stack, page,
    parts::{Action, Actions, BackLink, Notice as Line, NoticeList, Pager},
};
use serde::Deserialize;

/// Notices on one page.
const PAGE: u32 = 50;

/// Which page of the list, from 1. What is no number is the first.
#[derive(Deserialize, Default)]
pub(super) struct Which {
    #[serde(default)]
    page: String,
}

pub(super) async fn list(
    State(claims): State<Claims>,
    applicant: Applicant,
    Query(which): Query<Which>,
    frame: Frame,
) -> Result<Response, Refused> {
    let wanted = Page::new(which.page.parse().unwrap_or(1), PAGE);
    let board = claims.board(applicant.scope(), applicant.holder, wanted).await?;
    let (frame, body) = listed(frame, &board, wanted.number());
    Ok(page(&frame, &frame.say.t("claims-notices"), &body, StatusCode::OK))
}

/// The list.
pub(super) fn listed(frame: Frame, board: &Board, number: u32) -> (Frame, Stack) {
    let frame = parts::below_home(frame);
    let say = &frame.say;
    let lines = board.notices.rows.iter().map(|notice| Line {
        subject: say.text(&notice.subject).to_owned(),
        href: format!("/claims/notices/{}", notice.id.0),
        at: notice.created,
        read: notice.read.is_some(),
    });
    let total = i64::try_from(board.notices.total).unwrap_or(i64::MAX);
    let mut body = Stack::new();
    if board.unread > 0 {
        body = body.text(&say.with("claims-home-unread", &[("count", board.unread.into())]));
    }
    body = body.add(&NoticeList::new(say, lines.collect()));
    if total > i64::from(PAGE) {
        body = body.add(&Pager::numbered(say, total, PAGE.into(), number.into(), "/claims/notices"));
    }
    (frame, body)
}

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let id = id.parse().map_err(|_| no::no_notice())?;
    let notice = claims.read_notice(applicant.scope(), applicant.holder, id).await?;
    let (frame, body) = one(frame, &notice);
    let title = frame.say.text(&notice.subject).to_owned();
    Ok(page(&frame, &title, &body, StatusCode::OK))
}

/// One notice.
pub(super) fn one(frame: Frame, notice: &Notice) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .crumb(say.t("claims-notices"), "/claims/notices")
        .caption(say.date_time(notice.created));
    let mut body = Stack::new().text(say.text(&notice.body));
    if let Some(file) = &notice.file {
        let fetched = match file.fetched {
            Some(at) => say.with("claims-notice-file-fetched", &[("time", say.date_time(at).into())]),
            None => say.t("claims-notice-file-new"),
        };
        let save = Action::file(
            say.with("claims-notice-file", &[("name", file.name.as_str().into())]),
            format!("/claims/notices/{}/file", notice.id.0),
        );
        let open = Action::link(say.t("claims-open-notice-title"), open_notice::PATH);
        let open = file.name.ends_with(".p7m").then_some(open);
        let actions = std::iter::once(save.primary()).chain(open).collect();
        body = body.text(&fetched).add(&Actions::new(actions));
    }
    if let Some(link) = &notice.link {
        let case = Action::link(say.t("claims-to-case"), link);
        let case = if notice.file.is_none() { case.primary() } else { case };
        body = body.add(&Actions::new(vec![case]));
    }
    (frame, body.add(&BackLink::new(say, "/claims/notices").label(say.t("claims-notices-back"))))
}

/// The file of a notice.
pub(super) async fn file(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let id = id.parse().map_err(|_| no::no_notice())?;
    let file = claims.notice_file(applicant.scope(), applicant.holder, id, applicant.doer()).await?;
    Ok(attached(&file.media_type, &file.name, file.octets))
}
