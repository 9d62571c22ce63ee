//! Mails and notices in every state, and the pages about them.

use super::{
    super::{mail, outbox},
    DAY, data, staff,
};
use crate::{
    service::{MailFile, Outbox, WantedMails},
    status::Hat,
    web::samples::TOKEN,
};
use core_words::{Lang, Text, UtcMicros};
use kit_post::{Address, Delivery, Mail, MailId, MailState, Notice, NoticeId, Outcome, Paged};
use kit_web::{Frame, gallery::SAMPLE_NOW};

pub(super) fn a_mail(state: MailState) -> Mail {
    let created = SAMPLE_NOW.plus_seconds(-DAY);
    let to = Address::parse("sakura@example.jp").expect("an address").named("さくらの里デイサービス");
    Mail {
        id: MailId(77),
        to,
        lang: Lang::Ja,
        subject: format!("【電子証明書】発行のお知らせ {}", data::number()),
        case: Some(data::number()),
        reference: None,
        template: "claims.issued".into(),
        state,
        tries: if state == MailState::Sent { 1 } else { 3 },
        may_be_double: state == MailState::Failed,
        message_id: Some("<77.6f1c0b@claims.example.jp>".into()),
        created,
        changed: created.plus_seconds(60),
        sent: (state == MailState::Sent).then(|| created.plus_seconds(3)),
    }
}

pub(super) fn notice() -> Notice {
    Notice {
        id: NoticeId(5),
        subject: Text::new("電子証明書が発行されました", "Your certificate was issued"),
        body: Text::new("", ""),
        case: Some(data::number()),
        link: None,
        created: SAMPLE_NOW.plus_seconds(-DAY),
        read: None,
        file: None,
    }
}

pub(super) fn mails_of_all() -> Vec<Mail> {
    MailState::ALL.into_iter().map(a_mail).collect()
}

pub(super) fn mails(frame: Frame, query: &str, rows: Vec<Mail>) -> String {
    let state = if query.is_empty() { None } else { Some(MailState::Failed) };
    let total = rows.len() as u64;
    let counts = if rows.is_empty() { Vec::new() } else { vec![(MailState::Failed, 2)] };
    let outbox = Outbox { mails: Paged { rows, total }, counts };
    let wanted = WantedMails { state, ..WantedMails::default() };
    outbox::content(staff(frame, Hat::Clerk), &wanted, &outbox).html()
}

pub(super) fn one_mail(frame: Frame, state: MailState, queued: bool) -> String {
    let mail = a_mail(state);
    let begun = |hours: i64| -> UtcMicros { mail.created.plus_seconds(hours * 3_600) };
    let delivery = |number, outcome, code, answer: &str, hours| Delivery {
        number,
        outcome,
        code,
        answer: answer.into(),
        begun: begun(hours),
        ended: Some(begun(hours)),
    };
    let tries = match state {
        MailState::Sent => vec![delivery(1, Outcome::Accepted, Some(250), "2.0.0 Ok: queued", 0)],
        _ => vec![
            delivery(1, Outcome::NotReached, None, "connection refused", 0),
            delivery(2, Outcome::Unknown, None, "the connection ended", 1),
            delivery(3, Outcome::Refused, Some(550), "5.1.1 User unknown", 2),
        ],
    };
    let text =
        "さくらの里デイサービス 御中\n\n電子証明書が発行されました。\nhttps://claims.example.jp/claims\n";
    let file = MailFile { mail, text: text.into(), tries };
    mail::content(staff(frame, Hat::Clerk), &file, TOKEN, queued).html()
}
