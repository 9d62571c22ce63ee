//! 証明書発行用パスワード通知書: what somebody needs who begins, or has lost it, for a window envelope (C7, C23).

use super::{FromTo, called, spell::spell};
use crate::{settings::Settings, store::holders::Holder};
use core_words::{Lang, UtcMicros};
use kit_paper::{Block, Paper};
use kit_web::dates;
use zeroize::Zeroizing;

/// What the letter tells. It has no `Debug`: nothing of it may stand in a log. The paper that is made of it has one that
/// tells its kind alone, and wipes the passwords when it is dropped.
pub struct NewPasswords<'a> {
    /// To whom.
    pub holder: &'a Holder,
    /// The ID to sign in with (テスト用ID, 本番ID).
    pub login: &'a str,
    /// The password that goes with it (仮パスワード), where that is new too.
    pub password: Option<&'a Zeroizing<String>>,
    /// The issue password.
    pub issue_password: &'a Zeroizing<String>,
    /// When they were made.
    pub at: UtcMicros,
}

/// The letter. Its passwords stand below the first fold, and each sign of them in a cell with how it is read.
pub fn password_letter(new: &NewPasswords<'_>, settings: &Settings, lang: Lang) -> Paper {
    let (number, _) = called(new.holder.number.kind(), lang);
    let mut blocks = vec![
        Block::para(match new.password {
            Some(_) => lang.pick(
                "電子請求の窓口を使うためのIDとパスワードをお知らせします。",
                "These are your ID and your passwords for the claims desk.",
            ),
            None => lang.pick(
                "証明書発行用パスワードを再発行しました。前のパスワードは、もう使えません。",
                "Your issue password was replaced. The one before it can be used no more.",
            ),
        }),
        Block::fields([
            (number, new.holder.number.to_string()),
            (lang.pick("ID（テスト用ID）", "ID (test ID)"), new.login.to_owned()),
        ]),
        Block::Dotted,
    ];
    if let Some(password) = new.password {
        blocks.push(Block::spelled(
            lang.pick(
                "仮パスワード（はじめてのログインに使います）",
                "Temporary password: to sign in for the first time",
            ),
            spell(password, lang),
        ));
    }
    blocks.push(Block::spelled(
        lang.pick(
            "証明書発行用パスワード（申請とダウンロードに使います）",
            "Issue password: to apply and to download",
        ),
        spell(new.issue_password, lang),
    ));
    blocks.push(Block::Dotted);
    blocks.push(Block::heading(lang.pick("はじめに", "How to begin")));
    let url = format!("{}/claims", settings.public_url);
    blocks.push(Block::steps(match lang {
        Lang::Ja => [
            format!("ブラウザーで {url} を開きます。"),
            match new.password {
                Some(_) => "上のIDと仮パスワードでログインします。".to_owned(),
                None => "いつものIDとパスワードでログインします。".to_owned(),
            },
            "「発行を申請する」を開き、画面の案内に沿って証明書発行用パスワードを入力します。".to_owned(),
        ],
        Lang::En => [
            format!("Open {url} in a browser."),
            match new.password {
                Some(_) => "Sign in with the ID and the temporary password above.".to_owned(),
                None => "Sign in with your ID and password as ever.".to_owned(),
            },
            "Open “Apply” and follow the page, which asks for the issue password.".to_owned(),
        ],
    }));
    blocks.push(Block::note(
        "",
        lang.pick(
            "大文字と小文字は区別されます。この通知書は再び印刷できません。人に見せず、大切に保管してください。電子メールや電話でパスワードをお尋ねすることはありません。",
            "Capitals and small letters are different. This letter cannot be printed again: keep it safe and show it to nobody. We never ask for a password by mail or telephone.",
        ),
    ));
    Paper {
        date: Some(dates::day_of(lang, new.at)),
        to: Some(FromTo::holder(new.holder, lang)),
        from: Some(FromTo::federation(settings, lang, false)),
        blocks,
        footer: Some(lang.pick("親展", "Personal and confidential").to_owned()),
        ..Paper::new(
            lang,
            "claims.password_letter",
            lang.pick("証明書発行用パスワード通知書", "Your issue password"),
        )
    }
}
