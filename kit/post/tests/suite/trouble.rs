//! The server refuses, defers, breaks off or is not there; nothing is lost and nothing hidden.

use crate::support::*;
use kit_clock::ManualClock;
use kit_post::{
    MailState, Outcome, Resent, resend,
    testing::{Answer, SmtpServer},
};
use kit_store::testing::both_with;

#[test]
fn k11_what_is_refused_for_now_is_tried_again_later() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        let answers = [
            (Answer::Greeting(554), Outcome::Deferred, Some(554)),
            (Answer::Sender(550), Outcome::Deferred, Some(550)),
            (Answer::Recipient(451), Outcome::Deferred, Some(451)),
            (Answer::Data(451), Outcome::Deferred, Some(451)),
            (Answer::Text(452), Outcome::Deferred, Some(452)),
            (Answer::BreakAtData, Outcome::NotReached, None),
        ];
        let mut expected = Vec::new();
        for (answer, outcome, code) in answers {
            server.next(answer);
            let ran = run(&db, &clock, &server.settings()).await;
            assert_eq!((ran.failed, ran.done), (1, 0));
            expected.push((outcome, code));
            assert_eq!(outcomes(&db, id).await, expected);
            assert_eq!(look(&db, id).await.state, MailState::Waiting);
            // Not at once: its wait is not over.
            run(&db, &clock, &server.settings()).await;
            assert_eq!(server.connections(), expected.len());
            clock.advance_seconds(LATER);
        }
        run(&db, &clock, &server.settings()).await;
        let mail = look(&db, id).await;
        // None of these tries can have delivered it.
        assert_eq!((mail.state, mail.tries, mail.may_be_double), (MailState::Sent, 7, false));
        assert_eq!(server.mails().len(), 1);
    });
}

#[test]
fn k11_a_server_that_is_not_there_is_waited_for() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        let mut nowhere = server.settings();
        // Nobody listens there, and no test is given this port.
        nowhere.smtp.as_mut().expect("there is one").port = 1;
        run(&db, &clock, &nowhere).await;
        assert_eq!(outcomes(&db, id).await, [(Outcome::NotReached, None)]);
        let answer = &tries(&db, id).await[0].answer;
        assert!(answer.contains("refused"), "{answer}");
        clock.advance_seconds(LATER);
        run(&db, &clock, &server.settings()).await;
        assert_eq!(look(&db, id).await.state, MailState::Sent);
    });
}

#[test]
fn k11_what_is_refused_for_good_fails_visibly_and_can_be_sent_again() {
    both_with(TABLES, async |db| {
        for (place, answer) in
            [Answer::Recipient(550), Answer::Data(554), Answer::Text(554)].into_iter().enumerate()
        {
            let server = SmtpServer::start().await;
            let clock = ManualClock::at(START.plus_seconds(place as i64));
            let id = queue_to(&db, "a@example.jp", START).await;
            server.next(answer);
            let ran = run(&db, &clock, &server.settings()).await;
            assert_eq!((ran.done, ran.given_up), (1, 0));
            let mail = look(&db, id).await;
            assert_eq!((mail.state, mail.sent), (MailState::Failed, None));
            let all = tries(&db, id).await;
            assert_eq!(all[0].outcome, Outcome::Refused);
            assert!(all[0].answer.contains("the test says no"), "{}", all[0].answer);
            clock.advance_days(10);
            run(&db, &clock, &server.settings()).await;
            assert_eq!(server.connections(), 1);

            let now = kit_clock::Clock::now(&clock);
            let button = move || db_resend(id, now);
            assert_eq!(db.write(button()).await.expect("asked"), Resent::Queued);
            assert_eq!(db.write(button()).await.expect("asked"), Resent::NotFailed(MailState::Waiting));
            run(&db, &clock, &server.settings()).await;
            let sent = look(&db, id).await;
            assert_eq!((sent.state, sent.tries, sent.may_be_double), (MailState::Sent, 2, false));
            assert_eq!(sent.message_id, mail.message_id.or(sent.message_id.clone()));
            assert_eq!(db.write(button()).await.expect("asked"), Resent::NotFailed(MailState::Sent));
            assert_eq!(server.mails().len(), 1);
        }
    });
}

