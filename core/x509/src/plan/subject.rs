//! The subject of a certificate, made by the rules of the profile.

use super::input::SubjectValue;
use super::refused::{NameProblem, PlanRefused};
use crate::name::{Attribute, BadName, Name, NameRef, push_attribute};
use crate::profile::{OrderValue, Profile, Source, SubjectRule, ValueRule};
use crate::tlv;
use std::borrow::Cow;

/// Most values in one order; also the width of the set of those that were used.
const MOST: usize = 64;

/// What was decided.
pub(super) struct Subject<'a> {
    /// The DER of the name.
    pub(super) der: Vec<u8>,
    /// Its attributes, with the rule of each.
    pub(super) values: Vec<(&'a SubjectRule, Cow<'a, str>)>,
    /// Values that stand elsewhere, by their keys.
    pub(super) others: Vec<(&'a str, &'a str)>,
}

/// Makes the name. Values come from the order and, where the profile says so, from the request.
pub(super) fn make<'a>(
    profile: &'a Profile,
    order: &[SubjectValue<'a>],
    request: Option<NameRef<'a>>,
) -> Result<Subject<'a>, PlanRefused> {
    if order.len() > MOST {
        return Err(PlanRefused::name(order[MOST].key, NameProblem::TooMany));
    }
    let requested: Vec<Attribute<'a>> = request.map_or_else(Vec::new, |name| name.attributes().collect());
    let mut used = Used::default();
    let mut values = Vec::with_capacity(8);
    for rule in &profile.subject {
        let before = values.len();
        if let ValueRule::Fixed(text) = &rule.value {
            values.push((rule, Cow::Borrowed(text.as_str())));
            // Whoever gives the same value again does no harm.
            used.take_equal(rule, text, order, &requested);
            continue;
        }
        if rule.from != Source::Request {
            used.take_ordered(rule, order, |value| values.push((rule, Cow::Borrowed(value))));
        }
        if rule.from == Source::Request || (rule.from == Source::Either && values.len() == before) {
            used.take_requested(rule, &requested, |value| values.push((rule, value)));
        }
        if rule.required && values.len() == before {
            return Err(PlanRefused::Missing { name: rule.key.clone() });
        }
    }
    let others = used.take_others(&profile.values, order)?;
    if let Some(left) = used.first_left(order) {
        return Err(PlanRefused::name(left.key, NameProblem::NoPlace));
    }
    let mut content = Vec::with_capacity(256);
    for (rule, value) in &values {
        check(rule, value)?;
        push(&mut content, rule, value)?;
    }
    let subject = Subject { der: tlv::tlv(tlv::SEQUENCE, &[&content]), values, others };
    if profile.request.check_names {
        granted(&subject, &requested)?;
    }
    Ok(subject)
}

/// Makes the name that the profile gives these values, without a request: for ceremonies, which need the
/// name of an authority before anything else.
pub(super) fn name(profile: &Profile, order: &[SubjectValue<'_>]) -> Result<Name, PlanRefused> {
    make(profile, order, None).map(|subject| Name::from_der(subject.der))
}

impl<'a> Subject<'a> {
    /// The value under this key, wherever it stands.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let other = self.others.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
        other
            .or_else(|| self.values.iter().find(|(rule, _)| rule.key == key).map(|(_, value)| value.as_ref()))
    }
}

/// That one value is what its rule allows.
fn check(rule: &SubjectRule, value: &str) -> Result<(), PlanRefused> {
    // Counting characters is linear, so octets bound it first: a character has at most four.
    if value.len() > 4 * rule.max_length || value.chars().count() > rule.max_length {
        return Err(PlanRefused::name(&rule.key, NameProblem::Length));
    }
    if rule.value.allows(value) { Ok(()) } else { Err(PlanRefused::name(&rule.key, NameProblem::Value)) }
}

