//! Fees of providers for the payment system (C18): months, their files, closing, corrections. For programs of the
//! federation alone.

use super::{PREFIX, again, who::By};
use crate::{
    Claims, ClosedPeriod,
    offset::{Month, Period, Sums},
    service::{self, NewCorrection, OpenPeriod},
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use core_words::{CaseNumber, Refusal, Text, Yen};
use kit_desk::api::{
    Answer, At, Problem, ProblemBody, Reply, fields, json, json_or_nothing, refusals::bad_field,
    rfc3339_micros,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Octets of a body: a text of 1,000 characters, each escaped as a pair of surrogates, and room for the rest.
const BODY_OCTETS: usize = 16 << 10;

/// What entries add up to, in yen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsOffsetSums)]
pub(super) struct SumsBody {
    /// Certificates issued.
    #[schema(minimum = 0)]
    certificates: u64,
    /// Their fees, tax included.
    fees_yen: i64,
    /// Corrections.
    #[schema(minimum = 0)]
    corrections: u64,
    /// What they change.
    corrected_yen: i64,
    /// What is to be offset: fees and corrections.
    total_yen: i64,
    /// The tax in it.
    tax_yen: i64,
}

/// A month of the payment system.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsOffsetMonth)]
pub(super) struct MonthBody {
    /// Which month.
    #[schema(example = "2026-11")]
    month: String,
    /// `open`, `closing` or `closed`.
    #[schema(pattern = "^(open|closing|closed)$")]
    state: &'static str,
    /// Its first moment.
    #[schema(format = DateTime)]
    begins: String,
    /// Its last moment.
    #[schema(format = DateTime)]
    ends: String,
    /// What is in it: so far, while it is open; `null` while it is being closed.
    sums: Option<SumsBody>,
    /// SHA-256 of its file in hexadecimal, once it is closed.
    sha256: Option<String>,
}

/// Months.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsOffsets)]
pub(super) struct OffsetsBody {
    /// The month that is to be closed next; `null` while one is being closed.
    open: Option<MonthBody>,
    /// Those that are closed or being closed, the last first.
    months: Vec<MonthBody>,
}

/// A correction of what a case was charged.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsOffsetCorrection)]
pub(super) struct CorrectionBody {
    /// The number of the case.
    #[schema(example = "C-2026-0000001-7", pattern = "^[A-Z]-[1-9][0-9]{3}-[0-9]{7}-[0-9]$")]
    case: String,
    /// How much, in yen; less than nothing where a fee is given back.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    #[serde(deserialize_with = "kit_desk::api::fields::whole")]
    amount_yen: i64,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    note: String,
}

/// Nothing is said; no body means the same.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNothingMore)]
pub(super) struct NothingBody {}

/// 手数料の相殺 / months of offset fees
#[utoipa::path(
    get,
    path = "/api/v1/claims/offset",
    operation_id = "claimsOffsets",
    tag = "claims",
    responses(
        (status = 200, description = "Months", body = OffsetsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(State(claims): State<Claims>, by: By) -> Result<Json<OffsetsBody>, Problem> {
    by.staff()?;
    let offsets = claims.offsets(by.scope()).await?;
    let open = offsets.open.as_ref().map(opened);
    Ok(Json(OffsetsBody { open, months: offsets.closed.iter().map(month).collect() }))
}

/// 相殺の年月 / one month of offset fees
#[utoipa::path(
    get,
    path = "/api/v1/claims/offset/{month}",
    operation_id = "claimsOffset",
    tag = "claims",
    params(("month" = String, Path, description = "The month", example = "2026-11")),
    responses(
        (status = 200, description = "The month", body = MonthBody),
        (status = "4XX", description = "Refused, or no such month", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Json<MonthBody>, Problem> {
    by.staff()?;
    let asked = month_of(&text)?;
    // The month that is closed next is in no table as yet.
    let open = claims.offsets(by.scope()).await?.open.filter(|open| open.period.month == asked);
    match open {
        Some(open) => Ok(Json(opened(&open))),
        None => Ok(Json(month(&claims.offset_period(by.scope(), asked).await?))),
    }
}

/// 相殺ファイル / the file of a closed month
#[utoipa::path(
    get,
    path = "/api/v1/claims/offset/{month}/file.csv",
    operation_id = "claimsOffsetFile",
    tag = "claims",
    params(("month" = String, Path, description = "The month", example = "2026-11")),
    responses(
        (status = 200, description = "The file: docs/procedures/OFFSET.md", body = Vec<u8>, content_type = "text/csv"),
        (status = "4XX", description = "Refused, or not closed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn file(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Response, Problem> {
    by.staff()?;
    let month = month_of(&text)?;
    let octets = claims.offset_file(by.scope(), month).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"offset-{month}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, octets).into_response())
}

/// この月を締める / begins to close a month
///
/// For a manager, from the day after its closing day on. A job ends it: see the state of the month.
#[utoipa::path(
    post,
    path = "/api/v1/claims/offset/{month}/close",
    operation_id = "claimsOffsetClose",
    tag = "claims",
    params(
        ("month" = String, Path, description = "The month", example = "2026-11"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = NothingBody, content_type = "application/json"),
    responses(
        (status = 202, description = "Begun", body = NothingBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn close(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let month = month_of(&text)?;
    let said: NothingBody = json_or_nothing(&headers, body, BODY_OCTETS).await?;
    let target = format!("POST {PREFIX}/offset/{month}/close");
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        service::begin_offset(tx, desk, scope, month, doer)?;
        Ok(Answer::new(StatusCode::ACCEPTED, None, &NothingBody {}))
    })
    .await
}

/// 相殺額の訂正 / corrects what a case was charged
///
/// For a manager. The correction is in the file of the month of today.
#[utoipa::path(
    post,
    path = "/api/v1/claims/offset/corrections",
    operation_id = "claimsOffsetCorrect",
    tag = "claims",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the first result, for at least 48 hours", pattern = "^[!-~]+$", min_length = 1, max_length = 128),
    ),
    request_body(content = CorrectionBody, content_type = "application/json"),
    responses(
        (status = 201, description = "Recorded", body = CorrectionBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn correct(
    State(claims): State<Claims>,
    by: By,
    headers: HeaderMap,
    body: Body,
) -> Result<Reply, Problem> {
    by.staff()?;
    let said: CorrectionBody = json(&headers, body, BODY_OCTETS).await?;
    fields::text("note", &said.note, 100)?;
    if said.note.trim().is_empty() {
        return Err(bad_field("note", Text::new("理由が必要です", "must say why")).into());
    }
    let case = CaseNumber::parse(&said.case)
        .map_err(|_| bad_field("case", Text::new("受付番号ではありません", "is not the number of a case")))?;
    let target = format!("POST {PREFIX}/offset/corrections");
    let new = NewCorrection { case, amount: Yen(said.amount_yen), note: said.note.trim().to_owned() };
    let answer = Answer::new(StatusCode::CREATED, None, &said);
    again::once(&claims, &by, &headers, &target, &said, move |tx, desk, scope, doer| {
        service::enter_correction(tx, desk, scope, &new, doer)?;
        Ok(answer.clone())
    })
    .await
}

fn month_of(text: &str) -> Result<Month, Refusal> {
    Month::parse(text).ok_or_else(service::offset_no_month)
}

fn span(period: &Period, state: &'static str) -> MonthBody {
    MonthBody {
        month: period.month.to_string(),
        state,
        begins: rfc3339_micros(period.begins),
        ends: rfc3339_micros(period.ends),
        sums: None,
        sha256: None,
    }
}

fn opened(open: &OpenPeriod) -> MonthBody {
    MonthBody { sums: Some(sums(&open.sums)), ..span(&open.period, "open") }
}

fn month(period: &ClosedPeriod) -> MonthBody {
    match &period.closed {
        None => span(&period.period, "closing"),
        Some(closing) => MonthBody {
            sums: Some(sums(&closing.sums)),
            sha256: Some(closing.sha256.iter().map(|octet| format!("{octet:02x}")).collect()),
            ..span(&period.period, "closed")
        },
    }
}

fn sums(sums: &Sums) -> SumsBody {
    SumsBody {
        certificates: sums.charges,
        fees_yen: sums.charged.0,
        corrections: sums.corrections,
        corrected_yen: sums.corrected.0,
        total_yen: sums.total().0,
        tax_yen: sums.tax.0,
    }
}
