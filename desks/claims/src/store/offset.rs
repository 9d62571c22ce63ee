//! Fees of providers for the payment system (C18): charges, corrections, and the months they are closed in.
//!
//! Nothing is ever changed or taken away. An entry gets its month once; a correction is an entry of its own.

use crate::offset::{Month, OffsetLine, Period, Sums};
use core_sheet::Encoding;
use core_words::{CaseNumber, UtcMicros, Yen};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params, row};

const CHARGE: i16 = 1;
const CORRECTION: i16 = 2;
const CLOSING: i16 = 1;
const CLOSED: i16 = 2;

/// A month that is being closed, or is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedPeriod {
    /// Which month, and how long it lasted.
    pub period: Period,
    /// In which encoding its file is written.
    pub encoding: Encoding,
    /// When the closing began.
    pub started: UtcMicros,
    /// When it ended, and what is in it; `None` as long as it is under way.
    pub closed: Option<Closing>,
}

/// What a closed month is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: UtcMicros,
    /// How many providers have a line.
    pub holders: u64,
    /// What the lines add up to.
    pub sums: Sums,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// A correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Of which case.
    pub case: String,
    /// The number of the provider.
    pub number: String,
    /// How much; less than nothing where a fee is given back.
    pub amount: Yen,
    /// Why.
    pub note: String,
    /// When it was entered.
    pub at: UtcMicros,
    /// The month in whose file it is; `None` as long as that is not closed.
    pub month: Option<Month>,
}

/// What a case was charged so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charged {
    /// The id of its charge, which is that of the case.
    pub(crate) id: i64,
    /// The number of the provider.
    pub(crate) number: String,
    /// The terms that the case kept.
    pub(crate) terms: String,
    /// When it was applied for.
    pub(crate) applied: UtcMicros,
    /// The fee.
    pub(crate) fee: Yen,
    /// Fee and corrections.
    pub(crate) net: Yen,
}

/// Charges the provider of a case whose certificate has come. Once: a second time nothing happens.
pub(crate) fn charge(tx: &mut Tx, case: i64, tax: Yen) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO claims_offset_entry (id, operator_id, kind, case_id, case_number, holder, holder_number, terms, \
         applied_us, amount_yen, tax_yen, note, at_us) \
         SELECT id, operator_id, CAST($2 AS SMALLINT), id, number, holder, holder_number, terms, applied_us, fee_yen, \
         CAST($3 AS BIGINT), '', issued_us FROM claims_case \
         WHERE id = $1 AND agreed IS NOT NULL AND issued_us IS NOT NULL ON CONFLICT (id) DO NOTHING",
        params![case, CHARGE, tax.0],
    )?;
    Ok(())
}

/// What a case was charged.
pub(crate) fn charged(tx: &mut Tx, scope: &Scope, case: CaseNumber) -> Result<Option<Charged>, StoreError> {
    let (operator, number) = (scope.operator().as_str(), case.to_string());
    let row = tx.query_opt(
        "SELECT id, holder_number, terms, applied_us, amount_yen FROM claims_offset_entry \
         WHERE operator_id = $1 AND case_number = $2 AND kind = $3",
        params![operator, &number, CHARGE],
    )?;
    let Some(row) = row else { return Ok(None) };
    let net = tx.query_one(
        "SELECT CAST(sum(amount_yen) AS BIGINT) FROM claims_offset_entry WHERE operator_id = $1 AND case_number = $2",
        params![operator, &number],
    )?;
    Ok(Some(Charged {
        id: row.get(0)?,
        number: row.get(1)?,
        terms: row.get(2)?,
        applied: row.get(3)?,
        fee: Yen(row.get(4)?),
        net: Yen(net.get(0)?),
    }))
}

