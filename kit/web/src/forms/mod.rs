//! What people type, on its way in: parsed within limits, normalised, checked, and never lost.
//!
//! A post is read as [`FormData`]; a [`Reader`] takes values out of it, normalised, and collects what is wrong;
//! [`Filled`] holds what was typed with those errors, so that the form can be shown again.

mod data;
mod extract;
mod filled;
mod normal;
mod reader;
#[cfg(test)]
mod tests;

pub use data::{BadForm, FormData, Limits, Step, Upload};
pub use extract::with_room_for_files;
pub use filled::{FieldError, Filled};
pub use normal::{digits, half_width, katakana, trimmed};
pub use reader::Reader;

/// The name of the hidden field with the token against forged posts.
pub const CSRF: &str = "_csrf";
/// The name under which a button of the confirmation page posts the field that is to be changed.
pub const CHANGE: &str = "_change";
/// The name of the step in 入力 → 確認 → 完了.
pub const STEP: &str = "_step";
