//! C19, C21: table tests, and random sequences of commands by anybody.

use super::*;
use crate::{
    command::Listed,
    password::KnewPassword,
    words::{AskedBy, Certificate, Channel, HolderId, HolderKind, Pays, RevocationAsk, RevokeReason},
};
use core_words::{AuthorityId, CertRef, Lang, Serial, UtcSeconds, Yen};
use kit_desk::{Capacity, NotInTable, Status, Verb};
use proptest::prelude::*;

const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);

fn facts(now: UtcMicros) -> Facts {
    Facts {
        now,
        takes: now.plus_seconds(600),
        key_until: now.plus_seconds(30 * 86_400),
        applied: Applied { terms: "2014-08-18".into(), fee: Yen(7_800), months: 36 },
        consent: "1".into(),
        due: now.plus_seconds(30 * 86_400),
        kind: HolderKind::Provider,
        balance: Yen(7_800),
        password: 1,
        unsettled: None,
        renewed: None,
    }
}

fn apply(key: KeyWay) -> Command {
    Command::Apply(Apply {
        knew: KnewPassword::for_rules(HolderId(1), 1),
        key,
        email: "office@example.jp".into(),
        lang: Lang::Ja,
        consent: Some("1".into()),
        renews: None,
    })
}

fn certificate() -> Certificate {
    let cert = CertRef {
        authority: AuthorityId::new("claims-ca").expect("a slug"),
        serial: Serial::from_magnitude(&[0x40; 20]).expect("a serial"),
    };
    Certificate { cert, not_before: UtcSeconds(0), not_after: UtcSeconds(1), issued_at: NOW }
}

fn ask() -> RevocationAsk {
    RevocationAsk {
        by: AskedBy::Provider,
        channel: Channel::Phone,
        reason: RevokeReason::Closed,
        note: String::new(),
    }
}

/// A command for each deed.
fn command(deed: Deed) -> Command {
    match deed {
        Deed::Apply => apply(KeyWay::Service),
        Deed::RegisterIssue => Command::RegisterIssue,
        Deed::RegisterPayment => Command::RegisterPayment,
        Deed::Reject => Command::Reject(Rejection::Refused("事業所番号が違います".into())),
        Deed::UndoIssue => Command::UndoIssue,
        Deed::UndoReject => Command::UndoReject,
        Deed::HandOver => Command::HandOver,
        Deed::Register => Command::Register(certificate()),
        Deed::Download => Command::Download(KnewPassword::for_rules(HolderId(1), 1)),
        Deed::EraseKey => Command::EraseKey(Erasure::Confirmed),
        Deed::RequestRevocation => Command::RequestRevocation(ask()),
        Deed::UndoRevocation => Command::UndoRevocation,
        Deed::HandOverRevocation => Command::HandOverRevocation,
        Deed::RegisterList => Command::RegisterList(Listed::in_list(7)),
        Deed::ProcessRejection => Command::ProcessRejection,
    }
}

/// What the one way does, without rows.
fn step(case: Option<&Case>, command: &Command, hat: Hat, facts: &Facts) -> Result<Decision<Cases>, String> {
    TABLE.line(case.map(Case::standing), command.deed(), hat).map_err(|no: NotInTable| format!("{no:?}"))?;
    Cases::decide(case, command, facts).map_err(|no| format!("{no:?}"))
}

fn go(case: Option<&Case>, deed: Deed, hat: Hat, now: UtcMicros) -> Result<(Case, Vec<Effect>), String> {
    step(case, &command(deed), hat, &facts_of(hat, now)).map(|decision| (decision.next, decision.effects))
}

/// Facts when somebody with this hat applies.
fn facts_of(hat: Hat, now: UtcMicros) -> Facts {
    let kind = if hat == Hat::Agent { HolderKind::Agent } else { HolderKind::Provider };
    Facts { kind, ..facts(now) }
}

/// The whole path of a key made by the service, keeping what each step led to.
fn path() -> Vec<Case> {
    let later = NOW.plus_seconds(600);
    let steps = [
        (Deed::Apply, Hat::Provider, NOW),
        (Deed::RegisterIssue, Hat::Clerk, NOW),
        (Deed::HandOver, Hat::System, later),
        (Deed::Register, Hat::System, later),
        (Deed::RequestRevocation, Hat::Clerk, later),
        (Deed::HandOverRevocation, Hat::System, later.plus_seconds(600)),
        (Deed::RegisterList, Hat::System, later.plus_seconds(700)),
    ];
    let mut all: Vec<Case> = Vec::new();
    for (deed, hat, now) in steps {
        let mut last = all.last().cloned();
        if let (Some(Case::AwaitingIssue { custody, .. }), Deed::Register) = (&mut last, deed) {
            *custody = Some(9);
        }
        let (next, _) = go(last.as_ref(), deed, hat, now).unwrap_or_else(|no| panic!("{deed:?}: {no}"));
        all.push(next);
    }
    all
}

