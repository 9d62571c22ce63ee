//! What a file of the bank tells of transfers (C10): in the formats of the Japanese Bankers Association, or as a plain
//! table. Pure: octets in, transfers or what is wrong with them out.

use crate::words::{HolderKind, HolderNumber};
use core_bank::{BadFile, Deposit, Sense, fingerprints, payer, zengin};
use core_sheet::{BadSheet, Findings, Limits, Reading, date::Era};
use core_words::{Text, UtcMicros, Yen};
use kit_web::Day;

/// The most octets of a file: what a form takes in.
pub const MOST_OCTETS: usize = 512 * 1024;

/// A file that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfers {
    /// What it tells, in its order.
    pub told: Vec<Told>,
    /// The file itself.
    pub octets: Vec<u8>,
}

/// A transfer as the bank tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The day on which the bank entered it: its first microsecond in Japan.
    pub day: UtcMicros,
    /// How much; less than nothing where the bank took it back.
    pub amount: Yen,
    /// Who paid, as people read it.
    pub payer: String,
    /// The bank's own reference.
    pub reference: String,
    /// The IDs of agents that the name of the payer, its code and its message hold: each once.
    pub ids: Vec<HolderNumber>,
    /// By what it is known again in another file.
    pub fingerprint: Vec<u8>,
}

/// Why a file was not taken.
#[derive(Clone, Debug)]
pub enum Unreadable {
    /// As a file of the bank.
    File(BadFile),
    /// As a table.
    Sheet(BadSheet),
    /// Single lines of a table.
    Lines(Box<Findings>),
    /// A transfer of a day that has not come.
    Day {
        /// The record of the file, or the line of the table, from 1.
        record: u64,
    },
}

impl Unreadable {
    /// For people; what is wrong with single lines is told line by line beside it.
    pub fn text(&self) -> Option<Text> {
        match self {
            Self::File(bad) => Some(bad.text()),
            Self::Sheet(bad) => Some(bad.text()),
            Self::Lines(_) => None,
            Self::Day { record } => Some(Text::new(
                format!("{record}件目（行）の入金日が、今日までの日付ではありません。"),
                format!("Record or line {record}: the day is not one until today."),
            )),
        }
    }
}

/// Reads a file: one that begins as those of banks do as such, any other as a table. `now` is when it is read: no
/// transfer is of a later day.
///
/// # Errors
/// [`Unreadable`]: nothing is taken of a file of which anything is wrong.
pub fn read(octets: Vec<u8>, now: UtcMicros) -> Result<Transfers, Unreadable> {
    let deposits = if is_of_a_bank(&octets) {
        let file = zengin::parse(&octets, Era::Reiwa).map_err(Unreadable::File)?;
        file.deposits().cloned().collect()
    } else {
        let limits = Limits { octets: MOST_OCTETS, chars: 200, findings: 100, ..Limits::default() };
        let sheet = core_bank::csv::parse(&octets, &Reading { limits, ..Reading::default() })
            .map_err(Unreadable::Sheet)?;
        if !sheet.findings.is_empty() {
            return Err(Unreadable::Lines(Box::new(sheet.findings)));
        }
        sheet.rows.into_iter().map(|row| row.value).collect::<Vec<_>>()
    };
    let fingerprints = fingerprints(&deposits);
    let each = deposits.iter().zip(fingerprints).map(|(deposit, fingerprint)| {
        let day = day(deposit.booked).filter(|day| *day <= Day::of(now));
        let day = day.ok_or(Unreadable::Day { record: deposit.record })?;
        Ok(told(deposit, day, fingerprint))
    });
    Ok(Transfers { told: each.collect::<Result<_, _>>()?, octets })
}

/// A header record begins with 1 and the two digits of its kind; a table with the names of its columns.
fn is_of_a_bank(octets: &[u8]) -> bool {
    // In EBCDIC a digit is 0xF0 and more: not readable, but to be told as what it is.
    let digit = |octet: &u8| octet.is_ascii_digit() || (0xf0..=0xf9).contains(octet);
    octets.len() >= 3 && octets[..3].iter().all(digit)
}

