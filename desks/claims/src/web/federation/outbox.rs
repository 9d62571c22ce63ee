//! 送信メール: what was written to applicants, what waits, what failed (K11).

use super::{OUTBOX, Shown, case_path, query};
use crate::{
    Claims,
    service::{MAILS, Outbox, WantedMails},
    web::Staff,
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use kit_post::{Mail, MailState};
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Cell, Chip, Column, Line, Pager, Search, StatusTag, Table},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let mut wanted = parse(asked.as_deref());
    let mut outbox = claims.outbox(staff.scope(), wanted.clone()).await?;
    if outbox.mails.rows.is_empty() && outbox.mails.total > 0 {
        wanted.page = u32::try_from((outbox.mails.total - 1) / u64::from(MAILS)).unwrap_or(0);
        outbox = claims.outbox(staff.scope(), wanted.clone()).await?;
    }
    Ok(content(frame, &wanted, &outbox).ok())
}

fn parse(asked: Option<&str>) -> WantedMails {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    WantedMails {
        text: query::text(form.get("q").unwrap_or_default()),
        state: form.get("state").and_then(MailState::of_name),
        page: query::page(&form),
    }
}

fn address(wanted: &WantedMails) -> String {
    let text = (!wanted.text.is_empty()).then(|| ("q", wanted.text.clone()));
    let state = wanted.state.map(|state| ("state", state.name().to_owned()));
    query::with_query(OUTBOX, &text.into_iter().chain(state).collect::<Vec<_>>())
}

/// The page.
pub(super) fn content(frame: Frame, wanted: &WantedMails, outbox: &Outbox) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .wide()
        .help(say.t("claims-fed-help-mail"), say.t("claims-fed-help-mail-text"))
        .help(say.t("claims-fed-help-double"), say.t("claims-fed-help-double-text"));
    let with = |state| address(&WantedMails { state, ..wanted.clone() });
    let mut chips = vec![Chip::new(say.t("claims-fed-all"), with(None), wanted.state.is_none())];
    for state in MailState::ALL {
        let chip = Chip::new(state_name(say, state), with(Some(state)), wanted.state == Some(state));
        let count = outbox.counts.iter().find(|(s, _)| *s == state);
        // Those that were sent are not counted: there is nothing to be done about them.
        chips.push(match (count, state) {
            (Some((_, n)), _) => chip.count(i64::try_from(*n).unwrap_or(i64::MAX)),
            (None, MailState::Sent) => chip,
            (None, _) => chip.count(0),
        });
    }
    let mut search =
        Search::new(say, OUTBOX, say.t("claims-fed-mail-search"), wanted.text.clone()).chips(chips);
    if let Some(state) = wanted.state {
        search = search.hidden("state", state.name());
    }
    let total = i64::try_from(outbox.mails.total).unwrap_or(i64::MAX);
    let page = i64::from(wanted.page) + 1;
    let body = Stack::new().add(&search).add(&table(say, &outbox.mails.rows, true)).add(&Pager::numbered(
        say,
        total,
        i64::from(MAILS),
        page,
        &address(wanted),
    ));
    Shown::new(frame, say.t("claims-fed-outbox"), body)
}

/// The mails of one case.
pub(super) fn of_case(say: &Say, mails: &[Mail]) -> Table {
    table(say, mails, false)
}

fn table(say: &Say, mails: &[Mail], of_all: bool) -> Table {
    // Beside the case there is less room: the address stands below the time.
    let (at, to) = (say.t("claims-fed-mail-at"), say.t("claims-fed-mail-to"));
    let both = format!("{at}{}{to}", say.lang().pick("・", " / "));
    let mut columns = vec![
        Column::new(if of_all { at } else { both }).whole(),
        Column::new(say.t("claims-fed-mail-subject")),
    ];
    if of_all {
        columns.push(Column::new(to));
        columns.push(Column::new(say.t("claims-fed-number")).whole());
    }
    columns.push(Column::new(say.t("claims-fed-mail-state")).whole());
    columns.push(Column::new(say.t("claims-fed-mail-tries")).figures());
    let lines = mails.iter().map(|mail| {
        let at = say.short_date_time(mail.sent.unwrap_or(mail.created));
        let subject = Cell::link(&mail.subject, mail_path(mail));
        let mut cells = match of_all {
            true => vec![Cell::text(at), subject, Cell::text(mail.to.as_str())],
            false => vec![Cell::two(at, mail.to.as_str()), subject],
        };
        if of_all {
            cells.push(match &mail.case {
                Some(number) => Cell::link(number, case_path(number)),
                None => Cell::text(""),
            });
        }
        cells.push(Cell::part(&tag(say, mail.state)));
        cells.push(Cell::text(mail.tries.to_string()));
        Line::new(cells)
    });
    let empty = say.t(if of_all { "claims-fed-mails-none" } else { "claims-fed-case-mails-none" });
    Table::new(say, say.t("claims-fed-mails"), columns, empty).lines(lines.collect())
}

/// The path of a mail.
pub(super) fn mail_path(mail: &Mail) -> String {
    format!("{OUTBOX}/{}", mail.id.0)
}

/// Where a mail stands, as a tag.
pub(super) fn tag(say: &Say, state: MailState) -> StatusTag {
    let tone = match state {
        MailState::Waiting | MailState::Sending => Tone::Info,
        MailState::Sent => Tone::Success,
        MailState::Failed => Tone::Danger,
    };
    StatusTag::new(tone, state_name(say, state))
}

fn state_name(say: &Say, state: MailState) -> String {
    // keys: claims-fed-mail-is-*
    say.t(&format!("claims-fed-mail-is-{}", state.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k11_an_address_of_the_outbox_leads_back_to_itself() {
        let wanted = parse(Some("q=a%40b.example&state=failed"));
        assert_eq!((wanted.text.as_str(), wanted.state), ("a@b.example", Some(MailState::Failed)));
        assert_eq!(parse(address(&wanted).split_once('?').map(|(_, query)| query)), wanted);
        assert_eq!(parse(Some("state=lost&page=-1")), WantedMails::default());
        assert_eq!(address(&WantedMails::default()), OUTBOX);
    }
}
