//! Why the desk refuses what its table allows, and what people are told of every halt.

use crate::status::{Deed, Standing};
use core_words::{Kind, Refusal, Text, UtcMicros, Yen};
use kit_desk::{Halt, Status, Verb, events::Event};
use kit_web::dates;

/// Why a command is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum No {
    /// The table does not have it.
    NotInTable,
    /// The issue password was replaced after it was typed.
    PasswordReplaced,
    /// The text on offsetting was replaced after it was shown.
    OtherConsent,
    /// Another application of the same provider is under way.
    Unsettled {
        /// Its number.
        number: String,
    },
    /// What is to be renewed is not the applicant's, or no issued certificate.
    NotRenewable,
    /// What came from the agent is less than the fee.
    NotPaid {
        /// The fee.
        fee: Yen,
        /// What came and is not spent.
        balance: Yen,
    },
    /// The clock came before its time.
    TooEarly {
        /// Its time.
        takes: UtcMicros,
    },
    /// There is no key for the certificate: a fault of ours.
    NoKey,
    /// The key is no longer here.
    KeyErased {
        /// Since when.
        at: UtcMicros,
    },
    /// The key never was here.
    OwnKey,
    /// It was not downloaded yet.
    NotFetched,
}

fn refusal(kind: Kind, code: &'static str, message: [&str; 2], next: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, Text::new(message[0], message[1]), Text::new(next[0], next[1]))
}

impl From<No> for Refusal {
    fn from(no: No) -> Self {
        match no {
            No::NotInTable => not_now(),
            No::PasswordReplaced => refusal(
                Kind::Conflict,
                "claims.password_replaced",
                [
                    "証明書発行用パスワードは、入力の後に新しいものに替わりました。",
                    "The issue password was replaced after you typed it.",
                ],
                ["新しいパスワードを入力してください。", "Type the new password."],
            ),
            No::OtherConsent => refusal(
                Kind::Conflict,
                "claims.other_consent",
                ["同意文が新しくなりました。", "The text to agree to was replaced."],
                ["もう一度お読みいただき、同意してください。", "Please read it again and agree to it."],
            ),
            No::Unsettled { number } => refusal(
                Kind::Conflict,
                "claims.unsettled",
                [
                    &format!("手続き中の申請 {number} があります。"),
                    &format!("Your application {number} is still under way."),
                ],
                [
                    "その申請が終わってから申請してください。取り下げるときは連合会へご連絡ください。",
                    "Apply again when it is settled. To withdraw it, please contact the federation.",
                ],
            ),
            No::NotRenewable => refusal(
                Kind::Conflict,
                "claims.not_renewable",
                ["この証明書は更新できません。", "This certificate cannot be renewed."],
                [
                    "発行済みの証明書を選んでください。失効した証明書の代わりには、新しく発行を申請してください。",
                    "Choose one that is issued. In the place of one that is revoked, apply for a new one.",
                ],
            ),
            No::NotPaid { fee, balance } => refusal(
                Kind::Refused,
                "claims.not_paid",
                [
                    &format!("入金の残高 {balance} 円は、手数料 {fee} 円に足りません。"),
                    &format!("The balance of {balance} yen does not cover the fee of {fee} yen."),
                ],
                [
                    "不足分の入金を待つか、代理人へ確認してください。",
                    "Wait for the missing part, or ask the agent.",
                ],
            ),
            No::TooEarly { .. } => refusal(
                Kind::Conflict,
                "claims.too_early",
                ["まだその時刻になっていません。", "Its time has not come yet."],
                ["画面に表示された時刻までお待ちください。", "Wait until the time shown on the page."],
            ),
            No::NoKey => refusal(
                Kind::Internal,
                "claims.no_key",
                ["証明書の鍵が見つかりません。", "There is no key for the certificate."],
                ["運用担当者へ連絡してください。", "Please tell the operator."],
            ),
            No::KeyErased { at } => refusal(
                Kind::Refused,
                "claims.key_erased",
                [
                    &format!(
                        "秘密鍵は {} に消去したため、もうダウンロードできません。",
                        dates::day_and_time(core_words::Lang::Ja, at)
                    ),
                    &format!(
                        "The private key was erased on {} and can be downloaded no more.",
                        dates::day_and_time(core_words::Lang::En, at)
                    ),
                ],
                [
                    "ファイルを失くしたときは、新しく発行を申請してください。",
                    "If you have lost the file, apply for a new certificate.",
                ],
            ),
            No::OwnKey => refusal(
                Kind::Refused,
                "claims.own_key",
                [
                    "秘密鍵はお手元で作られたもので、ここにはありません。",
                    "The private key was made by you and never was here.",
                ],
                ["証明書だけをダウンロードしてください。", "Download the certificate alone."],
            ),
            No::NotFetched => refusal(
                Kind::Refused,
                "claims.not_fetched",
                ["まだダウンロードされていません。", "It was not downloaded yet."],
                [
                    "先にダウンロードし、開けることを確かめてください。",
                    "Download it first and see that it opens.",
                ],
            ),
        }
    }
}

