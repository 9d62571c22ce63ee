//! Status words (ISO/IEC 7816-4 §5.6), what they mean, and how many tries a card has left (J16).

use core_words::Lang;

/// The last two octets of a response.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sw(pub u16);

impl Sw {
    /// Done.
    pub const OK: Self = Self(0x9000);
    /// The end of the file came before as many octets as were asked for.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// The application was terminated.
    pub const TERMINATED: Self = Self(0x6285);
    /// The card's memory failed.
    pub const MEMORY: Self = Self(0x6581);
    /// Malformed, or of a wrong length.
    pub const LENGTH: Self = Self(0x6700);
    /// Logical channels there are none.
    pub const CHANNEL: Self = Self(0x6881);
    /// The last part of a chained command was expected.
    pub const CHAIN: Self = Self(0x6883);
    /// The command does not go with the kind of file.
    pub const FILE_KIND: Self = Self(0x6981);
    /// PIN or authentication is missing.
    pub const SECURITY: Self = Self(0x6982);
    /// Blocked: no tries left.
    pub const BLOCKED: Self = Self(0x6983);
    /// Not in this state.
    pub const CONDITIONS: Self = Self(0x6985);
    /// No file of the needed kind is selected.
    pub const NO_CURRENT_FILE: Self = Self(0x6986);
    /// A sealed command does not open.
    pub const NOT_SEALED: Self = Self(0x6988);
    /// The data is not what the command takes.
    pub const DATA: Self = Self(0x6A80);
    /// This card does not do that.
    pub const FUNCTION: Self = Self(0x6A81);
    /// No such file or application.
    pub const NO_FILE: Self = Self(0x6A82);
    /// It does not fit into the file.
    pub const NO_SPACE: Self = Self(0x6A84);
    /// Wrong P1 or P2.
    pub const PARAMETERS: Self = Self(0x6A86);
    /// What was referred to is not there.
    pub const NO_REFERENCE: Self = Self(0x6A88);
    /// The offset lies at or behind the end of the file.
    pub const OFFSET: Self = Self(0x6B00);
    /// No such instruction.
    pub const INSTRUCTION: Self = Self(0x6D00);
    /// No such class.
    pub const CLASS: Self = Self(0x6E00);

    /// `63Cx`: wrong, or asked after; `tries` are left, at most 15.
    pub fn tries(tries: u8) -> Self {
        Self(0x63C0 | u16::from(tries.min(15)))
    }

    /// `61xx`: so many octets more, 256 or more as `00`.
    pub fn more(octets: usize) -> Self {
        Self(0x6100 | Self::short(octets))
    }

    /// `6Cxx`: Le is to be `octets`, 256 as `00`.
    pub fn exactly(octets: usize) -> Self {
        Self(0x6C00 | Self::short(octets))
    }

    fn short(octets: usize) -> u16 {
        u16::try_from(octets).ok().filter(|octets| *octets < 256).unwrap_or(0)
    }

    /// The tries that are left, when this is `63Cx`.
    pub fn tries_left(self) -> Option<u8> {
        (self.0 & 0xFFF0 == 0x63C0).then_some((self.0 & 0x000F) as u8)
    }

    /// How many octets GET RESPONSE will bring, when this is `61xx`; 256 stands for 256 or more.
    pub fn more_to_come(self) -> Option<usize> {
        let low = usize::from(self.0 & 0xFF);
        (self.0 >> 8 == 0x61).then_some(if low == 0 { 256 } else { low })
    }

    /// The length that Le is to have, when this is `6Cxx`.
    pub fn exact_length(self) -> Option<usize> {
        let low = usize::from(self.0 & 0xFF);
        (self.0 >> 8 == 0x6C).then_some(if low == 0 { 256 } else { low })
    }

    /// Whether this is `9000`.
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }

    /// What it means, for people.
    pub fn meaning(self, lang: Lang) -> &'static str {
        TABLE.iter().find(|row| self.0 & row.mask == row.word).map_or_else(
            || lang.pick("不明な応答です", "an unknown status word"),
            |row| lang.pick(row.ja, row.en),
        )
    }
}

impl From<u16> for Sw {
    fn from(word: u16) -> Self {
        Self(word)
    }
}

impl std::fmt::Debug for Sw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl std::fmt::Display for Sw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

/// A status word, or a family of them, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The status word.
    pub word: u16,
    /// Which of its bits count.
    pub mask: u16,
    /// In English.
    pub en: &'static str,
    /// In Japanese.
    pub ja: &'static str,
}

const fn one(word: u16, en: &'static str, ja: &'static str) -> Meaning {
    Meaning { word, mask: 0xFFFF, en, ja }
}

const fn family(word: u16, mask: u16, en: &'static str, ja: &'static str) -> Meaning {
    Meaning { word, mask, en, ja }
}

