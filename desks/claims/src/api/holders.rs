//! `/api/v1/claims/holders`: care providers and agents (C23). For programs of the federation alone. Their passwords exist
//! on the letters that the pages print, and never here.

mod body;

use super::{PREFIX, again, asked, offset::NothingBody, stop::Stop, who::By};
use crate::{
    Claims, Record, WantedOffices, Which,
    office::{self, NewOffice, Who},
    store::{find::LONGEST, offices},
    words::HolderNumber,
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use body::{HolderBody, HoldersBody, NewHolderBody, RecordBody, told};
use core_words::Refusal;
use kit_desk::api::{Answer, Asked, At, Problem, ProblemBody, Reply, Seen, fields, json, json_or_nothing};
use serde::Deserialize;

/// Octets of a body: the texts of a record, each character escaped as a pair of surrogates.
const BODY_OCTETS: usize = 16 << 10;
/// Holders in one answer, unless another number is asked for, and the most.
const USUAL: u32 = 50;
const MOST: u32 = 200;
/// Which holders can be asked for.
const WHICH: [(&str, Which); 4] = [
    ("providers", Which::Providers),
    ("agents", Which::Agents),
    ("unlettered", Which::Unlettered),
    ("closed", Which::Closed),
];

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    q: Option<String>,
    which: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// 事業所・代理人の一覧 / care providers and agents, in the order of their numbers
#[utoipa::path(
    get,
    path = "/api/v1/claims/holders",
    operation_id = "claimsHolders",
    tag = "claims",
    params(
        ("q" = Option<String>, Query, description = "Words that number, name or kana have", max_length = 100, pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"),
        ("which" = Option<String>, Query, description = "Only these: `unlettered` are those in force that no letter was printed for", pattern = "^(providers|agents|unlettered|closed)$"),
        ("after" = Option<String>, Query, description = "The number after which to go on", pattern = "^(DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}|(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{8})$"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Holders", body = HoldersBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    Asked(query): Asked<Query>,
) -> Result<Json<HoldersBody>, Problem> {
    by.staff()?;
    let text = query.q.unwrap_or_default();
    fields::text("q", &text, LONGEST)?;
    let which = match query.which.as_deref() {
        None => Which::All,
        Some(name) => {
            let found = WHICH.iter().find(|(slug, _)| *slug == name).map(|(_, which)| *which);
            fields::one_of("which", found, WHICH.iter().map(|(slug, _)| *slug))?
        }
    };
    let after = query.after.as_deref().map(|after| asked::holder("after", after, None));
    let after = after.transpose()?.map(|after| after.to_string()).unwrap_or_default();
    let most = asked::number("limit", query.limit.as_deref(), USUAL, MOST)?;
    let (scope, wanted) = (by.scope(), WantedOffices { text, which, page: 0 });
    let found = claims.read(move |tx| offices::walk(tx, &scope, &wanted, &after, most + 1)).await?;
    let (found, next) = asked::stretch(found, most, |record| record.holder.number.to_string());
    Ok(Json(HoldersBody { holders: found.iter().map(told).collect(), next }))
}

/// 事業所・代理人 / a care provider or an agent
#[utoipa::path(
    get,
    path = "/api/v1/claims/holders/{number}",
    operation_id = "claimsHolder",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the holder", example = "1310000018"),
    ),
    responses(
        (status = 200, description = "The holder", body = HolderBody, headers(("ETag" = String, description = "Its version"))),
        (status = "4XX", description = "Refused, or no such holder", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Reply, Problem> {
    by.staff()?;
    let record = claims.record(by.scope(), number_of(&text)?).await?;
    Ok(Reply { answer: answer(StatusCode::OK, &record), again: false })
}

/// 事業所・代理人を登録する / enter a care provider or an agent
///
/// It cannot sign in before its letter was printed, on the pages.
#[utoipa::path(
    post,
    path = "/api/v1/claims/holders",
    operation_id = "claimsEnterHolder",
    tag = "claims",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NewHolderBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Entered", body = HolderBody, headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn enter(
    State(claims): State<Claims>,
    by: By,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    by.staff()?;
    let said: NewHolderBody = json(&headers, body, BODY_OCTETS).await?;
    let new = said.formed()?;
    let target = format!("POST {PREFIX}/holders");
    let reply = again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        let record = office::entered(tx, desk, scope, &new, &Who::from(doer.clone()))?;
        Ok(answer(StatusCode::CREATED, &record))
    });
    Ok(again::created(reply.await?, |body| body["href"].as_str().map(str::to_owned)))
}

/// 登録を変更する / change a record
///
/// All of it but the number. `If-Match` names the version that was looked at: when somebody was first, nothing is done
/// (412).
#[utoipa::path(
    put,
    path = "/api/v1/claims/holders/{number}",
    operation_id = "claimsChangeHolder",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the holder", example = "1310000018"),
        ("If-Match" = String, Header, description = "The ETag of what was looked at", pattern = "^\"[1-9][0-9]{0,17}\"$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = RecordBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Changed; the holder as it is now", body = HolderBody, headers(("ETag" = String, description = "Its version"))),
        (status = 412, description = "Somebody was first", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn change(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    Seen(seen): Seen,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let number = number_of(&text)?;
    let said: RecordBody = json(&headers, body, BODY_OCTETS).await?;
    let target = format!("PUT {PREFIX}/holders/{number} {seen}");
    let new = said.formed(number)?;
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        let record = office::changed(tx, desk, scope, &new, seen, &Who::from(doer.clone()))?;
        Ok(answer(StatusCode::OK, &record))
    })
    .await
}

