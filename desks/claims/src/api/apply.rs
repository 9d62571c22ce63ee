//! `POST /api/v1/claims/cases`: an application of a care provider or an agent (C1).

use super::{
    DESK, PREFIX, again,
    stop::Stop,
    view::{self, CaseBody},
    who::By,
};
use crate::{
    Claims,
    command::{Apply, Command},
    service,
    words::KeyWay,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use core_pack::sniff::{self, NotTheObject, Object};
use core_words::{CaseNumber, Lang, Refusal, Text};
use kit_desk::{
    Halt,
    api::{Once, Problem, ProblemBody, answers, fields, json, refusals::bad_field},
    open,
};
use kit_post::Address;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Octets of a body: the request, and room for the rest.
const BODY_OCTETS: usize = 32 << 10;
/// Octets of a PKCS#10 request as it is handed in: one with a large RSA key has under 3 KiB.
const REQUEST_OCTETS: usize = 16 << 10;
/// Characters of the version of a text.
const CONSENT_CHARS: usize = 40;

/// An application.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNewApplication)]
pub(super) struct ApplyBody {
    /// The issue password (証明書発行用パスワード). Three wrong ones in a row, and none is taken for 30 minutes.
    // Never part of what is remembered of a request.
    #[serde(skip_serializing)]
    #[schema(value_type = String, format = Password, required = true, min_length = 1, max_length = 128, pattern = "^[^\\u0000]*$")]
    issue_password: fields::Secret,
    /// Who makes the key: `service`, or `own` with a `request`.
    #[schema(pattern = "^(service|own)$")]
    key: String,
    /// With `own`: the PKCS#10 request, PEM, or DER in base64.
    #[serde(default)]
    #[schema(max_length = 16384)]
    request: Option<String>,
    /// Where notices are sent.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// From a care provider: the version of the text on offsetting that is agreed to, as `GET /terms` names it. Agents
    /// agree to none.
    #[serde(default)]
    #[schema(max_length = 40, pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$")]
    consent: Option<String>,
    /// In which language to be written to; that of the account when absent.
    #[serde(default)]
    #[schema(pattern = "^(ja|en)$")]
    lang: Option<String>,
    /// The number of the case whose certificate is to be renewed, when this is a renewal.
    #[serde(default)]
    #[schema(pattern = "^C-[0-9]{4}-[0-9]{7}-[0-9]$")]
    renews: Option<String>,
}

/// An application that is well formed.
#[derive(Debug)]
struct Formed {
    key: KeyWay,
    email: String,
    lang: Lang,
    consent: Option<String>,
    renews: Option<CaseNumber>,
}

/// 発行を申請する / apply for a certificate
#[utoipa::path(
    post,
    path = "/api/v1/claims/cases",
    operation_id = "claimsApply",
    tag = "claims",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128)),
    request_body(content = ApplyBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Taken; the case", body = CaseBody, headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn apply(
    State(claims): State<Claims>,
    by: By,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let holder = by.holder()?;
    let asked: ApplyBody = json(&headers, body, BODY_OCTETS).await?;
    let target = format!("POST {PREFIX}/cases");
    let once = Once::of(&headers, DESK, by.machine.account, &target, &asked, claims.digest())?;
    let (formed, secret) = asked.formed(by.machine.lang)?;
    // A repeat needs no password: comparing one takes long and counts wrong ones.
    if let Some(reply) = again::before(&claims, once.as_ref()).await? {
        return Ok(again::created(reply, place));
    }
    let knew = claims.knows(holder, secret.take("issue_password")?).await?;
    if let KeyWay::Own(request) = &formed.key {
        claims.look_at_request(holder, request.clone()).await?;
    }
    let Formed { key, email, lang, consent, renews } = formed;
    let command = Command::Apply(Apply { knew, key, email, lang, consent, renews });
    let (desk, doer) = (claims.clone(), by.doer());
    let reply = claims.db().write(move |tx| {
        let now = desk.now();
        answers::once(tx, once.as_ref(), now, |tx| {
            let done = open(tx, desk.cases(), &command, &doer, desk.means(now))?;
            let file = service::file(tx, done.case.id, by.hat, now)?.ok_or(Halt::NoCase)?;
            Ok::<_, Stop>(view::answer(StatusCode::CREATED, &file, by.hat))
        })
    });
    Ok(again::created(reply.await?, place))
}

/// Where the case is.
fn place(body: &Value) -> Option<String> {
    body["number"].as_str().map(view::path)
}

impl ApplyBody {
    fn formed(self, usual: Lang) -> Result<(Formed, fields::Secret), Refusal> {
        let key = match (self.key.as_str(), self.request) {
            ("service", None) => KeyWay::Service,
            ("own", Some(request)) => KeyWay::Own(request_der(&request)?),
            ("own", None) => {
                let what = Text::new("own のときは必要です", "must be there with own");
                return Err(bad_field("request", what));
            }
            ("service", Some(_)) => {
                let what = Text::new("service のときは不要です", "must not be there with service");
                return Err(bad_field("request", what));
            }
            _ => fields::one_of("key", None, ["service", "own"])?,
        };
        let email = Address::parse(&self.email).map_err(|bad| {
            bad_field("email", Text::new("メールアドレスの形式ではありません", bad.to_string()))
        })?;
        if let Some(consent) = &self.consent {
            fields::text("consent", consent, CONSENT_CHARS)?;
        }
        let lang = match self.lang.as_deref() {
            None => usual,
            Some(tag) => fields::one_of("lang", Lang::of_tag(tag), ["ja", "en"])?,
        };
        let renews = match self.renews.as_deref().map(CaseNumber::parse) {
            None => None,
            Some(Ok(number)) => Some(number),
            Some(Err(bad)) => {
                return Err(bad_field("renews", Text::new("受付番号の形式ではありません", bad.to_string())));
            }
        };
        let formed = Formed { key, email: email.as_str().to_owned(), lang, consent: self.consent, renews };
        Ok((formed, self.issue_password))
    }
}

fn request_der(text: &str) -> Result<Vec<u8>, Refusal> {
    let found = sniff::der(text.as_bytes(), Object::Request, REQUEST_OCTETS);
    found.map(std::borrow::Cow::into_owned).map_err(|error| {
        let ja = match error {
            NotTheObject::PrivateKey => "秘密鍵が含まれています。秘密鍵は誰にも送らないでください",
            NotTheObject::TooLong(_) => "大きすぎます",
            _ => "PKCS#10（PEM または base64 の DER）として読めません",
        };
        bad_field("request", Text::new(ja, error.to_string()))
    })
}
