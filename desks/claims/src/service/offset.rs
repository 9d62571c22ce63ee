//! Fees of providers for the payment system (発行手数料相殺残高情報連携, C18): what the open month holds, closing it,
//! its file, and corrections.

mod refusals;

use super::accounts::{Stop, bearable};
use crate::{
    desk::Claims,
    jobs, no,
    offset::{self, Month, Period, Sums},
    settings::Settings,
    status::Hat,
    store::offset::{self as store, ClosedPeriod, Correction},
};
use core_crypto::HashAlg;
use core_words::{CaseNumber, Refusal, UtcMicros, Yen};
use kit_desk::{Doer, Halt};
use kit_gate::Scope;
use kit_ledger::Entry as LedgerEntry;
use kit_store::{StoreError, Tx};
pub(crate) use refusals::{OFFSET_BEGUN, no_month};
use refusals::{altered, begun, no_charge, not_closed, not_over, too_much};

/// Somebody began to close a month.
const BEGUN: &str = "claims.close-offset";
/// A month was closed; the object is its file.
const CLOSED: &str = "claims.offset-closed";
/// Somebody corrected what a case was charged.
const CORRECTED: &str = "claims.correct-offset";
/// The ledger's kinds of entries about offset fees, and what they say.
pub(crate) const OFFSET_KINDS: [(&str, &str, &str); 3] = [
    (BEGUN, "相殺ファイルの締めを始めました", "Began to close a month of offset fees"),
    (CLOSED, "相殺ファイルを締めました", "Closed a month of offset fees"),
    (CORRECTED, "相殺額の訂正を記録しました", "Recorded a correction of an offset fee"),
];

/// The most months and corrections that a page shows.
const MOST: i64 = 120;
/// Lines of a file that are read at a time.
pub(crate) const STRETCH: i64 = 1_000;

/// The month that is to be closed next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPeriod {
    /// Which one.
    pub period: Period,
    /// What is in it so far.
    pub sums: Sums,
    /// How many certificates of it were never charged for: none, if all is well.
    pub uncharged: u64,
    /// Whether it is over, and can be closed.
    pub over: bool,
}

/// Months, and corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// The month that is to be closed next; `None` while one is being closed.
    pub open: Option<OpenPeriod>,
    /// Months that are closed or being closed, the last first; at most 120.
    pub closed: Vec<ClosedPeriod>,
    /// Corrections, the last first; at most 120.
    pub corrections: Vec<Correction>,
    /// Whether months are closed by themselves.
    pub by_itself: bool,
}

/// A correction about to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// Of which case.
    pub case: CaseNumber,
    /// How much; less than nothing where a fee is given back. Not nothing.
    pub amount: Yen,
    /// Why.
    pub note: String,
}

impl Claims {
    /// Months that are open, being closed and closed.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn offsets(&self, scope: Scope) -> Result<Offsets, Refusal> {
        let (settings, now) = (self.settings().clone(), self.now());
        self.read(move |tx| {
            Ok(Offsets {
                open: open(tx, &scope, &settings, now)?,
                closed: store::periods(tx, &scope, MOST)?,
                corrections: store::corrections(tx, &scope, MOST)?,
                by_itself: settings.terms(now).offset.by_itself,
            })
        })
        .await
    }

    /// A month that is closed or being closed.
    ///
    /// # Errors
    /// `claims.no_offset_month`, `claims.unavailable`.
    pub async fn offset_period(&self, scope: Scope, month: Month) -> Result<ClosedPeriod, Refusal> {
        self.read(move |tx| store::load(tx, &scope, month)).await?.ok_or_else(no_month)
    }

    /// Begins to close a month: of two who do, one does. A job ends it.
    ///
    /// # Errors
    /// `claims.not_you` for anybody but a manager, `claims.offset_not_over`, `claims.offset_begun` when somebody was
    /// first, `claims.no_offset_month` for one that is not next, `claims.unavailable`.
    pub async fn close_offset(&self, scope: Scope, month: Month, doer: Doer<Hat>) -> Result<(), Refusal> {
        self.book(move |tx, claims| begin(tx, claims, &scope, month, &doer)).await
    }

    /// Records a correction of what a case was charged. It is an entry of the month of today: closed months stay as
    /// they are.
    ///
    /// # Errors
    /// `claims.not_you`, `claims.no_charge`, `claims.correction_too_much`, `claims.text_too_long`,
    /// `claims.unavailable`.
    pub async fn correct_offset(
        &self,
        scope: Scope,
        new: NewCorrection,
        doer: Doer<Hat>,
    ) -> Result<(), Refusal> {
        self.book(move |tx, claims| enter(tx, claims, &scope, &new, &doer)).await
    }

    /// What a correction would be about: the number of the provider, and what the case was charged so far.
    ///
    /// # Errors
    /// `claims.no_charge`, `claims.unavailable`.
    pub async fn charged(&self, scope: Scope, case: CaseNumber) -> Result<(String, Yen), Refusal> {
        let found = self.read(move |tx| store::charged(tx, &scope, case)).await?;
        found.map(|charged| (charged.number, charged.net)).ok_or_else(no_charge)
    }

    /// The file of a closed month: the same octets each time, whose hash is on record.
    ///
    /// # Errors
    /// `claims.no_offset_month`, `claims.offset_not_closed`, `claims.offset_altered` when the octets are not those that
    /// were closed, `claims.unavailable`.
    pub async fn offset_file(&self, scope: Scope, month: Month) -> Result<Vec<u8>, Refusal> {
        let period = self.offset_period(scope.clone(), month).await?;
        let closing = period.closed.clone().ok_or_else(not_closed)?;
        let mut octets = Vec::new();
        self.write_offset(&scope, &period, |piece| octets.extend_from_slice(piece)).await.map_err(
            |error| {
                tracing::error!(%error, "an offset file");
                no::unavailable()
            },
        )?;
        match self.digest().sha256(&octets) == closing.sha256 {
            true => Ok(octets),
            false => {
                tracing::error!(%month, "an offset file is not the one that was closed");
                Err(altered())
            }
        }
    }

    /// Hands the file of a month out piece by piece; how many lines it has and what they add up to.
    pub(crate) async fn write_offset(
        &self,
        scope: &Scope,
        period: &ClosedPeriod,
        mut put: impl FnMut(&[u8]),
    ) -> Result<(u64, Sums), StoreError> {
        let (month, encoding) = (period.period.month, period.encoding);
        let (mut sums, mut holders, mut after) = (Sums::default(), 0, String::new());
        put(&offset::head(encoding));
        loop {
            let scope = scope.clone();
            let lines = self.db().read(move |tx| store::lines(tx, &scope, month, &after, STRETCH)).await?;
            for line in &lines {
                put(&offset::line(month, line, encoding));
                sums.add(&line.sums);
                holders += 1;
            }
            match lines.into_iter().last() {
                Some(last) => after = last.number,
                None => break,
            }
        }
        put(&offset::total(month, &sums, encoding));
        Ok((holders, sums))
    }

    /// SHA-256 of the file of a month, with its lines and what they add up to, in little memory.
    pub(crate) async fn hash_offset(
        &self,
        scope: &Scope,
        period: &ClosedPeriod,
    ) -> Result<([u8; 32], u64, Sums), StoreError> {
        let mut running = self.digest().start(HashAlg::Sha256);
        let (holders, sums) = self.write_offset(scope, period, |piece| running.update(piece)).await?;
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(running.finish().as_ref());
        Ok((sha256, holders, sums))
    }

    /// The entry that says a month was closed.
    pub(crate) fn offset_closed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        month: Month,
        sha256: [u8; 32],
    ) -> Result<(), StoreError> {
        let mut entry = LedgerEntry::new(CLOSED, core_words::Actor::system(), subject(month));
        entry.list_for(scope.operator());
        entry.object = Some(sha256);
        kit_ledger::append(tx, &entry, self.now(), self.dice(), self.digest()).map(drop)
    }
}

