//! 手紙と暗号化されたお知らせ: a letter with passwords for the window of an envelope, and a notice that only the key of
//! its certificate opens (C7, C23).

use super::{Federation, certificate, desk, doer, folder, providers::Providers, save, scope};
use crate::{
    demo::{
        broken,
        steps::claims::holds,
        tell::{Teller, t},
        town::Town,
    },
    fail::{Fail, Outcome},
};
use core_pack::pem;
use core_sign::enveloped::{self, Crypto};
use core_words::Lang;
use desk_claims::{
    papers::{NewPasswords, letters_in_bulk, password_letter},
    status::Hat,
};
use kit_keys::Provider;
use kit_paper_typst::TypstPress;
use std::sync::Arc;

pub(super) async fn run(
    town: &Town,
    tell: &mut Teller,
    federation: &Federation,
    providers: &Providers,
) -> Outcome<()> {
    tell.begin(t("手紙と復号ツール", "Letters, and a notice that is encrypted"), town.house.clock.now());
    letter(town, tell, federation).await?;
    notice(town, tell, federation, providers).await
}

/// 証明書発行用パスワード通知書, for the one who has the file `provider.p12`.
async fn letter(town: &Town, tell: &mut Teller, federation: &Federation) -> Outcome<()> {
    let (claims, letter) = (desk(town)?, &federation.providers[0].letter);
    let holder = claims.holder(letter.holder).await.map_err(Fail::from)?;
    let at = town.house.clock.now();
    let new = NewPasswords {
        holder: &holder,
        login: &letter.login,
        password: Some(&letter.password),
        issue_password: &letter.issue_password,
        at,
    };
    let paper = password_letter(&new, claims.settings(), Lang::Ja);
    let press = Arc::new(TypstPress::new().map_err(|e| broken("the press", &e))?);
    let pdf = letters_in_bulk(press, vec![paper], at).await.map_err(Fail::from)?;
    let dir = folder(town);
    save(&dir, "password-letter.pdf", &pdf, true)?;
    tell.check(
        t(
            "証明書発行用パスワード通知書（窓あき封筒用、PDF/A）を印刷する",
            "the password letter (window envelope, PDF/A) is printed",
        ),
        holds(pdf.starts_with(b"%PDF-"), || format!("{} octets", pdf.len())),
    );
    tell.look(dir.join("password-letter.pdf").display());
    Ok(())
}

/// 証明書発行用パスワードの再発行 by the second care provider, whose key is its own: the new password comes as a notice
/// that nobody else opens, and the old one is void at once.
async fn notice(
    town: &Town,
    tell: &mut Teller,
    federation: &Federation,
    providers: &Providers,
) -> Outcome<()> {
    let (claims, letter) = (desk(town)?, &federation.providers[1].letter);
    let (holder, case) = (letter.holder, providers.cases[1]);
    let (theirs, others) =
        (certificate(&claims, case).await?, certificate(&claims, providers.cases[2]).await?);
    let by = doer(Hat::Provider);
    let done = claims.reissue_password(scope(&claims), holder, case, Lang::Ja, by.clone()).await;
    let notice = done.map_err(Fail::from)?.notice;
    let file = claims.notice_file(scope(&claims), holder, notice.0, by).await.map_err(Fail::from)?;
    let sealed = file.octets;
    let key = providers.own.to_pkcs8().map_err(|e| broken("the key", &e))?;
    let dir = folder(town);
    save(&dir, "notice.p7m", &sealed, false)?;
    save(&dir, "notice.pem", pem::encode(pem::label::CERTIFICATE, &theirs).as_bytes(), false)?;
    save(&dir, "notice.key", pem::encode(pem::label::PRIVATE_KEY, &key).as_bytes(), true)?;
    let crypto = Crypto::of(&Provider);
    let opened = enveloped::open(&sealed, &theirs, &key, &crypto);
    let wrong = enveloped::open(&sealed, &others, &key, &crypto);
    let number = federation.providers[1].office.number.as_str();
    let text = opened.map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default();
    tell.check(
        t(
            "証明書発行用パスワードを画面で再発行。届いたお知らせは、その証明書の鍵だけで開く",
            "an issue password is reissued on line; the notice with it opens with the key of its certificate alone",
        ),
        holds(text.contains(number) && wrong.is_err(), || "it does not open, or another opens it".to_owned()),
    );
    let old = claims.knows(holder, letter.issue_password.clone()).await;
    tell.same(
        t("前のパスワードは、その時から使えない", "the password before it is void at once"),
        &old.err().map(|refusal| refusal.code),
        &Some("gate.wrong_secret"),
    );
    tell.look(format!(
        "warifu open-notice {0}/notice.p7m --key {0}/notice.key --cert {0}/notice.pem",
        dir.display()
    ));
    Ok(())
}
