//! C7: a new issue password, as a notice whose file one certificate opens, and a mail that says that it is there.

use super::board;
use crate::{
    case::Case,
    settings::{Settings, address},
    store::holders::Holder,
    words::HolderKind,
};
use askama::Template;
use core_crypto::Dice;
use core_words::{Lang, Text, UtcMicros};
use kit_desk::Stored;
use kit_post::{NewFile, NewMail, NewNotice, NoticeId, put_notice_with_file, queue_mail};
use kit_store::{StoreError, Tx};
use kit_web::dates;
use zeroize::Zeroizing;

/// What the encrypted file says: a page of plain text in both languages. It is wiped when it is dropped, and leaves no
/// copy behind while it is put together.
pub(crate) fn password_text(
    holder: &Holder,
    settings: &Settings,
    password: &str,
    at: UtcMicros,
) -> Zeroizing<String> {
    let (number_ja, number_en) = match holder.number.kind() {
        HolderKind::Provider => ("事業所番号", "Provider number"),
        HolderKind::Agent => ("代理人ID", "Agent ID"),
    };
    let (at_ja, at_en) = (dates::day_and_time(Lang::Ja, at), dates::day_and_time(Lang::En, at));
    let head = format!(
        "証明書発行用パスワードのお知らせ\nYour new issue password\n\n\
         {number_ja} / {number_en}: {}\n名称 / Name: {}\n\n\
         新しい証明書発行用パスワード / New issue password:\n\n    ",
        holder.number, holder.name,
    );
    let foot = format!(
        "\n\n作成日時: {at_ja}（日本時間）\nMade: {at_en} (Japan time)\n\n\
         このパスワードは、発行の申請と証明書のダウンロードに使います。前のパスワードは使えません。\n\
         ダウンロード済みのファイルのパスワードは変わりません。\n\
         読み終えたら、このファイルは消すか、人目に触れない所に保管してください。\n\n\
         It is used to apply and to download. The password before it is no longer taken.\n\
         Files that were downloaded before keep their passwords.\n\
         When you have read this, delete it or keep it where nobody else sees it.\n\n{}\n{}\n",
        settings.federation.ja, settings.contact.ja,
    );
    // Room for all of it: a text that grows would leave a copy of the secret behind.
    let mut text = Zeroizing::new(String::with_capacity(head.len() + password.len() + foot.len()));
    for piece in [&head, password, &foot] {
        text.push_str(piece);
    }
    text
}

/// Hangs the notice with the file on the holder's board, and queues the mail; the notice.
pub(crate) fn reissued(
    tx: &mut Tx,
    settings: &Settings,
    case: &Stored<Case>,
    holder: &Holder,
    file: &NewFile<'_>,
    (lang, now): (Lang, UtcMicros),
    dice: &dyn Dice,
) -> Result<NoticeId, StoreError> {
    let (at_ja, at_en) = (dates::day_and_time(Lang::Ja, now), dates::day_and_time(Lang::En, now));
    let notice = NewNotice {
        operator: &case.operator,
        recipient: &board(holder.id),
        subject: Text::new("証明書発行用パスワードを再発行しました", "Your issue password was reissued"),
        body: Text::new(
            format!(
                "新しい証明書発行用パスワードを、受付番号 {number} の証明書で暗号化したファイル（{file}）でお届けします。\
                 前のパスワードは、{at_ja} から使えません。\n\n\
                 ファイルを保存し、「お知らせを復号する」画面で、その証明書のファイル（.p12）を使って開いてください。\n\n\
                 お心当たりがないときは、すぐに連合会へご連絡ください。",
                number = case.number,
                file = file.name,
            ),
            format!(
                "The new issue password is in the file {file}, encrypted to the certificate of application {number}. \
                 The password before it is not taken since {at_en}.\n\n\
                 Save the file and open it on the page “Open an encrypted notice” with the file of that certificate \
                 (.p12).\n\n\
                 If this was not you, call the federation at once.",
                number = case.number,
                file = file.name,
            ),
        ),
        case: Some(&case.number),
        link: None,
    };
    let id = put_notice_with_file(tx, &notice, file, now)?;
    let Some(to) = address(&holder.email, &holder.name) else {
        // Addresses are checked when they are typed; the notice hangs there all the same.
        tracing::warn!(holder = holder.id.0, "the address of the holder takes no mail");
        return Ok(id);
    };
    let (subject, text) = letter(settings, holder, id, lang, now);
    let mail = NewMail {
        operator: &case.operator,
        to: &to,
        lang,
        subject: &subject,
        text: &text,
        case: Some(&case.number),
        reference: None,
        template: "claims.reissued",
    };
    queue_mail(tx, &mail, now, dice)?;
    Ok(id)
}

#[derive(Template)]
#[template(path = "reissued.ja.txt", escape = "none")]
struct ReissuedJa<'a> {
    name: &'a str,
    at: &'a str,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

#[derive(Template)]
#[template(path = "reissued.en.txt", escape = "none")]
struct ReissuedEn<'a> {
    name: &'a str,
    at: &'a str,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

/// Subject and text of the mail. Never the password, nor the file.
fn letter(
    settings: &Settings,
    holder: &Holder,
    notice: NoticeId,
    lang: Lang,
    now: UtcMicros,
) -> (String, String) {
    let link = format!("{}/claims/notices/{}", settings.public_url, notice.0);
    let (name, link) = (holder.name.as_str(), link.as_str());
    let at = &dates::day_and_time(lang, now);
    let (federation, contact) = (lang.of(&settings.federation), lang.of(&settings.contact));
    let text = match lang {
        Lang::Ja => ReissuedJa { name, at, link, federation, contact }.render(),
        Lang::En => ReissuedEn { name, at, link, federation, contact }.render(),
    };
    let subject = lang.pick("【電子証明書】パスワード再発行のお知らせ", "Your issue password was reissued");
    let text = text.expect("a template of texts alone does not fail to render into memory");
    (subject.to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{papers::testing::settings, web::samples};

    #[test]
    fn c7_the_text_has_whose_password_it_is_and_never_grows_while_it_is_written() {
        let at = UtcMicros(1_795_151_100_000_000);
        let text = password_text(&samples::agent(), &settings(), "K7m4K7m4K7m4", at);
        assert!(text.contains("代理人ID / Agent ID: DA13000017\n"), "{}", *text);
        assert!(text.contains("\n    K7m4K7m4K7m4\n") && text.contains("2026年11月20日"), "{}", *text);
        assert_eq!(text.capacity(), text.len());
        assert!(text.lines().all(|line| line.chars().count() <= 100));
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "terminals show it");
    }
}
