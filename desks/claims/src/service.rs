//! What pages, the API and the command line ask of the desk: the same functions for all of them.

mod accounts;
mod applicant;
pub(crate) mod archive;
mod chosen;
mod deletion;
mod download;
mod expiry;
mod federation;
pub(crate) mod guard;
mod ledger;
mod offset;
mod paper;
mod reissue;
mod runs;
mod watch;

pub use accounts::{Account, AgentLine, Booked, Imported, Payments, Picked, TypedDeposit};
pub(crate) use accounts::{LEDGER_KINDS, Stop, book};
pub use applicant::Board;
pub use archive::FORMAT as ARCHIVE_FORMAT;
pub(crate) use chosen::numbers_in;
pub use chosen::{AskedLine, MOST_REVOKED, Plan, RevocationPlan, Selection, Skipped, SkippedCase, Why};
pub(crate) use deletion::{ASKED as ASKED_DELETION, deletion_running};
pub use deletion::{Deletable, MOST_DELETED, deletable_before};
pub use download::Download;
pub use expiry::{EndingSoon, LETTERS, Month};
pub(crate) use federation::no_mail;
pub use federation::{MAILS, MOST_LINES, MailFile, Outbox, RESENT, Told, WantedMails};
pub use ledger::{RECORDS, Record, RecordFile, Records, Topic, WantedRecords, Whom};
pub(crate) use ledger::{no_record, told_by};
pub use offset::{NewCorrection, Offsets, OpenPeriod};
pub(crate) use offset::{
    OFFSET_BEGUN, OFFSET_KINDS, begin as begin_offset, enter as enter_correction, manager_only,
    no_month as offset_no_month,
};
pub(crate) use reissue::{FILE_NAME, NOTICE_LEDGER_KINDS, Stop as ReissueStop};
pub use reissue::{Opener, REISSUES_A_DAY, Reissued};
pub use runs::{Opened, RUN_LINES, RUNS_PAGE, RunFile};
pub(crate) use runs::{RUN_KINDS, no_run, too_long};
pub use watch::{JobKind, Jobs, StuckJob, presser};
pub(crate) use watch::{LATE_MICROS as JOB_LATE_MICROS, due_since as job_due_since};

use crate::{
    case::Case,
    cases::Cases,
    command::{Apply, Command},
    desk::Claims,
    jobs, no, papers,
    password::{self, KnewPassword},
    status::{Deed, Hat, Standing},
    store::{
        find::{self, Found, Line, Wanted},
        holders::{self, Holder},
        rows,
    },
    words::{HolderId, KeyWay, Rejection, RevocationAsk},
};
use authority_front::CertificateView;
use core_words::{CaseNumber, Lang, Refusal, UtcMicros};
use kit_desk::{Doer, Flow, Halt, Stored, act, events, events::Event, open, possible};
use kit_gate::{AccountId, Scope};
use kit_store::{StoreError, Tx};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::time::timeout;
use zeroize::Zeroizing;

/// How long somebody at a page waits for the authority.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest reason or note, in characters.
pub const LONGEST_TEXT: usize = 1_000;
/// The most lines that a provider's own list shows.
const OWN_LINES: i64 = 200;

/// Everything about one case that a page shows.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The case.
    pub case: Stored<Case>,
    /// Its applicant, as they are entered now.
    pub holder: Holder,
    /// What happened to it, the first first.
    pub events: Vec<Event>,
    /// What those who did it are called, by their accounts: for staff alone.
    pub people: BTreeMap<i64, String>,
    /// What may be done to it by whoever looks.
    pub possible: Vec<Deed>,
    /// The application that renews its certificate, and where that stands (C22).
    pub renewal: Option<Line>,
    /// The time at which it was looked at.
    pub now: UtcMicros,
}

/// An application as a form hands it in.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// Proof that the issue password is known.
    pub knew: KnewPassword,
    /// Who makes the key.
    pub key: KeyWay,
    /// Where notices are sent.
    pub email: String,
    /// In which language.
    pub lang: Lang,
    /// The version of the text on offsetting that was agreed to: by a provider.
    pub consent: Option<String>,
    /// The case whose certificate is to be renewed (C22).
    pub renews: Option<CaseNumber>,
}

impl Claims {
    /// Compares what was typed with a provider's issue password.
    ///
    /// # Errors
    /// `gate.wrong_secret`, `gate.busy`, `claims.unavailable`.
    pub async fn knows(&self, holder: HolderId, typed: Zeroizing<String>) -> Result<KnewPassword, Refusal> {
        password::knows(self.db(), self.gate(), holder, typed).await
    }

