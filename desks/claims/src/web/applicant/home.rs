//! 「証明書」: everything that the applicant applied for, each with its 〈状況〉 (C4).

use super::parts;
use crate::{
    Claims, Line,
    service::{Board, CaseFile},
    store::holders::Holder,
    tell,
    web::{Applicant, number, show},
    words::HolderKind,
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::Text;
use kit_desk::Status;
use kit_post::Page;
use kit_web::{
    Frame, Refused, Say, Stack, Tone, page,
    parts::{Action, Actions, Cell, Column, Line as Row, Notice, NoticeList, StatusTag, Table},
};
use std::collections::BTreeSet;

/// So many unread notices are shown above the list.
const NEWS: usize = 3;

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
) -> Result<Response, Refused> {
    let (scope, id) = (applicant.scope(), applicant.holder);
    let holder = claims.holder(id).await?;
    let lines = claims.own_cases(id).await?;
    let lost = claims.lost_cases(id).await?;
    let newest = match lines.first() {
        Some(line) => Some(claims.own_case(scope.clone(), id, number(&line.number)?, applicant.hat).await?),
        None => None,
    };
    let board = claims.board(scope, id, Page::first()).await?;
    let (csrf, contact) = (applicant.session.csrf.as_str().to_owned(), claims.settings().contact.clone());
    let (frame, body) = Shown { holder, lines, lost, newest, board, csrf, contact }.content(frame);
    Ok(page(&frame, &frame.say.t("claims-certificates"), &body, StatusCode::OK))
}

/// What the page shows.
pub(super) struct Shown {
    pub(super) holder: Holder,
    pub(super) lines: Vec<Line>,
    /// The numbers of those that were issued and that nobody can use.
    pub(super) lost: BTreeSet<String>,
    pub(super) newest: Option<CaseFile>,
    pub(super) board: Board,
    pub(super) csrf: String,
    pub(super) contact: Text,
}

impl Shown {
    pub(super) fn content(&self, frame: Frame) -> (Frame, Stack) {
        let say = &frame.say.clone();
        let mut frame = frame;
        if self.lines.is_empty() {
            frame = frame.help(say.t("claims-help-first"), say.t("claims-help-first-text"));
        }
        let frame = parts::ask(frame, &self.contact);
        let who =
            [("name", self.holder.name.as_str().into()), ("number", self.holder.number.as_str().into())];
        let whose = match self.holder.number.kind() {
            HolderKind::Provider => "claims-home-whose",
            HolderKind::Agent => "claims-home-whose-agent",
        };
        // keys: claims-home-whose*
        let mut body = Stack::new().text(&say.with(whose, &who));
        if self.board.unread > 0 {
            body = self.news(say, body);
        }
        if let Some(file) = &self.newest {
            let mut actions = parts::actions(say, file, &self.csrf);
            let see = Action::link(say.t("claims-home-see"), tell::path(&file.case.number)).quiet();
            actions.actions.push(see);
            let panel = show::status_panel(say, file, actions);
            body = body.heading(&say.t("claims-home-newest")).add(&panel);
        }
        body = body.add(&self.table(say));
        let one_by_one = self.holder.number.kind() == HolderKind::Provider;
        let waiting = self.lines.iter().find(|line| one_by_one && parts::unsettled(line.standing));
        let body = match waiting {
            Some(line) => {
                body.text(&say.with("claims-home-wait", &[("number", line.number.as_str().into())]))
            }
            None if self.lines.is_empty() => body,
            None => body.add(&Actions::new(vec![Action::link(say.t("claims-apply"), "/claims/apply")])),
        };
        let body = body.add(&parts::LostPassword::new(say));
        (frame, body)
    }

    fn news(&self, say: &Say, body: Stack) -> Stack {
        let unread = self.board.notices.rows.iter().filter(|notice| notice.read.is_none()).take(NEWS);
        let unread = unread.map(|notice| Notice {
            subject: say.text(&notice.subject).to_owned(),
            href: format!("/claims/notices/{}", notice.id.0),
            at: notice.created,
            read: false,
        });
        let all = Action::link(say.t("claims-notices-all"), "/claims/notices").quiet();
        body.heading(&say.with("claims-home-unread", &[("count", self.board.unread.into())]))
            .add(&NoticeList::new(say, unread.collect()))
            .add(&Actions::new(vec![all]))
    }

    fn table(&self, say: &Say) -> Table {
        let columns = [say.t("claims-case-number"), say.t("claims-status"), say.t("claims-applied-on")]
            .map(Column::new);
        let columns = columns.map(Column::whole).to_vec();
        let lines = self.lines.iter().map(|line| {
            let status = match self.lost.contains(&line.number) {
                // Issued, and of no use to anybody.
                true => {
                    let lost = StatusTag::new(Tone::Neutral, say.t("claims-card-lost"));
                    Cell::marked(say.text(&line.standing.label()), "", &lost)
                }
                false => Cell::part(&show::tag(say, line.standing)),
            };
            Row::new(vec![
                Cell::link(&line.number, tell::path(&line.number)),
                status,
                Cell::text(say.short_date(line.applied)),
            ])
        });
        Table::new(say, say.t("claims-home-all"), columns, say.t("claims-home-empty"))
            .lines(lines.collect())
            .empty_action(Action::link(say.t("claims-apply"), "/claims/apply").primary())
    }
}
