//! Validity at its boundaries: both ends are inside, days are days of Japan.

use crate::support::*;
use core_crypto::KeyAlg;
use core_words::UtcSeconds;
use core_x509::explain::Explain;
use core_x509::lint::lint_tbs;
use core_x509::plan::{EndWish, Plan, PlanRefused, ValidityProblem, ValidityWish};
use core_x509::profile::Profile;
use core_x509::time::{DAY, NO_END, Period};
use kit_keys::Provider;
use kit_keys::testing::key;

fn order(profile: &Profile, not_before: Option<UtcSeconds>, end: EndWish) -> Result<Plan, PlanRefused> {
    let mut order = usual_order(profile);
    order.validity = ValidityWish { not_before, end };
    plan_own(profile, &issuer(KeyAlg::P256), key(KeyAlg::P256, 1).public_spki(), &order)
}

fn problem(result: Result<Plan, PlanRefused>) -> ValidityProblem {
    match result.expect_err("must be refused") {
        PlanRefused::Validity(problem) => problem,
        other => panic!("{other}"),
    }
}

/// Incident: certificates of exactly the maximum plus one second, because notAfter − notBefore was compared
/// with the limit although both ends are inside the validity.
#[test]
fn incident_one_second_too_much_validity() {
    let profile = changed("tls-server", "backdate = \"5 minutes\"\n", "");
    let start = now();
    let last = start.plus(397 * DAY - 1);
    let plan = order(&profile, None, EndWish::At(last)).expect("exactly the maximum");
    assert_eq!((plan.not_before(), plan.not_after()), (start, last));
    assert_eq!(problem(order(&profile, None, EndWish::At(last.plus(1)))), ValidityProblem::TooLong);
    // A period is one second shorter than the distance of its ends.
    let plan = order(&profile, None, EndWish::After(Period::Days(397))).expect("exactly the maximum");
    assert_eq!(plan.not_after(), last);

    // The lint sees it in the octets, whatever the planner believed.
    let longer = changed("tls-server", "max = \"397 days\"", "max = \"398 days\"");
    let plan = order(&longer, Some(now()), EndWish::At(last.plus(1))).expect("within 398 days");
    let findings = lint_tbs(plan.tbs(), &profile, &issuer(KeyAlg::P256), &Provider);
    assert_eq!(findings.iter().map(|f| f.id).collect::<Vec<_>>(), ["validity_too_long"]);
}

/// K2 and the claims desk: three years end at 23:59:59 in Japan on the day before the anniversary.
#[test]
fn calendar_years_end_with_a_day_of_japan() {
    let profile = builtin("claims-provider");
    let plan = order(&profile, None, EndWish::Profile).expect("a plan");
    assert_eq!(plan.not_before(), now());
    assert_eq!(plan.not_after(), at(2029, 11, 3, 86_399));
    assert_eq!(plan.not_after().0.rem_euclid(DAY), 14 * 3_600 + 59 * 60 + 59);

    // Wished for by day: any last second of a day up to that one, and no other second.
    let wish = |end| order(&profile, None, EndWish::At(end));
    assert!(wish(at(2028, 3, 31, 86_399)).is_ok());
    assert_eq!(problem(wish(at(2028, 3, 31, 86_398))), ValidityProblem::NotDayEnd);
    assert!(wish(at(2029, 11, 3, 86_399)).is_ok());
    assert_eq!(problem(wish(at(2029, 11, 4, 86_399))), ValidityProblem::TooLong);
}

/// A renewal follows the old certificate: it begins with the second after its end.
#[test]
fn renewals_begin_where_the_old_certificate_ends() {
    let profile = builtin("claims-provider");
    let start = at(2027, 2, 1, 0);
    let plan = order(&profile, Some(start), EndWish::Profile).expect("89 days ahead");
    assert_eq!((plan.not_before(), plan.not_after()), (start, at(2030, 1, 31, 86_399)));
    let last = now().plus(91 * DAY);
    assert!(order(&profile, Some(last), EndWish::Profile).is_ok());
    assert_eq!(problem(order(&profile, Some(last.plus(1)), EndWish::Profile)), ValidityProblem::TooLate);
    assert_eq!(problem(order(&profile, Some(now().plus(-1)), EndWish::Profile)), ValidityProblem::TooEarly);
}

