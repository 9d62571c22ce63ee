//! 期限の近い証明書: which end within so many days and are not renewed, who was told, and the letters of a month (C12).

use super::{
    super::{Shown, case_path, csv, query},
    DELETION, EXPIRING,
};
use crate::{
    Claims, Expiring, PAGE,
    service::{EndingSoon, LETTERS, MOST_LINES, Month},
    settings::days_left,
    status::Hat,
    web::{Staff, attached},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use core_words::UtcMicros;
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Cell, Column, Line, Pager, Table, Tag},
};

/// Within so many days: the choices of the page.
const CHOICES: [u16; 4] = [30, 90, 180, 365];
/// What is shown first.
const USUAL: u16 = 90;

/// What an address asks for; what is not understood is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) days: u16,
    /// Which page, from 0.
    pub(super) page: u32,
}

impl Asked {
    fn of(text: Option<&str>) -> Self {
        let form = FormData::parse(text.unwrap_or_default().as_bytes()).unwrap_or_default();
        let days = form.get("days").and_then(|days| days.parse().ok()).unwrap_or(USUAL);
        Self { days: u16::clamp(days, 1, 1_100), page: query::page(&form) }
    }
}

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let asked = Asked::of(asked.as_deref());
    let soon = claims.expiring(staff.scope(), asked.days, asked.page).await?;
    let lead = claims.settings().ending.lead.to_string();
    Ok(content(frame, asked, &soon, &lead, staff.hat).ok())
}

/// The list as a file: UTF-8 with a mark at its beginning, RFC 4180.
pub(super) async fn csv(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let lines = claims.expiring_lines(staff.scope(), Asked::of(asked.as_deref()).days).await?;
    let stamp: String =
        csv::time(&frame.say, frame.now).chars().filter(char::is_ascii_digit).take(12).collect();
    Ok(attached("text/csv; charset=utf-8", &format!("expiring-{stamp}.csv"), table_file(&frame.say, &lines)))
}

/// The letters of a month, as one file.
pub(super) async fn letters(
    State(claims): State<Claims>,
    staff: Staff,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let month = form.get("month").and_then(|month| month.parse().ok());
    let month = month.unwrap_or_else(|| Month::of(claims.now()));
    let part: u32 = form.get("part").and_then(|part| part.parse().ok()).unwrap_or(1).clamp(1, 10_000);
    let pdf = claims.expiry_letters(staff.scope(), month, part - 1).await?;
    Ok(attached("application/pdf", &format!("expiry-{month}-{part}.pdf"), pdf))
}

/// The page.
pub(super) fn content(frame: Frame, asked: Asked, soon: &EndingSoon, lead: &str, hat: Hat) -> Shown {
    let say = &frame.say.clone();
    let about = say.with("claims-end-help-told-text", [("days", lead.into())]);
    let frame = frame
        .wide()
        .help(say.t("claims-end-help-told"), about)
        .help(say.t("claims-end-help-renewed"), say.t("claims-end-help-renewed-text"));
    let within = CHOICES.map(|days| {
        let label = say.with("claims-end-within", [("n", u32::from(days).into())]);
        let choice = Action::link(label, address(EXPIRING, days));
        if days == asked.days { choice.primary() } else { choice }
    });
    let mut ways = within.to_vec();
    if soon.total > 0 {
        let cut = soon.total > u64::from(MOST_LINES);
        let label = say.t(if cut { "claims-fed-csv-cut" } else { "claims-fed-csv" });
        ways.push(Action::file(label, address("/claims/desk/expiring.csv", asked.days)).quiet());
    }
    if hat == Hat::Manager {
        ways.push(Action::link(say.t("claims-end-deletion"), DELETION).quiet());
    }
    let total = i64::try_from(soon.total).unwrap_or(i64::MAX);
    let body = Stack::new()
        .text(&say.t("claims-end-expiring-about"))
        .add(&Actions::new(ways))
        .add(&table(say, frame.now, asked, soon))
        .add(&Pager::numbered(
            say,
            total,
            i64::from(PAGE),
            i64::from(asked.page) + 1,
            &address(EXPIRING, asked.days),
        ))
        .add(&months(say, soon));
    Shown::new(frame, say.t("claims-end-expiring"), body)
}

