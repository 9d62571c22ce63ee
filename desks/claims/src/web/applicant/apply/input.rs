//! 入力: where notices go, and who makes the key.

use super::{Ground, PATH, RENEWS, request};
use crate::{tell, web::applicant::parts};
use core_words::Text;
use kit_web::{
    Filled, Frame, Stack, Tone,
    parts::{Action, Actions, Banner, Choice, Details, Field, Form, Steps, Width},
};

/// The first page, empty or with what was typed.
pub(super) fn content(frame: Frame, ground: &Ground, filled: Option<&Filled>) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .help(say.t("claims-apply-help-key"), say.t("claims-apply-help-key-text"))
        .help(say.t("claims-help-password"), say.t("claims-help-password-text"))
        .help(say.t("claims-apply-help-name"), say.t("claims-apply-help-name-text"))
        .help(say.t("claims-apply-help-stop"), say.t("claims-apply-help-stop-text"));
    let mut frame = parts::ask(frame, &ground.contact);
    let email = Field::email(say, "email", say.t("claims-apply-email"))
        .hint(say.t("claims-apply-email-hint"))
        .example("office@example.jp")
        .width(Width::Chars(40))
        .max(254)
        .value(&ground.holder.email);
    let key = Field::choice(
        say,
        "key",
        say.t("claims-apply-key"),
        vec![
            Choice::new("service", say.t("claims-key-service")).hint(say.t("claims-key-service-hint")),
            Choice::new("own", say.t("claims-key-own")).hint(say.t("claims-key-own-hint")),
        ],
    )
    .value("service");
    let mut form = Form::new(PATH, &ground.csrf, say.t("claims-to-check")).to_check().field(email).field(key);
    if let Some(number) = ground.renews {
        form = form.hidden(RENEWS, number.to_string());
    }
    if let Some(filled) = filled {
        frame = frame.errors(filled.summary(say));
        form = form.filled(filled);
        // On the way back from the pages after this one: what was typed there is not lost.
        if let Some(text) = filled.get(request::FIELD) {
            form = form.hidden(request::FIELD, text);
        }
    }
    let (applied, kind) = (ground.terms.applied(), ground.holder.number.kind());
    let (name, number) = parts::called(say, kind);
    let facts = match ground.renews {
        Some(number) => Details::new().row(say.t("claims-renews"), number.to_string()),
        None => Details::new(),
    };
    let facts = facts
        .row(name, &ground.holder.name)
        .row(number, ground.holder.number.as_str())
        .row(say.t("claims-fee"), parts::fee(say, &applied, kind))
        .row(say.t("claims-validity"), parts::validity(say, &applied));
    let body = Stack::new()
        .add(&Steps::input(say))
        .text(&say.t("claims-apply-about"))
        .add(&facts)
        .add(&Actions::new(vec![Action::link(say.t("claims-quotation"), "/claims/quotation").quiet()]))
        .add(&form.cancel(say.t("claims-cancel"), "/claims"));
    (frame, body)
}

/// What stands there while another application is under way.
pub(in crate::web::applicant) fn wait(frame: Frame, number: &str, contact: &Text) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let title = say.with("claims-apply-under-way", &[("number", number.into())]);
    let banner = Banner::new(say, Tone::Info, title).text(say.t("claims-apply-wait"));
    let see = Action::link(say.t("claims-to-case"), tell::path(number)).primary();
    (parts::ask(parts::below_home(frame), contact), Stack::new().add(&banner).add(&Actions::new(vec![see])))
}
