//! Usage, constraints and policies.

use crate::certificate::{self, KeyUsage};
use crate::oid::{self, Oid};
use crate::profile::Profile;
use crate::profile::error::ProfileError;
use crate::profile::file;
use crate::profile::rules::{
    AccessRule, AkiForm, BasicRule, ExtensionKind, Kind, PolicyRule, StaticExtension, UsageRule,
};
use crate::tlv::Reader;
use core_pack::KeyFamily;

pub(super) fn usage(usage: &file::KeyUsage) -> Result<UsageRule, ProfileError> {
    let rule = UsageRule {
        all: bits("key_usage.bits", &usage.bits)?,
        rsa: bits("key_usage.rsa", &usage.rsa)?,
        ec: bits("key_usage.ec", &usage.ec)?,
        critical: usage.critical,
    };
    // RFC 5280 §4.2.1.3: at least one bit must be set, whatever the key.
    if rule.all == KeyUsage(0) {
        return Err(ProfileError::at("key_usage.bits", "at least one bit is needed"));
    }
    Ok(rule)
}

fn bits(at: &str, names: &[String]) -> Result<KeyUsage, ProfileError> {
    names.iter().try_fold(KeyUsage(0), |usage, name| {
        let bit = KeyUsage::NAMES.iter().find(|(known, _)| known == name).ok_or_else(|| {
            let all: Vec<_> = KeyUsage::NAMES.iter().map(|(known, _)| *known).collect();
            ProfileError::at(at, format!("'{name}' is not one of {}", all.join(", ")))
        })?;
        Ok(usage.with(bit.1))
    })
}

pub(super) fn purposes(usage: &file::ExtKeyUsage) -> Result<(Vec<Oid>, bool), ProfileError> {
    const AT: &str = "extended_key_usage.purposes";
    const NAMES: [(&str, Oid); 7] = [
        ("serverAuth", oid::KP_SERVER_AUTH),
        ("clientAuth", oid::KP_CLIENT_AUTH),
        ("codeSigning", oid::KP_CODE_SIGNING),
        ("emailProtection", oid::KP_EMAIL_PROTECTION),
        ("timeStamping", oid::KP_TIME_STAMPING),
        ("OCSPSigning", oid::KP_OCSP_SIGNING),
        ("documentSigning", oid::KP_DOCUMENT_SIGNING),
    ];
    let mut out = Vec::new();
    for name in &usage.purposes {
        let named = NAMES.iter().find(|(known, _)| known == name).map(|(_, oid)| *oid);
        let purpose = named.map_or_else(|| Oid::from_dotted(name), Ok).map_err(|_| {
            let all: Vec<_> = NAMES.iter().map(|(known, _)| *known).collect();
            ProfileError::at(AT, format!("'{name}' is not one of {} or an object identifier", all.join(", ")))
        })?;
        if out.contains(&purpose) {
            return Err(ProfileError::at(AT, format!("'{name}' stands there twice")));
        }
        // It would take back what the other purposes restrict.
        if purpose == oid::ANY_EXT_KEY_USAGE {
            return Err(ProfileError::at(AT, "anyExtendedKeyUsage is not issued"));
        }
        out.push(purpose);
    }
    if out.is_empty() {
        return Err(ProfileError::at(AT, "at least one purpose is needed"));
    }
    Ok((out, usage.critical))
}

pub(super) fn basic(kind: Kind, basic: Option<&file::Basic>) -> Result<BasicRule, ProfileError> {
    let authority = matches!(kind, Kind::Root | Kind::Ca | Kind::Cross | Kind::Link);
    const AT: &str = "basic_constraints";
    match basic {
        None if authority => Err(ProfileError::at(AT, "an authority needs 'ca = true' (RFC 5280 §4.2.1.9)")),
        None => Ok(BasicRule::Absent),
        Some(b) if b.ca != authority => {
            Err(ProfileError::at(format!("{AT}.ca"), "does not agree with 'kind'"))
        }
        Some(b) if b.ca && b.critical == Some(false) => Err(ProfileError::at(
            format!("{AT}.critical"),
            "must be critical for an authority (RFC 5280 §4.2.1.9)",
        )),
        Some(b) if b.ca => Ok(BasicRule::Ca { path_len: b.path_len }),
        Some(b) if b.path_len.is_some() => {
            Err(ProfileError::at(format!("{AT}.path_len"), "only an authority has one (RFC 5280 §4.2.1.9)"))
        }
        Some(b) => Ok(BasicRule::EndEntity { critical: b.critical.unwrap_or(true) }),
    }
}

