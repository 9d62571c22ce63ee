//! Every refusal that the edge itself makes. What the authority refuses has codes `authority.…`; what every API of the
//! product refuses alike comes from `kit_desk`.

use authority_front::{Kind, Refusal, Text};
pub use kit_desk::api::refusals::{
    bad_field, bad_idempotency_key, malformed_json, method_not_allowed, not_found,
};

fn refusal(kind: Kind, code: &'static str, message: [&str; 2], next: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, Text::new(message[0], message[1]), Text::new(next[0], next[1]))
}

/// The batch has more orders than what is taken here.
pub fn too_many_orders(limit: usize) -> Refusal {
    refusal(
        Kind::TooLarge,
        "api.too_many_orders",
        ["一度に依頼できる件数を超えています。", "There are too many orders in one batch."],
        ["複数の一括依頼に分けてください。", "Send several batches."],
    )
    .with_field("requests", Text::new(format!("上限 {limit} 件"), format!("at most {limit}")))
}

/// Nobody said who they are.
pub fn no_credential() -> Refusal {
    refusal(
        Kind::Unauthenticated,
        "api.no_credential",
        ["認証情報がありません。", "There is no credential."],
        [
            "登録された RA のトークンを Authorization: Bearer で送るか、登録されたクライアント証明書で接続してください。",
            "Send the token of a registered RA as Authorization: Bearer, or connect with its registered client certificate.",
        ],
    )
}

/// The credential is not known, or was disabled. Which of the two is not told.
pub fn bad_credential() -> Refusal {
    refusal(
        Kind::Unauthenticated,
        "api.bad_credential",
        ["認証情報が無効です。", "The credential is not valid."],
        [
            "運用者に `warifu ca ra list` で登録を確認してもらってください。",
            "Ask the operator to look at the registration with `warifu ca ra list`.",
        ],
    )
}

/// Too many failed sign-ins from this address.
pub fn too_many_failures() -> Refusal {
    refusal(
        Kind::TooMany,
        "api.too_many_failures",
        [
            "このアドレスからの認証失敗が続いています。",
            "There were too many failed sign-ins from this address.",
        ],
        ["Retry-After の秒数だけ待ってください。", "Wait for the seconds named in Retry-After."],
    )
}

/// Signed in, and not registered for this authority.
pub fn authority_not_allowed() -> Refusal {
    refusal(
        Kind::Forbidden,
        "api.authority_not_allowed",
        ["この認証局への依頼は許可されていません。", "This credential may not ask this authority."],
        [
            "許可された認証局は GET /api/v1/authorities で分かります。変更は運用者に依頼してください。",
            "GET /api/v1/authorities names those it may ask; an operator can change the registration.",
        ],
    )
}

/// Signed in, and not registered for this profile.
pub fn profile_not_allowed() -> Refusal {
    refusal(
        Kind::Forbidden,
        "api.profile_not_allowed",
        [
            "このプロファイルでの発行は許可されていません。",
            "This credential may not order under this profile.",
        ],
        [
            "許可されたプロファイルは GET /api/v1/authorities で分かります。変更は運用者に依頼してください。",
            "GET /api/v1/authorities names the profiles it may use; an operator can change the registration.",
        ],
    )
}

/// Nothing was ever issued under this serial, or there is no such authority.
pub fn no_certificate() -> Refusal {
    refusal(
        Kind::NotFound,
        "api.no_certificate",
        ["この番号の証明書はありません。", "There is no certificate with this serial number here."],
        ["認証局とシリアル番号を確認してください。", "Check the authority and the serial number."],
    )
}

/// The certificate is there, its place in the ledger is not yet.
pub fn no_proof_yet() -> Refusal {
    refusal(
        Kind::NotFound,
        "api.no_proof_yet",
        [
            "この証明書は台帳にまだ番号がありません。",
            "The ledger has not yet numbered the entry of this certificate.",
        ],
        ["1 秒ほど待って、もう一度試してください。", "Ask again after about a second."],
    )
}

/// More is asked than can be worked on.
pub fn busy() -> Refusal {
    refusal(
        Kind::Unavailable,
        "server.busy",
        ["混み合っています。何も変更していません。", "The server is busy. Nothing was changed."],
        ["Retry-After の秒数だけ待ってください。", "Wait for the seconds named in Retry-After."],
    )
}

/// The answer took too long.
pub fn timed_out() -> Refusal {
    refusal(
        Kind::Unavailable,
        "server.timed_out",
        [
            "時間内に処理が終わりませんでした。処理は続いている可能性があります。",
            "The answer was not ready in time. The work may still be going on.",
        ],
        [
            "同じ Idempotency-Key でもう一度送ると、結果が分かります。",
            "Send it again with the same Idempotency-Key to learn the result.",
        ],
    )
}

/// The disk is nearly full: what space is left is kept for revocations and lists.
pub fn disk_low() -> Refusal {
    refusal(
        Kind::Unavailable,
        "server.disk_low",
        [
            "ディスクの空きが少ないため、発行を止めています。失効は受け付けます。",
            "The disk is nearly full, so nothing is issued. Revocations are accepted.",
        ],
        ["運用者がディスクを空けると再開します。", "Issuing goes on once an operator has made room."],
    )
}

/// Something of ours broke.
pub fn internal() -> Refusal {
    refusal(
        Kind::Internal,
        "server.internal",
        ["内部の誤りが起きました。", "Something went wrong inside."],
        ["request_id を添えて運用者に連絡してください。", "Tell the operator, naming the request_id."],
    )
}

/// Something the server needs is not there now.
pub fn unavailable() -> Refusal {
    refusal(
        Kind::Unavailable,
        "server.unavailable",
        [
            "必要な部分が今は使えません。何も変更していません。",
            "A part that is needed is not available now. Nothing was changed.",
        ],
        ["少し待って、もう一度送ってください。", "Wait a little and send it again."],
    )
}
