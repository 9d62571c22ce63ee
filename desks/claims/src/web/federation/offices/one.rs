//! 事業所・代理人: one holder, with its certificates, its mandates, its letters, and all that may be done now (C23).

use super::{
    super::{LIST as CASES, Shown, case_path, facts::doubted, query},
    LIST, caption, kind, number_of, path,
};
use crate::{
    Claims, Mandate,
    office::OfficeFile,
    papers::postal,
    web::{Staff, show::tag},
    words::{Choice, HolderKind},
};
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use core_words::UtcMicros;
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Cell, Column, Details, Line, Table, Tag},
};

/// How many of its applications are shown here; the list has them all.
const CASES_HERE: usize = 10;

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(number): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let file = claims.office(staff.scope(), number_of(&number)?).await?;
    let asked = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    // Believed only if it was the last thing that happened and they did it.
    let done = asked.get("done") == Some(&file.record.version.to_string())
        && file.record.changed_by == Some(staff.session.account.0);
    Ok(content(frame, &file, done).ok())
}

/// The page.
pub(super) fn content(frame: Frame, file: &OfficeFile, done: bool) -> Shown {
    let record = &file.record;
    let mut frame = super::below_list(frame).caption(caption(record)).wide();
    let say = &frame.say.clone();
    frame = frame
        .help(say.t("claims-off-help-call"), say.t("claims-off-help-call-text"))
        .help(say.t("claims-off-help-mandate"), say.t("claims-off-help-mandate-text"));
    if done {
        let key = if record.version == 1 { "claims-off-done-entered" } else { "claims-off-done-changed" };
        // keys: claims-off-done-*
        frame = frame.flash(Banner::new(say, Tone::Success, say.t(key)));
    }
    let mut body = Stack::new().add(&BackLink::new(say, LIST).label(say.t("claims-off-to-list")));
    if let Some(banner) = state(say, file) {
        body = body.add(&banner);
    }
    let now = frame.now;
    let body = body
        .add(&actions(say, file))
        .heading(&say.t("claims-off-record"))
        .add(&details(say, file))
        .add(&cases(say, file))
        .add(&all_cases(say, file))
        .add(&mandates(say, file, now))
        .add(&new_mandate(say, file))
        .add(&letters(say, file));
    let title = kind(say, &record.holder.number);
    Shown::new(frame, title, body)
}

/// What to know before anything else: it claims no longer, or has no letter yet.
fn state(say: &Say, file: &OfficeFile) -> Option<Banner> {
    match (file.record.closed, file.record.letters) {
        (true, _) => {
            let told = Banner::new(say, Tone::Attention, say.t("claims-off-is-closed"));
            Some(told.text(say.t("claims-off-is-closed-text")))
        }
        (false, 0) => {
            let told = Banner::new(say, Tone::Info, say.t("claims-off-no-letter"));
            Some(told.text(say.t("claims-off-no-letter-text")))
        }
        (false, _) => None,
    }
}

fn actions(say: &Say, file: &OfficeFile) -> Actions {
    let record = &file.record;
    let path = path(&record.holder.number);
    let edit = Action::link(say.t("claims-off-edit"), format!("{path}/edit"));
    let close = format!("{path}/close");
    Actions::new(match record.closed {
        true => vec![edit, Action::link(say.t("claims-off-reopen"), close).quiet()],
        false => vec![
            Action::link(say.t("claims-off-print"), format!("{path}/letter")).primary(),
            edit,
            Action::link(say.t("claims-off-close"), close).quiet(),
        ],
    })
}

fn details(say: &Say, file: &OfficeFile) -> Details {
    let (record, holder) = (&file.record, &file.record.holder);
    let doubt = (!holder.number.check_digit_fits()).then(|| say.t("claims-fed-check-digit"));
    let changed = match record.changed_by.and_then(|account| file.people.get(&account)) {
        Some(name) => format!("{}\n{name}", say.date_time(record.changed)),
        None => say.date_time(record.changed),
    };
    Details::new()
        .part(say.t("claims-off-number"), &doubted(holder.number.as_str(), doubt))
        .row(say.t("claims-off-name"), format!("{}\n{}", holder.name, holder.kana))
        .row(say.t("claims-off-address"), format!("〒{}\n{}", postal(&holder.postal), holder.address))
        .row(say.t("claims-off-phone"), &holder.phone)
        .row(say.t("claims-off-email"), &holder.email)
        .row(say.t("claims-off-login"), file.login.as_deref().unwrap_or_default())
        .row(say.t("claims-off-changed"), changed)
}

