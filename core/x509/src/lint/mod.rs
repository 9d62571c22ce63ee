//! Lints: nothing is signed that does not keep RFC 5280, its profile and our own rules (K2).
//!
//! A lint looks at the octets to be signed, read anew by the strict reader, and at nothing else of the plan:
//! what the planner believes does not count. Each is one small function with an identifier and the clause it
//! keeps. Only [`lint`] makes a [`Linted`], and only a `Linted` is signed.

mod extensions;
mod fields;
mod keys;
mod names;
mod policies;
mod target;
mod usage;
mod validity;

use crate::explain::{Explain, Explanation};
use crate::issuer::IssuerInfo;
use crate::plan::Plan;
use crate::profile::Profile;
use core_crypto::Digest;
use target::Target;

/// A plan that no lint objects to: the right to be recorded and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linted(Plan);

/// What one lint found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The lint: `validity_too_long`.
    pub id: &'static str,
    /// The rule that is broken: `RFC 5280 §4.1.2.5`, `K2`.
    pub clause: &'static str,
    /// What is wrong here.
    pub message: String,
}

/// One lint.
#[derive(Clone, Copy)]
pub struct Lint {
    /// Its identifier.
    pub id: &'static str,
    /// The rule that it keeps.
    pub clause: &'static str,
    check: fn(&Target<'_>) -> Result<(), String>,
}

/// The findings that kept a plan from being signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} lints object: {}", .0.len(), .0.iter().map(|f| f.id).collect::<Vec<_>>().join(", "))]
pub struct Findings(pub Vec<Finding>);

/// Lints a plan by the octets in it.
///
/// # Errors
/// Everything that was found.
pub fn lint(
    plan: Plan,
    profile: &Profile,
    issuer: &IssuerInfo,
    digest: &dyn Digest,
) -> Result<Linted, Findings> {
    let findings = run(plan.tbs(), profile, issuer, digest, plan.key_is_strong());
    if findings.is_empty() { Ok(Linted(plan)) } else { Err(Findings(findings)) }
}

/// Lints octets to be signed. Empty when nothing objects.
pub fn lint_tbs(tbs: &[u8], profile: &Profile, issuer: &IssuerInfo, digest: &dyn Digest) -> Vec<Finding> {
    run(tbs, profile, issuer, digest, false)
}

fn run(
    tbs: &[u8],
    profile: &Profile,
    issuer: &IssuerInfo,
    digest: &dyn Digest,
    key_is_strong: bool,
) -> Vec<Finding> {
    let target = match Target::read(tbs, profile, issuer, digest, key_is_strong) {
        Ok(target) => target,
        Err(error) => {
            return vec![Finding { id: "tbs_is_der", clause: "RFC 5280 §4.1", message: error.to_string() }];
        }
    };
    let found = |lint: &Lint| {
        let message = (lint.check)(&target).err()?;
        Some(Finding { id: lint.id, clause: lint.clause, message })
    };
    LINTS.iter().filter_map(found).collect()
}

macro_rules! lints {
    ($($id:literal, $clause:literal, $check:path;)*) => {
        /// Every lint, in the order of the fields that they look at.
        pub const LINTS: &[Lint] = &[$(Lint { id: $id, clause: $clause, check: $check }),*];
    };
}

lints! {
    "version_3", "RFC 5280 §4.1.2.1", fields::version;
    "serial_number", "RFC 5280 §4.1.2.2", fields::serial;
    "algorithm_of_issuer", "RFC 5280 §4.1.2.3", fields::algorithm;
    "algorithm_fits_issuer_key", "RFC 5280 §4.1.1.2", fields::algorithm_fits_key;
    "issuer_is_issuer", "RFC 5280 §4.1.2.4", fields::issuer;
    "issuer_not_empty", "RFC 5280 §4.1.2.4", fields::issuer_not_empty;
    "no_unique_ids", "RFC 5280 §4.1.2.8", fields::unique_ids;

    "time_form", "RFC 5280 §4.1.2.5", validity::time_forms;
    "validity_in_order", "RFC 5280 §4.1.2.5", validity::order;
    "validity_too_long", "RFC 5280 §4.1.2.5, K2", validity::too_long;
    "validity_ends_with_day", "K2", validity::day_end;
    "validity_ends_within_issuer", "RFC 5280 §6.1.3 (a)(2)", validity::ends_within_issuer;
    "validity_begins_within_issuer", "RFC 5280 §6.1.3 (a)(2)", validity::begins_within_issuer;

    "subject_not_empty", "RFC 5280 §4.1.2.6", names::subject_not_empty;
    "subject_string_types", "RFC 5280 §4.1.2.4", names::string_types;
    "subject_printable", "X.680 §41.4", names::printable;
    "subject_lengths", "RFC 5280 Appendix A.1", names::lengths;
    "subject_no_deception", "K2", names::no_deception;
    "subject_follows_profile", "K2", names::follows_profile;
    "self_issued", "RFC 5280 §3.2", names::self_issued;

    "key_readable", "RFC 5280 §4.1.2.7", keys::readable;
    "key_allowed", "K2", keys::allowed;
    "key_strong", "K3", keys::strong;
    "key_whose", "RFC 5280 §3.2, RFC 9810 §4.4", keys::whose;

    "extension_readable", "RFC 5280 §4.2", extensions::readable;
    "extension_once", "RFC 5280 §4.2", extensions::once;
    "extension_of_profile", "K2", extensions::known;
    "extension_complete", "K2", extensions::complete;
    "extension_order", "K2", extensions::order;
    "extension_not_critical", "RFC 5280 §4.2.1, §4.2.2", extensions::not_critical;
    "extension_critical", "RFC 5280 §4.2.1", extensions::critical;
    "extension_criticality", "K2", extensions::criticality;
    "extension_static", "K2", extensions::statics;

    "subject_key_id", "RFC 5280 §4.2.1.2", keys::key_id;
    "authority_key_id", "RFC 5280 §4.2.1.1", keys::authority_key_id;
    "authority_key_id_form", "RFC 5280 §4.2.1.1", keys::authority_key_id_form;
    "key_usage_of_profile", "K2", usage::bits;
    "key_usage_not_empty", "RFC 5280 §4.2.1.3", usage::not_empty;
    "key_usage_fits_key", "RFC 3279, RFC 8813, RFC 8410, RFC 9881", usage::fits_key;
    "cert_sign_is_authority", "RFC 5280 §4.2.1.3, §4.2.1.9", usage::cert_sign;
    "authority_signs_lists", "RFC 5280 §4.2.1.3", usage::crl_sign;
    "basic_constraints_of_profile", "K2", usage::basic;
    "path_len_of_authority", "RFC 5280 §4.2.1.9", usage::path_len;
    "path_len_within_issuer", "RFC 5280 §6.1.4 (l)", usage::path_len_within_issuer;
    "ext_key_usage_of_profile", "K2", usage::purposes;
    "no_any_ext_key_usage", "K2", usage::no_any_purpose;
    "time_stamping_alone", "RFC 3161 §2.3", usage::time_stamping;
    "ocsp_signing_of_responder", "RFC 6960 §4.2.2.2", usage::ocsp_signing;
    "ocsp_no_check_null", "RFC 6960 §4.2.2.2.1", extensions::no_check;

    "alt_name_syntax", "RFC 5280 §4.2.1.6", names::alt_syntax;
    "alt_names_follow_profile", "K2", names::alt_follow_profile;
    "common_name_in_alt_names", "K2", names::common_name_in_alt;
    "issuer_alt_name_of_profile", "RFC 5280 §4.2.1.7, K2", names::issuer_alt_follows_profile;
    "within_issuers_name_constraints", "RFC 5280 §4.2.1.10", policies::within_issuers_constraints;

    "policies_of_profile", "K2", policies::policies;
    "policy_once", "RFC 5280 §4.2.1.4", policies::once;
    "policy_notice", "RFC 5280 §4.2.1.4", policies::notices;
    "policy_rules_of_profile", "K2", policies::policy_rules;
    "no_any_policy_mapping", "RFC 5280 §4.2.1.5", policies::no_any_mapping;
    "policy_constraints_not_empty", "RFC 5280 §4.2.1.11", policies::constraints_not_empty;
    "name_constraints_of_profile", "K2", policies::name_constraints;
    "constraints_of_authorities", "RFC 5280 §4.2.1", policies::only_authorities;
    "list_addresses", "RFC 5280 §4.2.1.13, §4.2.1.15", policies::lists;
    "access_addresses", "RFC 5280 §4.2.2.1", policies::access;
}

impl Linted {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.0
    }

    /// The plan, when the proof has done its duty.
    pub fn into_plan(self) -> Plan {
        self.0
    }
}

impl Explain for Findings {
    fn code(&self) -> &'static str {
        "authority.lint_failed"
    }

    fn explain(&self) -> Explanation {
        let list: Vec<_> = self.0.iter().map(|f| format!("{} ({}): {}", f.id, f.clause, f.message)).collect();
        Explanation {
            ja: format!("発行前検査に合格しませんでした。{}", list.join(" / ")),
            en: format!("The certificate did not pass the checks before signing. {}", list.join(" / ")),
            next_ja: "プロファイルと申請内容を確認してください。署名は行われていません。",
            next_en: "Check the profile and what was asked for. Nothing has been signed.",
        }
    }
}
