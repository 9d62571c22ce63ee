//! Files of transfers received and of movements (種別コード 01 and 03).
//!
//! A file is header (1), data (2) …, trailer (8), once for each account, and at last an end record (9). Octets are JIS
//! X 0201; dates are YYMMDD in the years of an era, which the file does not name, so the caller does. Columns:
//! [`layout`](crate::layout). All or nothing: a file of which one record is wrong gives no deposits.
//!
//! What totals count is less certain than where they stand, so that what is known of banks' practice is taken in:
//!
//! * 01: 振込合計 may or may not include cancelled transfers, count and amount alike. 取消合計 must be that of the cancelled
//!   ones where it is given; spaces and zeros give nothing.
//! * 03: 入金 and 出金 are summed by 入払区分, corrections (取引区分 19) among them as what they are booked as: one of a deposit
//!   is a withdrawal. データ・レコード件数 and 口座数 must be right where they are given. レコード総件数 may count data records
//!   alone, all records, or all but the end.
//! * 01, form B: 金額（2） serves amounts of more than ten digits, and 金額 is 0 then. Form B is known by 24 digits where
//!   form A has 20 letters and spaces; both amounts at once are refused.

pub use crate::bad::{BadFile, Total};

use crate::{
    deposit::{Deposit, Own, Sense, Way, readable},
    layout::{self, Field},
    records::{Record, split},
};
use core_sheet::date::Era;
use core_words::Yen;
use jiff::civil::Date;

/// The most octets of a file: about 200,000 records, more than a federation's account sees in a year.
pub const MOST_OCTETS: usize = 40 << 20;

/// Which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 振込入金通知 (01): transfers received.
    Transfers,
    /// 入出金取引明細 (03): all movements of an account, of which those that brought money are taken.
    Movements,
}

/// A file that was read whole and adds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFile {
    /// Which file it is.
    pub kind: Kind,
    /// What it tells, account by account.
    pub statements: Vec<Statement>,
}

/// What a file tells of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The account.
    pub own: Own,
    /// Its holder, as people read it.
    pub holder: String,
    /// The day on which the bank made the file.
    pub made: Date,
    /// The first day of entry told of.
    pub from: Date,
    /// The last day of entry told of.
    pub to: Date,
    /// Money that arrived, and what was taken back of it.
    pub deposits: Vec<Deposit>,
    /// How many records told of something else: withdrawals, and corrections of them.
    pub passed_over: u64,
}

impl BankFile {
    /// All deposits, in the order of the file.
    pub fn deposits(&self) -> impl Iterator<Item = &Deposit> {
        self.statements.iter().flat_map(|statement| &statement.deposits)
    }
}

/// Reads a file. `era` is the one of its dates.
///
/// # Errors
/// The first [`BadFile`].
pub fn parse(octets: &[u8], era: Era) -> Result<BankFile, BadFile> {
    if octets.len() > MOST_OCTETS {
        return Err(BadFile::TooLong);
    }
    let mut records = (1u64..).zip(split(octets)?).peekable();
    let mut kind = None;
    let mut statements = Vec::new();
    let mut data_records = 0;
    loop {
        let at = statements.len();
        let next = records.next();
        let number = next.map_or_else(|| after(at, data_records), |(number, _)| number);
        match (next, kind) {
            (Some((number, octets)), _) if octets[0] == b'1' => {
                let (header, found) = header(number, octets, kind)?;
                kind = Some(found);
                let mut open = open(&header, era)?;
                let mut sums = Sums::default();
                loop {
                    let place = number + 1 + sums.data;
                    match records.next() {
                        Some((number, octets)) if octets[0] == b'2' => {
                            data(number, octets, found, era, &mut open, &mut sums)?;
                        }
                        Some((number, octets)) if octets[0] == b'8' => {
                            trailer(number, octets, found, &sums)?;
                            break;
                        }
                        other => return Err(order(other, place, "2 or 8")),
                    }
                }
                data_records += sums.data;
                statements.push(open);
            }
            (Some((number, octets)), Some(kind)) if octets[0] == b'9' => {
                end(number, octets, kind, at as u64, data_records)?;
                return match records.next() {
                    None => Ok(BankFile { kind, statements }),
                    more => Err(order(more, number + 1, "nothing")),
                };
            }
            (other, None) => return Err(order(other, number, "1")),
            (other, Some(_)) => return Err(order(other, number, "1 or 9")),
        }
    }
}

