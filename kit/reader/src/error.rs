//! What can go wrong between a program and a card. None of it carries what was said to the card.

use crate::file::FileError;
use core_words::{Kind, Refusal, Text};
use std::path::PathBuf;

/// Why a reader or a card could not be reached, or did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    /// No reader is connected.
    #[error("no card reader is connected")]
    NoReader,
    /// No reader of this name or number is connected, or it is not any more.
    #[error("there is no reader {wanted}")]
    NoSuchReader {
        /// What was asked for.
        wanted: String,
        /// The names that there are.
        there: Vec<String>,
    },
    /// More than one reader fits: one must be named.
    #[error("there are {} readers; one must be named", .there.len())]
    Several {
        /// The names that fit.
        there: Vec<String>,
    },
    /// There is no card in the reader.
    #[error("there is no card in the reader {0}")]
    NoCard(String),
    /// The card was taken out, or it stopped answering. A command under way may have been carried out or not.
    #[error("the card was taken out")]
    Taken,
    /// The file of a virtual card could not be written, so the card stopped. It has the state before or after the
    /// command that was under way.
    #[error("the card stopped, because its file could not be written: {}: {why}", .path.display())]
    Unkept {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The card was reset from outside the session: what was verified or agreed is gone, and the session goes on.
    #[error("the card was reset by another program")]
    Reset,
    /// Another program has the card for itself.
    #[error("another program uses the card in the reader {0}")]
    Busy(String),
    /// It took longer than was allowed.
    #[error("it took longer than allowed")]
    TimedOut,
    /// The service of PC/SC, `pcscd`, is not running or is not for us.
    #[error("the service for card readers (pcscd) is not running")]
    NoService,
    /// The reader, or the service, failed otherwise.
    #[error("the reader failed: {0}")]
    Failed(String),
    /// What came back is no response APDU.
    #[error("the answer is malformed: {0}")]
    Malformed(&'static str),
    /// This program was built without PC/SC.
    #[error("this program was built without support for card readers (PC/SC)")]
    NotBuiltIn,
}

impl ReaderError {
    /// What became of the file of a virtual card.
    pub fn unkept(error: &FileError) -> Self {
        Self::Unkept { path: error.path.clone(), why: error.what.to_string() }
    }

    /// The same for people, at the edge: a code, what happened, what to do next (J16).
    pub fn refusal(&self) -> Refusal {
        let refusal = |kind, code, ja: &str, en: &str, next_ja: &str, next_en: &str| {
            Refusal::new(kind, code, Text::new(ja, en), Text::new(next_ja, next_en))
        };
        match self {
            Self::NoReader => refusal(
                Kind::Unavailable,
                "reader.none",
                "カードリーダーが接続されていません。",
                "No card reader is connected.",
                "カードリーダーを接続してから、もう一度実行してください。",
                "Connect a card reader and try again.",
            ),
            Self::NoSuchReader { wanted, there } => Refusal::new(
                Kind::NotFound,
                "reader.unknown",
                Text::new(
                    format!("カードリーダー「{wanted}」はありません。"),
                    format!("There is no card reader “{wanted}”."),
                ),
                Text::new(
                    format!("接続されているもの（{}）から選んでください。", names(there)),
                    format!("Choose one that is connected: {}.", names(there)),
                ),
            ),
            Self::Several { there } => Refusal::new(
                Kind::Refused,
                "reader.several",
                Text::new("該当するカードリーダーが複数あります。", "More than one card reader fits."),
                Text::new(
                    format!("名前か番号で1台を指定してください: {}。", names(there)),
                    format!("Name one, or give its number: {}.", names(there)),
                ),
            ),
            Self::NoCard(name) => Refusal::new(
                Kind::NotFound,
                "reader.no_card",
                Text::new(
                    format!("カードリーダー「{name}」にカードがありません。"),
                    format!("There is no card in the reader “{name}”."),
                ),
                Text::new("カードを入れてください。", "Insert the card."),
            ),
            Self::Taken => refusal(
                Kind::Conflict,
                "reader.card_taken",
                "処理の途中でカードが抜かれたか、応答しなくなりました。",
                "The card was taken out, or stopped answering, before everything was done.",
                "カードを入れ直して、同じ操作をもう一度行ってください。",
                "Insert the card again and repeat the same step.",
            ),
            Self::Unkept { path, why } => Refusal::new(
                Kind::Unavailable,
                "card_file.unkept",
                Text::new(
                    format!("{} に書き込めないため、カードを止めました: {why}。", path.display()),
                    format!("The card stopped, because {} could not be written: {why}.", path.display()),
                ),
                Text::new(
                    "空き容量と権限を確かめてください。カードは操作の前か後の状態です。`warifu card show` で見てから、\
                     必要なら同じ操作をもう一度行ってください。",
                    "Check the free space and who may write there. The card is as before the step or as after it: \
                     look with `warifu card show`, and repeat the step if need be.",
                ),
            ),
            Self::Reset => refusal(
                Kind::Conflict,
                "reader.card_reset",
                "ほかのプログラムがカードをリセットしました。",
                "Another program reset the card.",
                "カードを使うほかのプログラムを終了して、同じ操作をもう一度行ってください。",
                "Close other programs that use the card, and repeat the same step.",
            ),
            Self::Busy(name) => Refusal::new(
                Kind::Conflict,
                "reader.busy",
                Text::new(
                    format!("カードリーダー「{name}」のカードは、ほかのプログラムが使用中です。"),
                    format!("Another program uses the card in the reader “{name}”."),
                ),
                Text::new(
                    "そのプログラムの処理が終わるのを待つか終了して、もう一度実行してください。",
                    "Wait until it has finished, or close it, and try again.",
                ),
            ),
            Self::TimedOut => refusal(
                Kind::Unavailable,
                "reader.timed_out",
                "時間内に応答がありませんでした。",
                "Nothing happened in the time allowed.",
                "カードとカードリーダーを確かめて、もう一度実行してください。",
                "Check the card and the reader, and try again.",
            ),
            Self::NoService => refusal(
                Kind::Unavailable,
                "reader.no_service",
                "カードリーダーのサービス（pcscd）が動いていないか、使用が許されていません。",
                "The service for card readers (pcscd) is not running, or not for this user.",
                "pcscd を起動し（systemctl start pcscd.socket）、使用権限を確かめてください。",
                "Start pcscd (systemctl start pcscd.socket) and check who may use it.",
            ),
            Self::Failed(why) => Refusal::new(
                Kind::Unavailable,
                "reader.failed",
                Text::new(
                    format!("カードリーダーが失敗しました: {why}。"),
                    format!("The card reader failed: {why}."),
                ),
                Text::new(
                    "カードの向きと接続を確かめ、カードリーダーを挿し直してください。",
                    "Check how the card lies and how the reader is connected; plug the reader in again.",
                ),
            ),
            Self::Malformed(why) => Refusal::new(
                Kind::Unavailable,
                "reader.malformed",
                Text::new(
                    format!("カードの応答が正しい形ではありません: {why}。"),
                    format!("The card's answer is malformed: {why}."),
                ),
                Text::new(
                    "別のカードで試し、続く場合はカードリーダーを交換してください。",
                    "Try another card; when it goes on, replace the reader.",
                ),
            ),
            Self::NotBuiltIn => refusal(
                Kind::Unavailable,
                "reader.not_built_in",
                "このプログラムは実物のカードリーダー（PC/SC）に対応していません。",
                "This program was built without support for card readers (PC/SC).",
                "機能 pcsc を付けて作り直すか、仮想カードを使ってください。",
                "Build it with the feature pcsc, or use a virtual card.",
            ),
        }
    }
}

/// Readers with their numbers, as a person would choose one.
fn names(there: &[String]) -> String {
    if there.is_empty() {
        return "–".to_owned();
    }
    there.iter().enumerate().map(|(n, name)| format!("{n}: {name}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn j16_every_failure_of_readers_has_a_code_of_its_own_and_says_what_to_do_next_in_both_languages() {
        let there = vec!["A".to_owned(), "B".to_owned()];
        let all = [
            ReaderError::NoReader,
            ReaderError::NoSuchReader { wanted: "C".into(), there: there.clone() },
            ReaderError::Several { there },
            ReaderError::NoCard("A".into()),
            ReaderError::Taken,
            ReaderError::Unkept { path: "a.card".into(), why: "x".into() },
            ReaderError::Reset,
            ReaderError::Busy("A".into()),
            ReaderError::TimedOut,
            ReaderError::NoService,
            ReaderError::Failed("x".into()),
            ReaderError::Malformed("x"),
            ReaderError::NotBuiltIn,
        ];
        let refusals: Vec<Refusal> = all.iter().map(ReaderError::refusal).collect();
        let codes: BTreeSet<&str> = refusals.iter().map(|r| r.code).collect();
        assert_eq!(codes.len(), all.len());
        for refusal in &refusals {
            assert!(["reader.", "card_file."].iter().any(|part| refusal.code.starts_with(part)));
            for text in [&refusal.message, &refusal.next] {
                assert!(text.ja.ends_with('。') && text.en.ends_with('.'), "{text:?}");
                assert!(!text.en.contains('。') && !text.ja.is_ascii(), "{text:?}");
            }
        }
        assert!(refusals[2].next.en.contains("0: A, 1: B"));
    }
}