    /// Takes an application (C1). A request of the applicant's own is looked at by the authority first: what it
    /// would refuse never becomes a case.
    ///
    /// # Errors
    /// Those of the authority for a request that does not fit; `claims.…`.
    pub async fn apply(&self, new: NewApplication, doer: Doer<Hat>) -> Result<Stored<Case>, Refusal> {
        if let KeyWay::Own(request) = &new.key {
            let id = new.knew.holder();
            let holder = self.read(move |tx| holders::load(tx, id)).await?.ok_or_else(no::no_case)?;
            let order = jobs::order::trial(self, &holder, request.clone());
            self.soon(self.front().preflight(&order)).await?;
        }
        let NewApplication { knew, key, email, lang, consent, renews } = new;
        let command = Command::Apply(Apply { knew, key, email, lang, consent, renews });
        let claims = self.clone();
        let done = self
            .db()
            .write(move |tx| open(tx, claims.cases(), &command, &doer, claims.means(claims.now())))
            .await;
        done.map(|done| done.case).map_err(no::told)
    }

    /// Does something to a case. `seen` is the version the doer looked at.
    ///
    /// # Errors
    /// `claims.no_case` also for a case of another operator, `claims.overtaken` when somebody was first; `claims.…`.
    pub async fn act(
        &self,
        scope: Scope,
        number: CaseNumber,
        seen: Option<i64>,
        command: Command,
        doer: Doer<Hat>,
    ) -> Result<Stored<Case>, Refusal> {
        let (claims, hat) = (self.clone(), doer.capacity);
        let done = self
            .db()
            .write(move |tx| {
                let id = find::by_number(tx, &scope, number)?.ok_or(Halt::NoCase)?;
                act(tx, claims.cases(), id, seen, &command, &doer, claims.means(claims.now()))
            })
            .await;
        match done {
            Ok(done) => Ok(done.case),
            Err(halt) => Err(self.told_of(halt, hat).await),
        }
    }

    /// What is told of a halt, with the name of who was first where staff is told.
    async fn told_of(&self, halt: Halt<no::No, Standing>, hat: Hat) -> Refusal {
        let first = match &halt {
            Halt::NotNow { last: Some(last), .. } | Halt::Overtaken { last: Some(last) } => last.account,
            _ => None,
        };
        let people = match first {
            Some(account) => self.read(move |tx| people(tx, hat, [account])).await.unwrap_or_default(),
            None => BTreeMap::new(),
        };
        no::told_of(halt, |last| name(&people, hat, last))
    }

    /// Everything about a case, for staff (C8).
    ///
    /// # Errors
    /// `claims.no_case`, `claims.deleted` for one that was deleted (C13), `claims.unavailable`.
    pub async fn case(&self, scope: Scope, number: CaseNumber, hat: Hat) -> Result<CaseFile, Refusal> {
        let now = self.now();
        self.read(move |tx| match find::by_number(tx, &scope, number)? {
            Some(id) => Ok(file(tx, id, hat, now)?.ok_or_else(no::no_case)),
            None => Ok(Err(deletion::gone(tx, &scope, number, hat)?.unwrap_or_else(no::no_case))),
        })
        .await?
    }

    /// Everything about a case, for its applicant (C4): that of another is told as if there were none.
    ///
    /// # Errors
    /// `claims.no_case`, `claims.unavailable`.
    pub async fn own_case(
        &self,
        scope: Scope,
        holder: HolderId,
        number: CaseNumber,
        hat: Hat,
    ) -> Result<CaseFile, Refusal> {
        let file = self.case(scope, number, hat).await?;
        if file.holder.id == holder { Ok(file) } else { Err(no::no_case()) }
    }

