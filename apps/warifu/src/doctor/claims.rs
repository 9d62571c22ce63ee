//! What the claims desk prints on invoices.

use super::{Finding, Weight};
use crate::config::Claims;
use authority_front::Text;
use core_words::UtcMicros;

/// Whether agents are told an account that is one (C3).
pub(super) fn examine(claims: &Claims, now: UtcMicros, findings: &mut Vec<Finding>) {
    let in_force = claims.terms.iter().filter(|terms| terms.from <= now).max_by_key(|terms| terms.from);
    let Some(terms) = in_force.or(claims.terms.iter().min_by_key(|terms| terms.from)) else { return };
    if !terms.bank.is_placeholder() {
        return findings.push(Finding::good(
            "claims",
            format!("請求書の振込先は{}です（{} から）。", terms.bank.name.ja, terms.name),
            format!("Invoices ask for payment to {} (since {}).", terms.bank.name.en, terms.name),
        ));
    }
    findings.push(Finding::bad(
        "claims",
        Weight::Look,
        Text::new(
            format!(
                "請求書の振込先が見本のままです（{}）。代理人はそこへ振り込めません。",
                terms.bank.name.ja
            ),
            format!("Invoices name a sample account ({}), to which no agent can pay.", terms.bank.name.en),
        ),
        Text::new(
            "連合会の口座、手数料、同意文を書いたファイルを `claims.terms_file` に指定してください。",
            "Name a file with the federation’s account, fee and texts in `claims.terms_file`.",
        ),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::{AuthorityId, OperatorId, ProfileId};

    #[test]
    fn c3_a_sample_account_is_told_and_a_real_one_is_good_from_its_day_on() {
        let mut claims = Claims {
            operator: OperatorId::new("tokyo").expect("a slug"),
            federation: Text::new("連合会", "Federation"),
            contact: Text::new("", ""),
            authority: AuthorityId::new("claims-ca").expect("a slug"),
            profile: ProfileId::new("claims-provider").expect("a slug"),
            agent_profile: ProfileId::new("claims-agent").expect("a slug"),
            due_days: 30,
            undo_seconds: 600,
            key_days: 30,
            ending: desk_claims::settings::Ending::default(),
            terms: desk_claims::Settings::built_in_terms(),
        };
        let told = |claims: &Claims, now| {
            let mut findings = Vec::new();
            examine(claims, now, &mut findings);
            assert_eq!(findings.len(), 1);
            (findings[0].weight, findings[0].message.en.clone())
        };
        let last = claims.terms[2].from;
        assert_eq!(told(&claims, last).0, Weight::Look);
        claims.terms[2].bank.code = "9876".into();
        assert_eq!(told(&claims, last).0, Weight::Good);
        assert_eq!(told(&claims, last.plus_micros(-1)).0, Weight::Look, "its day has not come");
        assert!(told(&claims, UtcMicros(0)).1.contains("Warifu Bank"), "before all of them, the first");
    }
}
