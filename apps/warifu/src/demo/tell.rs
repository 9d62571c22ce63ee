//! The voice of the demo: steps, what was checked, how long it took, the table at the end.
//!
//! A failed check is said with its reason and remembered; the story goes on as far as it can, so that one run
//! shows everything that is wrong.

use crate::{
    lang::Lang,
    terminal::{self, Page},
};
use authority_front::Text;
use core_words::UtcMicros;
use core_x509::time::Day;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fmt::Write as _,
    io::IsTerminal,
    time::{Duration, Instant},
};

/// Both languages of one sentence.
pub(super) fn t(ja: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(ja, en)
}

/// Tells the story and keeps the score.
pub(super) struct Teller {
    /// One language, or both when none was asked for.
    only: Option<Lang>,
    steps: usize,
    ink: bool,
    begun: Instant,
    open: Option<Step>,
    told: Vec<Step>,
}

struct Step {
    title: Text,
    begun: Instant,
    took: Duration,
    good: usize,
    bad: Vec<Text>,
}

impl Teller {
    /// A teller of so many steps. Without a language it speaks Japanese first and English after it.
    pub(super) fn new(only: Option<Lang>, steps: usize) -> Self {
        let ink = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { only, steps, ink, begun: Instant::now(), open: None, told: Vec::new() }
    }

    /// The language for a text that can have only one.
    pub(super) fn lang(&self) -> Lang {
        self.only.unwrap_or(Lang::Ja)
    }

    /// Begins a step; `now` is what the story's clock shows.
    pub(super) fn begin(&mut self, title: Text, now: UtcMicros) {
        self.end();
        let number = self.told.len() + 1;
        let head = format!("[{number:>2}/{}] {}", self.steps, self.joined(&title, "  "));
        terminal::print(&format!("\n{}  {}\n", self.bold(&head), self.dim(&date(now))));
        self.open =
            Some(Step { title, begun: Instant::now(), took: Duration::ZERO, good: 0, bad: Vec::new() });
    }

    /// Ends the step that is open, if one is, and says how long it took.
    pub(super) fn end(&mut self) {
        let Some(mut step) = self.open.take() else { return };
        step.took = step.begun.elapsed();
        let took = t(format!("{} 秒", seconds(step.took)), format!("{} s", seconds(step.took)));
        terminal::print(&format!("     {}\n", self.dim(&format!("⏱ {}", self.joined(&took, " · ")))));
        self.told.push(step);
    }

    /// A sentence of the story.
    pub(super) fn say(&self, text: &Text) {
        for line in self.lines(text) {
            terminal::print(&format!("     {line}\n"));
        }
    }

    /// What to look at.
    pub(super) fn look(&self, what: impl std::fmt::Display) {
        let word = self.joined(&t("見どころ", "look at"), " ");
        terminal::print(&format!("     👀 {} {what}\n", self.dim(&word)));
    }

    /// Something as it stands, line by line.
    pub(super) fn show(&self, text: &str) {
        let mut out = String::new();
        for line in text.lines() {
            let _ = writeln!(out, "     │ {line}");
        }
        terminal::print(&self.dim(&out));
    }

    /// Says whether something holds; `Err` says why it does not. True when it holds.
    pub(super) fn check(&mut self, what: Text, outcome: Result<(), String>) -> bool {
        let said = self.joined(&what, " / ");
        match outcome {
            Ok(()) => {
                terminal::print(&format!("     {} {said}\n", self.green("✓")));
                if let Some(step) = &mut self.open {
                    step.good += 1;
                }
                true
            }
            Err(why) => {
                terminal::print(&format!("     {} {said}\n       {why}\n", self.red("✗")));
                if let Some(step) = &mut self.open {
                    step.bad.push(t(format!("{}: {why}", what.ja), format!("{}: {why}", what.en)));
                }
                false
            }
        }
    }

