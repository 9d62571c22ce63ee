//! From what was written to what it means. Every refusal names the setting.

mod directory;
mod extensions;
mod names;

pub(crate) use extensions::unfit_usage;

use super::Profile;
use super::error::ProfileError;
use super::file::{self, File};
use super::rules::{AccessRule, AkiForm, BasicRule, ExtensionKind, Kind, ListRule, RequestRule, Source};
use super::validity::ValidityRule;
use crate::key;
use crate::time::{Day, Period};
use core_pack::KeyFamily;
use core_words::ProfileId;

/// Checks everything and puts it together.
pub(super) fn profile(file: File, hash: [u8; 32]) -> Result<Profile, ProfileError> {
    let id = ProfileId::new(&file.id).map_err(|e| ProfileError::at("id", e.to_string()))?;
    let validity = validity(&file.validity)?;
    let families = families(&file.key.allow)?;
    let rsa_bits = rsa_bits(file.key.rsa_bits.as_ref())?;
    let subject = names::subject(file.kind, &file.subject)?;
    let san = file.subject_alt_name.as_ref().map(names::san).transpose()?;
    let key_usage = extensions::usage(&file.key_usage)?;
    let basic = extensions::basic(file.kind, file.basic_constraints.as_ref())?;
    let other_extensions = extensions::statics(&file.extension)?;
    let values = directory::values(file.kind, &file.value, &subject)?;
    let crl_directory =
        directory::list(file.crl_distribution_points, file.crl_directory.as_ref(), &subject, &values)?;

    let takes_from_request = subject.iter().any(|rule| rule.from != Source::Order)
        || san.as_ref().is_some_and(names::takes_from_request);
    let check_names = match file.request.names {
        Some(names) => names == file::Names::Check,
        None => takes_from_request,
    };
    let mut profile = Profile {
        id,
        hash,
        title_ja: file.title.ja,
        title_en: file.title.en,
        kind: file.kind,
        validity,
        families,
        rsa_bits,
        request: RequestRule { check_names, unknown_extensions: file.request.unknown_extensions },
        subject,
        values,
        san,
        issuer_alt_name: file
            .issuer_alt_name
            .as_ref()
            .map(|name| directory::fixed("issuer_alt_name", name))
            .transpose()?,
        key_usage,
        ext_key_usage: file.extended_key_usage.as_ref().map(extensions::purposes).transpose()?,
        basic,
        policies: file.certificate_policies.as_ref().map(extensions::policies).transpose()?,
        policy_mappings: extensions::mappings(&file.policy_mapping)?,
        policy_constraints: file
            .policy_constraints
            .as_ref()
            .map(extensions::policy_constraints)
            .transpose()?,
        inhibit_any_policy: file.inhibit_any_policy,
        name_constraints: file.name_constraints.as_ref().map(names::constraints).transpose()?,
        crl: file.crl_distribution_points,
        crl_directory,
        freshest: file.freshest_crl,
        access: extensions::access(file.authority_info_access)?,
        key_id: file.subject_key_identifier,
        authority_key_id: file.authority_key_identifier,
        ocsp_no_check: file.ocsp_no_check,
        other_extensions,
        order: Vec::new(),
    };
    extensions::agree(&profile)?;
    names::agree(&profile)?;
    profile.order = order(&profile, file.extension_order.as_deref())?;
    Ok(profile)
}

fn validity(rules: &[file::Validity]) -> Result<Vec<ValidityRule>, ProfileError> {
    let period = |at: String, text: &str| {
        Period::parse(text).ok_or_else(|| {
            ProfileError::at(
                at,
                format!("'{text}' is not a period like '3 years', '39 months', '397 days' or '5 minutes'"),
            )
        })
    };
    let mut out: Vec<ValidityRule> = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        let at = |setting: &str| format!("validity[{i}].{setting}");
        let optional = |setting: &str, text: Option<&str>, default: Period| match text {
            Some(text) => period(at(setting), text),
            None => Ok(default),
        };
        let from = rule.from.as_ref().map(|date| day(date, &at("from"))).transpose()?;
        let in_order = match (out.last(), from) {
            (None, from) => from.is_none(),
            (Some(before), Some(from)) => before.from.is_none_or(|day| day < from),
            (Some(_), None) => false,
        };
        if !in_order {
            let problem = "the first rule has no 'from'; each later one has a later day than the one before";
            return Err(ProfileError::at(at("from"), problem));
        }
        let usual = period(at("period"), &rule.period)?;
        let backdate = match optional("backdate", rule.backdate.as_deref(), Period::Seconds(0))? {
            Period::Seconds(n) if n <= 86_400 => n,
            _ => return Err(ProfileError::at(at("backdate"), "a day at most, in seconds, minutes or hours")),
        };
        out.push(ValidityRule {
            from,
            period: usual,
            max: optional("max", rule.max.as_deref(), usual)?,
            ends: rule.ends,
            backdate,
            past: optional("past", rule.past.as_deref(), Period::Seconds(0))?,
            future: optional("future", rule.future.as_deref(), Period::Seconds(0))?,
            at_issuer_end: rule.at_issuer_end,
        });
    }
    if out.is_empty() {
        return Err(ProfileError::at("validity", "at least one rule is needed"));
    }
    Ok(out)
}

