//! Two hundred care providers and twenty agents of eight prefectures, made of the words in `federation.txt`: the same
//! in every demo, each with a number that is valid, and none of them real.

use super::broken;
use crate::fail::Outcome;
use desk_claims::{
    office::NewOffice,
    words::{HolderKind, HolderNumber},
};

/// How many care providers.
pub(super) const PROVIDERS: usize = 200;
/// How many agents.
pub(super) const AGENTS: usize = 20;

const WORDS: &str = include_str!("federation.txt");

/// Everybody: care providers first, then agents.
pub(super) fn everybody() -> Outcome<Vec<NewOffice>> {
    let (prefectures, towns) = (lines("prefectures"), lines("towns"));
    let (names, kinds, agents) = (lines("names"), lines("kinds"), lines("agents"));
    let mut all = Vec::with_capacity(PROVIDERS + AGENTS);
    for at in 0..PROVIDERS + AGENTS {
        let agent = at >= PROVIDERS;
        let [code, postal, prefecture] = of(&prefectures, at)?;
        let [town] = of(&towns, at / prefectures.len())?;
        let [name, kana] = of(&names, at)?;
        let [kind, kind_kana] = if agent { of(&agents, at)? } else { of(&kinds, at / names.len())? };
        let number = if agent { agents_id(code, at - PROVIDERS) } else { providers_number(code, at) };
        let number = number.ok_or_else(|| broken("a number", &at))?;
        all.push(NewOffice {
            email: format!("{}@example.jp", number.as_str().to_lowercase()),
            name: format!("{name}{kind}"),
            kana: format!("{kana}{kind_kana}"),
            postal: format!("{postal}9{at:03}"),
            address: format!("{prefecture}{town}見本台{}丁目{}番{}号", at % 5 + 1, at % 20 + 1, at % 9 + 1),
            phone: format!("05000{at:05}"),
            number,
        });
    }
    Ok(all)
}

/// 事業所番号: prefecture, class 7 (care), district 99, running number, check digit.
fn providers_number(code: &str, at: usize) -> Option<HolderNumber> {
    (0..10)
        .filter_map(|last| HolderNumber::new(&format!("{code}799{at:04}{last}")))
        .find(|number| number.kind() == HolderKind::Provider && number.check_digit_fits())
}

/// 代理人ID: DA, prefecture, running number.
fn agents_id(code: &str, at: usize) -> Option<HolderNumber> {
    HolderNumber::new(&format!("DA{code}99{at:04}"))
}

/// The lines of a section.
fn lines(section: &str) -> Vec<Vec<&'static str>> {
    let head = format!("[{section}]");
    WORDS
        .lines()
        .skip_while(|line| !line.starts_with(&head))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty())
        .map(|line| line.split(' ').collect())
        .collect()
}

/// One of the lines in turn, with as many words as it must have.
fn of<const N: usize>(lines: &[Vec<&'static str>], at: usize) -> Outcome<[&'static str; N]> {
    let line = lines.get(at % lines.len().max(1)).cloned().unwrap_or_default();
    line.try_into().map_err(|line| broken("federation.txt", &format_args!("{line:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn c23_everybody_has_a_name_and_a_number_of_their_own() {
        let all = everybody().expect("well formed");
        let (providers, agents) = all.split_at(PROVIDERS);
        assert!(providers.iter().all(|office| office.number.kind() == HolderKind::Provider));
        assert!(agents.iter().all(|office| office.number.kind() == HolderKind::Agent));
        assert!(all.iter().all(|office| office.number.check_digit_fits() && office.postal.len() == 7));
        let different = |of: fn(&NewOffice) -> String| all.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!(different(|office| office.number.to_string()), all.len());
        assert_eq!(different(|office| office.name.clone()), all.len());
        assert_eq!(different(|office| office.number.as_str().trim_start_matches("DA")[..2].to_owned()), 8);
    }
}
