//! 代理人の入金: the balance of an agent, the applications that wait for it, what came and what was done with it (C10).

use super::{super::Shown, super::case_path, agent_of, agent_path, below_list, list::state};
use crate::{Claims, EntryKind, service::Account, web::Staff};
use axum::{
    extract::{Path, State},
    response::Response,
};
use core_words::{UtcMicros, Yen};
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Bulk, Cell, Column, Details, Line, Table, Tag},
};

/// The name of the boxes with which applications are picked: number and version.
pub(super) const PICKED: &str = "case";

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(agent): Path<String>,
) -> Result<Response, Refused> {
    let account = claims.account(staff.scope(), agent_of(&agent)?).await?;
    Ok(content(frame, &account, staff.session.csrf.as_str()).ok())
}

/// The page.
pub(super) fn content(frame: Frame, account: &Account, csrf: &str) -> Shown {
    let frame = below_list(frame).caption(format!("{}　{}", account.agent.number, account.agent.name));
    let say = &frame.say.clone();
    let frame = frame.help(say.t("claims-pay-help-part"), say.t("claims-pay-help-part-text"));
    let fees = Yen(account.waiting.iter().map(|case| case.case.application().applied.fee.0).sum());
    let facts = Details::new()
        .row(say.t("claims-pay-balance"), say.yen(account.balance))
        .row(say.t("claims-pay-fees"), say.yen(fees))
        .part(say.t("claims-pay-state"), &state(say, account.balance, fees))
        .row(say.t("claims-fed-phone"), &account.agent.phone);
    let path = agent_path(&account.agent.number);
    let mut body = Stack::new()
        .add(&BackLink::new(say, super::LIST).label(say.t("claims-pay-to-list")))
        .add(&facts)
        .add(&waiting(say, account, csrf, frame.now));
    if account.balance.0 > 0 {
        let refund = Action::link(say.t("claims-pay-refund"), format!("{path}/refund"));
        body = body.add(&Actions::new(vec![refund.consequence(say.t("claims-pay-refund-about"))]));
    }
    let body = body.add(&deposits(say, account)).add(&entries(say, account));
    Shown::new(frame, say.t("claims-pay-account"), body)
}

fn waiting(say: &Say, account: &Account, csrf: &str, now: UtcMicros) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-fed-applied-on")).whole(),
        Column::new(say.t("claims-pay-until")),
        Column::new(say.t("claims-fed-fee")).figures(),
    ];
    let lines = account.waiting.iter().map(|case| {
        let application = case.case.application();
        let until = match application.pays {
            crate::words::Pays::Transfer { due } if due < now => {
                Cell::marked(say.short_date(due), "", &Tag::new(Tone::Attention, say.t("claims-fed-late")))
            }
            crate::words::Pays::Transfer { due } => Cell::text(say.short_date(due)),
            crate::words::Pays::Offset(_) => Cell::text(""),
        };
        Line::new(vec![
            Cell::link(&case.number, case_path(&case.number)),
            Cell::text(say.short_date(application.at)),
            until,
            Cell::text(say.yen(application.applied.fee)),
        ])
        .pick(format!("{}:{}", case.number, case.version), &case.number)
    });
    let table = Table::new(say, say.t("claims-pay-open"), columns, say.t("claims-pay-open-none"))
        .lines(lines.collect());
    // Without money there is nothing to pay with, and no button that could only refuse.
    let payable = account.waiting.iter().any(|case| case.case.application().applied.fee <= account.balance);
    match payable {
        true => table.bulk(Bulk {
            action: format!("{}/pay", agent_path(&account.agent.number)),
            csrf: csrf.to_owned(),
            name: PICKED.to_owned(),
            label: say.t("claims-pay-pick"),
        }),
        false => table,
    }
}

fn deposits(say: &Say, account: &Account) -> Table {
    let columns = vec![
        Column::new(say.t("claims-pay-day")).whole(),
        Column::new(say.t("claims-pay-payer")),
        Column::new(say.t("claims-pay-amount")).figures(),
        Column::new(say.t("claims-pay-note")),
    ];
    let lines = account.deposits.iter().map(|deposit| {
        Line::new(vec![
            Cell::text(say.short_date(deposit.day)),
            Cell::two(&deposit.payer, &deposit.reference),
            Cell::text(say.yen(deposit.amount)),
            Cell::text(&deposit.note),
        ])
    });
    Table::new(say, say.t("claims-pay-deposits"), columns, say.t("claims-pay-deposits-none"))
        .lines(lines.collect())
}

fn entries(say: &Say, account: &Account) -> Table {
    let columns = vec![
        Column::new(say.t("claims-pay-at")).whole(),
        Column::new(say.t("claims-pay-what")),
        Column::new(say.t("claims-pay-amount")).figures(),
        Column::new(say.t("claims-pay-note")),
    ];
    let lines = account.entries.iter().map(|entry| {
        let key = match entry.kind {
            EntryKind::Payment => "claims-pay-kind-payment",
            EntryKind::Undone => "claims-pay-kind-undone",
            EntryKind::Refund => "claims-pay-kind-refund",
        };
        // keys: claims-pay-kind-*
        let what = say.t(key);
        let what = match &entry.case {
            Some(number) => Cell::two(what, number),
            None => Cell::text(what),
        };
        Line::new(vec![
            Cell::text(say.short_date_time(entry.at)),
            what,
            Cell::text(say.yen(entry.amount)),
            Cell::text(&entry.note),
        ])
    });
    Table::new(say, say.t("claims-pay-entries"), columns, say.t("claims-pay-entries-none"))
        .lines(lines.collect())
}
