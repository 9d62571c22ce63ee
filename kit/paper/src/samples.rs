//! Papers with sample texts, for galleries and tests.

use crate::{Addressee, Align, Block, Column, Paper, Sender, Sign, Table};
use core_words::Lang;

/// A paper with sample texts.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Short and stable: `receipt`.
    pub name: &'static str,
    /// The paper in a language.
    pub make: fn(Lang) -> Paper,
}

/// The samples of this crate: together they show every block.
pub const SAMPLES: &[Sample] = &[
    Sample { name: "receipt", make: receipt },
    Sample { name: "invoice", make: invoice },
    Sample { name: "letter", make: letter },
    Sample { name: "password", make: password },
];

/// 受領書: an application was received.
fn receipt(lang: Lang) -> Paper {
    let t = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    Paper {
        number: Some(t("受付番号　2026-000123", "Receipt no. 2026-000123")),
        date: Some(t("2026年11月20日（令和8年）", "20 November 2026")),
        to: Some(Addressee {
            lines: vec![
                t("〒100-0001", "1-2-3 Hibari-cho"),
                t("ひばり市ひばり町一丁目2番3号", "Hibari City 100-0001"),
                t("社会福祉法人ひばり会", "Hibari Welfare Corporation"),
                t("ひばり介護センター", "Hibari Care Centre"),
            ],
            honorific: (lang == Lang::Ja).then(|| "御中".into()),
        }),
        from: Some(sender(lang, false)),
        blocks: vec![
            Block::para(t(
                "電子証明書の発行申請を次のとおり受け付けました。\nこの書面は申請の受付を証するものであり、電子証明書の発行を約するものではありません。",
                "We have received your application for an electronic certificate as set out below.\nThis paper \
                 confirms receipt of the application. It does not promise that a certificate will be issued.",
            )),
            Block::fields([
                (t("受付番号", "Receipt number"), t("2026-000123", "2026-000123")),
                (
                    t("受付日時", "Received"),
                    t("2026年11月20日（令和8年） 14時05分", "20 Nov 2026, 14:05 JST"),
                ),
                (t("申請の種類", "Application"), t("電子証明書の新規発行", "New electronic certificate")),
                (t("事業所番号", "Provider number"), t("1370000012", "1370000012")),
                (
                    t("事業所名", "Provider"),
                    t("ひばり介護センター", "Hibari Care Centre (ひばり介護センター)"),
                ),
                (t("申請者氏名", "Applicant"), t("髙𠮷　葛󠄀子", "TAKAYOSHI Katsuko (髙𠮷　葛󠄀子)")),
                (t("発行手数料", "Fee"), t("13,900円（税込）", "13,900 yen, tax included")),
            ]),
            Block::heading(t("今後の流れ", "What happens next")),
            Block::steps([
                t(
                    "連合会が申請の内容を確認します（5営業日以内）。",
                    "The federation checks the application (within 5 working days).",
                ),
                t(
                    "確認が終わると電子メールでお知らせします。",
                    "You will get an e-mail when the check is done.",
                ),
                t(
                    "申請のページから電子証明書を受け取ってください。受け取りはお知らせの日から90日以内です。",
                    "Fetch the certificate from the page of your application within 90 days of that e-mail.",
                ),
            ]),
            Block::note(
                t("お問い合わせ", "Questions"),
                t(
                    "お問い合わせの際は、受付番号をお知らせください。電子メールや電話でパスワードをお尋ねすることはありません。",
                    "Please have the receipt number at hand. We never ask for a password by e-mail or telephone.",
                ),
            ),
        ],
        footer: Some(t(
            "ひばり県国民健康保険団体連合会　電子証明書発行サービス",
            "Hibari Federation · Electronic certificate service",
        )),
        ..Paper::new(lang, "sample.receipt", t("電子証明書発行申請　受領書", "Receipt of application"))
    }
}

