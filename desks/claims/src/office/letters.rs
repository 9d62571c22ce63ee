//! The letters with passwords (C5, C7, C23).
//!
//! Passwords are drawn when a letter is printed. They exist in memory and on the paper, and are hashed at once; a letter
//! that is printed again has others, and those before end. The paper comes first and what it says takes effect after:
//! one that cannot be printed ends no password.

use super::{
    Halt, Who, accounts_of,
    refusals::{closed, letters_overtaken, no_letters, no_office, not_identified, overtaken},
    write::login,
};
use crate::{
    Claims, no,
    papers::{self, NewPasswords, password_letter},
    password,
    service::{LONGEST_TEXT, guard},
    status::Hat,
    store::{
        holders::{self, By, Record},
        letters::{self as rows, PrintedLetter},
    },
    words::{HolderId, HolderNumber, LetterWhy},
};
use core_words::{Lang, Refusal};
use kit_desk::Doer;
use kit_gate::{Scope, accounts};
use kit_ledger::Entry;
use kit_paper::{Paper, limits};
use kit_store::{StoreError, Tx};
use zeroize::Zeroizing;

/// A letter was printed for one who begins.
pub(super) const PRINTED_NEW: &str = "claims.print-letter";
/// A letter was printed for one who called.
pub(super) const PRINTED_PHONE: &str = "claims.print-letter-by-phone";

/// The most letters that are printed at once: each has two passwords, which are slow to hash on purpose.
pub const MOST_LETTERS: u32 = 100;
const _: () = assert!(MOST_LETTERS as usize <= limits::PAPERS, "they are one document");

/// What the letter to a holder says. Nobody can ask for it again.
pub struct Letter {
    /// Whom it is for.
    pub holder: HolderId,
    /// Its ID (テストID).
    pub login: String,
    /// The password that goes with the ID (仮パスワード).
    pub password: Zeroizing<String>,
    /// The issue password (証明書発行用パスワード).
    pub issue_password: Zeroizing<String>,
}

impl std::fmt::Debug for Letter {
    /// Whose it is; never the passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("holder", &self.holder)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// Letters that were printed, in one document.
#[derive(Debug)]
pub struct PrintedLetters {
    /// PDF/A. Wiped after use.
    pub pdf: Zeroizing<Vec<u8>>,
    /// What they say, in their order.
    pub letters: Vec<Letter>,
}

/// Passwords of one letter, and their hashes.
pub(super) struct Drawn {
    password: Zeroizing<String>,
    phc: String,
    issue_password: Zeroizing<String>,
    issue_phc: String,
}

impl Drawn {
    pub(super) fn letter(&self, holder: HolderId, login: String) -> Letter {
        let (password, issue_password) = (self.password.clone(), self.issue_password.clone());
        Letter { holder, login, password, issue_password }
    }
}

/// A letter whose passwords are about to take effect.
pub(super) struct Printed<'a> {
    pub(super) record: &'a Record,
    pub(super) drawn: &'a Drawn,
    pub(super) why: LetterWhy,
}

impl Printed<'_> {
    /// The passwords of the letter are those of the holder from now on. Its ID.
    pub(super) fn take_effect(
        &self,
        tx: &mut Tx,
        claims: &Claims,
        scope: &Scope,
        identified: &str,
        who: &Who,
    ) -> Result<String, Halt> {
        let Self { record, drawn, why } = self;
        let (now, id) = (claims.now(), record.holder.id);
        let by = By { account: who.account, now };
        if !holders::set_password(tx, id, record.version, &drawn.issue_phc, by)? {
            let now = holders::record(tx, scope, &record.holder.number)?.ok_or_else(no_office)?;
            return Err(if now.closed { closed() } else { overtaken(tx, &now)? }.into());
        }
        let missing = || StoreError::Corrupt(format!("claims_holder {}: no account", id.0));
        let account = accounts_of(tx, scope, id)?.into_iter().next().ok_or_else(missing)?;
        accounts::set_password(tx, claims.gate(), account.id, &drawn.phc, &who.actor, now)?;
        let letter =
            PrintedLetter { why: *why, identified: identified.to_owned(), account: who.account, at: now };
        rows::insert(tx, id, &letter)?;
        let kind = match why {
            LetterWhy::New => PRINTED_NEW,
            LetterWhy::Phone => PRINTED_PHONE,
        };
        let mut entry = Entry::new(kind, who.actor.clone(), format!("claims.holder:{}", id.0));
        entry.list_for(scope.operator());
        if !identified.is_empty() {
            // Version 1: what the clerk wrote down, in UTF-8.
            entry.details = Some([&[1], identified.as_bytes()].concat());
        }
        kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest())?;
        Ok(account.login)
    }
}

