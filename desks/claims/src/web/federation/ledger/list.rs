//! The list: who did what, the latest first; what was done about one case, as it happened.

use super::{
    super::{Shown, case_path},
    LIST,
    asked::{Asked, address, fields, who_and_what},
    help, path, place, who,
};
use crate::{
    Claims,
    service::{RECORDS, Record, Records, Topic, WantedRecords, told_by},
    web::Staff,
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use core_words::CaseNumber;
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Banner, Cell, Chip, Column, Field, Fold, Form, Line, Search, Table},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let asked = Asked::of(&frame.say, asked.as_deref());
    let records = match asked.is_fine() {
        true => claims.ledger(staff.scope(), asked.wanted.clone()).await?,
        false => Records::default(),
    };
    Ok(content(frame, &asked, &records).ok())
}

/// The page.
pub(super) fn content(frame: Frame, asked: &Asked, records: &Records) -> Shown {
    let say = &frame.say.clone();
    let wanted = &asked.wanted;
    let mut frame = help(frame).wide().errors(asked.filled.summary(say));
    let (title, about) = match wanted.case {
        Some(number) => {
            frame = frame.crumb(say.t("claims-ledger-list"), LIST).caption(number.to_string());
            ("claims-ledger-of-case", "claims-ledger-of-case-about")
        }
        None => ("claims-ledger-list", "claims-ledger-about"),
    };
    // keys: claims-ledger-of-case claims-ledger-of-case-about claims-ledger-list claims-ledger-about
    let mut body = Stack::new().text(&say.t(about)).add(&search(say, asked)).add(&days(say, asked));
    for banner in narrowed(say, wanted, records) {
        body = body.add(&banner);
    }
    if asked.no_number() {
        let example = CaseNumber::new('C', 2026, 1_234).map_or_else(String::new, |number| number.to_string());
        let text = say.with("claims-ledger-no-number-text", [("example", example.into())]);
        body = body.add(&Banner::new(say, Tone::Attention, say.t("claims-ledger-no-number")).text(text));
    }
    let body = match asked.is_fine() {
        true => body.add(&table(say, wanted, records)).add(&ways(say, wanted, records)),
        false => body,
    };
    Shown::new(frame, say.t(title), body)
}

/// The box for a number, with a chip for each topic.
fn search(say: &Say, asked: &Asked) -> Search {
    let wanted = &asked.wanted;
    let with = |topic| address(&WantedRecords { topic, after: None, ..wanted.clone() });
    let mut chips = vec![Chip::new(say.t("claims-fed-all"), with(None), wanted.topic.is_none())];
    for topic in Topic::ALL {
        // keys: claims-ledger-topic-*
        let label = say.t(&format!("claims-ledger-topic-{}", topic.slug()));
        chips.push(Chip::new(label, with(Some(*topic)), wanted.topic == Some(*topic)));
    }
    let search = Search::new(say, LIST, say.t("claims-ledger-search"), asked.number.clone()).chips(chips);
    fields(wanted).into_iter().fold(search, |search, (name, value)| search.hidden(name, value))
}

/// The days, for who needs them: open when they are wrong.
fn days(say: &Say, asked: &Asked) -> Fold {
    let mut form = Form::asking(LIST, say.t("claims-ledger-days-ask"));
    for (name, value) in who_and_what(&asked.wanted) {
        form = form.hidden(name, value);
    }
    if let Some(case) = asked.wanted.case {
        form = form.hidden("case", case);
    }
    let form = form
        .field(Field::date(say, "from", say.t("claims-ledger-from")).optional())
        .field(Field::date(say, "until", say.t("claims-ledger-until")).optional())
        .filled(&asked.filled);
    Fold::new(say.t("claims-ledger-days"), &form).open(!asked.filled.errors().is_empty())
}

/// What the list is narrowed to besides, each with the way to more.
fn narrowed(say: &Say, wanted: &WantedRecords, records: &Records) -> Vec<Banner> {
    let mut banners = Vec::new();
    let day = |day| say.day(day);
    let within = match (wanted.from, wanted.until) {
        (Some(from), Some(until)) => Some(
            say.with("claims-ledger-days-within", [("from", day(from).into()), ("until", day(until).into())]),
        ),
        (Some(from), None) => Some(say.with("claims-ledger-days-since", [("from", day(from).into())])),
        (None, Some(until)) => Some(say.with("claims-ledger-days-to", [("until", day(until).into())])),
        (None, None) => None,
    };
    if let Some(within) = within {
        let all = address(&WantedRecords { from: None, until: None, after: None, ..wanted.clone() });
        banners.push(Banner::new(say, Tone::Info, within).link(say.t("claims-ledger-days-off"), all));
    }
    if let Some(whom) = &records.actor {
        let all = address(&WantedRecords { actor: None, after: None, ..wanted.clone() });
        let title = say.with("claims-ledger-by", [("who", who(say, whom).into())]);
        banners.push(Banner::new(say, Tone::Info, title).link(say.t("claims-ledger-by-off"), all));
    }
    banners
}

fn table(say: &Say, wanted: &WantedRecords, records: &Records) -> Table {
    let columns = vec![
        Column::new(say.t("claims-ledger-at")).whole(),
        Column::new(say.t("claims-ledger-who")),
        Column::new(say.t("claims-ledger-what")),
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-ledger-place")).figures(),
    ];
    let lines = records.lines.iter().map(|record| {
        let Record { body, .. } = record;
        let by = WantedRecords { actor: Some(body.actor.clone()), after: None, ..wanted.clone() };
        let name = who(say, &record.whom);
        Line::new(vec![
            Cell::text(say.short_date_time(body.time)),
            if wanted.actor.is_some() { Cell::text(name) } else { Cell::link(name, address(&by)) },
            Cell::link(say.text(&told_by(&body.kind)), path(record.id)),
            match &body.case {
                Some(number) if record.case_opens => Cell::link(number, case_path(number)),
                Some(number) => Cell::text(number),
                None => Cell::text(""),
            },
            Cell::text(place(say, record.index)),
        ])
    });
    let all = wanted == &WantedRecords::default();
    let empty = say.t(if all { "claims-ledger-none" } else { "claims-ledger-none-found" });
    let table = Table::new(say, say.t("claims-ledger-list"), columns, empty).lines(lines.collect());
    if all { table } else { table.empty_action(Action::link(say.t("claims-ledger-see-all"), LIST)) }
}

/// The next page and the first one; of one case, the way to it.
fn ways(say: &Say, wanted: &WantedRecords, records: &Records) -> Actions {
    let at = |after| address(&WantedRecords { after, ..wanted.clone() });
    let mut ways = Vec::new();
    if records.next.is_some() {
        let label = say.with("claims-ledger-older", [("n", i64::from(RECORDS).into())]);
        ways.push(Action::link(label, at(records.next)));
    }
    if wanted.after.is_some() {
        ways.push(Action::link(say.t("claims-ledger-first"), at(None)).quiet());
    }
    if let Some(number) = wanted.case
        && records.lines.iter().any(|record| record.case_opens)
    {
        ways.push(Action::link(say.t("claims-fed-to-case"), case_path(&number.to_string())).quiet());
    }
    Actions::new(ways)
}
