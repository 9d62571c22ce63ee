//! One mail: its text, every try to deliver it, and sending it again (K11).

use super::{OUTBOX, Shown, case_path, outbox};
use crate::{
    Claims,
    service::{self, MailFile},
    web::Staff,
};
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use core_words::UtcMicros;
use kit_gate::CheckedForm;
use kit_post::{Delivery, MailId, MailState};
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Cell, Column, Details, Line, Table},
    see_other,
};

/// A try that has been under way for so long is certainly dead: 1 hour.
const STUCK_MICROS: i64 = 3_600 * 1_000_000;

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let file = claims.mail(staff.scope(), mail_id(&id)?).await?;
    let queued = asked.as_deref() == Some("queued");
    Ok(content(frame, &file, staff.session.csrf.as_str(), queued).ok())
}

pub(super) async fn resend(
    State(claims): State<Claims>,
    staff: Staff,
    Path(id): Path<String>,
    CheckedForm { .. }: CheckedForm,
) -> Result<Response, Refused> {
    let id = mail_id(&id)?;
    claims.resend(staff.scope(), id, staff.doer()).await?;
    Ok(see_other(&format!("{OUTBOX}/{}?queued", id.0)))
}

/// Whoever comes to the address of the button by hand, or changes the language on a page of refusal, sees the mail.
pub(super) async fn resend_again(_: Staff, Path(id): Path<String>) -> Result<Response, Refused> {
    Ok(see_other(&format!("{OUTBOX}/{}", mail_id(&id)?.0)))
}

fn mail_id(text: &str) -> Result<MailId, Refused> {
    text.parse().map(MailId).map_err(|_| Refused(service::no_mail()))
}

/// Whether it can be sent again: it failed, or whoever sent it is dead.
fn can_resend(file: &MailFile, now: UtcMicros) -> bool {
    match file.mail.state {
        MailState::Failed => true,
        MailState::Sending => now.since(file.mail.changed) > STUCK_MICROS,
        MailState::Waiting | MailState::Sent => false,
    }
}

/// The page.
pub(super) fn content(frame: Frame, file: &MailFile, csrf: &str, queued: bool) -> Shown {
    let frame = frame.clone().crumb(frame.say.t("claims-fed-outbox"), OUTBOX);
    let say = &frame.say.clone();
    let mail = &file.mail;
    let frame = if queued && mail.state == MailState::Waiting {
        frame.flash(Banner::new(say, Tone::Success, say.t("claims-fed-mail-queued")))
    } else {
        frame
    };
    let mut details = Details::new()
        .part(say.t("claims-fed-mail-state"), &outbox::tag(say, mail.state))
        .row(say.t("claims-fed-mail-to"), mail.to.to_string())
        .row(say.t("claims-fed-mail-made"), say.date_time(mail.created));
    if let Some(sent) = mail.sent {
        details = details.row(say.t("claims-fed-mail-sent"), say.date_time(sent));
    }
    if let Some(number) = &mail.case {
        details = details.row(say.t("claims-fed-number"), number);
    }
    if let Some(id) = &mail.message_id {
        details = details.row(say.t("claims-fed-mail-id"), id);
    }
    let mut body = Stack::new().add(&BackLink::new(say, OUTBOX).label(say.t("claims-fed-to-mails")));
    if mail.may_be_double {
        body = body.add(
            &Banner::new(say, Tone::Attention, say.t("claims-fed-mail-double"))
                .text(say.t("claims-fed-mail-double-text")),
        );
    }
    let mut actions = Vec::new();
    if can_resend(file, frame.now) {
        let again = Action::post(
            say.t("claims-fed-mail-resend"),
            format!("{}/resend", outbox::mail_path(mail)),
            csrf,
        );
        actions.push(again.primary().consequence(say.t("claims-fed-mail-resend-consequence")));
    }
    if let Some(number) = &mail.case {
        actions.push(Action::link(say.t("claims-fed-to-case"), case_path(number)));
    }
    let body = body
        .add(&details)
        .add(&Actions::new(actions))
        .heading(&say.t("claims-fed-mail-text"))
        .text(&file.text)
        .add(&tries(say, &file.tries));
    let title = mail.subject.clone();
    Shown::new(frame, title, body)
}

fn tries(say: &Say, tries: &[Delivery]) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-try")).figures(),
        Column::new(say.t("claims-fed-try-begun")).whole(),
        Column::new(say.t("claims-fed-try-outcome")),
        Column::new(say.t("claims-fed-try-answer")),
    ];
    // keys: claims-fed-try-is-*
    let lines = tries.iter().map(|delivery| {
        let outcome = say.t(&format!("claims-fed-try-is-{}", delivery.outcome.name()));
        let code = delivery.code.map(|code| format!("{code} ")).unwrap_or_default();
        Line::new(vec![
            Cell::text(delivery.number.to_string()),
            Cell::text(say.short_date_time(delivery.begun)),
            Cell::text(outcome),
            Cell::text(format!("{code}{}", delivery.answer)),
        ])
    });
    Table::new(say, say.t("claims-fed-mail-tries-all"), columns, say.t("claims-fed-tries-none"))
        .lines(lines.collect())
}
