//! Provider management (事業所管理, C23): care providers and agents, their records and accounts, the letters with their
//! passwords, and the mandates between them.
//!
//! | module | what |
//! |---|---|
//! | this one | entering, changing, closing: `new` is what is handed in, `write` what happens to rows and accounts |
//! | [`letters`] | passwords, which exist in memory and on paper alone (C5, C7) |
//! | [`mandates`] | which agent claims for which care provider |
//! | [`sheet`], [`import`] | records as a file |

mod halt;
pub mod import;
pub mod letters;
pub mod mandates;
mod new;
mod refusals;
pub mod sheet;
mod write;

pub(crate) use halt::{Halt, Who};
pub use letters::{Letter, PrintedLetters};
pub use new::NewOffice;
pub use write::Put;
pub(crate) use write::{accounts_of, changed, entered, put, put_easy, set_closed};

use crate::{
    Claims,
    status::Hat,
    store::{
        find::Line,
        holders::{self, Record},
        letters::PrintedLetter,
        mandates::Mandate,
        offices::{FoundOffices, WantedOffices},
    },
    words::HolderNumber,
};
use core_words::{Actor, Refusal};
use kit_desk::Doer;
use kit_gate::{AccountId, Scope, accounts};
use kit_store::Tx;
pub(crate) use refusals::{OVERTAKEN, letters_overtaken, no_mandate, no_office, overtaken_by, taken};
use std::collections::BTreeMap;
use write::enter;

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
        self.manage(move |tx, claims| entered(tx, claims, &scope, &new, &who)).await
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
        self.manage(move |tx, claims| changed(tx, claims, &scope, &new, seen, &who)).await
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
        self.manage(move |tx, claims| set_closed(tx, claims, &scope, &number, (seen, closed), &who)).await
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
