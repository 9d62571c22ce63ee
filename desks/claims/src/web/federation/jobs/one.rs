//! One job that stopped: why, and running it again (K10).

use super::{
    super::{Shown, case_path},
    LIST, below_list,
};
use crate::{Claims, service::StuckJob, status::Hat, web::Staff};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_gate::CheckedForm;
use kit_jobs::JobId;
use kit_web::{
    Frame, Refused, Stack,
    parts::{Action, Actions, BackLink, Details},
    see_other,
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let stuck = claims.stuck_job(staff.scope(), job_id(&id)).await?;
    Ok(content(frame, &stuck, staff.hat, staff.session.csrf.as_str()).ok())
}

pub(super) async fn rerun(
    State(claims): State<Claims>,
    staff: Staff,
    Path(id): Path<String>,
    CheckedForm { .. }: CheckedForm,
) -> Result<Response, Refused> {
    claims.rerun(staff.scope(), job_id(&id), staff.doer()).await?;
    Ok(see_other(&format!("{LIST}?queued")))
}

/// Whoever comes to the address of the button by hand sees the job.
pub(super) async fn again(_: Staff, Path(id): Path<String>) -> Response {
    see_other(&format!("{LIST}/{}", job_id(&id).0))
}

/// The number in a path; what is none is the number of no job.
fn job_id(text: &str) -> JobId {
    JobId(text.parse().unwrap_or(0))
}

/// The page.
pub(super) fn content(frame: Frame, stuck: &StuckJob, hat: Hat, csrf: &str) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let frame = frame.help(say.t("claims-jobs-help-stopped"), say.t("claims-jobs-help-stopped-text"));
    let StuckJob { name, case, job } = stuck;
    let mut facts = Details::new()
        .row(say.t("claims-jobs-what"), say.text(name))
        .row(say.t("claims-jobs-made-at"), say.date_time(job.created))
        .row(say.t("claims-jobs-stopped-at"), say.date_time(job.given_up))
        .row(say.t("claims-jobs-tries"), job.attempts.to_string())
        .row(say.t("claims-jobs-error"), &job.last_error);
    if let Some(number) = case {
        facts = facts.row(say.t("claims-fed-number"), number);
    }
    let mut actions = Vec::new();
    if hat == Hat::Manager {
        let again = Action::post(say.t("claims-jobs-rerun"), format!("{LIST}/{}/rerun", job.id.0), csrf);
        actions.push(again.primary().consequence(say.t("claims-jobs-rerun-consequence")));
    }
    if let Some(number) = case {
        actions.push(Action::link(say.t("claims-fed-to-case"), case_path(number)));
    }
    let mut body =
        Stack::new().add(&BackLink::new(say, LIST).label(say.t("claims-jobs-to-list"))).add(&facts);
    if hat != Hat::Manager {
        body = body.text(&say.t("claims-jobs-managers"));
    }
    let body = body.add(&Actions::new(actions));
    Shown::new(frame, say.t("claims-jobs-one"), body)
}
