//! 証明書一覧: searched, filtered, sorted, paged (C8).

use super::{LIST, LIST_CSV, Shown, case_path, csv, query, runs};
use crate::{
    Claims, Found, PAGE, Sort, Wanted,
    status::Standing,
    web::{Staff, show::tag},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use core_words::UtcMicros;
use kit_desk::Status;
use kit_web::{
    Frame, Refused, Say, Stack,
    parts::{Action, Actions, Bulk, Cell, Chip, Column, Line, Pager, Search, Sorted, Table},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let mut wanted = query::parse(asked.as_deref());
    let counts = claims.counts(staff.scope(), wanted.clone()).await?;
    let mut found = claims.find(staff.scope(), wanted.clone()).await?;
    if found.lines.is_empty() && found.total > 0 {
        // Behind the last page: lines were fewer by the time this one was asked for.
        wanted.page = u32::try_from((found.total - 1) / u64::from(PAGE)).unwrap_or(0);
        found = claims.find(staff.scope(), wanted.clone()).await?;
    }
    Ok(content(frame, &wanted, &found, &counts, staff.session.csrf.as_str()).ok())
}

/// The page.
pub(super) fn content(
    frame: Frame,
    wanted: &Wanted,
    found: &Found,
    counts: &[(Standing, u64)],
    csrf: &str,
) -> Shown {
    let frame = frame.wide();
    let frame = help(frame);
    let say = &frame.say;
    let search = search(say, wanted, counts, found.total);
    let total = i64::try_from(found.total).unwrap_or(i64::MAX);
    let mut body = Stack::new().add(&search);
    if total > 0 {
        let all = say.with("claims-run-all-found", [("n", say.number(total).into())]);
        let way = Action::link(all, query::address(runs::NEW, wanted)).quiet();
        body = body.add(&Actions::new(vec![way]));
    }
    let table = table(say, frame.now, wanted, found);
    let table = match total {
        0 => table,
        _ => table.bulk(Bulk {
            action: runs::NEW.to_owned(),
            csrf: csrf.to_owned(),
            name: runs::PICKED.to_owned(),
            label: say.t("claims-run-pick"),
        }),
    };
    let body = body.add(&table).add(&Pager::numbered(
        say,
        total,
        i64::from(PAGE),
        i64::from(wanted.page) + 1,
        &query::address(LIST, wanted),
    ));
    let title = say.t("claims-fed-list");
    Shown::new(frame, title, body)
}

fn help(frame: Frame) -> Frame {
    let say = frame.say.clone();
    frame
        .help(say.t("claims-fed-help-search"), say.t("claims-fed-help-search-text"))
        .help(say.t("claims-fed-help-csv"), say.t("claims-fed-help-csv-text"))
}

/// The box, with a chip for each status, and the file of what is found.
fn search(say: &Say, wanted: &Wanted, counts: &[(Standing, u64)], total: u64) -> Search {
    let count = |standing: Standing| counts.iter().find(|(s, _)| *s == standing).map_or(0, |(_, n)| *n);
    let figure = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let with = |standings: Vec<Standing>| query::address(LIST, &Wanted { standings, ..wanted.clone() });
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let none = wanted.standings.is_empty();
    let mut chips = vec![Chip::new(say.t("claims-fed-all"), with(Vec::new()), none).count(figure(all))];
    for standing in Standing::ALL {
        let on = wanted.standings.contains(standing);
        let mut turned: Vec<Standing> = wanted.standings.iter().copied().filter(|s| s != standing).collect();
        if !on {
            turned.push(*standing);
        }
        let chip = Chip::new(say.text(&standing.label()), with(turned), on);
        chips.push(chip.count(figure(count(*standing))));
    }
    let mut search = Search::new(say, LIST, say.t("claims-fed-search"), wanted.text.clone()).chips(chips);
    for standing in &wanted.standings {
        search = search.hidden("status", standing.slug());
    }
    if wanted.sort != Sort::default() {
        search = search.hidden("sort", query::sort_slug(wanted.sort));
    }
    if total == 0 {
        return search;
    }
    let label = say.t(if csv::is_cut(total) { "claims-fed-csv-cut" } else { "claims-fed-csv" });
    search.extra(label, query::address(LIST_CSV, wanted))
}

fn table(say: &Say, now: UtcMicros, wanted: &Wanted, found: &Found) -> Table {
    let by = |sort: Sort| query::address(LIST, &Wanted { sort, ..wanted.clone() });
    let up = |sort: Sort| if wanted.sort == sort { Sorted::Up } else { Sorted::No };
    let (other, applied) = match wanted.sort {
        Sort::Oldest => (Sort::Newest, Sorted::Up),
        Sort::Newest => (Sort::Oldest, Sorted::Down),
        Sort::Kana | Sort::Provider => (Sort::Oldest, Sorted::No),
    };
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-fed-provider-number")).whole().sort(by(Sort::Provider), up(Sort::Provider)),
        Column::new(say.t("claims-fed-provider-name")),
        Column::new(say.t("claims-fed-provider-kana")).sort(by(Sort::Kana), up(Sort::Kana)),
        Column::new(say.t("claims-fed-status")).whole(),
        Column::new(say.t("claims-fed-applied-on")).whole().sort(by(other), applied),
    ];
    let lines = found.lines.iter().map(|line| {
        let date = say.short_date(line.applied);
        let applied = match line.standing {
            Standing::Applied => Cell::two(date, waited(say, line.applied, now)),
            _ => Cell::text(date),
        };
        Line::new(vec![
            Cell::link(&line.number, case_path(&line.number)),
            Cell::text(&line.holder_number),
            Cell::text(&line.holder_name),
            Cell::text(&line.holder_kana),
            Cell::part(&tag(say, line.standing)),
            applied,
        ])
        .pick(&line.number, &line.number)
    });
    let searched = !wanted.text.is_empty() || !wanted.standings.is_empty();
    let empty = if wanted.text.is_empty() && wanted.standings == [Standing::Applied] {
        say.t("claims-fed-empty-review")
    } else if searched {
        say.t("claims-fed-empty-search")
    } else {
        say.t("claims-fed-empty")
    };
    let table = Table::new(say, say.t("claims-fed-list"), columns, empty).lines(lines.collect());
    if searched { table.empty_action(Action::link(say.t("claims-fed-see-all"), LIST)) } else { table }
}

/// How long something has waited, in hours or days.
pub(super) fn waited(say: &Say, since: UtcMicros, now: UtcMicros) -> String {
    const HOUR: i64 = 3_600_000_000;
    let hours = now.since(since).max(0) / HOUR;
    match hours {
        0 => say.t("claims-fed-waited-short"),
        1..48 => say.with("claims-fed-waited-hours", [("n", hours.into())]),
        _ => say.with("claims-fed-waited-days", [("n", (hours / 24).into())]),
    }
}