pub(super) fn policies(policies: &file::Policies) -> Result<(Vec<PolicyRule>, bool), ProfileError> {
    let mut out: Vec<PolicyRule> = Vec::new();
    for (i, policy) in policies.policy.iter().enumerate() {
        let at = |setting: &str| format!("certificate_policies.policy[{i}].{setting}");
        let oid = dotted(&at("oid"), &policy.oid)?;
        if out.iter().any(|p| p.oid == oid) {
            return Err(ProfileError::at(at("oid"), "stands there twice (RFC 5280 §4.2.1.4)"));
        }
        if policy.cps.as_ref().is_some_and(|url| !is_url(url)) {
            return Err(ProfileError::at(
                at("cps"),
                "an address that begins with http:// or https://, in ASCII",
            ));
        }
        let fits = |text: &String| {
            (1..=200).contains(&text.chars().count()) && !text.chars().any(crate::name::is_deceptive)
        };
        if policy.notice.as_ref().is_some_and(|text| !fits(text)) {
            return Err(ProfileError::at(at("notice"), "1 to 200 characters, none a control character"));
        }
        out.push(PolicyRule { oid, cps: policy.cps.clone(), notice: policy.notice.clone() });
    }
    if out.is_empty() {
        return Err(ProfileError::at("certificate_policies.policy", "at least one is needed"));
    }
    Ok((out, policies.critical))
}

fn is_url(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://"))
        && text.bytes().all(|b| b.is_ascii_graphic())
}

fn dotted(at: &str, text: &str) -> Result<Oid, ProfileError> {
    Oid::from_dotted(text).map_err(|e| ProfileError::at(at, e.to_string()))
}

pub(super) fn access(access: file::Access) -> Result<AccessRule, ProfileError> {
    const AT: &str = "authority_info_access.ocsp_uri";
    match &access.ocsp_uri {
        Some(_) if access.ocsp => Err(ProfileError::at(AT, "only one of 'ocsp' and 'ocsp_uri'")),
        Some(uri) if !is_url(uri) => {
            Err(ProfileError::at(AT, "an address that begins with http:// or https://, in ASCII"))
        }
        _ => Ok(AccessRule { ca_issuers: access.ca_issuers, ocsp: access.ocsp, ocsp_uri: access.ocsp_uri }),
    }
}

pub(super) fn mappings(mappings: &[file::PolicyMapping]) -> Result<Vec<(Oid, Oid)>, ProfileError> {
    let mut out = Vec::new();
    for (i, mapping) in mappings.iter().enumerate() {
        let at = format!("policy_mapping[{i}]");
        let pair = (dotted(&at, &mapping.issuer)?, dotted(&at, &mapping.subject)?);
        if pair.0 == oid::ANY_POLICY || pair.1 == oid::ANY_POLICY {
            return Err(ProfileError::at(at, "anyPolicy is never mapped (RFC 5280 §4.2.1.5)"));
        }
        out.push(pair);
    }
    Ok(out)
}

pub(super) fn policy_constraints(
    constraints: &file::PolicyConstraints,
) -> Result<certificate::PolicyConstraints, ProfileError> {
    let out = certificate::PolicyConstraints {
        require_explicit: constraints.require_explicit,
        inhibit_mapping: constraints.inhibit_mapping,
    };
    if out.require_explicit.is_none() && out.inhibit_mapping.is_none() {
        return Err(ProfileError::at(
            "policy_constraints",
            "at least one of both is needed (RFC 5280 §4.2.1.11)",
        ));
    }
    Ok(out)
}

pub(super) fn statics(extensions: &[file::Static]) -> Result<Vec<StaticExtension>, ProfileError> {
    let mut out: Vec<StaticExtension> = Vec::new();
    for (i, extension) in extensions.iter().enumerate() {
        let at = |setting: &str| format!("extension[{i}].{setting}");
        let oid = dotted(&at("oid"), &extension.oid)?;
        let known = ExtensionKind::NAMES.iter().any(|(_, kind)| kind.oid(&[]) == oid.content());
        if known || out.iter().any(|e| e.oid == oid) {
            return Err(ProfileError::at(
                at("oid"),
                "an extension that has its own setting, or stands there twice",
            ));
        }
        let value =
            hex(&extension.der).ok_or_else(|| ProfileError::at(at("der"), "hexadecimal digits, in pairs"))?;
        let mut reader = Reader::new(&value);
        if reader.next().is_err() || !reader.is_empty() {
            return Err(ProfileError::at(at("der"), "one DER element"));
        }
        out.push(StaticExtension { oid, critical: extension.critical, value });
    }
    Ok(out)
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).map(|d| d as u8))
        .collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Rules that reach over several settings.
