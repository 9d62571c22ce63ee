//! The process is killed before and after the text goes out: nothing is lost, and a mail that may be there twice says
//! so.

use crate::support::*;
use kit_clock::{Clock, ManualClock, SystemClock};
use kit_jobs::Worker;
use kit_keys::testing::SeededDice;
use kit_post::{
    MailSettings, MailState, Mailer, Outcome,
    testing::{Answer, SmtpServer},
};
use kit_store::{
    Db,
    testing::{Place, both_places, options},
};
use std::{process::Command, sync::Arc};
use tokio::sync::Semaphore;

const CHILD_DATABASE: &str = "POST_CRASH_DATABASE";
const CHILD_PORT: &str = "POST_CRASH_PORT";

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let (Ok(url), Ok(port)) = (std::env::var(CHILD_DATABASE), std::env::var(CHILD_PORT)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let db = Db::open(&url, options()).await.expect("it opens");
        let worker = Worker::builder(db, SystemClock::shared(), Arc::new(SeededDice::new(1)));
        let mailer =
            Mailer::new(&child_settings(port.parse().expect("a port"))).expect("good").expect("a server");
        worker.handler(mailer).build().expect("good").run_until_idle().await.expect("ran");
    });
}

fn child_settings(port: u16) -> MailSettings {
    let smtp = kit_post::SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: kit_post::Security::Plain,
        login: None,
        roots: None,
    };
    let domain = "mail.town.example.jp".to_owned();
    MailSettings { smtp: Some(smtp), from: address("noreply@town.example.jp"), reply_to: None, domain }
}

async fn child_at(place: &Place, server: &SmtpServer, point: &str) {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "crash::child", "--test-threads=1"]);
    command.env(CHILD_DATABASE, place.url()).env(CHILD_PORT, server.address().port().to_string());
    command.env("WARIFU_DRILL", point);
    let status = tokio::task::spawn_blocking(move || command.output().expect("the child runs").status);
    assert!(!status.await.expect("it ended").success(), "{point} was not passed");
}

#[test]
fn k10_k11_a_kill_at_every_point_loses_no_mail_and_a_double_has_the_same_message_id() {
    both_places(async |place| {
        // Point; how often the mail is there in the end; whether a text went out in doubt.
        let cases = [
            ("jobs.claimed", 1, false),
            ("post.before_send", 1, true),
            ("post.after_send", 2, true),
            ("jobs.ran", 1, false),
        ];
        for (point, copies, doubt) in cases {
            let server = SmtpServer::start().await;
            let db = place.open().await;
            db.migrate(TABLES).await.expect("the migrations run");
            let id = queue_to(&db, "a@example.jp", SystemClock.now()).await;
            db.close().await;
            child_at(place, &server, point).await;

            let db = place.open().await;
            // After the lease of the dead process.
            let clock = ManualClock::at(SystemClock.now().plus_seconds(61));
            run(&db, &clock, &server.settings()).await;
            let mail = look(&db, id).await;
            assert_eq!((mail.state, mail.may_be_double), (MailState::Sent, doubt), "{point}");
            let mails = server.mails();
            assert_eq!(mails.len(), copies, "{point}");
            assert!(mails.iter().all(|received| Some(received.message_id()) == mail.message_id), "{point}");
            let mut expected = vec![(Outcome::Accepted, Some(250))];
            if doubt {
                expected.insert(0, (Outcome::Unknown, None));
            }
            assert_eq!(outcomes(&db, id).await, expected, "{point}");
            assert_eq!(open_jobs(&db).await, (0, 0, 0), "{point}");
            db.close().await;
        }
    });
}

#[test]
fn k10_k11_a_worker_that_stops_in_the_middle_gives_the_mail_back() {
    both_places(async |place| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let db = place.open().await;
        db.migrate(TABLES).await.expect("the migrations run");
        let id = queue_to(&db, "a@example.jp", START).await;
        server.next(Answer::Hold(Arc::new(Semaphore::new(0))));
        let worker = Worker::builder(db.clone(), Arc::new(clock.clone()), Arc::new(SeededDice::new(1)))
            .handler(Mailer::new(&server.settings()).expect("good").expect("a server"))
            .options(|options| options.grace = std::time::Duration::ZERO)
            .build()
            .expect("good");
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(async move { worker.run(stopped).await });
        server.wait_for(1).await;
        assert_eq!(look(&db, id).await.state, MailState::Sending);
        stop.send(true).expect("it runs");
        running.await.expect("it stops");
        run(&db, &clock, &server.settings()).await;
        let mail = look(&db, id).await;
        assert_eq!((mail.state, mail.may_be_double), (MailState::Sent, true));
        assert_eq!(outcomes(&db, id).await, [(Outcome::Unknown, None), (Outcome::Accepted, Some(250))]);
        assert_eq!(server.mails().len(), 2);
        db.close().await;
    });
}
