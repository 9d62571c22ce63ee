//! What is told when offset fees are not as somebody wants them.

use core_words::{Kind, Lang, Refusal, Text, UtcMicros, Yen};

/// The code of the refusal to begin what has begun.
pub(crate) const OFFSET_BEGUN: &str = "claims.offset_begun";

pub(crate) fn no_month() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_offset_month",
        Text::new("この年月の相殺ファイルはありません。", "There is no offset file of this month."),
        Text::new("手数料の相殺の一覧から選んでください。", "Choose one from the list of months."),
    )
}

pub(super) fn begun() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        OFFSET_BEGUN,
        Text::new(
            "この年月の締めは、すでに始まっています。",
            "This month is being closed already, or is closed.",
        ),
        Text::new("手数料の相殺の一覧を開き直してください。", "Open the list of months again."),
    )
}

pub(super) fn not_over(ends: UtcMicros) -> Refusal {
    let day = |lang| kit_web::dates::day_of(lang, ends);
    Refusal::new(
        Kind::Conflict,
        "claims.offset_not_over",
        Text::new(
            format!("この年月は{}まで続くため、まだ締められません。", day(Lang::Ja)),
            format!("This month lasts until {} and cannot be closed yet.", day(Lang::En)),
        ),
        Text::new(
            "締め日の翌日から締められます。",
            "It can be closed from the day after its closing day on.",
        ),
    )
}

pub(super) fn not_closed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.offset_not_closed",
        Text::new("この年月はまだ締めの途中です。", "This month is still being closed."),
        Text::new(
            "しばらくしてから開き直してください。締めが止まっているときは、自動処理の画面を確認してください。",
            "Please come back in a moment. If it does not end, see the page of jobs.",
        ),
    )
}

pub(super) fn altered() -> Refusal {
    Refusal::new(
        Kind::Internal,
        "claims.offset_altered",
        Text::new(
            "相殺ファイルの内容が、締めたときの記録と一致しません。",
            "The offset file is not the one that was closed.",
        ),
        Text::new(
            "ファイルを使わずに、システムの担当者へ連絡してください。",
            "Do not use it, and tell whoever runs the system.",
        ),
    )
}

pub(super) fn no_charge() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_charge",
        Text::new(
            "この受付番号には、相殺する手数料がありません。",
            "No fee is offset for an application of this number.",
        ),
        Text::new(
            "発行済みになった事業所の申請の受付番号を入力してください。",
            "Type the number of a provider’s application whose certificate was issued.",
        ),
    )
    .with_field(
        "case",
        Text::new("事業所の発行済みの申請の番号を入力してください", "The number of a provider’s application"),
    )
}

pub(super) fn too_much(net: Yen, fee: Yen) -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.correction_too_much",
        Text::new(
            format!("訂正の後の額は、0円から手数料の{fee}円までです。いまの額は{net}円です。"),
            format!(
                "After a correction the amount must be from 0 to the fee of {fee} yen; it is {net} yen now."
            ),
        ),
        Text::new("訂正額を確認してください。", "Please check the amount."),
    )
    .with_field("amount", Text::new("訂正額を確認してください", "Check the amount"))
}
