//! The job that hands a mail to the mail server.

use crate::{
    BadSettings, MAIL_JOB, MailSettings, MailState, Outcome,
    dialogue::{Ending, Line, Server},
    message::compose,
    queue::mail_of,
    record::{self, Draft, Run},
};
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, Policy};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Every 45 minutes on average once the waits have grown, so for about three days.
const MAX_TRIES: u16 = 100;
/// Longer than [`LATEST_TEXT`]: what goes out, goes out under a lease that even without renewal still holds.
const LEASE: Duration = Duration::from_secs(60);
/// How long after the begin of a run its text may begin to go out.
const LATEST_TEXT: Duration = Duration::from_secs(50);
/// How often the end of a try is written again while the database is away, over about 20 s in all.
const COMMITS: u32 = 9;

/// Runs the jobs of kind [`MAIL_JOB`].
pub struct Mailer {
    settings: MailSettings,
    server: Server,
}

impl Mailer {
    /// The handler for a worker. `None` without a mail server: then no worker knows the kind, and mail waits in the
    /// outbox until one does.
    ///
    /// # Errors
    /// Every [`BadSettings`].
    pub fn new(settings: &MailSettings) -> Result<Option<Self>, BadSettings> {
        settings.check()?;
        let Some(smtp) = &settings.smtp else { return Ok(None) };
        Ok(Some(Self { settings: settings.clone(), server: Server::new(settings, smtp)? }))
    }
}

impl Handler for Mailer {
    fn kind(&self) -> &'static str {
        MAIL_JOB
    }

    /// 100 runs over about three days: 5 s, 10 s, 20 s … 1 hour; 8 at a time.
    fn policy(&self) -> Policy {
        Policy {
            max_attempts: MAX_TRIES,
            lease: LEASE,
            first_delay: Duration::from_secs(5),
            longest_delay: Duration::from_secs(3600),
            at_once: 8,
        }
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let latest = Instant::now() + LATEST_TEXT;
        let Some(mail) = mail_of(ctx.payload()) else {
            return Err(JobError::GiveUp("the job does not say which mail".to_owned()));
        };
        let Some(draft) = ctx.db().read(move |tx| record::load(tx, mail)).await? else { return Ok(()) };
        // Somebody had it sent again by another job, or this very job has sent it and could not say so.
        if draft.job != ctx.id().0 || draft.state == MailState::Sent {
            return Ok(());
        }
        let domain = draft.domain.clone().unwrap_or_else(|| self.settings.domain.clone());
        let run = Run { mail, job: draft.job, run: ctx.attempt(), last_run: MAX_TRIES, domain };
        match self.prepare(&draft, &run).await {
            Ok((octets, line)) => send(ctx, &run, &octets, line, latest).await,
            Err(ending) => settle(ctx, &run, None, ending).await,
        }
    }
}

impl Mailer {
    /// Does all that can be done before the text goes out.
    async fn prepare(&self, draft: &Draft, run: &Run) -> Result<(Vec<u8>, Line), Ending> {
        let octets = compose(&self.settings, draft, &run.domain).map_err(|why| Ending::not_composed(&why))?;
        let line = self.server.open(&self.settings.from, &draft.to).await?;
        Ok((octets, line))
    }
}

/// Hands over the text between two commits.
async fn send(
    ctx: &JobCtx,
    run: &Run,
    octets: &[u8],
    mut line: Line,
    latest: Instant,
) -> Result<(), JobError> {
    let (now, opened) = (ctx.now(), run.clone());
    let number = ctx
        .db()
        .write_grouped(move |tx| {
            let number = record::begin(tx, &opened, now)?;
            record::note_double(tx, &opened)?;
            Ok::<_, JobError>(number)
        })
        .await?;
    point("post.before_send");
    let ending = line.hand_over(octets, latest).await;
    if ending.outcome == Outcome::Accepted {
        point("post.after_send");
    }
    let settled = settle(ctx, run, Some(number), ending).await;
    line.hang_up().await;
    settled
}

/// Commits how a try ended, with the end of the job where it is one. `number` is that of the try, where its text went
/// out.
async fn settle(ctx: &JobCtx, run: &Run, number: Option<i64>, ending: Ending) -> Result<(), JobError> {
    let last = run.run >= run.last_run;
    let (state, done) = match ending.outcome {
        Outcome::Accepted => (MailState::Sent, true),
        // Not the house's failure: it is seen in the outbox, not among the jobs that were given up.
        Outcome::Refused => (MailState::Failed, true),
        _ if last => (MailState::Failed, false),
        _ => (MailState::Waiting, false),
    };
    let (held, closed, claim, now) = (run.clone(), ending.clone(), ctx.clone(), ctx.now());
    let committed = persist(ctx, move |tx| {
        let number = match number {
            Some(number) => number,
            None => record::begin(tx, &held, now)?,
        };
        let first = record::end(tx, &held, number, &closed, state, now)?;
        if done && first {
            claim.finish(tx)?;
        }
        Ok(())
    })
    .await;
    match (committed, number) {
        (Err(JobError::Lost), Some(number)) => {
            let (run, ending) = (run.clone(), ending);
            ctx.db().write_grouped(move |tx| record::note_late(tx, &run, number, &ending)).await?;
            Err(JobError::Lost)
        }
        (Err(error), _) => Err(error),
        (Ok(()), _) if done => {
            if state == MailState::Failed {
                tracing::warn!(mail = %run.mail, why = ending.in_short(), "a mail was refused for good");
            }
            Ok(())
        }
        (Ok(()), _) => Err(JobError::Retry(ending.in_short())),
    }
}

/// Commits, and tries for a while when the database is away: what is not known to be sent is sent again.
async fn persist(
    ctx: &JobCtx,
    change: impl Fn(&mut kit_store::Tx) -> Result<(), JobError> + Clone + Send + 'static,
) -> Result<(), JobError> {
    let mut tried = 0;
    loop {
        match ctx.db().write_grouped(change.clone()).await {
            Err(JobError::Retry(error)) if tried < COMMITS => {
                tracing::warn!(job = %ctx.id(), error, "the end of a try to send could not be committed");
            }
            end => return end,
        }
        sleep(Duration::from_millis(100 << tried.min(5))).await;
        tried += 1;
    }
}
