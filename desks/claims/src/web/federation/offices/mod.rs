//! 事業所管理 (C23): care providers and agents, their letters with passwords (C7), and the mandates between them.
//!
//! ```text
//! list ─→ enter (入力 → 確認) ─────→ one ─→ edit (入力 → 確認)
//!   ├───→ import (確認) ─→ run          │
//!   ├───→ letters of many (確認)        ├──→ letter (入力 → 確認 → PDF)
//!   └───→ one                           ├──→ close, open again (確認)
//!                                       └──→ mandate: enter (入力 → 確認), end (確認)
//! ```

mod close;
mod edit;
mod enter;
mod export;
mod fields;
mod import;
mod letter;
mod letters;
mod list;
mod mandate;
mod mandate_end;
mod one;
#[cfg(test)]
mod tests;

pub(super) mod samples;

use super::Shown;
use crate::{Claims, Record, office, web::Staff, words::HolderNumber};
use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use core_words::{Kind, Refusal};
use kit_web::{
    FormData, Frame, Pages, Refused, Say, Stack, Tone,
    forms::{BadForm, with_room_for_files},
    parts::{Action, Actions, Banner},
};

/// The list.
pub(super) const LIST: &str = "/claims/desk/holders";

/// The pages of provider management.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(LIST, get(list::show))
        .route("/claims/desk/holders/new", get(enter::show).post(enter::send))
        .route("/claims/desk/holders.csv", get(export::send))
        .route(
            "/claims/desk/holders/import",
            with_room_for_files(get(import::show).post(import::send), import::MOST_OCTETS),
        )
        .route("/claims/desk/holders/letters", get(letters::show).post(letters::send))
        .route("/claims/desk/holders/{number}", get(one::show))
        .route("/claims/desk/holders/{number}/edit", get(edit::show).post(edit::send))
        .route("/claims/desk/holders/{number}/letter", get(letter::show).post(letter::send))
        .route("/claims/desk/holders/{number}/close", get(close::show).post(close::send))
        .route("/claims/desk/holders/{number}/mandates/new", get(mandate::show).post(mandate::send))
        .route(
            "/claims/desk/holders/{number}/mandates/{id}/end",
            get(mandate_end::show).post(mandate_end::send),
        )
}

/// The path of a holder.
pub(super) fn path(number: &HolderNumber) -> String {
    format!("{LIST}/{number}")
}

/// The number in a path; anything else is a holder that does not exist.
fn number_of(text: &str) -> Result<HolderNumber, Refused> {
    HolderNumber::new(text).ok_or_else(|| Refused(office::no_office()))
}

/// The holder whom an address names, and who of the staff asks.
struct Asked {
    staff: Staff,
    record: Record,
}

impl Asked {
    fn csrf(&self) -> &str {
        self.staff.session.csrf.as_str()
    }

    fn number(&self) -> HolderNumber {
        self.record.holder.number.clone()
    }
}

impl FromRequestParts<Claims> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, claims: &Claims) -> Result<Self, Response> {
        let staff = Staff::from_request_parts(parts, claims).await?;
        let number = Path::<String>::from_request_parts(parts, claims).await;
        let Path(number) = number.map_err(IntoResponse::into_response)?;
        let number = number_of(&number).map_err(IntoResponse::into_response)?;
        match claims.record(staff.scope(), number).await {
            Ok(record) => Ok(Self { staff, record }),
            Err(refusal) => Err(Refused(refusal).into_response()),
        }
    }
}

/// The version that was looked at when a form was begun.
fn seen(form: &FormData) -> Result<i64, Refused> {
    form.version().ok_or_else(|| BadForm::Form.into())
}

/// The frame below the list.
fn below_list(frame: Frame) -> Frame {
    let label = frame.say.t("claims-off-list");
    frame.crumb(label, LIST)
}

/// The frame of a page below that of a holder.
fn about(frame: Frame, record: &Record) -> Frame {
    let number = &record.holder.number;
    below_list(frame).crumb(number.as_str(), path(number)).caption(caption(record))
}

fn caption(record: &Record) -> String {
    format!("{}　{}", record.holder.number, record.holder.name)
}

/// What its number is called: 事業所番号 or 代理人ID.
fn kind(say: &Say, number: &HolderNumber) -> String {
    say.t(match number.kind() {
        crate::words::HolderKind::Provider => "claims-off-provider",
        crate::words::HolderKind::Agent => "claims-off-agent",
    })
}

/// What is answered to a refusal that is about no field: of one who came second, where they can go on.
fn refused(frame: Frame, record: &Record, refusal: Refusal) -> Result<Response, Refused> {
    match refusal.kind {
        Kind::Conflict => Ok(stopped(frame, record, &refusal).response(StatusCode::CONFLICT)),
        _ => Err(refusal.into()),
    }
}

/// Nothing was done: why, and the way on.
fn stopped(frame: Frame, record: &Record, refusal: &Refusal) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say;
    let told = Banner::new(say, Tone::Attention, say.text(&refusal.message)).text(say.text(&refusal.next));
    let ways = Actions::new(vec![
        Action::link(say.t("claims-off-see-now"), path(&record.holder.number)).primary(),
        Action::link(say.t("claims-off-to-list"), LIST).quiet(),
    ]);
    let title = say.t("claims-off-stopped");
    Shown::new(frame, title, Stack::new().add(&told).add(&ways))
}
