//! What can be wrong with a ceremony file, in both languages.

use authority_front::Text;
use std::fmt;

/// One problem of a ceremony file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line it is on, from 1; `None` when it concerns the whole file.
    pub line: Option<usize>,
    /// The field: `authority[2].parent`; empty when it concerns the whole file.
    pub field: String,
    /// What is wrong.
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Larger than [`MAX_OCTETS`](super::MAX_OCTETS).
    FileTooLarge,
    /// Not TOML, a missing key, a key that is not known, or a value of another type: the reader's words.
    Unreadable(String),
    /// A version of the format that is not known.
    Version(i64),
    /// More entries than a file may have.
    TooMany(usize),
    /// The file declares nothing.
    Nothing,
    /// Not a name (slug).
    Slug(String),
    /// A text that is empty, too long or has control characters.
    Text {
        /// Most characters allowed.
        max: usize,
    },
    /// Not an origin for checkpoints.
    Origin,
    /// Not a base URL.
    BaseUrl,
    /// Not one of the words that are known here.
    Word {
        /// What was written.
        found: String,
        /// What may be written.
        known: &'static str,
    },
    /// Not `attribute=value`.
    Attribute(String),
    /// Not a duration or not in its range.
    Duration(String),
    /// Not a term of validity.
    Term(String),
    /// The same name twice.
    Twice(String),
    /// A root names a parent.
    RootWithParent,
    /// An issuing authority names no parent.
    NoParent,
    /// Parents lead back to the authority itself.
    Circle,
    /// A list would be followed too late by the next: its life must be at least twice its interval.
    LifeTooShort,
    /// Only one of `delta_every` and `delta_life`.
    HalfADelta,
    /// A delta list is to come less often than a full one.
    DeltaRarerThanFull,
    /// `soon` is later than the schedule itself.
    SoonTooLate,
    /// Not a number of partitions.
    Partitions(i64),
    /// There is no such authority, here or in the installation.
    UnknownAuthority(String),
    /// There is no such profile.
    UnknownProfile(String),
    /// The profile is of another kind than its use.
    WrongProfile {
        /// The profile.
        profile: String,
        /// What is needed: `root`, `ca`, …
        needed: &'static str,
    },
    /// The authority exists and was made with another file.
    MadeByAnotherFile(String),
    /// The signer exists and was made with another file.
    SignerOfAnotherFile(String),
    /// Another installation or base URL than the one this installation was founded with.
    OtherInstallation {
        /// What it is.
        is: String,
    },
    /// The certificate would not be as the profile, or RFC 5280, wants it.
    Certificate(Text),
    /// The parent cannot certify now.
    ParentNotActive(String),
}

