//! 請求書: what an agent pays, where, until when and under which name (C3).

use super::{FromTo, fee, transfer_name};
use crate::{
    service::CaseFile,
    settings::{Settings, Terms},
    status::Standing,
    words::Pays,
};
use core_words::Lang;
use kit_paper::{Block, Paper};
use kit_web::dates;

/// Whether a case is one that is paid by transfer, and was not rejected.
pub(crate) fn is_owed(file: &CaseFile) -> bool {
    let case = &file.case.case;
    matches!(case.application().pays, Pays::Transfer { .. })
        && !matches!(case.standing(), Standing::Rejecting | Standing::Rejected)
}

/// The invoice for an agent's application, with the values of the terms it was made under; `None` for an application
/// that is not paid by transfer, or that was rejected: nobody owes anything for it.
pub fn invoice(file: &CaseFile, terms: &Terms, settings: &Settings, lang: Lang) -> Option<Paper> {
    let application = file.case.case.application();
    let Pays::Transfer { due } = application.pays else { return None };
    if !is_owed(file) {
        return None;
    }
    let standing = file.case.case.standing();
    let (bank, id) = (&terms.bank, file.holder.number.as_str());
    let mut from = FromTo::federation(settings, lang, true);
    from.lines.extend(fee::registered(terms, lang));
    let mut blocks = vec![Block::para(
        lang.pick("下記のとおりご請求申し上げます。", "Please pay the amount below by bank transfer."),
    )];
    if standing != Standing::AwaitingPayment {
        blocks.push(Block::note(
            lang.pick("お支払い済み", "Paid"),
            lang.pick("このご請求の入金は確認済みです。", "Your payment has been received."),
        ));
    }
    let applied = &application.applied;
    blocks.extend(fee::blocks(terms, applied.fee, applied.months, lang));
    let account = format!("{}　{}", lang.of(&bank.kind.label()), bank.number);
    blocks.push(Block::boxed(
        lang.pick("お振込先", "Where to pay"),
        [
            (
                lang.pick("金融機関", "Bank"),
                format!(
                    "{}（{}）　{}（{}）",
                    lang.of(&bank.name),
                    bank.code,
                    lang.of(&bank.branch),
                    bank.branch_code
                ),
            ),
            (lang.pick("口座番号", "Account"), account),
            (lang.pick("口座名義", "Holder"), format!("{}（{}）", lang.of(&bank.holder), bank.holder_kana)),
            (lang.pick("お支払い期限", "To be paid until"), dates::day_of(lang, due)),
        ],
    ));
    blocks.push(Block::exact(
        lang.pick(
            "振込依頼人名（半角で、このとおりに入力してください）",
            "Name of the sender: type it exactly so, in half-width characters",
        ),
        transfer_name(&file.holder.number, &file.holder.kana),
    ));
    let rule = match lang {
        Lang::Ja => format!(
            "入金は振込依頼人名の代理人IDで確認します。はじめに必ず {id} を入力してください。振込手数料はご負担ください。"
        ),
        Lang::En => format!(
            "Your payment is found by the agent’s ID in the name of the sender: begin it with {id}. The bank’s fee for the transfer is yours to pay."
        ),
    };
    blocks.push(Block::note("", rule));
    blocks.extend(fee::closing(terms, lang));
    let number = &file.case.number;
    Some(Paper {
        number: Some(format!("{}{number}", lang.pick("請求書番号　", "Invoice no. "))),
        // The day on which the debt began, also when it is printed again later.
        date: Some(dates::day_of(lang, application.at)),
        to: Some(FromTo::holder(&file.holder, lang)),
        from: Some(from),
        blocks,
        footer: Some(number.clone()),
        ..Paper::new(lang, "claims.invoice", lang.pick("請求書", "Invoice"))
    })
}
