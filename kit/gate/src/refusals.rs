//! What people are told at the gate. None of it tells whether an ID exists.

use core_words::{Kind, Refusal, Text};

fn refusal(kind: Kind, code: &'static str, message: [&str; 2], next: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, Text::new(message[0], message[1]), Text::new(next[0], next[1]))
}

/// Wrong ID, wrong password, closed for a while: one sentence for all, so that none can be told from the others.
pub(crate) fn wrong_sign_in() -> Refusal {
    refusal(
        Kind::Unauthenticated,
        "gate.wrong_sign_in",
        [
            "ID とパスワードの組み合わせでログインできませんでした。",
            "This ID and password did not open the door.",
        ],
        [
            "大文字と小文字の違いを確かめて、もう一度入力してください。3回続けて間違えると、その ID では30分間ログインできません。",
            "Check capitals and small letters and try again. After three wrong tries in a row that ID cannot sign in for 30 minutes.",
        ],
    )
}

/// A second secret is wrong, or closed for a while: one sentence for both.
pub(crate) fn wrong_secret() -> Refusal {
    refusal(
        Kind::Refused,
        "gate.wrong_secret",
        ["パスワードが違います。", "This password is not the right one."],
        [
            "大文字と小文字の違いを確かめて、もう一度入力してください。3回続けて間違えると、30分間は正しいパスワードも受け付けません。",
            "Check capitals and small letters and try again. After three wrong tries in a row not even the right one is taken for 30 minutes.",
        ],
    )
}

/// Too many wrong tries from one address.
pub(crate) fn too_many() -> Refusal {
    refusal(
        Kind::TooMany,
        "gate.too_many",
        [
            "この接続元から、間違ったログインが多すぎます。",
            "There were too many wrong sign-ins from this address.",
        ],
        ["30分ほど待ってから、もう一度試してください。", "Wait for about 30 minutes and try again."],
    )
}

/// Too many people sign in at this moment.
pub(crate) fn busy() -> Refusal {
    refusal(
        Kind::Unavailable,
        "gate.busy",
        ["ログインが混み合っています。", "Too many people are signing in at this moment."],
        ["少し待ってから、もう一度試してください。", "Wait a moment and try again."],
    )
}

/// A password that cannot be taken.
pub(crate) fn unfit_password() -> Refusal {
    refusal(
        Kind::Refused,
        "gate.unfit_password",
        ["このパスワードは使えません。", "This password cannot be used."],
        ["8文字以上128文字以内で入力してください。", "Use 8 to 128 characters."],
    )
}

/// Signed in, without the role that this takes.
pub(crate) fn role_missing() -> Refusal {
    refusal(
        Kind::Forbidden,
        "gate.role_missing",
        ["この操作をする権限がありません。", "Your role does not allow this."],
        [
            "必要な場合は、管理者に役割の付与を依頼してください。",
            "If you need it, ask your manager for the role.",
        ],
    )
}

/// The second person is the first.
pub(crate) fn same_person() -> Refusal {
    refusal(
        Kind::Forbidden,
        "gate.same_person",
        [
            "最初に操作した人と同じ人は、確認者になれません。",
            "Whoever acted first cannot be the second person as well.",
        ],
        ["別の人が確認してください。", "Let someone else confirm it."],
    )
}

/// A form that did not come from a page of ours, or from one of an earlier session.
pub(crate) fn forged() -> Refusal {
    refusal(
        Kind::Forbidden,
        "gate.forged",
        [
            "この送信は、この画面から行われたことを確認できなかったため、受け付けませんでした。何も変更されていません。",
            "We could not tell that this was sent from our own page, so it was not accepted. Nothing was changed.",
        ],
        [
            "前の画面に戻って再読み込みし、もう一度送信してください。心当たりがない場合は、そのまま閉じてください。",
            "Go back, reload the page and send it again. If you did not mean to send anything, close this page.",
        ],
    )
}

/// A one-time link that is unknown, used or too old.
pub(crate) fn dead_link() -> Refusal {
    refusal(
        Kind::NotFound,
        "gate.dead_link",
        [
            "このリンクは使えません。すでに使われたか、期限が切れています。",
            "This link does not work. It has been used or has run out.",
        ],
        ["新しいリンクの発行を管理者に依頼してください。", "Ask your manager for a new link."],
    )
}

/// A passkey that did not prove an account of ours.
pub(crate) fn wrong_passkey() -> Refusal {
    refusal(
        Kind::Unauthenticated,
        "gate.wrong_passkey",
        ["このパスキーではログインできませんでした。", "This passkey did not open the door."],
        [
            "登録したパスキーでもう一度試してください。続く場合は、管理者に新しい登録リンクを依頼してください。",
            "Try again with the passkey you registered. If it goes on, ask your manager for a new enrolment link.",
        ],
    )
}

/// A passkey that could not be registered.
pub(crate) fn unfit_passkey() -> Refusal {
    refusal(
        Kind::Refused,
        "gate.unfit_passkey",
        ["このパスキーは登録できませんでした。", "This passkey could not be registered."],
        [
            "画面を再読み込みして、もう一度試してください。端末の画面ロック（暗証番号や生体認証）が必要です。",
            "Reload the page and try again. The device must have a screen lock (PIN or biometrics).",
        ],
    )
}

/// Passkeys need a host name; this installation is reached by a bare address.
pub(crate) fn no_passkeys() -> Refusal {
    refusal(
        Kind::Unavailable,
        "gate.no_passkeys",
        ["このアドレスではパスキーを使えません。", "Passkeys do not work at this address."],
        [
            "IP アドレスではなく、公開 URL のホスト名で開いてください。",
            "Open the service by the host name of its public URL, not by an IP address.",
        ],
    )
}

/// No client certificate came, or one that is not registered.
pub(crate) fn wrong_certificate() -> Refusal {
    refusal(
        Kind::Unauthenticated,
        "gate.wrong_certificate",
        [
            "登録されたクライアント証明書が提示されていません。",
            "No registered client certificate was presented.",
        ],
        [
            "登録した証明書を選んで接続し直すか、パスキーでログインしてください。",
            "Connect again and choose the registered certificate, or sign in with a passkey.",
        ],
    )
}

/// No client certificate came to be registered.
pub(crate) fn no_certificate() -> Refusal {
    refusal(
        Kind::Refused,
        "gate.no_certificate",
        ["クライアント証明書が提示されていません。", "No client certificate was presented."],
        [
            "ブラウザーを開き直して証明書を選び、登録用リンクをもう一度開いてください。",
            "Open your browser anew, choose the certificate, and open the enrolment link again.",
        ],
    )
}

/// The certificate or passkey belongs to an account already.
pub(crate) fn credential_taken() -> Refusal {
    refusal(
        Kind::Conflict,
        "gate.credential_taken",
        [
            "この証明書またはパスキーは、すでに登録されています。",
            "This certificate or passkey is registered already.",
        ],
        ["別のものを使ってください。", "Use another one."],
    )
}

/// The database did not answer.
pub(crate) fn unavailable() -> Refusal {
    refusal(
        Kind::Unavailable,
        "gate.unavailable",
        [
            "ただいま処理できません。何も変更されていません。",
            "This is not possible now. Nothing was changed.",
        ],
        ["しばらくしてから、もう一度試してください。", "Try again later."],
    )
}
