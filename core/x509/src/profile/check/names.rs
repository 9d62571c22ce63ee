//! Subject, alternative names and name constraints.

use super::subject_is_given;
use crate::name::{AttributeType, Name, StringType};
use crate::oid::Oid;
use crate::plan::dns;
use crate::profile::Profile;
use crate::profile::error::ProfileError;
use crate::profile::file;
use crate::profile::pattern::Pattern;
use crate::profile::rules::{
    Constraints, DnsRule, EmailRule, IpRule, Kind, OtherNameRule, SanRule, Source, SubjectRule, Subtrees,
    UriRule, ValueRule,
};

/// Most alternative names of one certificate, unless the profile says fewer: 100 names of 253 octets are
/// 25 KiB, which clients still read.
const MOST_NAMES: usize = 100;

pub(super) fn subject(kind: Kind, rules: &[file::Subject]) -> Result<Vec<SubjectRule>, ProfileError> {
    if subject_is_given(kind) && !rules.is_empty() {
        let problem = "a certificate of this kind takes its subject as it is; rules cannot hold";
        return Err(ProfileError::at("subject", problem));
    }
    rules.iter().enumerate().map(|(i, rule)| subject_rule(&format!("subject[{i}]"), rule)).collect()
}

fn subject_rule(at: &str, rule: &file::Subject) -> Result<SubjectRule, ProfileError> {
    let setting = |name: &str, problem: String| ProfileError::at(format!("{at}.{name}"), problem);
    let attribute = AttributeType::from_short(&rule.attribute).ok_or_else(|| {
        let all: Vec<_> = crate::name::ATTRIBUTES.iter().map(|a| a.short).collect();
        setting("attribute", format!("'{}' is not one of {}", rule.attribute, all.join(", ")))
    })?;
    let string = rule.string.map(string_type);
    let fits = match (attribute.only, string) {
        (_, None) => true,
        (Some(only), Some(string)) => only == string,
        // RFC 5280 §4.1.2.4: a DirectoryString is a PrintableString or UTF8String.
        (None, Some(string)) => string != StringType::Ia5,
    };
    if !fits {
        return Err(setting("string", format!("{} is not written in this type", attribute.short)));
    }
    let max_length = rule.max_length.unwrap_or(attribute.max);
    if max_length == 0 || max_length > attribute.max {
        let problem =
            format!("{} has 1 to {} characters (RFC 5280 Appendix A.1)", attribute.short, attribute.max);
        return Err(setting("max_length", problem));
    }
    if rule.times == 0 || rule.times > 8 {
        return Err(setting("times", "1 to 8".into()));
    }
    let value = value(at, rule.fixed.as_deref(), rule.one_of.as_deref(), rule.pattern.as_deref())?;
    let written: &[String] = match &value {
        ValueRule::Fixed(text) => std::slice::from_ref(text),
        ValueRule::OneOf(values) => values,
        ValueRule::Any | ValueRule::Pattern(_) => &[],
    };
    for text in written {
        let carried = string.is_none_or(|s| s.can_carry(text)) && text.chars().count() <= max_length;
        if !carried || Name::of(&[(attribute, text)]).is_err() {
            return Err(setting("fixed or one_of", format!("'{text}' does not fit {}", attribute.short)));
        }
    }
    if rule.fixed.is_some() && (rule.from != Source::Order || rule.times != 1 || !rule.required) {
        let problem = "a fixed value stands once in every certificate, wherever else values come from";
        return Err(setting("fixed", problem.into()));
    }
    Ok(SubjectRule {
        attribute,
        key: rule.key.clone().unwrap_or_else(|| attribute.short.to_owned()),
        from: rule.from,
        required: rule.required,
        times: rule.times,
        value,
        max_length,
        string,
        in_san: rule.in_san,
    })
}

pub(super) fn string_type(name: file::StringName) -> StringType {
    match name {
        file::StringName::Printable => StringType::Printable,
        file::StringName::Utf8 => StringType::Utf8,
        file::StringName::Ia5 => StringType::Ia5,
    }
}

