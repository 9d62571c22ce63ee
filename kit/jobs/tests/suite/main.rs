//! Jobs on both databases: queue, run, retry, give up, race, survive (K10).

mod clocks;
mod crash;
mod queue;
mod race;
mod retry;
mod schedules;
mod stop;
mod support;
