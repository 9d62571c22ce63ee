//! The one way with rows, on both databases.

use super::*;
use crate::{COMPONENT, Parts, status::Standing};
use core_words::{Actor, OperatorId};
use kit_clock::ManualClock;
use kit_keys::Provider;
use kit_desk::Verb;
use kit_store::{Component, Db, testing::both_with};
use std::sync::Arc;

const START: UtcMicros = UtcMicros(1_790_000_000_000_000);
pub(crate) const TABLES: &[Component] =
    &[kit_ledger::COMPONENT, kit_jobs::COMPONENT, kit_gate::COMPONENT, kit_desk::COMPONENT, COMPONENT];

fn operator(name: &str) -> OperatorId {
    OperatorId::new(name).expect("a slug")
}

/// The desk on a database.
pub(crate) fn desk(db: &Db) -> NewDesk {
    NewDesk::new(Parts {
        db: db.clone(),
        clock: Arc::new(ManualClock::at(START)),
        dice: Arc::new(Provider),
        digest: Arc::new(Provider),
        operator: operator("tokyo"),
    })
}

fn doer(hat: Hat) -> Doer<Hat> {
    Doer { capacity: hat, actor: Actor::staff(7), account: Some(7) }
}

fn sentence(text: &str) -> Sentence {
    Sentence::new(text).expect("a sentence")
}

fn scope(name: &str) -> Scope {
    Scope::of_the_house(operator(name))
}

#[test]
fn a_case_comes_back_from_its_row_as_it_was_stored_in_every_status() {
    both_with(TABLES, async |db| {
        let desk = desk(&db);
        for (command, hat, standing) in [
            (Command::Accept, Hat::Clerk, Standing::Accepted),
            (Command::Decline(sentence("対象外です。")), Hat::Clerk, Standing::Declined),
            (Command::Withdraw, Hat::Applicant, Standing::Withdrawn),
        ] {
            let new = desk.apply(sentence("お願いします。"), doer(Hat::Applicant)).await.expect("taken");
            let number = CaseNumber::parse(&new.number).expect("a number");
            let read = desk.case(scope("tokyo"), number, hat).await.expect("there");
            assert_eq!(read.case, new);
            assert!(read.possible.contains(&command.deed()));
            let deed = command.deed();
            let done = desk.act(scope("tokyo"), number, Some(1), command, doer(hat)).await.expect("done");
            let read = desk.case(scope("tokyo"), number, hat).await.expect("there");
            assert_eq!((read.case.case.standing(), read.case.version), (standing, 2));
            assert_eq!((&read.case, read.possible.len()), (&done, 0));
            let verbs: Vec<_> = read.events.iter().map(|event| Deed::of_slug(&event.verb)).collect();
            assert_eq!(verbs, [Some(Deed::Apply), Some(deed)]);
        }
    });
}

#[test]
fn of_two_who_act_on_one_case_the_second_is_told_and_nobody_elses_case_is_seen() {
    both_with(TABLES, async |db| {
        let desk = desk(&db);
        let new = desk.apply(sentence("お願いします。"), doer(Hat::Applicant)).await.expect("taken");
        let number = CaseNumber::parse(&new.number).expect("a number");
        let act = async |seen, command, hat| {
            let done = desk.act(scope("tokyo"), number, seen, command, doer(hat)).await;
            done.map(|case| case.version).map_err(|refusal| refusal.code)
        };
        assert_eq!(act(Some(1), Command::Accept, Hat::Applicant).await, Err("newdesk.not_you"));
        assert_eq!(act(Some(1), Command::Accept, Hat::Clerk).await, Ok(2));
        assert_eq!(act(Some(1), Command::Withdraw, Hat::Applicant).await, Err("newdesk.overtaken"));
        assert_eq!(act(None, Command::Withdraw, Hat::Applicant).await, Err("newdesk.overtaken"));
        let hidden = desk.case(scope("osaka"), number, Hat::Clerk).await.map(|_| ());
        assert_eq!(hidden.map_err(|refusal| refusal.code), Err("newdesk.no_case"));
    });
}