/// 請求書: amounts and a place for a seal.
fn invoice(lang: Lang) -> Paper {
    let t = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    let row = |ja: &str, en: &str, n: &str, each: &str, sum: &str| {
        vec![t(ja, en), n.to_owned(), each.to_owned(), sum.to_owned()]
    };
    Paper {
        number: Some(t("請求書番号　A-2026-0042", "Invoice no. A-2026-0042")),
        date: Some(t("2026年11月20日（令和8年）", "20 November 2026")),
        to: Some(Addressee {
            lines: vec![
                t("〒100-0002", "4-5-6 Hibari-cho"),
                t("ひばり市ひばり町四丁目5番6号", "Hibari City 100-0002"),
                t("株式会社ひばり代行", "Hibari Agency Ltd"),
            ],
            honorific: (lang == Lang::Ja).then(|| "御中".into()),
        }),
        from: Some(sender(lang, true)),
        blocks: vec![
            Block::para(t("次のとおりご請求申し上げます。", "Please pay the amount below.")),
            Block::total(
                t("合計金額", "Total"),
                t("39,600円", "39,600 yen"),
                t("税込　うち消費税3,600円", "including 3,600 yen of tax"),
            ),
            Block::Table(Table {
                columns: vec![
                    Column::words(t("内容", "Item"), 6),
                    Column { head: t("数量", "Number"), align: Align::Center, share: 2 },
                    Column::amounts(t("単価（円）", "Each (yen)"), 3),
                    Column::amounts(t("金額（円）", "Amount (yen)"), 3),
                ],
                rows: vec![
                    row(
                        "電子証明書発行手数料（新規）",
                        "Issue of a certificate (new)",
                        "2",
                        "12,000",
                        "24,000",
                    ),
                    row(
                        "電子証明書発行手数料（更新）",
                        "Issue of a certificate (renewal)",
                        "1",
                        "12,000",
                        "12,000",
                    ),
                ],
                totals: vec![
                    (t("小計", "Subtotal"), "36,000".into()),
                    (t("消費税（10％）", "Consumption tax (10 %)"), "3,600".into()),
                    (t("合計", "Total"), "39,600".into()),
                ],
            }),
            Block::boxed(
                t("お振込先", "Where to pay"),
                [
                    (
                        t("金融機関", "Bank"),
                        t("ひばり銀行（9999）　本店営業部（001）", "Hibari Bank (9999), Head Office (001)"),
                    ),
                    (t("口座", "Account"), t("普通　1234567", "ordinary 1234567")),
                    (
                        t("口座名義", "Holder"),
                        t("ヒバリケンコクミンケンコウホケンダンタイレンゴウカイ", "HIBARI FEDERATION"),
                    ),
                    (t("お支払期限", "Due"), t("2026年12月20日（令和8年）", "20 December 2026")),
                ],
            ),
            Block::exact(t("振込名義（このとおりに入力）", "Name of the transfer"), "AG00000042 ﾋﾊﾞﾘﾀﾞｲｺｳ"),
            Block::closing(t("以上", "")),
        ],
        footer: Some(t(
            "ひばり県国民健康保険団体連合会　電子証明書発行サービス",
            "Hibari Federation · Electronic certificate service",
        )),
        ..Paper::new(lang, "sample.invoice", t("請求書", "Invoice"))
    }
}

/// A letter with something to copy by hand, and a slip to sign and send back on a second sheet.
fn letter(lang: Lang) -> Paper {
    let t = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    Paper {
        number: Some(t("ひ連発第123号", "Ref. 123")),
        date: Some(t("2026年11月20日（令和8年）", "20 November 2026")),
        to: Some(Addressee {
            lines: vec![t("山田　花子", "Ms Hanako Yamada")],
            honorific: (lang == Lang::Ja).then(|| "様".into()),
        }),
        from: Some(sender(lang, false)),
        blocks: vec![
            Block::para(t(
                "電子証明書を使うためのパスワードをお知らせします。",
                "This is the password for your electronic certificate.",
            )),
            Block::centered(t("記", "· · ·")),
            Block::code(
                t("証明書パスワード", "Certificate password"),
                "k7Qm 2xVt 9RdH 4nLb".to_owned().into(),
            ),
            Block::note(
                "",
                t(
                    "この書面は、電子証明書とは別の場所に保管してください。",
                    "Keep this paper in another place than the certificate.",
                ),
            ),
            Block::closing(t("以上", "")),
            Block::PageBreak,
            Block::heading(t("受領確認書", "Confirmation")),
            Block::para(t(
                "「パスワード通知書」を受け取りました。",
                "I have received the letter “Your password”.",
            )),
            Block::Signature { label: t("氏名", "Name"), seal: true },
        ],
        footer: None,
        ..Paper::new(lang, "sample.letter", t("パスワード通知書", "Your password"))
    }
}

/// Passwords to be typed sign by sign.
fn password(lang: Lang) -> Paper {
    let t = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    let sign = |(sign, ja, en): &(&str, &str, &str)| Sign {
        sign: (*sign).to_owned().into(),
        reading: t(ja, en).into(),
    };
    let signs = [
        ("B", "大 ビー", "cap. B"),
        ("8", "数 はち", "digit 8"),
        ("l", "小 エル", "small l"),
        ("1", "数 いち", "digit 1"),
        ("O", "大 オー", "cap. O"),
        ("0", "数 ゼロ", "digit 0"),
        ("-", "ハイフン", "hyphen"),
        ("q", "小 キュー", "small q"),
    ];
    Paper {
        date: Some(t("2026年11月20日（令和8年）", "20 November 2026")),
        to: Some(Addressee {
            lines: vec![t("ひばり介護センター", "Hibari Care Centre")],
            honorific: (lang == Lang::Ja).then(|| "御中".into()),
        }),
        from: Some(sender(lang, false)),
        blocks: vec![
            Block::Dotted,
            Block::spelled(t("仮パスワード", "Temporary password"), signs.iter().map(sign).collect()),
            Block::Dotted,
        ],
        ..Paper::new(
            lang,
            "sample.password",
            t("パスワード通知書（1文字ずつ）", "Your password, sign by sign"),
        )
    }
}

fn sender(lang: Lang, seal: bool) -> Sender {
    let t = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    Sender {
        name: t("ひばり県国民健康保険団体連合会", "Hibari Federation"),
        lines: vec![
            t("電子証明書担当", "Electronic certificates"),
            t("〒100-0003　ひばり市中央一丁目1番1号", "1-1-1 Chuo, Hibari City 100-0003"),
            t("電話　03-0000-0000（平日9時〜17時）", "03-0000-0000 (weekdays 9:00–17:00)"),
        ],
        seal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_within_the_limits_in_both_languages() {
        for sample in SAMPLES {
            for lang in Lang::ALL {
                let proof = (sample.make)(lang).proofread();
                assert!(proof.is_ok_and(|p| p.paper().lang == lang), "{}", sample.name);
            }
        }
    }
}
