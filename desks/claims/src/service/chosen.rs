//! What a run would do, before it does it: a look that changes nothing. Cases that were chosen from the list, and numbers
//! of care providers whose certificates a prefecture wants revoked (C11).

use super::runs::too_long;
use crate::{
    desk::Claims,
    status::{Deed, Hat, Standing, TABLE},
    store::{
        find::{self, Wanted},
        holders,
        runs::{self, Chosen, NewLine},
    },
    words::HolderNumber,
    work::Work,
};
use core_words::{CaseNumber, Refusal, UtcSeconds};
use kit_desk::Status;
use kit_gate::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// The most numbers of care providers that are asked about at once.
pub const MOST_REVOKED: usize = 4_000;
/// How many of the cases that are passed over a plan names.
const NAMED: usize = 50;

/// Which cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All that a search finds, whatever its page.
    Found(Wanted),
    /// Those that were ticked.
    Picked(Vec<CaseNumber>),
}

/// Why a chosen case is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// In its status this cannot be done.
    Standing(Standing),
    /// Its applicant is written to about another case of theirs already: once is enough.
    SameApplicant,
}

/// A case that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedCase {
    /// Its number.
    pub number: String,
    /// The name of its applicant.
    pub holder: String,
    /// Why.
    pub why: Skipped,
}

/// What a run over chosen cases would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Its lines.
    pub lines: Vec<NewLine>,
    /// How many of them stand where.
    pub fitting: Vec<(Standing, u64)>,
    /// How many are passed over, and why.
    pub skipped: Vec<(Skipped, u64)>,
    /// The first of them; at most 50.
    pub examples: Vec<SkippedCase>,
    /// By what it is known again: another plan has another one. What was confirmed is what is done.
    pub proof: String,
}

/// What becomes of one number that a prefecture names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedLine {
    /// As it was typed.
    pub typed: String,
    /// The name of the care provider, where there is one.
    pub holder: Option<String>,
    /// Its issued certificates: the numbers of their cases, and their last seconds.
    pub certificates: Vec<(String, Option<UtcSeconds>)>,
    /// Why nothing is revoked; `None`: all of these certificates are.
    pub why: Option<Why>,
}

/// Why a number leads to no revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has not the form of one.
    NotANumber,
    /// Nobody of this number is entered.
    Unknown,
    /// It has no certificate in 発行済み.
    None,
    /// It has several, and they are to be dealt with one by one.
    Several,
    /// It stands in an earlier line.
    Twice,
}

/// What a revocation of many would do, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationPlan {
    /// Every number, in its order.
    pub asked: Vec<AskedLine>,
    /// The lines of the run.
    pub lines: Vec<NewLine>,
    /// By what it is known again.
    pub proof: String,
}

impl Claims {
    /// What a run over these cases would do. Changes nothing.
    ///
    /// # Errors
    /// `claims.run_too_long`, `claims.unavailable`.
    pub async fn plan(
        &self,
        scope: Scope,
        selection: Selection,
        work: &Work,
        hat: Hat,
    ) -> Result<Plan, Refusal> {
        let most = u32::try_from(work.most()).unwrap_or(u32::MAX);
        let chosen = self.read(move |tx| match selection {
            Selection::Picked(numbers) => runs::of_numbers(tx, &scope, &numbers),
            Selection::Found(wanted) => {
                let found = find::lines(tx, &scope, &wanted, most.saturating_add(1))?;
                let ids: Vec<i64> = found.iter().map(|line| line.id).collect();
                runs::of_ids(tx, &ids)
            }
        });
        let chosen = chosen.await?;
        if chosen.len() as u64 > work.most() {
            return Err(too_long(work.most()));
        }
        Ok(self.planned(&chosen, work, hat))
    }

    fn planned(&self, chosen: &[Chosen], work: &Work, hat: Hat) -> Plan {
        let deed = match work {
            Work::Issue => Some(Deed::RegisterIssue),
            Work::Reject(_) => Some(Deed::Reject),
            Work::Revoke(_) => Some(Deed::RequestRevocation),
            // An import has lines of its own and is never asked of cases.
            Work::Notify(_) | Work::Import => None,
        };
        let mut plan = Plan { proof: self.proof_of(chosen), ..Plan::default() };
        let (mut written, mut ticked) = (BTreeSet::new(), BTreeSet::new());
        let mut fitting = BTreeMap::<Standing, u64>::new();
        let mut skipped = BTreeMap::<Skipped, u64>::new();
        for case in chosen {
            // The same box twice is one case.
            if !ticked.insert(case.id) {
                continue;
            }
            let why = match deed {
                Some(deed) if TABLE.line(Some(case.standing), deed, hat).is_err() => {
                    Some(Skipped::Standing(case.standing))
                }
                Some(_) => None,
                None => (!written.insert(case.holder)).then_some(Skipped::SameApplicant),
            };
            match why {
                None => {
                    *fitting.entry(case.standing).or_default() += 1;
                    plan.lines.push(NewLine::about(&case.number, case.id, case.version));
                }
                Some(why) => {
                    *skipped.entry(why).or_default() += 1;
                    if plan.examples.len() < NAMED {
                        let (number, holder) = (case.number.clone(), case.holder_name.clone());
                        plan.examples.push(SkippedCase { number, holder, why });
                    }
                }
            }
        }
        plan.fitting = fitting.into_iter().collect();
        plan.skipped = skipped.into_iter().collect();
        plan
    }

