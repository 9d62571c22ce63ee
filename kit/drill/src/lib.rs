//! Fault points: places between two deeds where a drill may kill the process.
//!
//! `drill::point("engine.recorded")` costs one relaxed load when no drill runs. A drill starts the
//! process with `WARIFU_DRILL=engine.recorded` (or `engine.recorded:3` for the third passage), and
//! the process sends itself SIGKILL there: no destructor runs, no buffer is flushed, exactly as when
//! the power of a container is cut. Every point is listed in [`POINTS`]; drills walk that list.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

/// Every fault point of the product, in the order of the deeds. A drill that kills at each of them walks this list.
pub const POINTS: &[&str] = &[
    "store.before_commit",
    "store.after_commit",
    "engine.before_record",
    "engine.recorded",
    "engine.signed",
    "engine.published",
    "engine.revoked",
    "jobs.claimed",
    "jobs.ran",
    "post.before_send",
    "post.after_send",
    "list.numbered",
    "list.written",
    "list.renamed",
    "list.published",
    "segment.packed",
    "sequencer.numbered",
    "sequencer.tiles_written",
    "sequencer.checkpoint_signed",
    "ceremony.key_sealed",
    "ceremony.certificate_stored",
    "custody.made",
    "custody.recorded",
    "custody.erased",
    "claims.run_chunk",
    "claims.taken",
    "claims.key_made",
    "claims.ordered",
    "claims.fed",
    "claims.revocation_ordered",
    "claims.key_erased",
    "offset.chunk",
    "offset.closed",
    "backup.copied",
    "backup.manifest_written",
];

struct Armed {
    point: String,
    left: AtomicU64,
}

fn armed() -> Option<&'static Armed> {
    static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
    ARMED
        .get_or_init(|| {
            let text = std::env::var("WARIFU_DRILL").ok()?;
            let (point, passage) = text.split_once(':').unwrap_or((&text, "1"));
            Some(Armed { point: point.to_owned(), left: AtomicU64::new(passage.parse().unwrap_or(1).max(1)) })
        })
        .as_ref()
}

/// A place where a drill may kill the process. `name` must stand in [`POINTS`].
#[inline]
pub fn point(name: &str) {
    if let Some(armed) = armed()
        && armed.point == name
        && armed.left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        // Nothing more can be done if the kernel refuses; abort ends the process just as abruptly.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        std::process::abort();
    }
}
