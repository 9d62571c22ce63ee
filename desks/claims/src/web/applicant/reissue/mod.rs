//! 「証明書発行用パスワードの再発行」: 入力 → 確認 → 完了 (C7). The applicant chooses the certificate whose key will open
//! the new password; before that page is confirmed, nothing is drawn and nothing is void.

mod samples;

pub(super) use samples::samples;

use super::{open_notice, parts};
use crate::{
    Claims, no,
    service::{Opener, REISSUES_A_DAY},
    web::{Applicant, number},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::Text;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, Frame, Reader, Refused, Say, Stack, Step, Tone, page,
    parts::{Action, Actions, BackLink, Banner, CheckAnswers, Choice, Done, Field, Form, NextStep, Steps},
    see_other,
};

/// The page.
pub(super) const PATH: &str = "/claims/password";

/// The field of the certificate.
const CERTIFICATE: &str = "certificate";

/// What the pages show.
pub(super) struct Ground {
    openers: Vec<Opener>,
    csrf: String,
    contact: Text,
}

impl Ground {
    async fn of(claims: &Claims, applicant: &Applicant) -> Result<Self, Refused> {
        Ok(Self {
            openers: claims.openers(applicant.holder).await?,
            csrf: applicant.session.csrf.as_str().to_owned(),
            contact: claims.settings().contact.clone(),
        })
    }
}

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
) -> Result<Response, Refused> {
    let ground = Ground::of(&claims, &applicant).await?;
    Ok(input_page(frame, &ground, &Filled::default(), StatusCode::OK))
}

pub(super) async fn send(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let ground = Ground::of(&claims, &applicant).await?;
    let step = form.step();
    if let Step::Change(_) = step {
        return Ok(input_page(frame, &ground, &Filled::new(&form), StatusCode::OK));
    }
    let among: Vec<&str> = ground.openers.iter().map(|opener| opener.number.as_str()).collect();
    let mut reader = Reader::new(&frame.say, &form);
    let chosen = match step {
        // Whether it still may be is asked of the desk, which says why not.
        Step::Confirm => reader.text(CERTIFICATE, "claims-reissue-certificate", 40),
        _ => reader.choice(CERTIFICATE, "claims-reissue-certificate", &among),
    };
    if let Err(filled) = reader.done() {
        return Ok(input_page(frame, &ground, &filled, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let (scope, holder, number) = (applicant.scope(), applicant.holder, number(&chosen)?);
    if step == Step::Confirm {
        let done = claims.reissue_password(scope, holder, number, frame.lang, applicant.doer()).await?;
        return Ok(see_other(&format!("{PATH}/done/{}", done.notice.0)));
    }
    let opener = claims.can_reissue(scope, holder, number, applicant.hat).await?;
    let (frame, body) = check(frame, &ground, &opener);
    Ok(page(&frame, &frame.say.t("claims-reissue-check-title"), &body, StatusCode::OK))
}

pub(super) async fn done(
    State(claims): State<Claims>,
    _: Applicant,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    // Whose notice it is, its own page asks.
    let id: i64 = id.parse().map_err(|_| no::no_notice())?;
    let (frame, body) = done_page(frame, id, &claims.settings().contact);
    Ok(page(&frame, &frame.say.t("claims-reissue-done-title"), &body, StatusCode::OK))
}

fn input_page(frame: Frame, ground: &Ground, filled: &Filled, status: StatusCode) -> Response {
    let (frame, body) = input(frame, ground, filled);
    page(&frame, &frame.say.t("claims-reissue-title"), &body, status)
}

/// 入力: which certificate; without one, how it goes by telephone.
fn input(frame: Frame, ground: &Ground, filled: &Filled) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = helped(parts::below_home(frame), &ground.contact).errors(filled.summary(say));
    let without = Banner::new(say, Tone::Info, say.t("claims-reissue-without"))
        .text(say.with("claims-reissue-without-text", &[("contact", say.text(&ground.contact).into())]));
    let back = BackLink::new(say, "/claims").label(say.t("claims-certificates"));
    if ground.openers.is_empty() {
        return (frame, Stack::new().text(&say.t("claims-reissue-none")).add(&without).add(&back));
    }
    let choices = ground
        .openers
        .iter()
        .map(|opener| Choice::new(&opener.number, &opener.number).hint(facts(say, opener)));
    let mut certificate =
        Field::choice(say, CERTIFICATE, say.t("claims-reissue-certificate"), choices.collect())
            .hint(say.t("claims-reissue-certificate-hint"));
    // One alone needs no choosing.
    if let [only] = ground.openers.as_slice() {
        certificate = certificate.value(&only.number);
    }
    let form = Form::new(PATH, &ground.csrf, say.t("claims-reissue-to-check"))
        .to_check()
        .field(certificate)
        .filled(filled)
        .cancel(say.t("claims-reissue-cancel"), "/claims");
    let count = [("count", i64::try_from(REISSUES_A_DAY).unwrap_or(i64::MAX).into())];
    let body = Stack::new()
        .add(&Steps::input(say))
        .text(&say.with("claims-reissue-about", &count))
        .add(&form)
        .add(&without);
    (frame, body)
}

/// 確認: what follows at once.
fn check(frame: Frame, ground: &Ground, opener: &Opener) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = helped(parts::below_home(frame), &ground.contact);
    let at_once = Banner::new(say, Tone::Attention, say.t("claims-reissue-void"))
        .text(say.t("claims-reissue-void-text"));
    let answers = CheckAnswers::new(say, PATH, &ground.csrf, say.t("claims-reissue-submit"))
        .hidden(CERTIFICATE, &opener.number)
        .answer(say.t("claims-reissue-certificate"), &opener.number, CERTIFICATE)
        .fixed(say.t("claims-card-until"), say.date_time(opener.until))
        .fixed(say.t("claims-card-serial"), &opener.serial)
        .before(&at_once);
    (frame, Stack::new().add(&Steps::check(say)).add(&answers))
}

/// 完了: where the new password is, and how it is read.
fn done_page(frame: Frame, notice: i64, contact: &Text) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = helped(parts::below_home(frame), contact);
    let you = || say.t("claims-next-issued-fetch-who");
    let ways = vec![
        Action::link(say.t("claims-reissue-to-notice"), format!("/claims/notices/{notice}")).primary(),
        Action::link(say.t("claims-open-notice-title"), open_notice::PATH),
    ];
    let done = Done::new(say, say.t("claims-reissue-done"))
        .next(NextStep::new(say.t("claims-reissue-next-save")).who(say, you()))
        .next(NextStep::new(say.t("claims-reissue-next-open")).who(say, you()))
        .actions(Actions::new(ways));
    (frame, Stack::new().add(&Steps::done(say)).add(&done))
}

fn facts(say: &Say, opener: &Opener) -> String {
    let facts = [("until", say.date(opener.until).into()), ("serial", opener.serial.as_str().into())];
    say.with("claims-reissue-facts", &facts)
}

fn helped(frame: Frame, contact: &Text) -> Frame {
    let say = frame.say.clone();
    let frame = frame
        .help(say.t("claims-reissue-help-which"), say.t("claims-reissue-help-which-text"))
        .help(say.t("claims-reissue-help-files"), say.t("claims-reissue-help-files-text"));
    parts::ask(frame, contact)
}
