//! だれを待っているか: what waits for whom and since when, each number with the list that it counts.

use super::{
    LIST, OUTBOX, jobs, list,
    overview::{Waiting, is_late},
    payments, query, runs,
    waiting::{DOWNLOAD, PAYMENT, path},
};
use crate::{Count, Sort, Wanted, status::Standing};
use core_words::UtcMicros;
use kit_post::MailState;
use kit_web::{
    Say, Tone,
    parts::{Cell, Column, Line, Table, Tag},
};

/// For so long a certificate may lie undownloaded, and a transfer unmatched, before somebody should look: 7 days.
const WEEK_MICROS: i64 = 7 * 86_400 * 1_000_000;

/// One thing that is waited for.
struct Task {
    who: &'static str,
    what: &'static str,
    href: String,
    count: u64,
    first: Option<UtcMicros>,
    late: bool,
}

/// What waits for whom; nothing that does not wait.
pub(super) fn table(say: &Say, now: UtcMicros, waiting: &Waiting) -> Table {
    let columns = vec![
        Column::new(say.t("claims-watch-who")).whole(),
        Column::new(say.t("claims-watch-what")),
        Column::new(say.t("claims-fed-count")).figures(),
        Column::new(say.t("claims-fed-since")),
    ];
    // keys: claims-watch-who-* claims-watch-is-*
    let lines = tasks(now, waiting).into_iter().filter(|task| task.count > 0).map(|task| {
        let since = match task.first {
            None => Cell::text(""),
            // What can be undone ends some day; the rest has begun.
            Some(at) if at > now => {
                Cell::text(say.with("claims-watch-until", [("time", say.short_date_time(at).into())]))
            }
            Some(at) if task.late => {
                let late = Tag::new(Tone::Attention, say.t("claims-fed-late"));
                Cell::marked(say.short_date_time(at), list::waited(say, at, now), &late)
            }
            Some(at) => Cell::two(say.short_date_time(at), list::waited(say, at, now)),
        };
        Line::new(vec![
            Cell::text(say.t(&format!("claims-watch-who-{}", task.who))),
            Cell::text(say.t(&format!("claims-watch-is-{}", task.what))),
            Cell::link(say.number(i64::try_from(task.count).unwrap_or(i64::MAX)), task.href),
            since,
        ])
    });
    Table::new(say, say.t("claims-watch-tasks"), columns, say.t("claims-watch-tasks-none"))
        .lines(lines.collect())
}

fn tasks(now: UtcMicros, waiting: &Waiting) -> Vec<Task> {
    let counted = &waiting.tasks;
    let of = |who, what, standing: Standing| {
        let found = waiting.standing.iter().find(|(s, ..)| *s == standing);
        let (count, first) = found.map_or((0, None), |(_, count, since)| (*count, *since));
        let late = first.is_some_and(|at| is_late(standing, at, now, waiting.undo_seconds, waiting.due_days));
        let wanted = Wanted { standings: vec![standing], sort: Sort::Oldest, ..Wanted::default() };
        Task { who, what, href: query::address(LIST, &wanted), count, first, late }
    };
    let plain = |who, what, Count { count, first }: Count, href: String| {
        let late = first.is_some_and(|at| now.since(at) > WEEK_MICROS);
        Task { who, what, href, count, first, late }
    };
    let undo = Wanted {
        standings: vec![Standing::IssueRequested, Standing::RevocationRequested, Standing::Rejecting],
        sort: Sort::Oldest,
        ..Wanted::default()
    };
    let failed = Count { count: waiting.failed, first: None };
    let mails = query::with_query(OUTBOX, &[("state", MailState::Failed.name().to_owned())]);
    vec![
        of("clerk", "review", Standing::Applied),
        plain("clerk", "unmatched", counted.unmatched, payments::LIST.to_owned()),
        plain("clerk", "mails", failed, mails),
        plain("clerk", "refused", counted.refused, runs::refused(counted.refused_run)),
        Task { late: true, ..plain("manager", "jobs", counted.given_up, jobs::LIST.to_owned()) },
        plain("manager", "undo", counted.undoable, query::address(LIST, &undo)),
        of("authority", "issue", Standing::AwaitingIssue),
        of("authority", "revocation", Standing::AwaitingRevocation),
        plain("applicant", "download", counted.unfetched, path(DOWNLOAD)),
        of("applicant", "payment", Standing::AwaitingPayment),
        Task { late: true, ..plain("applicant", "overdue", counted.overdue, path(PAYMENT)) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RunId, Tasks};
    use kit_web::gallery::SAMPLE_NOW;

    #[test]
    fn k10_refused_lines_lead_to_their_run_or_to_the_list_of_several() {
        let shown = |count, refused_run| {
            let refused = Count { count, first: Some(SAMPLE_NOW.plus_seconds(-8 * 86_400)) };
            let tasks = Tasks { refused, refused_run, ..Tasks::default() };
            let waiting = Waiting { standing: vec![], failed: 0, tasks, undo_seconds: 600, due_days: 30 };
            let found = super::tasks(SAMPLE_NOW, &waiting).into_iter().find(|task| task.count > 0);
            found.map(|task| (task.who, task.what, task.href, task.count, task.late))
        };
        let told = |href: &str, count| Some(("clerk", "refused", href.to_owned(), count, true));
        assert_eq!(shown(4, Some(RunId(17))), told("/claims/desk/runs/17?only=refused", 4));
        assert_eq!(shown(5, None), told("/claims/desk/runs", 5));
        assert_eq!(shown(0, None), None);
    }
}
