//! A run of named steps and the table of how long each took.

use anyhow::Result;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What a step belongs to; each part has a budget on a cold machine with two cores.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Setup,
    Lints,
    Build,
    Tests,
}

impl Part {
    const ALL: [Self; 4] = [Self::Setup, Self::Lints, Self::Build, Self::Tests];

    fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Lints => "lints",
            Self::Build => "build",
            Self::Tests => "tests",
        }
    }

    /// Cold, on two cores.
    fn budget(self) -> Duration {
        Duration::from_secs(
            60 * match self {
                Self::Setup => 6,
                Self::Lints => 3,
                Self::Build => 15,
                Self::Tests => 20,
            },
        )
    }
}

enum Outcome {
    Passed,
    Failed(String),
    /// Not tried, because this step before it failed.
    Skipped(&'static str),
}

struct Step {
    part: Part,
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

/// Steps as they were run.
pub(crate) struct Steps {
    only: Vec<String>,
    done: Vec<Step>,
}

impl Steps {
    /// A run of the steps named in `only`, or of all when it is empty.
    pub(crate) fn new(only: &[String]) -> Self {
        Self { only: only.to_vec(), done: Vec::new() }
    }

    /// Runs a step unless one of `after` failed or was skipped; a failure is kept and the run goes on.
    pub(crate) fn run<T>(
        &mut self,
        part: Part,
        name: &'static str,
        after: &[&'static str],
        work: impl FnOnce() -> Result<T>,
    ) -> Option<T> {
        if !self.only.is_empty() && !self.only.iter().any(|wanted| wanted == name) {
            return None;
        }
        if let Some(broken) = after.iter().find(|before| self.is_broken(before)) {
            self.done.push(Step { part, name, took: Duration::ZERO, outcome: Outcome::Skipped(broken) });
            return None;
        }
        println!("\n==> {name}");
        let start = Instant::now();
        let (result, outcome) = match work() {
            Ok(value) => (Some(value), Outcome::Passed),
            Err(error) => {
                println!("!!  {name}: {error:#}");
                (None, Outcome::Failed(format!("{error:#}")))
            }
        };
        self.done.push(Step { part, name, took: start.elapsed(), outcome });
        result
    }

    fn is_broken(&self, name: &str) -> bool {
        self.done.iter().any(|s| s.name == name && !matches!(s.outcome, Outcome::Passed))
    }

    /// Prints the table; fails when a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\n{:<8} {:<10} {:>8}  result", "part", "step", "time");
        let mut sums: BTreeMap<Part, Duration> = BTreeMap::new();
        for step in &self.done {
            *sums.entry(step.part).or_default() += step.took;
            let result = match &step.outcome {
                Outcome::Passed => "passed".to_owned(),
                Outcome::Failed(why) => {
                    format!(
                        "FAILED: {}",
                        why.lines().next().unwrap_or_default().chars().take(90).collect::<String>()
                    )
                }
                Outcome::Skipped(before) => format!("not tried, {before} failed"),
            };
            println!("{:<8} {:<10} {:>8}  {result}", step.part.name(), step.name, minutes(step.took));
        }
        for part in Part::ALL {
            let sum = sums.get(&part).copied().unwrap_or_default();
            let over = if sum > part.budget() { ", over it" } else { "" };
            println!(
                "{:<8} {:<10} {:>8}  budget {}{over}",
                part.name(),
                "in all",
                minutes(sum),
                minutes(part.budget())
            );
        }
        let bad: Vec<&str> =
            self.done.iter().filter(|s| matches!(s.outcome, Outcome::Failed(_))).map(|s| s.name).collect();
        anyhow::ensure!(bad.is_empty(), "failed: {}", bad.join(", "));
        println!("\nall {} steps passed", self.done.len());
        Ok(())
    }
}

/// `4:07.3`: minutes, seconds and tenths.
fn minutes(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_after_a_failed_one_is_not_tried() {
        let mut steps = Steps::new(&[]);
        steps.run(Part::Lints, "first", &[], || anyhow::bail!("no")).unwrap_or(());
        assert!(steps.run(Part::Tests, "second", &["first"], || Ok(())).is_none());
        assert!(steps.run(Part::Tests, "third", &["second"], || Ok(())).is_none());
        assert!(steps.run(Part::Tests, "fourth", &[], || Ok(())).is_some());
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: first");
    }

    #[test]
    fn times_read_as_minutes() {
        assert_eq!(minutes(Duration::from_millis(247_350)), "4:07.3");
    }
}