fn cases(say: &Say, file: &OfficeFile) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-fed-applied-on")).whole(),
        Column::new(say.t("claims-fed-status")).whole(),
    ];
    let lines = file.cases.iter().take(CASES_HERE).map(|line| {
        Line::new(vec![
            Cell::link(&line.number, case_path(&line.number)),
            Cell::text(say.short_date(line.applied)),
            Cell::part(&tag(say, line.standing)),
        ])
    });
    Table::new(say, say.t("claims-off-cases"), columns, say.t("claims-off-cases-none")).lines(lines.collect())
}

fn all_cases(say: &Say, file: &OfficeFile) -> Actions {
    let number = &file.record.holder.number;
    let mut ways = Vec::new();
    if !file.cases.is_empty() {
        let list = query::with_query(CASES, &[("q", number.to_string())]);
        ways.push(Action::link(say.t("claims-off-cases-all"), list));
    }
    if number.kind() == HolderKind::Agent {
        ways.push(Action::link(say.t("claims-off-account"), format!("/claims/desk/agents/{number}")));
    }
    Actions::new(ways)
}

fn mandates(say: &Say, file: &OfficeFile, now: UtcMicros) -> Table {
    let me = &file.record.holder.number;
    let agent = me.kind() == HolderKind::Agent;
    let columns = vec![
        Column::new(say.t(if agent { "claims-off-provider" } else { "claims-off-agent" })),
        Column::new(say.t("claims-off-mandate-time")).whole(),
        Column::new(say.t("claims-off-mandate-state")),
        Column::new(say.t("claims-off-mandate-note")),
        Column::new(say.t("claims-off-mandate-act")),
    ];
    let lines = file.mandates.iter().map(|mandate| {
        let (number, name) = if agent { &mandate.provider } else { &mandate.agent };
        let notes: Vec<&str> = [&mandate.note, &mandate.end_note]
            .into_iter()
            .map(String::as_str)
            .filter(|n| !n.is_empty())
            .collect();
        let act = match mandate.is_over(now) {
            true => Cell::text(""),
            false => Cell::link(
                say.t("claims-off-mandate-end"),
                format!("{}/mandates/{}/end", path(me), mandate.id),
            ),
        };
        Line::new(vec![
            Cell::link(format!("{number}　{name}"), path(number)),
            Cell::text(days(say, mandate)),
            Cell::part(&mandate_state(say, mandate, now)),
            Cell::text(notes.join("\n")),
            act,
        ])
    });
    Table::new(say, say.t("claims-off-mandates"), columns, say.t("claims-off-mandates-none"))
        .lines(lines.collect())
}

/// From when until when a mandate is.
pub(super) fn days(say: &Say, mandate: &Mandate) -> String {
    let from = say.short_date(mandate.from);
    match mandate.until {
        Some(until) => say.with(
            "claims-off-mandate-days",
            [("from", from.into()), ("until", say.short_date(until).into())],
        ),
        None => say.with("claims-off-mandate-open", [("from", from.into())]),
    }
}

/// Whether a mandate is in force.
pub(super) fn mandate_state(say: &Say, mandate: &Mandate, now: UtcMicros) -> Tag {
    // keys: claims-off-mandate-is-*
    match mandate.ended {
        Some(ended) => {
            let on = [("day", say.short_date(ended).into())];
            Tag::new(Tone::Neutral, say.with("claims-off-mandate-is-ended", on))
        }
        None if mandate.is_over(now) => Tag::new(Tone::Neutral, say.t("claims-off-mandate-is-over")),
        None if mandate.in_force(now) => Tag::new(Tone::Success, say.t("claims-off-mandate-is-on")),
        None => Tag::new(Tone::Info, say.t("claims-off-mandate-is-coming")),
    }
}

fn new_mandate(say: &Say, file: &OfficeFile) -> Actions {
    Actions::new(match file.record.closed {
        true => Vec::new(),
        false => {
            let to = format!("{}/mandates/new", path(&file.record.holder.number));
            vec![Action::link(say.t("claims-off-mandate-new"), to)]
        }
    })
}

fn letters(say: &Say, file: &OfficeFile) -> Table {
    let columns = vec![
        Column::new(say.t("claims-off-letter-at")).whole(),
        Column::new(say.t("claims-off-letter-why")),
        Column::new(say.t("claims-off-letter-by")),
        Column::new(say.t("claims-off-identified")),
    ];
    let lines = file.letters.iter().map(|letter| {
        let by = match letter.account {
            Some(account) => file.people.get(&account).cloned().unwrap_or_else(|| account.to_string()),
            None => say.t("claims-off-letter-operator"),
        };
        // keys: claims-off-why-*
        Line::new(vec![
            Cell::text(say.short_date_time(letter.at)),
            Cell::text(say.t(&format!("claims-off-why-{}", letter.why.slug()))),
            Cell::text(by),
            Cell::text(&letter.identified),
        ])
    });
    Table::new(say, say.t("claims-off-letters-of"), columns, say.t("claims-off-letters-none"))
        .lines(lines.collect())
}
