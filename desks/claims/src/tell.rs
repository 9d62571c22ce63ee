//! What applicants are told: notices in the portal and mails (C21, C22, K11). Queued in the transaction of the act.

mod expiring;
mod reissued;

pub(crate) use expiring::{Ends, expiring};
pub(crate) use reissued::{password_text, reissued};

use crate::{
    case::Case,
    desk::Claims,
    jobs::run::Not,
    no,
    settings::{Settings, address},
    store::{
        holders::{self, Holder},
        rows,
    },
    words::{HolderId, KeyState, Rejection},
    work::Message,
};
use askama::Template;
use core_crypto::Dice;
use core_words::{Lang, Text, UtcMicros};
use kit_desk::Stored;
use kit_post::{NewMail, NewNotice, put_notice, queue_mail};
use kit_store::{StoreError, Tx};
use kit_web::dates;

/// The name under which a holder's notices hang on the board, and to which its account refers.
pub(crate) fn board(holder: HolderId) -> String {
    // The name is older than agents; boards and accounts keep it.
    format!("claims.provider:{}", holder.0)
}

/// The path of a case, as its applicant sees it.
pub(crate) fn path(number: &str) -> String {
    format!("/claims/cases/{number}")
}

#[derive(Template)]
#[template(path = "issued.ja.txt", escape = "none")]
struct IssuedJa<'a> {
    name: &'a str,
    number: &'a str,
    until: Option<String>,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

#[derive(Template)]
#[template(path = "issued.en.txt", escape = "none")]
struct IssuedEn<'a> {
    name: &'a str,
    number: &'a str,
    until: Option<String>,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

/// C22: the certificate is there.
pub(crate) fn issued(
    tx: &mut Tx,
    settings: &Settings,
    case: &Stored<Case>,
    holder: &Holder,
    now: UtcMicros,
    dice: &dyn Dice,
) -> Result<(), StoreError> {
    let path = path(&case.number);
    let notice = NewNotice {
        operator: &case.operator,
        recipient: &board(holder.id),
        subject: Text::new("電子証明書が発行されました", "Your certificate was issued"),
        body: Text::new(
            format!(
                "受付番号 {} の電子証明書が発行されました。「証明書」画面からダウンロードしてください。",
                case.number
            ),
            format!("The certificate of application {} was issued. Please download it.", case.number),
        ),
        case: Some(&case.number),
        link: Some(&path),
    };
    put_notice(tx, &notice, now)?;
    let application = case.case.application();
    let Some(to) = address(&application.email, &holder.name) else {
        // Addresses are checked when they are typed; what cannot be written to is not lost, the notice hangs there.
        tracing::warn!(case = %case.number, "the address of the application takes no mail");
        return Ok(());
    };
    let (subject, text) = letter(settings, case, holder);
    let mail = NewMail {
        operator: &case.operator,
        to: &to,
        lang: application.lang,
        subject: &subject,
        text: &text,
        case: Some(&case.number),
        reference: None,
        template: "claims.issued",
    };
    queue_mail(tx, &mail, now, dice).map(drop)
}

#[derive(Template)]
#[template(path = "message.ja.txt", escape = "none")]
struct MessageJa<'a> {
    name: &'a str,
    text: &'a str,
    number: &'a str,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

#[derive(Template)]
#[template(path = "message.en.txt", escape = "none")]
struct MessageEn<'a> {
    name: &'a str,
    text: &'a str,
    number: &'a str,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