    /// Everything that a provider applied for, the youngest first (C4).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn own_cases(&self, holder: HolderId) -> Result<Vec<Line>, Refusal> {
        self.read(move |tx| find::of_holder(tx, holder, OWN_LINES)).await
    }

    /// Those of a holder's certificates that nobody can use, by number: nobody fetched them in time (C4, C5).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn lost_cases(&self, holder: HolderId) -> Result<BTreeSet<String>, Refusal> {
        self.read(move |tx| find::lost(tx, holder)).await
    }

    /// A provider.
    ///
    /// # Errors
    /// `claims.no_case`, `claims.unavailable`.
    pub async fn holder(&self, id: HolderId) -> Result<Holder, Refusal> {
        self.read(move |tx| holders::load(tx, id)).await?.ok_or_else(no::no_case)
    }

    /// A page of cases (C8).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn find(&self, scope: Scope, wanted: Wanted) -> Result<Found, Refusal> {
        self.read(move |tx| find::find(tx, &scope, &wanted)).await
    }

    /// How many cases stand where, and since when the oldest waits there.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn standing(&self, scope: Scope) -> Result<Vec<(Standing, u64, Option<UtcMicros>)>, Refusal> {
        self.read(move |tx| find::standing(tx, &scope)).await
    }

    /// The certificate of a case, asked of the authority.
    ///
    /// # Errors
    /// Those of the authority.
    pub async fn certificate(&self, case: &Stored<Case>) -> Result<Option<CertificateView>, Refusal> {
        match case.case.holding() {
            Some(holding) => self.soon(self.front().certificate(&holding.certificate.cert)).await,
            None => Ok(None),
        }
    }

    /// The receipt of an application, as PDF/A (K12).
    ///
    /// # Errors
    /// `claims.…`; a name for which the fonts have no form.
    pub async fn receipt(&self, file: &CaseFile, lang: Lang) -> Result<Vec<u8>, Refusal> {
        let paper = guard::about_case(papers::receipt(file, self.settings(), lang), file)?;
        papers::print(self.press().clone(), paper, file.now).await
    }

    /// Asks the authority for somebody who waits at a page, and waits no longer than they would. Jobs wait as long
    /// as it takes.
    pub(crate) async fn soon<T>(
        &self,
        asked: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(no::authority_silent()))
    }

    /// Reads, and tells of a database that does not answer.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.db().read(f).await.map_err(|error: StoreError| {
            tracing::error!(%error, "the claims desk's database");
            no::unavailable()
        })
    }
}

/// Everything about a case, in a transaction under way.
pub(crate) fn file(tx: &mut Tx, id: i64, hat: Hat, now: UtcMicros) -> Result<Option<CaseFile>, StoreError> {
    let Some(case) = rows::load(tx, id)? else { return Ok(None) };
    let Some(holder) = holders::load(tx, case.case.application().holder)? else { return Ok(None) };
    let events = events::events(tx, Cases::DESK, id)?;
    let people = people(tx, hat, events.iter().filter_map(|event| event.account))?;
    let possible = possible::<Cases>(Some(&case.case), hat);
    let renewal = match case.case.holding() {
        Some(_) => find::renewing(tx, &case.number)?,
        None => None,
    };
    Ok(Some(CaseFile { case, holder, events, people, possible, renewal, now }))
}

/// What people are called, by their accounts. Applicants are told of nobody of the federation by name.
pub(crate) fn people(
    tx: &mut Tx,
    hat: Hat,
    accounts: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, String>, StoreError> {
    let mut people = BTreeMap::new();
    if hat.applies() {
        return Ok(people);
    }
    for account in accounts {
        if !people.contains_key(&account)
            && let Some(known) = kit_gate::accounts::find(tx, AccountId(account))?
        {
            people.insert(account, known.name);
        }
    }
    Ok(people)
}

/// What whoever did something is called before somebody with this hat: by name, by the number of an account that is
/// not known any more, or not at all.
pub(crate) fn name(people: &BTreeMap<i64, String>, hat: Hat, event: &Event) -> Option<String> {
    let account = event.account.filter(|_| !hat.applies())?;
    Some(people.get(&account).cloned().unwrap_or_else(|| account.to_string()))
}

impl CaseFile {
    /// What whoever did something is called before staff, if it was a person.
    pub(crate) fn name(&self, event: &Event) -> Option<String> {
        self.people.get(&event.account?).cloned()
    }
}

/// A rejection with a reason that the applicant can be told.
///
/// # Errors
/// `claims.reason_missing`, `claims.text_too_long`.
pub fn rejection(withdrawn: bool, reason: &str) -> Result<Rejection, Refusal> {
    let reason = reason.trim();
    match withdrawn {
        true => Ok(Rejection::Withdrawn),
        false if reason.is_empty() => Err(no::reason_missing()),
        false if reason.chars().count() > LONGEST_TEXT => Err(no::text_too_long("reason")),
        false => Ok(Rejection::Refused(reason.to_owned())),
    }
}

/// A request for revocation with a note of bearable length.
///
/// # Errors
/// `claims.text_too_long`.
pub fn revocation(ask: RevocationAsk) -> Result<RevocationAsk, Refusal> {
    if ask.note.chars().count() > LONGEST_TEXT { Err(no::text_too_long("note")) } else { Ok(ask) }
}