/// Every status word that this card gives, and those that cards of others are known to give.
pub static TABLE: [Meaning; 40] = [
    one(0x9000, "done", "正常に終了しました"),
    family(0x6100, 0xFF00, "done; more of the answer waits", "正常に終了しました(応答の続きがあります)"),
    one(0x6281, "part of the data may be damaged", "データの一部が壊れている可能性があります"),
    one(0x6282, "the file ended before", "ファイルの終わりに達しました"),
    one(0x6283, "the file is deactivated", "ファイルが無効になっています"),
    one(0x6285, "the application was terminated", "アプリケーションは廃止されています"),
    one(0x6300, "the authentication failed", "認証に失敗しました"),
    one(0x63C0, "wrong, and no tries are left", "照合に失敗しました(残り回数はありません)"),
    family(0x63C0, 0xFFF0, "wrong; tries are left", "照合に失敗しました(再試行できます)"),
    one(0x6400, "the card could not carry it out", "カードで処理できませんでした"),
    one(0x6581, "the card's memory failed", "カードのメモリに障害があります"),
    one(0x6700, "malformed, or of a wrong length", "コマンドの長さが正しくありません"),
    one(0x6881, "logical channels are not supported", "論理チャネルには対応していません"),
    one(0x6882, "this secure messaging is not supported", "このセキュアメッセージングには対応していません"),
    one(0x6883, "the last part of a chained command was expected", "連鎖コマンドの最終部がありません"),
    one(0x6884, "chaining is not supported", "コマンドの連鎖には対応していません"),
    one(0x6981, "the command does not go with this file", "このファイルには使えないコマンドです"),
    one(0x6982, "a PIN or an authentication is missing", "パスワードの照合または認証が必要です"),
    one(0x6983, "blocked", "ロックされています"),
    one(0x6984, "the key is locked", "鍵がロックされています"),
    one(0x6985, "not in the card's present state", "カードの現在の状態では実行できません"),
    one(0x6986, "no file of the needed kind is selected", "対象のファイルが選択されていません"),
    one(0x6987, "secure messaging is missing", "セキュアメッセージングが必要です"),
    one(0x6988, "the sealed command does not open", "暗号化されたコマンドを確認できません"),
    one(0x6A80, "the data is not what the command takes", "データの内容が正しくありません"),
    one(0x6A81, "this card does not do that", "このカードでは利用できない機能です"),
    one(0x6A82, "no such file or application", "ファイルまたはアプリケーションがありません"),
    one(0x6A83, "no such record", "レコードがありません"),
    one(0x6A84, "no space left in the file", "ファイルの空きが足りません"),
    one(0x6A85, "length and structure do not go together", "長さと構造が合いません"),
    one(0x6A86, "wrong P1 or P2", "P1またはP2が正しくありません"),
    one(0x6A87, "length and P1, P2 do not go together", "長さとP1、P2が合いません"),
    one(0x6A88, "what was referred to is not there", "参照先がありません"),
    one(0x6B00, "the offset lies outside of the file", "オフセットがファイルの外にあります"),
    family(0x6C00, 0xFF00, "another length is to be asked for", "応答の長さの指定が正しくありません"),
    one(0x6D00, "no such instruction", "対応していない命令です"),
    one(0x6E00, "no such class", "対応していないクラスです"),
    one(0x6F00, "the card failed for another reason", "カードで障害が起きました"),
    family(0x6200, 0xFF00, "done, with a warning", "警告があります"),
    family(
        0x6300,
        0xFF00,
        "done, with a warning; the card's state changed",
        "警告があります(カードの状態が変わりました)",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_tries_are_read_from_63cx_alone() {
        for tries in 0..=15 {
            assert_eq!(Sw::tries(tries).tries_left(), Some(tries));
        }
        for word in [0x6300, 0x63B1, 0x63D1, 0x9000, 0x6983] {
            assert_eq!(Sw(word).tries_left(), None, "{word:04X}");
        }
    }

    #[test]
    fn j16_lengths_of_256_and_more_are_written_00() {
        let words = [1, 255, 256, 70_000].map(|octets| (Sw::more(octets).0, Sw::exactly(octets).0));
        assert_eq!(words, [(0x6101, 0x6C01), (0x61FF, 0x6CFF), (0x6100, 0x6C00), (0x6100, 0x6C00)]);
        assert_eq!(Sw(0x6100).more_to_come(), Some(256));
        assert_eq!(Sw(0x6110).more_to_come(), Some(16));
        assert_eq!(Sw(0x9010).more_to_come(), None);
    }

    #[test]
    fn j16_each_word_has_one_meaning_in_both_languages() {
        for (place, row) in TABLE.iter().enumerate() {
            assert!(!row.ja.is_ascii() && row.en.is_ascii(), "{:04X}", row.word);
            let again = TABLE[..place].iter().any(|other| other.mask == row.mask && other.word == row.word);
            assert!(!again, "{:04X} stands twice", row.word);
        }
        assert_eq!(Sw(0x63C2).meaning(Lang::En), "wrong; tries are left");
        assert_eq!(Sw(0x63C0).meaning(Lang::En), "wrong, and no tries are left");
        assert_eq!(Sw(0x1234).meaning(Lang::Ja), "不明な応答です");
    }
}