/// The record after so many accounts with so many data records.
fn after(statements: usize, data: u64) -> u64 {
    1 + 2 * statements as u64 + data
}

fn order(found: Option<(u64, &[u8])>, place: u64, wanted: &'static str) -> BadFile {
    let first = found.map(|(_, octets)| crate::records::text(&octets[..1]).chars().next().unwrap_or(' '));
    BadFile::Order { record: found.map_or(place, |(number, _)| number), found: first, wanted }
}

fn header(number: u64, octets: &[u8], before: Option<Kind>) -> Result<(Record<'_>, Kind), BadFile> {
    let record = |fields: &'static [Field]| Record { number, octets, fields };
    let unread = |kind: &str| BadFile::Kind { record: number, kind: kind.to_owned() };
    // Kind and code stand at the same place in every header.
    let plain = record(layout::HEADER_01);
    let said = plain.text("種別コード");
    let (header, kind) = match said.as_str() {
        "01" => (plain, Kind::Transfers),
        "03" => (record(layout::HEADER_03), Kind::Movements),
        other => return Err(unread(other)),
    };
    if before.is_some_and(|before| before != kind) {
        return Err(unread(&said));
    }
    match header.text("コード区分").as_str() {
        "0" => {}
        "1" => return Err(BadFile::Ebcdic),
        _ => return Err(header.bad("コード区分")),
    }
    let account = header.text("預金種目");
    if !matches!(account.as_str(), "1" | "2" | "4") {
        return Err(unread(&format!("{said}-{account}")));
    }
    Ok((header, kind))
}

fn open(header: &Record<'_>, era: Era) -> Result<Statement, BadFile> {
    let digits = |name| header.digits(name)?.map(str::to_owned).ok_or_else(|| header.bad(name));
    let number = digits("口座番号")?;
    // Ten digits in files of kind 03, of which the first three are 0 for every account of a Japanese bank.
    let number = if number.len() > 7 {
        let (zeros, last) = number.split_at(number.len() - 7);
        if zeros.bytes().any(|b| b != b'0') {
            return Err(header.bad("口座番号"));
        }
        last.to_owned()
    } else {
        number
    };
    Ok(Statement {
        own: Own {
            bank: digits("銀行コード")?,
            branch: digits("支店コード")?,
            kind: digits("預金種目")?,
            number,
        },
        holder: readable(&header.text("口座名")),
        made: header.must_day("作成日", era)?,
        from: header.must_day("勘定日（自）", era)?,
        to: header.must_day("勘定日（至）", era)?,
        deposits: Vec::new(),
        passed_over: 0,
    })
}

/// What the data records of one account make: how many and how much. Sums cannot overflow: 200,000 times 12 digits.
#[derive(Default)]
struct Sums {
    data: u64,
    /// Arrived, or 入金.
    into: (u64, u64),
    /// Cancelled, or 出金.
    out: (u64, u64),
}

impl Sums {
    fn add(&mut self, out: bool, amount: u64) {
        self.data += 1;
        let sum = if out { &mut self.out } else { &mut self.into };
        *sum = (sum.0 + 1, sum.1 + amount);
    }
}