fn told(deposit: &Deposit, day: Day, fingerprint: Vec<u8>) -> Told {
    let text = format!("{} {} {}", deposit.payer_raw, deposit.payer_code, deposit.edi);
    let mut ids: Vec<HolderNumber> = payer::ids_in(&text)
        .iter()
        .filter_map(|id| HolderNumber::new(id))
        .filter(|number| number.kind() == HolderKind::Agent)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let amount = match deposit.sense {
        Sense::Arrived => deposit.amount,
        Sense::Cancelled => Yen(-deposit.amount.0),
    };
    Told {
        day: day.begins(),
        amount,
        payer: deposit.payer_kana.chars().take(100).collect(),
        reference: deposit.reference.chars().take(100).collect(),
        ids,
        fingerprint,
    }
}

/// The day, unless it lies before those that pages know.
fn day(date: jiff::civil::Date) -> Option<Day> {
    Day::new(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-21T12:00:00+09:00.
    const NOW: UtcMicros = UtcMicros(1_795_230_000 * 1_000_000);
    const TABLE: &str = "入金日,金額,振込人名,照会番号\n令和8年11月20日,\"7,800\",ＤＡ１３０００００１ ミドリ,123\n2026/11/21,100,DA13000001 DA13000002,\n";

    #[test]
    fn c10_a_table_is_read_with_the_ids_of_its_payers() {
        let file = read(TABLE.as_bytes().to_vec(), NOW).expect("well formed");
        let ids: Vec<Vec<&str>> =
            file.told.iter().map(|told| told.ids.iter().map(HolderNumber::as_str).collect()).collect();
        assert_eq!(ids, [vec!["DA13000001"], vec!["DA13000001", "DA13000002"]]);
        // 2026-11-20T00:00:00+09:00.
        assert_eq!(file.told[0].day, UtcMicros(1_795_100_400 * 1_000_000));
        assert_eq!((file.told[0].amount, &*file.told[0].reference), (Yen(7_800), "123"));
    }

    #[test]
    fn c10_of_a_table_with_a_wrong_line_nothing_is_taken_and_the_line_is_told() {
        let text = TABLE.replace("2026/11/21", "令和99年11月21日");
        let Err(Unreadable::Lines(findings)) = read(text.into_bytes(), NOW) else { panic!("it was taken") };
        let lines: Vec<_> = findings.iter().map(|finding| (finding.line, finding.column.as_str())).collect();
        assert_eq!(lines, [(3, "入金日")]);
        assert!(matches!(read(b"a,b\n1,2\n".to_vec(), NOW), Err(Unreadable::Sheet(_))));
        assert!(matches!(read(Vec::new(), NOW), Err(Unreadable::Sheet(_))));
    }

    #[test]
    fn c10_no_transfer_is_of_a_day_that_has_not_come() {
        assert!(read(TABLE.as_bytes().to_vec(), NOW).is_ok(), "today");
        for day in ["2026/11/22", "2117-11-21"] {
            let text = TABLE.replace("2026/11/21", day).into_bytes();
            assert!(matches!(read(text, NOW), Err(Unreadable::Day { record: 3 })), "{day}");
        }
        let early = TABLE.replace("2026/11/21", "1700-01-01").into_bytes();
        assert!(read(early, NOW).is_err());
    }

    #[test]
    fn c10_what_begins_as_a_banks_file_is_told_of_as_one() {
        for bad in [&b"101"[..], b"1030", &[0xf1, 0xf0, 0xf1]] {
            let Err(error @ Unreadable::File(_)) = read(bad.to_vec(), NOW) else { panic!("{bad:?}") };
            assert!(error.text().is_some_and(|text| !text.ja.is_empty() && !text.en.is_empty()));
        }
    }
}
