//! `warifu admin jobs list|rerun` (K10).

use crate::{
    cli::Run,
    commands::shown,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, Opening, store_fail},
    lang::Lang,
    terminal::{self, Page},
};
use authority_front::Text;
use core_words::{Actor, OperatorId};
use kit_jobs::{JobId, Presser, Rerun};
use kit_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};

/// ジョブ / jobs
#[derive(clap::Subcommand, Debug)]
pub enum Jobs {
    /// 状況と、あきらめたジョブの一覧 / how they stand, and which were given up
    List,
    /// あきらめたジョブをもう一度実行する / run jobs that were given up again
    Rerun {
        /// Their numbers
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        numbers: Vec<i64>,
        /// All of them
        #[arg(long)]
        all: bool,
    },
}

/// Runs jobs again.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// `None` for all that were given up.
    pub numbers: Option<Vec<i64>>,
}

/// Jobs that were given up and are shown or run again at a time.
const AT_A_TIME: u32 = 1_000;

impl Jobs {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::List => list(run).await,
            Self::Rerun { numbers, all } => {
                let deed = Deed { numbers: (!all).then_some(numbers) };
                carry_out(run, AnyDeed::Rerun(deed), false).await
            }
        }
    }
}

impl Deed {
    /// Carries it out.
    ///
    /// # Errors
    /// A number that is not that of a job which was given up; then those before it wait again all the same.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let Installation { db, clock, provider, config, .. } = installation;
        let federation = config.claims.as_ref().map(|claims| claims.operator.clone());
        let ids = match self.numbers {
            Some(numbers) => numbers.into_iter().map(JobId).collect(),
            None => {
                let all = db.read(|tx| kit_jobs::given_up(tx, None, AT_A_TIME)).await;
                all.map_err(|e| store_fail(&e))?.into_iter().map(|job| job.id).collect::<Vec<_>>()
            }
        };
        let mut page = Page::new(lang);
        for id in ids {
            let (actor, federation) = (actor.clone(), federation.clone());
            let (now, provider) = (clock.now(), provider.clone());
            let pressed = db.write(move |tx| {
                let by = presser(tx, id, federation.as_ref(), &actor)?;
                kit_jobs::rerun(tx, id, &by, now, &*provider, &*provider)
            });
            let pressed = pressed.await;
            match pressed.map_err(|e| store_fail(&e))? {
                Rerun::Queued => {
                    page.line(format!("{id}: もう一度実行します。"), format!("{id}: waits to be run again."))
                }
                Rerun::NotGivenUp => page.line(
                    format!("{id}: あきらめられていません。何もしません。"),
                    format!("{id}: it was not given up; nothing was done."),
                ),
                Rerun::Unknown => {
                    return Err(Fail::new(
                        Exit::Refused,
                        "jobs.unknown",
                        Text::new(format!("{id} はありません。"), format!("There is no {id}.")),
                        Text::new(
                            "`warifu admin jobs list` を確認してください。",
                            "See `warifu admin jobs list`.",
                        ),
                    ));
                }
            }
        }
        Ok(Report::ok(page))
    }
}

/// What the ledger says of it (K8): who, by the account of the machine; of a desk's job, whose it is and its case.
fn presser(
    tx: &mut Tx,
    id: JobId,
    federation: Option<&OperatorId>,
    actor: &Actor,
) -> Result<Presser, StoreError> {
    match (kit_jobs::find_given_up(tx, id)?, federation) {
        (Some(job), Some(federation)) => desk_claims::service::presser(tx, federation, actor.clone(), &job),
        _ => Ok(actor.clone().into()),
    }
}

async fn list(run: &Run) -> Outcome {
    let installation = Installation::open(run.config()?, Opening::to_look()).await?;
    let now = installation.clock.now();
    let read = installation
        .db
        .read(move |tx| {
            Ok::<_, StoreError>((
                kit_jobs::gauges(tx, now)?,
                kit_jobs::schedules(tx)?,
                kit_jobs::given_up(tx, None, AT_A_TIME)?,
            ))
        })
        .await;
    installation.close().await;
    let (gauges, schedules, given_up) = read.map_err(|e| store_fail(&e))?;
    let mut page = Page::new(run.lang);
    let rows: Vec<Vec<String>> = gauges
        .iter()
        .map(|g| {
            let numbers = [g.waiting, g.due, g.running, g.given_up];
            std::iter::once(g.kind.clone()).chain(numbers.iter().map(u64::to_string)).collect()
        })
        .collect();
    let heading = [
        ("種類", "kind"),
        ("待ち", "waiting"),
        ("期限到来", "due"),
        ("実行中", "running"),
        ("あきらめ", "given up"),
    ];
    page.table(&heading, &rows);
    page.raw("");
    let rows: Vec<Vec<String>> = schedules
        .iter()
        .map(|s| vec![s.name.clone(), format!("{} s", s.every_us / 1_000_000), shown(s.next_due)])
        .collect();
    page.table(&[("定期", "schedule"), ("間隔", "every"), ("次回", "next")], &rows);
    if given_up.is_empty() {
        terminal::print(&page.into_text());
        return Ok(Exit::Ok);
    }
    page.raw("");
    let rows: Vec<Vec<String>> = given_up
        .iter()
        .map(|j| {
            vec![
                j.id.0.to_string(),
                j.kind.clone(),
                j.attempts.to_string(),
                shown(j.given_up),
                j.last_error.clone(),
            ]
        })
        .collect();
    let heading = [
        ("番号", "number"),
        ("種類", "kind"),
        ("回数", "runs"),
        ("あきらめた日時", "given up"),
        ("理由", "why"),
    ];
    page.table(&heading, &rows);
    page.next(
        "原因を直してから `warifu admin jobs rerun 番号` を実行してください。",
        "Mend the cause, then run `warifu admin jobs rerun NUMBER`.",
    );
    terminal::print(&page.into_text());
    Ok(Exit::NeedsPerson)
}
