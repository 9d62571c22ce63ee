//! The states of a job and the table of what leads from one to the next.

/// Where a job stands. The numbers are stored and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JobState {
    /// 1: waits for its time and for a worker.
    Waiting,
    /// 2: a worker holds its lease.
    Running,
    /// 3: its effect has happened.
    Done,
    /// 4: failed for good or too often; somebody must look.
    GivenUp,
}

/// What happens to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A worker takes it.
    Claim,
    /// Its effect is committed.
    Finish,
    /// It failed and may be tried again.
    Fail,
    /// It failed for good, or too often.
    GiveUp,
    /// Its worker is gone: the lease ran out, or the worker gave it back when it stopped.
    Release,
    /// Somebody presses the button, or its schedule comes round again.
    Rerun,
}

/// Every change there is: state, event, next state.
pub const TRANSITIONS: &[(JobState, Event, JobState)] = &[
    (JobState::Waiting, Event::Claim, JobState::Running),
    (JobState::Running, Event::Finish, JobState::Done),
    (JobState::Running, Event::Fail, JobState::Waiting),
    (JobState::Running, Event::GiveUp, JobState::GivenUp),
    (JobState::Running, Event::Release, JobState::Waiting),
    (JobState::GivenUp, Event::Rerun, JobState::Waiting),
];

impl JobState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::GivenUp];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Waiting => 1,
            Self::Running => 2,
            Self::Done => 3,
            Self::GivenUp => 4,
        }
    }

    /// The state with this number.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// A name for metrics and pages: `given_up`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::GivenUp => "given_up",
        }
    }
}

impl Event {
    /// The state an event leaves and the one it leads to. Each event leaves exactly one state.
    pub(crate) fn step(self) -> (JobState, JobState) {
        let &(from, _, to) = TRANSITIONS
            .iter()
            .find(|(_, event, _)| *event == self)
            .expect("every event has a line in the table, see the test below");
        (from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_each_event_has_one_line_and_each_state_its_number() {
        use Event::*;
        for event in [Claim, Finish, Fail, GiveUp, Release, Rerun] {
            assert_eq!(TRANSITIONS.iter().filter(|(_, e, _)| *e == event).count(), 1, "{event:?}");
            let _ = event.step();
        }
        for state in JobState::ALL {
            assert_eq!(JobState::from_code(state.code()), Some(state));
        }
        assert_eq!(JobState::from_code(0), None);
        // What is done stays done: nothing leaves that state.
        assert!(TRANSITIONS.iter().all(|(from, ..)| *from != JobState::Done));
    }
}
