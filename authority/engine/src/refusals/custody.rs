//! What is said about kept keys and about lists that are asked for.

use super::refusal;
use authority_front::{CustodyId, Kind, Refusal, Text};
use core_words::ProfileId;

/// There is no such kept key for this operator.
pub(crate) fn custody_unknown(id: CustodyId) -> Refusal {
    refusal(
        Kind::NotFound,
        "authority.custody_unknown",
        (&format!("預かっている鍵 {id} はありません。"), &format!("There is no kept key {id}.")),
        ("番号を確かめてください。", "Check the number."),
    )
}

/// The key was kept once and is gone.
pub(crate) fn key_erased() -> Refusal {
    refusal(
        Kind::Conflict,
        "authority.key_erased",
        ("この鍵は消去されています。", "This key was erased."),
        (
            "消去した鍵は戻せません。新しい冪等キーで鍵を作り、証明書を申し込み直してください。",
            "An erased key cannot be brought back. Make a key under a new idempotency key and order a new certificate.",
        ),
    )
}

/// The certificate belongs to another key.
pub(crate) fn key_of_other_certificate() -> Refusal {
    refusal(
        Kind::Refused,
        "authority.custody_mismatch",
        (
            "この証明書は、預かっている鍵のものではありません。",
            "This certificate is not that of the kept key.",
        ),
        (
            "鍵と一緒に作られた要求で発行した証明書を指定してください。",
            "Name the certificate that was issued for the request made with the key.",
        ),
    )
}

/// No key can be made for this profile.
pub(crate) fn custody_profile(id: &ProfileId) -> Refusal {
    refusal(
        Kind::Refused,
        "authority.custody_profile",
        (
            &format!("プロファイル「{id}」の鍵は作れません。"),
            &format!("No key can be made for the profile '{id}'."),
        ),
        ("プロファイルの名前を確かめてください。", "Check the name of the profile."),
    )
}

/// The end of custody is not of the form.
pub(crate) fn custody_until() -> Refusal {
    refusal(
        Kind::Refused,
        "authority.custody_until",
        (
            "鍵を預かる期限は、未来の 400 日以内の日時です。",
            "A key is kept until a time in the future, at most 400 days away.",
        ),
        ("期限を指定し直してください。", "Give another time."),
    )
    .with_field("until", Text::new("範囲の外です", "is out of range"))
}

/// The reason for an erasure is not of the form.
pub(crate) fn custody_why() -> Refusal {
    refusal(
        Kind::Malformed,
        "authority.custody_why",
        ("消去の理由は 200 文字までです。", "The reason for an erasure has at most 200 characters."),
        ("短く書いてください。", "Make it shorter."),
    )
    .with_field("why", Text::new("長すぎます", "is too long"))
}

/// The password of a file is not of the form.
pub(crate) fn pack_password() -> Refusal {
    refusal(
        Kind::Refused,
        "authority.pack_password",
        (
            "ファイルのパスワードは 8〜128 文字です。",
            "The password of the file has 8 to 128 characters, no control characters among them.",
        ),
        ("別のパスワードを指定してください。", "Choose another password."),
    )
    .with_field(
        "password",
        Text::new("長さか文字が範囲の外です", "is too short, too long or has control characters"),
    )
}

/// The name shown beside the key is not of the form.
pub(crate) fn pack_name() -> Refusal {
    refusal(
        Kind::Malformed,
        "authority.pack_name",
        (
            "鍵の表示名は 1〜60 文字です。絵文字などは使えません。",
            "The name shown beside a key has 1 to 60 characters of the basic plane.",
        ),
        ("短い名前にしてください。", "Use a shorter, plainer name."),
    )
    .with_field("friendly_name", Text::new("長さか文字が範囲の外です", "is out of range"))
}

/// Too many serial numbers at once.
pub(crate) fn too_many_serials(most: usize) -> Refusal {
    refusal(
        Kind::TooLarge,
        "authority.too_many_serials",
        (
            &format!("一度に照会できる番号は {most} 件までです。"),
            &format!("At most {most} serial numbers can be asked for at once."),
        ),
        ("分けて照会してください。", "Ask in several parts."),
    )
}
