//! The statuses of a case, who may do what in each, and where it leads.

use core_words::Text;
use kit_desk::{Capacity, Line, Status, Table, Verb};

/// Where a case stands. Its number is stored and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// 1 受付済み: waits for a clerk.
    Received,
    /// 2 承認: granted.
    Accepted,
    /// 3 却下: not granted, for a reason that the applicant is told.
    Declined,
    /// 4 取下げ: the applicant took it back.
    Withdrawn,
}

/// What may be done to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// 申請.
    Apply,
    /// 承認.
    Accept,
    /// 却下.
    Decline,
    /// 取下げ.
    Withdraw,
}

/// In what capacity somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hat {
    /// 申請者.
    Applicant,
    /// 担当者.
    Clerk,
    /// The house itself: jobs and the clock. It does nothing at this desk yet.
    System,
}

/// Every transition. What is not here is refused.
pub const TABLE: Table<Standing, Deed, Hat> = {
    use {Deed::*, Hat::*, Standing::*};
    Table(&[
        line(None, Apply, &[Applicant], &[Received]),
        line(Some(Received), Accept, &[Clerk], &[Accepted]),
        line(Some(Received), Decline, &[Clerk], &[Declined]),
        line(Some(Received), Withdraw, &[Applicant], &[Withdrawn]),
    ])
};

const fn line(
    from: Option<Standing>,
    verb: Deed,
    by: &'static [Hat],
    to: &'static [Standing],
) -> Line<Standing, Deed, Hat> {
    Line { from, verb, by, to }
}

impl Status for Standing {
    const ALL: &'static [Self] = &[Self::Received, Self::Accepted, Self::Declined, Self::Withdrawn];

    fn code(self) -> i16 {
        match self {
            Self::Received => 1,
            Self::Accepted => 2,
            Self::Declined => 3,
            Self::Withdrawn => 4,
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Received => Text::new("受付済み", "Received"),
            Self::Accepted => Text::new("承認", "Accepted"),
            Self::Declined => Text::new("却下", "Declined"),
            Self::Withdrawn => Text::new("取下げ", "Withdrawn"),
        }
    }
}

impl Verb for Deed {
    const ALL: &'static [Self] = &[Self::Apply, Self::Accept, Self::Decline, Self::Withdraw];

    fn slug(self) -> &'static str {
        self.ledger_kind().split_once('.').map_or("", |(_, slug)| slug)
    }

    fn ledger_kind(self) -> &'static str {
        match self {
            Self::Apply => "newdesk.apply",
            Self::Accept => "newdesk.accept",
            Self::Decline => "newdesk.decline",
            Self::Withdraw => "newdesk.withdraw",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Apply => Text::new("申請する", "Apply"),
            Self::Accept => Text::new("承認する", "Accept"),
            Self::Decline => Text::new("却下する", "Decline"),
            Self::Withdraw => Text::new("取り下げる", "Withdraw"),
        }
    }

    fn done(self) -> Text {
        match self {
            Self::Apply => Text::new("申請しました", "Applied"),
            Self::Accept => Text::new("承認しました", "Accepted the application"),
            Self::Decline => Text::new("却下しました", "Declined the application"),
            Self::Withdraw => Text::new("取り下げました", "Withdrew the application"),
        }
    }
}

impl Capacity for Hat {
    const ALL: &'static [Self] = &[Self::Applicant, Self::Clerk, Self::System];
    const SYSTEM: Self = Self::System;

    fn slug(self) -> &'static str {
        match self {
            Self::Applicant => "newdesk.applicant",
            Self::Clerk => "newdesk.clerk",
            Self::System => "system",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Applicant => Text::new("申請者", "Applicant"),
            Self::Clerk => Text::new("担当者", "Clerk"),
            Self::System => Text::new("システム", "System"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The transitions as the requirement states them, typed in anew: from, to.
    const WANTED: &[(i16, i16)] = &[(1, 2), (1, 3), (1, 4)];

    #[test]
    fn the_table_has_every_transition_and_no_other() {
        let from_to = |line: &Line<Standing, Deed, Hat>| {
            let from = line.from.map(Status::code);
            line.to.iter().filter_map(move |to| Some((from?, to.code()))).collect::<Vec<_>>()
        };
        let drawn: BTreeSet<(i16, i16)> = TABLE.0.iter().flat_map(from_to).collect();
        assert_eq!(drawn, WANTED.iter().copied().collect());
    }

    #[test]
    fn names_are_unique_and_find_what_they_name() {
        for status in Standing::ALL {
            assert_eq!(Standing::of_slug(status.slug()), Some(*status));
            assert_eq!(Standing::of_code(status.code()), Some(*status));
        }
        for deed in Deed::ALL {
            assert_eq!(Deed::of_slug(deed.slug()), Some(*deed));
        }
        for hat in Hat::ALL {
            assert_eq!(Hat::of_slug(hat.slug()), Some(*hat));
        }
    }
}
