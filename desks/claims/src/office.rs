//! Provider management (事業所管理, C23): care providers and agents, their records and accounts, the letters with their
//! passwords, and the mandates between them.
//!
//! | module | what |
//! |---|---|
//! | this one | entering, changing, closing |
//! | [`letters`] | passwords, which exist in memory and on paper alone (C5, C7) |
//! | [`mandates`] | which agent claims for which care provider |
//! | [`sheet`], [`import`] | records as a file |

pub mod import;
pub mod letters;
pub mod mandates;
mod refusals;
pub mod sheet;

pub use letters::{Letter, PrintedLetters};

use crate::{
    Claims, no,
    settings::address,
    status::Hat,
    store::{
        find::Line,
        holders::{self, By, NewHolder, Record},
        letters::PrintedLetter,
        mandates::Mandate,
        offices::{FoundOffices, WantedOffices},
    },
    tell::board,
    words::{HolderId, HolderKind, HolderNumber},
};
use core_words::{Actor, Lang, Refusal};
use kit_desk::{Capacity, Doer};
use kit_gate::{
    Account, AccountError, AccountId, AccountKind, AccountState, Role, Scope,
    accounts::{self, NewApplicant, create_applicant},
};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};
use refusals::{bad_office, overtaken};
pub(crate) use refusals::{letters_overtaken, no_mandate, no_office, overtaken_by, taken};
use std::collections::BTreeMap;

/// A record was entered.
const ENTERED: &str = "claims.enter-holder";
/// A record was changed.
const CHANGED: &str = "claims.change-holder";
/// A record was closed.
const CLOSED: &str = "claims.close-holder";
/// A closed record was opened again.
const REOPENED: &str = "claims.reopen-holder";
/// The ledger's kinds of entries about holders, and what they say.
pub(crate) const LEDGER_KINDS: [(&str, &str, &str); 8] = [
    (ENTERED, "事業所・代理人を登録しました", "Entered a care provider or an agent"),
    (CHANGED, "事業所・代理人の登録を変更しました", "Changed the record of a care provider or an agent"),
    (CLOSED, "事業所・代理人を廃止にしました", "Closed the record of a care provider or an agent"),
    (
        REOPENED,
        "事業所・代理人の廃止を取り消しました",
        "Opened the record of a care provider or an agent again",
    ),
    (letters::PRINTED_NEW, "パスワードの通知書を印刷しました", "Printed a letter with passwords"),
    (
        letters::PRINTED_PHONE,
        "電話を受けてパスワードの通知書を印刷しました",
        "Printed a letter with passwords after a telephone call",
    ),
    (mandates::ENTERED, "代理人の委任を登録しました", "Entered the mandate of an agent"),
    (mandates::ENDED, "代理人の委任を終了しました", "Ended the mandate of an agent"),
];

/// The most lines of each kind that the page of a holder shows.
const MOST: i64 = 100;

/// A care provider or an agent as it is entered, or as its record is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOffice {
    /// Its number: ten digits, or an agent's ID.
    pub number: HolderNumber,
    /// Its name.
    pub name: String,
    /// Its name in katakana.
    pub kana: String,
    /// Postal code, seven digits.
    pub postal: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Where notices are sent.
    pub email: String,
}

/// Everything about one holder that a page shows.
#[derive(Clone, Debug)]
pub struct OfficeFile {
    /// Its record.
    pub record: Record,
    /// The ID that it signs in with, as its letter says.
    pub login: Option<String>,
    /// What it applied for, the youngest first; at most 100.
    pub cases: Vec<Line>,
    /// The letters that were printed, the last first; at most 100.
    pub letters: Vec<PrintedLetter>,
    /// Its mandates, as agent or as care provider, the youngest first; at most 100.
    pub mandates: Vec<Mandate>,
    /// What those who printed letters are called, by their accounts.
    pub people: BTreeMap<i64, String>,
}

