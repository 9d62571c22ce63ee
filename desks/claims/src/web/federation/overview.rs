//! 今日の仕事: what waits where and since when, and the way into the day's work.

use super::{HOME, LIST, OUTBOX, Shown, list, query, tasks};
use crate::{
    Claims, Sort, Tasks, Wanted,
    service::WantedMails,
    status::Standing,
    web::{Staff, show::tag},
};
use axum::{extract::State, response::Response};
use core_words::UtcMicros;
use kit_desk::Status;
use kit_post::MailState;
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Banner, Cell, Column, Line, Search, Table, Tag},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
) -> Result<Response, Refused> {
    let standing = claims.standing(staff.scope()).await?;
    let outbox = claims.outbox(staff.scope(), WantedMails::default()).await?;
    let failed = outbox.counts.iter().find(|(state, _)| *state == MailState::Failed).map_or(0, |(_, n)| *n);
    let tasks = claims.tasks(staff.scope()).await?;
    let (undo_seconds, due_days) = (claims.settings().undo_seconds, claims.settings().due_days);
    Ok(content(frame, &Waiting { standing, failed, tasks, undo_seconds, due_days }).ok())
}

/// What waits.
pub(super) struct Waiting {
    pub(super) standing: Vec<(Standing, u64, Option<UtcMicros>)>,
    /// Mails that failed.
    pub(super) failed: u64,
    /// What else waits for somebody.
    pub(super) tasks: Tasks,
    /// For how long an act can be undone, which is how long a case waits by right.
    pub(super) undo_seconds: u32,
    /// Within how many days an agent is asked to pay.
    pub(super) due_days: u32,
}

/// The page.
pub(super) fn content(frame: Frame, waiting: &Waiting) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .help(say.t("claims-fed-help-late"), say.t("claims-fed-help-late-text"))
        .help(say.t("claims-watch-help-refused"), say.t("claims-watch-help-refused-text"))
        .help(say.t("claims-fed-help-phone"), say.t("claims-fed-help-phone-text"));
    let of = |standing| waiting.standing.iter().find(|(s, ..)| *s == standing);
    let review = of(Standing::Applied).map_or(0, |(_, count, _)| *count);
    let mut body = Stack::new();
    if waiting.failed > 0 {
        let n = [("n", say.number(i64::try_from(waiting.failed).unwrap_or(i64::MAX)).into())];
        let banner = Banner::new(say, Tone::Attention, say.with("claims-fed-mails-failed", n));
        let failed = query::with_query(OUTBOX, &[("state", MailState::Failed.name().to_owned())]);
        body = body.add(&banner.link(say.t("claims-fed-see-mails"), failed));
    }
    body = if review == 0 {
        body.text(&say.t("claims-fed-empty-review"))
    } else {
        let n = say.number(i64::try_from(review).unwrap_or(i64::MAX));
        let label = say.with("claims-fed-begin", [("n", n.into())]);
        body.add(&Actions::new(vec![Action::link(label, format!("{HOME}/next")).primary()]))
    };
    let search = Search::new(say, LIST, say.t("claims-fed-search"), "");
    let body =
        body.add(&search).add(&tasks::table(say, frame.now, waiting)).add(&table(say, frame.now, waiting));
    let title = say.t("claims-fed-overview");
    Shown::new(frame, title, body)
}

fn table(say: &Say, now: UtcMicros, waiting: &Waiting) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-status")).whole(),
        Column::new(say.t("claims-fed-count")).figures(),
        Column::new(say.t("claims-fed-since")),
        Column::new(say.t("claims-fed-who-next")),
    ];
    let lines = Standing::ALL.iter().map(|standing| {
        let (count, since) = waiting
            .standing
            .iter()
            .find(|(s, ..)| s == standing)
            .map_or((0, None), |(_, count, since)| (*count, *since));
        // Where something is waited for, what has waited longest comes first.
        let sort = if since.is_some() { Sort::Oldest } else { Sort::default() };
        let href = query::address(LIST, &Wanted { standings: vec![*standing], sort, ..Wanted::default() });
        let number = say.number(i64::try_from(count).unwrap_or(i64::MAX));
        let waits = match since {
            Some(at) if is_late(*standing, at, now, waiting.undo_seconds, waiting.due_days) => {
                let late = Tag::new(Tone::Attention, say.t("claims-fed-late"));
                Cell::marked(say.short_date_time(at), list::waited(say, at, now), &late)
            }
            Some(at) => Cell::two(say.short_date_time(at), list::waited(say, at, now)),
            None => Cell::text(""),
        };
        let who = Cell::text(who(say, *standing));
        Line::new(vec![Cell::part(&tag(say, *standing)), Cell::link(number, href), waits, who])
    });
    Table::new(say, say.t("claims-fed-standing"), columns, say.t("claims-fed-empty")).lines(lines.collect())
}

/// Who brings a case on from here.
fn who(say: &Say, standing: Standing) -> String {
    match standing {
        Standing::Applied => say.t("claims-fed-who-clerk"),
        Standing::AwaitingPayment => say.t("claims-fed-who-agent"),
        Standing::IssueRequested | Standing::RevocationRequested | Standing::Rejecting => {
            say.t("claims-fed-who-system")
        }
        Standing::AwaitingIssue | Standing::AwaitingRevocation => say.t("claims-fed-who-authority"),
        Standing::Issued | Standing::Revoked | Standing::Rejected => String::new(),
    }
}

/// Whether a case waits for longer than it takes when all is well: somebody should look.
pub(super) fn is_late(
    standing: Standing,
    since: UtcMicros,
    now: UtcMicros,
    undo_seconds: u32,
    due_days: u32,
) -> bool {
    const HOUR: i64 = 3_600;
    let bearable = match standing {
        Standing::Applied => 72 * HOUR,
        // Past the day until which the invoice asks.
        Standing::AwaitingPayment => (i64::from(due_days) + 1) * 24 * HOUR,
        Standing::IssueRequested | Standing::RevocationRequested | Standing::Rejecting => {
            i64::from(undo_seconds) + HOUR
        }
        Standing::AwaitingIssue => HOUR,
        // A list is published once a day at the least.
        Standing::AwaitingRevocation => 25 * HOUR,
        Standing::Issued | Standing::Revoked | Standing::Rejected => return false,
    };
    now.since(since) > bearable * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_web::gallery::SAMPLE_NOW;

    #[test]
    fn what_waits_too_long_is_late_to_the_second() {
        let ago = |seconds: i64| SAMPLE_NOW.plus_seconds(-seconds);
        let late = |standing, seconds| is_late(standing, ago(seconds), SAMPLE_NOW, 600, 30);
        for (standing, limit) in [
            (Standing::Applied, 259_200),
            (Standing::AwaitingPayment, 31 * 86_400),
            (Standing::IssueRequested, 4_200),
            (Standing::AwaitingIssue, 3_600),
            (Standing::AwaitingRevocation, 90_000),
        ] {
            assert!(!late(standing, limit) && late(standing, limit + 1), "{standing:?}");
        }
        assert!(!late(Standing::Issued, 1_000_000_000));
    }
}
