//! What several pages of applicants share.

use crate::{
    case::Case,
    service::CaseFile,
    settings::days_left,
    status::{Deed, Standing},
    tell,
    words::{Application, Applied, HolderKind, KeyState, KeyWay, Pays},
};
use askama::Template;
use core_words::Text;
use kit_web::{
    Frame, Help, Say,
    parts::{Action, Actions, Details},
};

/// The way to a new issue password, below the field that asks for it.
#[derive(Template)]
#[template(ext = "html", source = r#"<p><a href="{{ href }}">{{ label }}</a></p>"#)]
pub(super) struct LostPassword {
    href: &'static str,
    label: String,
}

impl LostPassword {
    pub(super) fn new(say: &Say) -> Self {
        Self { href: super::reissue::PATH, label: say.t("claims-reissue-lost") }
    }
}

/// The question about a lost issue password, with the way to a new one.
pub(super) fn password_help(mut frame: Frame) -> Frame {
    let say = frame.say.clone();
    let mut help = Help::new(say.t("claims-help-password"), say.t("claims-help-password-text"));
    help.href = Some(super::reissue::PATH.into());
    frame.help.push(help);
    frame
}

/// From so many days before its end on, to renew is what is to be done with a certificate.
const SOON_DAYS: i64 = 90;

/// Steps to be taken one after the other, each with its number.
pub(super) fn steps(say: &Say, keys: &[&str]) -> Details {
    keys.iter().enumerate().fold(Details::new(), |steps, (at, key)| {
        steps.row(say.with("claims-step", &[("n", (at + 1).into())]), say.t(key))
    })
}

/// The frame below 「証明書」.
pub(super) fn below_home(frame: Frame) -> Frame {
    let label = frame.say.t("claims-certificates");
    frame.crumb(label, "/claims")
}

/// The same with whom to ask when nothing here helps.
pub(super) fn ask(frame: Frame, contact: &Text) -> Frame {
    let contact = frame.say.text(contact).to_owned();
    if contact.is_empty() {
        return frame;
    }
    let text = frame.say.with("claims-help-ask-text", [("contact", contact.into())]);
    let question = frame.say.t("claims-help-ask");
    frame.help(question, text)
}

/// What a certificate costs, and how it is paid.
pub(super) fn fee(say: &Say, applied: &Applied, kind: HolderKind) -> String {
    let key = match kind {
        HolderKind::Provider => "claims-fee-offset",
        HolderKind::Agent => "claims-fee-transfer",
    };
    // keys: claims-fee-offset* claims-fee-transfer*
    say.with(key, &[("fee", say.yen(applied.fee).into())])
}

/// What the name and the number of a holder are called.
pub(super) fn called(say: &Say, kind: HolderKind) -> (String, String) {
    match kind {
        HolderKind::Provider => (say.t("claims-provider-name"), say.t("claims-provider-number")),
        HolderKind::Agent => (say.t("claims-agent-name"), say.t("claims-agent-id")),
    }
}

/// How long a certificate is valid.
pub(super) fn validity(say: &Say, applied: &Applied) -> String {
    match (applied.months / 12, applied.months % 12) {
        (years, 0) => say.with("claims-years", &[("years", years.into())]),
        _ => say.with("claims-months", &[("months", applied.months.into())]),
    }
}

/// Who makes the key.
pub(super) fn key_way(say: &Say, way: &KeyWay) -> String {
    match way {
        KeyWay::Service => say.t("claims-key-service"),
        KeyWay::Own(_) => say.t("claims-key-own"),
    }
}

