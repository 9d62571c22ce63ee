//! `GET /api/v1/claims/notices…`: what hangs on an applicant's board, and the files that came with it (C7, K11).

use super::{asked::number, who::By};
use crate::{Claims, no};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use core_words::Refusal;
use kit_desk::api::{Asked, At, Problem, ProblemBody, TextBody, rfc3339_micros};
use kit_post::{Notice, Page};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Notices in one answer.
const PAGE: u32 = 50;
/// The last page that can be asked for.
const LAST: u32 = 10_000;

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    page: Option<String>,
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsNotices)]
pub(super) struct NoticesBody {
    /// The notices, the latest first; 50 at most.
    notices: Vec<NoticeBody>,
    /// How many there are on all pages.
    #[schema(minimum = 0)]
    total: u64,
    /// How many of them were not read yet.
    #[schema(minimum = 0)]
    unread: u64,
}

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsNotice)]
pub(super) struct NoticeBody {
    /// Its number.
    id: i64,
    /// One line.
    subject: TextBody,
    /// Several lines.
    body: TextBody,
    /// The number of the case that it belongs to.
    #[schema(example = "C-2026-0000001-7")]
    case: Option<String>,
    /// When it was put up.
    #[schema(format = DateTime)]
    at: String,
    /// When it was first read.
    #[schema(format = DateTime)]
    read_at: Option<String>,
    /// The file that comes with it: `GET /notices/{id}/file`.
    file: Option<NoticeFileBody>,
}

/// The file of a notice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsNoticeFile)]
pub(super) struct NoticeFileBody {
    /// What it is called.
    #[schema(example = "notice.p7m")]
    name: String,
    /// When it was first fetched.
    #[schema(format = DateTime)]
    fetched_at: Option<String>,
}

/// お知らせの一覧 / the notices of an applicant, the latest first
#[utoipa::path(
    get,
    path = "/api/v1/claims/notices",
    operation_id = "claimsNotices",
    tag = "claims",
    params(("page" = Option<u32>, Query, description = "Which page, from 1; the first when absent", minimum = 1, maximum = 10000)),
    responses(
        (status = 200, description = "Notices", body = NoticesBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    Asked(query): Asked<Query>,
) -> Result<Json<NoticesBody>, Problem> {
    let holder = by.holder()?;
    let number = number("page", query.page.as_deref(), 1, LAST)?;
    let board = claims.board(by.scope(), holder, Page::new(number, PAGE)).await?;
    let notices = board.notices.rows.into_iter().map(told).collect();
    Ok(Json(NoticesBody { notices, total: board.notices.total, unread: board.unread }))
}

/// お知らせ / one notice, which counts as read from now on
#[utoipa::path(
    get,
    path = "/api/v1/claims/notices/{id}",
    operation_id = "claimsNotice",
    tag = "claims",
    params(("id" = i64, Path, description = "The number of the notice")),
    responses(
        (status = 200, description = "The notice", body = NoticeBody),
        (status = "4XX", description = "Refused, or no such notice", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Json<NoticeBody>, Problem> {
    let notice = claims.read_notice(by.scope(), by.holder()?, id(&text)?).await?;
    Ok(Json(told(notice)))
}

/// お知らせのファイル / the file of a notice, which counts as fetched from now on
#[utoipa::path(
    get,
    path = "/api/v1/claims/notices/{id}/file",
    operation_id = "claimsNoticeFile",
    tag = "claims",
    params(("id" = i64, Path, description = "The number of the notice")),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/pkcs7-mime"),
        (status = "4XX", description = "Refused, no such notice, or one without a file", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn file(
    State(claims): State<Claims>,
    by: By,
    At(text): At<String>,
) -> Result<Response, Problem> {
    let file = claims.notice_file(by.scope(), by.holder()?, id(&text)?, by.doer()).await?;
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file.octets).into_response())
}

fn told(notice: Notice) -> NoticeBody {
    let file = notice
        .file
        .map(|file| NoticeFileBody { name: file.name, fetched_at: file.fetched.map(rfc3339_micros) });
    NoticeBody {
        id: notice.id.0,
        subject: notice.subject.into(),
        body: notice.body.into(),
        case: notice.case,
        at: rfc3339_micros(notice.created),
        read_at: notice.read.map(rfc3339_micros),
        file,
    }
}

/// The number of a notice in a path; anything else is a notice that does not exist.
fn id(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| no::no_notice())
}
