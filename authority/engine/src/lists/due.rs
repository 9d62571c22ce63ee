//! When a list is due, and how long it has still to live. Pure: times in, answers out.
//!
//! ```text
//!   thisUpdate          due                half           nextUpdate
//!       |----------------|-------------------|-----------------|
//!                        next list is made   alarm             expired
//! ```
//! The next list is made before half of the life is over, whatever the schedule says: a fault has at least
//! half a life to be mended in, and the alarm rings only when the making has really failed (K4).

use authority_journal::authorities::ListSchedule;
use authority_journal::lists::{List, ListKind, ScopeState};
use core_words::UtcMicros;

/// The latest moment at which the next list is made, in hundredths of a life.
const LATEST_PER_CENT: i64 = 45;

/// The times of a list about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// Whole seconds.
    pub(super) this_update: UtcMicros,
    /// Whole seconds.
    pub(super) next_update: UtcMicros,
}

/// How a current list stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// More than half of its life is left.
    Good,
    /// Half or less is left: the next one should be out already.
    UnderHalf,
    /// Its nextUpdate has passed: relying parties refuse it, and every certificate with it.
    Expired,
}

/// nextUpdate − thisUpdate for lists of this kind, in seconds; at least one.
pub(super) fn life_s(schedule: &ListSchedule, kind: ListKind) -> i64 {
    let life = match kind {
        ListKind::Full => schedule.full_life_s,
        ListKind::Delta => schedule.delta_life_s,
    };
    life.max(1)
}

/// The time from one list of this kind to the next, in microseconds.
fn pace(schedule: &ListSchedule, kind: ListKind) -> i64 {
    let wanted = match kind {
        ListKind::Full => schedule.full_every_s,
        ListKind::Delta => schedule.delta_every_s,
    };
    let wanted = wanted.max(1).saturating_mul(1_000_000);
    let latest = life_s(schedule, kind).saturating_mul(1_000_000 / 100 * LATEST_PER_CENT);
    wanted.min(latest)
}

/// Whether the scope needs a new list of this kind now.
///
/// After a clock that was set back the current list bears a later thisUpdate than now; the time at which it was
/// made counts then, so that lists go on being made at their pace.
pub(super) fn is_due(state: &ScopeState, kind: ListKind, now: UtcMicros) -> bool {
    let Some(current) = state.current(kind) else {
        // The first delta needs a base.
        return kind == ListKind::Full || state.full.is_some();
    };
    // A delta whose base was replaced serves nobody who has fetched the new full list.
    let outdated = kind == ListKind::Delta && current.base != state.full.as_ref().map(|full| full.number);
    let made = current.this_update.min(current.created);
    outdated || now.since(made) >= pace(&state.schedule, kind) || life(current, now) != Life::Good
}

/// How `list` stands at `now`.
pub(super) fn life(list: &List, now: UtcMicros) -> Life {
    let (whole, left) = (list.next_update.since(list.this_update), list.next_update.since(now));
    match left {
        // nextUpdate itself is still within the life of a list.
        left if left < 0 => Life::Expired,
        left if left <= whole / 2 => Life::UnderHalf,
        _ => Life::Good,
    }
}

/// The times of a new list: thisUpdate is now, but never before that of a list already current in the series.
pub(super) fn times(
    schedule: &ListSchedule,
    kind: ListKind,
    previous: [Option<&List>; 2],
    now: UtcMicros,
) -> Times {
    let latest = previous.into_iter().flatten().map(|list| list.this_update).max();
    let this_update = now.whole_seconds().micros().max(latest.unwrap_or(UtcMicros(i64::MIN)));
    Times { this_update, next_update: this_update.plus_seconds(life_s(schedule, kind)) }
}

