//! 確認: what was typed, what it costs, the text on offsetting, and the issue password.

use super::{Ground, PATH, Typed, request};
use crate::{
    web::provider::{download, parts},
    words::KeyWay,
};
use askama::Template;
use kit_web::{
    Filled, Frame, Markup, Stack,
    parts::{CheckAnswers, Field, Steps},
};

/// The page.
pub(super) fn content(frame: Frame, ground: &Ground, typed: &Typed, filled: &Filled) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .errors(filled.summary(say))
        .help(say.t("claims-help-password"), say.t("claims-help-password-text"))
        .help(say.t("claims-check-help-later"), say.t("claims-check-help-later-text"));
    let frame = parts::ask(frame, &ground.contact);
    let applied = ground.terms.applied();
    let way = if typed.key == KeyWay::Service { "service" } else { "own" };
    let mut answers = CheckAnswers::new(say, PATH, &ground.csrf, say.t("claims-apply-submit"))
        .hidden("email", &typed.email)
        .hidden("key", way)
        .hidden("consent", &ground.terms.consent)
        .group(say.t("claims-check-who"))
        .fixed(say.t("claims-provider-name"), &ground.provider.name)
        .fixed(say.t("claims-provider-number"), ground.provider.number.as_str())
        .answer(say.t("claims-apply-email"), &typed.email, "email")
        .group(say.t("claims-check-what"))
        .fixed(say.t("claims-validity"), parts::validity(say, &applied))
        .fixed(say.t("claims-fee"), parts::fee(say, &applied))
        .answer(say.t("claims-apply-key"), parts::key_way(say, &typed.key), "key");
    if let KeyWay::Own(der) = &typed.key {
        answers = answers.hidden(request::FIELD, request::carried(der)).answer(
            say.t("claims-request"),
            say.t("claims-request-taken"),
            request::FIELD,
        );
    }
    let terms = Terms {
        heading: say.with("claims-consent-title", &[("version", ground.terms.consent.as_str().into())]),
        text: Markup::text(say.text(&ground.terms.consent_text)),
    };
    let agree = Field::checkbox(say, "agree", say.t("claims-agree")).filled(filled);
    let password = Field::password(say, download::PASSWORD, say.t("claims-issue-password"))
        .hint(say.t("claims-issue-password-hint"))
        .autocomplete("off")
        .filled(filled);
    let answers = answers.before(&terms).before(&agree).before(&password);
    (frame, Stack::new().add(&Steps::check(say)).text(&say.t("claims-check-about")).add(&answers))
}

/// The text to agree to, in a frame of its own.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<section class="terms" aria-label="{{ heading }}"><h3>{{ heading }}</h3>{{ text }}</section>"#
)]
struct Terms {
    heading: String,
    text: Markup,
}
