//! 締め: what would be in the file is looked over before a month is closed (C18).

use super::{super::Shown, LIST, below_list, called, facts, lasts, month_of, month_path};
use crate::{
    Claims,
    service::{OpenPeriod, manager_only, offset_no_month},
    web::Staff,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_gate::CheckedForm;
use kit_web::{
    Frame, Refused, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Form, Undo, Warning},
    see_other,
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(month): Path<String>,
) -> Result<Response, Refused> {
    manager_only(&staff.doer())?;
    let month = month_of(&month)?;
    let open = claims.offsets(staff.scope()).await?.open.filter(|open| open.period.month == month);
    match open {
        Some(open) => Ok(content(frame, &open, staff.session.csrf.as_str()).ok()),
        // Closed meanwhile: its page says so. Anything else does not exist.
        None => match claims.offset_period(staff.scope(), month).await {
            Ok(_) => Ok(see_other(&month_path(month))),
            Err(_) => Err(offset_no_month().into()),
        },
    }
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    Path(month): Path<String>,
    CheckedForm { .. }: CheckedForm,
) -> Result<Response, Refused> {
    let month = month_of(&month)?;
    claims.close_offset(staff.scope(), month, staff.doer()).await?;
    Ok(see_other(&month_path(month)))
}

/// The page.
pub(super) fn content(frame: Frame, open: &OpenPeriod, csrf: &str) -> Shown {
    let say = &frame.say.clone();
    let month = open.period.month;
    let frame = below_list(frame)
        .caption(called(say, month))
        .help(say.t("claims-offset-help-what"), say.t("claims-offset-help-what-text"));
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-offset-to-list")))
        .text(&lasts(say, &open.period))
        .add(&facts(say, &open.sums));
    let body = if open.uncharged > 0 {
        let n = [("n", say.number(i64::try_from(open.uncharged).unwrap_or(i64::MAX)).into())];
        let banner = Banner::new(say, Tone::Danger, say.with("claims-offset-uncharged", n));
        body.add(&banner.text(say.t("claims-offset-uncharged-text")))
    } else if open.over {
        let warning = Warning::new(say, say.t("claims-offset-close-warning"), &Undo::Never);
        let form = Form::new(format!("{}/close", month_path(month)), csrf, say.t("claims-offset-close-do"))
            .part(&warning)
            .cancel(say.t("claims-fed-cancel"), LIST);
        body.add(&form)
    } else {
        let day = [("day", say.date(open.period.ends.plus_micros(1)).into())];
        let back = Action::link(say.t("claims-offset-to-list"), LIST).primary();
        body.add(&Banner::new(say, Tone::Info, say.with("claims-offset-next-day", day)))
            .add(&Actions::new(vec![back]))
    };
    let title = say.t("claims-offset-close-check");
    Shown::new(frame, title, body)
}