/// What staff writes to the applicant of a case (K11): a notice, and a mail with the same words. What is to be told of
/// it, if there is no mail.
pub(crate) fn message(
    tx: &mut Tx,
    claims: &Claims,
    id: i64,
    message: &Message,
    now: UtcMicros,
) -> Result<Option<Text>, Not> {
    let case = rows::load(tx, id)?.ok_or_else(no::no_case)?;
    let application = case.case.application();
    let holder = holders::load(tx, application.holder)?.ok_or_else(no::no_case)?;
    let path = path(&case.number);
    let notice = NewNotice {
        operator: &case.operator,
        recipient: &board(holder.id),
        subject: Text::new(message.subject.clone(), message.subject.clone()),
        body: Text::new(message.text.clone(), message.text.clone()),
        case: Some(&case.number),
        link: Some(&path),
    };
    put_notice(tx, &notice, now)?;
    let Some(to) = address(&application.email, &holder.name) else {
        return Ok(Some(Text::new(
            "お知らせのみ（メールの宛先がありません）",
            "A notice alone: there is no mail address",
        )));
    };
    let settings = claims.settings();
    let link = format!("{}{path}", settings.public_url);
    let (name, number, text) = (holder.name.as_str(), case.number.as_str(), message.text.as_str());
    let (federation, contact) =
        (application.lang.of(&settings.federation), application.lang.of(&settings.contact));
    let text = match application.lang {
        Lang::Ja => MessageJa { name, text, number, link: &link, federation, contact }.render(),
        Lang::En => MessageEn { name, text, number, link: &link, federation, contact }.render(),
    };
    let mail = NewMail {
        operator: &case.operator,
        to: &to,
        lang: application.lang,
        subject: &message.subject,
        text: &text.expect("a template of texts alone does not fail to render into memory"),
        case: Some(&case.number),
        reference: None,
        template: "claims.message",
    };
    queue_mail(tx, &mail, now, claims.dice())?;
    Ok(None)
}

/// Subject and text of the mail.
fn letter(settings: &Settings, case: &Stored<Case>, holder: &Holder) -> (String, String) {
    let lang = case.case.application().lang;
    let until = match case.case.holding().map(|holding| &holding.key) {
        Some(KeyState::Kept { until, .. }) => Some(dates::day_and_time(lang, *until)),
        _ => None,
    };
    let link = format!("{}{}", settings.public_url, path(&case.number));
    let (name, number) = (holder.name.as_str(), case.number.as_str());
    let (federation, contact) = (lang.of(&settings.federation), lang.of(&settings.contact));
    let text = match lang {
        Lang::Ja => IssuedJa { name, number, until, link: &link, federation, contact }.render(),
        Lang::En => IssuedEn { name, number, until, link: &link, federation, contact }.render(),
    };
    let subject = lang.pick("【電子証明書】発行のお知らせ", "Your certificate was issued");
    let text = text.expect("a template of texts alone does not fail to render into memory");
    (format!("{subject} {number}"), text)
}

/// C21: the rejection was processed.
pub(crate) fn rejected(
    tx: &mut Tx,
    case: &Stored<Case>,
    holder: &Holder,
    rejection: &Rejection,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let (subject, body) = match rejection {
        Rejection::Refused(reason) => (
            Text::new("発行申請が却下されました", "Your application was rejected"),
            Text::new(
                format!(
                    "受付番号 {} の発行申請は却下されました。\n理由: {reason}\n\n内容を確かめ、必要に応じてもう一度申請してください。",
                    case.number
                ),
                format!(
                    "Application {} was rejected.\nReason: {reason}\n\nPlease see what is wrong and apply again if you wish.",
                    case.number
                ),
            ),
        ),
        Rejection::Withdrawn => (
            Text::new("発行申請を取り下げました", "Your application was withdrawn"),
            Text::new(
                format!(
                    "ご連絡により、受付番号 {} の発行申請を取り下げました。手数料はかかりません。",
                    case.number
                ),
                format!("As you asked, application {} was withdrawn. It costs nothing.", case.number),
            ),
        ),
    };
    let notice = NewNotice {
        operator: &case.operator,
        recipient: &board(holder.id),
        subject,
        body,
        case: Some(&case.number),
        link: Some(&path(&case.number)),
    };
    put_notice(tx, &notice, now).map(drop)
}
