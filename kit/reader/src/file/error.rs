//! What can go wrong with the file of a card. None of it carries what is in the file.

use core_words::{Kind, Refusal, Text};
use std::path::{Path, PathBuf};

/// Why the file of a card could not be made, opened or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}", .path.display())]
pub struct FileError {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: What,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum What {
    /// There is none.
    #[error("there is no such card")]
    Missing,
    /// There is one already.
    #[error("there is a card already")]
    Exists,
    /// It is the file of something else.
    #[error("this is not the file of a card")]
    Foreign,
    /// It was written by another version of this program.
    #[error("the file is of version {0}, which is not known here")]
    Version(u8),
    /// It ends before its end.
    #[error("the file is truncated")]
    Truncated,
    /// It, or what was to be written into it, is longer than cards are.
    #[error("this is larger than a card can be")]
    TooLarge,
    /// It does not open: another machine's key, or octets that were altered; nobody can say which.
    #[error("the card does not open with this device key, or the file was damaged")]
    Sealed,
    /// Another process has the card.
    #[error("the card is used by another process")]
    InUse,
    /// It is a link, a folder or a device: only plain files are taken.
    #[error("this is not a plain file")]
    NotPlain,
    /// The device key can be read by others.
    #[error("the device key can be read by others")]
    Exposed,
    /// It is no device key.
    #[error("this is not a device key")]
    NoDeviceKey,
    /// The system said no.
    #[error("{0}")]
    Io(std::io::Error),
}

impl What {
    pub(super) fn at(self, path: &Path) -> FileError {
        FileError { path: path.to_owned(), what: self }
    }
}

impl FileError {
    /// The same for people, at the edge: a code, what happened, what to do next (J16).
    pub fn refusal(&self) -> Refusal {
        let path = self.path.display();
        let refusal = |kind, code, ja: String, en: String, next_ja: &str, next_en: &str| {
            Refusal::new(kind, code, Text::new(ja, en), Text::new(next_ja, next_en))
        };
        match &self.what {
            What::Missing => refusal(
                Kind::NotFound,
                "card_file.missing",
                format!("カードのファイル {path} がありません。"),
                format!("There is no card {path}."),
                "パスを確かめるか、新しいカードを作ってください。",
                "Check the path, or make a new card.",
            ),
            What::Exists => refusal(
                Kind::Conflict,
                "card_file.exists",
                format!("{path} には既にカードがあります。"),
                format!("There is a card {path} already."),
                "別の名前を付けてください。",
                "Choose another name.",
            ),
            What::Foreign => refusal(
                Kind::Malformed,
                "card_file.foreign",
                format!("{path} はカードのファイルではありません。"),
                format!("{path} is not the file of a card."),
                "パスを確かめてください。",
                "Check the path.",
            ),
            What::Version(version) => refusal(
                Kind::Refused,
                "card_file.version",
                format!("{path} は別の版（{version}）のファイルです。"),
                format!("{path} is of version {version}, which is not known here."),
                "そのカードを作った版のプログラムで開いてください。",
                "Open it with the version of the program that made it.",
            ),
            What::Truncated => refusal(
                Kind::Malformed,
                "card_file.truncated",
                format!("{path} は途中で切れています。"),
                format!("{path} ends before its end."),
                "写しから元に戻してください。",
                "Restore it from a copy.",
            ),
            What::TooLarge => refusal(
                Kind::TooLarge,
                "card_file.too_large",
                format!("{path} はカードとして大きすぎます。"),
                format!("{path} is larger than a card can be."),
                "パスを確かめてください。",
                "Check the path.",
            ),
            What::Sealed => refusal(
                Kind::Refused,
                "card_file.sealed",
                format!("{path} はこの端末の鍵では開けないか、壊れています。"),
                format!("{path} does not open with this machine's device key, or it was damaged."),
                "カードを作った端末の鍵（device.key）を使うか、写しから元に戻してください。",
                "Use the device key (device.key) of the machine that made it, or restore it from a copy.",
            ),
            What::InUse => refusal(
                Kind::Conflict,
                "card_file.in_use",
                format!("{path} はほかのプロセスが使用中です。"),
                format!("{path} is used by another process."),
                "カードを取り外すか、そのプロセスを終了してください。",
                "Take the card out there, or stop that process.",
            ),
            What::NotPlain => refusal(
                Kind::Refused,
                "card_file.not_plain",
                format!("{path} は通常のファイルではありません。"),
                format!("{path} is not a plain file."),
                "リンクやフォルダーではなく、ファイルそのもののパスを指定してください。",
                "Give the path of the file itself, not of a link or a folder.",
            ),
            What::Exposed => refusal(
                Kind::Refused,
                "card_file.key_exposed",
                format!("端末の鍵 {path} をほかの利用者が読めます。"),
                format!("The device key {path} can be read by others."),
                "chmod 600 で権限を直してください。読まれた恐れがあれば、カードを作り直してください。",
                "Set its permissions by chmod 600. If others may have read it, make the cards anew.",
            ),
            What::NoDeviceKey => refusal(
                Kind::Malformed,
                "card_file.no_device_key",
                format!("{path} は端末の鍵ではありません。"),
                format!("{path} is not a device key."),
                "パスを確かめるか、写しから元に戻してください。",
                "Check the path, or restore it from a copy.",
            ),
            What::Io(error) => refusal(
                Kind::Unavailable,
                "card_file.io",
                format!("{path} を扱えません: {error}。"),
                format!("{path}: {error}."),
                "パス、権限、空き容量を確かめてください。",
                "Check the path, who may read and write there, and the free space.",
            ),
        }
    }
}
