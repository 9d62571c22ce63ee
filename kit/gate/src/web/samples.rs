//! Every page of the door with sample data, in every state worth looking at.

use super::{again, ended, ended::Ended, enrol, enter, parts::Staff, sign_in::Shown, staff};
use crate::{
    AccountId,
    accounts::{Account, AccountKind, AccountState},
    kept::Kept,
    refusals,
};
use core_words::{Lang, OperatorId};
use kit_web::{FormData, Frame, Sample, page_html};

/// The pages of this crate for the gallery.
pub fn samples() -> Vec<Sample> {
    let sample = |name, render| Sample::new("gate", name, render);
    vec![
        sample("sign-in", |frame| sign_in(frame, Shown { csrf: token(), ..Shown::default() })),
        sample("sign-in-wrong", |frame| {
            let (refusal, form) = (refusals::wrong_sign_in(), typed());
            sign_in(frame, Shown { csrf: token(), wrong: Some((&refusal, &form)), ..Shown::default() })
        }),
        sample("sign-in-too-many", |frame| {
            let (refusal, form) = (refusals::too_many(), typed());
            sign_in(frame, Shown { csrf: token(), wrong: Some((&refusal, &form)), ..Shown::default() })
        }),
        sample("staff-sign-in", |frame| staff_sign_in(frame, false)),
        sample("staff-sign-in-certificate", |frame| staff_sign_in(frame, true)),
        sample("enrol", |frame| enrolment(frame, false)),
        sample("enrol-certificate", |frame| enrolment(frame, true)),
        sample("enrolled", |frame| {
            page_html(&frame, &frame.say.t("gate-enrolled"), &enrol::done_content(&frame))
        }),
        sample("enter", |frame| {
            let body = enter::content(&frame, "山田 花子", "/enter/sample", "sample");
            page_html(&frame, &frame.say.t("gate-enter"), &body)
        }),
        sample("session-ended", |frame| session_ended(frame, AccountKind::Applicant, None, false)),
        sample("session-ended-kept", |frame| {
            session_ended(frame, AccountKind::Applicant, Some(&kept()), false)
        }),
        sample("session-ended-file", |frame| {
            session_ended(frame, AccountKind::Applicant, Some(&with_file()), false)
        }),
        sample("session-ended-lost", |frame| session_ended(frame, AccountKind::Applicant, None, true)),
        sample("session-ended-staff", |frame| session_ended(frame, AccountKind::Staff, Some(&kept()), false)),
        sample("again", |frame| {
            page_html(&frame, &frame.say.t("gate-again-title"), &again::page_of(&frame, "sample", &kept()))
        }),
        sample("again-file", |frame| {
            page_html(
                &frame,
                &frame.say.t("gate-again-title"),
                &again::page_of(&frame, "sample", &with_file()),
            )
        }),
        sample("signed-out", |frame| {
            page_html(&frame, &frame.say.t("gate-signed-out"), &ended::signed_out_content(&frame))
        }),
    ]
}

fn token() -> String {
    "sample".into()
}

fn typed() -> FormData {
    FormData::from_pairs([("login", "P0001"), ("password", "wrong")]).expect("within limits")
}

fn kept() -> Kept {
    let form = FormData::from_pairs([("name", "ひまわり苑"), ("_step", "check")]).expect("within limits");
    Kept::of_post("/claims/apply", &form).expect("it fits")
}

fn with_file() -> Kept {
    let form =
        [("_kept_action", "/claims/apply"), ("_kept_file", "yes"), ("_kept.email", "office@example.jp")];
    Kept::of_sign_in(&FormData::from_pairs(form).expect("within limits")).expect("it fits")
}

fn sign_in(frame: Frame, shown: Shown<'_>) -> String {
    let (frame, body) = shown.content(frame);
    page_html(&frame, &frame.say.t("gate-sign-in"), &body)
}

fn staff_sign_in(frame: Frame, certificate: bool) -> String {
    let shown = Staff { csrf: token(), back: None, kept: None, certificate, script: false };
    let (frame, body) = staff::content(frame, &shown);
    page_html(&frame, &frame.say.t("gate-staff-sign-in"), &body)
}

fn enrolment(frame: Frame, certificate: bool) -> String {
    let account = Account {
        id: AccountId(1),
        operator: OperatorId::new("tokyo").expect("a name"),
        kind: AccountKind::Staff,
        login: "hanako".into(),
        name: "山田 花子".into(),
        subject: None,
        lang: Lang::Ja,
        state: AccountState::Active,
    };
    let shown = enrol::Shown {
        account: &account,
        csrf: token(),
        path: "/enrol/sample".into(),
        certificate,
        script: false,
    };
    page_html(&frame, &frame.say.t("gate-enrol"), &shown.content(&frame))
}

fn session_ended(frame: Frame, kind: AccountKind, kept: Option<&Kept>, lost: bool) -> String {
    let (csrf, back, certificate, script, deleted) = (token(), None, true, false, false);
    let ended = Ended { csrf, kind, back, kept, lost, certificate, script, deleted };
    let (frame, body) = ended.content(frame);
    page_html(&frame, &frame.say.t("gate-ended"), &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k17_every_page_is_sound_in_both_languages() {
        kit_web::testing::every_sample_is_sound(&samples(), &[crate::SOURCE]);
    }

    #[test]
    fn k17_every_text_is_there_and_said() {
        kit_web::testing::every_key_is_there(&crate::SOURCE, env!("CARGO_MANIFEST_DIR"));
    }
}
