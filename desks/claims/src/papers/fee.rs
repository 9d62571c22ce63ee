//! What quotations and invoices say of the fee: the total, the items and the tax.

use super::tax;
use crate::settings::Terms;
use core_words::{Lang, Yen};
use kit_paper::{Align, Block, Column, Table};

/// The total, large; and how it is made up. `terms` tell the rate, `fee` and `months` what is asked for.
pub(super) fn blocks(terms: &Terms, fee: Yen, months: u16, lang: Lang) -> [Block; 2] {
    let split = tax::within(fee, terms.tax_percent);
    let rate = terms.tax_percent;
    let yen = |amount: Yen| format!("{amount}{}", lang.pick("円", " yen"));
    let item = format!(
        "{}{}",
        lang.pick("電子証明書発行手数料（有効期間 ", "Issue of an electronic certificate (valid for "),
        match (lang, months % 12) {
            (Lang::Ja, 0) => format!("{}年）", months / 12),
            (Lang::Ja, _) => format!("{months}か月）"),
            (Lang::En, 0) if months == 12 => "1 year)".to_owned(),
            (Lang::En, 0) => format!("{} years)", months / 12),
            (Lang::En, _) => format!("{months} months)"),
        }
    );
    let note = match lang {
        Lang::Ja => format!("税込（うち消費税 {}円）", split.tax),
        Lang::En => format!("including {} yen of tax", split.tax),
    };
    let (net, tax, total) = match lang {
        Lang::Ja => (
            format!("税抜金額（{rate}％対象）"),
            format!("消費税（{rate}％、1円未満切り捨て）"),
            "合計（税込）".to_owned(),
        ),
        Lang::En => (
            format!("Without tax (at {rate} %)"),
            format!("Consumption tax ({rate} %, rounded down)"),
            "Total with tax".to_owned(),
        ),
    };
    [
        Block::total(lang.pick("合計金額", "Total"), yen(fee), note),
        Block::Table(Table {
            columns: vec![
                Column::words(lang.pick("内容", "Item"), 6),
                Column { head: lang.pick("数量", "Number").to_owned(), align: Align::Center, share: 2 },
                Column::amounts(lang.pick("単価（税込・円）", "Each, with tax (yen)"), 3),
                Column::amounts(lang.pick("金額（税込・円）", "Amount, with tax (yen)"), 3),
            ],
            rows: vec![vec![item, "1".to_owned(), fee.to_string(), fee.to_string()]],
            totals: vec![
                (net, split.net.to_string()),
                (tax, split.tax.to_string()),
                (total, fee.to_string()),
            ],
        }),
    ]
}

/// What the federation says at the end, and the number under which it is registered.
pub(super) fn closing(terms: &Terms, lang: Lang) -> Vec<Block> {
    let mut blocks = Vec::new();
    let remarks = lang.of(&terms.remarks);
    if !remarks.is_empty() {
        blocks.push(Block::note(lang.pick("備考", "Remarks"), remarks));
    }
    if lang == Lang::Ja {
        blocks.push(Block::closing("以上"));
    }
    blocks
}

/// The line below the sender that makes an invoice a qualified one, where the federation is registered.
pub(super) fn registered(terms: &Terms, lang: Lang) -> Option<String> {
    let number = terms.registration.as_ref()?;
    Some(format!("{}{number}", lang.pick("登録番号　", "Registration no. ")))
}