fn push(out: &mut Vec<u8>, rule: &SubjectRule, value: &str) -> Result<(), PlanRefused> {
    let string = rule.string.unwrap_or_else(|| rule.attribute.string_type(value));
    push_attribute(out, &rule.attribute, string, value).map_err(|e| match e {
        BadName::Length { .. } => PlanRefused::name(&rule.key, NameProblem::Length),
        BadName::Character { .. } => PlanRefused::name(&rule.key, NameProblem::Character),
    })
}

/// That the certificate will have every attribute that the request asks for.
fn granted(subject: &Subject<'_>, requested: &[Attribute<'_>]) -> Result<(), PlanRefused> {
    let has = |asked: &Attribute<'_>| {
        let text = asked.text();
        subject.values.iter().any(|(rule, value)| {
            rule.attribute.oid.content() == asked.oid && text.as_deref() == Some(value.as_ref())
        })
    };
    match requested.iter().find(|asked| !has(asked)) {
        Some(asked) => {
            let name = match asked.known() {
                Some(known) => known.short.to_owned(),
                None => asked.oid().map_or_else(|| "?".to_owned(), |oid| oid.to_string()),
            };
            Err(PlanRefused::name(name, NameProblem::NotGranted))
        }
        None => Ok(()),
    }
}

/// Which values of order and request have found their place.
#[derive(Default)]
struct Used {
    ordered: u64,
    requested: u64,
}

impl Used {
    fn take_ordered<'a>(
        &mut self,
        rule: &SubjectRule,
        order: &[SubjectValue<'a>],
        mut take: impl FnMut(&'a str),
    ) {
        let mut times = 0;
        for (i, given) in order.iter().enumerate() {
            let mine = given.key == rule.key || given.key == rule.attribute.short;
            if mine && self.ordered >> i & 1 == 0 && times < rule.times {
                self.ordered |= 1 << i;
                times += 1;
                take(given.value);
            }
        }
    }

    /// The values that stand elsewhere than in the subject, each once.
    fn take_others<'a>(
        &mut self,
        rules: &'a [OrderValue],
        order: &[SubjectValue<'a>],
    ) -> Result<Vec<(&'a str, &'a str)>, PlanRefused> {
        let mut take = |rule: &'a OrderValue| {
            let found = order.iter().position(|given| given.key == rule.key);
            let i = found.ok_or_else(|| PlanRefused::Missing { name: rule.key.clone() })?;
            self.ordered |= 1 << i;
            match rule.allows(order[i].value) {
                true => Ok((rule.key.as_str(), order[i].value)),
                false => Err(PlanRefused::name(&rule.key, NameProblem::Value)),
            }
        };
        rules.iter().map(&mut take).collect()
    }

    fn take_requested<'a>(
        &mut self,
        rule: &SubjectRule,
        requested: &[Attribute<'a>],
        mut take: impl FnMut(Cow<'a, str>),
    ) {
        let mut times = 0;
        for (i, asked) in requested.iter().enumerate().take(MOST) {
            let mine = asked.oid == rule.attribute.oid.content();
            if mine
                && self.requested >> i & 1 == 0
                && times < rule.times
                && let Some(text) = asked.text()
            {
                self.requested |= 1 << i;
                times += 1;
                take(text);
            }
        }
    }

    fn take_equal(
        &mut self,
        rule: &SubjectRule,
        text: &str,
        order: &[SubjectValue<'_>],
        requested: &[Attribute<'_>],
    ) {
        let named = |given: &SubjectValue<'_>| given.key == rule.key || given.key == rule.attribute.short;
        if let Some(i) = order.iter().position(|given| named(given) && given.value == text) {
            self.ordered |= 1 << i;
        }
        let asked =
            |a: &Attribute<'_>| a.oid == rule.attribute.oid.content() && a.text().as_deref() == Some(text);
        if let Some(i) = requested.iter().take(MOST).position(asked) {
            self.requested |= 1 << i;
        }
    }

    fn first_left<'a, 'b>(&self, order: &'b [SubjectValue<'a>]) -> Option<&'b SubjectValue<'a>> {
        order.iter().enumerate().find(|(i, _)| self.ordered >> i & 1 == 0).map(|(_, given)| given)
    }
}