    /// The same for two values that must be equal.
    pub(super) fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        what: Text,
        found: &T,
        expected: &T,
    ) -> bool {
        let outcome = if found == expected { Ok(()) } else { Err(format!("{found:?}, not {expected:?}")) };
        self.check(what, outcome)
    }

    /// A bar for something long, shown at a terminal only. It vanishes when it is finished.
    pub(super) fn bar(&self, length: usize, what: &Text) -> ProgressBar {
        let style = ProgressStyle::with_template("     {msg} {bar:40} {pos}/{len}");
        let bar = ProgressBar::new(length as u64).with_message(self.joined(what, " "));
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }

    /// How many checks failed so far.
    pub(super) fn failures(&self) -> usize {
        self.told.iter().chain(&self.open).map(|step| step.bad.len()).sum()
    }

    /// The table at the end, and once more everything that failed. `whole`: whether the story was told to its end.
    pub(super) fn sum_up(&mut self, whole: bool) {
        self.end();
        if self.told.is_empty() {
            return;
        }
        let mut page = Page::new(self.lang());
        let rows: Vec<Vec<String>> = self
            .told
            .iter()
            .enumerate()
            .map(|(i, step)| {
                vec![
                    (i + 1).to_string(),
                    self.joined(&step.title, "  "),
                    format!("{}/{}", step.good, step.good + step.bad.len()),
                    seconds(step.took),
                ]
            })
            .collect();
        page.table(&[("", ""), ("場面", "step"), ("確認", "checks"), ("秒", "s")], &rows);
        let good: usize = self.told.iter().map(|step| step.good).sum();
        let bad = self.failures();
        let verdict = verdict(whole, good, bad, &seconds(self.begun.elapsed()));
        terminal::print(&format!("\n{}\n", page.into_text()));
        for line in self.lines(&verdict) {
            let line = if bad == 0 && whole { self.green(line) } else { self.red(line) };
            terminal::print(&format!("{line}\n"));
        }
        for (i, step) in self.told.iter().enumerate() {
            for failed in &step.bad {
                terminal::print(&format!("  ✗ [{}] {}\n", i + 1, self.joined(failed, " / ")));
            }
        }
    }

    fn lines<'a>(&self, text: &'a Text) -> Vec<&'a str> {
        match self.only {
            Some(lang) => vec![lang.of(text)],
            None => vec![&text.ja, &text.en],
        }
    }

    fn joined(&self, text: &Text, between: &str) -> String {
        self.lines(text).join(between)
    }

    fn bold(&self, text: &str) -> String {
        self.inked("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.inked("2", text)
    }

    fn green(&self, text: &str) -> String {
        self.inked("32", text)
    }

    fn red(&self, text: &str) -> String {
        self.inked("31", text)
    }

    fn inked(&self, code: &str, text: &str) -> String {
        if self.ink { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// How it ended. A story that broke off has not passed, whatever was checked until then.
fn verdict(whole: bool, good: usize, bad: usize, took: &str) -> Text {
    match (whole, bad) {
        (false, _) => t(
            format!(
                "途中で止まりました。それまでの確認は {good} 件が通り、{bad} 件が通りませんでした（{took} 秒）。"
            ),
            format!("It broke off. Until then {good} checks passed and {bad} failed ({took} s)."),
        ),
        (true, 0) => t(
            format!("{good} 件の確認がすべて通りました（{took} 秒）。"),
            format!("All {good} checks passed ({took} s)."),
        ),
        (true, _) => t(
            format!("{bad} 件の確認が通りませんでした（{took} 秒）。"),
            format!("{bad} checks failed ({took} s)."),
        ),
    }
}

/// The day in Japan.
pub(super) fn date(time: UtcMicros) -> String {
    let day = Day::of_tokyo(time.whole_seconds());
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

fn seconds(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_check_is_counted_and_the_others_too() {
        let mut tell = Teller::new(Some(Lang::En), 1);
        tell.begin(t("一", "one"), UtcMicros(0));
        assert!(tell.check(t("良", "good"), Ok(())));
        assert!(!tell.same(t("同", "same"), &1, &2));
        tell.sum_up(true);
        assert_eq!(tell.failures(), 1);
    }

    #[test]
    fn a_story_that_broke_off_has_not_passed() {
        assert_eq!(verdict(true, 3, 0, "1.0").en, "All 3 checks passed (1.0 s).");
        for (whole, bad) in [(false, 0), (false, 1), (true, 1)] {
            assert!(!verdict(whole, 3, bad, "1.0").en.contains("All"), "{whole} {bad}");
        }
    }

    #[test]
    fn days_are_those_of_japan() {
        assert_eq!(date(UtcMicros(1_700_000_000_000_000)), "2023-11-15");
    }
}
