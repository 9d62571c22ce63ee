//! Short ways to queue mails, to run the worker and to look at what became of them.

use core_words::{Lang, OperatorId, UtcMicros};
use kit_clock::ManualClock;
use kit_jobs::{Policy, Ran, Worker};
use kit_keys::testing::SeededDice;
use kit_post::{
    Address, COMPONENT, Delivery, Filter, Mail, MailId, MailSettings, Mailer, NewMail, Outcome, Page,
    deliveries, mail, outbox, queue_mail,
};
use kit_store::{Component, Db, StoreError, params};
use std::{sync::Arc, time::Duration};

pub(crate) const START: UtcMicros = UtcMicros(1_790_000_000_000_000);
pub(crate) const TABLES: &[Component] = &[kit_jobs::COMPONENT, COMPONENT];
/// Longer than any wait between two tries, in seconds.
pub(crate) const LATER: i64 = 3_601;

pub(crate) fn federation() -> OperatorId {
    OperatorId::new("federation").expect("a name")
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

/// Queues a mail in Japanese to this address.
pub(crate) async fn queue_to(db: &Db, to: &str, now: UtcMicros) -> MailId {
    queue_as(
        db,
        address(to),
        "電子証明書を発行しました",
        "下記の電子証明書を発行しました。\n\n  番号 1\n",
        now,
    )
    .await
}

pub(crate) async fn queue_as(db: &Db, to: Address, subject: &str, text: &str, now: UtcMicros) -> MailId {
    let (subject, text) = (subject.to_owned(), text.to_owned());
    try_queue(db, to, subject, text, now).await.expect("queued")
}

pub(crate) async fn try_queue(
    db: &Db,
    to: Address,
    subject: String,
    text: String,
    now: UtcMicros,
) -> Result<MailId, StoreError> {
    let operator = federation();
    db.write(move |tx| {
        let mail = NewMail {
            operator: &operator,
            to: &to,
            lang: Lang::Ja,
            subject: &subject,
            text: &text,
            case: Some("C-2026-0001234-5"),
            reference: Some("request 7"),
            template: "claims.issued",
        };
        queue_mail(tx, &mail, now, &SeededDice::new(7))
    })
    .await
}

/// A worker that sends mail and nothing else.
pub(crate) fn worker(db: &Db, clock: &ManualClock, settings: &MailSettings) -> Worker {
    let worker = Worker::builder(db.clone(), Arc::new(clock.clone()), Arc::new(SeededDice::new(1)));
    let worker = worker.options(|options| {
        options.poll = Duration::from_millis(5);
        options.tend_every = Duration::from_millis(5);
        options.sole = false;
    });
    match Mailer::new(settings).expect("good settings") {
        Some(mailer) => worker.handler(mailer),
        None => worker,
    }
    .build()
    .expect("a good worker")
}

/// Runs all that is due.
pub(crate) async fn run(db: &Db, clock: &ManualClock, settings: &MailSettings) -> Ran {
    worker(db, clock, settings).run_until_idle().await.expect("it ran")
}

pub(crate) async fn look(db: &Db, id: MailId) -> Mail {
    let found = db.read(move |tx| mail(tx, &federation(), id)).await.expect("read");
    found.expect("the mail is there")
}

pub(crate) async fn tries(db: &Db, id: MailId) -> Vec<Delivery> {
    db.read(move |tx| deliveries(tx, &federation(), id)).await.expect("read")
}

pub(crate) async fn outcomes(db: &Db, id: MailId) -> Vec<(Outcome, Option<u16>)> {
    tries(db, id).await.into_iter().map(|delivery| (delivery.outcome, delivery.code)).collect()
}

pub(crate) async fn all(db: &Db) -> Vec<Mail> {
    let page = Page::new(1, Page::MAX_SIZE);
    db.read(move |tx| outbox(tx, &federation(), &Filter::default(), page)).await.expect("read").rows
}

/// How many jobs are in each state that is not done.
pub(crate) async fn open_jobs(db: &Db) -> (u64, u64, u64) {
    let gauges = db.read(|tx| kit_jobs::gauges(tx, START)).await.expect("read");
    gauges
        .iter()
        .fold((0, 0, 0), |(w, r, g), gauge| (w + gauge.waiting, r + gauge.running, g + gauge.given_up))
}

/// Lets the job of every mail be at its last but `left` runs.
pub(crate) async fn near_the_end(db: &Db, left: u16) {
    let attempts = last_run() - left;
    let sql = "UPDATE job SET attempts = $1";
    db.write(move |tx| tx.execute(sql, params![attempts])).await.expect("changed");
}

/// The last run of a job of the mailer.
pub(crate) fn last_run() -> u16 {
    use kit_jobs::Handler;
    let from = address("a@example.jp");
    let smtp = kit_post::SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: 25,
        security: kit_post::Security::Plain,
        login: None,
        roots: None,
    };
    let settings = MailSettings { smtp: Some(smtp), from, reply_to: None, domain: "example.jp".to_owned() };
    let Policy { max_attempts, .. } = Mailer::new(&settings).expect("good").expect("a mailer").policy();
    max_attempts
}

/// Presses the job's button, as `kit_jobs::rerun` does; its entry in the ledger is left out.
pub(crate) async fn rerun_given_up(db: &Db) {
    let sql = "UPDATE job SET state = 1, attempts = 0, due_us = 0, delayed_us = NULL, ended_us = NULL WHERE state = 4";
    assert_eq!(db.write(move |tx| tx.execute(sql, params![])).await.expect("changed"), 1);
}
