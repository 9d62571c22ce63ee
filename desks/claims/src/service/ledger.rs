//! 記録（台帳）: who did what, as the ledger of the house has it, with the proof of each entry (K8).
//!
//! A federation sees the entries that were listed for it: its own, and never another's. What is shown is read from the
//! octets that the proof is about, not from the tables of the desk: a case may be deleted, its entries stay.

use super::{
    ASKED_DELETION, LEDGER_KINDS as MONEY_KINDS, NOTICE_LEDGER_KINDS, OFFSET_KINDS, RESENT, RUN_KINDS,
};
use crate::{desk::Claims, jobs, no, office, status::Deed, store::find};
use core_words::{CaseNumber, Kind, Refusal, Text};
use kit_desk::Verb;
use kit_gate::{AccountId, Scope};
use kit_ledger::{Body, EntryId, Find, Found, LedgerError, Lookup, Order, Place, Receipt};
use kit_store::{StoreError, Tx};
use kit_web::dates::Day;
use std::collections::BTreeMap;

/// Entries on a page.
pub const RECORDS: u32 = 50;

/// What entries are about: by this they are filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Applications and certificates.
    Cases,
    /// Money of agents.
    Money,
    /// Records of care providers and agents, letters, mandates.
    Offices,
    /// What was written to applicants, and passwords by it.
    Told,
    /// Mass work.
    Runs,
    /// Files of the payment system.
    Offset,
    /// Deletion.
    Deletion,
    /// Jobs that were run again.
    Jobs,
}

impl Topic {
    /// All of them, as they are offered.
    pub const ALL: &'static [Self] = &[
        Self::Cases,
        Self::Money,
        Self::Offices,
        Self::Told,
        Self::Runs,
        Self::Offset,
        Self::Deletion,
        Self::Jobs,
    ];

    /// In addresses and keys of texts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Money => "money",
            Self::Offices => "offices",
            Self::Told => "told",
            Self::Runs => "runs",
            Self::Offset => "offset",
            Self::Deletion => "deletion",
            Self::Jobs => "jobs",
        }
    }

    /// The inverse of [`slug`](Self::slug).
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.slug() == slug)
    }

    /// The kinds of entries about it, and what each says.
    pub(crate) fn kinds(self) -> Vec<(&'static str, Text)> {
        let of = |kinds: &[(&'static str, &'static str, &'static str)]| {
            kinds.iter().map(|(kind, ja, en)| (*kind, Text::new(*ja, *en))).collect::<Vec<_>>()
        };
        match self {
            Self::Cases => Deed::ALL.iter().map(|deed| (deed.ledger_kind(), deed.done())).collect(),
            Self::Money => of(&MONEY_KINDS),
            Self::Offices => of(&office::LEDGER_KINDS),
            Self::Told => {
                let mut kinds = of(&NOTICE_LEDGER_KINDS);
                kinds.extend(of(&[
                    (RESENT, "失敗したメールをもう一度送りました", "A mail that had failed was sent again"),
                    (
                        jobs::expiry::TOLD,
                        "有効期限のお知らせを送りました",
                        "Told the holder that the certificate ends soon",
                    ),
                ]));
                kinds
            }
            Self::Runs => of(&RUN_KINDS),
            Self::Offset => of(&OFFSET_KINDS),
            Self::Deletion => of(&[
                (ASKED_DELETION, "証明書の削除を始めました", "Asked for the deletion of certificates"),
                (
                    jobs::delete::ARCHIVED,
                    "削除する証明書を保存しました",
                    "Archived certificates before their deletion",
                ),
                (
                    jobs::delete::DELETED,
                    "証明書を削除しました",
                    "Deleted a certificate that was revoked or had ended",
                ),
            ]),
            Self::Jobs => of(&[(
                kit_jobs::RERUN_KIND,
                "止まった自動処理をもう一度実行しました",
                "Ran a job again that had stopped",
            )]),
        }
    }
}

