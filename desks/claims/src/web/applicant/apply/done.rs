//! 完了: the application has arrived, under which number, and what happens now.

use crate::{
    Claims,
    service::CaseFile,
    tell,
    web::{Applicant, applicant::parts, number},
    words::Pays,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::Text;
use kit_web::{
    Frame, Refused, Stack, page,
    parts::{Action, Actions, Done, NextStep, Steps},
};

pub(in crate::web::applicant) async fn done(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let file = claims.own_case(applicant.scope(), applicant.holder, number(&no)?, applicant.hat).await?;
    let (frame, body) = done_page(frame, &file, &claims.settings().contact);
    Ok(page(&frame, &frame.say.t("claims-applied-title"), &body, StatusCode::OK))
}

/// The page.
pub(in crate::web::applicant) fn done_page(frame: Frame, file: &CaseFile, contact: &Text) -> (Frame, Stack) {
    let number = file.case.number.as_str();
    let application = file.case.case.application();
    let email = application.email.as_str();
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .help(say.t("claims-help-long"), say.t("claims-help-long-text"))
        .help(say.t("claims-help-withdraw"), say.t("claims-help-withdraw-text"));
    let frame = parts::ask(frame, contact);
    let path = tell::path(number);
    let first = match application.pays {
        Pays::Offset(_) => {
            NextStep::new(say.t("claims-next-applied-provider")).who(say, say.t("claims-next-applied-who"))
        }
        Pays::Transfer { due } => NextStep::new(say.t("claims-next-awaiting-payment-provider"))
            .who(say, say.t("claims-next-awaiting-payment-who"))
            .by_when(say, say.with("claims-pay-by", [("day", say.date(due).into())])),
    };
    let mail = NextStep::new(say.with("claims-applied-mail", &[("email", email.into())]))
        .who(say, say.t("claims-applied-mail-who"));
    let fetch = NextStep::new(say.t("claims-applied-fetch")).who(say, say.t("claims-next-issued-fetch-who"));
    let mut ways = vec![Action::link(say.t("claims-to-case"), &path).primary()];
    if matches!(application.pays, Pays::Transfer { .. }) {
        ways.push(Action::file(say.t("claims-invoice"), format!("{path}/invoice.pdf")));
    }
    ways.push(Action::file(say.t("claims-receipt"), format!("{path}/receipt.pdf")));
    let done = Done::new(say, say.t("claims-applied"))
        .number(say.t("claims-case-number"), number)
        .next(first)
        .next(mail)
        .next(fetch)
        .actions(Actions::new(ways));
    (frame, Stack::new().add(&Steps::done(say)).add(&done))
}
