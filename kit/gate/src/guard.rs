//! The layer around all pages: it knows who asks, and keeps what was typed when a session has ended (N16).

use crate::{
    ClientCertificate, Gate, Session,
    forms::{Browser, refused},
    kept::Kept,
    origin, refusals,
    session::{SessionNeeded, Standing, standing},
    web,
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, OriginalUri, Request, State},
    http::{Method, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use kit_web::{FormData, Frame, Refused, WhoLabel, forms};

impl Gate {
    /// Puts the gate around pages. It is laid *inside* of `kit_web::serve`:
    ///
    /// ```text
    /// kit_web::serve(gate.guard(kit_gate::router(&gate).merge(desks)), chrome)
    /// ```
    /// Requests get who is signed in, for [`Session`], [`CheckedForm`](crate::CheckedForm) and the head of the page.
    /// A form that comes after its session has ended is answered by the page 「セッション無効」, which carries what
    /// was typed until the sender has signed in again. An address that leads nowhere is answered inside of the gate, by a
    /// page that shows who is signed in.
    pub fn guard(&self, pages: Router) -> Router {
        kit_web::with_refusals(pages).layer(from_fn_with_state(self.clone(), guard))
    }

    /// What the head of a page says of a session.
    pub(crate) fn label(&self, session: &Session) -> WhoLabel {
        let settings = self.settings();
        let role =
            settings.role_names.iter().find(|(role, _)| session.has(role)).map(|(_, text)| text.clone());
        let operator = settings.operator_names.iter().find(|(id, _)| *id == session.operator);
        WhoLabel {
            name: session.name.clone(),
            role,
            operator: operator.map(|(_, text)| text.clone()),
            ends_at: session.ends,
            sign_out: "/sign-out".into(),
            csrf: session.csrf.as_str().to_owned(),
        }
    }
}

async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(gate.clone());
    let known = standing(&gate, &parts.headers, &mut parts.extensions).await;
    if let Standing::Open(session) = &known {
        parts.extensions.insert(gate.label(session));
    }
    if parts.method != Method::POST || matches!(known, Standing::Open(_)) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    // Someone without a session posts: the body is read here, because it must outlive a handler that refuses it.
    let (body, copy) = match copied(&parts, body).await {
        Ok(both) => both,
        Err(too_large) => return too_large.into_response(),
    };
    let mut asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<SessionNeeded>().is_none() {
        return response;
    }
    if !origin::is_ours(gate.settings(), &asked.headers) {
        return refused(refusals::forged());
    }
    if matches!(known, Standing::Unknown) {
        return refused(refusals::unavailable());
    }
    let Ok(frame) = Frame::from_request_parts(&mut asked, &()).await;
    let path = path_of(&asked);
    let form = match copy {
        Some(body) => again(&asked, body).await,
        None => None,
    };
    let kept = form.as_ref().and_then(|form| Kept::of_post(&path, form));
    let certificate = asked.extensions.get::<ClientCertificate>().is_some();
    let browser = Browser::of(&gate, &asked.headers);
    let page =
        web::ended_with_form(&gate, frame, &browser, &known, (&path, certificate), kept.as_ref()).await;
    browser.hand(&gate, page)
}

/// The body twice, when it is a form.
async fn copied(parts: &Parts, body: Body) -> Result<(Body, Option<Bytes>), Refused> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    let most = if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        forms::Limits::BODY
    } else if kind.eq_ignore_ascii_case("multipart/form-data") {
        forms::Limits::BODY_WITH_FILES
    } else {
        return Ok((body, None));
    };
    let octets = to_bytes(body, most).await.map_err(|_| forms::BadForm::TooLarge)?;
    Ok((Body::from(octets.clone()), Some(octets)))
}

/// The form of a request that has been answered already; `None` for what is none, or holds nothing to keep.
async fn again(parts: &Parts, body: Bytes) -> Option<FormData> {
    let form =
        FormData::from_request(Request::from_parts(parts.clone(), Body::from(body)), &()).await.ok()?;
    let empty = form.pairs().next().is_none();
    (!empty).then_some(form)
}

fn path_of(parts: &Parts) -> String {
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}
