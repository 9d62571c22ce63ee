//! Applying for a certificate: 入力 → 確認 → 完了 (C1).
//!
//! ```text
//! input ─check→ key of the service ───────────────────→ check ─confirm→ done (303 to the case)
//!          └──→ key of one's own → request (PKCS#10) ─→   │ ↑ agree, issue password
//!   ↑             ↑ change                                │ └── refused: everything typed is still there
//!   └─────────────┴───────────────────────── change ──────┘
//! ```
//! Nothing is kept here before it is confirmed: each page carries what was typed on those before it. The issue
//! password is asked for last and together with the agreement, as a signature would be: a secret is never carried
//! from page to page.

mod check;
mod done;
mod input;
pub(super) mod request;

pub(super) use done::{done, done_page};
pub(super) use input::wait;

use super::download;
use crate::{
    Claims, service::NewApplication, settings::Terms, status::Hat, store::holders::Holder, web::Applicant,
    words::KeyWay,
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use core_words::{CaseNumber, Refusal, Text};
use kit_gate::CheckedForm;
use kit_web::{FieldError, Filled, FormData, Frame, Reader, Refused, Stack, Step, answers, page, see_other};
use request::BadRequest;

/// Where the forms post.
pub(super) const PATH: &str = "/claims/apply";
/// The field that names what is renewed.
pub(super) const RENEWS: &str = "renews";

/// What every page of the application shows.
pub(super) struct Ground {
    pub(super) holder: Holder,
    pub(super) terms: Terms,
    pub(super) csrf: String,
    pub(super) contact: Text,
    /// The case whose certificate is to be renewed.
    pub(super) renews: Option<CaseNumber>,
}

/// What was typed, after the input pages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) email: String,
    pub(super) key: KeyWay,
}

/// The next page.
#[derive(Debug)]
pub(super) enum Next {
    /// The first page, with what was typed and what is wrong.
    Input(Filled),
    /// The page that takes a request of one's own.
    Request(Filled),
    /// The page of confirmation; what is wrong there, if anything.
    Check(Typed, Filled),
    /// Another application is under way: its number.
    Wait(String),
}

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let asked = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let ground = Ground::of(&claims, &applicant, &asked).await?;
    let (frame, body) = match under_way(&claims, &applicant).await? {
        Some(number) => input::wait(frame, &number, &ground.contact),
        None => input::content(frame, &ground, None),
    };
    Ok(page(&frame, &frame.say.t("claims-apply-title"), &body, StatusCode::OK))
}

/// The number of a provider's application that is not settled. An agent has as many as it pays for.
async fn under_way(claims: &Claims, applicant: &Applicant) -> Result<Option<String>, Refusal> {
    if applicant.hat == Hat::Agent {
        return Ok(None);
    }
    let lines = claims.own_cases(applicant.holder).await?;
    Ok(lines.into_iter().find(|line| super::parts::unsettled(line.standing)).map(|line| line.number))
}

pub(super) async fn send(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let ground = Ground::of(&claims, &applicant, &form).await?;
    // Sent a second time, as the back button may: nothing is checked that cannot be sent.
    let waits = if form.step() == Step::Confirm { None } else { under_way(&claims, &applicant).await? };
    if let Some(number) = waits {
        return Ok(ground.page(frame, (Next::Wait(number), StatusCode::CONFLICT)));
    }
    let next = match (form.step(), read(&frame, &form)) {
        (Step::Change(field), _) if field == request::FIELD => {
            (Next::Request(Filled::new(&form)), StatusCode::OK)
        }
        (Step::Change(_), _) => (Next::Input(Filled::new(&form)), StatusCode::OK),
        (_, Err(next)) => {
            let asked = matches!(&next, Next::Request(filled) if filled.errors().is_empty());
            (next, if asked { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY })
        }
        (Step::Check, Ok(typed)) => look(&claims, &applicant, &form, typed).await,
        (Step::Confirm, Ok(typed)) => match act(&claims, &applicant, &frame, &form, typed).await {
            Ok(number) => return Ok(see_other(&format!("{}/applied", crate::tell::path(&number)))),
            Err(again) => match under_way(&claims, &applicant).await? {
                Some(number) => (Next::Wait(number), StatusCode::CONFLICT),
                None => *again,
            },
        },
    };
    Ok(ground.page(frame, next))
}

/// Asks the authority whether it would take a request of one's own, as long as it can be mended on its page.
async fn look(claims: &Claims, applicant: &Applicant, form: &FormData, typed: Typed) -> (Next, StatusCode) {
    let KeyWay::Own(request) = &typed.key else {
        return (Next::Check(typed, Filled::default()), StatusCode::OK);
    };
    match claims.look_at_request(applicant.holder, request.clone()).await {
        Ok(()) => (Next::Check(typed, Filled::default()), StatusCode::OK),
        Err(refusal) => {
            let status = answers::status(refusal.kind);
            (Next::Request(Filled::new(form).with_errors([at_request(&refusal)])), status)
        }
    }
}

