//! Long work: how far it is.

use crate::texts::Say;
use askama::Template;

/// How many are done of how many, how fast, how long it will still take, and what failed so far.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/progress.html")]
pub struct Progress {
    say: Say,
    label: String,
    done: i64,
    total: i64,
    failed: i64,
    failed_href: Option<String>,
    per_minute: Option<i64>,
    minutes_left: Option<i64>,
    again: String,
    stopped: bool,
}

impl Progress {
    /// `done` of `total`; `again` is the address of this page, for a fresh look.
    pub fn new(say: &Say, label: impl Into<String>, done: i64, total: i64, again: impl Into<String>) -> Self {
        Self {
            say: say.clone(),
            label: label.into(),
            done,
            total,
            failed: 0,
            failed_href: None,
            per_minute: None,
            minutes_left: None,
            again: again.into(),
            stopped: false,
        }
    }

    /// The same with what failed, and where it is listed.
    #[must_use]
    pub fn failed(mut self, failed: i64, href: impl Into<String>) -> Self {
        self.failed = failed;
        self.failed_href = Some(href.into());
        self
    }

    /// The same of work that was stopped: it goes no further.
    #[must_use]
    pub fn stopped(mut self) -> Self {
        self.stopped = true;
        self
    }

    /// The same with its speed, from which the remaining time is reckoned.
    #[must_use]
    pub fn per_minute(mut self, rate: i64) -> Self {
        self.per_minute = Some(rate);
        self.minutes_left = (rate > 0).then(|| (self.total - self.done).max(0).div_euclid(rate) + 1);
        self
    }

    fn goes_on(&self) -> bool {
        self.done < self.total && !self.stopped
    }

    fn sentence(&self) -> String {
        let number = |n| self.say.number(n).into();
        self.say.with("web-progress", &[("done", number(self.done)), ("total", number(self.total))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;

    #[test]
    fn k10_what_goes_on_says_so_and_what_was_stopped_or_is_done_does_not() {
        let say = crate::testing::say(Lang::En);
        let shown = |progress: Progress| progress.render().expect("it renders").contains("href=\"/again\"");
        let progress = |done| Progress::new(&say, "x", done, 10, "/again");
        assert!(shown(progress(3)));
        assert!(!shown(progress(3).stopped()));
        assert!(!shown(progress(10)));
    }
}
