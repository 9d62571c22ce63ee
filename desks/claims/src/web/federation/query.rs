//! What a list is asked for, from its address and back into one (C8).

use crate::{
    status::Standing,
    store::find::{LONGEST, Sort, Wanted},
};
use core_words::CaseNumber;
use kit_desk::Status;
use kit_web::{FormData, forms::trimmed};

/// The last page that can be asked for: far behind the last line of any list.
const LAST_PAGE: u32 = 1_000_000;

/// What the query of an address asks for: `q`, `status` (several, or separated by commas), `sort`, `page` from 1.
/// What is not understood is left out: a list shows more rather than an error.
pub(super) fn parse(query: Option<&str>) -> Wanted {
    of_form(&FormData::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default())
}

/// The same of a form that carries it along.
pub(super) fn of_form(form: &FormData) -> Wanted {
    let asked: Vec<&str> = form.all("status").flat_map(|value| value.split(',')).collect();
    let standings = Standing::ALL.iter().copied().filter(|s| asked.contains(&s.slug())).collect();
    let sort = form.get("sort").and_then(sort_of).unwrap_or_default();
    Wanted { text: text(form.get("q").unwrap_or_default()), standings, sort, page: page(form) }
}

/// The page, from 0.
pub(super) fn page(form: &FormData) -> u32 {
    let page: u32 = form.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    page.clamp(1, LAST_PAGE) - 1
}

/// The text, cut to what is looked for; the number of a case in the form in which it is stored.
pub(super) fn text(typed: &str) -> String {
    let text: String = trimmed(typed).chars().take(LONGEST).collect();
    CaseNumber::parse(&text).map_or(text, |number| number.to_string())
}

pub(super) fn sort_slug(sort: Sort) -> &'static str {
    match sort {
        Sort::Oldest => "oldest",
        Sort::Newest => "newest",
        Sort::Kana => "kana",
        Sort::Provider => "provider",
    }
}

fn sort_of(slug: &str) -> Option<Sort> {
    [Sort::Oldest, Sort::Newest, Sort::Kana, Sort::Provider].into_iter().find(|sort| sort_slug(*sort) == slug)
}

/// The address of what is wanted at `path`, without its page.
pub(super) fn address(path: &str, wanted: &Wanted) -> String {
    with_query(path, &fields(wanted))
}

/// What is wanted as fields of a form, without its page.
pub(super) fn fields(wanted: &Wanted) -> Vec<(&'static str, String)> {
    let statuses = wanted.standings.iter().map(|standing| ("status", standing.slug().to_owned()));
    let sort = (wanted.sort != Sort::default()).then(|| ("sort", sort_slug(wanted.sort).to_owned()));
    let text = (!wanted.text.is_empty()).then(|| ("q", wanted.text.clone()));
    text.into_iter().chain(statuses).chain(sort).collect()
}

/// A path with a query of these names and values.
pub(super) fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

fn encoded(value: &str) -> String {
    let octet = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(octet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c8_an_address_leads_back_to_itself() {
        let wanted =
            parse(Some("q=%E3%81%95%E3%81%8F%E3%82%89+%26%3D%2B%25&status=issued&status=applied&sort=kana"));
        assert_eq!(wanted.text, "さくら &=+%");
        assert_eq!(wanted.standings, [Standing::Applied, Standing::Issued]);
        assert_eq!((wanted.sort, wanted.page), (Sort::Kana, 0));
        let address = address("/x", &wanted);
        assert!(address.is_ascii(), "{address}");
        assert_eq!(parse(address.strip_prefix("/x?")), wanted);
    }

    #[test]
    fn c8_what_is_not_understood_is_left_out() {
        for query in
            [None, Some(""), Some("status=none&sort=up&page=x"), Some("q=%"), Some("q=%FF"), Some("page=0")]
        {
            assert_eq!(parse(query), Wanted::default(), "{query:?}");
        }
        assert_eq!(parse(Some("page=3")).page, 2);
        assert_eq!(parse(Some("page=99999999")).page, LAST_PAGE - 1);
        assert_eq!(parse(Some("page=4294967296")).page, 0);
        let long = format!("q={}", "a".repeat(5_000));
        assert_eq!(parse(Some(&long)).text.len(), LONGEST);
        // Far more than a form may hold.
        assert_eq!(parse(Some(&format!("q={}", "a".repeat(100_000)))), Wanted::default());
    }

    #[test]
    fn c8_statuses_may_be_many_in_one_word() {
        assert_eq!(
            parse(Some("status=rejected,applied,applied")).standings,
            [Standing::Applied, Standing::Rejected]
        );
    }

    #[test]
    fn c8_a_case_number_is_found_however_it_is_typed() {
        let number = CaseNumber::new('C', 2026, 1_234).expect("it fits").to_string();
        let bare: String = number.to_lowercase().chars().filter(|c| *c != '-').collect();
        assert_eq!(text(&bare), number);
        assert_eq!(text(" １３１００００００１ "), "１３１００００００１");
    }
}