/// What became of a record that was to be as somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was entered.
    Entered,
    /// It was changed.
    Changed,
    /// It was so already.
    Same,
}

/// Why nothing was done.
pub(crate) enum Halt {
    Told(Box<Refusal>),
    Account(AccountError),
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Told(Box::new(refusal))
    }
}

impl From<AccountError> for Halt {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => Self::Store(error),
            other => Self::Account(other),
        }
    }
}

impl Halt {
    /// What people are told.
    pub(crate) fn told(self) -> Refusal {
        match self {
            Self::Told(refusal) => *refusal,
            Self::Account(AccountError::LoginTaken(_)) => taken(),
            Self::Account(error) => bad_office(&error.to_string()),
            Self::Store(error) => {
                tracing::error!(%error, "the claims desk's database");
                no::unavailable()
            }
        }
    }
}

/// Who does something to a holder.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) actor: Actor,
    pub(crate) account: Option<i64>,
}

impl From<Doer<Hat>> for Who {
    fn from(doer: Doer<Hat>) -> Self {
        Self { actor: doer.actor, account: doer.account }
    }
}

impl Claims {
    /// Enters a care provider or an agent of this federation, at the command line: the passwords of its letter are shown
    /// there at once.
    ///
    /// # Errors
    /// `claims.number_taken`, `claims.bad_office`, `claims.unavailable`, `gate.busy`.
    pub async fn enter(&self, new: NewOffice, actor: Actor) -> Result<Letter, Refusal> {
        let new = new.checked()?;
        let drawn = self.draw().await?;
        let scope = Scope::of_the_house(self.settings().operator.clone());
        let letter = self
            .manage(move |tx, claims| {
                let who = Who { actor: actor.clone(), account: None };
                let id = enter(tx, claims, &scope, &new, &who)?;
                let record = holders::record(tx, &scope, &new.number)?.ok_or_else(no_office)?;
                debug_assert_eq!(record.holder.id, id);
                let printed =
                    letters::Printed { record: &record, drawn: &drawn, why: crate::words::LetterWhy::New };
                let login = printed.take_effect(tx, claims, &scope, "", &who)?;
                Ok(drawn.letter(id, login))
            })
            .await?;
        Ok(letter)
    }

    /// Enters a care provider or an agent. It cannot sign in before its letter was printed.
    ///
    /// # Errors
    /// `claims.number_taken`, `claims.bad_office`, `claims.unavailable`.
    pub async fn enter_office(
        &self,
        scope: Scope,
        new: NewOffice,
        doer: Doer<Hat>,
    ) -> Result<Record, Refusal> {
        let (new, who) = (new.checked()?, Who::from(doer));
        self.manage(move |tx, claims| {
            enter(tx, claims, &scope, &new, &who)?;
            Ok(holders::record(tx, &scope, &new.number)?.ok_or_else(no_office)?)
        })
        .await
    }

    /// Changes the record of a holder, which was seen in version `seen`.
    ///
    /// # Errors
    /// `claims.no_office`, `claims.bad_office`, `claims.office_overtaken` when somebody was first, `claims.unavailable`.
    pub async fn change_office(
        &self,
        scope: Scope,
        new: NewOffice,
        seen: i64,
        doer: Doer<Hat>,
    ) -> Result<Record, Refusal> {
        let (new, who) = (new.checked()?, Who::from(doer));
        self.manage(move |tx, claims| {
            let record = holders::record(tx, &scope, &new.number)?.ok_or_else(no_office)?;
            change(tx, claims, &scope, &record, seen, &new, &who)?;
            Ok(holders::record(tx, &scope, &new.number)?.ok_or_else(no_office)?)
        })
        .await
    }

