//! Two runs meet at one mail; the database is away just when the server has answered.

use crate::support::*;
use kit_clock::ManualClock;
use kit_post::{
    MailState, Outcome, Resent, resend,
    testing::{Answer, SmtpServer},
};
use kit_store::{params, testing::both_with};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A run that slept through its lease while the server held its answer: the later run sends again, in doubt, and the
/// sleeper's late 250 is kept in the record.
#[test]
fn k10_k11_a_run_that_lost_its_lease_changes_nothing_but_its_own_record() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        let gate = Arc::new(Semaphore::new(0));
        server.next(Answer::Hold(gate.clone()));
        let sleeper = worker(&db, &clock, &server.settings());
        let sleeper = tokio::spawn(async move { sleeper.run_until_idle().await.expect("ran") });
        server.wait_for(1).await;

        // Another process, whose clock is past the lease.
        let later = ManualClock::at(START.plus_seconds(61));
        assert_eq!(run(&db, &later, &server.settings()).await.done, 1);
        gate.add_permits(1);
        let ran = sleeper.await.expect("it ended");
        assert_eq!((ran.done, ran.failed, ran.given_up), (0, 0, 0));

        let mail = look(&db, id).await;
        assert_eq!((mail.state, mail.tries, mail.may_be_double), (MailState::Sent, 2, true));
        assert_eq!(outcomes(&db, id).await, [(Outcome::Accepted, Some(250)), (Outcome::Accepted, Some(250))]);
        assert_eq!(server.mails().len(), 2);
    });
}

/// A run that slept between taking the job and sending: a later one has dealt with the mail, whatever came of it.
#[test]
fn k10_k11_a_run_that_wakes_up_late_sends_nothing() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        // The later run, number 2, was told to wait; the mail waits for run 3.
        let later_run = "UPDATE post_mail SET run = 2";
        db.write(move |tx| tx.execute(later_run, params![])).await.expect("changed");
        let ran = run(&db, &clock, &server.settings()).await;
        assert_eq!((ran.done, ran.failed, server.mails().len()), (0, 0, 0));
        assert_eq!((look(&db, id).await.state, look(&db, id).await.tries), (MailState::Waiting, 0));
    });
}

/// What the server has taken is not sent again because the database could not be told at once.
#[test]
fn k11_a_database_that_is_away_after_the_answer_is_waited_for() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        let gate = Arc::new(Semaphore::new(0));
        server.next(Answer::Hold(gate.clone()));
        let worker = worker(&db, &clock, &server.settings());
        let worker = tokio::spawn(async move { worker.run_until_idle().await.expect("ran") });
        server.wait_for(1).await;
        let rename = |sql: &'static str| db.write(move |tx| tx.execute(sql, params![]));
        rename("ALTER TABLE post_delivery RENAME TO away").await.expect("renamed");
        gate.add_permits(1);
        // The first writes fail in this time; should none have been made yet, the test proves less and still holds.
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        rename("ALTER TABLE away RENAME TO post_delivery").await.expect("renamed");
        assert_eq!(worker.await.expect("it ended").done, 1);
        assert_eq!((look(&db, id).await.state, server.mails().len()), (MailState::Sent, 1));
        assert!(!look(&db, id).await.may_be_double);
    });
}

/// The worker died at the last run: the mail stands at `sending`, and after an hour the outbox may send it again.
#[test]
fn k11_a_mail_that_stands_at_sending_for_an_hour_can_be_sent_again() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        let died = "UPDATE post_mail SET state = 2, run = 100, tries = 1, changed_us = $1";
        let tried =
            "INSERT INTO post_delivery (mail, number, outcome, answer, begun_us) VALUES ($1, 1, 1, '', $2)";
        let gone = "UPDATE job SET state = 4, attempts = 100, last_error = 'silent', ended_us = $1";
        db.write(move |tx| {
            tx.execute(died, params![START])?;
            tx.execute(tried, params![id.0, START])?;
            tx.execute(gone, params![START])
        })
        .await
        .expect("changed");
        for (seconds, answer) in [(3_600, Resent::NotFailed(MailState::Sending)), (3_601, Resent::Queued)] {
            let now = START.plus_seconds(seconds);
            let asked = db.write(move |tx| resend(tx, &federation(), id, now)).await;
            assert_eq!(asked.expect("asked"), answer, "{seconds}");
        }
        run(&db, &clock, &server.settings()).await;
        let mail = look(&db, id).await;
        assert_eq!((mail.state, mail.may_be_double), (MailState::Sent, true));
        assert_eq!(outcomes(&db, id).await[0].0, Outcome::Unknown);
    });
}