#[test]
fn c21_the_path_of_a_certificate_leads_through_its_statuses() {
    let codes: Vec<i16> = path().iter().map(|case| case.standing().code()).collect();
    assert_eq!(codes, [1, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn c1_c10_an_agents_application_waits_for_its_fee_and_leaves_it_in_the_balance_when_undone() {
    let (waiting, effects) = go(None, Deed::Apply, Hat::Agent, NOW).expect("applied");
    assert_eq!((waiting.standing(), effects), (Standing::AwaitingPayment, vec![]));
    assert!(matches!(waiting.application().pays, Pays::Transfer { .. }));
    let (paid, effects) = go(Some(&waiting), Deed::RegisterPayment, Hat::Clerk, NOW).expect("2 → 3");
    assert_eq!(paid.standing(), Standing::IssueRequested);
    assert_eq!(effects, [Effect::Pay(Yen(7_800)), Effect::ComeBack(NOW.plus_seconds(600))]);
    let (back, effects) = go(Some(&paid), Deed::UndoIssue, Hat::Manager, NOW).expect("3 → 2");
    assert_eq!((back, effects), (waiting.clone(), vec![Effect::Unpay(Yen(7_800))]));
    let (rejecting, _) = go(Some(&waiting), Deed::Reject, Hat::Clerk, NOW).expect("2 → 9");
    assert_eq!(go(Some(&rejecting), Deed::UndoReject, Hat::Manager, NOW).expect("9 → 2").0, waiting);
}

#[test]
fn c10_a_yen_too_little_pays_for_nothing_and_an_agent_has_many_under_way() {
    let (waiting, _) = go(None, Deed::Apply, Hat::Agent, NOW).expect("applied");
    let with = |balance| {
        let facts = Facts { balance: Yen(balance), ..facts(NOW) };
        step(Some(&waiting), &Command::RegisterPayment, Hat::Clerk, &facts).map(|_| ())
    };
    assert!(with(7_799).is_err_and(|no| no.starts_with("NotPaid")));
    assert_eq!(with(7_800), Ok(()));
    let facts = Facts { unsettled: Some("C-1".into()), consent: "2".into(), ..facts_of(Hat::Agent, NOW) };
    assert!(step(None, &apply(KeyWay::Service), Hat::Agent, &facts).is_ok(), "no text, no turn to wait for");
}

#[test]
fn c19_undo_is_possible_until_the_case_is_taken_and_not_after() {
    let all = path();
    let (requested, handed) = (&all[1], &all[2]);
    let (back, _) = go(Some(requested), Deed::UndoIssue, Hat::Manager, NOW).expect("in time");
    assert_eq!(back, all[0]);
    assert_eq!(go(Some(requested), Deed::UndoIssue, Hat::Clerk, NOW), Err("NotYou".into()));
    assert_eq!(go(Some(handed), Deed::UndoIssue, Hat::Manager, NOW), Err("NotNow".into()));
    // One microsecond before its time the clock takes nothing.
    let early = NOW.plus_seconds(600).plus_micros(-1);
    assert!(
        go(Some(requested), Deed::HandOver, Hat::System, early).is_err_and(|no| no.starts_with("TooEarly"))
    );
    assert!(go(Some(requested), Deed::HandOver, Hat::System, early.plus_micros(1)).is_ok());
}

#[test]
fn c9_c21_a_rejection_is_processed_with_its_notice_or_undone() {
    let all = path();
    let (rejecting, _) = go(Some(&all[0]), Deed::Reject, Hat::Clerk, NOW).expect("1 → 9");
    assert_eq!(go(Some(&rejecting), Deed::UndoReject, Hat::Manager, NOW).expect("9 → 1").0, all[0]);
    let due = NOW.plus_seconds(600);
    let (rejected, effects) = go(Some(&rejecting), Deed::ProcessRejection, Hat::System, due).expect("9 → 10");
    assert_eq!(rejected.standing(), Standing::Rejected);
    assert_eq!(effects, [Effect::TellRejected(Rejection::Refused("事業所番号が違います".into()))]);
}

#[test]
fn c5_the_key_is_erased_once_fetched_and_confirmed_or_when_the_time_is_over() {
    let issued = &path()[3];
    let (late, key) = (NOW.plus_seconds(31 * 86_400), Effect::Erase { custody: 9 });
    let erase = |case: &Case, why, now| step(Some(case), &Command::EraseKey(why), Hat::System, &facts(now));
    assert!(erase(issued, Erasure::Confirmed, NOW).is_err_and(|no| no == "NotFetched"));
    assert!(erase(issued, Erasure::WindowOver, NOW).is_err_and(|no| no.starts_with("TooEarly")));
    let over = erase(issued, Erasure::WindowOver, late).map(|decision| decision.effects);
    assert_eq!(over, Ok(vec![key.clone()]));
    let (fetched, effects) = go(Some(issued), Deed::Download, Hat::Provider, NOW).expect("5 → 5");
    assert_eq!(effects, []);
    let Ok(confirmed) = erase(&fetched, Erasure::Confirmed, NOW) else { panic!("fetched and confirmed") };
    assert_eq!(confirmed.effects, [key]);
    assert!(
        go(Some(&confirmed.next), Deed::Download, Hat::Provider, NOW)
            .is_err_and(|no| no.starts_with("KeyErased"))
    );
}

#[test]
fn c5_a_key_that_is_still_kept_is_erased_with_the_revocation_and_guarded_again_when_that_is_undone() {
    let all = path();
    let due = NOW.plus_seconds(2_000);
    let (_, effects) = go(Some(&all[4]), Deed::HandOverRevocation, Hat::System, due).expect("6 → 7");
    assert_eq!(effects, [Effect::Erase { custody: 9 }, Effect::Revoke]);
    let (_, effects) = go(Some(&all[4]), Deed::UndoRevocation, Hat::Manager, due).expect("6 → 5");
    assert!(matches!(effects[..], [Effect::EraseAt(_)]), "{effects:?}");
}

#[test]
fn c1_an_application_needs_the_password_in_force_the_text_in_force_and_nothing_under_way() {
    let with = |change: fn(&mut Facts)| {
        let mut facts = facts(NOW);
        change(&mut facts);
        step(None, &apply(KeyWay::Service), Hat::Provider, &facts).map(|_| ())
    };
    assert_eq!(with(|_| ()), Ok(()));
    assert_eq!(with(|facts| facts.password = 2), Err("PasswordReplaced".into()));
    assert_eq!(with(|facts| facts.consent = "2".into()), Err("OtherConsent".into()));
    assert!(with(|facts| facts.unsettled = Some("C-1".into())).is_err_and(|no| no.starts_with("Unsettled")));
}

#[test]
fn c5_a_password_that_was_replaced_opens_no_download() {
    let mut facts = facts(NOW);
    facts.password = 2;
    let no = step(Some(&path()[3]), &command(Deed::Download), Hat::Provider, &facts).map(|_| ());
    assert_eq!(no, Err("PasswordReplaced".into()));
}

#[test]
fn c14_a_certificate_for_a_key_of_the_service_without_that_key_is_a_fault() {
    let no = go(Some(&path()[2]), Deed::Register, Hat::System, NOW);
    assert_eq!(no, Err("NoKey".into()));
}

#[test]
fn every_line_of_the_table_decides_for_a_status_that_the_line_names() {
    let mut cases = path();
    cases.push(go(None, Deed::Apply, Hat::Agent, NOW).expect("2").0);
    cases.push(go(Some(&cases[0]), Deed::Reject, Hat::Clerk, NOW).expect("1 → 9").0);
    if let Case::AwaitingIssue { custody, .. } = &mut cases[2] {
        *custody = Some(9);
    }
    let late = NOW.plus_seconds(40 * 86_400);
    for line in TABLE.0 {
        let case =
            line.from.map(|from| cases.iter().find(|case| case.standing() == from).expect("one of each"));
        for hat in line.by {
            match step(case, &command(line.verb), *hat, &facts_of(*hat, late)) {
                Ok(decision) => assert!(line.to.contains(&decision.next.standing()), "{line:?}"),
                Err(no) => assert_eq!((line.verb, &*no), (Deed::EraseKey, "NotFetched")),
            }
        }
    }
}

fn any_deed() -> impl Strategy<Value = Deed> {
    prop::sample::select(Deed::ALL)
}

fn any_hat() -> impl Strategy<Value = Hat> {
    prop::sample::select(Hat::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// No sequence of commands by any roles at any times leaves C21's table, and no key is forgotten: a case that left
    /// 5 for good has asked for its erasure exactly once.
    #[test]
    fn c21_no_sequence_of_commands_leaves_the_table(
        own in any::<bool>(),
        agent in any::<bool>(),
        steps in prop::collection::vec((any_deed(), any_hat(), 0i64..900), 1..60),
    ) {
        let mut case: Option<Case> = None;
        let mut now = NOW;
        let (mut erased, mut paid) = (0, 0);
        let kind = if agent { HolderKind::Agent } else { HolderKind::Provider };
        for (deed, hat, wait) in steps {
            now = now.plus_seconds(wait);
            let command = match deed {
                Deed::Apply if own => apply(KeyWay::Own(vec![1])),
                other => command(other),
            };
            if let Some(Case::AwaitingIssue { custody, .. }) = &mut case {
                *custody = (!own).then_some(9);
            }
            let from = case.as_ref().map(Case::standing);
            // Who applies says in what capacity they do, and nobody is two.
            if hat.applies() && (hat == Hat::Agent) != agent {
                continue;
            }
            let facts = Facts { kind, ..facts(now) };
            let Ok(decision) = step(case.as_ref(), &command, hat, &facts) else { continue };
            let to = decision.next.standing();
            let line = TABLE.line(from, deed, hat);
            prop_assert!(line.is_ok_and(|line| line.to.contains(&to)), "{from:?} {deed:?} {hat:?} → {to:?}");
            paid += decision.effects.iter().map(|effect| match effect {
                Effect::Pay(_) => 1,
                Effect::Unpay(_) => -1,
                _ => 0,
            }).sum::<i32>();
            prop_assert!((0..=1).contains(&paid));
            let code = to.code();
            prop_assert_eq!(paid, i32::from(agent && (3..9).contains(&code)), "paid for what is issued, and only that");
            erased += decision.effects.iter().filter(|e| matches!(e, Effect::Erase { .. })).count();
            case = Some(decision.next);
        }
        let ended = matches!(case.as_ref().map(Case::standing), Some(Standing::AwaitingRevocation | Standing::Revoked));
        prop_assert!(erased <= 1);
        if ended {
            prop_assert_eq!(erased, usize::from(!own));
        }
    }
}

#[test]
fn deeds_and_hats_have_names_in_both_languages() {
    for text in Deed::ALL.iter().flat_map(|d| [d.label(), d.done()]).chain(Hat::ALL.iter().map(|h| h.label()))
    {
        assert!(!text.ja.is_empty() && !text.en.is_empty());
    }
}

fn renewal(renewed: Option<Renewed>) -> Result<(), No> {
    let Command::Apply(apply) = apply(KeyWay::Service) else { panic!("an application") };
    let renews = core_words::CaseNumber::new('C', 2026, 7);
    let facts = Facts { renewed, ..facts(NOW) };
    let decided = Cases::decide(None, &Command::Apply(Apply { renews, ..apply }), &facts)?;
    assert_eq!(decided.next.application().renews, renews);
    Ok(())
}

#[test]
fn c22_one_renews_ones_own_issued_certificate_and_once_at_a_time() {
    let old = Renewed { holder: HolderId(1), standing: Standing::Issued, under_way: None };
    assert_eq!(renewal(Some(old.clone())), Ok(()));
    assert_eq!(renewal(None), Err(No::NotRenewable), "no such case");
    assert_eq!(renewal(Some(Renewed { holder: HolderId(2), ..old.clone() })), Err(No::NotRenewable));
    for standing in Standing::ALL.iter().filter(|standing| **standing != Standing::Issued) {
        assert_eq!(renewal(Some(Renewed { standing: *standing, ..old.clone() })), Err(No::NotRenewable));
    }
    let number = "C-2026-0000008-4".to_owned();
    let under_way = Some(number.clone());
    assert_eq!(renewal(Some(Renewed { under_way, ..old })), Err(No::Unsettled { number }));
}

proptest! {
    #[test]
    fn c22_what_is_left_is_appended_and_never_more_than_profiles_allow(
        now in 0_i64..4_000_000_000_000_000,
        left in -200 * 86_400_i64..200 * 86_400,
    ) {
        let now = UtcMicros(now);
        let last = UtcSeconds(now.whole_seconds().0 + left);
        prop_assert_eq!(begins(last, now, false), None);
        let wanted = (0..=90 * 86_400).contains(&left).then_some(UtcSeconds(last.0 + 1));
        prop_assert_eq!(begins(last, now, true), wanted);
        // Never in the past, and within the 91 days of the profiles.
        if let Some(first) = begins(last, now, true) {
            prop_assert!(first > now.whole_seconds() && first.0 <= now.whole_seconds().0 + 91 * 86_400);
        }
    }
}
