//! Why a card did not do what was asked, in words.

use crate::fail::{Exit, Fail};
use authority_front::Text;
use core_card::{
    generator::{MenuFault, PasswordFault},
    host::HostError,
    pin::{BadPin, PinKind},
};
use kit_reader::ReaderError;

/// Refused, and what to do next.
fn refused(code: &str, message: (impl Into<String>, impl Into<String>), next: (&str, &str)) -> Fail {
    Fail::new(Exit::Refused, code, Text::new(message.0, message.1), Text::new(next.0, next.1))
}

/// What the card or the way to it said.
pub(super) fn of(error: HostError<ReaderError>) -> Fail {
    match error {
        HostError::Link(error) => of_reader(&error),
        HostError::NotJpki => refused(
            "card.not_jpki",
            (
                "このカードには公的個人認証のアプリケーションがありません。",
                "There is no JPKI application on this card.",
            ),
            (
                "マイナンバーカードか、`warifu card new` で作ったカードを入れてください。",
                "Put in a My Number card, or one made with `warifu card new`.",
            ),
        ),
        HostError::Terminated => refused(
            "card.terminated",
            ("このカードは廃止されています。", "This card was ended by its issuer."),
            ("新しいカードを使ってください。", "Use a new card."),
        ),
        HostError::WrongPin { left } => refused(
            "card.wrong_pin",
            (
                format!("暗証番号が違います。あと {left} 回まちがえると使えなくなります。"),
                format!("The PIN is wrong. Tries that are left: {left}."),
            ),
            ("暗証番号を確かめてください。", "Make sure of the PIN before you try again."),
        ),
        HostError::Blocked => refused(
            "card.pin_blocked",
            ("暗証番号はロックされています。", "The PIN is blocked."),
            (
                "市区町村の窓口で解除を受けてください。手元のカードなら `warifu card unblock` です。",
                "The counter of the municipality unblocks it; for a card of your own: `warifu card unblock`.",
            ),
        ),
        HostError::LastTry => refused(
            "card.last_try",
            (
                "あと 1 回まちがえるとロックされるため、送りませんでした。",
                "Only one try is left, so nothing was sent to the card.",
            ),
            (
                "確かなときだけ --use-last-try を付けて実行してください。",
                "If you are sure of the PIN, add --use-last-try.",
            ),
        ),
        HostError::NeedsPin => refused(
            "card.needs_pin",
            ("暗証番号を入れるまで読めません。", "This is readable after the PIN alone."),
            ("--pin-file で暗証番号を渡してください。", "Give the PIN with --pin-file."),
        ),
        HostError::DeviceUnknown { left } => refused(
            "card.unknown_device",
            (
                format!("カードがこの鍵を知りません (あと {left} 回)。"),
                format!("The card knows another key; {left} tries are left."),
            ),
            (
                "カードの鍵が使えなくなっているおそれがあります。発行者に確かめてください。",
                "The key on the card may be blocked for good; ask its issuer.",
            ),
        ),
        HostError::NotPrepared => of_menu(MenuFault::NotPrepared),
        HostError::OtherKey => refused(
            "card.other_issuer",
            (
                "このカードは別の発行者の鍵で作られています。",
                "The card was made with the keys of another issuer.",
            ),
            (
                "--keys のファイルがこのカードの発行者のものか確かめてください。カードの回数は減っていません。",
                "Check that --keys is the file of this card's issuer; it cost the card no try.",
            ),
        ),
        HostError::Channel => refused(
            "card.channel",
            (
                "カードとの暗号通信が壊れています。",
                "An answer of the card on the sealed channel does not open.",
            ),
            (
                "カードを入れ直し、`warifu card show` で状態を確かめてから続けてください。",
                "Put the card in again, look at its state with `warifu card show`, and go on from there.",
            ),
        ),
        HostError::CardUnproven => refused(
            "card.unproven",
            ("カードが本物であることを確かめられません。", "The card did not prove that it is genuine."),
            (
                "何も書き込んでいません。カードと読み取り装置を調べてください。",
                "Nothing was written. Look at the card and at the reader.",
            ),
        ),
        HostError::PairUnsound => refused(
            "card.pair_unsound",
            ("カードの中の鍵の組が合っていません。", "The key pair on the card is not sound."),
            ("鍵の生成をやり直してください。", "Make the key pair again."),
        ),
        HostError::Refused { asked, sw } => refused(
            "card.refused",
            (
                format!("カードが断りました ({asked}: {sw} {})。", sw.meaning(core_words::Lang::Ja)),
                format!("The card refused ({asked}: {sw}, {}).", sw.meaning(core_words::Lang::En)),
            ),
            (
                "`warifu card show` でカードの状態を確かめてください。",
                "See the state of the card with `warifu card show`.",
            ),
        ),
        HostError::Malformed(asked) => refused(
            "card.malformed",
            (
                format!("カードの応答が読めません ({asked})。"),
                format!("The answer of the card is malformed ({asked})."),
            ),
            (
                "カードを入れ直して、もう一度実行してください。",
                "Put the card in again and repeat the command.",
            ),
        ),
        HostError::Tools => Fail::new(
            Exit::CouldNotRun,
            "card.tools",
            Text::new("鍵を作れませんでした。", "No key could be made."),
            Text::new("もう一度実行してください。", "Repeat the command."),
        ),
    }
}