/// What was applied for.
pub(super) fn application(say: &Say, file: &CaseFile) -> Details {
    let application: &Application = file.case.case.application();
    let kind = file.holder.number.kind();
    let (name, number) = called(say, kind);
    let (paying, paid) = match &application.pays {
        Pays::Offset(consent) => {
            let given =
                [("version", consent.version.as_str().into()), ("at", say.date_time(consent.at).into())];
            (say.t("claims-consent"), say.with("claims-consent-given", &given))
        }
        Pays::Transfer { due } => (say.t("claims-pay-until"), say.date(*due)),
    };
    let details = Details::new().row(say.t("claims-case-number"), &file.case.number);
    let details = match application.renews {
        Some(number) => details.row(say.t("claims-renews"), number.to_string()),
        None => details,
    };
    details
        .row(say.t("claims-applied-at"), say.date_time(application.at))
        .row(name, &file.holder.name)
        .row(number, file.holder.number.as_str())
        .row(say.t("claims-fee"), fee(say, &application.applied, kind))
        .row(say.t("claims-validity"), validity(say, &application.applied))
        .row(say.t("claims-apply-key"), key_way(say, &application.key))
        .row(say.t("claims-apply-email"), &application.email)
        .row(paying, paid)
}

/// What the applicant may do to a case now, out of what the table allows; the first is the main one.
pub(super) fn actions(say: &Say, file: &CaseFile, csrf: &str) -> Actions {
    let path = tell::path(&file.case.number);
    let may = |deed| file.possible.contains(&deed);
    let download = |key: &str| Action::link(say.t(key), format!("{path}/download"));
    let mut actions = Vec::new();
    if matches!(file.case.case, Case::AwaitingPayment(_)) {
        actions.push(Action::file(say.t("claims-invoice"), format!("{path}/invoice.pdf")).primary());
    }
    if let Case::Issued(holding) = &file.case.case
        && may(Deed::Download)
    {
        match (&holding.key, holding.fetched) {
            (KeyState::Kept { .. }, Some(_)) if may(Deed::EraseKey) => {
                let confirm = Action::post(say.t("claims-confirm"), format!("{path}/confirm"), csrf);
                actions.push(confirm.primary().consequence(say.t("claims-confirm-consequence")));
                actions.push(download("claims-download-again"));
            }
            (KeyState::Kept { .. } | KeyState::Own, None) => {
                actions.push(download("claims-download").primary());
            }
            (KeyState::Kept { .. } | KeyState::Own, Some(_)) => {
                actions.push(download("claims-download-again"))
            }
            (KeyState::Erased { .. }, _) => {}
        }
    }
    if let Case::Issued(holding) = &file.case.case {
        let erased = matches!(holding.key, KeyState::Erased { .. });
        let over = holding.certificate.not_after.micros() < file.now;
        let lost = erased && holding.fetched.is_none();
        let soon = days_left(holding.certificate.not_after, file.now) <= SOON_DAYS;
        let renew = Action::link(say.t("claims-renew"), format!("/claims/apply?renews={}", file.case.number));
        let renew = renew.consequence(say.t(if over { "claims-renew-over" } else { "claims-renew-valid" }));
        // Without its key, or after its time, the certificate is of no use: the way on is another one.
        match &file.renewal {
            Some(renewal) => {
                actions.push(Action::link(say.t("claims-renewal-see"), tell::path(&renewal.number)).quiet());
            }
            None if lost => {
                actions.insert(0, Action::link(say.t("claims-apply-again"), "/claims/apply").primary());
            }
            None if over || soon => actions.insert(0, renew.primary()),
            None => actions.push(renew),
        }
        if !lost && !over {
            actions.push(Action::link(say.t("claims-guide"), "/claims/guide").quiet());
        }
    }
    if matches!(file.case.case.standing(), Standing::Rejected | Standing::Revoked) {
        actions.push(Action::link(say.t("claims-apply-again"), "/claims/apply"));
    }
    Actions::new(actions)
}

/// Whether an application in this status is not settled: another of the same provider must wait for it.
pub(super) fn unsettled(standing: Standing) -> bool {
    use Standing::*;
    matches!(standing, Applied | AwaitingPayment | IssueRequested | AwaitingIssue | Rejecting)
}
