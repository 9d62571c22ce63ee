//! The end of a certificate: how early its holder is told, and how long a case is kept after it (C12, C13).

use core_words::{UtcMicros, UtcSeconds};
use kit_web::dates::Day;
use std::{fmt, str::FromStr};

/// What a federation sets for the end of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How many days ahead holders are told.
    pub lead: Lead,
    /// For how many days a case is kept after its certificate was revoked or has ended, before it may be deleted.
    pub keep_days: u32,
}

impl Default for Ending {
    /// 90 days ahead, and a year after.
    fn default() -> Self {
        Self { lead: Lead::default(), keep_days: 365 }
    }
}

/// So many days before the last day of a certificate its holder is told, once for each: at most eight, each from 1 to 366.
/// Written `90, 30, 7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead(Vec<u16>);

/// The most days in a [`Lead`].
const MOST: usize = 8;

/// Not the days of a [`Lead`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one to eight whole numbers from 1 to 366, such as 90, 30, 7")]
pub struct BadLead;

impl Lead {
    /// Of these days, in whatever order.
    ///
    /// # Errors
    /// None, too many, or days out of range.
    pub fn new(days: impl IntoIterator<Item = u16>) -> Result<Self, BadLead> {
        let mut days: Vec<u16> = days.into_iter().collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let fits = (1..=MOST).contains(&days.len()) && days.iter().all(|day| (1..=366).contains(day));
        if fits { Ok(Self(days)) } else { Err(BadLead) }
    }

    /// The longest.
    pub fn longest(&self) -> u16 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Which notice is due at `now` to the holder of a certificate whose last second is `last`, where the latest one
    /// given was `told` days ahead (C12).
    ///
    /// Days are days of Japan: 90 days ahead begins with the first microsecond of the day 90 days before the last day.
    /// Of several that were missed while nothing ran, the latest alone is due. After the last second none is.
    pub fn due(&self, last: UtcSeconds, now: UtcMicros, told: Option<u16>) -> Option<u16> {
        if now.whole_seconds() > last {
            return None;
        }
        let left = days_left(last, now);
        let due = self.0.iter().copied().filter(|days| left <= i64::from(*days)).min()?;
        told.is_none_or(|told| told > due).then_some(due)
    }

    /// The last second of the last certificates that a notice is due for at `now`.
    pub fn horizon(&self, now: UtcMicros) -> UtcSeconds {
        within(now, self.longest())
    }
}

/// Days of Japan from today to the last day of a certificate; less than nothing after it.
pub fn days_left(last: UtcSeconds, now: UtcMicros) -> i64 {
    Day::of(last.micros()).days_since(Day::of(now))
}

/// The last second of the day in Japan that is so many days after `now`.
pub fn within(now: UtcMicros, days: u16) -> UtcSeconds {
    Day::of(now.plus_seconds(i64::from(days) * 86_400)).ends().whole_seconds()
}

impl Default for Lead {
    fn default() -> Self {
        Self(vec![90])
    }
}

impl FromStr for Lead {
    type Err = BadLead;

    fn from_str(text: &str) -> Result<Self, BadLead> {
        let days: Result<Vec<u16>, _> = text.split(',').map(|day| day.trim().parse()).collect();
        Self::new(days.map_err(|_| BadLead)?)
    }
}

impl fmt::Display for Lead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<String> = self.0.iter().map(u16::to_string).collect();
        f.write_str(&days.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2029-11-20T12:00:00+09:00.
    const LAST: UtcSeconds = UtcSeconds(1_889_838_000);

    fn lead(days: &[u16]) -> Lead {
        Lead::new(days.iter().copied()).expect("good days")
    }

    #[test]
    fn c12_a_notice_is_due_from_the_first_microsecond_of_its_day_to_the_last_second_of_the_certificate() {
        let lead = lead(&[7, 90, 30]);
        let day = Day::of(LAST.micros());
        assert_eq!(day.to_string(), "2029-11-20");
        let ahead = |days: i64| UtcMicros(day.begins().0 - days * 86_400_000_000);
        let due = |now| lead.due(LAST, now, None);
        assert_eq!((due(ahead(90).plus_micros(-1)), due(ahead(90))), (None, Some(90)));
        assert_eq!((due(ahead(30).plus_micros(-1)), due(ahead(30))), (Some(90), Some(30)));
        assert_eq!((due(ahead(7).plus_micros(-1)), due(ahead(7))), (Some(30), Some(7)));
        // The last second is one of its life, to its last microsecond.
        assert_eq!(due(LAST.micros().plus_micros(999_999)), Some(7));
        assert_eq!(due(LAST.micros().plus_micros(1_000_000)), None);
        // Once for each, and never one that came before another.
        assert_eq!(lead.due(LAST, ahead(30), Some(90)), Some(30));
        assert_eq!(lead.due(LAST, ahead(30), Some(30)), None);
        assert_eq!(lead.due(LAST, ahead(60), Some(30)), None);
    }

    #[test]
    fn c12_leads_are_read_as_they_are_written() {
        assert_eq!("7, 90,30".parse::<Lead>().map(|lead| lead.to_string()), Ok("90, 30, 7".to_owned()));
        assert_eq!(Lead::default().to_string(), "90");
        for bad in ["", "0", "367", "90;30", "-1", "x", "1,2,3,4,5,6,7,8,9"] {
            assert_eq!(bad.parse::<Lead>(), Err(BadLead), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn c12_every_lead_is_given_once_whatever_days_are_missed(
            days in proptest::collection::btree_set(1_u16..=366, 1..=8),
            mut runs in proptest::collection::vec(0_i64..400 * 86_400_000_000, 1..60),
        ) {
            let lead = Lead::new(days.iter().copied()).expect("good days");
            runs.sort_unstable();
            let (mut told, mut given) = (None, Vec::new());
            for before in runs.iter().rev() {
                let now = LAST.micros().plus_micros(-before);
                if let Some(step) = lead.due(LAST, now, told) {
                    prop_assert!(days_left(LAST, now) <= i64::from(step));
                    // No shorter one is due already: the latest alone is given.
                    prop_assert!(days.iter().all(|day| *day >= step || days_left(LAST, now) > i64::from(*day)));
                    told = Some(step);
                    given.push(step);
                }
                prop_assert_eq!(lead.due(LAST, now, told), None, "twice on one day");
                prop_assert!(lead.due(LAST, now, None).is_none() || LAST <= lead.horizon(now));
            }
            prop_assert!(given.windows(2).all(|two| two[0] > two[1]));
        }
    }
}
