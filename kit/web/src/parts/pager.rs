//! Pages of a list: which lines are shown, of how many, and the ways on.

use crate::texts::Say;
use askama::Template;

/// Which part of a list is shown.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/pager.html")]
pub struct Pager {
    say: Say,
    total: i64,
    from: i64,
    to: i64,
    previous: Option<String>,
    next: Option<String>,
    /// Page number (0: a gap), address, whether it is this one.
    pages: Vec<(i64, String, bool)>,
}

impl Pager {
    /// Lines `from` to `to` of `total`, counted from 1, with the addresses before and after: for lists that
    /// are paged by a key.
    pub fn new(
        say: &Say,
        total: i64,
        from: i64,
        to: i64,
        previous: Option<String>,
        next: Option<String>,
    ) -> Self {
        Self { say: say.clone(), total, from, to, previous, next, pages: Vec::new() }
    }

    /// Page `page` (from 1) of a list of `total` lines, `per_page` each; `base` is the address without the
    /// page, query included: `/staff/cases?status=1`.
    pub fn numbered(say: &Say, total: i64, per_page: i64, page: i64, base: &str) -> Self {
        let last = ((total + per_page - 1) / per_page.max(1)).max(1);
        let page = page.clamp(1, last);
        let joint = if base.contains('?') { '&' } else { '?' };
        let address = |number: i64| format!("{base}{joint}page={number}");
        let mut pages: Vec<(i64, String, bool)> = Vec::new();
        for number in (1..=last).filter(|n| *n == 1 || *n == last || (n - page).abs() <= 1) {
            if pages.last().is_some_and(|(before, _, _)| number - before > 1) {
                pages.push((0, String::new(), false));
            }
            pages.push((number, address(number), number == page));
        }
        let from = (page - 1) * per_page + 1;
        Self {
            say: say.clone(),
            total,
            from: from.min(total),
            to: (from + per_page - 1).min(total),
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < last).then(|| address(page + 1)),
            pages: if last > 1 { pages } else { Vec::new() },
        }
    }

    fn sentence(&self) -> String {
        let number = |n| self.say.number(n).into();
        let args = [("total", number(self.total)), ("from", number(self.from)), ("to", number(self.to))];
        self.say.with("web-pager", &args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;

    #[test]
    fn pages_at_the_ends_and_in_the_middle() {
        let say = crate::testing::say(Lang::En);
        let numbers = |page| {
            let pager = Pager::numbered(&say, 1_234, 50, page, "/x?q=a");
            (pager.pages.iter().map(|(n, _, _)| *n).collect::<Vec<_>>(), pager.from, pager.to)
        };
        assert_eq!(numbers(1), (vec![1, 2, 0, 25], 1, 50));
        assert_eq!(numbers(13), (vec![1, 0, 12, 13, 14, 0, 25], 601, 650));
        assert_eq!(numbers(99), (vec![1, 0, 24, 25], 1_201, 1_234));
        let one = Pager::numbered(&say, 3, 50, 1, "/x");
        assert!(one.pages.is_empty() && one.next.is_none() && one.previous.is_none());
        assert_eq!(Pager::numbered(&say, 1_234, 50, 1, "/x?q=a").next.as_deref(), Some("/x?q=a&page=2"));
    }
}