fn db_resend(
    id: kit_post::MailId,
    now: core_words::UtcMicros,
) -> impl Fn(&mut kit_store::Tx) -> Result<Resent, kit_store::StoreError> + Send + 'static {
    move |tx| resend(tx, &federation(), id, now)
}

#[test]
fn k11_a_connection_that_breaks_in_the_text_leaves_a_doubt_and_the_same_message_id() {
    both_with(TABLES, async |db| {
        for (kept, answer) in [
            (1, Answer::BreakAfterText { kept: true }),
            (0, Answer::BreakAfterText { kept: false }),
            (0, Answer::BreakWithinText),
        ] {
            let server = SmtpServer::start().await;
            let clock = ManualClock::at(START);
            let id = queue_to(&db, "a@example.jp", START).await;
            server.next(answer);
            assert_eq!(run(&db, &clock, &server.settings()).await.failed, 1);
            assert_eq!(outcomes(&db, id).await, [(Outcome::Unknown, None)]);
            let waiting = look(&db, id).await;
            // Not yet twice: it has not gone out again.
            assert_eq!((waiting.state, waiting.may_be_double), (MailState::Waiting, false));
            clock.advance_seconds(LATER);
            run(&db, &clock, &server.settings()).await;
            let mail = look(&db, id).await;
            assert_eq!((mail.state, mail.may_be_double), (MailState::Sent, true));
            let mails = server.mails();
            assert_eq!(mails.len(), kept + 1);
            assert!(mails.iter().all(|received| Some(received.message_id()) == mail.message_id));
            assert!(mails.iter().all(|received| received.raw == mails[0].raw), "to the octet the same");
        }
    });
}

#[test]
fn k10_k11_what_was_tried_for_days_fails_visibly_and_both_buttons_send_it() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let by_job = queue_to(&db, "a@example.jp", START).await;
        near_the_end(&db, 1).await;
        server.next(Answer::Recipient(451));
        assert_eq!(run(&db, &clock, &server.settings()).await.given_up, 1);
        assert_eq!(look(&db, by_job).await.state, MailState::Failed);
        let given_up = db.read(|tx| kit_jobs::given_up(tx, None, 10)).await.expect("read");
        assert_eq!(given_up[0].last_error, "the mail server answered 451");
        rerun_given_up(&db).await;
        run(&db, &clock, &server.settings()).await;
        assert_eq!(look(&db, by_job).await.state, MailState::Sent);

        // By the outbox: the old job is then without effect, whoever runs it.
        let by_outbox = queue_to(&db, "b@example.jp", START).await;
        near_the_end(&db, 1).await;
        server.next(Answer::Recipient(451));
        run(&db, &clock, &server.settings()).await;
        assert_eq!(look(&db, by_outbox).await.state, MailState::Failed);
        assert_eq!(db.write(db_resend(by_outbox, START)).await.expect("asked"), Resent::Queued);
        rerun_given_up(&db).await;
        run(&db, &clock, &server.settings()).await;
        assert_eq!(look(&db, by_outbox).await.state, MailState::Sent);
        assert_eq!(server.mails_to("b@example.jp").len(), 1);
        assert_eq!(open_jobs(&db).await, (0, 0, 0));
    });
}

#[test]
fn k11_the_message_id_stays_when_the_domain_is_changed_between_two_tries() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        queue_to(&db, "a@example.jp", START).await;
        server.next(Answer::BreakAfterText { kept: true });
        run(&db, &clock, &server.settings()).await;
        clock.advance_seconds(LATER);
        let mut renamed = server.settings();
        renamed.domain = "elsewhere.example.jp".to_owned();
        run(&db, &clock, &renamed).await;
        let mails = server.mails();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[0].message_id(), mails[1].message_id());
    });
}
