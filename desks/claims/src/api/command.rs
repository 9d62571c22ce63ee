//! `POST /api/v1/claims/cases/{number}/{command}`: what people do with buttons (C5, C9, C11, C19).

use super::{DESK, number, stop::Stop, view, view::CaseBody, who::By};
use crate::{
    Claims,
    command::{Command, Erasure},
    service::{self, LONGEST_TEXT},
    status::Deed,
    store::{find, rows},
    words::{AskedBy, Channel, Choice, RevocationAsk, RevokeReason},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use core_words::{Kind, Refusal, Text};
use kit_desk::{
    Halt, Verb, act,
    api::{At, Once, Problem, ProblemBody, Reply, Seen, answers, fields, json_or_nothing},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Octets of a body: a text of 1,000 characters, each escaped as a pair of surrogates, and room for the rest.
const BODY_OCTETS: usize = 16 << 10;

/// What machines may ask for, and the schema of what is said with it. Download is an operation of its own.
pub(super) const COMMANDS: &[(Deed, &str)] = &[
    (Deed::RegisterIssue, NOTHING),
    (Deed::RegisterPayment, NOTHING),
    (Deed::Reject, "ClaimsReject"),
    (Deed::UndoIssue, NOTHING),
    (Deed::UndoReject, NOTHING),
    (Deed::RequestRevocation, "ClaimsRequestRevocation"),
    (Deed::UndoRevocation, NOTHING),
    (Deed::EraseKey, NOTHING),
];
const NOTHING: &str = "ClaimsNothing";

/// Nothing is said; no body means the same.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNothing)]
pub(super) struct NothingBody {}

/// Why an application is rejected.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsReject)]
pub(super) struct RejectBody {
    /// Whether the applicant asked for it back; then there is no reason.
    #[serde(default)]
    withdrawn: bool,
    /// The reason, which the applicant is told.
    #[serde(default)]
    #[schema(
        max_length = 1000,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    reason: String,
}

/// Who asked for a revocation, and why.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsRequestRevocation)]
pub(super) struct RevokeBody {
    /// Who asked.
    #[schema(pattern = "^(provider|agent|prefecture)$")]
    by: String,
    /// How.
    #[schema(pattern = "^(phone|paper|mail|counter)$")]
    channel: String,
    /// Why.
    #[schema(pattern = "^(closed|changed|key-lost|key-compromised|other)$")]
    reason: String,
    /// What was said besides.
    #[serde(default)]
    #[schema(
        max_length = 1000,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    note: String,
}

/// Does something to a case
///
/// `If-Match` names the version that was looked at: when somebody was first, nothing is done (412), and who and when
/// is told.
#[utoipa::path(
    post,
    path = "/api/v1/claims/cases/{number}/{command}",
    operation_id = "claimsCommand",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the case", example = "C-2026-0000001-7"),
        ("command" = String, Path, description = "What to do"),
        ("If-Match" = String, Header, description = "The ETag of the case as it was looked at", pattern = "^\"[1-9][0-9]{0,17}\"$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NothingBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Done; the case as it is now", body = CaseBody, headers(("ETag" = String, description = "Its version"))),
        (status = 412, description = "Somebody was first", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn command(
    State(claims): State<Claims>,
    by: By,
    At((text, verb)): At<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    let number = number(&text)?;
    let deed = COMMANDS.iter().map(|(deed, _)| *deed).find(|deed| deed.slug() == verb);
    let deed = deed.ok_or_else(no_command)?;
    let Seen(seen) = Seen::of(&headers)?;
    let (command, said) = read(deed, &headers, body).await?;
    let target = format!("POST {}/{verb}", view::path(&number.to_string()));
    let account = by.machine.account;
    let once = Once::of(&headers, DESK, account, &target, &(seen, said), claims.digest())?;

    let (desk, scope, doer) = (claims.clone(), by.scope(), by.doer());
    let done = claims.db().write(move |tx| {
        let now = desk.now();
        answers::once(tx, once.as_ref(), now, |tx| {
            let id = find::by_number(tx, &scope, number)?.ok_or(Halt::NoCase)?;
            // The case of another provider is told as if there were none.
            if let Some(own) = by.only {
                let owner = rows::load(tx, id)?.map(|case| case.case.application().holder);
                if owner != Some(own) {
                    return Err(Halt::NoCase.into());
                }
            }
            act(tx, desk.cases(), id, Some(seen), &command, &doer, desk.means(now))?;
            let file = service::file(tx, id, by.hat, now)?.ok_or(Halt::NoCase)?;
            Ok::<_, Stop>(view::answer(StatusCode::OK, &file, by.hat))
        })
    });
    Ok(done.await?)
}

/// A command out of its body, and what was understood of it.
pub(super) async fn read(
    deed: Deed,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Command, serde_json::Value), Problem> {
    let command = match deed {
        Deed::Reject => {
            let said: RejectBody = json_or_nothing(headers, body, BODY_OCTETS).await?;
            fields::text("reason", &said.reason, LONGEST_TEXT)?;
            let rejection = service::rejection(said.withdrawn, &said.reason)?;
            return Ok((Command::Reject(rejection), value(&said)));
        }
        Deed::RequestRevocation => {
            let said: RevokeBody = json_or_nothing(headers, body, BODY_OCTETS).await?;
            fields::text("note", &said.note, LONGEST_TEXT)?;
            let ask = RevocationAsk {
                by: choice::<AskedBy>("by", &said.by)?,
                channel: choice::<Channel>("channel", &said.channel)?,
                reason: choice::<RevokeReason>("reason", &said.reason)?,
                note: said.note.trim().to_owned(),
            };
            return Ok((Command::RequestRevocation(service::revocation(ask)?), value(&said)));
        }
        Deed::RegisterIssue => Command::RegisterIssue,
        Deed::RegisterPayment => Command::RegisterPayment,
        Deed::UndoIssue => Command::UndoIssue,
        Deed::UndoReject => Command::UndoReject,
        Deed::UndoRevocation => Command::UndoRevocation,
        Deed::EraseKey => Command::EraseKey(Erasure::Confirmed),
        // Applying and downloading are operations of their own; the rest the house does by itself.
        Deed::Apply
        | Deed::Download
        | Deed::HandOver
        | Deed::Register
        | Deed::HandOverRevocation
        | Deed::RegisterList
        | Deed::ProcessRejection => return Err(no_command().into()),
    };
    let said: NothingBody = json_or_nothing(headers, body, BODY_OCTETS).await?;
    Ok((command, value(&said)))
}

fn choice<T: Choice>(field: &str, name: &str) -> Result<T, Refusal> {
    fields::one_of(field, T::of_slug(name), T::ALL.iter().map(|(_, _, slug)| *slug))
}

fn value(said: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(said).expect("what was read from JSON is JSON again")
}

/// No machine can ask for this.
fn no_command() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_command",
        Text::new("この操作はありません。", "There is no such command."),
        Text::new(
            "申請を GET で取得し、応答の actions にある操作を使ってください。",
            "GET the case and use one of its actions.",
        ),
    )
}

#[cfg(test)]
mod tests;
