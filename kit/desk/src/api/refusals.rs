//! What the edge of a desk's API refuses by itself. What a desk refuses has codes of its own.

use core_words::{Kind, Refusal, Text};

fn refusal(kind: Kind, code: &'static str, message: [&str; 2], next: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, Text::new(message[0], message[1]), Text::new(next[0], next[1]))
}

/// No such path.
#[must_use]
pub fn not_found() -> Refusal {
    refusal(
        Kind::NotFound,
        "api.not_found",
        ["このパスには何もありません。", "There is nothing under this path."],
        ["/api/v1/openapi.json でパスを確認してください。", "See /api/v1/openapi.json for the paths."],
    )
}

/// The path is there, the method is not.
#[must_use]
pub fn method_not_allowed() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.method_not_allowed",
        ["このパスではこのメソッドを使えません。", "This method is not possible here."],
        [
            "応答の Allow ヘッダーにあるメソッドを使ってください。",
            "Use a method named in the Allow header of this answer.",
        ],
    )
}

/// The body is not JSON by its own declaration.
#[must_use]
pub fn unsupported_media_type() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.unsupported_media_type",
        ["本文は application/json でなければなりません。", "The body must be application/json."],
        ["Content-Type: application/json を付けてください。", "Send Content-Type: application/json."],
    )
}

/// The body is not the JSON that is expected here; `what` says where, and repeats nothing of the body.
#[must_use]
pub fn malformed_json(what: &str) -> Refusal {
    let what: String = what.chars().take(200).collect();
    refusal(
        Kind::Malformed,
        "api.malformed_json",
        ["本文の JSON が正しくありません。", "The JSON of the body is not as it must be."],
        ["/api/v1/openapi.json の定義に合わせてください。", "Follow the schema in /api/v1/openapi.json."],
    )
    .with_field("body", Text::new(what.clone(), what))
}

/// The body ended before it was complete, or could not be read.
#[must_use]
pub fn unreadable_body() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.unreadable_body",
        ["本文を最後まで受け取れませんでした。", "The body did not arrive whole."],
        ["もう一度送ってください。", "Send the request again."],
    )
}

/// The body is larger than what is taken here.
#[must_use]
pub fn too_large(limit: usize) -> Refusal {
    refusal(
        Kind::TooLarge,
        "api.body_too_large",
        ["本文が大きすぎます。", "The body is too large."],
        ["小さく分けて送ってください。", "Send it in smaller parts."],
    )
    .with_field("body", Text::new(format!("上限 {limit} オクテット"), format!("at most {limit} octets")))
}

/// The client took too long to send the body.
#[must_use]
pub fn too_slow() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.body_too_slow",
        ["本文の受信が時間内に終わりませんでした。", "The body did not arrive in time."],
        ["回線を確認して、もう一度送ってください。", "Check the line and send it again."],
    )
}

/// One field cannot be what it must be.
#[must_use]
pub fn bad_field(field: impl Into<String>, message: Text) -> Refusal {
    refusal(
        Kind::Malformed,
        "api.bad_field",
        ["項目の値が正しくありません。", "A value is not as it must be."],
        ["示された項目を直してください。", "Correct the fields that are named."],
    )
    .with_field(field, message)
}

/// The idempotency key has an impossible form.
#[must_use]
pub fn bad_idempotency_key() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.bad_idempotency_key",
        ["Idempotency-Key の形式が正しくありません。", "The Idempotency-Key is not well formed."],
        [
            "空白を含まない ASCII 1～128 文字にしてください（一括では 120 文字まで）。",
            "Use 1 to 128 visible ASCII characters without blanks (up to 120 for a batch).",
        ],
    )
}

/// Another request was carried out under the same idempotency key.
#[must_use]
pub fn other_request() -> Refusal {
    refusal(
        Kind::Conflict,
        "api.idempotency_conflict",
        [
            "同じ Idempotency-Key で、内容の異なる要求がすでに処理されています。何も変更していません。",
            "Another request was carried out under the same Idempotency-Key. Nothing was changed.",
        ],
        ["要求ごとに新しいキーを使ってください。", "Use a new key for each request."],
    )
}

/// Nobody said which version they looked at.
#[must_use]
pub fn if_match_missing() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.if_match_missing",
        ["If-Match ヘッダーがありません。", "The header If-Match is missing."],
        [
            "対象を GET で取得し、応答の ETag を If-Match に入れて送ってください。",
            "GET what you want to change and send its ETag as If-Match.",
        ],
    )
}

/// The version looked at is none.
#[must_use]
pub fn bad_if_match() -> Refusal {
    refusal(
        Kind::Malformed,
        "api.bad_if_match",
        ["If-Match の値が正しくありません。", "The value of If-Match is not as it must be."],
        [
            "GET の応答にあった ETag を 1 つ、引用符ごとそのまま入れてください（\"3\" など）。",
            "Send the one ETag of your GET as it was, with its quotes, such as \"3\".",
        ],
    )
}
