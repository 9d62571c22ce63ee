//! Where each field stands in a record of 200 octets.
//!
//! | layout | taken from | certainty |
//! |---|---|---|
//! | 振込入金通知, kind 01, forms A and B | 「全銀協パーソナル・コンピュータ用標準通信プロトコル（ベーシック手順）適用業務およびレコード・フォーマット」（全国銀行協会, AP-Ⅰ-12 別冊, December 2019), as an open implementation that cites it has it; header and beginning of the data record compared with 阿波銀行 「振込入金通知（全銀協制定フォーマット）」 | high |
//! | 入出金取引明細, kind 03, ordinary, current and savings accounts | the same; beginning of the header compared with きらぼし銀行 「《入出金明細（全銀）》明細ファイル・フォーマット（全銀協規定形式・改行なし）」 (2018-05-01) | high |
//! | 入出金取引明細 of time deposits | known, and left out: nobody transfers money to them | – |
//!
//! The association's own document is sold and not on the open net; what is said of it here is second hand. Less
//! certain than the columns is what totals count: see [`zengin`](crate::zengin).

/// Octets of a record.
pub const RECORD: usize = 200;

/// What may stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// N: digits, right-justified and filled with zeros; all spaces where a bank leaves an optional one out.
    Digits,
    /// C: letters, digits and kana of JIS X 0201, left-justified and filled with spaces.
    Letters,
    /// Nothing: filled with spaces or zeros, and not looked at.
    Nothing,
}

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the association's document.
    pub name: &'static str,
    /// The position of its first octet, from 1, as documents count.
    pub at: usize,
    /// How many octets it has.
    pub length: usize,
    /// What may stand there.
    pub content: Content,
}

/// Fields one after another: `name length content;`.
macro_rules! record {
    ($($constant:ident = [$($name:literal $length:literal $content:ident;)+])+) => {$(
        #[doc = concat!("Fields of ", stringify!($constant), ", from the first octet to the last.")]
        pub const $constant: &[Field] = &placed([$(
            Field { name: $name, at: 0, length: $length, content: Content::$content },
        )+]);
    )+};
}