fn data(
    number: u64,
    octets: &[u8],
    kind: Kind,
    era: Era,
    open: &mut Statement,
    sums: &mut Sums,
) -> Result<(), BadFile> {
    let (record, sense, way, amount, names) = match kind {
        Kind::Transfers => {
            // Form B has two amounts of twelve digits where form A has letters.
            let form_b = octets[128..152].iter().all(u8::is_ascii_digit);
            let fields = if form_b { layout::DATA_01_B } else { layout::DATA_01_A };
            let record = Record { number, octets, fields };
            let small = record.number("金額")?;
            let large = if form_b { record.number("金額（2）")? } else { 0 };
            if small > 0 && large > 0 {
                return Err(record.bad("金額（2）"));
            }
            let amount = small + large;
            if amount == 0 {
                return Err(record.bad("金額"));
            }
            let sense = match record.text("取消区分").as_str() {
                "" | "0" => Sense::Arrived,
                "1" => Sense::Cancelled,
                _ => return Err(record.bad("取消区分")),
            };
            sums.add(sense == Sense::Cancelled, amount);
            (record, Some(sense), Way::Transfer, amount, ["起算日", "振込依頼人名"])
        }
        Kind::Movements => {
            let record = Record { number, octets, fields: layout::DATA_03 };
            let amount = record.number("取引金額")?;
            if amount == 0 {
                return Err(record.bad("取引金額"));
            }
            let out = match record.text("入払区分").as_str() {
                "1" => false,
                "2" => true,
                _ => return Err(record.bad("入払区分")),
            };
            sums.add(out, amount);
            let (way, correction) = way(&record)?;
            // The correction of a deposit is booked as a withdrawal, that of a withdrawal as a deposit.
            let sense = match (out, correction) {
                (false, false) => Some(Sense::Arrived),
                (true, true) => Some(Sense::Cancelled),
                (true, false) | (false, true) => None,
            };
            (record, sense, way, amount, ["預入・払出日", "振込依頼人名または契約者番号"])
        }
    };
    let booked = record.must_day("勘定日", era)?;
    let value_date = record.day(names[0], era)?.unwrap_or(booked);
    let Some(sense) = sense else {
        open.passed_over += 1;
        return Ok(());
    };
    let reference = record.digits("照会番号")?.unwrap_or_default().trim_start_matches('0').to_owned();
    let payer_raw = record.text(names[1]);
    let code = record.text("振込依頼人コード");
    open.deposits.push(Deposit {
        booked,
        value_date,
        amount: Yen(i64::try_from(amount).expect("twelve digits at most")),
        sense,
        way,
        payer_kana: readable(&payer_raw),
        payer_raw,
        payer_code: code.trim_start_matches('0').to_owned(),
        reference,
        bank: readable(&record.text("仕向銀行名")),
        branch: readable(&record.text("仕向店名")),
        edi: record.text("EDI情報"),
        own: Some(open.own.clone()),
        record: number,
    });
    Ok(())
}

/// How money moved, and whether this corrects an earlier record.
fn way(record: &Record<'_>) -> Result<(Way, bool), BadFile> {
    Ok(match record.text("取引区分").as_str() {
        "10" => (Way::Cash, false),
        "11" => (Way::Transfer, false),
        "12" => (Way::Bill, false),
        "13" => (Way::Clearing, false),
        "14" => (Way::Book, false),
        "" | "00" | "18" => (Way::Other, false),
        "19" => (Way::Other, true),
        _ => return Err(record.bad("取引区分")),
    })
}

fn trailer(number: u64, octets: &[u8], kind: Kind, sums: &Sums) -> Result<(), BadFile> {
    let same = |total, said: u64, found: u64| {
        if said == found { Ok(()) } else { Err(BadFile::Totals { record: number, total, said, found }) }
    };
    match kind {
        Kind::Transfers => {
            let record = Record { number, octets, fields: layout::TRAILER_01 };
            let said = (record.number("振込合計件数")?, record.number("振込合計金額")?);
            let all = (sums.into.0 + sums.out.0, sums.into.1 + sums.out.1);
            if said != sums.into && said != all {
                // Whichever of the two is nearer: a wrong amount under the right count is told as that.
                let found = if said.0 == all.0 { all } else { sums.into };
                same(Total::Count, said.0, found.0)?;
                same(Total::Amount, said.1, found.1)?;
            }
            if let Some(said) = record.said("取消合計件数")? {
                same(Total::CancelledCount, said, sums.out.0)?;
            }
            if let Some(said) = record.said("取消合計金額")? {
                same(Total::CancelledAmount, said, sums.out.1)?;
            }
        }
        Kind::Movements => {
            let record = Record { number, octets, fields: layout::TRAILER_03 };
            same(Total::Count, record.number("入金件数")?, sums.into.0)?;
            same(Total::Amount, record.number("入金額合計")?, sums.into.1)?;
            same(Total::OutCount, record.number("出金件数")?, sums.out.0)?;
            same(Total::OutAmount, record.number("出金額合計")?, sums.out.1)?;
            if let Some(said) = record.said("データ・レコード件数")? {
                same(Total::Data, said, sums.data)?;
            }
        }
    }
    Ok(())
}

fn end(number: u64, octets: &[u8], kind: Kind, accounts: u64, data: u64) -> Result<(), BadFile> {
    if kind == Kind::Transfers {
        return Ok(());
    }
    let record = Record { number, octets, fields: layout::END_03 };
    if let Some(said) = record.said("レコード総件数")?
        && ![data, number, number - 1].contains(&said)
    {
        return Err(BadFile::Totals { record: number, total: Total::Records, said, found: number });
    }
    match record.said("口座数")? {
        Some(said) if said != accounts => {
            Err(BadFile::Totals { record: number, total: Total::Accounts, said, found: accounts })
        }
        _ => Ok(()),
    }
}