/// What people are told of a halt.
///
/// Who was first is told in their capacity, with the number of their account.
pub fn told(halt: Halt<No, Standing>) -> Refusal {
    told_of(halt, |last| last.account.map(|account| account.to_string()))
}

/// The same; `name` says what whoever was first is called before those who are told.
pub(crate) fn told_of(halt: Halt<No, Standing>, name: impl Fn(&Event) -> Option<String>) -> Refusal {
    match halt {
        Halt::Store(error) => {
            tracing::error!(%error, "the claims desk's database");
            unavailable()
        }
        Halt::NoCase => no_case(),
        Halt::NotNow { last, .. } => match last {
            Some(last) => overtaken(&last, name(&last).as_deref()),
            None => not_now(),
        },
        Halt::NotYou => refusal(
            Kind::Forbidden,
            "claims.not_you",
            ["この操作をする権限がありません。", "You may not do this."],
            [
                "取消は管理者だけができます。管理者へ依頼してください。",
                "Only a manager can undo. Please ask a manager.",
            ],
        ),
        Halt::Overtaken { last: Some(last) } => overtaken(&last, name(&last).as_deref()),
        Halt::Overtaken { last: None } => not_now(),
        Halt::Refused(no) => no.into(),
    }
}

/// The case does not exist, or belongs to somebody else: told alike.
pub fn no_case() -> Refusal {
    refusal(
        Kind::NotFound,
        "claims.no_case",
        ["この受付番号の申請は見つかりません。", "There is no application of this number."],
        ["受付番号を確認してください。", "Please check the number."],
    )
}

/// The database does not answer.
pub fn unavailable() -> Refusal {
    refusal(
        Kind::Unavailable,
        "claims.unavailable",
        [
            "ただいま処理できません。何も変更されていません。",
            "This cannot be done at the moment. Nothing was changed.",
        ],
        ["しばらくしてから、もう一度お試しください。", "Please try again in a while."],
    )
}

/// The authority does not answer as long as somebody would wait at a page.
pub fn authority_silent() -> Refusal {
    refusal(
        Kind::Unavailable,
        "claims.authority_silent",
        [
            "認証局から返事がありません。何も変更されていません。",
            "The authority does not answer. Nothing was changed.",
        ],
        [
            "しばらくしてから、もう一度お試しください。受け付けた申請は、そのまま順に処理されます。",
            "Please try again in a while. What was applied for is carried out in its turn all the same.",
        ],
    )
}

/// There is no agent of this ID, or it is another federation's: told alike.
pub fn no_agent() -> Refusal {
    refusal(
        Kind::NotFound,
        "claims.no_agent",
        ["この代理人IDは登録されていません。", "There is no agent of this ID."],
        ["代理人IDを確認してください。", "Please check the ID."],
    )
    .with_field("agent", Text::new("代理人IDを確認してください", "Check the ID"))
}

/// There is no such transfer, or it is another federation's: told alike.
pub fn no_deposit() -> Refusal {
    refusal(
        Kind::NotFound,
        "claims.no_deposit",
        ["この入金は見つかりません。", "There is no such transfer."],
        ["入金の一覧から選んでください。", "Choose one from the list of transfers."],
    )
}

