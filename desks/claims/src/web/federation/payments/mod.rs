//! 入金 (C10): what reached the federation's account, whose it is, and which applications wait for it.
//!
//! ```text
//! list ─→ import (a file of the bank)
//!   ├──→ enter (入力 → 確認) ──────────→ agent ─→ pay (選ぶ → 確認)
//!   └──→ whose a transfer is (assign) ──→   └───→ refund
//! ```

mod agent;
mod assign;
mod enter;
mod import;
mod list;
mod pay;
mod refund;
#[cfg(test)]
mod tests;

pub(super) mod samples;

use crate::{Claims, no, words::HolderNumber};
use axum::routing::get;
use core_words::Text;
use kit_web::{FieldError, Frame, Pages, Reader, Refused};

/// The list.
pub(super) const LIST: &str = "/claims/desk/payments";

/// The pages about money.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(LIST, get(list::show))
        .route("/claims/desk/payments/new", get(enter::show).post(enter::send))
        .route("/claims/desk/payments/import", get(import::show).post(import::send))
        .route("/claims/desk/payments/{id}", get(assign::show).post(assign::send))
        .route("/claims/desk/agents/{agent}", get(agent::show))
        .route("/claims/desk/agents/{agent}/pay", get(pay::show).post(pay::send))
        .route("/claims/desk/agents/{agent}/refund", get(refund::show).post(refund::send))
}

/// The path of an agent's account.
pub(super) fn agent_path(agent: &HolderNumber) -> String {
    format!("/claims/desk/agents/{agent}")
}

/// The agent's ID in a path; anything else is an agent that does not exist.
fn agent_of(text: &str) -> Result<HolderNumber, Refused> {
    HolderNumber::new(text).ok_or_else(|| Refused(no::no_agent()))
}

/// The frame below the list.
fn below_list(frame: Frame) -> Frame {
    let label = frame.say.t("claims-pay-list");
    frame.crumb(label, LIST)
}

/// An agent's ID as it is typed: half or full width, in small or capital letters. Empty where it may be.
fn agent_typed(reader: &mut Reader<'_>, must: bool) -> Option<HolderNumber> {
    let typed = match must {
        true => reader.text("agent", "claims-pay-agent", 20),
        false => reader.optional("agent", "claims-pay-agent", 20),
    };
    let typed = kit_web::forms::half_width(&typed).to_ascii_uppercase().replace([' ', '-'], "");
    if typed.is_empty() {
        return None;
    }
    let found = HolderNumber::new(&typed).filter(|number| number.kind() == crate::words::HolderKind::Agent);
    if found.is_none() {
        reader.error("agent", not_an_id());
    }
    found
}

fn not_an_id() -> Text {
    Text::new(
        "代理人IDは「DA」と数字8桁です。例: DA13000017",
        "An ID is DA and eight digits, such as DA13000017",
    )
}

/// What is wrong with an agent's ID that has the right form.
fn unknown_agent() -> FieldError {
    FieldError::new("agent", Text::new("この代理人IDは登録されていません", "There is no agent of this ID"))
}
