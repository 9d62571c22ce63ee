//! What provider management refuses.

use crate::store::holders::Record;
use core_words::{Kind, Lang, Refusal, Text, UtcMicros};
use kit_gate::{AccountId, accounts};
use kit_store::{StoreError, Tx};
use kit_web::dates;

/// The number belongs to another record.
pub(crate) fn taken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.number_taken",
        Text::new("この番号はすでに登録されています。", "This number is entered already."),
        Text::new("番号を確認してください。", "Please check the number."),
    )
    .with_field("number", Text::new("この番号はすでに登録されています", "This number is entered already"))
}

/// Something is missing, too long or of another form.
pub(super) fn bad_office(what: &str) -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.bad_office",
        Text::new("登録する内容に誤りがあります。", "The record is not as it must be."),
        Text::new(
            "空欄や長すぎる値、郵便番号（7桁）、メールアドレスを確認してください。",
            "Check for what is missing or too long, the postal code (7 digits) and the mail address.",
        ),
    )
    .with_field(what, Text::new("この項目を確認してください", "Please check this"))
}

/// The code of the refusal of one who came second.
pub(crate) const OVERTAKEN: &str = "claims.office_overtaken";

/// There is no holder of this number, or it is another federation's: told alike.
pub(crate) fn no_office() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_office",
        Text::new(
            "この番号の事業所・代理人は登録されていません。",
            "There is no care provider or agent of this number.",
        ),
        Text::new(
            "番号を確認するか、事業所管理の一覧から探してください。",
            "Check the number, or look for it in the list of providers and agents.",
        ),
    )
}

/// The record is closed.
pub(super) fn closed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.office_closed",
        Text::new("この事業所・代理人は廃止になっています。", "This care provider or agent is closed."),
        Text::new(
            "誤って廃止にしたときは、先に廃止を取り消してください。",
            "If it was closed by mistake, open it again first.",
        ),
    )
}

/// Somebody was first: who, and when.
pub(super) fn overtaken(tx: &mut Tx, record: &Record) -> Result<Refusal, StoreError> {
    let who = match record.changed_by {
        Some(account) => accounts::find(tx, AccountId(account))?.map(|account| account.name),
        None => None,
    };
    Ok(overtaken_by(who.as_deref(), record.changed))
}

/// The same, told of who is called `who`.
pub(crate) fn overtaken_by(who: Option<&str>, at: UtcMicros) -> Refusal {
    Refusal::new(
        Kind::Conflict,
        OVERTAKEN,
        Text::new(
            format!(
                "{}に{}が先に登録を変更しました。",
                dates::day_and_time(Lang::Ja, at),
                who.unwrap_or("他の人")
            ),
            format!(
                "{} was first and changed the record on {}.",
                who.unwrap_or("Somebody else"),
                dates::day_and_time(Lang::En, at)
            ),
        ),
        Text::new(
            "何も変更していません。画面を開き直し、いまの登録を確認してください。",
            "Nothing was changed. Open the page again and see the present record.",
        ),
    )
}

/// The letters were printed by somebody else in the meantime.
pub(crate) fn letters_overtaken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.letters_overtaken",
        Text::new(
            "印刷している間に、ほかの人が同じ通知書を印刷したか、登録を変更しました。",
            "While these were printed, somebody else printed the same letters or changed a record.",
        ),
        Text::new(
            "このファイルの通知書は作られず、パスワードも変わっていません。一覧を開き直し、もう一度印刷してください。",
            "No letter of yours was made, and no password was changed. Open the list again, and print what is left.",
        ),
    )
}

/// There is nobody to write to.
pub(super) fn no_letters() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.no_letters",
        Text::new(
            "通知書を印刷していない事業所・代理人はありません。",
            "Every provider and agent has its letter.",
        ),
        Text::new("一覧を確認してください。", "Please see the list."),
    )
}

/// How the caller was known is missing.
pub(super) fn not_identified() -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.not_identified",
        Text::new("本人確認の方法がありません。", "It is not said how the caller was identified."),
        Text::new("どのように確認したかを入力してください。", "Please say how you made sure who called."),
    )
    .with_field("identified", Text::new("確認した方法を入力してください", "Say how you made sure"))
}

/// The two have a mandate already for a part of that time.
pub(super) fn mandate_overlaps() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.mandate_overlaps",
        Text::new(
            "同じ代理人と事業所の委任が、この期間にすでにあります。",
            "This agent has a mandate of this provider already within that time.",
        ),
        Text::new(
            "いまの委任を確認し、終了してから登録するか、期間を変えてください。",
            "See the present mandate: end it first, or choose another time.",
        ),
    )
    .with_field("from", Text::new("ほかの委任と重なっています", "Another mandate lies within this time"))
}

/// A mandate is between an agent and a care provider.
pub(super) fn mandate_between() -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.mandate_between",
        Text::new(
            "委任は、登録されている事業所と代理人の間のものです。",
            "A mandate is one that a care provider gives to an agent, both of them entered here.",
        ),
        Text::new("相手の番号を確認してください。", "Check the number of the other."),
    )
    .with_field("other", Text::new("相手の番号を確認してください", "Check this number"))
}

/// The last day comes before the first.
pub(super) fn mandate_backwards() -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.mandate_backwards",
        Text::new("終わりの日が始まりの日より前です。", "The last day is before the first."),
        Text::new("期間を確認してください。", "Please check the days."),
    )
    .with_field("until", Text::new("始まりの日以後にしてください", "Not before the first day"))
}

/// There is no such mandate, or it is another federation's: told alike.
pub(crate) fn no_mandate() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_mandate",
        Text::new("この委任は見つかりません。", "There is no such mandate."),
        Text::new(
            "事業所・代理人の画面から選んでください。",
            "Choose one on the page of the provider or agent.",
        ),
    )
}

/// The mandate is over already.
pub(super) fn mandate_over() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.mandate_over",
        Text::new("この委任はすでに終わっています。", "This mandate is over already."),
        Text::new(
            "事業所・代理人の画面を開き直してください。",
            "Open the page of the provider or agent again.",
        ),
    )
}
