//! C12, C22: the certificate ends soon: a notice that urges its renewal, and a mail with the day for the calendar.

use super::{board, path};
use crate::{
    calendar::{self, Entry},
    settings::{Settings, address, days_left},
    store::holders::Holder,
    words::{Application, Certificate},
};
use askama::Template;
use core_crypto::Dice;
use core_words::{Lang, OperatorId, Text, UtcMicros};
use kit_post::{Attachment, NewMail, NewNotice, put_notice, queue_mail_with};
use kit_store::{StoreError, Tx};
use kit_web::dates::{self, Day};

/// What the mail is called in the outbox.
const TEMPLATE: &str = "claims.expiring";

/// Whose certificate ends when.
pub(crate) struct Ends<'a> {
    pub(crate) operator: &'a OperatorId,
    pub(crate) number: &'a str,
    pub(crate) application: &'a Application,
    pub(crate) certificate: &'a Certificate,
    pub(crate) holder: &'a Holder,
}

#[derive(Template)]
#[template(path = "expiring.ja.txt", escape = "none")]
struct ExpiringJa<'a> {
    name: &'a str,
    number: &'a str,
    until: String,
    left: i64,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

#[derive(Template)]
#[template(path = "expiring.en.txt", escape = "none")]
struct ExpiringEn<'a> {
    name: &'a str,
    number: &'a str,
    until: String,
    left: i64,
    link: &'a str,
    federation: &'a str,
    contact: &'a str,
}

/// Hangs the notice and queues the mail.
pub(crate) fn expiring(
    tx: &mut Tx,
    settings: &Settings,
    ends: &Ends<'_>,
    now: UtcMicros,
    dice: &dyn Dice,
) -> Result<(), StoreError> {
    let path = path(ends.number);
    let last = ends.certificate.not_after.micros();
    let left = days_left(ends.certificate.not_after, now);
    let notice = NewNotice {
        operator: ends.operator,
        recipient: &board(ends.holder.id),
        subject: Text::new("電子証明書の有効期限が近づいています", "Your certificate ends soon"),
        body: Text::new(
            format!(
                "受付番号 {} の電子証明書の有効期限は {}（あと{left}日）です。期限を過ぎると請求を送信できません。次の画面の「更新を申請する」からお早めに申請してください。",
                ends.number,
                dates::day_of(Lang::Ja, last),
            ),
            format!(
                "The certificate of application {} ends on {} ({left} days left). After that no claims can be sent with it. Please apply for its renewal on the page below.",
                ends.number,
                dates::day_of(Lang::En, last),
            ),
        ),
        case: Some(ends.number),
        link: Some(&path),
    };
    put_notice(tx, &notice, now)?;
    let Some(to) = address(&ends.application.email, &ends.holder.name) else {
        tracing::warn!(case = %ends.number, "the address of the application takes no mail");
        return Ok(());
    };
    let lang = ends.application.lang;
    let subject = lang.pick("【電子証明書】有効期限のお知らせ", "Your certificate ends soon");
    let mail = NewMail {
        operator: ends.operator,
        to: &to,
        lang,
        subject: &format!("{subject} {}", ends.number),
        text: &letter(settings, ends, left),
        case: Some(ends.number),
        reference: None,
        template: TEMPLATE,
    };
    queue_mail_with(tx, &mail, &[calendar(settings, ends, now)], now, dice).map(drop)
}

fn letter(settings: &Settings, ends: &Ends<'_>, left: i64) -> String {
    let lang = ends.application.lang;
    let link = format!("{}{}", settings.public_url, path(ends.number));
    let until = dates::day_of(lang, ends.certificate.not_after.micros());
    let (name, number) = (ends.holder.name.as_str(), ends.number);
    let (federation, contact) = (lang.of(&settings.federation), lang.of(&settings.contact));
    let text = match lang {
        Lang::Ja => ExpiringJa { name, number, until, left, link: &link, federation, contact }.render(),
        Lang::En => ExpiringEn { name, number, until, left, link: &link, federation, contact }.render(),
    };
    text.expect("a template of texts alone does not fail to render into memory")
}

/// The last day as a calendar file.
fn calendar(settings: &Settings, ends: &Ends<'_>, now: UtcMicros) -> Attachment {
    let lang = ends.application.lang;
    let url = format!("{}{}", settings.public_url, path(ends.number));
    let last = ends.certificate.not_after.micros();
    let house = settings.public_url.split_once("://").map_or("", |(_, rest)| rest);
    let summary = match lang {
        Lang::Ja => format!("電子証明書の有効期限（{}）", ends.number),
        Lang::En => format!("The certificate {} ends", ends.number),
    };
    let description = match lang {
        Lang::Ja => format!(
            "{} の電子証明書は {}（日本時間）まで有効です。\n更新の申請: {url}",
            ends.holder.name,
            dates::day_and_time(lang, last)
        ),
        Lang::En => format!(
            "The certificate of {} is valid until {} (Japan time).\nApply for its renewal: {url}",
            ends.holder.name,
            dates::day_and_time(lang, last)
        ),
    };
    let entry = Entry {
        uid: &format!("{}@{house}", ends.number),
        stamp: now,
        day: Day::of(last),
        summary: &summary,
        description: &description,
        url: &url,
        reminder: lang
            .pick("電子証明書の更新を申請してください", "Apply for the renewal of your certificate"),
    };
    Attachment {
        name: format!("{}.ics", ends.number),
        media_type: "text/calendar; charset=utf-8; method=PUBLISH".to_owned(),
        octets: calendar::file(&entry),
    }
}
