//! 見積書: what a certificate would cost (C2).

use super::{FromTo, fee};
use crate::{
    settings::{Settings, Terms},
    words::HolderNumber,
};
use core_words::{Lang, UtcMicros};
use kit_paper::{Addressee, Block, Paper};
use kit_web::dates::{self, Day};

/// To whom a quotation is made out, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// 住所.
    pub address: String,
    /// 事業所名, of an agent 法人名.
    pub name: String,
    /// 氏名; may be empty.
    pub person: String,
    /// 敬称: 御中, 様, 殿; may be empty.
    pub honorific: String,
}

/// What a quotation tells.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Who asked for it: its number is made of theirs.
    pub number: HolderNumber,
    /// To whom it is made out.
    pub to: Asker,
    /// When.
    pub at: UtcMicros,
}

impl Offer {
    /// Its number: the day and who asked. It is not stored, and two of one day are the same offer.
    fn number(&self) -> String {
        format!("Q{}-{}", Day::of(self.at).to_string().replace('-', ""), self.number)
    }

    /// Until when it holds: the last microsecond of that day in Japan.
    fn holds(&self, terms: &Terms) -> UtcMicros {
        Day::of(self.at.plus_seconds(i64::from(terms.offer_days) * 86_400)).ends()
    }
}

/// The quotation.
pub fn quotation(offer: &Offer, terms: &Terms, settings: &Settings, lang: Lang) -> Paper {
    let Asker { address, name, person, honorific } = &offer.to;
    let lines = [address, name, person].into_iter().filter(|line| !line.is_empty()).cloned().collect();
    let mut from = FromTo::federation(settings, lang, true);
    from.lines.extend(fee::registered(terms, lang));
    let mut blocks = vec![Block::para(
        lang.pick("下記のとおりお見積り申し上げます。", "We are pleased to quote as follows."),
    )];
    blocks.extend(fee::blocks(terms, terms.fee, terms.months, lang));
    blocks.push(Block::fields([
        (
            lang.pick("件名", "Subject"),
            lang.pick("電子証明書の発行", "Issue of an electronic certificate").to_owned(),
        ),
        (lang.pick("見積有効期限", "Valid until"), dates::day_of(lang, offer.holds(terms))),
        (
            lang.pick("納品方法", "Delivery"),
            lang.pick("電子請求の窓口からのダウンロード", "By download from the desk").to_owned(),
        ),
    ]));
    blocks.extend(fee::closing(terms, lang));
    let number = offer.number();
    Paper {
        number: Some(format!("{}{number}", lang.pick("見積番号　", "Quotation no. "))),
        date: Some(dates::day_of(lang, offer.at)),
        to: Some(Addressee { lines, honorific: Some(honorific.clone()).filter(|text| !text.is_empty()) }),
        from: Some(from),
        blocks,
        footer: Some(number),
        ..Paper::new(lang, "claims.quotation", lang.pick("見積書", "Quotation"))
    }
}