pub(super) fn agree(profile: &Profile) -> Result<(), ProfileError> {
    let authority = matches!(profile.basic, BasicRule::Ca { .. });
    let usage = profile.key_usage;
    let fail = |at: &str, problem: &str| Err(ProfileError::at(at, problem));
    for family in &profile.families {
        let bits = profile.key_usage(*family);
        if let Some(problem) = unfit_usage(*family, bits) {
            return fail("key_usage", &format!("{}: {problem}", crate::key::family_name(*family)));
        }
    }
    let all = usage.all.with(usage.rsa).with(usage.ec);
    if all.key_cert_sign() != authority {
        return fail(
            "key_usage.bits",
            "keyCertSign belongs to authorities, and to all of them (RFC 5280 §4.2.1.3)",
        );
    }
    if let BasicRule::Ca { path_len: Some(_) } = profile.basic
        && !usage.all.key_cert_sign()
    {
        return fail("basic_constraints.path_len", "needs keyCertSign (RFC 5280 §4.2.1.9)");
    }
    let for_authorities = [
        ("name_constraints", profile.name_constraints.is_some()),
        ("policy_mapping", !profile.policy_mappings.is_empty()),
        ("policy_constraints", profile.policy_constraints.is_some()),
        ("inhibit_any_policy", profile.inhibit_any_policy.is_some()),
    ];
    if let Some((at, _)) = for_authorities.iter().find(|(_, there)| *there && !authority) {
        return fail(at, "only an authority has it (RFC 5280 §4.2.1)");
    }
    let asserted =
        |policy: &Oid| profile.policies.as_ref().is_some_and(|(p, _)| p.iter().any(|p| p.oid == *policy));
    if let Some((issuers, _)) = profile.policy_mappings.iter().find(|(issuers, _)| !asserted(issuers)) {
        let problem =
            format!("{issuers} is mapped, and does not stand in certificate_policies (RFC 5280 §4.2.1.5)");
        return fail("policy_mapping", &problem);
    }
    if authority && !profile.key_id {
        return fail("subject_key_identifier", "an authority must have it (RFC 5280 §4.2.1.2)");
    }
    if profile.authority_key_id == AkiForm::None && profile.kind != Kind::Root {
        return fail("authority_key_identifier", "only a root may leave it out (RFC 5280 §4.2.1.1)");
    }
    let has = |purpose: Oid| profile.ext_key_usage.as_ref().is_some_and(|(p, _)| p.contains(&purpose));
    let alone = profile.ext_key_usage.as_ref().is_some_and(|(p, critical)| p.len() == 1 && *critical);
    match profile.kind {
        Kind::OcspSigner if !has(oid::KP_OCSP_SIGNING) => {
            fail("extended_key_usage", "a delegated responder has OCSPSigning (RFC 6960 §4.2.2.2)")
        }
        Kind::TimestampSigner if !has(oid::KP_TIME_STAMPING) || !alone => {
            fail("extended_key_usage", "timeStamping alone, and critical (RFC 3161 §2.3)")
        }
        Kind::OcspSigner | Kind::TimestampSigner => Ok(()),
        _ if has(oid::KP_OCSP_SIGNING) || profile.ocsp_no_check => {
            fail("kind", "OCSPSigning and ocsp_no_check belong to the kind 'ocsp-signer'")
        }
        _ => Ok(()),
    }
}

/// Why keys of this family must not have this usage.
pub(crate) fn unfit_usage(family: KeyFamily, usage: KeyUsage) -> Option<&'static str> {
    let only_signs = KeyUsage::KEY_ENCIPHERMENT
        .with(KeyUsage::DATA_ENCIPHERMENT)
        .with(KeyUsage::KEY_AGREEMENT)
        .with(KeyUsage::ENCIPHER_ONLY)
        .with(KeyUsage::DECIPHER_ONLY);
    let agreement_bits = KeyUsage::ENCIPHER_ONLY.with(KeyUsage::DECIPHER_ONLY);
    if usage.any_of(agreement_bits) && !usage.key_agreement() {
        return Some("encipherOnly and decipherOnly mean nothing without keyAgreement (RFC 5280 §4.2.1.3)");
    }
    match family {
        KeyFamily::Rsa if usage.key_agreement() => Some("RSA keys do not agree on keys (RFC 3279 §2.3.1)"),
        KeyFamily::P256 | KeyFamily::P384
            if usage.any_of(KeyUsage::KEY_ENCIPHERMENT.with(KeyUsage::DATA_ENCIPHERMENT)) =>
        {
            Some("EC keys encipher neither keys nor data (RFC 8813 §3)")
        }
        KeyFamily::Ed25519 if usage.any_of(only_signs) => Some("Ed25519 keys only sign (RFC 8410 §5)"),
        KeyFamily::MlDsa44 | KeyFamily::MlDsa65 | KeyFamily::MlDsa87 if usage.any_of(only_signs) => {
            Some("ML-DSA keys only sign (RFC 9881 §5)")
        }
        _ => None,
    }
}