/// 廃止にする / close a record (廃止)
///
/// The holder cannot sign in any more; its certificates stay until they are revoked.
#[utoipa::path(
    post,
    path = "/api/v1/claims/holders/{number}/close",
    operation_id = "claimsCloseHolder",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the holder", example = "1310000018"),
        ("If-Match" = String, Header, description = "The ETag of what was looked at", pattern = "^\"[1-9][0-9]{0,17}\"$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NothingBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Closed; the holder as it is now", body = HolderBody, headers(("ETag" = String, description = "Its version"))),
        (status = 412, description = "Somebody was first", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn close(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    seen: Seen,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    turn(&claims, &by, &text, seen, (&headers, body), true).await
}

/// 廃止を取り消す / open a closed record again
#[utoipa::path(
    post,
    path = "/api/v1/claims/holders/{number}/reopen",
    operation_id = "claimsReopenHolder",
    tag = "claims",
    params(
        ("number" = String, Path, description = "The number of the holder", example = "1310000018"),
        ("If-Match" = String, Header, description = "The ETag of what was looked at", pattern = "^\"[1-9][0-9]{0,17}\"$"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NothingBody, content_type = "application/json"),
    responses(
        (status = 200, description = "Opened; the holder as it is now", body = HolderBody, headers(("ETag" = String, description = "Its version"))),
        (status = 412, description = "Somebody was first", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn reopen(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    seen: Seen,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    turn(&claims, &by, &text, seen, (&headers, body), false).await
}

async fn turn(
    claims: &Claims,
    by: &By,
    text: &str,
    Seen(seen): Seen,
    (headers, body): (&HeaderMap, Body),
    closed: bool,
) -> Result<Reply, Problem> {
    by.staff()?;
    let number = number_of(text)?;
    let said: NothingBody = json_or_nothing(headers, body, BODY_OCTETS).await?;
    let what = if closed { "close" } else { "reopen" };
    let target = format!("POST {PREFIX}/holders/{number}/{what} {seen}");
    again::once(claims, by, headers, &target, &said, move |tx, desk, scope, doer| {
        let who = Who::from(doer.clone());
        let record = office::set_closed(tx, desk, scope, &number, (seen, closed), &who)?;
        Ok::<_, Stop>(answer(StatusCode::OK, &record))
    })
    .await
}

impl NewHolderBody {
    fn formed(&self) -> Result<NewOffice, Refusal> {
        let number = asked::holder("number", &self.number, None)?;
        let Self { name, kana, postal, address, phone, email, .. } = self;
        let [name, kana, postal] = [name, kana, postal].map(Clone::clone);
        let [address, phone, email] = [address, phone, email].map(Clone::clone);
        NewOffice { number, name, kana, postal, address, phone, email }.tidied()
    }
}

impl RecordBody {
    fn formed(&self, number: HolderNumber) -> Result<NewOffice, Refusal> {
        let Self { name, kana, postal, address, phone, email } = self;
        let [name, kana, postal] = [name, kana, postal].map(Clone::clone);
        let [address, phone, email] = [address, phone, email].map(Clone::clone);
        NewOffice { number, name, kana, postal, address, phone, email }.tidied()
    }
}

/// The number in a path; anything else is a holder that does not exist.
pub(super) fn number_of(text: &str) -> Result<HolderNumber, Refusal> {
    HolderNumber::new(text).ok_or_else(office::no_office)
}

fn answer(status: StatusCode, record: &Record) -> Answer {
    Answer::new(status, Some(record.version), &told(record))
}