pub(super) fn value(
    at: &str,
    fixed: Option<&str>,
    one_of: Option<&[String]>,
    pattern: Option<&str>,
) -> Result<ValueRule, ProfileError> {
    match (fixed, one_of, pattern) {
        (None, None, None) => Ok(ValueRule::Any),
        (Some(text), None, None) => Ok(ValueRule::Fixed(text.to_owned())),
        (None, Some([]), None) => {
            Err(ProfileError::at(format!("{at}.one_of"), "at least one value is needed"))
        }
        (None, Some(values), None) => Ok(ValueRule::OneOf(values.to_vec())),
        (None, None, Some(text)) => Pattern::parse(text)
            .map(ValueRule::Pattern)
            .map_err(|e| ProfileError::at(format!("{at}.pattern"), e.to_string())),
        _ => Err(ProfileError::at(at, "only one of 'fixed', 'one_of' and 'pattern'")),
    }
}

pub(super) fn san(san: &file::San) -> Result<SanRule, ProfileError> {
    let max = san.max.unwrap_or(MOST_NAMES);
    if max == 0 || max > MOST_NAMES {
        return Err(ProfileError::at("subject_alt_name.max", format!("1 to {MOST_NAMES}")));
    }
    let dns = match &san.dns {
        None => None,
        Some(rule) => {
            domains("subject_alt_name.dns.under", &rule.under)?;
            Some(DnsRule { from: rule.from, wildcard: rule.wildcard, under: rule.under.clone() })
        }
    };
    let email = match &san.email {
        None => None,
        Some(rule) => {
            domains("subject_alt_name.email.under", &rule.under)?;
            Some(EmailRule { from: rule.from, under: rule.under.clone() })
        }
    };
    let mut other = Vec::new();
    for (i, rule) in san.other.iter().enumerate() {
        let at = format!("subject_alt_name.other[{i}]");
        let oid =
            Oid::from_dotted(&rule.oid).map_err(|e| ProfileError::at(format!("{at}.oid"), e.to_string()))?;
        let value = value(&at, None, rule.one_of.as_deref(), rule.pattern.as_deref())?;
        other.push(OtherNameRule {
            oid,
            required: rule.required,
            value,
            max_length: rule.max_length.unwrap_or(1_024).min(1_024),
        });
    }
    Ok(SanRule {
        required: san.required,
        critical: san.critical,
        max,
        dns,
        email,
        uri: san.uri.as_ref().map(|u| UriRule { from: u.from, schemes: u.schemes.clone() }),
        ip: san.ip.as_ref().map(|ip| IpRule { from: ip.from }),
        directory: san.directory,
        fixed_directory: san
            .fixed_directory
            .as_ref()
            .map(|name| super::directory::fixed("subject_alt_name.fixed_directory", name))
            .transpose()?,
        other,
    })
}

fn domains(at: &str, domains: &[String]) -> Result<(), ProfileError> {
    match domains.iter().find(|d| dns::check(d, false).is_err()) {
        Some(bad) => Err(ProfileError::at(at, format!("'{bad}' is not a domain like city.example.jp"))),
        None => Ok(()),
    }
}

pub(super) fn takes_from_request(san: &SanRule) -> bool {
    [
        san.dns.as_ref().map(|r| r.from),
        san.email.as_ref().map(|r| r.from),
        san.uri.as_ref().map(|r| r.from),
        san.ip.as_ref().map(|r| r.from),
    ]
    .into_iter()
    .flatten()
    .any(|from| from != Source::Order)
}

pub(super) fn constraints(constraints: &file::NameConstraints) -> Result<Constraints, ProfileError> {
    let out = Constraints {
        permitted: subtrees("name_constraints.permitted", &constraints.permitted)?,
        excluded: subtrees("name_constraints.excluded", &constraints.excluded)?,
    };
    // RFC 5280 §4.2.1.10: neither may be missing at once.
    if out.permitted.is_empty() && out.excluded.is_empty() {
        return Err(ProfileError::at("name_constraints", "at least one subtree is needed"));
    }
    Ok(out)
}

