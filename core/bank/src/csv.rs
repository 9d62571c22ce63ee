//! Deposits from a plain table, for banks that give none of the association's files.
//!
//! | column | also | |
//! |---|---|---|
//! | 入金日 | 勘定日, 日付, date | must; see [`core_sheet::date`] |
//! | 金額 | 入金額, 入金金額, amount | must; more than 0 |
//! | 振込人名 | 振込依頼人名, 依頼人名, 名義, payer | must |
//! | 照会番号 | 番号, reference | may |
//! | 起算日 | value date | may; otherwise 入金日 |
//! | 銀行名 | 仕向銀行名, bank | may |
//! | 支店名 | 仕向店名, 仕向支店名, branch | may |
//!
//! Other columns are refused: a table with withdrawals in a column of their own would be misread.

use crate::deposit::{Deposit, Sense, Way, readable};
use core_sheet::{BadSheet, Column, FromLine, Line, Reading, Sheet, date, number};
use core_words::{Text, Yen};

impl FromLine for Deposit {
    const COLUMNS: &'static [Column] = &[
        Column::must(&["入金日", "勘定日", "日付", "date"]),
        Column::must(&["金額", "入金額", "入金金額", "amount"]),
        Column::must(&["振込人名", "振込依頼人名", "依頼人名", "名義", "payer"]),
        Column::may(&["照会番号", "番号", "reference"]),
        Column::may(&["起算日", "value date"]),
        Column::may(&["銀行名", "仕向銀行名", "bank"]),
        Column::may(&["支店名", "仕向店名", "仕向支店名", "branch"]),
    ];

    fn from_line(line: &mut Line<'_>) -> Option<Self> {
        let day = |text: &str| date::parse(text).map_err(|bad| bad.text());
        let booked = line.must("入金日", day);
        let value_date = line.may("起算日", day);
        let amount = line.must("金額", |text| match number::yen(text) {
            Ok(yen) if yen > Yen(0) => Ok(yen),
            Ok(_) => Err(Text::new("金額は1円以上です。", "The amount must be more than 0.")),
            Err(bad) => Err(bad.text()),
        });
        let payer_raw = line.must("振込人名", |text| Ok(text.to_owned()));
        let (booked, value_date, amount, payer_raw) = (booked?, value_date?, amount?, payer_raw?);
        Some(Deposit {
            booked,
            value_date: value_date.unwrap_or(booked),
            amount,
            sense: Sense::Arrived,
            way: Way::Other,
            payer_kana: readable(&payer_raw),
            payer_raw,
            payer_code: String::new(),
            reference: readable(line.cell("照会番号")).trim_start_matches('0').to_owned(),
            bank: readable(line.cell("銀行名")),
            branch: readable(line.cell("支店名")),
            edi: String::new(),
            own: None,
            record: line.number(),
        })
    }
}

/// Reads a table of deposits.
///
/// # Errors
/// [`BadSheet`]; what is wrong with single lines is in the sheet's findings.
pub fn parse(octets: &[u8], reading: &Reading) -> Result<Sheet<Deposit>, BadSheet> {
    core_sheet::read(octets, reading)
}