record! {
    HEADER_01 = [
        "データ区分" 1 Digits; "種別コード" 2 Digits; "コード区分" 1 Digits; "作成日" 6 Digits;
        "勘定日（自）" 6 Digits; "勘定日（至）" 6 Digits; "銀行コード" 4 Digits; "銀行名" 15 Letters;
        "支店コード" 3 Digits; "支店名" 15 Letters; "預金種目" 1 Digits; "口座番号" 7 Digits;
        "口座名" 40 Letters; "ダミー" 93 Nothing;
    ]
    DATA_01_A = [
        "データ区分" 1 Digits; "照会番号" 6 Digits; "勘定日" 6 Digits; "起算日" 6 Digits;
        "金額" 10 Digits; "うち他店券金額" 10 Digits; "振込依頼人コード" 10 Digits;
        "振込依頼人名" 48 Letters; "仕向銀行名" 15 Letters; "仕向店名" 15 Letters; "取消区分" 1 Digits;
        "EDI情報" 20 Letters; "ダミー" 52 Nothing;
    ]
    DATA_01_B = [
        "データ区分" 1 Digits; "照会番号" 6 Digits; "勘定日" 6 Digits; "起算日" 6 Digits;
        "金額" 10 Digits; "うち他店券金額" 10 Digits; "振込依頼人コード" 10 Digits;
        "振込依頼人名" 48 Letters; "仕向銀行名" 15 Letters; "仕向店名" 15 Letters; "取消区分" 1 Digits;
        "金額（2）" 12 Digits; "うち他店券金額（2）" 12 Digits; "EDI情報" 20 Letters; "ダミー" 28 Nothing;
    ]
    TRAILER_01 = [
        "データ区分" 1 Digits; "振込合計件数" 6 Digits; "振込合計金額" 12 Digits;
        "取消合計件数" 6 Digits; "取消合計金額" 12 Digits; "ダミー" 163 Nothing;
    ]
    END_01 = ["データ区分" 1 Digits; "ダミー" 199 Nothing;]
    HEADER_03 = [
        "データ区分" 1 Digits; "種別コード" 2 Digits; "コード区分" 1 Digits; "作成日" 6 Digits;
        "勘定日（自）" 6 Digits; "勘定日（至）" 6 Digits; "銀行コード" 4 Digits; "銀行名" 15 Letters;
        "支店コード" 3 Digits; "支店名" 15 Letters; "ダミー（1）" 3 Nothing; "預金種目" 1 Digits;
        "口座番号" 10 Digits; "口座名" 40 Letters; "貸越区分" 1 Digits; "通帳・証書区分" 1 Digits;
        "取引前残高" 14 Digits; "ダミー" 71 Nothing;
    ]
    DATA_03 = [
        "データ区分" 1 Digits; "照会番号" 8 Digits; "勘定日" 6 Digits; "預入・払出日" 6 Digits;
        "入払区分" 1 Digits; "取引区分" 2 Digits; "取引金額" 12 Digits; "うち他店券金額" 12 Digits;
        "交換呈示日" 6 Digits; "不渡返還日" 6 Digits; "手形・小切手区分" 1 Digits;
        "手形・小切手番号" 7 Digits; "僚店番号" 3 Digits; "振込依頼人コード" 10 Digits;
        "振込依頼人名または契約者番号" 48 Letters; "仕向銀行名" 15 Letters; "仕向店名" 15 Letters;
        "摘要内容" 20 Letters; "EDI情報" 20 Letters; "ダミー" 1 Nothing;
    ]
    TRAILER_03 = [
        "データ区分" 1 Digits; "入金件数" 6 Digits; "入金額合計" 13 Digits; "出金件数" 6 Digits;
        "出金額合計" 13 Digits; "貸越区分" 1 Digits; "取引後残高" 14 Digits;
        "データ・レコード件数" 7 Digits; "ダミー" 139 Nothing;
    ]
    END_03 = ["データ区分" 1 Digits; "レコード総件数" 10 Digits; "口座数" 5 Digits; "ダミー" 184 Nothing;]
}

/// Positions follow from lengths; a record of another length than 200 does not compile.
const fn placed<const N: usize>(mut fields: [Field; N]) -> [Field; N] {
    let (mut next, mut n) = (1, 0);
    while n < N {
        fields[n].at = next;
        next += fields[n].length;
        n += 1;
    }
    assert!(next == RECORD + 1, "the fields of a record make 200 octets");
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c10_fields_stand_where_the_documents_say() {
        let at = |fields: &[Field], name: &str| {
            let field = fields.iter().find(|field| field.name == name).expect("a field of the record");
            (field.at, field.length)
        };
        // Counted by hand from the documents named above.
        assert_eq!(at(HEADER_01, "口座番号"), (61, 7));
        assert_eq!(at(HEADER_01, "口座名"), (68, 40));
        assert_eq!(at(DATA_01_A, "金額"), (20, 10));
        assert_eq!(at(DATA_01_A, "振込依頼人名"), (50, 48));
        assert_eq!(at(DATA_01_A, "取消区分"), (128, 1));
        assert_eq!(at(DATA_01_A, "EDI情報"), (129, 20));
        assert_eq!(at(DATA_01_B, "金額（2）"), (129, 12));
        assert_eq!(at(DATA_01_B, "EDI情報"), (153, 20));
        assert_eq!(at(TRAILER_01, "取消合計金額"), (26, 12));
        assert_eq!(at(HEADER_03, "口座番号"), (64, 10));
        assert_eq!(at(DATA_03, "入払区分"), (22, 1));
        assert_eq!(at(DATA_03, "取引金額"), (25, 12));
        assert_eq!(at(DATA_03, "振込依頼人名または契約者番号"), (82, 48));
        assert_eq!(at(DATA_03, "EDI情報"), (180, 20));
        assert_eq!(at(TRAILER_03, "データ・レコード件数"), (55, 7));
    }
}
