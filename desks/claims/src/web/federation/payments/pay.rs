//! 入金登録: the picked applications are named, with what they cost and what is left, before they are paid for (C10).

use super::{
    super::{Shown, acts::warning},
    agent::PICKED,
    agent_of, agent_path, below_list,
};
use crate::{
    Claims,
    service::{Account, Picked},
    web::Staff,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::{CaseNumber, Refusal, Yen};
use kit_gate::CheckedForm;
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Step, Tone,
    parts::{Action, Actions, BackLink, Banner, Cell, Column, Details, Form, Line, Table},
    see_other,
};

/// Come from the bar of addresses or by the back button: there is nothing picked, and the account is where one picks.
pub(super) async fn show(_: Staff, Path(agent): Path<String>) -> Result<Response, Refused> {
    Ok(see_other(&agent_path(&agent_of(&agent)?)))
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(agent): Path<String>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let agent = agent_of(&agent)?;
    let picked = picked(&form);
    let account = claims.account(staff.scope(), agent.clone()).await?;
    if picked.is_empty() {
        return Ok(nothing(frame, &account).response(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let (csrf, undo) = (staff.session.csrf.as_str(), claims.settings().undo_seconds);
    if form.step() != Step::Confirm {
        return Ok(content(frame, &account, &picked, csrf, undo, None).ok());
    }
    match claims.register_payments(staff.scope(), agent.clone(), picked.clone(), staff.doer()).await {
        Ok(()) => Ok(see_other(&agent_path(&agent))),
        Err(refusal) => {
            let status = kit_web::answers::status(refusal.kind);
            Ok(content(frame, &account, &picked, csrf, undo, Some(&refusal)).response(status))
        }
    }
}

/// What was picked; what is none of ours is passed over.
pub(super) fn picked(form: &FormData) -> Vec<Picked> {
    let each = form.all(PICKED).filter_map(|value| {
        let (number, version) = value.split_once(':')?;
        Some(Picked { number: CaseNumber::parse(number).ok()?, version: version.parse().ok()? })
    });
    each.collect()
}

/// Nothing was picked.
pub(super) fn nothing(frame: Frame, account: &Account) -> Shown {
    let frame = below_list(frame).caption(format!("{}　{}", account.agent.number, account.agent.name));
    let say = &frame.say;
    let banner = Banner::new(say, Tone::Attention, say.t("claims-pay-none-picked"));
    let back = Action::link(say.t("claims-pay-to-account"), agent_path(&account.agent.number)).primary();
    let body = Stack::new().add(&banner).add(&Actions::new(vec![back]));
    let title = say.t("claims-pay-check");
    Shown::new(frame, title, body)
}

/// The page.
pub(super) fn content(
    frame: Frame,
    account: &Account,
    picked: &[Picked],
    csrf: &str,
    undo_seconds: u32,
    refusal: Option<&Refusal>,
) -> Shown {
    let path = agent_path(&account.agent.number);
    let frame = below_list(frame)
        .crumb(account.agent.number.as_str(), &path)
        .caption(format!("{}　{}", account.agent.number, account.agent.name));
    let say = &frame.say;
    let fee_of = |pick: &Picked| {
        let number = pick.number.to_string();
        let case = account.waiting.iter().find(|case| case.number == number && case.version == pick.version);
        case.map(|case| case.case.application().applied.fee)
    };
    let total = Yen(picked.iter().filter_map(fee_of).map(|fee| fee.0).sum());
    let left = Yen(account.balance.0 - total.0);
    let mut body = Stack::new().add(&BackLink::new(say, &path).label(say.t("claims-pay-to-account")));
    if let Some(refusal) = refusal {
        let told = Banner::new(say, Tone::Attention, say.text(&refusal.message));
        body = body.add(&told.text(say.text(&refusal.next)));
    }
    body = body.add(&listed(say, picked, fee_of)).add(
        &Details::new()
            .row(say.t("claims-pay-balance"), say.yen(account.balance))
            .row(say.t("claims-pay-total"), say.yen(total))
            .row(say.t("claims-pay-left"), say.yen(left)),
    );
    let gone = picked.iter().any(|pick| fee_of(pick).is_none());
    body = match (gone, left.0 < 0) {
        (true, _) => body.add(&Banner::new(say, Tone::Attention, say.t("claims-pay-gone"))),
        (false, true) => {
            let missing = [("missing", say.yen(Yen(-left.0)).into())];
            body.add(&Banner::new(say, Tone::Attention, say.with("claims-pay-missing", missing)))
        }
        (false, false) => {
            let mut form = Form::new(format!("{path}/pay"), csrf, say.t("claims-pay-do"))
                .hidden("_step", "confirm")
                .part(&warning(say, say.t("claims-pay-warning"), undo_seconds))
                .cancel(say.t("claims-fed-cancel"), &path);
            for Picked { number, version } in picked {
                form = form.hidden(PICKED, format!("{number}:{version}"));
            }
            body.add(&form)
        }
    };
    let title = say.t("claims-pay-check");
    Shown::new(frame, title, body)
}

fn listed(say: &Say, picked: &[Picked], fee_of: impl Fn(&Picked) -> Option<Yen>) -> Table {
    let columns =
        vec![Column::new(say.t("claims-fed-number")).whole(), Column::new(say.t("claims-fed-fee")).figures()];
    let lines = picked.iter().map(|pick| {
        let fee = fee_of(pick).map_or_else(|| say.t("claims-pay-not-waiting"), |fee| say.yen(fee));
        Line::new(vec![Cell::text(pick.number.to_string()), Cell::text(fee)])
    });
    Table::new(say, say.t("claims-pay-picked"), columns, "").lines(lines.collect())
}