/// Certificates settled before this time may be missing from a list made now: they stood on the previous full
/// list when they had already expired (RFC 5280 §3.3).
///
/// `GRACE` covers revocations whose transaction ended a while after the time they bear. All three clocks must
/// agree: what a list claims, when it was really made, and now; a clock once wrong hides nothing.
pub(super) fn cut_off(previous: Option<&List>, now: UtcMicros) -> UtcMicros {
    const GRACE: i64 = 600 * 1_000_000;
    match previous {
        None => UtcMicros(i64::MIN),
        Some(list) => list.this_update.min(list.created).min(now).plus_micros(-GRACE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use authority_journal::{codes::ListState, lists::Scope};
    use core_words::AuthorityId;

    const HOUR: i64 = 3_600;

    fn schedule() -> ListSchedule {
        ListSchedule {
            full_every_s: 24 * HOUR,
            full_life_s: 96 * HOUR,
            delta_every_s: HOUR,
            delta_life_s: 4 * HOUR,
            soon_s: 60,
        }
    }

    fn scope() -> Scope {
        Scope { authority: AuthorityId::new("a").expect("a name"), generation: 1, partition: 0 }
    }

    fn at(seconds: i64) -> UtcMicros {
        UtcMicros(seconds * 1_000_000)
    }

    fn list(number: i64, base: Option<i64>, from: i64, life_s: i64) -> List {
        List {
            id: number,
            scope: scope(),
            number,
            base,
            state: ListState::Published,
            this_update: at(from),
            next_update: at(from + life_s),
            feed_seq: 0,
            entries: 0,
            octets: 0,
            sha256: Some([0; 32]),
            blob: None,
            created: at(from),
        }
    }

    fn state(full: Option<List>, delta: Option<List>) -> ScopeState {
        ScopeState { scope: scope(), partitions: 0, schedule: schedule(), full, delta }
    }

    #[test]
    fn k4_a_scope_without_a_list_needs_one_and_its_delta_needs_a_base() {
        assert!(is_due(&state(None, None), ListKind::Full, at(0)));
        assert!(!is_due(&state(None, None), ListKind::Delta, at(0)));
        assert!(is_due(&state(Some(list(1, None, 0, 96 * HOUR)), None), ListKind::Delta, at(0)));
    }

    #[test]
    fn k4_lists_are_due_at_their_pace() {
        let full = Some(list(1, None, 0, 96 * HOUR));
        let now = state(full.clone(), Some(list(2, Some(1), 0, 4 * HOUR)));
        assert!(!is_due(&now, ListKind::Full, at(24 * HOUR - 1)));
        assert!(is_due(&now, ListKind::Full, at(24 * HOUR)));
        assert!(!is_due(&now, ListKind::Delta, at(HOUR - 1)));
        assert!(is_due(&now, ListKind::Delta, at(HOUR)));
        // A new full list wants a delta on top of it at once.
        let now = state(Some(list(3, None, 10, 96 * HOUR)), Some(list(2, Some(1), 10, 4 * HOUR)));
        assert!(is_due(&now, ListKind::Delta, at(11)));
    }

    #[test]
    fn k4_a_schedule_slower_than_half_a_life_is_not_followed() {
        let mut now = state(Some(list(1, None, 0, 96 * HOUR)), None);
        now.schedule.full_every_s = 90 * HOUR;
        let due = (0..).find(|h| is_due(&now, ListKind::Full, at(h * HOUR))).expect("some time");
        assert_eq!(due, 44);
        assert_eq!(life(now.full.as_ref().expect("there"), at(due * HOUR)), Life::Good);
    }

    #[test]
    fn k4_the_alarm_rings_at_half_of_the_life() {
        let full = list(1, None, 0, 100);
        assert_eq!(life(&full, at(49)), Life::Good);
        assert_eq!(life(&full, at(50)), Life::UnderHalf);
        assert_eq!(life(&full, at(100)), Life::UnderHalf);
        assert_eq!(life(&full, at(101)), Life::Expired);
    }

    #[test]
    fn clock_set_back_this_update_never_goes_back_and_lists_go_on() {
        let mut full = list(1, None, 100 * HOUR, 96 * HOUR);
        let delta = list(2, Some(1), 101 * HOUR, 4 * HOUR);
        let times = times(&schedule(), ListKind::Full, [Some(&full), Some(&delta)], at(50 * HOUR));
        assert_eq!(times.this_update, at(101 * HOUR));
        assert_eq!(times.next_update, at(197 * HOUR));
        // Made at 50 h by a clock that was set back: due at 74 h, and not only at 124 h.
        full.created = at(50 * HOUR);
        assert!(!is_due(&state(Some(full.clone()), None), ListKind::Full, at(73 * HOUR)));
        assert!(is_due(&state(Some(full), None), ListKind::Full, at(74 * HOUR)));
    }

    #[test]
    fn fractions_of_a_second_do_not_enter_lists() {
        let times = times(&schedule(), ListKind::Delta, [None, None], UtcMicros(1_999_999));
        assert_eq!((times.this_update, times.next_update), (at(1), at(1 + 4 * HOUR)));
    }

    #[test]
    fn k4_nothing_leaves_before_it_stood_on_a_list_after_its_expiry() {
        assert_eq!(cut_off(None, at(5_000)), UtcMicros(i64::MIN));
        let previous = list(1, None, 5_000, HOUR);
        assert_eq!(cut_off(Some(&previous), at(9_000)), at(4_400));
        // A list that claims a later time than the clock shows lets nothing go early.
        assert_eq!(cut_off(Some(&previous), at(2_000)), at(1_400));
    }
}
