//! Notices a transaction that is started inside a transaction.
//!
//! On SQLite it would wait for itself for ever; on PostgreSQL it would not be part of the outer one.

use std::cell::Cell;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` with this thread marked as inside a transaction. `f` must not unwind.
pub(crate) fn inside<R>(f: impl FnOnce() -> R) -> R {
    INSIDE.set(true);
    let result = f();
    INSIDE.set(false);
    result
}

/// Whether this thread is inside a transaction.
///
/// # Panics
/// In debug builds when it is, at the place that starts the second one.
#[track_caller]
pub(crate) fn refuse() -> bool {
    let nested = INSIDE.get();
    #[cfg(debug_assertions)]
    assert!(!nested, "a transaction was started inside a transaction; pass the outer one's `tx` on instead");
    nested
}
