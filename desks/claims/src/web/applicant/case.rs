//! One case: where it stands, what happens next, the certificate, papers, what has happened (C4, C20).

use super::{
    card::{self, Inside},
    parts,
};
use crate::{
    Claims, no,
    service::CaseFile,
    tell,
    web::{Applicant, number, show as shown},
    words::{KeyState, Rejection},
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use core_words::Text;
use kit_gate::CheckedForm;
use kit_web::{
    Frame, Refused, Say, Stack, Tone, page,
    parts::{Action, Actions, Banner, StatusPanel},
    see_other,
};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

/// How long the page waits for what only the authority knows.
const GLANCE: Duration = Duration::from_millis(1_500);

/// What the act before this page has brought about.
#[derive(Deserialize, Default)]
pub(super) struct Flash {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    Query(flash): Query<Flash>,
    frame: Frame,
) -> Result<Response, Refused> {
    let file = claims.own_case(applicant.scope(), applicant.holder, number(&no)?, applicant.hat).await?;
    // The page is worth having without what only the authority knows.
    let view = timeout(GLANCE, claims.certificate(&file.case)).await;
    let view = view.unwrap_or_else(|_| Err(no::authority_silent())).unwrap_or_else(|refusal| {
        tracing::warn!(code = refusal.code, "the certificate of a case cannot be shown");
        None
    });
    let inside = view.and_then(|view| Inside::of(&view, claims.digest()));
    let csrf = applicant.session.csrf.as_str().to_owned();
    let confirmed = flash.done == "confirmed";
    let shown = Shown { file, inside, csrf, confirmed, contact: claims.settings().contact.clone() };
    let (frame, body) = shown.content(frame);
    let title = frame.say.t("claims-case");
    Ok(page(&frame, &title, &body, StatusCode::OK))
}

/// 「取り込みました」: the key kept here is erased.
pub(super) async fn confirm(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    CheckedForm { .. }: CheckedForm,
) -> Result<Response, Refused> {
    let number = number(&no)?;
    let done = claims.confirm_download(applicant.scope(), number, applicant.holder, applicant.doer()).await;
    match done {
        Ok(_) => {}
        // Pressed twice: it is as it was asked for.
        Err(refusal) if refusal.code == "claims.key_erased" => {}
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(see_other(&format!("{}?done=confirmed", tell::path(&number.to_string()))))
}

/// What the page shows.
pub(super) struct Shown {
    pub(super) file: CaseFile,
    pub(super) inside: Option<Inside>,
    pub(super) csrf: String,
    pub(super) confirmed: bool,
    pub(super) contact: Text,
}

impl Shown {
    pub(super) fn content(&self, frame: Frame) -> (Frame, Stack) {
        let say = &frame.say.clone();
        let file = &self.file;
        let path = tell::path(&file.case.number);
        let frame = self.helped(parts::below_home(frame).caption(&file.case.number));
        let frame = frame.help(say.t("claims-help-ledger"), say.t("claims-help-ledger-text"));
        let mut frame = parts::ask(frame, &self.contact);
        let erased = matches!(file.case.case.holding(), Some(h) if matches!(h.key, KeyState::Erased { .. }));
        if self.confirmed && erased {
            let banner = Banner::new(say, Tone::Success, say.t("claims-confirmed"));
            frame = frame.flash(banner.text(say.t("claims-confirmed-text")));
        }
        let actions = parts::actions(say, file, &self.csrf);
        let panel = noted(say, file, shown::status_panel(say, file, actions));
        let mut papers = vec![Action::file(say.t("claims-receipt"), format!("{path}/receipt.pdf"))];
        if crate::papers::is_owed(file) {
            papers.insert(0, Action::file(say.t("claims-invoice"), format!("{path}/invoice.pdf")));
        }
        let mut body = Stack::new().add(&panel);
        if let Some(card) = card::card(say, file, self.inside.as_ref()) {
            body = body.heading(&say.t("claims-card")).add(&card);
        }
        let body = body
            .heading(&say.t("claims-application"))
            .add(&parts::application(say, file))
            .heading(&say.t("claims-papers"))
            .add(&Actions::new(papers))
            .add(&shown::timeline(say, file, &path));
        (frame, body)
    }

    /// What people ask in this status.
    fn helped(&self, frame: Frame) -> Frame {
        let say = frame.say.clone();
        match self.file.case.case.holding() {
            None if parts::unsettled(self.file.case.case.standing()) => {
                frame.help(say.t("claims-help-withdraw"), say.t("claims-help-withdraw-text"))
            }
            None => frame.help(say.t("claims-help-why"), say.t("claims-help-why-text")),
            Some(_) => frame
                .help(say.t("claims-help-lost"), say.t("claims-help-lost-text"))
                .help(say.t("claims-help-password"), say.t("claims-help-password-text"))
                .help(say.t("claims-help-revoke"), say.t("claims-help-revoke-text")),
        }
    }
}

/// What is worth knowing beside the status: why it was rejected, that the key is gone.
fn noted(say: &Say, file: &CaseFile, panel: StatusPanel) -> StatusPanel {
    let case = &file.case.case;
    let panel = match case.rejection() {
        Some(Rejection::Refused(reason)) => {
            panel.note(Banner::new(say, Tone::Attention, say.t("claims-rejected-why")).text(reason))
        }
        Some(Rejection::Withdrawn) => panel.note(Banner::new(say, Tone::Info, say.t("claims-withdrawn"))),
        None => panel,
    };
    match case.holding().map(|holding| (&holding.key, holding.fetched)) {
        Some((KeyState::Erased { at }, fetched)) => {
            let (tone, title, text) = match fetched {
                Some(_) => (Tone::Info, "claims-erased", "claims-erased-text"),
                None => (Tone::Attention, "claims-erased-unfetched", "claims-erased-unfetched-text"),
            };
            let title = say.with(title, &[("at", say.date_time(at).into())]);
            panel.note(Banner::new(say, tone, title).text(say.t(text)))
        }
        _ => panel,
    }
}