/// Somebody said before whose the transfer is.
pub fn deposit_assigned() -> Refusal {
    refusal(
        Kind::Conflict,
        "claims.deposit_assigned",
        ["この入金の代理人は、すでに登録されています。", "It was registered before whose this transfer is."],
        ["入金の一覧を開き直してください。", "Open the list of transfers again."],
    )
}

/// More is to be sent back than there is.
pub fn refund_too_much(balance: Yen) -> Refusal {
    refusal(
        Kind::Refused,
        "claims.refund_too_much",
        [
            &format!("返金できるのは、残高の {balance} 円までです。"),
            &format!("No more than the balance of {balance} yen can be sent back."),
        ],
        ["金額を確認してください。", "Please check the amount."],
    )
    .with_field("amount", Text::new("残高までの金額を入力してください", "At most the balance"))
}

/// The ledger has not numbered the entry yet: a matter of a second or so.
pub fn no_proof_yet() -> Refusal {
    refusal(
        Kind::NotFound,
        "claims.no_proof_yet",
        ["台帳の記録を準備しています。", "The ledger is still taking this down."],
        ["数秒待って、もう一度開いてください。", "Wait a few seconds and open it again."],
    )
}

/// The notice does not exist, or hangs on another board: told alike.
pub fn no_notice() -> Refusal {
    refusal(
        Kind::NotFound,
        "claims.no_notice",
        ["このお知らせは見つかりません。", "There is no such notice."],
        ["お知らせの一覧から開いてください。", "Please open it from the list of notices."],
    )
}

/// A rejection without a reason.
pub fn reason_missing() -> Refusal {
    refusal(
        Kind::Refused,
        "claims.reason_missing",
        ["却下の理由がありません。", "The reason for the rejection is missing."],
        ["申請者に伝わる理由を入力してください。", "Give a reason that the applicant can act on."],
    )
    .with_field("reason", Text::new("理由を入力してください", "Type the reason"))
}

/// A text is longer than it may be.
pub fn text_too_long(field: &str) -> Refusal {
    refusal(
        Kind::Refused,
        "claims.text_too_long",
        ["入力が長すぎます。", "The text is too long."],
        ["1,000文字以内にしてください。", "Keep it within 1,000 characters."],
    )
    .with_field(field, Text::new("1,000文字以内で入力してください", "At most 1,000 characters"))
}

fn not_now() -> Refusal {
    refusal(
        Kind::Conflict,
        "claims.not_now",
        ["いまの状況では、この操作はできません。", "This cannot be done in the present status."],
        ["画面を開き直し、状況を確認してください。", "Open the page again and see the status."],
    )
}

/// Somebody was first: who, when, and what they did.
fn overtaken(last: &Event, name: Option<&str>) -> Refusal {
    let done = Deed::of_slug(&last.verb).map(Verb::done);
    let standing = Standing::of_code(last.to).map(Status::label);
    let (ja, en) = match (done, standing) {
        (Some(done), Some(standing)) => (
            format!("{}（状況は「{}」）", done.ja, standing.ja),
            format!("{} (status: {})", done.en, standing.en),
        ),
        _ => (String::new(), String::new()),
    };
    let who = who(last, name);
    refusal(
        Kind::Conflict,
        "claims.overtaken",
        [
            &format!("{}に{}が先に{ja}。", dates::day_and_time(core_words::Lang::Ja, last.at), who.ja),
            &format!(
                "{} was first, on {}: {en}.",
                who.en,
                dates::day_and_time(core_words::Lang::En, last.at)
            ),
        ],
        ["画面を開き直し、いまの状況を確認してください。", "Open the page again and see the present status."],
    )
}

/// Who did something: in what capacity, and what they are called where that may be said.
pub(crate) fn who(event: &Event, name: Option<&str>) -> Text {
    use kit_desk::Capacity;
    let capacity = crate::status::Hat::of_slug(&event.capacity).map(Capacity::label);
    match (capacity, name) {
        (Some(hat), Some(name)) => Text::new(format!("{}（{name}）", hat.ja), format!("{} ({name})", hat.en)),
        (Some(hat), None) => hat,
        (None, _) => Text::new("他の人", "Somebody else"),
    }
}
