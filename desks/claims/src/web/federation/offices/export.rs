//! CSVの保存: all records as a file that can be taken in again (C23).

use crate::{
    Claims,
    web::{Staff, attached},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use kit_web::{FormData, Refused};

/// Sends the file: in UTF-8 with a mark, or as `?encoding=shift-jis` says.
pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let shift_jis = form.get("encoding") == Some("shift-jis");
    let kind = if shift_jis { "text/csv; charset=Shift_JIS" } else { "text/csv; charset=utf-8" };
    let octets = claims.export_offices(staff.scope(), shift_jis).await?;
    Ok(attached(kind, "holders.csv", octets))
}