    /// What the revocation of the certificates of these care providers and agents would do (C11). Changes nothing.
    /// `all`: whoever has several certificates loses all of them; otherwise none, and they are told one by one.
    ///
    /// # Errors
    /// `claims.run_too_long`, `claims.unavailable`.
    pub async fn plan_revocation(
        &self,
        scope: Scope,
        typed: Vec<String>,
        all: bool,
    ) -> Result<RevocationPlan, Refusal> {
        if typed.len() > MOST_REVOKED {
            return Err(too_long(MOST_REVOKED as u64));
        }
        let numbers: Vec<Option<HolderNumber>> = typed.iter().map(|text| HolderNumber::new(text)).collect();
        let wanted = numbers.clone();
        let found = self.read(move |tx| {
            let mut known = Vec::new();
            for number in wanted.into_iter().flatten().collect::<BTreeSet<_>>() {
                known.extend(holders::by_number(tx, &scope, &number)?);
            }
            let ids: Vec<_> = known.iter().map(|holder| holder.id).collect();
            let certificates = runs::issued(tx, &ids)?;
            let named = known.into_iter().map(|holder| (holder.number, holder.name));
            Ok(named.zip(certificates).map(|((number, name), had)| (number, (name, had))).collect())
        });
        let found: BTreeMap<HolderNumber, (String, Vec<Chosen>)> = found.await?;
        let (mut plan, mut met, mut chosen) = (RevocationPlan::default(), BTreeSet::new(), Vec::new());
        for (typed, number) in typed.into_iter().zip(numbers) {
            let known = number.as_ref().and_then(|number| found.get(number));
            let had = known.map_or(&[][..], |(_, had)| had.as_slice());
            let why = match &number {
                None => Some(Why::NotANumber),
                Some(number) if !met.insert(number.clone()) => Some(Why::Twice),
                Some(_) if known.is_none() => Some(Why::Unknown),
                Some(_) => match had.len() {
                    0 => Some(Why::None),
                    1 => None,
                    _ if all => None,
                    _ => Some(Why::Several),
                },
            };
            if why.is_none() {
                chosen.extend_from_slice(had);
            }
            plan.asked.push(AskedLine {
                typed,
                holder: known.map(|(name, _)| name.clone()),
                certificates: had.iter().map(|case| (case.number.clone(), case.not_after)).collect(),
                why,
            });
        }
        plan.lines = chosen.iter().map(|case| NewLine::about(&case.number, case.id, case.version)).collect();
        plan.proof = self.proof_of(&chosen);
        Ok(plan)
    }

    /// By what a choice of cases, as they stand, is known again.
    fn proof_of(&self, chosen: &[Chosen]) -> String {
        let each =
            chosen.iter().map(|case| format!("{} {} {}\n", case.number, case.version, case.standing.code()));
        let hash = self.digest().sha256(each.collect::<String>().as_bytes());
        hash.iter().take(16).map(|octet| format!("{octet:02x}")).collect()
    }

    /// What a form sends along so that sending it twice starts one run.
    pub(crate) fn run_token(&self) -> String {
        let mut random = [0; 16];
        self.dice().fill(&mut random);
        random.iter().map(|octet| format!("{octet:02x}")).collect()
    }
}

/// Every number in a text or a file: the first field of each line, without what stands around it. A heading in the first
/// line of a file is passed over.
pub(crate) fn numbers_in(text: &str, file: bool) -> Vec<String> {
    let first = |line: &str| {
        let field = line.split([',', '\t', '，']).next().unwrap_or_default();
        let field: String =
            field.chars().filter(|c| !matches!(c, '"' | '\u{feff}' | ' ' | '　' | '-')).collect();
        kit_web::forms::half_width(&field).trim().to_ascii_uppercase().chars().take(20).collect::<String>()
    };
    let mut numbers: Vec<String> = text.lines().map(first).collect();
    let heading = |text: &String| !text.bytes().any(|b| b.is_ascii_digit());
    if file && numbers.first().is_some_and(heading) {
        numbers.remove(0);
    }
    numbers.retain(|number| !number.is_empty());
    numbers
}

#[cfg(test)]
mod tests {
    use super::numbers_in;

    #[test]
    fn c11_numbers_are_read_as_they_come() {
        let pasted =
            " 1310000018 \n１３１０００００２６\n\n\"DA13000017\",ミドリ\n13-1000-0034\tさくら\nda13000025";
        let numbers = ["1310000018", "1310000026", "DA13000017", "1310000034", "DA13000025"];
        assert_eq!(numbers_in(pasted, false), numbers);
        let file = "\u{feff}\"事業所番号\",\"名称\"\r\n1310000018,さくら\r\n";
        assert_eq!(numbers_in(file, true), ["1310000018"]);
        // What is no number is not lost: it is told of, line by line.
        assert_eq!(numbers_in("さくら\nx1", false), ["さくら", "X1"]);
        assert_eq!(numbers_in("1310000018\nさくら", true), ["1310000018", "さくら"]);
        assert!(numbers_in(&"9".repeat(1_000), false)[0].len() <= 20);
    }
}
