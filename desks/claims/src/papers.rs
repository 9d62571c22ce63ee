//! The papers of the desk (K12).

use crate::{no, service::CaseFile, settings::Settings, words::KeyWay};
use core_words::{Kind, Lang, Refusal, Text, UtcMicros};
use kit_paper::{Addressee, Block, Paper, Press, PressError, Sender};
use kit_web::dates;
use std::sync::Arc;

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
    let fee = lang.pick("円（請求代金と相殺）", "yen, offset against claim payments");
    let gap = lang.pick("", " ");
    let years = application.applied.months / 12;
    let period = lang.pick("年", " years");
    let rows = [
        (lang.pick("受付番号", "Application"), file.case.number.clone()),
        (lang.pick("事業所番号", "Provider number"), file.provider.number.to_string()),
        (lang.pick("事業所名", "Provider"), file.provider.name.clone()),
        (lang.pick("申請日時", "Applied on"), dates::day_and_time(lang, application.at)),
        (lang.pick("発行手数料", "Fee"), format!("{}{gap}{fee}", application.applied.fee)),
        (lang.pick("有効期間", "Validity"), format!("{years}{period}")),
        (lang.pick("鍵の作り方", "Key"), key.to_owned()),
        (lang.pick("お知らせ先", "Notices go to"), application.email.clone()),
        (
            lang.pick("同意文", "Text agreed to"),
            lang.pick("第{}版", "version {}").replace("{}", &application.consent.version),
        ),
    ];
    Paper {
        number: Some(file.case.number.clone()),
        date: Some(dates::day_and_time(lang, file.now)),
        to: Some(Addressee {
            lines: vec![
                format!("〒{}", postal(&file.provider.postal)),
                file.provider.address.clone(),
                file.provider.name.clone(),
            ],
            honorific: (lang == Lang::Ja).then(|| "御中".to_owned()),
        }),
        from: Some(Sender {
            name: lang.of(&settings.federation).to_owned(),
            lines: lang.of(&settings.contact).lines().map(str::to_owned).collect(),
            seal: false,
        }),
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

/// A postal code as it is written: 100-0001.
pub(crate) fn postal(digits: &str) -> String {
    match digits.split_at_checked(3) {
        Some((first, last)) if digits.len() == 7 => format!("{first}-{last}"),
        _ => digits.to_owned(),
    }
}

/// Prints off the threads of the runtime.
pub(crate) async fn print(press: Arc<dyn Press>, paper: Paper, at: UtcMicros) -> Result<Vec<u8>, Refusal> {
    let printed = tokio::task::spawn_blocking(move || press.print(&paper, at)).await;
    match printed {
        Ok(Ok(pdf)) => Ok(pdf),
        Ok(Err(PressError::Glyph { chars })) => {
            let chars: String = chars.into_iter().collect();
            Err(Refusal::new(
                Kind::Refused,
                "claims.no_glyph",
                Text::new(
                    format!("印刷できない文字があります: {chars}"),
                    format!("There are characters that cannot be printed: {chars}"),
                ),
                Text::new(
                    "連合会へご連絡ください。登録された名称を確認します。",
                    "Please contact the federation, which will look at the registered name.",
                ),
            ))
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a paper was not made");
            Err(no::unavailable())
        }
        Err(error) => {
            tracing::error!(%error, "the press broke off");
            Err(no::unavailable())
        }
    }
}
