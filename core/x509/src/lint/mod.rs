//! Lints: nothing is signed that does not keep RFC 5280, its profile and our own rules (K2).
//!
//! A lint looks at the octets to be signed, read anew by the strict reader, and at nothing else of the plan:
//! what the planner believes does not count. Each is one small function with an identifier and the clause it
//! keeps. Only [`lint`] makes a [`Linted`], and only a `Linted` is signed.

mod target;

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
    let findings = lint_tbs(plan.tbs(), profile, issuer, digest);
    if findings.is_empty() { Ok(Linted(plan)) } else { Err(Findings(findings)) }
}

/// Lints octets to be signed. Empty when nothing objects.
pub fn lint_tbs(tbs: &[u8], profile: &Profile, issuer: &IssuerInfo, digest: &dyn Digest) -> Vec<Finding> {
    let target = match Target::read(tbs, profile, issuer, digest) {
        Ok(target) => target,
        Err(error) => {
            return vec![Finding { id: "tbs_is_der", clause: "RFC 5280 §4.1", message: error.to_string() }];
        }
    };
    LINTS
        .iter()
        .filter_map(|lint| {
            let message = (lint.check)(&target).err()?;
            Some(Finding { id: lint.id, clause: lint.clause, message })
        })
        .collect()
}

/// Every lint, in the order of the fields that they look at.
pub const LINTS: &[Lint] = &[];

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
