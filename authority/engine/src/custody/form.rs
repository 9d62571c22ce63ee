//! The form of what is asked: lengths and characters.

use crate::{issue::is_idempotency_key, refusals};
use authority_front::{KeyOrder, PackOrder, Refusal};
use core_words::UtcMicros;

/// The longest that a key is kept: 400 days, in microseconds.
const LONGEST: i64 = 400 * 86_400 * 1_000_000;

/// The most characters of the reason for an erasure.
const WHY: usize = 200;

pub(super) fn order(order: &KeyOrder, now: UtcMicros) -> Result<(), Refusal> {
    if !is_idempotency_key(&order.key) {
        return Err(refusals::key_form());
    }
    let kept = order.until.since(now);
    if (1..=LONGEST).contains(&kept) { Ok(()) } else { Err(refusals::custody_until()) }
}

pub(super) fn packing(order: &PackOrder) -> Result<(), Refusal> {
    let typed = order.password.chars().count();
    if !(8..=128).contains(&typed) || order.password.chars().any(char::is_control) {
        return Err(refusals::pack_password());
    }
    let name = &order.friendly_name;
    let plain = name.chars().all(|c| !c.is_control() && u32::from(c) <= 0xffff);
    if plain && (1..=60).contains(&name.chars().count()) { Ok(()) } else { Err(refusals::pack_name()) }
}

pub(super) fn why(text: &str) -> Result<(), Refusal> {
    if text.chars().count() <= WHY && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(refusals::custody_why())
    }
}
