//! 証明書の削除: what was revoked or has ended long enough ago, and may go (C13). A look changes nothing.

use super::{
    super::{Shown, case_path, query},
    DELETION,
};
use crate::{
    Claims, Deletion, PAGE,
    service::{Deletable, MOST_DELETED},
    web::{Staff, show::tag},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use kit_web::{
    FormData, Frame, Refused, Say, Stack,
    parts::{Action, Actions, Cell, Column, Details, Line, Pager, Table},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let page = query::page(&form);
    let deletable = claims.deletable(staff.scope(), page, staff.hat).await?;
    Ok(content(frame, &deletable, page, claims.settings().ending.keep_days).ok())
}

/// The page.
pub(super) fn content(frame: Frame, deletable: &Deletable, page: u32, keep_days: u32) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .wide()
        .help(say.t("claims-end-help-archive"), say.t("claims-end-help-archive-text"))
        .help(say.t("claims-end-help-never"), say.t("claims-end-help-never-text"));
    let total = deletable.ended + deletable.revoked;
    let mut body = Stack::new()
        .text(&say.with("claims-end-deletion-about", [("days", keep_days.into())]))
        .add(&counts(say, deletable));
    if total > 0 {
        let go = Action::link(say.t("claims-end-to-check"), format!("{DELETION}/check"));
        body = body.add(&Actions::new(vec![go.primary()]));
    }
    let figure = i64::try_from(total).unwrap_or(i64::MAX);
    let body = body
        .add(&table(say, deletable))
        .add(&Pager::numbered(say, figure, i64::from(PAGE), i64::from(page) + 1, DELETION))
        .add(&deletions(say, &deletable.deletions));
    Shown::new(frame, say.t("claims-end-deletion"), body)
}

/// How many would go.
pub(super) fn counts(say: &Say, deletable: &Deletable) -> Details {
    let figure = |count: u64| say.number(i64::try_from(count).unwrap_or(i64::MAX));
    let total = deletable.ended + deletable.revoked;
    let details = Details::new()
        .row(say.t("claims-end-before"), say.date(deletable.before.plus_micros(-1)))
        .row(say.t("claims-end-count-ended"), figure(deletable.ended))
        .row(say.t("claims-end-count-revoked"), figure(deletable.revoked));
    match total > u64::from(MOST_DELETED) {
        true => details.row(
            say.t("claims-end-at-once"),
            say.with("claims-end-at-once-text", [("n", figure(u64::from(MOST_DELETED)).into())]),
        ),
        false => details,
    }
}

fn table(say: &Say, deletable: &Deletable) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-fed-status")).whole(),
        Column::new(say.t("claims-end-ended-on")).whole(),
        Column::new(say.t("claims-fed-provider-number")).whole(),
        Column::new(say.t("claims-fed-provider-name")),
    ];
    let lines = deletable.lines.iter().map(|line| {
        Line::new(vec![
            Cell::link(&line.number, case_path(&line.number)),
            Cell::part(&tag(say, line.standing)),
            // The end itself is the first moment after the certificate.
            Cell::text(say.short_date(line.ended.plus_micros(-1))),
            Cell::text(&line.holder_number),
            Cell::text(&line.holder_name),
        ])
    });
    Table::new(say, say.t("claims-end-would-go"), columns, say.t("claims-end-nothing")).lines(lines.collect())
}

fn deletions(say: &Say, deletions: &[Deletion]) -> Table {
    let columns = vec![
        Column::new(say.t("claims-end-archive-number")).whole(),
        Column::new(say.t("claims-end-asked")).whole(),
        Column::new(say.t("claims-end-deleted")).figures(),
        Column::new(say.t("claims-end-stage")).whole(),
    ];
    let lines = deletions.iter().map(|deletion| {
        Line::new(vec![
            Cell::link(&deletion.number, format!("{DELETION}/{}", deletion.number)),
            Cell::text(say.short_date_time(deletion.asked)),
            Cell::text(say.number(i64::try_from(deletion.deleted).unwrap_or(i64::MAX))),
            Cell::text(super::under_way::stage(say, deletion.stage)),
        ])
    });
    Table::new(say, say.t("claims-end-deletions"), columns, say.t("claims-end-deletions-none"))
        .lines(lines.collect())
}