/// Enters a correction of what a case was charged; its id.
pub(crate) fn correct(
    tx: &mut Tx,
    charged: &Charged,
    amount: Yen,
    tax: Yen,
    note: &str,
    now: UtcMicros,
) -> Result<i64, StoreError> {
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO claims_offset_entry (id, operator_id, kind, case_id, case_number, holder, holder_number, terms, \
         applied_us, amount_yen, tax_yen, note, at_us) \
         SELECT CAST($2 AS BIGINT), operator_id, CAST($3 AS SMALLINT), case_id, case_number, holder, holder_number, \
         terms, applied_us, CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS TEXT), CAST($7 AS BIGINT) \
         FROM claims_offset_entry WHERE id = $1",
        params![charged.id, id, CORRECTION, amount.0, tax.0, note, now],
    )?;
    Ok(id)
}

/// What is in no closed month yet, up to `until`.
pub(crate) fn open_sums(tx: &mut Tx, scope: &Scope, until: UtcMicros) -> Result<Sums, StoreError> {
    let rows = tx.query(
        "SELECT kind, count(*), CAST(sum(amount_yen) AS BIGINT), CAST(coalesce(sum(tax_yen), 0) AS BIGINT) \
         FROM claims_offset_entry WHERE operator_id = $1 AND period IS NULL AND at_us <= $2 GROUP BY kind",
        params![scope.operator().as_str(), until],
    )?;
    sums(&rows)
}

/// What is in a month.
pub(crate) fn sums_in(tx: &mut Tx, scope: &Scope, month: Month) -> Result<Sums, StoreError> {
    let rows = tx.query(
        "SELECT kind, count(*), CAST(sum(amount_yen) AS BIGINT), CAST(coalesce(sum(tax_yen), 0) AS BIGINT) \
         FROM claims_offset_entry WHERE operator_id = $1 AND period = $2 GROUP BY kind",
        params![scope.operator().as_str(), month.to_string()],
    )?;
    sums(&rows)
}

fn sums(rows: &[Row]) -> Result<Sums, StoreError> {
    let mut sums = Sums::default();
    for row in rows {
        let (kind, count) = (row.get::<i16>(0)?, row.get::<i64>(1)?.unsigned_abs());
        let (yen, tax): (i64, i64) = (row.get(2)?, row.get(3)?);
        sums.tax.0 += tax;
        match kind {
            CHARGE => (sums.charges, sums.charged) = (count, Yen(yen)),
            _ => (sums.corrections, sums.corrected) = (count, Yen(yen)),
        }
    }
    Ok(sums)
}

