//! How long, and within what.

use super::target::{Target, Verdict, holds, must};
use crate::plan::ends_day;
use crate::profile::{Ends, Kind, ValidityRule};
use crate::time;

/// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
pub(super) fn time_forms(t: &Target<'_>) -> Verdict {
    must(t.tbs.time_forms_fit, "a time is not in the form of its year")
}

/// RFC 5280 §4.1.2.5: the period from notBefore through notAfter.
pub(super) fn order(t: &Target<'_>) -> Verdict {
    must(t.tbs.not_before <= t.tbs.not_after, "notAfter is before notBefore")
}

/// The validity is as long as the profile allows at most, both ends counted: notAfter − notBefore + 1 s.
///
/// Which of the dated rules holds is decided by notBefore or, for certificates that begin in the past or the
/// future, by any rule under which they could have been ordered; so a limit is broken only where all are.
pub(super) fn too_long(t: &Target<'_>) -> Verdict {
    holds(rules(t).any(|rule| rule.allows(t.tbs.not_before, t.tbs.not_after)), || {
        format!(
            "from {} through {} is longer than the profile allows",
            time::show(t.tbs.not_before),
            time::show(t.tbs.not_after)
        )
    })
}

/// The profile: certificates end with a day of Japan.
pub(super) fn day_end(t: &Target<'_>) -> Verdict {
    let exact = rules(t).any(|rule| rule.ends == Ends::Exact);
    // Cut to the issuer's end, a certificate ends when that does.
    let cut = t.tbs.not_after == t.issuer.not_after;
    holds(exact || cut || ends_day(t.tbs.not_after), || {
        format!("notAfter {} is not 23:59:59 in Japan", time::show(t.tbs.not_after))
    })
}

/// A certificate that outlives its issuer's cannot be validated to its end (RFC 5280 §6.1.3 (a)(2)).
pub(super) fn ends_within_issuer(t: &Target<'_>) -> Verdict {
    holds(t.is_root() || t.tbs.not_after <= t.issuer.not_after, || {
        format!("notAfter is after the issuer's, {}", time::show(t.issuer.not_after))
    })
}

/// As above for the beginning; link certificates begin with the key they certify (RFC 9810 §4.4).
pub(super) fn begins_within_issuer(t: &Target<'_>) -> Verdict {
    let free = t.is_root() || t.profile.kind == Kind::Link;
    holds(free || t.tbs.not_before >= t.issuer.not_before, || {
        format!("notBefore is before the issuer's, {}", time::show(t.issuer.not_before))
    })
}

/// The rules under which this certificate may have been ordered: that of the day of its notBefore, and those
/// of the days from which its notBefore could be reached.
fn rules<'t>(t: &'t Target<'_>) -> impl Iterator<Item = &'t ValidityRule> {
    let begin = t.tbs.not_before;
    let at_begin = t.profile.validity_at(begin);
    let first = t.profile.validity_at(at_begin.future.before(begin));
    let last = t.profile.validity_at(at_begin.past.after(begin.plus(at_begin.backdate)));
    let (from, to) = (position(t, first), position(t, last));
    t.profile.validity[from..=to.max(from)].iter()
}

fn position(t: &Target<'_>, rule: &ValidityRule) -> usize {
    t.profile.validity.iter().position(|r| std::ptr::eq(r, rule)).unwrap_or(0)
}
