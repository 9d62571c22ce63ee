//! Typed errors become refusals here, once: a code, what happened, what to do next.

mod custody;

pub(crate) use custody::{
    custody_profile, custody_unknown, custody_until, custody_why, key_erased, key_of_other_certificate,
    pack_name, pack_password, too_many_serials,
};

use crate::{issue::NotIssuing, revoke::RuleBroken};
use authority_front::{Kind, Refusal, Text};
use authority_journal::codes::AuthorityState;
use authority_signer::SignerError;
use core_words::{AuthorityId, CertRef, ProfileId};
use core_x509::{explain::Explain, plan::PlanRefused};
use kit_clock::ClockFault;
use kit_keys::KeyError;
use kit_store::StoreError;

fn refusal(kind: Kind, code: &'static str, message: (&str, &str), next: (&str, &str)) -> Refusal {
    Refusal::new(kind, code, Text::new(message.0, message.1), Text::new(next.0, next.1))
}

const RETRY: (&str, &str) = (
    "何も変更されていません。しばらくしてから同じ要求をもう一度送ってください。",
    "Nothing was changed. Send the same request again in a while.",
);

/// What a fault of the store means to whoever asked.
pub(crate) fn store(error: &StoreError) -> Refusal {
    match error {
        StoreError::Full(_) => refusal(
            Kind::Unavailable,
            "authority.storage_full",
            ("保存領域に空きがないため、受け付けられません。", "There is no space left to store anything."),
            (
                "運用担当者が空きを作ると自動で再開します。",
                "It resumes by itself once the operator has made space.",
            ),
        ),
        StoreError::Unavailable(_) | StoreError::Undecided(_) | StoreError::Busy(_) | StoreError::Closed => {
            refusal(
                Kind::Unavailable,
                "authority.storage_unavailable",
                ("データベースに接続できません。", "The database cannot be reached."),
                (
                    "しばらくしてから、同じ冪等キーで同じ要求をもう一度送ってください。",
                    "Send the same request with the same idempotency key again in a while.",
                ),
            )
        }
        StoreError::TooLong { .. } | StoreError::Conflict => refusal(
            Kind::Unavailable,
            "authority.busy",
            (
                "混み合っているため、処理を中止しました。",
                "There is too much going on; the request was given up.",
            ),
            RETRY,
        ),
        _ => internal(),
    }
}

/// Something of ours is wrong; the log has the details, the answer has none.
pub(crate) fn internal() -> Refusal {
    refusal(
        Kind::Internal,
        "authority.internal",
        ("内部で問題が起きました。", "Something is wrong on our side."),
        (
            "運用担当者に、この時刻と要求番号を伝えてください。",
            "Tell the operator this time and the request id.",
        ),
    )
}

/// The clock was set.
pub(crate) fn clock(fault: ClockFault) -> Refusal {
    let (ja, en) = match fault {
        ClockFault::Back(by) => (
            format!("サーバーの時計が、記録済みの時刻より{}秒遅れています。", by / 1_000_000),
            format!("The server's clock is {} s behind what was already recorded.", by / 1_000_000),
        ),
        ClockFault::Forward(by) => (
            format!("サーバーの時計が、実際の経過より{}秒進められています。", by / 1_000_000),
            format!("The server's clock was set {} s ahead of the time that really passed.", by / 1_000_000),
        ),
    };
    refusal(
        Kind::Unavailable,
        "authority.clock_untrusted",
        (&ja, &en),
        (
            "時計が正しくなると自動で再開します。運用担当者は時刻同期を確かめてください。",
            "It resumes by itself once the clock is right. Operators: check the time service.",
        ),
    )
}

/// A key cannot be used.
pub(crate) fn key(error: &KeyError) -> Refusal {
    match error {
        KeyError::Locked => refusal(
            Kind::Unavailable,
            "authority.keys_locked",
            ("署名鍵が施錠されています。", "The signing keys are locked."),
            (
                "運用担当者がパスフレーズで開錠すると再開します。",
                "It resumes when the operator unlocks them with the passphrase.",
            ),
        ),
        _ => internal(),
    }
}