fn address(path: &str, days: u16) -> String {
    query::with_query(path, &[("days", days.to_string())])
}

fn table(say: &Say, now: UtcMicros, asked: Asked, soon: &EndingSoon) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-fed-provider-number")).whole(),
        Column::new(say.t("claims-fed-provider-name")),
        Column::new(say.t("claims-end-last")).whole(),
        Column::new(say.t("claims-end-told")),
    ];
    let lines = soon.lines.iter().map(|line| {
        let left = say.with("claims-end-left", [("n", days_left(line.last, now).into())]);
        let told = match line.told_at {
            Some(at) => Cell::text(say.short_date_time(at)),
            None => Cell::part(&Tag::new(Tone::Neutral, say.t("claims-end-not-told"))),
        };
        Line::new(vec![
            Cell::link(&line.number, case_path(&line.number)),
            Cell::text(line.holder_number.as_str()),
            Cell::text(&line.holder_name),
            Cell::two(say.short_date(line.last.micros()), left),
            told,
        ])
    });
    let empty = say.with("claims-end-none", [("n", u32::from(asked.days).into())]);
    Table::new(say, say.t("claims-end-expiring"), columns, empty).lines(lines.collect())
}

/// The letters, month by month.
fn months(say: &Say, soon: &EndingSoon) -> Table {
    let columns = vec![
        Column::new(say.t("claims-end-month")).whole(),
        Column::new(say.t("claims-end-count")).figures(),
        Column::new(say.t("claims-end-letters")),
    ];
    let mut lines = Vec::new();
    for (month, count) in soon.months.iter().filter(|(_, count)| *count > 0) {
        let first = month.first();
        let called = [("year", first.year().to_string().into()), ("month", u32::from(first.month()).into())];
        let parts = count.div_ceil(u64::from(LETTERS));
        for part in 1..=parts {
            let label = match parts {
                1 => say.t("claims-end-print"),
                _ => say.with("claims-end-print-part", [("n", part.into()), ("of", parts.into())]),
            };
            let pairs = [("month", month.to_string()), ("part", part.to_string())];
            let number = i64::try_from(*count).unwrap_or(i64::MAX);
            lines.push(Line::new(vec![
                Cell::text(say.with("claims-end-year-month", called.clone())),
                Cell::text(say.number(number)),
                Cell::link(label, query::with_query("/claims/desk/expiring/letters.pdf", &pairs)),
            ]));
        }
    }
    Table::new(say, say.t("claims-end-letters-of"), columns, say.t("claims-end-letters-none")).lines(lines)
}

fn table_file(say: &Say, lines: &[Expiring]) -> String {
    let head = [
        say.t("claims-fed-number"),
        say.t("claims-fed-provider-number"),
        say.t("claims-fed-provider-name"),
        say.t("claims-end-csv-last"),
        say.t("claims-end-csv-told"),
    ];
    let mut text = String::from('\u{feff}');
    text.push_str(&csv::row(&head));
    for line in lines {
        text.push_str(&csv::row(&[
            line.number.clone(),
            line.holder_number.as_str().to_owned(),
            line.holder_name.clone(),
            csv::time(say, line.last.micros()),
            line.told_at.map(|at| csv::time(say, at)).unwrap_or_default(),
        ]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c12_what_an_address_asks_for_is_held_in_bounds() {
        let asked = |text| {
            let asked = Asked::of(Some(text));
            (asked.days, asked.page)
        };
        assert_eq!(asked("days=30&page=2"), (30, 1));
        assert_eq!(asked("days=0"), (1, 0));
        assert_eq!(asked("days=65000"), (1_100, 0));
        assert_eq!(asked("days=x&page=-1"), (USUAL, 0));
        assert_eq!(Asked::of(None), Asked { days: USUAL, page: 0 });
    }
}