/// What an entry of this kind says; a kind that no release of this desk wrote is shown as it stands.
pub(crate) fn told_by(kind: &str) -> Text {
    let known = Topic::ALL.iter().flat_map(|topic| topic.kinds()).find(|(known, _)| *known == kind);
    known.map_or_else(|| Text::new(kind, kind), |(_, text)| text)
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedRecords {
    /// About this alone.
    pub topic: Option<Topic>,
    /// By this actor, as the ledger names them.
    pub actor: Option<String>,
    /// About this case; then in the order in which it happened.
    pub case: Option<CaseNumber>,
    /// From this day on.
    pub from: Option<Day>,
    /// Up to the end of this day.
    pub until: Option<Day>,
    /// After this place.
    pub after: Option<Place>,
}

/// A page of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The entries, the latest first; those about one case as they happened.
    pub lines: Vec<Record>,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// What the actor that was asked for is called.
    pub actor: Option<Whom>,
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number in the database.
    pub id: EntryId,
    /// What it says.
    pub body: Body,
    /// Its place in the log, from 0; `None` until it was numbered.
    pub index: Option<u64>,
    /// Who did it.
    pub whom: Whom,
    /// Whether its case is still there to be opened.
    pub case_opens: bool,
}

/// An entry with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFile {
    /// The entry.
    pub record: Record,
    /// What was said with it, for the eyes of staff; `None` when nothing was, or when it was erased.
    pub said: Option<String>,
    /// Whether a signed checkpoint covers it, so that it can be proved.
    pub provable: bool,
}

/// Who did something, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The house itself.
    System,
    /// Somebody of the federation: their name, or the number of an account that is not there any more.
    Staff(String),
    /// An applicant.
    Applicant(String),
    /// Somebody at the command line.
    Operator(String),
    /// Anybody else, as the ledger names them.
    Other(String),
}

impl Claims {
    /// A page of the federation's entries (K8).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn ledger(&self, scope: Scope, wanted: WantedRecords) -> Result<Records, Refusal> {
        self.read(move |tx| {
            let kinds: Vec<&str> = match wanted.topic {
                Some(topic) => topic.kinds().into_iter().map(|(kind, _)| kind).collect(),
                None => Vec::new(),
            };
            let case = wanted.case.map(|case| case.to_string());
            let lookup = Lookup {
                kinds: &kinds,
                actor: wanted.actor.as_deref(),
                case: case.as_deref(),
                from: wanted.from.map(Day::begins),
                before: wanted.until.map(|day| day.ends().plus_micros(1)),
                order: if case.is_some() { Order::OldestFirst } else { Order::NewestFirst },
            };
            // One more than is shown, to know whether there are more.
            let mut found =
                kit_ledger::lookup(tx, scope.operator(), &lookup, wanted.after, RECORDS.saturating_add(1))?;
            let more = found.len() > RECORDS as usize;
            found.truncate(RECORDS as usize);
            let next = found.last().filter(|_| more).map(|last| last.place);
            let mut known = Known::default();
            let actor = wanted.actor.as_deref().map(|actor| known.whom(tx, &scope, actor)).transpose()?;
            let lines =
                found.into_iter().map(|found| known.record(tx, &scope, found)).collect::<Result<_, _>>()?;
            Ok(Records { lines, next, actor })
        })
        .await
    }

    /// One of the federation's entries.
    ///
    /// # Errors
    /// `claims.no_record` also for another federation's, `claims.unavailable`.
    pub async fn ledger_record(&self, scope: Scope, id: EntryId) -> Result<RecordFile, Refusal> {
        let found = self.read(move |tx| {
            let Some(found) = kit_ledger::listed(tx, scope.operator(), id)? else { return Ok(None) };
            let record = Known::default().record(tx, &scope, found)?;
            let said = kit_ledger::details(tx, id)?.and_then(|details| said(&details.octets));
            let covered = kit_ledger::latest_checkpoint(tx)?.map_or(0, |checkpoint| checkpoint.size);
            let provable = record.index.is_some_and(|index| index < covered);
            Ok(Some(RecordFile { record, said, provable }))
        });
        found.await?.ok_or_else(no_record)
    }

    /// The proof that one of the federation's entries is in the ledger.
    ///
    /// # Errors
    /// `claims.no_record` also for another federation's, `claims.no_proof_yet` within the first second or so,
    /// `claims.unavailable`.
    pub async fn ledger_proof(&self, scope: Scope, id: EntryId) -> Result<Receipt, Refusal> {
        let listed = self.read(move |tx| kit_ledger::listed(tx, scope.operator(), id));
        listed.await?.ok_or_else(no_record)?;
        self.prove(id).await
    }

    /// The proof of an entry. Whose it is was asked before.
    pub(super) async fn prove(&self, id: EntryId) -> Result<Receipt, Refusal> {
        let claims = self.clone();
        let proof = self.db().read(move |tx| kit_ledger::prove(tx, claims.digest(), Find::Id(id))).await;
        proof.map_err(|error: LedgerError| match error {
            LedgerError::NotYet | LedgerError::Unsigned => no::no_proof_yet(),
            other => {
                tracing::error!(error = %other, "a proof from the ledger");
                no::unavailable()
            }
        })
    }
}

