//! A mail goes out as it was queued, once, and the record says so.

use crate::support::*;
use core_words::Lang;
use kit_clock::ManualClock;
use kit_keys::testing::SeededDice;
use kit_post::{
    Attachment, Filter, MailState, NewMail, Outcome, Page, mail_text, outbox, queue_mail, queue_mail_with,
    testing::SmtpServer,
};
use kit_store::{
    StoreError,
    testing::{both_places, both_with},
};

#[test]
fn k11_a_mail_in_japanese_arrives_as_it_was_queued() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let subject = "【割符町 国保連合会】電子証明書の発行について（C-2026-0001234-5）とてもとても長い件名がここに続きます";
        let text =
            "山田医院 御中\n\n電子証明書を発行しました。\n.\n..点で始まる行\nFrom 行\n\tend 😀 𠮷野家\n";
        let to = address("yamada@example.jp").named("山田医院 \"花子\" <x@y>, 髙﨑");
        let id = queue_as(&db, to, subject, text, START).await;
        assert_eq!(look(&db, id).await.state, MailState::Waiting);
        assert_eq!(run(&db, &clock, &server.settings()).await.done, 1);

        let mails = server.mails();
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!(
            (mail.from.as_str(), &mail.to),
            ("noreply@town.example.jp", &vec!["yamada@example.jp".to_owned()])
        );
        assert_eq!(mail.subject(), subject);
        assert_eq!(mail.text(), text);
        assert!(mail.raw.is_ascii(), "7-bit clean");
        assert_eq!(mail.header("Date").as_deref(), Some("Mon, 21 Sep 2026 14:13:20 +0000"));
        assert_eq!(mail.header("Content-Language").as_deref(), Some("ja"));
        assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(mail.header("MIME-Version").as_deref(), Some("1.0"));
        for name in ["From", "To", "Subject", "Date", "Message-ID"] {
            assert_eq!(mail.header_names().iter().filter(|n| *n == name).count(), 1, "{name}");
        }

        let row = look(&db, id).await;
        assert_eq!((row.state, row.tries, row.may_be_double), (MailState::Sent, 1, false));
        assert_eq!(row.sent, Some(START));
        assert_eq!(row.message_id, Some(mail.message_id()));
        let (left, right) = row.message_id.as_deref().unwrap_or("").split_once('@').expect("two halves");
        assert!(left.starts_with(&format!("<{}.", id.0)) && left.len() > 20, "{left}");
        assert_eq!(right, "mail.town.example.jp>");
        assert_eq!(outcomes(&db, id).await, [(Outcome::Accepted, Some(250))]);
        let kept = db.read(move |tx| mail_text(tx, &federation(), id)).await.expect("read");
        assert_eq!(kept.as_deref(), Some(text));
        assert_eq!(open_jobs(&db).await, (0, 0, 0));
        // Nothing more happens.
        clock.advance_days(10);
        run(&db, &clock, &server.settings()).await;
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn k11_a_mail_of_an_act_that_was_rolled_back_is_never_sent() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let undone = db
            .write(|tx| {
                let (operator, to) = (federation(), address("a@example.jp"));
                let (subject, text, case, reference) = ("s", "t", None, None);
                let lang = Lang::En;
                let mail = NewMail {
                    operator: &operator,
                    to: &to,
                    lang,
                    subject,
                    text,
                    case,
                    reference,
                    template: "t",
                };
                queue_mail(tx, &mail, START, &SeededDice::new(7))?;
                Err::<(), _>(StoreError::Constraint("the act was refused".to_owned()))
            })
            .await;
        assert!(undone.is_err());
        run(&db, &ManualClock::at(START), &server.settings()).await;
        assert_eq!((server.connections(), all(&db).await.len()), (0, 0));
    });
}

