//! The rules of the desk: what a command makes of a case. Pure and total; the table was asked before.

use crate::{
    case::Case,
    cases::Cases,
    command::Command,
    no::No,
    status::{Deed, Hat, Standing, TABLE},
    words::Application,
};
use core_words::UtcMicros;
use kit_desk::{Decision, Flow, Table};
use std::convert::Infallible;

/// What deciding needs to know beside the case.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The time of the deed.
    pub now: UtcMicros,
}

impl Flow for Cases {
    const DESK: &'static str = "newdesk";
    type Status = Standing;
    type Verb = Deed;
    type Capacity = Hat;
    type Case = Case;
    type Command = Command;
    type Facts = Facts;
    /// Nothing follows from a decision at this desk yet: no job, no notice, no mail.
    type Effect = Infallible;
    type No = No;

    const TABLE: Table<Standing, Deed, Hat> = TABLE;

    fn status(case: &Case) -> Standing {
        case.standing()
    }

    fn verb(command: &Command) -> Deed {
        command.deed()
    }

    fn remark(command: &Command) -> Option<String> {
        match command {
            Command::Decline(reason) => Some(reason.as_str().to_owned()),
            _ => None,
        }
    }

    fn decide(case: Option<&Case>, command: &Command, facts: &Facts) -> Result<Decision<Self>, No> {
        let at = facts.now;
        match (case, command) {
            (None, Command::Apply(wish)) => to(Case::Received(Application { wish: wish.clone(), at })),
            (Some(Case::Received(application)), Command::Accept) => {
                to(Case::Accepted { application: application.clone(), at })
            }
            (Some(Case::Received(application)), Command::Decline(reason)) => {
                to(Case::Declined { application: application.clone(), at, reason: reason.clone() })
            }
            (Some(Case::Received(application)), Command::Withdraw) => {
                to(Case::Withdrawn { application: application.clone(), at })
            }
            // The table has refused these already; whoever asks without it is refused as well.
            _ => Err(No::NotInTable),
        }
    }
}

fn to(next: Case) -> Result<Decision<Cases>, No> {
    Ok(Decision { next, effects: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Sentence;
    use kit_desk::{Capacity, Verb};
    use proptest::prelude::*;

    const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);

    fn command(deed: Deed) -> Command {
        let sentence = || Sentence::new("理由").expect("a sentence");
        match deed {
            Deed::Apply => Command::Apply(sentence()),
            Deed::Accept => Command::Accept,
            Deed::Decline => Command::Decline(sentence()),
            Deed::Withdraw => Command::Withdraw,
        }
    }

    /// What the one way does, without rows.
    fn step(case: Option<&Case>, deed: Deed, hat: Hat, now: UtcMicros) -> Option<Case> {
        TABLE.line(case.map(Case::standing), deed, hat).ok()?;
        Cases::decide(case, &command(deed), &Facts { now }).ok().map(|decision| decision.next)
    }

    #[test]
    fn every_line_of_the_table_decides_for_a_status_that_the_line_names() {
        for line in TABLE.0 {
            let before = line.from.map(|_| step(None, Deed::Apply, Hat::Applicant, NOW).expect("an application"));
            assert_eq!(before.as_ref().map(Case::standing), line.from, "build the case that {line:?} leaves");
            for hat in line.by {
                let next = step(before.as_ref(), line.verb, *hat, NOW).expect("the line decides");
                assert!(line.to.contains(&next.standing()), "{line:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// No sequence of commands by anybody at any time leaves the table: the rules alone, without the table before
        /// them, allow nothing that the table has for nobody; and what was asked for never changes.
        #[test]
        fn no_sequence_of_commands_leaves_the_table(
            steps in prop::collection::vec(
                (prop::sample::select(Deed::ALL), prop::sample::select(Hat::ALL), 0i64..900),
                1..30,
            ),
        ) {
            let (mut case, mut now): (Option<Case>, _) = (None, NOW);
            for (deed, hat, wait) in steps {
                now = now.plus_seconds(wait);
                let from = case.as_ref().map(Case::standing);
                let Ok(decision) = Cases::decide(case.as_ref(), &command(deed), &Facts { now }) else { continue };
                let to = decision.next.standing();
                let mut lines = TABLE.0.iter().filter(|line| line.from == from && line.verb == deed);
                prop_assert!(lines.any(|line| line.to.contains(&to)), "{:?} {:?} → {:?}", from, deed, to);
                if TABLE.line(from, deed, hat).is_err() {
                    continue;
                }
                if let Some(case) = &case {
                    prop_assert_eq!(case.application(), decision.next.application());
                }
                case = Some(decision.next);
            }
        }
    }

    #[test]
    fn deeds_and_hats_have_names_in_both_languages() {
        let deeds = Deed::ALL.iter().flat_map(|deed| [deed.label(), deed.done()]);
        for text in deeds.chain(Hat::ALL.iter().map(|hat| hat.label())) {
            assert!(!text.ja.is_empty() && !text.en.is_empty());
        }
    }
}
