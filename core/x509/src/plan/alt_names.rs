//! The alternative names of a certificate, made by the rules of the profile.

use super::dns;
use super::input::AltName;
use super::refused::{NameProblem, PlanRefused};
use crate::general_name::GeneralName;
use crate::name::is_deceptive;
use crate::profile::{Profile, SanRule, Source};
use crate::tlv;
use std::borrow::Cow;
use std::net::IpAddr;

/// What was decided.
#[derive(Default)]
pub(super) struct AltNames {
    /// The encoded names, one after another.
    pub(super) content: Vec<u8>,
    /// Where each name ends there.
    ends: Vec<usize>,
}

/// Makes the names. They stand in the order of their kinds here, and within a kind as they were given.
pub(super) fn make(
    profile: &Profile,
    order: &[AltName],
    requested: &[GeneralName<'_>],
) -> Result<AltNames, PlanRefused> {
    let mut out = AltNames::default();
    let Some(rule) = &profile.san else {
        if let Some(name) = order.first() {
            return Err(PlanRefused::name(name.kind(), NameProblem::NoPlace));
        }
        granted(profile, &out, requested)?;
        return Ok(out);
    };
    if order.len() > rule.max {
        return Err(PlanRefused::name("subjectAltName", NameProblem::TooMany));
    }
    if let Some(name) = &rule.fixed_directory {
        out.add(&GeneralName::Directory(name.as_ref()));
    }
    dns_names(rule, order, requested, &mut out)?;
    emails(rule, order, requested, &mut out)?;
    uris(rule, order, requested, &mut out)?;
    ips(rule, order, requested, &mut out)?;
    directories(rule, order, &mut out)?;
    others(rule, order, &mut out)?;
    if out.ends.len() > rule.max {
        return Err(PlanRefused::name("subjectAltName", NameProblem::TooMany));
    }
    if rule.required && out.ends.is_empty() {
        return Err(PlanRefused::Missing { name: "subjectAltName".into() });
    }
    granted(profile, &out, requested)?;
    Ok(out)
}

impl AltNames {
    /// Adds a name, unless it is there already.
    fn add(&mut self, name: &GeneralName<'_>) {
        let start = self.content.len();
        name.push(&mut self.content);
        if self.find(&self.content[start..], start) {
            self.content.truncate(start);
        } else {
            self.ends.push(self.content.len());
        }
    }

    /// Whether one of the names before `end` has this encoding.
    fn find(&self, encoded: &[u8], end: usize) -> bool {
        let mut from = 0;
        self.ends.iter().take_while(|e| **e <= end).any(|to| {
            let name = &self.content[from..*to];
            from = *to;
            name == encoded
        })
    }

    fn has(&self, name: &GeneralName<'_>) -> bool {
        let mut encoded = Vec::new();
        name.push(&mut encoded);
        self.find(&encoded, self.content.len())
    }

    /// Whether this is one of the dNSNames.
    pub(super) fn has_dns(&self, name: &str) -> bool {
        self.has(&GeneralName::Dns(&name.to_ascii_lowercase()))
    }
}

/// That the certificate will have every name that the request asks for.
fn granted(profile: &Profile, out: &AltNames, requested: &[GeneralName<'_>]) -> Result<(), PlanRefused> {
    if !profile.request.check_names {
        return Ok(());
    }
    let has = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(text) => out.has_dns(text),
        other => out.has(other),
    };
    match requested.iter().find(|name| !has(name)) {
        Some(name) => {
            let name: String = name.to_string().chars().take(100).collect();
            Err(PlanRefused::name(name, NameProblem::NotGranted))
        }
        None => Ok(()),
    }
}

/// The texts of one kind: from the order, from the request, or from the order and else the request.
fn texts<'a>(
    from: Source,
    order: &'a [AltName],
    requested: &[GeneralName<'a>],
    of_order: fn(&AltName) -> Option<&str>,
    of_request: impl Fn(&GeneralName<'a>) -> Option<&'a str>,
) -> Vec<&'a str> {
    let ordered: Vec<_> = match from {
        Source::Request => Vec::new(),
        Source::Order | Source::Either => order.iter().filter_map(of_order).collect(),
    };
    match from {
        Source::Order => ordered,
        Source::Either if !ordered.is_empty() => ordered,
        Source::Request | Source::Either => requested.iter().filter_map(of_request).collect(),
    }
}

/// That the order gives no names of a kind for which there is no rule.
fn no_place(order: &[AltName], kind: &'static str) -> Result<(), PlanRefused> {
    match order.iter().any(|name| name.kind() == kind) {
        true => Err(PlanRefused::name(kind, NameProblem::NoPlace)),
        false => Ok(()),
    }
}

fn dns_names(
    rule: &SanRule,
    order: &[AltName],
    requested: &[GeneralName<'_>],
    out: &mut AltNames,
) -> Result<(), PlanRefused> {
    let Some(rule) = &rule.dns else {
        return no_place(order, AltName::DNS);
    };
    for text in texts(rule.from, order, requested, AltName::dns, |name| match name {
        GeneralName::Dns(text) => Some(text),
        _ => None,
    }) {
        let name: Cow<'_, str> = match text.bytes().any(|b| b.is_ascii_uppercase()) {
            true => text.to_ascii_lowercase().into(),
            false => text.into(),
        };
        dns::check(&name, rule.wildcard).map_err(|fault| PlanRefused::name(AltName::DNS, fault))?;
        let host = name.strip_prefix("*.").unwrap_or(&name);
        if !rule.under.is_empty() && !rule.under.iter().any(|domain| dns::is_under(host, domain)) {
            return Err(PlanRefused::name(AltName::DNS, NameProblem::Domain));
        }
        out.add(&GeneralName::Dns(&name));
    }
    Ok(())
}

fn emails(
    rule: &SanRule,
    order: &[AltName],
    requested: &[GeneralName<'_>],
    out: &mut AltNames,
) -> Result<(), PlanRefused> {
    let Some(rule) = &rule.email else {
        return no_place(order, AltName::EMAIL);
    };
    for text in texts(rule.from, order, requested, AltName::email, |name| match name {
        GeneralName::Email(text) => Some(text),
        _ => None,
    }) {
        let domain =
            email_domain(text).ok_or_else(|| PlanRefused::name(AltName::EMAIL, NameProblem::Syntax))?;
        if !rule.under.is_empty() && !rule.under.contains(&domain) {
            return Err(PlanRefused::name(AltName::EMAIL, NameProblem::Domain));
        }
        out.add(&GeneralName::Email(text));
    }
    Ok(())
}

/// The domain of a mail address in small letters; `None` when it is no Mailbox of RFC 5321 §4.1.2 with a
/// dot-string before a qualified domain. Quoted local parts and address literals are not certified.
pub(crate) fn email_domain(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let atom = |part: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
        !part.is_empty() && part.bytes().all(plain)
    };
    let domain = domain.to_ascii_lowercase();
    let ok = local.len() <= 64 && local.split('.').all(atom) && dns::check(&domain, false).is_ok();
    ok.then_some(domain)
}

fn uris(
    rule: &SanRule,
    order: &[AltName],
    requested: &[GeneralName<'_>],
    out: &mut AltNames,
) -> Result<(), PlanRefused> {
    let Some(rule) = &rule.uri else {
        return no_place(order, AltName::URI);
    };
    for text in texts(rule.from, order, requested, AltName::uri, |name| match name {
        GeneralName::Uri(text) => Some(text),
        _ => None,
    }) {
        let scheme = uri_scheme(text).ok_or_else(|| PlanRefused::name(AltName::URI, NameProblem::Syntax))?;
        if !rule.schemes.iter().any(|allowed| allowed.eq_ignore_ascii_case(scheme)) {
            return Err(PlanRefused::name(AltName::URI, NameProblem::Domain));
        }
        out.add(&GeneralName::Uri(text));
    }
    Ok(())
}

/// The scheme of an absolute URI in ASCII (RFC 5280 §4.2.1.6: it must not be relative).
pub(crate) fn uri_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let mut octets = scheme.bytes();
    let named = octets.next().is_some_and(|b| b.is_ascii_alphabetic())
        && octets.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let plain =
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b));
    (named && plain && text.len() <= 2_048).then_some(scheme)
}

