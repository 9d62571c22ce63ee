//! Names in the directory, and the values of orders that stand in them.

use super::names::{string_type, value};
use super::subject_is_given;
use crate::name::{AttributeType, Name, StringType};
use crate::profile::directory::{DirectoryPart, DirectoryRule, NoName, OrderValue};
use crate::profile::error::ProfileError;
use crate::profile::file;
use crate::profile::rules::{Kind, ListRule, SubjectRule};

/// Most characters of a value of an order: the upper bound of organizationalUnitName and commonName, in which it
/// will stand (RFC 5280 Appendix A.1).
const LONGEST: usize = 64;

pub(super) fn values(
    kind: Kind,
    values: &[file::Value],
    subject: &[SubjectRule],
) -> Result<Vec<OrderValue>, ProfileError> {
    if !values.is_empty() && (kind == Kind::Root || subject_is_given(kind)) {
        let problem = "a certificate of this kind takes its subject as it is; there are no values";
        return Err(ProfileError::at("value", problem));
    }
    let mut out: Vec<OrderValue> = Vec::new();
    for (i, rule) in values.iter().enumerate() {
        let at = format!("value[{i}]");
        let taken = |other: &SubjectRule| other.key == rule.key || other.attribute.short == rule.key;
        if out.iter().any(|other| other.key == rule.key) || subject.iter().any(taken) {
            return Err(ProfileError::at(format!("{at}.key"), "stands there twice"));
        }
        let max_length = rule.max_length.unwrap_or(LONGEST);
        if !(1..=LONGEST).contains(&max_length) {
            return Err(ProfileError::at(format!("{at}.max_length"), format!("1 to {LONGEST}")));
        }
        let value = value(&at, None, rule.one_of.as_deref(), rule.pattern.as_deref())?;
        out.push(OrderValue { key: rule.key.clone(), value, max_length });
    }
    Ok(out)
}

/// The name of the list, which is there exactly where the setting of lists asks for it.
pub(super) fn list(
    lists: ListRule,
    directory: Option<&file::Directory>,
    subject: &[SubjectRule],
    values: &[OrderValue],
) -> Result<Option<DirectoryRule>, ProfileError> {
    const AT: &str = "crl_directory";
    let rule = match (lists, directory) {
        (ListRule::Directory, Some(directory)) => rule(AT, directory)?,
        (ListRule::Directory, None) | (_, Some(_)) => {
            let problem = "stands there with crl_distribution_points = \"directory\", and only then";
            return Err(ProfileError::at(AT, problem));
        }
        (_, None) => {
            if let Some(value) = values.first() {
                return Err(ProfileError::at("value", format!("'{}' has no place", value.key)));
            }
            return Ok(None);
        }
    };
    let used = |key: &str| rule.parts.iter().any(|part| part.key.as_deref() == Some(key));
    if let Some(value) = values.iter().find(|value| !used(&value.key)) {
        return Err(ProfileError::at("value", format!("'{}' has no place", value.key)));
    }
    for key in rule.parts.iter().filter_map(|part| part.key.as_deref()) {
        // What may be missing, or there twice, does not make one name.
        let once = |rule: &SubjectRule| rule.key == key && rule.required && rule.times == 1;
        if !values.iter().any(|value| value.key == key) && !subject.iter().any(once) {
            let problem =
                format!("'{{{key}}}' is neither a [[value]] nor a required attribute of the subject");
            return Err(ProfileError::at(format!("{AT}.names"), problem));
        }
    }
    Ok(Some(rule))
}

/// A name without values.
pub(super) fn fixed(at: &str, directory: &file::Directory) -> Result<Name, ProfileError> {
    rule(at, directory)?.name(|_| None).map_err(|e| {
        ProfileError::at(
            format!("{at}.names"),
            match e {
                NoName::Missing(key) => format!("'{{{key}}}' is no value here: the name is always the same"),
                NoName::Bad(_, bad) => bad.to_string(),
            },
        )
    })
}

/// `["C=JP", "OU={prefecture}"]`, in the order of their encoding.
fn rule(at: &str, directory: &file::Directory) -> Result<DirectoryRule, ProfileError> {
    let string = directory.string.map(string_type);
    // RFC 5280 §4.1.2.4: a DirectoryString is a PrintableString or UTF8String.
    if string == Some(StringType::Ia5) {
        return Err(ProfileError::at(format!("{at}.string"), "\"printable\" or \"utf8\""));
    }
    let at = format!("{at}.names");
    if directory.names.is_empty() {
        return Err(ProfileError::at(at, "at least one attribute is needed"));
    }
    let part = |text: &String| {
        part(text, string).ok_or_else(|| {
            ProfileError::at(
                at.as_str(),
                format!("'{text}' is not of the form \"OU=Text\" or \"OU={{key}}\""),
            )
        })
    };
    let rule = DirectoryRule { parts: directory.names.iter().map(part).collect::<Result<_, _>>()? };
    // That what is fixed can be written, whatever the values: a letter stands for each, a country for none.
    match rule.name(|_| Some("A")) {
        Ok(_) => Ok(rule),
        Err(NoName::Missing(problem)) => Err(ProfileError::at(at, problem)),
        Err(NoName::Bad(_, bad)) => Err(ProfileError::at(at, bad.to_string())),
    }
}

fn part(text: &str, string: Option<StringType>) -> Option<DirectoryPart> {
    let (short, text) = text.split_once('=')?;
    let attribute = AttributeType::from_short(short)?;
    let (head, key, tail) = match text.split_once('{') {
        None if text.contains('}') => return None,
        None => (text, None, ""),
        Some((head, rest)) => {
            let (key, tail) = rest.split_once('}')?;
            if key.is_empty() || head.contains('}') || tail.contains(['{', '}']) {
                return None;
            }
            (head, Some(key.to_owned()), tail)
        }
    };
    Some(DirectoryPart { attribute, string, head: head.to_owned(), key, tail: tail.to_owned() })
}