    /// Closes the record of a holder that claims no longer (廃止), or opens it again. One that is closed cannot sign in;
    /// its certificates stay until they are revoked.
    ///
    /// # Errors
    /// `claims.no_office`, `claims.office_overtaken`, `claims.unavailable`.
    pub async fn close_office(
        &self,
        scope: Scope,
        number: HolderNumber,
        seen: i64,
        closed: bool,
        doer: Doer<Hat>,
    ) -> Result<Record, Refusal> {
        let who = Who::from(doer);
        self.manage(move |tx, claims| {
            let now = claims.now();
            let record = holders::record(tx, &scope, &number)?.ok_or_else(no_office)?;
            let (id, by) = (record.holder.id, By { account: who.account, now });
            if !holders::set_closed(tx, id, seen, closed, by)? {
                return Err(overtaken(tx, &record)?.into());
            }
            let (active, not) = (AccountState::Active, AccountState::Suspended);
            let turn = if closed { (active, not) } else { (not, active) };
            for account in accounts_of(tx, &scope, id)?.into_iter().filter(|account| account.state == turn.0)
            {
                accounts::set_state(tx, claims.gate(), account.id, turn, &who.actor, now)?;
            }
            note(tx, claims, &scope, if closed { CLOSED } else { REOPENED }, id, &who)?;
            Ok(holders::record(tx, &scope, &number)?.ok_or_else(no_office)?)
        })
        .await
    }

    /// A page of holders, with how many there are of each kind.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn offices(&self, scope: Scope, wanted: WantedOffices) -> Result<FoundOffices, Refusal> {
        self.read(move |tx| crate::store::offices::find(tx, &scope, &wanted)).await
    }

    /// The record of a holder.
    ///
    /// # Errors
    /// `claims.no_office`, `claims.unavailable`.
    pub async fn record(&self, scope: Scope, number: HolderNumber) -> Result<Record, Refusal> {
        self.read(move |tx| holders::record(tx, &scope, &number)).await?.ok_or_else(no_office)
    }

    /// Everything about a holder.
    ///
    /// # Errors
    /// `claims.no_office`, `claims.unavailable`.
    pub async fn office(&self, scope: Scope, number: HolderNumber) -> Result<OfficeFile, Refusal> {
        let found = self
            .read(move |tx| {
                let Some(record) = holders::record(tx, &scope, &number)? else { return Ok(None) };
                let id = record.holder.id;
                let letters = crate::store::letters::of_holder(tx, id, MOST)?;
                let mut people = BTreeMap::new();
                for account in letters.iter().filter_map(|letter| letter.account).chain(record.changed_by) {
                    if let Some(known) = accounts::find(tx, AccountId(account))? {
                        people.insert(account, known.name);
                    }
                }
                Ok(Some(OfficeFile {
                    login: accounts_of(tx, &scope, id)?.into_iter().next().map(|account| account.login),
                    cases: crate::store::find::of_holder(tx, id, MOST)?,
                    mandates: crate::store::mandates::of_holder(tx, id, MOST)?,
                    letters,
                    people,
                    record,
                }))
            })
            .await?;
        found.ok_or_else(no_office)
    }

    /// One transaction of provider management; what stops it is told.
    pub(crate) async fn manage<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Tx, &Self) -> Result<T, Halt> + Send + 'static,
    ) -> Result<T, Refusal> {
        let claims = self.clone();
        self.db().write(move |tx| f(tx, &claims)).await.map_err(Halt::told)
    }
}

