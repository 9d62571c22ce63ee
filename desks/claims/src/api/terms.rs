//! `GET /api/v1/claims/terms`: what an application of today costs, and what is agreed to with it (C1).

use super::who::By;
use crate::Claims;
use axum::{Json, extract::State};
use kit_desk::api::{ProblemBody, TextBody};
use serde::Serialize;
use utoipa::ToSchema;

/// The terms in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsTerms)]
pub(super) struct TermsBody {
    /// The cost of issue in yen, tax included.
    #[schema(minimum = 0)]
    fee_yen: i64,
    /// For how many months a certificate is issued.
    #[schema(minimum = 1)]
    months: u16,
    /// The version of the text that an application agrees to.
    consent: String,
    /// The text itself.
    consent_text: TextBody,
}

/// 申請の条件 / what an application costs and agrees to
#[utoipa::path(
    get,
    path = "/api/v1/claims/terms",
    operation_id = "claimsTerms",
    tag = "claims",
    responses(
        (status = 200, description = "The terms in force", body = TermsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn terms(State(claims): State<Claims>, _: By) -> Json<TermsBody> {
    let terms = claims.settings().terms(claims.now());
    Json(TermsBody {
        fee_yen: terms.fee.0,
        months: terms.months,
        consent: terms.consent.clone(),
        consent_text: terms.consent_text.clone().into(),
    })
}
