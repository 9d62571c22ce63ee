//! Why a bank's file cannot be taken.

use crate::zengin::MOST_OCTETS;
use core_sheet::date::BadDate;
use core_words::Text;

/// What a total counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Transfers, or deposits: how many.
    Count,
    /// Transfers, or deposits: how much, in yen.
    Amount,
    /// Cancelled transfers: how many.
    CancelledCount,
    /// Cancelled transfers: how much, in yen.
    CancelledAmount,
    /// Withdrawals: how many.
    OutCount,
    /// Withdrawals: how much, in yen.
    OutAmount,
    /// Data records of an account.
    Data,
    /// Records of the file.
    Records,
    /// Accounts of the file.
    Accounts,
}

/// Why a file cannot be taken. Records are counted from 1; so are octets of a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More octets than [`MOST_OCTETS`](crate::zengin::MOST_OCTETS).
    #[error("the file is longer than {MOST_OCTETS} octets")]
    TooLong,
    /// In EBCDIC, by its octets or by its own word (コード区分 1).
    #[error("the file is in EBCDIC")]
    Ebcdic,
    /// An octet that JIS X 0201 has no character for, as in a file saved anew in another encoding.
    #[error("record {record}, octet {at}: 0x{octet:02X} is not JIS X 0201")]
    Octet {
        /// Which record.
        record: u64,
        /// Which octet of it.
        at: usize,
        /// What stands there.
        octet: u8,
    },
    /// Not 200 octets.
    #[error("record {record} has {found} octets, not 200")]
    Length {
        /// Which record.
        record: u64,
        /// How many it has.
        found: usize,
    },
    /// Neither 振込入金通知 nor 入出金取引明細 of an account on demand.
    #[error("record {record}: a file of kind {kind:?} is not read")]
    Kind {
        /// Which record.
        record: u64,
        /// 種別コード, or 種別コード and 預金種目 of a time deposit.
        kind: String,
    },
    /// Not header, data, trailer, end in this order.
    #[error("record {record} begins with {found:?} where {wanted} must stand")]
    Order {
        /// Which record; one more than there are if the file ends too early.
        record: u64,
        /// What it begins with; `None` if the file ends.
        found: Option<char>,
        /// What may stand there.
        wanted: &'static str,
    },
    /// A field that cannot be what it holds.
    #[error("record {record}, {field}: {value:?}")]
    Field {
        /// Which record.
        record: u64,
        /// Its name in the association's document.
        field: &'static str,
        /// What it holds.
        value: String,
    },
    /// A field that is no day of the era.
    #[error("record {record}, {field}: {why}")]
    Day {
        /// Which record.
        record: u64,
        /// Its name in the association's document.
        field: &'static str,
        /// Why not.
        why: BadDate,
    },
    /// A total that is not that of the records.
    #[error("record {record}: {total:?} is said to be {said} and is {found}")]
    Totals {
        /// The record that says so.
        record: u64,
        /// Of what.
        total: Total,
        /// What it says.
        said: u64,
        /// What the records make.
        found: u64,
    },
}

impl BadFile {
    /// For people.
    pub fn text(&self) -> Text {
        match self {
            Self::Empty => Text::new("ファイルが空です。", "The file is empty."),
            Self::TooLong => Text::new("ファイルが大きすぎます。", "The file is too large."),
            Self::Ebcdic => Text::new(
                "EBCDICのファイルです。JISコードで受け取り直してください。",
                "The file is in EBCDIC. Ask the bank for JIS.",
            ),
            Self::Octet { record, at, octet } => Text::new(
                format!(
                    "{record}件目のレコードの{at}バイト目に使えない文字（0x{octet:02X}）があります。銀行から受け取ったままのファイルを使ってください。"
                ),
                format!(
                    "Record {record}, octet {at}, cannot be 0x{octet:02X}. Use the file just as the bank sent it."
                ),
            ),
            Self::Length { record, found } => Text::new(
                format!("{record}件目のレコードが{found}バイトです。200バイトでなければなりません。"),
                format!("Record {record} has {found} octets where there must be 200."),
            ),
            Self::Kind { record, kind } => Text::new(
                format!(
                    "{record}件目のレコードの種別「{kind}」は読めません。振込入金通知（01）または普通・当座・貯蓄預金の入出金取引明細（03）を使ってください。"
                ),
                format!(
                    "Record {record}: kind {kind} is not read. Use 振込入金通知 (01), or 入出金取引明細 (03) of an account on demand."
                ),
            ),
            Self::Order { record, found, wanted } => {
                let (ja, en) = match found {
                    Some(found) => (format!("データ区分「{found}」"), format!("begins with {found}")),
                    None => ("ファイルの終わり".to_owned(), "is missing".to_owned()),
                };
                Text::new(
                    format!("{record}件目のレコードは{wanted}でなければなりませんが、{ja}です。"),
                    format!("Record {record} {en} where {wanted} must stand."),
                )
            }
            Self::Field { record, field, value } => Text::new(
                format!("{record}件目のレコードの「{field}」が正しくありません（{value}）。"),
                format!("Record {record}: {field} cannot be {value}."),
            ),
            Self::Day { record, field, why } => {
                let why = why.text();
                Text::new(
                    format!("{record}件目のレコードの「{field}」：{}", why.ja),
                    format!("Record {record}, {field}: {}", why.en),
                )
            }
            Self::Totals { record, total, said, found } => {
                let (ja, en) = total.names();
                Text::new(
                    format!("{record}件目のレコードの{ja}が合いません（記載{said}、実際{found}）。"),
                    format!("Record {record}: {en} is said to be {said} and is {found}."),
                )
            }
        }
    }
}

impl Total {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Count => ("入金の件数", "the count of deposits"),
            Self::Amount => ("入金の合計金額", "the sum of deposits"),
            Self::CancelledCount => ("取消の件数", "the count of cancellations"),
            Self::CancelledAmount => ("取消の合計金額", "the sum of cancellations"),
            Self::OutCount => ("出金の件数", "the count of withdrawals"),
            Self::OutAmount => ("出金の合計金額", "the sum of withdrawals"),
            Self::Data => ("データ・レコード件数", "the count of data records"),
            Self::Records => ("レコード総件数", "the count of records"),
            Self::Accounts => ("口座数", "the count of accounts"),
        }
    }
}