/// When the first entry that is in no closed month is of.
pub(crate) fn first_open(tx: &mut Tx, scope: &Scope) -> Result<Option<UtcMicros>, StoreError> {
    let row = tx.query_opt(
        "SELECT at_us FROM claims_offset_entry WHERE operator_id = $1 AND period IS NULL ORDER BY at_us, id LIMIT 1",
        params![scope.operator().as_str()],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// How many certificates of providers issued from `begins` to `ends` were never charged for: none, if all is well.
pub(crate) fn uncharged(
    tx: &mut Tx,
    scope: &Scope,
    begins: UtcMicros,
    ends: UtcMicros,
) -> Result<u64, StoreError> {
    let row = tx.query_one(
        "SELECT count(*) FROM claims_case c WHERE c.operator_id = $1 AND c.agreed IS NOT NULL \
         AND c.issued_us IS NOT NULL AND c.issued_us >= $2 AND c.issued_us <= $3 \
         AND NOT EXISTS (SELECT 1 FROM claims_offset_entry e WHERE e.id = c.id AND e.kind = $4)",
        params![scope.operator().as_str(), begins, ends, CHARGE],
    )?;
    Ok(row.get::<i64>(0)?.unsigned_abs())
}

/// An entry about to get its month.
pub(crate) struct Waiting {
    pub(crate) id: i64,
    pub(crate) terms: String,
    pub(crate) applied: UtcMicros,
    pub(crate) amount: Yen,
    pub(crate) tax: Option<Yen>,
}

/// Entries up to `until` that are in no month, the oldest first; at most `most`.
pub(crate) fn waiting(
    tx: &mut Tx,
    scope: &Scope,
    until: UtcMicros,
    most: i64,
) -> Result<Vec<Waiting>, StoreError> {
    let rows = tx.query(
        "SELECT id, terms, applied_us, amount_yen, tax_yen FROM claims_offset_entry \
         WHERE operator_id = $1 AND period IS NULL AND at_us <= $2 ORDER BY at_us, id LIMIT $3",
        params![scope.operator().as_str(), until, most],
    )?;
    let waiting = |row: &Row| -> Result<Waiting, StoreError> {
        Ok(Waiting {
            id: row.get(0)?,
            terms: row.get(1)?,
            applied: row.get(2)?,
            amount: Yen(row.get(3)?),
            tax: row.get::<Option<i64>>(4)?.map(Yen),
        })
    };
    rows.iter().map(waiting).collect()
}

/// Gives entries their month, and the tax in them; how many had none.
pub(crate) fn take(tx: &mut Tx, month: Month, entries: &[(i64, Yen)]) -> Result<u64, StoreError> {
    let month = month.to_string();
    let rows: Vec<_> = entries.iter().map(|(id, tax)| row![*id, month.as_str(), tax.0]).collect();
    tx.update_many(
        "UPDATE claims_offset_entry SET period = $2, tax_yen = $3 WHERE id = $1 AND period IS NULL",
        &rows,
    )
}

/// The lines of a month in the order of the providers' numbers, those after `after`; at most `most`.
pub(crate) fn lines(
    tx: &mut Tx,
    scope: &Scope,
    month: Month,
    after: &str,
    most: i64,
) -> Result<Vec<OffsetLine>, StoreError> {
    let rows = tx.query(
        "SELECT holder_number, count(CASE WHEN kind = 1 THEN 1 END), \
         CAST(coalesce(sum(CASE WHEN kind = 1 THEN amount_yen END), 0) AS BIGINT), \
         count(CASE WHEN kind = 2 THEN 1 END), \
         CAST(coalesce(sum(CASE WHEN kind = 2 THEN amount_yen END), 0) AS BIGINT), \
         CAST(coalesce(sum(tax_yen), 0) AS BIGINT) \
         FROM claims_offset_entry WHERE operator_id = $1 AND period = $2 AND holder_number > $3 \
         GROUP BY holder_number ORDER BY holder_number LIMIT $4",
        params![scope.operator().as_str(), month.to_string(), after, most],
    )?;
    let line = |row: &Row| -> Result<OffsetLine, StoreError> {
        Ok(OffsetLine {
            number: row.get(0)?,
            sums: Sums {
                charges: row.get::<i64>(1)?.unsigned_abs(),
                charged: Yen(row.get(2)?),
                corrections: row.get::<i64>(3)?.unsigned_abs(),
                corrected: Yen(row.get(4)?),
                tax: Yen(row.get(5)?),
            },
        })
    };
    rows.iter().map(line).collect()
}

/// Corrections, the last first; at most `most`.
pub(crate) fn corrections(tx: &mut Tx, scope: &Scope, most: i64) -> Result<Vec<Correction>, StoreError> {
    let rows = tx.query(
        "SELECT id, case_number, holder_number, amount_yen, note, at_us, period FROM claims_offset_entry \
         WHERE operator_id = $1 AND kind = 2 ORDER BY at_us DESC, id DESC LIMIT $2",
        params![scope.operator().as_str(), most],
    )?;
    let correction = |row: &Row| -> Result<Correction, StoreError> {
        let month = row.get::<Option<String>>(6)?.map(|text| month_of(&text)).transpose()?;
        Ok(Correction {
            case: row.get(1)?,
            number: row.get(2)?,
            amount: Yen(row.get(3)?),
            note: row.get(4)?,
            at: row.get(5)?,
            month,
        })
    };
    rows.iter().map(correction).collect()
}

/// Begins to close a month; whether nobody had begun before.
pub(crate) fn begin(
    tx: &mut Tx,
    scope: &Scope,
    period: &Period,
    encoding: Encoding,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let begun = tx.execute(
        "INSERT INTO claims_offset_period (operator_id, period, state, begins_us, ends_us, encoding, started_us, \
         holders, charges, charged_yen, corrections, corrected_yen, tax_yen) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0) ON CONFLICT (operator_id, period) DO NOTHING",
        params![
            scope.operator().as_str(),
            period.month.to_string(),
            CLOSING,
            period.begins,
            period.ends,
            code_of(encoding),
            now,
        ],
    )?;
    Ok(begun == 1)
}

/// Ends the closing of a month; whether it was under way.
pub(crate) fn close(tx: &mut Tx, scope: &Scope, month: Month, closing: &Closing) -> Result<bool, StoreError> {
    let Sums { charges, charged, corrections, corrected, tax } = closing.sums;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let changed = tx.execute(
        "UPDATE claims_offset_period SET state = $3, closed_us = $4, holders = $5, charges = $6, charged_yen = $7, \
         corrections = $8, corrected_yen = $9, tax_yen = $10, sha256 = $11 \
         WHERE operator_id = $1 AND period = $2 AND state = $12",
        params![
            scope.operator().as_str(),
            month.to_string(),
            CLOSED,
            closing.at,
            count(closing.holders),
            count(charges),
            charged.0,
            count(corrections),
            corrected.0,
            tax.0,
            closing.sha256.as_slice(),
            CLOSING,
        ],
    )?;
    Ok(changed == 1)
}

const PERIOD: &str = "period, begins_us, ends_us, encoding, started_us, state, closed_us, holders, charges, \
                      charged_yen, corrections, corrected_yen, tax_yen, sha256";

/// A month that is closed or being closed.
pub(crate) fn load(tx: &mut Tx, scope: &Scope, month: Month) -> Result<Option<ClosedPeriod>, StoreError> {
    let sql = format!("SELECT {PERIOD} FROM claims_offset_period WHERE operator_id = $1 AND period = $2");
    tx.query_opt(&sql, params![scope.operator().as_str(), month.to_string()])?.as_ref().map(parse).transpose()
}

/// Months that are closed or being closed, the last first; at most `most`.
pub(crate) fn periods(tx: &mut Tx, scope: &Scope, most: i64) -> Result<Vec<ClosedPeriod>, StoreError> {
    let sql = format!(
        "SELECT {PERIOD} FROM claims_offset_period WHERE operator_id = $1 ORDER BY period DESC LIMIT $2"
    );
    tx.query(&sql, params![scope.operator().as_str(), most])?.iter().map(parse).collect()
}

fn parse(row: &Row) -> Result<ClosedPeriod, StoreError> {
    let name: String = row.get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("claims_offset_period {name}: {column}"));
    let count = |index| row.get::<i64>(index).map(i64::unsigned_abs);
    let period = Period { month: month_of(&name)?, begins: row.get(1)?, ends: row.get(2)? };
    let closed = match row.get::<i16>(5)? {
        CLOSING => None,
        CLOSED => Some(Closing {
            at: row.get::<Option<UtcMicros>>(6)?.ok_or_else(|| corrupt("closed_us"))?,
            holders: count(7)?,
            sums: Sums {
                charges: count(8)?,
                charged: Yen(row.get(9)?),
                corrections: count(10)?,
                corrected: Yen(row.get(11)?),
                tax: Yen(row.get(12)?),
            },
            sha256: row.get::<Option<[u8; 32]>>(13)?.ok_or_else(|| corrupt("sha256"))?,
        }),
        _ => return Err(corrupt("state")),
    };
    let encoding = encoding_of(row.get(3)?).ok_or_else(|| corrupt("encoding"))?;
    Ok(ClosedPeriod { period, encoding, started: row.get(4)?, closed })
}

fn month_of(text: &str) -> Result<Month, StoreError> {
    Month::parse(text).ok_or_else(|| StoreError::Corrupt(format!("claims_offset: the month {text}")))
}

fn code_of(encoding: Encoding) -> i16 {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Mark => 1,
        Encoding::Cp932 => 2,
    }
}

fn encoding_of(code: i16) -> Option<Encoding> {
    [Encoding::Utf8, Encoding::Cp932].into_iter().find(|encoding| code_of(*encoding) == code)
}
