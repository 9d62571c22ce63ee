//! 受付票: what was applied for (K12).

use super::{FromTo, called};
use crate::{
    service::CaseFile,
    settings::Settings,
    words::{KeyWay, Pays},
};
use core_words::Lang;
use kit_paper::{Block, Paper};
use kit_web::dates;

/// The receipt of an application (受付票): what was applied for, at what price, and how to ask for it.
pub fn receipt(file: &CaseFile, settings: &Settings, lang: Lang) -> Paper {
    let application = file.case.case.application();
    let key = match application.key {
        KeyWay::Service => lang.pick(
            "この窓口で作成（鍵と証明書のファイルをダウンロード）",
            "Made by the service, downloaded in one file",
        ),
        KeyWay::Own(_) => lang.pick("お手元で作成（秘密鍵は外に出ません）", "Made by the applicant"),
    };
    let (fee, paid) = match &application.pays {
        Pays::Offset(consent) => (
            lang.pick("円（請求代金と相殺）", "yen, offset against claim payments"),
            (
                lang.pick("同意文", "Text agreed to"),
                lang.pick("第{}版", "version {}").replace("{}", &consent.version),
            ),
        ),
        Pays::Transfer { due } => (
            lang.pick("円（銀行振込）", "yen, by bank transfer"),
            (lang.pick("お支払い期限", "To be paid until"), dates::day_of(lang, *due)),
        ),
    };
    let gap = lang.pick("", " ");
    let (number, name) = called(file.holder.number.kind(), lang);
    let years = application.applied.months / 12;
    let period = lang.pick("年", " years");
    let rows = [
        (lang.pick("受付番号", "Application"), file.case.number.clone()),
        (number, file.holder.number.to_string()),
        (name, file.holder.name.clone()),
        (lang.pick("申請日時", "Applied on"), dates::day_and_time(lang, application.at)),
        (lang.pick("発行手数料", "Fee"), format!("{}{gap}{fee}", application.applied.fee)),
        (lang.pick("有効期間", "Validity"), format!("{years}{period}")),
        (lang.pick("鍵の作り方", "Key"), key.to_owned()),
        (lang.pick("お知らせ先", "Notices go to"), application.email.clone()),
        paid,
    ];
    Paper {
        number: Some(file.case.number.clone()),
        date: Some(dates::day_and_time(lang, file.now)),
        to: Some(FromTo::holder(&file.holder, lang)),
        from: Some(FromTo::federation(settings, lang, false)),
        blocks: vec![
            Block::para(lang.pick(
                "電子証明書の発行申請を、下記のとおり受け付けました。",
                "We have received your application for a certificate, as stated below.",
            )),
            Block::fields(rows),
            Block::para(lang.pick(
                "進み具合は「証明書」画面でご確認いただけます。発行されましたら、お知らせとメールでご連絡します。",
                "You can follow it on the page “Certificates”. When the certificate is issued we tell you there and by mail.",
            )),
        ],
        footer: Some(file.case.number.clone()),
        ..Paper::new(lang, "claims.receipt", lang.pick("電子証明書 発行申請 受付票", "Receipt of an application"))
    }
}