/// The application itself: the number of the new case, or the page to be shown again.
async fn act(
    claims: &Claims,
    applicant: &Applicant,
    frame: &Frame,
    form: &FormData,
    typed: Typed,
) -> Result<String, Box<(Next, StatusCode)>> {
    let mut reader = Reader::new(&frame.say, form);
    // An agent has nothing to agree to.
    if applicant.hat == Hat::Provider {
        reader.agreed("agree", "claims-agree");
    }
    let password = reader.secret(download::PASSWORD, "claims-issue-password");
    if let Err(filled) = reader.done() {
        return Err(Box::new((Next::Check(typed, filled), StatusCode::UNPROCESSABLE_ENTITY)));
    }
    let done = match claims.knows(applicant.holder, password).await {
        Ok(knew) => {
            let new = NewApplication {
                knew,
                key: typed.key.clone(),
                email: typed.email.clone(),
                lang: frame.lang,
                consent: form.get("consent").map(str::to_owned),
                renews: renews(form),
            };
            claims.apply(new, applicant.doer()).await
        }
        Err(refusal) => Err(refusal),
    };
    done.map(|case| case.number).map_err(|refusal| Box::new(refused(form, typed, &refusal)))
}

/// The page on which a refusal can be mended, with everything that was typed.
fn refused(form: &FormData, typed: Typed, refusal: &Refusal) -> (Next, StatusCode) {
    let status = answers::status(refusal.kind);
    let filled = Filled::new(form);
    let own = matches!(typed.key, KeyWay::Own(_));
    let next = match refusal.code {
        _ if download::is_wrong_password(refusal) => {
            Next::Check(typed, filled.with_errors([download::at_password(refusal)]))
        }
        // The new text is on the page; it has to be agreed to anew.
        "claims.other_consent" => {
            let unticked = FormData::default();
            Next::Check(typed, Filled::new(&unticked).with_errors([whole("agree", refusal)]))
        }
        code if own && code.starts_with("authority.") => {
            Next::Request(filled.with_errors([at_request(refusal)]))
        }
        _ => Next::Check(typed, filled.refused(refusal)),
    };
    (next, status)
}

/// Reads the input pages: what was typed, or the page that is to be filled in next.
pub(super) fn read(frame: &Frame, form: &FormData) -> Result<Typed, Next> {
    let mut reader = Reader::new(&frame.say, form);
    let email = reader.email("email", "claims-apply-email");
    let way = reader.choice("key", "claims-apply-key", &["service", "own"]);
    reader.done().map_err(Next::Input)?;
    if way == "service" {
        return Ok(Typed { email, key: KeyWay::Service });
    }
    match request::read(form) {
        Ok(request) => Ok(Typed { email, key: KeyWay::Own(request) }),
        // Come from the first page: asked for, not complained of.
        Err(BadRequest::Missing) if form.get(request::FIELD).is_none() => {
            Err(Next::Request(Filled::new(form)))
        }
        Err(bad) => Err(Next::Request(bad.filled(&frame.say, form))),
    }
}

/// The case whose certificate is to be renewed, as the address or the form names it. Whose it is is asked when it is sent.
fn renews(asked: &FormData) -> Option<CaseNumber> {
    asked.get(RENEWS).and_then(|text| CaseNumber::parse(text).ok())
}

fn at_request(refusal: &Refusal) -> FieldError {
    whole(request::FIELD, refusal)
}

/// A refusal with what to do next, at a field.
fn whole(field: &str, refusal: &Refusal) -> FieldError {
    let Refusal { message, next, .. } = refusal;
    let both = Text::new(format!("{}{}", message.ja, next.ja), format!("{} {}", message.en, next.en));
    FieldError::new(field, both)
}

impl Ground {
    async fn of(claims: &Claims, applicant: &Applicant, asked: &FormData) -> Result<Self, Refusal> {
        Ok(Self {
            holder: claims.holder(applicant.holder).await?,
            terms: claims.settings().terms(claims.now()).clone(),
            csrf: applicant.session.csrf.as_str().to_owned(),
            contact: claims.settings().contact.clone(),
            renews: renews(asked),
        })
    }

    fn page(&self, frame: Frame, (next, status): (Next, StatusCode)) -> Response {
        let (title, frame, body) = self.content(frame, &next);
        page(&frame, &title, &body, status)
    }

    /// Title, frame and content of a page.
    pub(super) fn content(&self, frame: Frame, next: &Next) -> (String, Frame, Stack) {
        let say = frame.say.clone();
        let (title, (frame, body)) = match next {
            Next::Input(filled) => ("claims-apply-title", input::content(frame, self, Some(filled))),
            Next::Request(filled) => ("claims-request-title", request::content(frame, self, filled)),
            Next::Check(typed, filled) => ("claims-check-title", check::content(frame, self, typed, filled)),
            Next::Wait(number) => ("claims-apply-title", input::wait(frame, number, &self.contact)),
        };
        (say.t(title), frame, body)
    }
}

#[cfg(test)]
mod tests;