fn day(date: &toml::value::Datetime, at: &str) -> Result<Day, ProfileError> {
    let plain = date.date.filter(|_| date.time.is_none() && date.offset.is_none());
    plain
        .and_then(|d| Day::new(i64::from(d.year), d.month, d.day))
        .ok_or_else(|| ProfileError::at(at, "a day like 2014-08-18, without a time"))
}

fn families(names: &[String]) -> Result<Vec<KeyFamily>, ProfileError> {
    let find = |name: &String| {
        KeyFamily::ALL.into_iter().find(|f| key::family_name(*f) == name).ok_or_else(|| {
            let all: Vec<_> = KeyFamily::ALL.into_iter().map(key::family_name).collect();
            ProfileError::at("key.allow", format!("'{name}' is not one of {}", all.join(", ")))
        })
    };
    let families: Vec<_> = names.iter().map(find).collect::<Result<_, _>>()?;
    if families.is_empty() {
        return Err(ProfileError::at("key.allow", "at least one kind of key is needed"));
    }
    Ok(families)
}

/// The house certifies nothing outside 2048 to 4096 bits, whatever a profile says (K3).
fn rsa_bits(bits: Option<&file::RsaBits>) -> Result<(u16, u16), ProfileError> {
    match bits {
        None => Ok((2048, 4096)),
        Some(b) if 2048 <= b.min && b.min <= b.max && b.max <= 4096 => Ok((b.min, b.max)),
        Some(_) => Err(ProfileError::at("key.rsa_bits", "min and max lie between 2048 and 4096, min first")),
    }
}

/// Which extensions a certificate may have, in the order of their encoding.
fn order(profile: &Profile, wanted: Option<&[String]>) -> Result<Vec<ExtensionKind>, ProfileError> {
    let statics = &profile.other_extensions;
    let all = ExtensionKind::NAMES.into_iter().map(|(_, kind)| kind).filter(|kind| writes(profile, *kind));
    let mut all: Vec<_> = all.chain((0..statics.len()).map(ExtensionKind::Static)).collect();
    let Some(wanted) = wanted else {
        return Ok(all);
    };
    let mut order = Vec::new();
    for name in wanted {
        let named = ExtensionKind::NAMES.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind);
        let numbered = || statics.iter().position(|e| e.oid.to_string() == *name).map(ExtensionKind::Static);
        let kind = named.or_else(numbered);
        match kind.and_then(|kind| all.iter().position(|k| *k == kind)) {
            Some(at) => order.push(all.remove(at)),
            None => {
                let problem = format!("'{name}' is not an extension of this profile, or stands there twice");
                return Err(ProfileError::at("extension_order", problem));
            }
        }
    }
    if let Some(missing) = all.first() {
        let name =
            ExtensionKind::NAMES.iter().find(|(_, kind)| kind == missing).map_or("extension", |(n, _)| n);
        return Err(ProfileError::at("extension_order", format!("'{name}' is missing")));
    }
    Ok(order)
}

fn writes(profile: &Profile, kind: ExtensionKind) -> bool {
    match kind {
        ExtensionKind::AuthorityKeyId => profile.authority_key_id != AkiForm::None,
        ExtensionKind::SubjectKeyId => profile.key_id,
        ExtensionKind::KeyUsage => true,
        ExtensionKind::ExtKeyUsage => profile.ext_key_usage.is_some(),
        ExtensionKind::BasicConstraints => profile.basic != BasicRule::Absent,
        ExtensionKind::SubjectAltName => profile.san.is_some(),
        ExtensionKind::IssuerAltName => profile.issuer_alt_name.is_some(),
        ExtensionKind::Policies => profile.policies.is_some(),
        ExtensionKind::PolicyMappings => !profile.policy_mappings.is_empty(),
        ExtensionKind::PolicyConstraints => profile.policy_constraints.is_some(),
        ExtensionKind::InhibitAnyPolicy => profile.inhibit_any_policy.is_some(),
        ExtensionKind::NameConstraints => profile.name_constraints.is_some(),
        ExtensionKind::CrlDistributionPoints => profile.crl != ListRule::None,
        ExtensionKind::FreshestCrl => profile.freshest,
        ExtensionKind::AuthorityInfoAccess => profile.access != AccessRule::default(),
        ExtensionKind::OcspNoCheck => profile.ocsp_no_check,
        ExtensionKind::Static(_) => true,
    }
}

/// Whether a certificate of this kind carries subject and key of the issuer or of a foreign certificate.
pub(super) fn subject_is_given(kind: Kind) -> bool {
    matches!(kind, Kind::Cross | Kind::Link)
}
