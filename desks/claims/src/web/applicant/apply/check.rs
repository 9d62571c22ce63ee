//! 確認: what was typed, what it costs, the text on offsetting or the way to pay, and the issue password.

use super::{Ground, PATH, RENEWS, Typed, request};
use crate::{
    web::applicant::{download, parts},
    words::{HolderKind, KeyWay},
};
use askama::Template;
use kit_web::{
    Filled, Frame, Markup, Stack, Tone,
    parts::{Banner, CheckAnswers, Field, Steps},
};

/// The page.
pub(super) fn content(frame: Frame, ground: &Ground, typed: &Typed, filled: &Filled) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::password_help(parts::below_home(frame))
        .errors(filled.summary(say))
        .help(say.t("claims-check-help-later"), say.t("claims-check-help-later-text"));
    let frame = parts::ask(frame, &ground.contact);
    let (applied, kind) = (ground.terms.applied(), ground.holder.number.kind());
    let (name, number) = parts::called(say, kind);
    let way = if typed.key == KeyWay::Service { "service" } else { "own" };
    let (submit, about) = match kind {
        HolderKind::Provider => ("claims-apply-submit", "claims-check-about"),
        HolderKind::Agent => ("claims-apply-submit-agent", "claims-check-about-agent"),
    };
    // keys: claims-apply-submit* claims-check-about*
    let mut answers = CheckAnswers::new(say, PATH, &ground.csrf, say.t(submit))
        .hidden("email", &typed.email)
        .hidden("key", way)
        .group(say.t("claims-check-who"))
        .fixed(name, &ground.holder.name)
        .fixed(number, ground.holder.number.as_str())
        .answer(say.t("claims-apply-email"), &typed.email, "email")
        .group(say.t("claims-check-what"))
        .fixed(say.t("claims-validity"), parts::validity(say, &applied))
        .fixed(say.t("claims-fee"), parts::fee(say, &applied, kind))
        .answer(say.t("claims-apply-key"), parts::key_way(say, &typed.key), "key");
    if let Some(number) = ground.renews {
        answers =
            answers.hidden(RENEWS, number.to_string()).fixed(say.t("claims-renews"), number.to_string());
    }
    if let KeyWay::Own(der) = &typed.key {
        answers = answers.hidden(request::FIELD, request::carried(der)).answer(
            say.t("claims-request"),
            say.t("claims-request-taken"),
            request::FIELD,
        );
    }
    answers = match kind {
        HolderKind::Provider => {
            let version = [("version", ground.terms.consent.as_str().into())];
            let terms = Terms {
                heading: say.with("claims-consent-title", &version),
                text: Markup::text(say.text(&ground.terms.consent_text)),
            };
            let agree = Field::checkbox(say, "agree", say.t("claims-agree")).filled(filled);
            answers.hidden("consent", &ground.terms.consent).before(&terms).before(&agree)
        }
        HolderKind::Agent => {
            let id = [("id", ground.holder.number.as_str().into())];
            let paying = Banner::new(say, Tone::Info, say.t("claims-transfer-title"));
            answers.before(&paying.text(say.with("claims-transfer-text", &id)))
        }
    };
    let password = Field::password(say, download::PASSWORD, say.t("claims-issue-password"))
        .hint(say.t("claims-issue-password-hint"))
        .autocomplete("off")
        .after(&parts::LostPassword::new(say))
        .filled(filled);
    let answers = answers.before(&password);
    (frame, Stack::new().add(&Steps::check(say)).text(&say.t(about)).add(&answers))
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
