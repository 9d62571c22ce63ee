//! Money that arrived.

use core_words::Yen;
use jiff::civil::Date;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization as _;

/// Whether money arrived or was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sense {
    /// It arrived.
    Arrived,
    /// An arrival told of before is cancelled (取消区分 1, or a correction 訂正 of a deposit): the amount is to be taken
    /// off again.
    Cancelled,
}

/// How money arrived (取引区分 of 入出金取引明細).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// 振込: a transfer. All that 振込入金通知 tells of.
    Transfer,
    /// 現金: cash.
    Cash,
    /// 他店券入金: a cheque or bill drawn on another branch.
    Bill,
    /// 交換: through the clearing house.
    Clearing,
    /// 振替: from another account of the same bank.
    Book,
    /// その他, or not said.
    Other,
}

/// The account into which it went, as the file names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Own {
    /// Four digits.
    pub bank: String,
    /// Three digits.
    pub branch: String,
    /// 預金種目: 1 ordinary, 2 current, 4 savings.
    pub kind: String,
    /// Seven digits.
    pub number: String,
}

/// Money that arrived in an account, or was taken back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// The day on which the bank entered it (勘定日).
    pub booked: Date,
    /// The day from which it counts (起算日, 預入日): nearly always the same.
    pub value_date: Date,
    /// How much; always more than 0, also when it is cancelled.
    pub amount: Yen,
    /// Whether it arrived or was taken back.
    pub sense: Sense,
    /// How.
    pub way: Way,
    /// Under which name it was sent, as people read it: full-width kana, spaces squeezed. See [`readable`].
    pub payer_kana: String,
    /// The same, as it came.
    pub payer_raw: String,
    /// The payer's code with its bank (振込依頼人コード); empty if none.
    pub payer_code: String,
    /// The receiving bank's number for enquiries (照会番号), without zeros before it; empty if none.
    pub reference: String,
    /// The sending bank's name (仕向銀行名), as people read it; empty if not told.
    pub bank: String,
    /// The sending branch's name (仕向店名), as people read it; empty if not told.
    pub branch: String,
    /// What the payer had sent along (EDI情報), as it came; empty if nothing.
    pub edi: String,
    /// Into which account; `None` where the file does not tell.
    pub own: Option<Own>,
    /// The record of the file, or the line of the table, from 1.
    pub record: u64,
}

impl Deposit {
    /// What tells this deposit from others, the same whenever and in whichever file it comes: its receiving account, day
    /// of entry, value date, sense, amount, number for enquiries, payer's code and name, and the how-manieth of its like
    /// it is (`nth`, from 0: see [`fingerprints`]). Each part stands with its length before it, so that no two deposits
    /// share octets by accident. Not in it: record numbers, EDI, the sending bank, how it was sent; banks fill those in
    /// differently from file to file.
    ///
    /// A table of one's own ([`csv`](crate::csv)) names no account, so its deposits are known again only among tables.
    pub fn fingerprint(&self, nth: u32) -> Vec<u8> {
        let own = self.own.clone().unwrap_or_default();
        let sense = match self.sense {
            Sense::Arrived => "+",
            Sense::Cancelled => "-",
        };
        let parts = [
            "deposit/1",
            &own.bank,
            &own.branch,
            &own.kind,
            &own.number,
            &self.booked.to_string(),
            &self.value_date.to_string(),
            sense,
            &self.amount.0.to_string(),
            &self.reference,
            &self.payer_code,
            &self.payer_kana,
            &nth.to_string(),
        ];
        let mut octets = Vec::with_capacity(160);
        for part in parts {
            octets.extend_from_slice(part.len().to_string().as_bytes());
            octets.push(b':');
            octets.extend_from_slice(part.as_bytes());
        }
        octets
    }
}

/// The fingerprints of all deposits of one file, in their order.
///
/// Two transfers of the same payer on the same day over the same amount, without a number of the bank's, look the same;
/// they are told apart by counting them. That holds from file to file because files tell of whole days.
pub fn fingerprints<'a>(deposits: impl IntoIterator<Item = &'a Deposit>) -> Vec<Vec<u8>> {
    let mut seen: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let each = |deposit: &Deposit| {
        let nth = seen.entry(deposit.fingerprint(0)).or_default();
        *nth += 1;
        deposit.fingerprint(*nth - 1)
    };
    deposits.into_iter().map(each).collect()
}

/// A name as people read it: NFKC makes half-width kana full-width and joins their marks; runs of spaces become one.
pub fn readable(raw: &str) -> String {
    let plain: String = raw.nfkc().collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