#[test]
fn the_issuers_end_is_never_passed() {
    let mut ends_soon = issuer(KeyAlg::P256);
    ends_soon.not_after = at(2027, 6, 30, 86_399);
    let spki = key(KeyAlg::P256, 1);
    let refuse = builtin("claims-provider");
    let error =
        plan_own(&refuse, &ends_soon, spki.public_spki(), &usual_order(&refuse)).expect_err("refused");
    assert_eq!(error, PlanRefused::IssuerEnds { issuer_ends: ends_soon.not_after });
    assert!(error.explain().en.contains("2027-06-30T14:59:59Z"));

    let cut = changed("claims-provider", "future = \"91 days\"\n\n[key]", "at_issuer_end = \"cut\"\n\n[key]");
    let plan = plan_own(&cut, &ends_soon, spki.public_spki(), &usual_order(&cut)).expect("cut");
    assert_eq!(plan.not_after(), ends_soon.not_after);
    sign(plan, &cut, &ends_soon, &issuer_key(KeyAlg::P256));

    ends_soon.not_after = now().plus(-1);
    let error = plan_own(&cut, &ends_soon, spki.public_spki(), &usual_order(&cut)).expect_err("over");
    assert_eq!(error.code(), "authority.issuer_ends_first");
    ends_soon.not_after = at(2036, 1, 1, 0);
    ends_soon.not_before = now().plus(1);
    let error = plan_own(&cut, &ends_soon, spki.public_spki(), &usual_order(&cut)).expect_err("not yet");
    assert_eq!(error, PlanRefused::Validity(ValidityProblem::TooEarly));
}

#[test]
fn clocks_that_lag_are_given_five_minutes_but_not_before_the_issuer() {
    let profile = builtin("tls-server");
    let plan = order(&profile, None, EndWish::Profile).expect("a plan");
    assert_eq!(plan.not_before(), now().plus(-300));
    let mut young = issuer(KeyAlg::P256);
    young.not_before = now().plus(-10);
    let plan = plan_own(&profile, &young, key(KeyAlg::P256, 1).public_spki(), &usual_order(&profile))
        .expect("a plan");
    assert_eq!(plan.not_before(), young.not_before);
}

#[test]
fn ends_before_the_beginning_and_times_that_cannot_be_said_are_refused() {
    let profile = changed("tls-server", "max = \"397 days\"", "max = \"9000 years\"");
    assert_eq!(problem(order(&profile, None, EndWish::At(now().plus(-1_000)))), ValidityProblem::Over);
    assert_eq!(problem(order(&profile, None, EndWish::At(now().plus(-1)))), ValidityProblem::Over);
    let mut forever = issuer(KeyAlg::P256);
    forever.not_after = UtcSeconds(i64::MAX);
    let mut order = usual_order(&profile);
    for (end, ok) in [(NO_END, true), (NO_END.plus(1), false)] {
        order.validity.end = EndWish::At(end);
        let plan = plan_own(&profile, &forever, key(KeyAlg::P256, 1).public_spki(), &order);
        assert_eq!(plan.is_ok(), ok);
        if let Err(error) = plan {
            assert_eq!(error, PlanRefused::Validity(ValidityProblem::Unsayable));
        }
    }
}

/// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
#[test]
fn the_form_of_times_changes_with_2050() {
    let profile = changed("tls-server", "max = \"397 days\"", "max = \"30 years\"");
    let mut long = issuer(KeyAlg::P256);
    long.not_after = at(2060, 1, 1, 0);
    let mut order = usual_order(&profile);
    let turn = at(2050, 1, 1, 9 * 3_600);
    for (end, form) in [(turn.plus(-1), &b"\x17\x0d491231235959Z"[..]), (turn, b"\x18\x0f20500101000000Z")] {
        order.validity.end = EndWish::At(end);
        let plan = plan_own(&profile, &long, key(KeyAlg::P256, 1).public_spki(), &order).expect("a plan");
        assert!(plan.tbs().windows(form.len()).any(|w| w == form), "{form:?}");
        sign(plan, &profile, &long, &issuer_key(KeyAlg::P256));
    }
}