/// The month that is to be closed next, and what is in it; `None` while one is being closed.
fn open(
    tx: &mut Tx,
    scope: &Scope,
    settings: &Settings,
    now: UtcMicros,
) -> Result<Option<OpenPeriod>, StoreError> {
    let Some(period) = next(tx, scope, settings, now)? else { return Ok(None) };
    let sums = store::open_sums(tx, scope, period.ends)?;
    let uncharged = store::uncharged(tx, scope, period.begins, period.ends)?;
    Ok(Some(OpenPeriod { period, sums, uncharged, over: period.ends < now }))
}

/// The month that is to be closed next: after the last closed one, else that of the first entry, else that of today.
/// `None` while one is being closed.
pub(crate) fn next(
    tx: &mut Tx,
    scope: &Scope,
    settings: &Settings,
    now: UtcMicros,
) -> Result<Option<Period>, StoreError> {
    match store::periods(tx, scope, 1)?.first() {
        Some(last) if last.closed.is_none() => Ok(None),
        Some(last) => Ok(Some(last.period.next(settings))),
        None => {
            let first = store::first_open(tx, scope)?.unwrap_or(now);
            Ok(Some(Period::at(first.min(now), settings)))
        }
    }
}

/// Begins to close a month, in a transaction under way.
pub(crate) fn begin(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    month: Month,
    doer: &Doer<Hat>,
) -> Result<(), Stop> {
    manager_only(doer)?;
    let (settings, now) = (claims.settings(), claims.now());
    if store::load(tx, scope, month)?.is_some() {
        return Err(begun().into());
    }
    let period = next(tx, scope, settings, now)?.filter(|period| period.month == month);
    let period = period.ok_or_else(no_month)?;
    if period.ends >= now {
        return Err(not_over(period.ends).into());
    }
    let encoding = settings.terms(period.ends).offset.encoding;
    if !store::begin(tx, scope, &period, encoding, now)? {
        return Err(begun().into());
    }
    jobs::offset::queue(tx, scope, month, now)?;
    claims.enter_in_ledger(tx, BEGUN, scope, doer, subject(month))
}

/// Enters a correction, in a transaction under way.
pub(crate) fn enter(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &NewCorrection,
    doer: &Doer<Hat>,
) -> Result<(), Stop> {
    manager_only(doer)?;
    bearable("note", &new.note)?;
    let charged = store::charged(tx, scope, new.case)?.ok_or_else(no_charge)?;
    let net = charged.net.0.saturating_add(new.amount.0);
    // Nobody is given back more than they paid, or made to pay twice.
    if new.amount.0 == 0 || !(0..=charged.fee.0).contains(&net) {
        return Err(too_much(charged.net, charged.fee).into());
    }
    let (settings, now) = (claims.settings(), claims.now());
    let tax = settings.tax_in(&charged.terms, charged.applied, new.amount);
    let id = store::correct(tx, &charged, new.amount, tax, &new.note, now)?;
    let mut entry = LedgerEntry::new(CORRECTED, doer.actor.clone(), format!("claims.offset:{id}"));
    entry.list_for(scope.operator());
    entry.case = Some(new.case.to_string());
    kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest())?;
    Ok(())
}

fn subject(month: Month) -> String {
    format!("claims.offset:{month}")
}

/// What only a manager does.
pub(crate) fn manager_only(doer: &Doer<Hat>) -> Result<(), Refusal> {
    match doer.capacity {
        Hat::Manager | Hat::System => Ok(()),
        _ => Err(no::told(Halt::NotYou)),
    }
}