/// There is no such authority.
pub(crate) fn unknown_authority(id: &AuthorityId) -> Refusal {
    refusal(
        Kind::NotFound,
        "authority.unknown",
        (&format!("認証局「{id}」はありません。"), &format!("There is no authority '{id}'.")),
        (
            "GET /api/v1/authorities で名前を確かめてください。",
            "Look the name up with GET /api/v1/authorities.",
        ),
    )
}

/// There is no such profile, or this authority does not issue under it.
pub(crate) fn unknown_profile(authority: &AuthorityId, id: &ProfileId) -> Refusal {
    refusal(
        Kind::Refused,
        "authority.profile_unknown",
        (
            &format!("認証局「{authority}」はプロファイル「{id}」では発行しません。"),
            &format!("The authority '{authority}' does not issue under the profile '{id}'."),
        ),
        (
            "GET /api/v1/authorities で使えるプロファイルを確かめてください。",
            "Look up the profiles it offers with GET /api/v1/authorities.",
        ),
    )
}

/// The authority does not issue now.
pub(crate) fn not_issuing(authority: &AuthorityId, why: NotIssuing) -> Refusal {
    match why {
        NotIssuing::State(AuthorityState::Retired) => refusal(
            Kind::Conflict,
            "authority.retired",
            (
                &format!("認証局「{authority}」は発行を終えています。"),
                &format!("The authority '{authority}' issues nothing any more."),
            ),
            ("後継の認証局に申し込んでください。", "Order from the authority that follows it."),
        ),
        NotIssuing::State(_) => refusal(
            Kind::Unavailable,
            "authority.suspended",
            (
                &format!("認証局「{authority}」は発行を停止しています。"),
                &format!("The authority '{authority}' is suspended."),
            ),
            ("再開のお知らせを待ってください。", "Wait until the operator resumes it."),
        ),
        NotIssuing::Generation => refusal(
            Kind::Unavailable,
            "authority.key_replaced",
            ("認証局の鍵がちょうど更新されました。", "The authority's key was replaced just now."),
            RETRY,
        ),
    }
}

/// The public key belongs to somebody else.
pub(crate) fn key_of_other() -> Refusal {
    refusal(
        Kind::Refused,
        "authority.key_reused",
        (
            "この公開鍵は、別の名義の証明書で使われています。",
            "This public key is in use in a certificate of another subject.",
        ),
        ("新しい鍵ペアを作り、要求を作り直してください。", "Make a new key pair and a new request."),
    )
}

/// The public key is known to be bad.
pub(crate) fn key_blocked() -> Refusal {
    refusal(
        Kind::Refused,
        "authority.key_compromised",
        (
            "この公開鍵は、秘密鍵の漏えいにより失効した鍵です。",
            "This public key was revoked because its private key is known to others.",
        ),
        ("新しい鍵ペアを作り、要求を作り直してください。", "Make a new key pair and a new request."),
    )
}

/// The key stands for another request.
pub(crate) fn idempotency_conflict() -> Refusal {
    refusal(
        Kind::Conflict,
        "authority.idempotency_conflict",
        (
            "この冪等キーは、内容の異なる別の要求で使われています。",
            "This idempotency key was used for another request.",
        ),
        (
            "新しい要求には新しいキーを付けてください。やり直しなら、はじめと同じ内容を送ってください。",
            "Give a new request a new key. To repeat one, send exactly what was sent first.",
        ),
    )
    .with_field("Idempotency-Key", Text::new("別の要求のものです", "belongs to another request"))
}

/// The first order under this key was given up.
pub(crate) fn order_abandoned() -> Refusal {
    refusal(
        Kind::Conflict,
        "authority.order_abandoned",
        ("この注文は発行前に取りやめられています。", "This order was given up before it was issued."),
        ("新しい冪等キーで注文し直してください。", "Order again under a new idempotency key."),
    )
}

