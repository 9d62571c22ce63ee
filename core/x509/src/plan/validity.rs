//! The validity of a certificate: the wish, the profile, the issuer's own end.

use super::input::{EndWish, ValidityWish};
use super::refused::{PlanRefused, ValidityProblem};
use crate::issuer::IssuerInfo;
use crate::profile::{AtIssuerEnd, Ends, Kind, Profile, ValidityRule};
use crate::time::{DAY, Day};
use core_words::UtcSeconds;

/// First and last second, both inside (RFC 5280 §4.1.2.5).
pub(super) fn decide(
    profile: &Profile,
    issuer: &IssuerInfo,
    wish: &ValidityWish,
    now: UtcSeconds,
) -> Result<(UtcSeconds, UtcSeconds), PlanRefused> {
    let rule = profile.validity_at(now);
    let not_before = begin(profile, rule, issuer, wish, now)?;
    let mut not_after = end(rule, wish, not_before)?;
    // A root is its own issuer, and limited by its profile alone.
    if profile.kind != Kind::Root && not_after > issuer.not_after {
        match rule.at_issuer_end {
            AtIssuerEnd::Refuse => return Err(PlanRefused::IssuerEnds { issuer_ends: issuer.not_after }),
            AtIssuerEnd::Cut => not_after = issuer.not_after,
        }
    }
    if not_after < not_before || not_after < now {
        // Of an issuer that has ended nothing is left to cut to.
        return Err(match profile.kind != Kind::Root && issuer.not_after < now {
            true => PlanRefused::IssuerEnds { issuer_ends: issuer.not_after },
            false => PlanRefused::Validity(ValidityProblem::Over),
        });
    }
    Ok((not_before, not_after))
}

fn begin(
    profile: &Profile,
    rule: &ValidityRule,
    issuer: &IssuerInfo,
    wish: &ValidityWish,
    now: UtcSeconds,
) -> Result<UtcSeconds, PlanRefused> {
    let usual = now.plus(-rule.backdate);
    // A link certificate begins with the key it certifies, which may be older than the one that signs.
    let bound_to_issuer = !matches!(profile.kind, Kind::Root | Kind::Link);
    if bound_to_issuer && now < issuer.not_before {
        return Err(PlanRefused::Validity(ValidityProblem::TooEarly));
    }
    let Some(wished) = wish.not_before else {
        return Ok(if bound_to_issuer { usual.max(issuer.not_before) } else { usual });
    };
    if wished < rule.past.before(usual) || (bound_to_issuer && wished < issuer.not_before) {
        return Err(PlanRefused::Validity(ValidityProblem::TooEarly));
    }
    if wished > rule.future.after(now) {
        return Err(PlanRefused::Validity(ValidityProblem::TooLate));
    }
    Ok(wished)
}

fn end(rule: &ValidityRule, wish: &ValidityWish, not_before: UtcSeconds) -> Result<UtcSeconds, PlanRefused> {
    let not_after = match wish.end {
        EndWish::Profile => rule.end(not_before, rule.period),
        EndWish::After(period) => rule.end(not_before, period),
        EndWish::At(time) if rule.ends == Ends::DayTokyo && !ends_day(time) => {
            return Err(PlanRefused::Validity(ValidityProblem::NotDayEnd));
        }
        EndWish::At(time) => time,
    };
    if rule.allows(not_before, not_after) {
        Ok(not_after)
    } else {
        Err(PlanRefused::Validity(ValidityProblem::TooLong))
    }
}

/// Whether this is the last second of a day in Tokyo.
pub(crate) fn ends_day(time: UtcSeconds) -> bool {
    Day::of_tokyo(time).starts_tokyo().plus(DAY - 1) == time
}