impl Claims {
    /// Prints the letter of one holder, which was seen in version `seen`: both of its passwords are replaced. `identified`
    /// says how a caller was known; it may be empty for one who begins.
    ///
    /// # Errors
    /// `claims.no_office`, `claims.office_overtaken`, `claims.office_closed`, `claims.not_identified`,
    /// `claims.text_too_long`, `claims.no_glyph`, `claims.unavailable`, `gate.busy`.
    pub async fn print_letter(
        &self,
        scope: Scope,
        number: HolderNumber,
        seen: i64,
        (why, identified): (LetterWhy, String),
        doer: Doer<Hat>,
    ) -> Result<PrintedLetters, Refusal> {
        if why == LetterWhy::Phone && identified.trim().is_empty() {
            return Err(not_identified());
        }
        if identified.chars().count() > LONGEST_TEXT {
            return Err(no::text_too_long("identified"));
        }
        let record = self.record(scope.clone(), number).await?;
        if record.closed {
            return Err(closed());
        }
        // The paper and the passwords are for the record that was seen, or for none.
        let record = Record { version: seen, ..record };
        self.print(scope, vec![record], (why, identified), doer).await
    }

    /// Prints the letters of the next `most` holders that have none, in the order of their numbers, as one document; at
    /// most [`MOST_LETTERS`].
    ///
    /// # Errors
    /// `claims.no_letters`, `claims.letters_overtaken`, `claims.no_glyph`, `claims.unavailable`, `gate.busy`.
    pub async fn print_letters(
        &self,
        scope: Scope,
        most: u32,
        doer: Doer<Hat>,
    ) -> Result<PrintedLetters, Refusal> {
        let (within, most) = (scope.clone(), i64::from(most.clamp(1, MOST_LETTERS)));
        let records = self.read(move |tx| holders::unlettered(tx, &within, most)).await?;
        if records.is_empty() {
            return Err(no_letters());
        }
        let printed = self.print(scope, records, (LetterWhy::New, String::new()), doer).await;
        printed.map_err(|refusal| match refusal.code {
            "claims.office_overtaken" | "claims.office_closed" => letters_overtaken(),
            _ => refusal,
        })
    }

    async fn print(
        &self,
        scope: Scope,
        records: Vec<Record>,
        (why, identified): (LetterWhy, String),
        doer: Doer<Hat>,
    ) -> Result<PrintedLetters, Refusal> {
        let (mut drawn, mut letters) = (Vec::new(), Vec::<Paper>::new());
        let now = self.now();
        for Record { holder, .. } in &records {
            let new = self.draw().await?;
            let told = NewPasswords {
                holder,
                login: &login(&holder.number).0,
                password: Some(&new.password),
                issue_password: &new.issue_password,
                at: now,
            };
            letters.push(password_letter(&told, self.settings(), Lang::Ja));
            drawn.push(new);
        }
        let letters = letters.into_iter().zip(&records);
        let letters = letters.map(|(paper, record)| guard::for_holder(paper, &record.holder.number));
        let letters = letters.collect::<Result<Vec<_>, Refusal>>()?;
        let pdf = Zeroizing::new(papers::letters_in_bulk(self.press().clone(), letters, now).await?);
        let who = Who::from(doer);
        let letters = self
            .manage(move |tx, claims| {
                let each = records.iter().zip(&drawn).map(|(record, drawn)| {
                    let printed = Printed { record, drawn, why };
                    let login = printed.take_effect(tx, claims, &scope, &identified, &who)?;
                    Ok(drawn.letter(record.holder.id, login))
                });
                each.collect::<Result<Vec<_>, Halt>>()
            })
            .await?;
        Ok(PrintedLetters { pdf, letters })
    }

    /// The passwords of one letter.
    pub(super) async fn draw(&self) -> Result<Drawn, Refusal> {
        let (password, issue_password) = (password::draw(self.dice()), password::draw(self.dice()));
        // One after the other: whoever signs in meanwhile has a place beside.
        let phc = self.gate().hash_password(password.clone()).await?;
        let issue_phc = self.gate().hash_password(issue_password.clone()).await?;
        Ok(Drawn { password, phc, issue_password, issue_phc })
    }
}
