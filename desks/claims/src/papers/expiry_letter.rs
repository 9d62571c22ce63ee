//! 有効期限のお知らせ: a certificate ends soon (C12, C22).

use super::{FromTo, called};
use crate::{settings::Settings, store::holders::Holder, words::Certificate};
use core_words::{Lang, UtcMicros};
use kit_paper::{Block, Paper};
use kit_web::dates::{self, Day};

/// What the letter tells.
#[derive(Clone, Debug)]
pub struct Expiring<'a> {
    /// To whom.
    pub holder: &'a Holder,
    /// The number of the case of the certificate.
    pub number: &'a str,
    /// The certificate.
    pub certificate: &'a Certificate,
    /// When the letter is written.
    pub at: UtcMicros,
}

/// The letter; also for one whose certificate has ended.
pub fn expiry_letter(told: &Expiring<'_>, settings: &Settings, lang: Lang) -> Paper {
    let end = told.certificate.not_after.micros();
    let (number, name) = called(told.holder.number.kind(), lang);
    let left = Day::of(end).days_since(Day::of(told.at));
    let over = end < told.at;
    let remaining = match (lang, over) {
        (Lang::Ja, true) => "有効期間は終わりました。".to_owned(),
        (Lang::En, true) => "It has ended.".to_owned(),
        (Lang::Ja, false) => format!("あと{left}日"),
        (Lang::En, false) if left == 1 => "1 day".to_owned(),
        (Lang::En, false) => format!("{left} days"),
    };
    let opening = match over {
        false => lang.pick(
            "お使いの電子証明書の有効期限が近づいています。期限を過ぎると請求を送信できません。お早めに更新をお申し込みください。",
            "Your electronic certificate ends soon. After its end no claims can be sent. Please apply for a new one in good time.",
        ),
        true => lang.pick(
            "お使いの電子証明書の有効期限が過ぎています。このままでは請求を送信できません。新しい電子証明書をお申し込みください。",
            "Your electronic certificate has ended, and no claims can be sent with it. Please apply for a new one.",
        ),
    };
    let url = format!("{}/claims/apply", settings.public_url);
    let steps = match lang {
        Lang::Ja => [
            format!("ブラウザーで {url} を開き、ログインします。"),
            "証明書発行用パスワードを入力して、新しい電子証明書の発行を申請します。".to_owned(),
            "発行のお知らせが届いたらダウンロードし、請求に使うパソコンに取り込みます。".to_owned(),
        ],
        Lang::En => [
            format!("Open {url} in a browser and sign in."),
            "Apply for a new certificate with your issue password.".to_owned(),
            "When you are told that it was issued, download it and install it where you send your claims."
                .to_owned(),
        ],
    };
    Paper {
        number: Some(told.number.to_owned()),
        date: Some(dates::day_of(lang, told.at)),
        to: Some(FromTo::holder(told.holder, lang)),
        from: Some(FromTo::federation(settings, lang, false)),
        blocks: vec![
            Block::para(opening),
            Block::total(
                lang.pick("有効期限", "Valid until"),
                dates::day_of(lang, end),
                remaining,
            ),
            Block::fields([
                (number, told.holder.number.to_string()),
                (name, told.holder.name.clone()),
                (lang.pick("シリアル番号", "Serial number"), told.certificate.cert.serial.to_string()),
            ]),
            Block::heading(lang.pick("更新の手順", "How to renew")),
            Block::steps(steps),
            Block::note(
                "",
                lang.pick(
                    "すでに更新をお申し込みの場合は、行き違いをご容赦ください。これまでの電子証明書のファイルは、過去のお知らせを開くために保管してください。",
                    "If you have applied already, please disregard this letter. Keep the file of the old certificate: it opens the notices of its time.",
                ),
            ),
        ],
        footer: Some(told.number.to_owned()),
        ..Paper::new(
            lang,
            "claims.expiry_letter",
            lang.pick("電子証明書の有効期限のお知らせ", "Your electronic certificate ends soon"),
        )
    }
}