fn subtrees(at: &str, trees: &file::Subtrees) -> Result<Subtrees, ProfileError> {
    domains(&format!("{at}.dns"), &trees.dns)?;
    for text in trees.email.iter().chain(&trees.uri) {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(ProfileError::at(at, format!("'{text}' is no host, domain or address")));
        }
    }
    let ip = |text: &String| {
        network(text).ok_or_else(|| {
            ProfileError::at(format!("{at}.ip"), format!("'{text}' is not a network like 10.0.0.0/8"))
        })
    };
    Ok(Subtrees {
        dns: trees.dns.clone(),
        email: trees.email.clone(),
        uri: trees.uri.clone(),
        ip: trees.ip.iter().map(ip).collect::<Result<_, _>>()?,
        directory: trees.directory.iter().map(|rdns| directory(at, rdns)).collect::<Result<_, _>>()?,
    })
}

/// `C=JP`, `O=Example`, … in the order of their encoding.
fn directory(at: &str, rdns: &[String]) -> Result<Name, ProfileError> {
    let pair = |rdn: &String| {
        let (short, value) = rdn.split_once('=')?;
        Some((AttributeType::from_short(short)?, value.to_owned()))
    };
    let bad = || ProfileError::at(format!("{at}.directory"), "a list like [\"C=JP\", \"O=Example\"]");
    let pairs: Vec<_> = rdns.iter().map(pair).collect::<Option<_>>().ok_or_else(bad)?;
    let pairs: Vec<_> = pairs.iter().map(|(a, v)| (*a, v.as_str())).collect();
    Name::of(&pairs).map_err(|e| ProfileError::at(format!("{at}.directory"), e.to_string()))
}

/// Address and mask in octets.
fn network(text: &str) -> Option<Vec<u8>> {
    let (address, bits) = text.split_once('/')?;
    let octets = match address.parse().ok()? {
        std::net::IpAddr::V4(v4) => v4.octets().to_vec(),
        std::net::IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let bits: usize = bits.parse().ok().filter(|b| *b <= octets.len() * 8)?;
    let mask = (0..octets.len()).map(|i| {
        let ones = bits.saturating_sub(i * 8).min(8);
        !(0xffu16 >> ones) as u8
    });
    let mask: Vec<u8> = mask.collect();
    // Bits outside the mask would say nothing.
    octets.iter().zip(&mask).all(|(o, m)| o & !m == 0).then(|| [octets, mask].concat())
}

/// Rules that reach over several settings.
pub(super) fn agree(profile: &Profile) -> Result<(), ProfileError> {
    let has_dns = profile.san.as_ref().is_some_and(|san| san.dns.is_some());
    if let Some(i) = profile.subject.iter().position(|rule| rule.in_san && !has_dns) {
        let problem = "'in_san' needs [subject_alt_name.dns]";
        return Err(ProfileError::at(format!("subject[{i}].in_san"), problem));
    }
    let named = profile.subject.iter().any(|rule| rule.required);
    let san_named = profile.san.as_ref().is_some_and(|san| san.required);
    // RFC 5280 §4.1.2.6: an authority has a name; others have one, or a subjectAltName.
    let ok = match profile.kind {
        Kind::Cross | Kind::Link => true,
        Kind::EndEntity => named || san_named,
        Kind::Root | Kind::Ca | Kind::OcspSigner | Kind::TimestampSigner => named,
    };
    if ok { Ok(()) } else { Err(ProfileError::at("subject", "at least one attribute must be required")) }
}

impl Subtrees {
    fn is_empty(&self) -> bool {
        self.dns.is_empty()
            && self.email.is_empty()
            && self.uri.is_empty()
            && self.ip.is_empty()
            && self.directory.is_empty()
    }
}
