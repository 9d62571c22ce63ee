//! Subject and alternative names.

use super::target::{Target, Verdict, must};
use crate::general_name::GeneralName;
use crate::name::{self, Attribute, Name};
use crate::oid;
use crate::plan::{dns, email_domain, uri_scheme};
use crate::profile::{Kind, SanRule, SubjectRule};
use crate::tlv;

/// RFC 5280 §4.1.2.6: an authority has a name; whoever has none has a critical subjectAltName.
pub(super) fn subject_not_empty(t: &Target<'_>) -> Verdict {
    if !t.tbs.subject.is_empty() {
        return Ok(());
    }
    let named = !t.alt_names.is_empty() && t.criticality(&oid::SUBJECT_ALT_NAME) == Some(true);
    must(named && !t.is_authority(), "the subject is empty, without a critical subjectAltName in its place")
}

/// RFC 5280 §4.1.2.4: new names are PrintableString or UTF8String where the attribute leaves a choice. Names
/// that are taken over octet by octet keep theirs.
pub(super) fn string_types(t: &Target<'_>) -> Verdict {
    let bad = t.subject.iter().find(|a| match a.known().and_then(|known| known.only) {
        Some(only) => a.tag != only.tag(),
        None => a.tag != tlv::PRINTABLE_STRING && a.tag != tlv::UTF8_STRING,
    });
    match bad {
        Some(attribute) if !is_taken_over(t) => {
            Err(format!("{} is written in a string type that is not for it", shown(attribute)))
        }
        _ => Ok(()),
    }
}

/// X.680 §41.4: the repertoire of PrintableString.
pub(super) fn printable(t: &Target<'_>) -> Verdict {
    let bad = t.subject.iter().find(|a| a.tag == tlv::PRINTABLE_STRING && !name::is_printable(a.value));
    match bad {
        Some(attribute) if !is_taken_over(t) => {
            Err(format!("{} has a character that is not printable", shown(attribute)))
        }
        _ => Ok(()),
    }
}

/// RFC 5280 Appendix A.1: upper bounds, and countryName of two letters.
pub(super) fn lengths(t: &Target<'_>) -> Verdict {
    let bad = t.subject.iter().find(|a| {
        let length = a.text().map_or(0, |text| text.chars().count());
        let bound = a.known().map_or(usize::MAX, |known| known.max);
        length == 0 || length > bound || (a.oid == name::C.oid.content() && length != 2)
    });
    match bad {
        Some(attribute) if !is_taken_over(t) => Err(format!("{} is empty or too long", shown(attribute))),
        _ => Ok(()),
    }
}

/// K2: no characters that deceive whoever reads a name.
pub(super) fn no_deception(t: &Target<'_>) -> Verdict {
    let deceives = |text: &str| text.chars().any(name::is_deceptive);
    if t.alt_names.iter().filter_map(other_text).any(deceives) {
        return Err("an otherName has a character that deceives".into());
    }
    let bad = t.subject.iter().find(|a| a.text().is_some_and(|text| deceives(&text)));
    match bad {
        Some(attribute) if !is_taken_over(t) => {
            Err(format!("{} has a character that deceives", shown(attribute)))
        }
        _ => Ok(()),
    }
}

/// The profile: its attributes in its order, each in a relative name of its own, with the values it allows.
pub(super) fn follows_profile(t: &Target<'_>) -> Verdict {
    if matches!(t.profile.kind, Kind::Cross | Kind::Link) {
        return Ok(());
    }
    if t.subject.iter().enumerate().any(|(i, attribute)| attribute.rdn != i) {
        return Err("attributes share a relative name".into());
    }
    // All places in the subject that the rules so far may have led to.
    let mut places = vec![0];
    for rule in &t.profile.subject {
        let mut next = Vec::new();
        for from in places {
            let fits = t.subject[from..].iter().take(rule.times).take_while(|a| allows(rule, a)).count();
            let least = usize::from(rule.required);
            next.extend((from + least..=from + fits).filter(|_| fits >= least));
        }
        next.sort_unstable();
        next.dedup();
        places = next;
    }
    must(places.contains(&t.subject.len()), "the subject is not what the profile's rules make")
}

fn allows(rule: &SubjectRule, attribute: &Attribute<'_>) -> bool {
    let Some(text) = attribute.text() else { return false };
    let string = rule.string.unwrap_or_else(|| rule.attribute.string_type(&text));
    attribute.oid == rule.attribute.oid.content()
        && attribute.tag == string.tag()
        && text.chars().count() <= rule.max_length
        && rule.value.allows(&text)
}

/// RFC 5280 §3.2, §6.1: paths are built by names, so only roots and link certificates have their issuer's.
pub(super) fn self_issued(t: &Target<'_>) -> Verdict {
    let same = t.tbs.issuer == t.tbs.subject;
    let wanted = matches!(t.profile.kind, Kind::Root | Kind::Link);
    must(
        same == wanted,
        if same { "the subject has its issuer's name" } else { "the subject must have its issuer's name" },
    )
}

