//! Names in the directory that a profile gives whole, or with values of the order in them.
//!
//! Where lists are found by name and not by address, a certificate says in cRLDistributionPoints at which entry
//! of the directory its list stands (RFC 5280 §4.2.1.13), and that depends on what was ordered.

use super::rules::{SubjectRule, ValueRule};
use crate::name::{Attribute, AttributeType, BadName, Name, NameRef, StringType, push_attribute};
use crate::tlv;

/// A value that an order gives, and that stands elsewhere than in the subject. Every order gives it.
#[derive(Clone, Debug)]
pub struct OrderValue {
    /// The name under which an order gives it.
    pub key: String,
    /// What it may say.
    pub value: ValueRule,
    /// Most characters.
    pub max_length: usize,
}

/// A name, one attribute to a relative name, in the order of its encoding.
#[derive(Clone, Debug)]
pub struct DirectoryRule {
    /// Its attributes.
    pub parts: Vec<DirectoryPart>,
}

/// One attribute of such a name.
#[derive(Clone, Debug)]
pub struct DirectoryPart {
    /// Which.
    pub attribute: AttributeType,
    /// In which string type; `None` for PrintableString where it suffices, and UTF8String elsewhere.
    pub string: Option<StringType>,
    /// The text, or what of it stands before the value.
    pub head: String,
    /// The key of the value of the order, or of the attribute of the subject, that stands in it.
    pub key: Option<String>,
    /// What stands after the value.
    pub tail: String,
}

/// Why no name was made.
pub(crate) enum NoName<'r> {
    /// This value was not given.
    Missing(&'r str),
    /// With the value of this key, the name cannot be written.
    Bad(&'r str, BadName),
}

impl OrderValue {
    /// Whether it may be this.
    pub(crate) fn allows(&self, text: &str) -> bool {
        // Counting characters is linear, so octets bound it first: a character has at most four.
        let short = text.len() <= 4 * self.max_length && text.chars().count() <= self.max_length;
        short && !text.is_empty() && self.value.allows(text)
    }
}

impl DirectoryRule {
    /// The name with these values.
    pub(crate) fn name<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Result<Name, NoName<'_>> {
        let mut content = Vec::new();
        for part in &self.parts {
            let (key, text) = match &part.key {
                None => (part.attribute.short, std::borrow::Cow::Borrowed(part.head.as_str())),
                Some(key) => {
                    let value = value(key).ok_or(NoName::Missing(key))?;
                    (key.as_str(), format!("{}{value}{}", part.head, part.tail).into())
                }
            };
            let string = part.string_type(&text);
            push_attribute(&mut content, &part.attribute, string, &text).map_err(|e| NoName::Bad(key, e))?;
        }
        Ok(Name::from_der(tlv::tlv(tlv::SEQUENCE, &[&content])))
    }

    /// Whether this name can have been made by the rule, with values allowed by `values`, of which those that the
    /// subject has too are the same there.
    pub(crate) fn made(
        &self,
        name: &NameRef<'_>,
        values: &[OrderValue],
        rules: &[SubjectRule],
        subject: &[Attribute<'_>],
    ) -> bool {
        let found: Vec<_> = name.attributes().collect();
        found.len() == self.parts.len()
            && self.parts.iter().zip(&found).enumerate().all(|(i, (part, found))| {
                let Some(text) = found.text() else { return false };
                let written = found.rdn == i
                    && found.oid == part.attribute.oid.content()
                    && found.tag == part.string_type(&text).tag();
                let Some(key) = &part.key else { return written && *text == part.head };
                let value = text.strip_prefix(&part.head).and_then(|rest| rest.strip_suffix(&part.tail));
                let in_subject = |value: &str| {
                    let of_rule = |rule: &SubjectRule, a: &Attribute<'_>| {
                        a.oid == rule.attribute.oid.content() && a.text().as_deref() == Some(value)
                    };
                    rules.iter().find(|rule| rule.key == *key).is_some_and(|rule| {
                        rule.value.allows(value) && subject.iter().any(|a| of_rule(rule, a))
                    })
                };
                let ordered = |value: &str| {
                    values.iter().find(|rule| rule.key == *key).is_some_and(|v| v.allows(value))
                };
                written && value.is_some_and(|value| ordered(value) || in_subject(value))
            })
    }
}

impl DirectoryPart {
    fn string_type(&self, text: &str) -> StringType {
        self.attribute.only.or(self.string).unwrap_or_else(|| self.attribute.string_type(text))
    }
}