/// There is no such certificate.
pub(crate) fn unknown_certificate(cert: &CertRef) -> Refusal {
    refusal(
        Kind::NotFound,
        "authority.certificate_unknown",
        (
            &format!("認証局「{}」は、番号 {} の証明書を発行していません。", cert.authority, cert.serial),
            &format!(
                "The authority '{}' has issued no certificate with serial {}.",
                cert.authority, cert.serial
            ),
        ),
        (
            "認証局と番号(16進)を確かめてください。",
            "Check the authority and the serial number (hexadecimal).",
        ),
    )
}

/// The command does not fit the state of the certificate.
pub(crate) fn rule_broken(broken: &RuleBroken) -> Refusal {
    match broken {
        RuleBroken::AlreadyRevoked { at, reason } => refusal(
            Kind::Conflict,
            "authority.already_revoked",
            (
                &format!("この証明書は、すでに失効しています(理由: {})。", reason.name()),
                &format!("This certificate is revoked already (reason: {}).", reason.name()),
            ),
            (
                "失効は取り消せず、理由も変わりません。必要なら新しい証明書を申し込んでください。",
                "A revocation cannot be undone and its reason does not change. Order a new certificate if needed.",
            ),
        )
        .with_field("revoked_at_micros", Text::new(at.0.to_string(), at.0.to_string())),
        RuleBroken::NotHeld => refusal(
            Kind::Conflict,
            "authority.not_held",
            ("この証明書は一時停止中ではありません。", "This certificate is not on hold."),
            ("状態を確かめてください。", "Look at its state first."),
        ),
        RuleBroken::InvalidityInFuture => refusal(
            Kind::Refused,
            "authority.invalidity_in_future",
            ("無効になった日時が未来です。", "The invalidity date lies in the future."),
            ("過去の日時を指定してください。", "Give a date in the past."),
        ),
        RuleBroken::InvalidityWithoutRevocation => refusal(
            Kind::Refused,
            "authority.invalidity_without_revocation",
            (
                "無効になった日時は、失効のときだけ指定できます。",
                "An invalidity date goes with a revocation only, not with a hold or a release.",
            ),
            ("日時を外してください。", "Leave the date out."),
        ),
    }
}

/// What a typed error of planning and reading says to people: its code and words are its own.
pub(crate) fn explained(kind: Kind, error: &dyn Explain) -> Refusal {
    let words = error.explain();
    Refusal::new(kind, error.code(), Text::new(words.ja, words.en), Text::new(words.next_ja, words.next_en))
}

/// A recorded certificate could not be signed.
pub(crate) fn signer(error: &SignerError) -> Refusal {
    match error {
        SignerError::Key(error) => key(error),
        SignerError::Algorithm { .. } | SignerError::Differs => internal(),
    }
}

/// The idempotency key is not of the form.
pub(crate) fn key_form() -> Refusal {
    refusal(
        Kind::Malformed,
        "authority.idempotency_key_form",
        (
            "冪等キーは、空白を含まない ASCII 文字で 1〜128 文字です。",
            "An idempotency key is 1 to 128 ASCII characters without spaces.",
        ),
        ("UUID などを使ってください。", "Use a UUID, for instance."),
    )
    .with_field("Idempotency-Key", Text::new("形式が違います", "has the wrong form"))
}

/// The orderer's own reference is not of the form.
pub(crate) fn subject_ref_form() -> Refusal {
    refusal(
        Kind::Malformed,
        "authority.subject_ref_form",
        (
            "参照番号(subject_ref)は 200 文字までです。",
            "A reference (subject_ref) has at most 200 characters.",
        ),
        ("短い番号にしてください。", "Use a shorter one."),
    )
    .with_field("subject_ref", Text::new("長すぎます", "is too long"))
}

/// A plan that cannot be made: the order does not fit its profile.
pub(crate) fn plan(error: &PlanRefused) -> Refusal {
    let refusal = explained(Kind::Refused, error);
    match error.field() {
        Some(field) => {
            let words = refusal.message.clone();
            refusal.with_field(field, words)
        }
        None => refusal,
    }
}

/// A subject as people read it (RFC 4514).
pub(crate) fn subject_text(der: &[u8]) -> String {
    core_x509::name::Name::parse(der).map(|name| name.as_ref().to_string()).unwrap_or_default()
}