impl What {
    /// The sentence, in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::FileTooLarge => {
                Text::new("ファイルが大きすぎます(1 MiB まで)。", "the file is larger than 1 MiB")
            }
            Self::Unreadable(why) => {
                Text::new(format!("読めません: {why}"), format!("cannot be read: {why}"))
            }
            Self::Version(found) => Text::new(
                format!("版 {found} は読めません。1 と書いてください。"),
                format!("version {found} is not known; write 1"),
            ),
            Self::TooMany(most) => Text::new(
                format!("多すぎます(1 ファイルに {most} まで)。ファイルを分けてください。"),
                format!("more than {most} in one file; split the file"),
            ),
            Self::Nothing => Text::new(
                "作るものがありません。[[authority]] か [[signer]] を書いてください。",
                "nothing is to be made: write an [[authority]] or a [[signer]]",
            ),
            Self::Slug(found) => Text::new(
                format!("「{found}」は名前に使えません(a–z、0–9、- の 1〜40 文字、両端は英数字)。"),
                format!(
                    "'{found}' is not a name: 1 to 40 of a-z, 0-9 and '-', a letter or digit first and last"
                ),
            ),
            Self::Text { max } => Text::new(
                format!("1〜{max} 文字で、制御文字を含めずに書いてください。"),
                format!("must be 1 to {max} characters without control characters"),
            ),
            Self::Origin => Text::new(
                "origin は空白と + を含まない 1〜100 文字の ASCII です(例 pki.example.jp/warifu)。",
                "an origin is 1 to 100 printable ASCII characters without space and '+', such as pki.example.jp/warifu",
            ),
            Self::BaseUrl => Text::new(
                "http:// か https:// で始まる 200 文字までの URL を、末尾の / と ?、# なしで書いてください。",
                "must be a URL of at most 200 characters beginning with http:// or https://, without '/' at the end, '?' and '#'",
            ),
            Self::Word { found, known } => Text::new(
                format!("「{found}」は使えません。使えるもの: {known}"),
                format!("'{found}' is not known; known are {known}"),
            ),
            Self::Attribute(found) => Text::new(
                format!("「{found}」は「属性=値」の形ではありません(例 \"CN=Example Root\")。"),
                format!("'{found}' is not of the form \"attribute=value\", such as \"CN=Example Root\""),
            ),
            Self::Duration(found) => Text::new(
                format!(
                    "「{found}」は期間ではありません(1 秒から 366 日まで、例 \"10 minutes\" \"6 hours\" \"1 day\")。"
                ),
                format!(
                    "'{found}' is not an interval from 1 second to 366 days, such as \"10 minutes\", \"6 hours\", \"1 day\""
                ),
            ),
            Self::Term(found) => Text::new(
                format!(
                    "「{found}」は有効期間ではありません(例 \"20 years\" \"39 months\" \"365 days\"、100 年まで)。"
                ),
                format!(
                    "'{found}' is not a term of validity such as \"20 years\", \"39 months\", \"365 days\", at most 100 years"
                ),
            ),
            Self::Twice(name) => {
                Text::new(format!("「{name}」が二度あります。"), format!("'{name}' stands here twice"))
            }
            Self::RootWithParent => Text::new(
                "ルートに parent は書けません。下位の認証局なら kind = \"issuing\" です。",
                "a root has no parent; a subordinate authority is of kind \"issuing\"",
            ),
            Self::NoParent => {
                Text::new("発行認証局には parent が要ります。", "an issuing authority needs a parent")
            }
            Self::Circle => Text::new("parent をたどると自分に戻ります。", "its parents lead back to itself"),
            Self::LifeTooShort => Text::new(
                "リストの有効期間は発行間隔の 2 倍以上にしてください。次のリストが遅れても切れないためです。",
                "the life of a list must be at least twice its interval, so that a late one leaves no gap",
            ),
            Self::HalfADelta => Text::new(
                "delta_every と delta_life は両方書くか、両方書かないでください。",
                "write both delta_every and delta_life, or neither",
            ),
            Self::DeltaRarerThanFull => Text::new(
                "delta_every は full_every より短くしてください。",
                "delta_every must be shorter than full_every",
            ),
            Self::SoonTooLate => Text::new(
                "soon は full_every 以下(デルタがあれば delta_every 以下)にしてください。",
                "soon must not be longer than full_every (or delta_every, where there are delta lists)",
            ),
            Self::Partitions(found) => Text::new(
                format!("partitions は 0 か 2〜256 です({found} ではなく)。"),
                format!("partitions is 0 or from 2 to 256, not {found}"),
            ),
            Self::UnknownAuthority(name) => Text::new(
                format!("認証局「{name}」はこのファイルにも、この設置にもありません。"),
                format!("there is no authority '{name}' in this file or in this installation"),
            ),
            Self::UnknownProfile(name) => Text::new(
                format!("プロファイル「{name}」はありません。"),
                format!("there is no profile '{name}'"),
            ),
            Self::WrongProfile { profile, needed } => Text::new(
                format!("プロファイル「{profile}」は {needed} 用ではありません。"),
                format!("profile '{profile}' is not for {needed} certificates"),
            ),
            Self::MadeByAnotherFile(name) => Text::new(
                format!(
                    "認証局「{name}」は別のファイルで作成済みです。追加するものだけを新しいファイルに書いてください。"
                ),
                format!(
                    "authority '{name}' exists and was made with another file; put only what is new into a further file"
                ),
            ),
            Self::SignerOfAnotherFile(name) => Text::new(
                format!("署名者「{name}」は別のファイルで作成済みです。新しい名前を付けてください。"),
                format!(
                    "signer '{name}' exists and was made with another file; give the new one another name"
                ),
            ),
            Self::OtherInstallation { is } => Text::new(
                format!("この設置では「{is}」です。最初の鍵生成式で決まり、変えられません。"),
                format!("this installation was founded with '{is}', and that cannot be changed"),
            ),
            Self::Certificate(text) => text.clone(),
            Self::ParentNotActive(name) => Text::new(
                format!("認証局「{name}」は現在発行できません。"),
                format!("authority '{name}' does not issue at present"),
            ),
        }
    }
}

impl fmt::Display for Problem {
    /// `line 12, authority[2].parent: …`, in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.field.as_str()) {
            (Some(line), "") => write!(f, "line {line}: ")?,
            (Some(line), field) => write!(f, "line {line}, {field}: ")?,
            (None, "") => {}
            (None, field) => write!(f, "{field}: ")?,
        }
        f.write_str(&self.what.text().en)
    }
}
