//! What several pages of the door share.

use crate::{ClientCertificate, Gate, cookies, kept::Kept, token::TokenHash};
use askama::Template;
use axum::http::{Extensions, HeaderMap};
use kit_web::{
    Say, Stack, Tone,
    parts::{Action, Actions, Banner},
};

/// The session that the browser had until now, to be ended.
pub(super) fn before(gate: &Gate, headers: &HeaderMap) -> Option<TokenHash> {
    cookies::token(gate.settings(), headers, cookies::SESSION).map(|token| token.hash(gate.digest()))
}

pub(super) fn certificate(extensions: &Extensions) -> Option<ClientCertificate> {
    extensions.get::<ClientCertificate>().cloned()
}

/// That what was typed is still there, but for a file.
pub(super) fn kept(say: &Say, kept: &Kept) -> Banner {
    let text = say.t("gate-kept-text");
    let text = if kept.had_file() {
        format!("{text}{}{}", say.lang().pick("", " "), say.t("gate-kept-file"))
    } else {
        text
    };
    Banner::new(say, Tone::Info, say.t("gate-kept")).text(text)
}

/// The button that begins a passkey's ceremony, and the place where its outcome is said. Without scripts there are
/// no passkeys, and the page says so.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="form" id="passkey" data-act="{{ act }}" data-path="{{ path }}" data-csrf="{{ csrf }}" data-return="{{ back }}" data-failed="{{ failed }}" data-unable="{{ unable }}">
<div class="submit"><button class="button primary" type="button" data-passkey>{{ label }}</button></div>
<p role="status" aria-live="polite" data-outcome></p>
<noscript><p>{{ no_script }}</p></noscript>
</div>
{% if script %}<script src="{{ crate::web::SCRIPT }}" defer></script>
{% endif %}"#
)]
pub(super) struct PasskeyButton {
    /// `get` or `create`.
    act: &'static str,
    /// `…/begin` and `…/finish` follow.
    path: String,
    csrf: String,
    back: String,
    label: String,
    failed: String,
    unable: String,
    no_script: String,
    /// Not in samples, which do nothing.
    script: bool,
}

impl PasskeyButton {
    pub(super) fn get(say: &Say, csrf: &str, back: Option<&str>, script: bool) -> Self {
        let label = say.t("gate-passkey-sign-in");
        Self::new(say, "get", "/staff/passkey".into(), label, csrf, back, script)
    }

    pub(super) fn create(say: &Say, path: String, csrf: &str, script: bool) -> Self {
        Self::new(say, "create", path, say.t("gate-passkey-make"), csrf, None, script)
    }

    fn new(
        say: &Say,
        act: &'static str,
        path: String,
        label: String,
        csrf: &str,
        back: Option<&str>,
        script: bool,
    ) -> Self {
        Self {
            act,
            path,
            csrf: csrf.to_owned(),
            back: back.unwrap_or_default().to_owned(),
            label,
            failed: say.t("gate-passkey-failed"),
            unable: say.t("gate-passkey-unable"),
            no_script: say.t("gate-passkey-no-script"),
            script,
        }
    }
}

/// Signing in as staff: the passkey first, the certificate below, and what was kept with each of them.
pub(super) struct Staff<'a> {
    pub(super) csrf: String,
    pub(super) back: Option<&'a str>,
    pub(super) kept: Option<&'a Kept>,
    pub(super) certificate: bool,
    pub(super) script: bool,
}

impl Staff<'_> {
    pub(super) fn content(&self, say: &Say) -> Stack {
        let mut body = Stack::new()
            .heading(&say.t("gate-passkey"))
            .text(&say.t("gate-passkey-text"))
            .add(&PasskeyButton::get(say, &self.csrf, self.back, self.script));
        if self.kept.is_some() {
            // The script sends this form once the passkey has opened the door; by hand it does the same.
            let button = self.button(say.t("gate-resume"), "/staff/resume");
            body = body.add(&Actions::new(vec![button.consequence(say.t("gate-resume-text"))]));
        }
        body = body.heading(&say.t("gate-certificate"));
        if self.certificate {
            let button = self.button(say.t("gate-certificate-sign-in"), "/staff/certificate");
            body.text(&say.t("gate-certificate-text")).add(&Actions::new(vec![button]))
        } else {
            body.text(&say.t("gate-certificate-none"))
        }
    }

    /// A button that posts what is to be led back to, and what was kept.
    fn button(&self, label: String, to: &str) -> Action {
        let hidden = self.back.map(|back| ("return".to_owned(), back.to_owned())).into_iter();
        let hidden = hidden.chain(self.kept.map(Kept::hidden).unwrap_or_default());
        let button = Action::post(label, to, &self.csrf);
        hidden.fold(button, |button, (name, value)| button.hidden(name, value))
    }
}