impl NewOffice {
    /// The same, if its lengths fit rows, papers and envelopes.
    ///
    /// # Errors
    /// `claims.bad_office`.
    pub fn checked(self) -> Result<Self, Refusal> {
        let fits = |text: &str, most: usize| {
            (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        let postal = self.postal.len() == 7 && self.postal.bytes().all(|b| b.is_ascii_digit());
        for (fine, what) in [
            (fits(&self.name, 100), "name"),
            (fits(&self.kana, 100), "kana"),
            (fits(&self.address, 200), "address"),
            (fits(&self.phone, 20), "phone"),
            (postal, "postal"),
            (address(&self.email, &self.name).is_some(), "email"),
        ] {
            if !fine {
                return Err(bad_office(what));
            }
        }
        Ok(self)
    }

    fn row(&self) -> NewHolder<'_> {
        NewHolder {
            number: &self.number,
            name: &self.name,
            kana: &self.kana,
            postal: &self.postal,
            address: &self.address,
            phone: &self.phone,
            email: &self.email,
        }
    }

    /// Whether a record says the same.
    pub(crate) fn is_as(&self, record: &Record) -> bool {
        let holder = &record.holder;
        [
            (&self.name, &holder.name),
            (&self.kana, &holder.kana),
            (&self.postal, &holder.postal),
            (&self.address, &holder.address),
            (&self.phone, &holder.phone),
            (&self.email, &holder.email),
        ]
        .iter()
        .all(|(new, old)| new == old)
    }
}

/// The ID that a holder signs in with, and its role.
fn login(number: &HolderNumber) -> (String, Role) {
    match number.kind() {
        // The form of production IDs that is known: KJ and digits.
        HolderKind::Provider => (format!("KJ{number}"), Role::named(Hat::Provider.slug())),
        HolderKind::Agent => (number.to_string(), Role::named(Hat::Agent.slug())),
    }
}

/// Enters a holder with its account, which has no password as yet.
fn enter(tx: &mut Tx, claims: &Claims, scope: &Scope, new: &NewOffice, who: &Who) -> Result<HolderId, Halt> {
    let now = claims.now();
    let by = By { account: who.account, now };
    let id = holders::insert(tx, scope, &new.row(), by)?.ok_or_else(taken)?;
    let (login, role) = login(&new.number);
    let account = NewApplicant {
        operator: scope.operator(),
        login: &login,
        name: &new.name,
        subject: Some(&board(id)),
        lang: Lang::Ja,
        phc: None,
        roles: std::slice::from_ref(&role),
    };
    create_applicant(tx, claims.gate(), &account, &who.actor, now)?;
    note(tx, claims, scope, ENTERED, id, who)?;
    Ok(id)
}

/// Changes a record that was seen in version `seen`, and what its account is called.
fn change(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    record: &Record,
    seen: i64,
    new: &NewOffice,
    who: &Who,
) -> Result<(), Halt> {
    let now = claims.now();
    let id = record.holder.id;
    if !holders::change(tx, id, seen, &new.row(), By { account: who.account, now })? {
        return Err(overtaken(tx, record)?.into());
    }
    if new.name != record.holder.name {
        for account in accounts_of(tx, scope, id)? {
            accounts::rename(tx, claims.gate(), account.id, &new.name, &who.actor, now)?;
        }
    }
    note(tx, claims, scope, CHANGED, id, who)
}

/// The record of this number is as somebody says, whatever it was before (C23: a line of a file).
pub(crate) fn put(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &NewOffice,
    who: &Who,
) -> Result<Put, Halt> {
    match holders::record(tx, scope, &new.number)? {
        None => enter(tx, claims, scope, new, who).map(|_| Put::Entered),
        Some(record) if new.is_as(&record) => Ok(Put::Same),
        Some(record) => change(tx, claims, scope, &record, record.version, new, who).map(|()| Put::Changed),
    }
}

/// The accounts of applicants for a holder, the oldest first: it was entered with one.
pub(crate) fn accounts_of(tx: &mut Tx, scope: &Scope, id: HolderId) -> Result<Vec<Account>, StoreError> {
    let mut accounts = accounts::find_by_subject(tx, scope, &board(id))?;
    accounts.retain(|account| account.kind == AccountKind::Applicant);
    Ok(accounts)
}

/// An entry of the ledger about a holder.
fn note(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    kind: &'static str,
    id: HolderId,
    who: &Who,
) -> Result<(), Halt> {
    let mut entry = Entry::new(kind, who.actor.clone(), format!("claims.holder:{}", id.0));
    entry.operator = Some(scope.operator().clone());
    kit_ledger::append(tx, &entry, claims.now(), claims.dice(), claims.digest())?;
    Ok(())
}