#[test]
fn k11_without_a_mail_server_mail_waits_and_goes_out_when_there_is_one() {
    both_places(async |place| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let db = place.open().await;
        db.migrate(TABLES).await.expect("the migrations run");
        let id = queue_to(&db, "a@example.jp", START).await;
        let mut none = server.settings();
        none.smtp = None;
        for _ in 0..3 {
            clock.advance_days(30);
            run(&db, &clock, &none).await;
        }
        assert_eq!((look(&db, id).await.state, look(&db, id).await.tries), (MailState::Waiting, 0));
        assert_eq!(open_jobs(&db).await, (1, 0, 0));
        db.close().await;
        let db = place.open().await;
        run(&db, &clock, &server.settings()).await;
        assert_eq!(look(&db, id).await.state, MailState::Sent);
        // Written when it was queued, not when it was sent.
        assert_eq!(server.mails()[0].header("Date").as_deref(), Some("Mon, 21 Sep 2026 14:13:20 +0000"));
        db.close().await;
    });
}

#[test]
fn k11_many_mails_and_two_workers_send_each_once() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        for number in 0..40 {
            queue_to(&db, &format!("a{number}@example.jp"), START).await;
        }
        let (one, two) = (worker(&db, &clock, &server.settings()), worker(&db, &clock, &server.settings()));
        let (one, two) = tokio::join!(one.run_until_idle(), two.run_until_idle());
        assert_eq!(one.expect("ran").done + two.expect("ran").done, 40);
        assert_eq!(server.mails().len(), 40);
        let mut ids: Vec<String> =
            server.mails().iter().map(kit_post::testing::Received::message_id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 40, "each mail has a Message-ID of its own");
        let sent = Filter { state: Some(MailState::Sent), ..Filter::default() };
        let sent = db.read(move |tx| outbox(tx, &federation(), &sent, Page::first())).await.expect("read");
        assert_eq!(sent.total, 40);
        assert!(all(&db).await.iter().all(|mail| !mail.may_be_double && mail.tries == 1));
    });
}

#[test]
fn k11_files_go_with_a_mail_the_same_in_every_try() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let text = "期限が近づいています。\n--\nfederation\n";
        let files = [
            Attachment {
                name: "ends.ics".into(),
                media_type: "text/calendar; charset=utf-8; method=PUBLISH".into(),
                octets: "BEGIN:VCALENDAR\r\nSUMMARY:期限\r\nEND:VCALENDAR\r\n".as_bytes().to_vec(),
            },
            Attachment {
                name: "all.bin".into(),
                media_type: "application/octet-stream".into(),
                octets: (0..=255).cycle().take(10_000).collect(),
            },
        ];
        let sent = files.clone();
        let queue = move |files: Vec<Attachment>| {
            move |tx: &mut kit_store::Tx| {
                let (operator, to) = (federation(), address("a@example.jp"));
                let mail = NewMail {
                    operator: &operator,
                    to: &to,
                    lang: Lang::Ja,
                    subject: "期限",
                    text,
                    case: None,
                    reference: None,
                    template: "t",
                };
                queue_mail_with(tx, &mail, &files, START, &SeededDice::new(7))
            }
        };
        let id = db.write(queue(sent.to_vec())).await.expect("queued");
        // The first try ends in the middle; the second says the same, to the octet.
        server.next(kit_post::testing::Answer::BreakAfterText { kept: true });
        run(&db, &clock, &server.settings()).await;
        clock.advance_seconds(LATER);
        run(&db, &clock, &server.settings()).await;
        assert_eq!(look(&db, id).await.state, MailState::Sent);
        let mails = server.mails();
        assert!(mails.iter().all(|mail| mail.raw == mails[0].raw), "every try says the same");
        let mail = mails.last().expect("it came");
        assert!(mail.raw.is_ascii(), "7-bit clean");
        assert_eq!(mail.text(), text);
        let got: Vec<_> = mail.files();
        let wanted: Vec<_> = files
            .iter()
            .map(|file| (file.name.clone(), file.media_type.clone(), file.octets.clone()))
            .collect();
        assert_eq!(got, wanted);
        // Too large is refused when it is queued, and nothing is left behind.
        let large = Attachment { octets: vec![0; kit_post::MAX_ATTACHED + 1], ..files[1].clone() };
        assert!(db.write(queue(vec![large])).await.is_err());
        assert_eq!((all(&db).await.len(), open_jobs(&db).await), (1, (0, 0, 0)));
    });
}
