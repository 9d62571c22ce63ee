//! 入金の一覧: what nobody knows whose it is, and agents with a balance or with applications that wait.

use super::{super::Shown, LIST, agent_path};
use crate::{Claims, service::Payments, web::Staff};
use axum::{extract::State, response::Response};
use core_words::Yen;
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, Cell, Column, Line, Table, Tag},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
) -> Result<Response, Refused> {
    let payments = claims.payments(staff.scope()).await?;
    Ok(content(frame, &payments).ok())
}

/// The page.
pub(super) fn content(frame: Frame, payments: &Payments) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .help(say.t("claims-pay-help-name"), say.t("claims-pay-help-name-text"))
        .help(say.t("claims-pay-help-part"), say.t("claims-pay-help-part-text"));
    let enter = Action::link(say.t("claims-pay-enter"), format!("{LIST}/new")).primary();
    let import = Action::link(say.t("claims-pay-import"), format!("{LIST}/import"));
    let body = Stack::new()
        .text(&say.t("claims-pay-about"))
        .add(&Actions::new(vec![enter, import]))
        .add(&unmatched(say, payments))
        .add(&agents(say, payments));
    Shown::new(frame, say.t("claims-pay-list"), body)
}

fn unmatched(say: &Say, payments: &Payments) -> Table {
    let columns = vec![
        Column::new(say.t("claims-pay-day")).whole(),
        Column::new(say.t("claims-pay-payer")),
        Column::new(say.t("claims-pay-amount")).figures(),
        Column::new(say.t("claims-pay-reference")),
    ];
    let lines = payments.unmatched.iter().map(|deposit| {
        Line::new(vec![
            Cell::text(say.short_date(deposit.day)),
            Cell::link(&deposit.payer, format!("{LIST}/{}", deposit.id)),
            Cell::text(say.yen(deposit.amount)),
            Cell::text(&deposit.reference),
        ])
    });
    Table::new(say, say.t("claims-pay-unmatched"), columns, say.t("claims-pay-unmatched-none"))
        .lines(lines.collect())
}

fn agents(say: &Say, payments: &Payments) -> Table {
    let columns = vec![
        Column::new(say.t("claims-pay-agent")).whole(),
        Column::new(say.t("claims-pay-agent-name")),
        Column::new(say.t("claims-pay-balance")).figures(),
        Column::new(say.t("claims-pay-waiting")).figures(),
        Column::new(say.t("claims-pay-state")),
    ];
    let lines = payments.agents.iter().map(|line| {
        let count = say.number(i64::try_from(line.waiting).unwrap_or(i64::MAX));
        let waiting = match line.waiting {
            0 => Cell::text(count),
            _ => Cell::two(count, say.yen(line.fees)),
        };
        Line::new(vec![
            Cell::link(line.agent.number.as_str(), agent_path(&line.agent.number)),
            Cell::text(&line.agent.name),
            Cell::text(say.yen(line.balance)),
            waiting,
            Cell::part(&state(say, line.balance, line.fees)),
        ])
    });
    Table::new(say, say.t("claims-pay-agents"), columns, say.t("claims-pay-agents-none"))
        .lines(lines.collect())
}

/// What is to be done: pay, wait for more, or ask what the money is for.
pub(super) fn state(say: &Say, balance: Yen, fees: Yen) -> Tag {
    let (tone, key) = match (balance.0, fees.0) {
        (missing, _) if missing < 0 => (Tone::Attention, "claims-pay-state-back"),
        (0, _) => (Tone::Neutral, "claims-pay-state-none"),
        (_, 0) => (Tone::Attention, "claims-pay-state-left"),
        (balance, fees) if balance < fees => (Tone::Attention, "claims-pay-state-part"),
        (balance, fees) if balance > fees => (Tone::Info, "claims-pay-state-more"),
        _ => (Tone::Info, "claims-pay-state-all"),
    };
    // keys: claims-pay-state-*
    Tag::new(tone, say.t(key))
}
