//! What the list of entries is asked for, from its address and back into one.

use super::LIST;
use crate::{
    service::{Topic, WantedRecords},
    web::federation::query,
};
use core_words::{Actor, CaseNumber, UtcMicros};
use kit_ledger::{EntryId, Place};
use kit_web::{
    FormData, Say,
    dates::Day,
    forms::{Filled, Reader, trimmed},
};

/// What an address asks for, and what of it is not understood.
pub(super) struct Asked {
    pub(super) wanted: WantedRecords,
    /// The number of a case as it was typed.
    pub(super) number: String,
    /// The days as they were typed, and what is wrong with them.
    pub(super) filled: Filled,
}

impl Asked {
    /// Reads `topic`, `by`, `case` (or `q`: the box), days, and where a page begins. What a person did not type is left
    /// out when it is not understood; what they typed is told to them.
    pub(super) fn of(say: &Say, query: Option<&str>) -> Self {
        let form = FormData::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
        let number = form.get("q").or_else(|| form.get("case")).map(trimmed).unwrap_or_default();
        let number: String = number.chars().take(40).collect();
        let mut reader = Reader::new(say, &form);
        let from = day(&mut reader, &form, "from", "claims-ledger-from");
        let until = day(&mut reader, &form, "until", "claims-ledger-until");
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            reader.error("until", say.both("claims-ledger-days-order"));
        }
        let filled = reader.done().err().unwrap_or_else(|| Filled::new(&form));
        let wanted = WantedRecords {
            topic: form.get("topic").and_then(Topic::of_slug),
            actor: form.get("by").and_then(Actor::kept).map(|actor| actor.as_str().to_owned()),
            case: CaseNumber::parse(&number).ok(),
            from,
            until,
            after: form.get("after").and_then(place),
        };
        Self { wanted, number, filled }
    }

    /// Whether the number that was typed is none.
    pub(super) fn no_number(&self) -> bool {
        !self.number.is_empty() && self.wanted.case.is_none()
    }

    /// Whether it can be looked for.
    pub(super) fn is_fine(&self) -> bool {
        !self.no_number() && self.filled.errors().is_empty()
    }
}

/// A day that may be left empty.
fn day(reader: &mut Reader<'_>, form: &FormData, name: &str, label: &str) -> Option<Day> {
    let typed = |part: &&str| !form.get(&format!("{name}-{part}")).unwrap_or_default().trim().is_empty();
    if ["year", "month", "day"].iter().any(typed) { reader.date(name, label) } else { None }
}

/// Where a page begins: the time and the ID of the entry before it.
fn place(text: &str) -> Option<Place> {
    let (at, id) = text.split_once('.')?;
    Some(Place { at: UtcMicros(at.parse().ok()?), id: EntryId(id.parse().ok()?) })
}

/// The address of what is wanted.
pub(super) fn address(wanted: &WantedRecords) -> String {
    let mut pairs = fields(wanted);
    pairs.extend(wanted.case.map(|case| ("case", case.to_string())));
    pairs.extend(wanted.after.map(|Place { at, id }| ("after", format!("{}.{}", at.0, id.0))));
    query::with_query(LIST, &pairs)
}

/// What is wanted as fields of a form, without the case and the page.
pub(super) fn fields(wanted: &WantedRecords) -> Vec<(&'static str, String)> {
    let mut fields = who_and_what(wanted);
    fields.extend(days(wanted));
    fields
}

/// The topic and the actor.
pub(super) fn who_and_what(wanted: &WantedRecords) -> Vec<(&'static str, String)> {
    let topic = wanted.topic.map(|topic| ("topic", topic.slug().to_owned()));
    topic.into_iter().chain(wanted.actor.clone().map(|actor| ("by", actor))).collect()
}

fn days(wanted: &WantedRecords) -> Vec<(&'static str, String)> {
    let of = |day: Option<Day>, names: [&'static str; 3]| {
        let parts = day.map(|day| [day.year().to_string(), day.month().to_string(), day.day().to_string()]);
        names.into_iter().zip(parts.into_iter().flatten())
    };
    let from = of(wanted.from, ["from-year", "from-month", "from-day"]);
    from.chain(of(wanted.until, ["until-year", "until-month", "until-day"])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;

    fn parse(query: &str) -> Asked {
        let chrome = kit_web::testing::chrome(&[crate::plug::TEXTS]);
        Asked::of(&chrome.texts().say(Lang::Ja), Some(query))
    }

    #[test]
    fn k8_an_address_of_the_ledger_leads_back_to_itself() {
        let number = CaseNumber::new('C', 2026, 1_234).expect("it fits");
        let wanted = WantedRecords {
            topic: Some(Topic::Money),
            actor: Some("staff:12".into()),
            case: Some(number),
            from: Day::new(2026, 11, 1),
            until: Day::new(2026, 11, 30),
            after: Some(Place { at: UtcMicros(-5), id: EntryId(7) }),
        };
        let address = address(&wanted);
        assert!(address.is_ascii(), "{address}");
        let asked = parse(address.split_once('?').map_or("", |(_, query)| query));
        assert!(asked.is_fine());
        assert_eq!(asked.wanted, wanted);
        assert_eq!(super::address(&WantedRecords::default()), LIST);
        for topic in Topic::ALL {
            assert_eq!(Topic::of_slug(topic.slug()), Some(*topic));
        }
    }

    #[test]
    fn k8_what_was_typed_wrongly_is_told_and_nothing_else() {
        for query in ["", "topic=all&by=a%20b&after=1&q=+", "after=1.x", "from-era=reiwa", "%", "by="] {
            let asked = parse(query);
            assert!(asked.is_fine() && asked.wanted == WantedRecords::default(), "{query}");
        }
        let typed = parse("q=C-2026-0001234-0");
        assert!(typed.no_number() && typed.number == "C-2026-0001234-0");
        for query in [
            "from-year=2026&from-month=2&from-day=30",
            "from-year=2026",
            "until-era=reiwa&until-year=99&until-month=13&until-day=1",
            "from-year=2026&from-month=2&from-day=2&until-year=2026&until-month=2&until-day=1",
        ] {
            assert_eq!(parse(query).filled.errors().len(), 1, "{query}");
        }
        let era = parse("from-era=reiwa&from-year=8&from-month=11&from-day=20");
        assert_eq!(era.wanted.from, Day::new(2026, 11, 20));
    }
}