/// What the reader said.
pub(super) fn of_reader(error: &ReaderError) -> Fail {
    Fail::from(error.refusal())
}

/// What was typed as a PIN cannot be one.
pub(super) fn of_pin(kind: PinKind, fault: BadPin) -> Fail {
    let (ja, en) = match kind {
        PinKind::Authentication => ("数字 4 桁です。", "It has 4 digits."),
        PinKind::Signing => (
            "英大文字と数字を両方含む 6 文字から 16 文字です。",
            "It has 6 to 16 of A–Z and 0–9, at least one of each.",
        ),
    };
    Fail::new(
        Exit::Usage,
        "card.pin_form",
        Text::new(
            format!("暗証番号の形ではありません: {}", words_of(fault)),
            format!("This cannot be a PIN: {fault}."),
        ),
        Text::new(ja, en),
    )
}

/// The same in Japanese.
fn words_of(fault: BadPin) -> String {
    match fault {
        BadPin::Length(fewest, most) if fewest == most => format!("{fewest} 文字ではありません。"),
        BadPin::Length(fewest, most) => format!("{fewest} 文字から {most} 文字ではありません。"),
        BadPin::Character => "使えない文字があります。".to_owned(),
        BadPin::NoLetter => "英字がありません。".to_owned(),
        BadPin::NoDigit => "数字がありません。".to_owned(),
    }
}

/// What the menu of the generator said.
pub(super) fn of_menu(fault: MenuFault) -> Fail {
    match fault {
        MenuFault::NotPrepared => refused(
            "card.not_prepared",
            ("カードの準備ができていません。", "The card was not prepared at the counter."),
            (
                "`warifu card personalise prepare` で装置の鍵を入れてください。",
                "Load the keys of the device with `warifu card personalise prepare`.",
            ),
        ),
        MenuFault::Places => refused(
            "card.places",
            (
                "--for の指定が重なっているか、このカードにその証明書の場所がありません。",
                "--for names a certificate twice, or one that the card has no place for.",
            ),
            ("--for を見直してください。", "Look at --for again."),
        ),
        MenuFault::NoPassword => refused(
            "card.no_password",
            ("まだパスワードが設定されていません。", "No password was set yet."),
            ("先に鍵ペアを生成してください。", "Make a key pair first."),
        ),
    }
}

/// What was typed at the generator.
pub(super) fn of_password(fault: PasswordFault) -> Fail {
    match fault {
        PasswordFault::Wrong { left } => of(HostError::WrongPin { left }),
        PasswordFault::Blocked => of(HostError::Blocked),
        PasswordFault::LastTry => of(HostError::LastTry),
        PasswordFault::Differ => refused(
            "card.differ",
            ("2 回の入力が違います。", "The two passwords are not the same."),
            ("もう一度入れてください。", "Type them again."),
        ),
        PasswordFault::OtherPlace | PasswordFault::NotAsked => refused(
            "card.other_password",
            ("別のパスワードが必要です。", "Another password is asked for."),
            ("画面の案内を確かめてください。", "Look at what is asked for."),
        ),
    }
}

/// The place of the certificate is empty.
pub(super) fn no_certificate() -> Fail {
    refused(
        "card.no_certificate",
        ("カードにこの証明書がありません。", "This certificate is not on the card."),
        ("--for を見直してください。", "Look at --for again."),
    )
}

/// The card vouches for another key than it tells.
pub(super) fn other_key() -> Fail {
    refused(
        "card.other_key",
        ("カードの証明と公開鍵が合いません。", "The card vouches for another key than the one it tells."),
        ("この鍵で証明書を発行しないでください。", "Issue no certificate for this key."),
    )
}
