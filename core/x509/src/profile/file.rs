//! The form of a profile file. Everything here is as written; `check` gives it its meaning.

use super::error::ProfileError;
use super::rules::{AkiForm, Kind, ListRule, Source, UnknownExtensions};
use super::validity::{AtIssuerEnd, Ends};
use serde::Deserialize;

/// Reads the TOML. Unknown keys are errors everywhere.
pub(super) fn read(text: &str) -> Result<File, ProfileError> {
    toml::from_str(text).map_err(|e| ProfileError::Form(e.to_string().trim_end().to_owned()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) title: Title,
    pub(super) kind: Kind,
    pub(super) validity: Vec<Validity>,
    pub(super) key: Key,
    #[serde(default)]
    pub(super) request: Request,
    #[serde(default)]
    pub(super) subject: Vec<Subject>,
    #[serde(default)]
    pub(super) value: Vec<Value>,
    pub(super) subject_alt_name: Option<San>,
    pub(super) issuer_alt_name: Option<Directory>,
    pub(super) key_usage: KeyUsage,
    pub(super) extended_key_usage: Option<ExtKeyUsage>,
    pub(super) basic_constraints: Option<Basic>,
    pub(super) certificate_policies: Option<Policies>,
    #[serde(default)]
    pub(super) policy_mapping: Vec<PolicyMapping>,
    pub(super) policy_constraints: Option<PolicyConstraints>,
    pub(super) inhibit_any_policy: Option<u32>,
    pub(super) name_constraints: Option<NameConstraints>,
    #[serde(default)]
    pub(super) crl_distribution_points: ListRule,
    pub(super) crl_directory: Option<Directory>,
    #[serde(default)]
    pub(super) freshest_crl: bool,
    #[serde(default)]
    pub(super) authority_info_access: Access,
    #[serde(default = "yes")]
    pub(super) subject_key_identifier: bool,
    #[serde(default)]
    pub(super) authority_key_identifier: AkiForm,
    #[serde(default)]
    pub(super) ocsp_no_check: bool,
    #[serde(default)]
    pub(super) extension: Vec<Static>,
    pub(super) extension_order: Option<Vec<String>>,
}

fn yes() -> bool {
    true
}

fn once() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Title {
    pub(super) ja: String,
    pub(super) en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validity {
    pub(super) from: Option<toml::value::Datetime>,
    pub(super) period: String,
    pub(super) max: Option<String>,
    #[serde(default)]
    pub(super) ends: Ends,
    pub(super) backdate: Option<String>,
    pub(super) past: Option<String>,
    pub(super) future: Option<String>,
    #[serde(default)]
    pub(super) at_issuer_end: AtIssuerEnd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub(super) allow: Vec<String>,
    pub(super) rsa_bits: Option<RsaBits>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RsaBits {
    pub(super) min: u16,
    pub(super) max: u16,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) names: Option<Names>,
    #[serde(default)]
    pub(super) unknown_extensions: UnknownExtensions,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Names {
    Check,
    Ignore,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    pub(super) attribute: String,
    pub(super) key: Option<String>,
    #[serde(default)]
    pub(super) from: Source,
    #[serde(default = "yes")]
    pub(super) required: bool,
    #[serde(default = "once")]
    pub(super) times: usize,
    pub(super) fixed: Option<String>,
    pub(super) one_of: Option<Vec<String>>,
    pub(super) pattern: Option<String>,
    pub(super) max_length: Option<usize>,
    pub(super) string: Option<StringName>,
    #[serde(default)]
    pub(super) in_san: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Value {
    pub(super) key: String,
    pub(super) one_of: Option<Vec<String>>,
    pub(super) pattern: Option<String>,
    pub(super) max_length: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Directory {
    pub(super) names: Vec<String>,
    pub(super) string: Option<StringName>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StringName {
    Printable,
    Utf8,
    Ia5,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct San {
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) critical: bool,
    pub(super) max: Option<usize>,
    pub(super) dns: Option<Dns>,
    pub(super) email: Option<Email>,
    pub(super) uri: Option<Uri>,
    pub(super) ip: Option<Ip>,
    #[serde(default)]
    pub(super) directory: bool,
    pub(super) fixed_directory: Option<Directory>,
    #[serde(default)]
    pub(super) other: Vec<Other>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dns {
    #[serde(default)]
    pub(super) from: Source,
    #[serde(default)]
    pub(super) wildcard: bool,
    #[serde(default)]
    pub(super) under: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    #[serde(default)]
    pub(super) from: Source,
    #[serde(default)]
    pub(super) under: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Uri {
    #[serde(default)]
    pub(super) from: Source,
    pub(super) schemes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ip {
    #[serde(default)]
    pub(super) from: Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Other {
    pub(super) oid: String,
    #[serde(default = "yes")]
    pub(super) required: bool,
    pub(super) one_of: Option<Vec<String>>,
    pub(super) pattern: Option<String>,
    pub(super) max_length: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyUsage {
    #[serde(default = "yes")]
    pub(super) critical: bool,
    pub(super) bits: Vec<String>,
    #[serde(default)]
    pub(super) rsa: Vec<String>,
    #[serde(default)]
    pub(super) ec: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtKeyUsage {
    #[serde(default)]
    pub(super) critical: bool,
    pub(super) purposes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Basic {
    pub(super) ca: bool,
    pub(super) path_len: Option<u8>,
    pub(super) critical: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policies {
    #[serde(default)]
    pub(super) critical: bool,
    pub(super) policy: Vec<Policy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) oid: String,
    pub(super) cps: Option<String>,
    pub(super) notice: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyMapping {
    pub(super) issuer: String,
    pub(super) subject: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyConstraints {
    pub(super) require_explicit: Option<u32>,
    pub(super) inhibit_mapping: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameConstraints {
    #[serde(default)]
    pub(super) permitted: Subtrees,
    #[serde(default)]
    pub(super) excluded: Subtrees,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subtrees {
    #[serde(default)]
    pub(super) dns: Vec<String>,
    #[serde(default)]
    pub(super) email: Vec<String>,
    #[serde(default)]
    pub(super) uri: Vec<String>,
    #[serde(default)]
    pub(super) ip: Vec<String>,
    #[serde(default)]
    pub(super) directory: Vec<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Access {
    #[serde(default)]
    pub(super) ca_issuers: bool,
    #[serde(default)]
    pub(super) ocsp: bool,
    pub(super) ocsp_uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Static {
    pub(super) oid: String,
    #[serde(default)]
    pub(super) critical: bool,
    pub(super) der: String,
}