fn ips(
    rule: &SanRule,
    order: &[AltName],
    requested: &[GeneralName<'_>],
    out: &mut AltNames,
) -> Result<(), PlanRefused> {
    let Some(rule) = &rule.ip else {
        return no_place(order, AltName::IP);
    };
    let before = out.ends.len();
    if rule.from != Source::Request {
        for name in order {
            match name {
                AltName::Ip(IpAddr::V4(v4)) => out.add(&GeneralName::Ip(&v4.octets())),
                AltName::Ip(IpAddr::V6(v6)) => out.add(&GeneralName::Ip(&v6.octets())),
                _ => {}
            }
        }
    }
    if rule.from == Source::Request || (rule.from == Source::Either && out.ends.len() == before) {
        for name in requested {
            match name {
                GeneralName::Ip(octets) if matches!(octets.len(), 4 | 16) => out.add(name),
                GeneralName::Ip(_) => return Err(PlanRefused::name(AltName::IP, NameProblem::Syntax)),
                _ => {}
            }
        }
    }
    Ok(())
}

fn directories(rule: &SanRule, order: &[AltName], out: &mut AltNames) -> Result<(), PlanRefused> {
    if !rule.directory {
        return no_place(order, AltName::DIRECTORY);
    }
    for name in order {
        match name {
            AltName::Directory(name) if name.as_ref().is_empty() => {
                return Err(PlanRefused::name(AltName::DIRECTORY, NameProblem::Length));
            }
            AltName::Directory(name) => out.add(&GeneralName::Directory(name.as_ref())),
            _ => {}
        }
    }
    Ok(())
}

fn others(rule: &SanRule, order: &[AltName], out: &mut AltNames) -> Result<(), PlanRefused> {
    for name in order {
        if let AltName::Other { oid, .. } = name
            && !rule.other.iter().any(|rule| rule.oid == *oid)
        {
            return Err(PlanRefused::name(oid.to_string(), NameProblem::NoPlace));
        }
    }
    for rule in &rule.other {
        let mut texts = order.iter().filter_map(|name| match name {
            AltName::Other { oid, text } if *oid == rule.oid => Some(text),
            _ => None,
        });
        let problem = |problem: NameProblem| PlanRefused::name(rule.oid.to_string(), problem);
        match (texts.next(), texts.next()) {
            (None, _) if rule.required => return Err(PlanRefused::Missing { name: rule.oid.to_string() }),
            (None, _) => {}
            (Some(_), Some(_)) => return Err(problem(NameProblem::TooMany)),
            (Some(text), None) => {
                if text.is_empty() || text.chars().count() > rule.max_length {
                    return Err(problem(NameProblem::Length));
                }
                if !rule.value.allows(text) {
                    return Err(problem(NameProblem::Value));
                }
                if text.chars().any(is_deceptive) {
                    return Err(problem(NameProblem::Character));
                }
                let value = tlv::tlv(tlv::UTF8_STRING, &[text.as_bytes()]);
                out.add(&GeneralName::Other { oid: rule.oid.content(), value: &value });
            }
        }
    }
    Ok(())
}

impl AltName {
    const DNS: &'static str = "dNSName";
    const EMAIL: &'static str = "rfc822Name";
    const URI: &'static str = "uniformResourceIdentifier";
    const IP: &'static str = "iPAddress";
    const DIRECTORY: &'static str = "directoryName";

    fn dns(&self) -> Option<&str> {
        if let Self::Dns(text) = self { Some(text) } else { None }
    }

    fn email(&self) -> Option<&str> {
        if let Self::Email(text) = self { Some(text) } else { None }
    }

    fn uri(&self) -> Option<&str> {
        if let Self::Uri(text) = self { Some(text) } else { None }
    }

    /// What RFC 5280 calls its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dns(_) => Self::DNS,
            Self::Email(_) => Self::EMAIL,
            Self::Uri(_) => Self::URI,
            Self::Ip(_) => Self::IP,
            Self::Directory(_) => Self::DIRECTORY,
            Self::Other { .. } => "otherName",
        }
    }
}