/// What was found of people and cases, each looked for once.
#[derive(Default)]
struct Known {
    people: BTreeMap<String, Whom>,
    cases: BTreeMap<String, bool>,
}

impl Known {
    fn record(&mut self, tx: &mut Tx, scope: &Scope, found: Found) -> Result<Record, StoreError> {
        let Found { entry, .. } = found;
        let body = entry.body()?;
        let whom = self.whom(tx, scope, &body.actor)?;
        let case_opens = match &body.case {
            Some(number) => self.opens(tx, scope, number)?,
            None => false,
        };
        Ok(Record { id: entry.id, index: entry.index, body, whom, case_opens })
    }

    fn opens(&mut self, tx: &mut Tx, scope: &Scope, number: &str) -> Result<bool, StoreError> {
        if let Some(known) = self.cases.get(number) {
            return Ok(*known);
        }
        let opens = match CaseNumber::parse(number) {
            Ok(parsed) => find::by_number(tx, scope, parsed)?.is_some(),
            Err(_) => false,
        };
        self.cases.insert(number.to_owned(), opens);
        Ok(opens)
    }

    fn whom(&mut self, tx: &mut Tx, scope: &Scope, actor: &str) -> Result<Whom, StoreError> {
        if let Some(known) = self.people.get(actor) {
            return Ok(known.clone());
        }
        let whom = match actor.split_once(':') {
            Some(("staff", account)) => Whom::Staff(name(tx, scope, account)?),
            Some(("applicant", account)) => Whom::Applicant(name(tx, scope, account)?),
            Some(("cli", name)) => Whom::Operator(name.to_owned()),
            _ if actor == "system" => Whom::System,
            _ => Whom::Other(actor.to_owned()),
        };
        self.people.insert(actor.to_owned(), whom.clone());
        Ok(whom)
    }
}

/// The name of an account of the federation's; without one, its number.
fn name(tx: &mut Tx, scope: &Scope, account: &str) -> Result<String, StoreError> {
    let found = match account.parse() {
        Ok(id) => kit_gate::accounts::find(tx, AccountId(id))?,
        Err(_) => None,
    };
    let ours = found.filter(|found| &found.operator == scope.operator());
    Ok(ours.map_or_else(|| account.to_owned(), |found| found.name))
}

/// The text of details as this desk writes them: the version 1, and the text.
fn said(octets: &[u8]) -> Option<String> {
    let text = octets.strip_prefix(b"1 ").or_else(|| octets.strip_prefix(&[1]))?;
    std::str::from_utf8(text).ok().map(str::to_owned)
}

/// There is no such entry, or it is another federation's: told alike.
pub(crate) fn no_record() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_record",
        Text::new("この記録は見つかりません。", "There is no such entry."),
        Text::new("記録の一覧から選んでください。", "Choose one from the list of entries."),
    )
}

#[cfg(test)]
mod tests;
