//! `GET /api/v1/claims/cases`: cases, in the order of their numbers (C4, C8).

use super::{
    asked::number,
    view::{self, LineBody},
    who::By,
};
use crate::{
    Claims, Sort, Wanted,
    status::Standing,
    store::find::{self, LONGEST, Walk},
    words::HolderId,
};
use axum::{Json, extract::State};
use core_words::{CaseNumber, Refusal, Text};
use kit_desk::{
    Status,
    api::{Asked, Problem, ProblemBody, fields, refusals::bad_field},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Cases in one answer, unless another number is asked for.
const USUAL: u32 = 50;
/// The most cases in one answer.
const MOST: u32 = 200;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    status: Option<String>,
    q: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// A stretch of cases.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsCases)]
pub(super) struct CasesBody {
    /// The cases.
    cases: Vec<LineBody>,
    /// What to give as `after` for those that follow; null at the end. New cases come after the end.
    next: Option<String>,
}

/// 申請の一覧 / cases, in the order of their numbers
///
/// A program of a care provider or an agent sees its own, one of the federation all of them. Ask again with `after` until `next`
/// is null: no case is met twice, and none is missed.
#[utoipa::path(
    get,
    path = "/api/v1/claims/cases",
    operation_id = "claimsCases",
    tag = "claims",
    params(
        ("status" = Option<String>, Query, description = "Only these statuses, by name, with commas between them", example = "applied,issue-requested"),
        ("q" = Option<String>, Query, description = "Words that number, provider's number, name or kana have", max_length = 100, pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"),
        ("after" = Option<String>, Query, description = "The number of the case after which to go on", pattern = "^[A-Z]-[1-9][0-9]{3}-[0-9]{7}-[0-9]$", example = "C-2026-0000001-7"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Cases", body = CasesBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(
    State(claims): State<Claims>,
    by: By,
    Asked(query): Asked<Query>,
) -> Result<Json<CasesBody>, Problem> {
    let walk = query.walk(by.only)?;
    let (scope, most) = (by.scope(), walk.most);
    // One more than asked for tells whether any follow.
    let asked = Walk { most: most + 1, ..walk };
    let mut lines = claims.read(move |tx| find::walk(tx, &scope, &asked)).await?;
    let more = lines.len() > most as usize;
    lines.truncate(most as usize);
    let next = lines.last().filter(|_| more).map(|line| line.number.clone());
    Ok(Json(CasesBody { cases: lines.into_iter().map(view::line).collect(), next }))
}

impl Query {
    fn walk(self, holder: Option<HolderId>) -> Result<Walk, Refusal> {
        let text = self.q.unwrap_or_default();
        fields::text("q", &text, LONGEST)?;
        let after = self.after.map(|after| CaseNumber::parse(&after)).transpose();
        let wanted =
            Wanted { text, standings: standings(self.status.as_deref())?, sort: Sort::Oldest, page: 0 };
        Ok(Walk {
            wanted,
            holder,
            after: after.map_err(|e| bad_after(&e.to_string()))?,
            most: number("limit", self.limit.as_deref(), USUAL, MOST)?,
        })
    }
}

fn standings(names: Option<&str>) -> Result<Vec<Standing>, Refusal> {
    let Some(names) = names else { return Ok(Vec::new()) };
    let known = || Standing::ALL.iter().map(|standing| standing.slug());
    let mut standings = Vec::new();
    for name in names.split(',') {
        let standing = fields::one_of("status", Standing::of_slug(name), known())?;
        if !standings.contains(&standing) {
            standings.push(standing);
        }
    }
    Ok(standings)
}

fn bad_after(why: &str) -> Refusal {
    let ja = "前の応答の next にある受付番号ではありません";
    bad_field("after", Text::new(ja, format!("is not the number that an answer gave as next: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(query: Query) -> Result<Walk, String> {
        query.walk(None).map_err(|refusal| refusal.fields[0].field.clone())
    }

    #[test]
    fn k16_a_query_is_read_or_its_field_is_named() {
        let number = CaseNumber::new('C', 2026, 7).expect("it fits");
        let all = Query {
            status: Some("applied,issued,applied".into()),
            q: Some("さくら".into()),
            after: Some(number.to_string()),
            limit: Some("200".into()),
        };
        let read = walk(all).expect("well formed");
        assert_eq!(read.wanted.standings, [Standing::Applied, Standing::Issued]);
        assert_eq!((read.after, read.most), (Some(number), 200));
        assert_eq!(walk(Query::default()).expect("nothing asked").most, USUAL);
        assert_eq!(walk(Query { limit: Some("201".into()), ..Query::default() }), Err("limit".into()));
        for status in ["", "done", "applied,", "Applied", "1"] {
            assert_eq!(walk(Query { status: Some(status.into()), ..Query::default() }), Err("status".into()));
        }
        for after in ["", "C-2026-0000007-0", "x", "C-2026-0000007-1' OR 1=1"] {
            assert_eq!(walk(Query { after: Some(after.into()), ..Query::default() }), Err("after".into()));
        }
        for q in ["a\0", &"あ".repeat(LONGEST + 1)] {
            assert_eq!(walk(Query { q: Some(q.into()), ..Query::default() }), Err("q".into()));
        }
    }
}