/// RFC 5280 §4.2.1.6: syntax of each alternative name.
pub(super) fn alt_syntax(t: &Target<'_>) -> Verdict {
    let bad = t.alt_names.iter().find(|name| match name {
        GeneralName::Dns(text) => dns::check(text, true).is_err(),
        GeneralName::Email(text) => email_domain(text).is_none(),
        GeneralName::Uri(text) => uri_scheme(text).is_none(),
        GeneralName::Ip(octets) => !matches!(octets.len(), 4 | 16),
        GeneralName::Directory(name) => name.is_empty(),
        GeneralName::Other { .. } | GeneralName::RegisteredId(_) => false,
        GeneralName::Unread(_) => true,
    });
    match bad {
        Some(name) => Err(format!("{name} is not a name of its kind")),
        None => Ok(()),
    }
}

/// The profile: kinds, domains, wildcards and number of alternative names.
pub(super) fn alt_follow_profile(t: &Target<'_>) -> Verdict {
    let Some(rule) = &t.profile.san else {
        return must(t.alt_names.is_empty(), "the profile has no alternative names");
    };
    if t.alt_names.len() > rule.max {
        return Err(format!("{} alternative names; the profile allows {}", t.alt_names.len(), rule.max));
    }
    let allowed = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(text) => rule.dns.as_ref().is_some_and(|dns| {
            let host = text.strip_prefix("*.");
            let under =
                dns.under.is_empty() || dns.under.iter().any(|d| dns::is_under(host.unwrap_or(text), d));
            (dns.wildcard || host.is_none()) && under
        }),
        GeneralName::Email(text) => rule.email.as_ref().is_some_and(|email| {
            email.under.is_empty() || email_domain(text).is_some_and(|domain| email.under.contains(&domain))
        }),
        GeneralName::Uri(text) => rule.uri.as_ref().is_some_and(|uri| {
            let scheme = uri_scheme(text).unwrap_or_default();
            uri.schemes.iter().any(|allowed| allowed.eq_ignore_ascii_case(scheme))
        }),
        GeneralName::Ip(_) => rule.ip.is_some(),
        GeneralName::Directory(name) => {
            rule.directory || rule.fixed_directory.as_ref().is_some_and(|fixed| fixed.as_ref() == *name)
        }
        GeneralName::Other { oid, .. } => rule.other.iter().any(|other| {
            other.oid.content() == *oid
                && other_text(name)
                    .is_some_and(|t| other.value.allows(t) && t.chars().count() <= other.max_length)
        }),
        GeneralName::RegisteredId(_) | GeneralName::Unread(_) => false,
    };
    match t.alt_names.iter().find(|name| !allowed(name)) {
        Some(name) => Err(format!("{name} is not allowed by the profile")),
        None => alt_complete(t, rule),
    }
}

/// The name that is always the same, the otherNames that every certificate has, each once, and all of them in the
/// profile's order.
fn alt_complete(t: &Target<'_>, rule: &SanRule) -> Verdict {
    let fixed = |name: &Name| {
        t.alt_names.iter().any(|n| matches!(n, GeneralName::Directory(found) if *found == name.as_ref()))
    };
    if rule.fixed_directory.as_ref().is_some_and(|name| !fixed(name)) {
        return Err("the directoryName of the profile is missing".into());
    }
    let others = t.alt_names.iter().filter_map(|name| match name {
        GeneralName::Other { oid, .. } => rule.other.iter().position(|other| other.oid.content() == *oid),
        _ => None,
    });
    let others: Vec<_> = others.collect();
    if let Some((_, missing)) =
        rule.other.iter().enumerate().find(|(i, other)| other.required && !others.contains(i))
    {
        return Err(format!("the otherName {} is missing", missing.oid));
    }
    must(others.is_sorted_by(|a, b| a < b), "the otherNames are not each once, in the order of the profile")
}

/// The profile: the issuer's alternative name.
pub(super) fn issuer_alt_follows_profile(t: &Target<'_>) -> Verdict {
    let wanted = t.profile.issuer_alt_name.iter().map(|name| GeneralName::Directory(name.as_ref()));
    must(t.issuer_alt_names.iter().copied().eq(wanted), "issuerAltName is not that of the profile")
}

/// The profile: a common name that must be one of the dNSNames is one.
pub(super) fn common_name_in_alt(t: &Target<'_>) -> Verdict {
    let rules = t.profile.subject.iter().filter(|rule| rule.in_san);
    for rule in rules {
        for attribute in t.subject.iter().filter(|a| a.oid == rule.attribute.oid.content()) {
            let text = attribute.text().unwrap_or_default();
            if !t.dns_names().any(|name| name.eq_ignore_ascii_case(&text)) {
                return Err(format!("{} is not among the DNS names", rule.attribute.short));
            }
        }
    }
    Ok(())
}

/// Whether the subject is taken over octet by octet from the issuer or from a foreign certificate.
fn is_taken_over(t: &Target<'_>) -> bool {
    matches!(t.profile.kind, Kind::Cross | Kind::Link)
}

/// The text of an otherName that is a UTF8String.
fn other_text<'a>(name: &GeneralName<'a>) -> Option<&'a str> {
    let GeneralName::Other { value, .. } = name else { return None };
    let text = tlv::Reader::only(value, tlv::UTF8_STRING, usize::MAX).ok()?;
    std::str::from_utf8(text.content).ok()
}

fn shown(attribute: &Attribute<'_>) -> String {
    match attribute.known() {
        Some(known) => known.short.to_owned(),
        None => attribute.oid().map_or_else(|| "an attribute".into(), |oid| oid.to_string()),
    }
}
