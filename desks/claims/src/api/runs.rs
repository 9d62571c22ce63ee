//! `/api/v1/claims/runs`: mass work, for programs of the federation (C9, K10, K11). Started, followed, and its lines read.

use super::{number, who::By};
use crate::{
    Claims, Run, RunId, RunLine,
    service::{self, LONGEST_TEXT, RUN_LINES, Selection, no_run},
    words::Rejection,
    work::{LineState, Message, RunState, Work},
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use core_words::{Refusal, Text};
use kit_desk::{
    Capacity,
    api::{
        Asked, At, Problem, ProblemBody, TextBody, answers::IDEMPOTENCY_KEY, fields, json, refusals,
        rfc3339_micros,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Octets of a body: ten thousand numbers, and room for the rest.
const BODY_OCTETS: usize = 320 << 10;
/// What can be started.
const WORKS: [&str; 4] = ["issue", "reject", "withdraw", "notify"];

/// Mass work to be started.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNewRun)]
pub(super) struct NewRunBody {
    /// What is done to each case.
    #[schema(pattern = "^(issue|reject|withdraw|notify)$")]
    work: String,
    /// With `reject`: the reason, which the applicants are told.
    #[serde(default)]
    #[schema(
        max_length = 1000,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    reason: String,
    /// With `notify`: the subject.
    #[serde(default)]
    #[schema(max_length = 100, pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F]*$")]
    subject: String,
    /// With `notify`: the text.
    #[serde(default)]
    #[schema(
        max_length = 1000,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    text: String,
    /// The numbers of the cases. Those to which it cannot be done in their status are passed over.
    #[schema(min_items = 1, max_items = 10000)]
    cases: Vec<String>,
}

/// How a run stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRun)]
pub(super) struct RunBody {
    /// Its number.
    id: String,
    /// What it does to each of its lines.
    work: &'static str,
    /// The same, in words.
    label: TextBody,
    /// `loading`, `running`, `done` or `stopped`.
    state: &'static str,
    /// How many lines it has.
    total: u64,
    /// How many of them were carried out.
    done: u64,
    /// How many of them were refused.
    refused: u64,
    /// In what capacity it was started.
    by: &'static str,
    /// When it was prepared.
    created: String,
    /// When its last line was carried out, or it was stopped.
    finished: Option<String>,
}

/// Runs, the latest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRuns)]
pub(super) struct RunsBody {
    /// The latest fifty.
    runs: Vec<RunBody>,
}

/// A stretch of the lines of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRunLines)]
pub(super) struct LinesBody {
    /// The lines.
    lines: Vec<LineBody>,
    /// What to give as `after` for those that follow; null at the end.
    next: Option<i64>,
}

/// A line of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRunLine)]
pub(super) struct LineBody {
    /// Which: 1, 2, 3 …
    n: i64,
    /// What it is about: the number of a case.
    subject: String,
    /// `waiting`, `done` or `refused`.
    state: &'static str,
    /// Why it was refused.
    code: Option<String>,
    /// What is told of it.
    told: Option<TextBody>,
    /// When it ended.
    at: Option<String>,
}

/// 一括処理を始める / start mass work
#[utoipa::path(
    post,
    path = "/api/v1/claims/runs",
    operation_id = "claimsStartRun",
    tag = "claims",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat under the same key is answered with the same run", pattern = "^[!-~]+$", min_length = 1, max_length = 128)),
    request_body(content = NewRunBody, content_type = "application/json"),
    responses(
        (status = 202, description = "Begun", body = RunBody),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn start(
    State(claims): State<Claims>,
    by: By,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<RunBody>), Problem> {
    by.staff()?;
    let asked: NewRunBody = json(&headers, body, BODY_OCTETS).await?;
    let work = asked.work()?;
    if asked.cases.len() as u64 > work.most() {
        return Err(service::too_long(work.most()).into());
    }
    let numbers = asked.cases.iter().map(|text| number(text)).collect::<Result<_, _>>()?;
    let token = match token(&headers, by.machine.account.0)? {
        Some(token) => token,
        None => claims.run_token(),
    };
    let plan = claims.plan(by.scope(), Selection::Picked(numbers), &work, by.hat).await?;
    // A repeat finds its cases dealt with: the run that did so is the answer.
    let id = match claims.run_of_token(by.scope(), token.clone()).await? {
        Some(id) => id,
        None => claims.start_run(by.scope(), work.clone(), token, plan.lines, by.doer()).await?,
    };
    let run = claims.run(by.scope(), id).await?.run;
    if run.work != work {
        return Err(refusals::other_request().into());
    }
    Ok((StatusCode::ACCEPTED, Json(told(&run))))
}

/// 一括処理の一覧 / mass work, the latest first
#[utoipa::path(
    get,
    path = "/api/v1/claims/runs",
    operation_id = "claimsRuns",
    tag = "claims",
    responses(
        (status = 200, description = "The latest fifty", body = RunsBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn list(State(claims): State<Claims>, by: By) -> Result<Json<RunsBody>, Problem> {
    by.staff()?;
    let (runs, _) = claims.runs(by.scope(), 0).await?;
    Ok(Json(RunsBody { runs: runs.iter().map(|file| told(&file.run)).collect() }))
}

/// 一括処理の状況 / how mass work stands
#[utoipa::path(
    get,
    path = "/api/v1/claims/runs/{id}",
    operation_id = "claimsRun",
    tag = "claims",
    params(("id" = String, Path, description = "The number of the run", pattern = "^[0-9]{1,18}$")),
    responses(
        (status = 200, description = "The run", body = RunBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn show(
    State(claims): State<Claims>,
    by: By,
    At(id): At<String>,
) -> Result<Json<RunBody>, Problem> {
    by.staff()?;
    Ok(Json(told(&claims.run(by.scope(), run_id(&id)?).await?.run)))
}

/// Which lines are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    after: Option<String>,
    only: Option<String>,
}

/// 一括処理の結果 / the lines of mass work and what became of them
#[utoipa::path(
    get,
    path = "/api/v1/claims/runs/{id}/lines",
    operation_id = "claimsRunLines",
    tag = "claims",
    params(
        ("id" = String, Path, description = "The number of the run", pattern = "^[0-9]{1,18}$"),
        ("after" = Option<u32>, Query, description = "The line after which to go on", minimum = 0, maximum = 1000000000),
        ("only" = Option<String>, Query, description = "`refused`: those that were refused alone", pattern = "^refused$"),
    ),
    responses(
        (status = 200, description = "Lines", body = LinesBody),
        (status = "4XX", description = "Refused", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("desk" = []))
)]
pub(super) async fn lines(
    State(claims): State<Claims>,
    by: By,
    At(id): At<String>,
    Asked(query): Asked<Query>,
) -> Result<Json<LinesBody>, Problem> {
    by.staff()?;
    let refused = match query.only.as_deref() {
        None => false,
        Some(only) => {
            let found = (only == LineState::Refused.slug()).then_some(true);
            fields::one_of("only", found, [LineState::Refused.slug()])?
        }
    };
    let after = match &query.after {
        None => 0,
        Some(text) => text.parse::<u32>().map(i64::from).map_err(|_| {
            refusals::bad_field("after", Text::new("行の番号です", "must be the number of a line"))
        })?,
    };
    let lines = claims.run_lines(by.scope(), run_id(&id)?, refused, after).await?;
    let next = lines.last().filter(|_| lines.len() == RUN_LINES as usize).map(|line| line.ended.n);
    Ok(Json(LinesBody { lines: lines.into_iter().map(line).collect(), next }))
}

impl NewRunBody {
    fn work(&self) -> Result<Work, Refusal> {
        fields::text("reason", &self.reason, LONGEST_TEXT)?;
        fields::text("subject", &self.subject, Message::LONGEST_SUBJECT)?;
        fields::text("text", &self.text, LONGEST_TEXT)?;
        let missing = |field| refusals::bad_field(field, Text::new("必要です", "must be there"));
        Ok(match self.work.as_str() {
            "issue" => Work::Issue,
            "reject" => Work::Reject(service::rejection(false, &self.reason)?),
            "withdraw" => Work::Reject(Rejection::Withdrawn),
            "notify" if self.subject.trim().is_empty() => return Err(missing("subject")),
            "notify" if self.text.trim().is_empty() => return Err(missing("text")),
            "notify" => Work::Notify(Message { subject: self.subject.clone(), text: self.text.clone() }),
            _ => fields::one_of("work", None, WORKS)?,
        })
    }
}

/// What makes a repeat known: the caller's key, if it has one.
fn token(headers: &HeaderMap, account: i64) -> Result<Option<String>, Refusal> {
    let mut all = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=128).contains(&key.len()) && all.next().is_none());
    let key = key.filter(|key| key.chars().all(|c| c.is_ascii_graphic()));
    key.map(|key| Some(format!("api:{account}:{key}"))).ok_or_else(refusals::bad_idempotency_key)
}

fn run_id(text: &str) -> Result<RunId, Refusal> {
    text.parse().map(RunId).map_err(|_| no_run())
}

fn told(run: &Run) -> RunBody {
    RunBody {
        id: run.id.0.to_string(),
        work: run.work.slug(),
        label: run.work.label().into(),
        state: RunState::slug(run.state),
        total: run.total,
        done: run.done,
        refused: run.refused,
        by: Capacity::slug(run.capacity),
        created: rfc3339_micros(run.created),
        finished: run.finished.map(rfc3339_micros),
    }
}

fn line(line: RunLine) -> LineBody {
    LineBody {
        n: line.ended.n,
        subject: line.subject,
        state: line.ended.state.slug(),
        code: line.ended.code,
        told: line.ended.told.map(Into::into),
        at: line.at.map(rfc3339_micros),
    }
}
