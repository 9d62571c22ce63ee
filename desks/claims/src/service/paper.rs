//! Papers that somebody asks for: a quotation before anything is applied for, the invoice for what was (C2, C3).

use super::{CaseFile, guard};
use crate::{
    Claims, no,
    papers::{self, Asker, Offer},
    settings::Settings,
    store::holders,
    words::HolderId,
};
use core_words::{Kind, Lang, Refusal, Text};
use kit_paper::Paper;

impl Claims {
    /// A quotation as PDF/A, at the terms in force, for a holder, made out to whom they typed. It changes nothing and is
    /// not stored (C2).
    ///
    /// # Errors
    /// `claims.no_case`, `claims.no_glyph`, `claims.unavailable`.
    pub async fn quotation(&self, holder: HolderId, to: Asker, lang: Lang) -> Result<Vec<u8>, Refusal> {
        let holder = self.read(move |tx| holders::load(tx, holder)).await?.ok_or_else(no::no_case)?;
        let now = self.now();
        let offer = Offer { number: holder.number.clone(), to, at: now };
        let paper = papers::quotation(&offer, self.settings().terms(now), self.settings(), lang);
        let paper = guard::for_holder(paper, &holder.number)?;
        papers::print(self.press().clone(), paper, now).await
    }

    /// The invoice for an agent's application as PDF/A, with the values of the terms it was made under, whatever is in
    /// force by now (C3).
    ///
    /// # Errors
    /// `claims.no_invoice` for an application that is not paid by transfer or was rejected, `claims.unknown_terms` when
    /// its terms were taken out of the configuration, `claims.no_glyph`, `claims.unavailable`.
    pub async fn invoice(&self, file: &CaseFile, lang: Lang) -> Result<Vec<u8>, Refusal> {
        let paper = guard::about_case(invoice(file, self.settings(), lang)?, file)?;
        papers::print(self.press().clone(), paper, file.now).await
    }
}

/// The invoice of a case, with the values of its own terms.
fn invoice(file: &CaseFile, settings: &Settings, lang: Lang) -> Result<Paper, Refusal> {
    let name = &file.case.case.application().applied.terms;
    let terms = settings.terms_named(name);
    match terms {
        Some(terms) => papers::invoice(file, terms, settings, lang).ok_or_else(no_invoice),
        // Who owes nothing is told so in any case.
        None if papers::is_owed(file) => Err(unknown_terms(name)),
        None => Err(no_invoice()),
    }
}

fn no_invoice() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_invoice",
        Text::new("この申請に請求書はありません。", "There is no invoice for this application."),
        Text::new(
            "請求書は、代理人の申請で却下されていないものにあります。申請の状況を確認してください。",
            "There is one for an agent’s application that was not rejected. Please see where it stands.",
        ),
    )
}

fn unknown_terms(name: &str) -> Refusal {
    tracing::error!(name, "a case was made under terms that are not configured any more");
    Refusal::new(
        Kind::Internal,
        "claims.unknown_terms",
        Text::new(
            "申請したときの料金の設定が見つからないため、請求書を作れません。",
            "The terms of this application are not configured any more, so its invoice cannot be made.",
        ),
        Text::new(
            "連合会へご連絡ください。設定のファイルに、前の料金も残す必要があります。",
            "Please contact the federation: its file of terms has to keep the earlier ones.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case::Case, papers::testing::settings, status::Hat, web::samples as data};
    use core_words::Yen;

    fn waiting(terms: &str) -> CaseFile {
        let mut application = data::agents_application();
        application.applied.terms = terms.into();
        CaseFile { holder: data::agent(), ..data::file_of(Case::AwaitingPayment(application), Hat::Agent) }
    }

    fn text(file: &CaseFile, settings: &Settings) -> String {
        let paper = invoice(file, settings, Lang::Ja).expect("it waits for payment");
        paper.proofread().expect("within the limits").text()
    }

    #[test]
    fn c3_an_invoice_keeps_its_terms_after_others_came_into_force() {
        let mut settings = settings();
        let before = text(&waiting("2014-08-18"), &settings);
        assert!(before.contains("8％") && before.contains("割符銀行"), "{before}");
        let mut newer = settings.terms[2].clone();
        newer.name = "2026-04-01".into();
        newer.fee = Yen(9_900);
        newer.bank.name = Text::new("新しい銀行", "New Bank");
        settings.terms.push(newer);
        assert_eq!(text(&waiting("2014-08-18"), &settings), before);
        assert!(text(&waiting("2026-04-01"), &settings).contains("新しい銀行"));
    }

    #[test]
    fn c3_terms_that_are_not_there_any_more_are_a_refusal_and_not_a_guess() {
        let refused =
            |file: &CaseFile| invoice(file, &settings(), Lang::Ja).map(|_| ()).expect_err("none").code;
        assert_eq!(refused(&waiting("2013-01-01")), "claims.unknown_terms");
        let provider =
            data::file_of(Case::Applied(data::application(crate::words::KeyWay::Service)), Hat::Provider);
        assert_eq!(refused(&provider), "claims.no_invoice");
        let mut elsewhere = provider;
        let Case::Applied(application) = &mut elsewhere.case.case else { panic!("it was applied for") };
        application.applied.terms = "2013-01-01".into();
        assert_eq!(refused(&elsewhere), "claims.no_invoice");
    }
}
