//! 事業所管理: the list, searched, filtered, paged (C23).

use super::{
    super::{Shown, query},
    LIST, kind, path,
};
use crate::{Claims, FoundOffices, PAGE, Record, WantedOffices, Which, web::Staff};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Cell, Chip, Column, Line, Pager, Search, Table, Tag},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let mut wanted = parse(asked.as_deref());
    let mut found = claims.offices(staff.scope(), wanted.clone()).await?;
    let total = found.total(wanted.which);
    if found.lines.is_empty() && total > 0 {
        // Behind the last page: lines were fewer by the time this one was asked for.
        wanted.page = u32::try_from((total - 1) / u64::from(PAGE)).unwrap_or(0);
        found = claims.offices(staff.scope(), wanted.clone()).await?;
    }
    Ok(content(frame, &wanted, &found).ok())
}

/// What the query of an address asks for: `q`, `which`, `page` from 1. What is not understood is left out.
pub(super) fn parse(asked: Option<&str>) -> WantedOffices {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let which = Which::ALL.into_iter().find(|which| form.get("which") == Some(slug(*which)));
    WantedOffices {
        text: query::text(form.get("q").unwrap_or_default()),
        which: which.unwrap_or_default(),
        page: query::page(&form),
    }
}

fn slug(which: Which) -> &'static str {
    match which {
        Which::All => "all",
        Which::Providers => "providers",
        Which::Agents => "agents",
        Which::Unlettered => "unlettered",
        Which::Closed => "closed",
    }
}

fn address(wanted: &WantedOffices) -> String {
    let text = (!wanted.text.is_empty()).then(|| ("q", wanted.text.clone()));
    let which = (wanted.which != Which::All).then(|| ("which", slug(wanted.which).to_owned()));
    query::with_query(LIST, &text.into_iter().chain(which).collect::<Vec<_>>())
}

/// The page.
pub(super) fn content(frame: Frame, wanted: &WantedOffices, found: &FoundOffices) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .wide()
        .help(say.t("claims-off-help-call"), say.t("claims-off-help-call-text"))
        .help(say.t("claims-off-help-search"), say.t("claims-off-help-search-text"))
        .help(say.t("claims-fed-help-csv"), say.t("claims-fed-help-csv-text"));
    let mut ways = vec![Action::link(say.t("claims-off-enter"), format!("{LIST}/new")).primary()];
    ways.push(Action::link(say.t("claims-off-import"), format!("{LIST}/import")));
    if found.total(Which::Unlettered) > 0 {
        ways.push(Action::link(say.t("claims-off-letters"), format!("{LIST}/letters")));
    }
    let body = Stack::new()
        .text(&say.t("claims-off-about"))
        .add(&Actions::new(ways))
        .add(&search(say, wanted, found))
        .add(&table(say, wanted, found))
        .add(&Pager::numbered(
            say,
            i64::try_from(found.total(wanted.which)).unwrap_or(i64::MAX),
            i64::from(PAGE),
            i64::from(wanted.page) + 1,
            &address(wanted),
        ));
    let body = match found.total(Which::All) {
        0 => body,
        _ => body.add(&Actions::new(vec![
            Action::file(say.t("claims-off-export"), format!("{LIST}.csv")).quiet(),
            Action::file(say.t("claims-off-export-sjis"), format!("{LIST}.csv?encoding=shift-jis")).quiet(),
        ])),
    };
    Shown::new(frame, say.t("claims-off-list"), body)
}

fn search(say: &Say, wanted: &WantedOffices, found: &FoundOffices) -> Search {
    let chips = Which::ALL.map(|which| {
        // keys: claims-off-which-*
        let label = say.t(&format!("claims-off-which-{}", slug(which)));
        let with = WantedOffices { which, page: 0, ..wanted.clone() };
        let count = i64::try_from(found.total(which)).unwrap_or(i64::MAX);
        Chip::new(label, address(&with), wanted.which == which).count(count)
    });
    let search = Search::new(say, LIST, say.t("claims-off-search"), wanted.text.clone());
    let search = if wanted.which == Which::All { search } else { search.hidden("which", slug(wanted.which)) };
    search.chips(chips.to_vec())
}

fn table(say: &Say, wanted: &WantedOffices, found: &FoundOffices) -> Table {
    let columns = vec![
        Column::new(say.t("claims-off-number")).whole(),
        Column::new(say.t("claims-off-name")),
        Column::new(say.t("claims-off-kind")).whole(),
        Column::new(say.t("claims-off-phone")).whole(),
        Column::new(say.t("claims-off-letter")),
    ];
    let lines = found.lines.iter().map(|record| {
        let holder = &record.holder;
        Line::new(vec![
            Cell::link(holder.number.as_str(), path(&holder.number)),
            Cell::two(&holder.name, &holder.kana),
            Cell::text(kind(say, &holder.number)),
            Cell::text(&holder.phone),
            state(say, record),
        ])
    });
    let searched = !wanted.text.is_empty() || wanted.which != Which::All;
    let empty = say.t(if searched { "claims-off-empty-search" } else { "claims-off-empty" });
    let table = Table::new(say, say.t("claims-off-list"), columns, empty).lines(lines.collect());
    if searched { table.empty_action(Action::link(say.t("claims-off-see-all"), LIST)) } else { table }
}

/// When its letter was printed, or what is missing.
fn state(say: &Say, record: &Record) -> Cell {
    match (record.closed, record.letter) {
        (true, _) => Cell::part(&Tag::new(Tone::Neutral, say.t("claims-off-closed"))),
        (false, Some(at)) => Cell::text(say.short_date(at)),
        (false, None) => Cell::part(&Tag::new(Tone::Attention, say.t("claims-off-unlettered"))),
    }
}
