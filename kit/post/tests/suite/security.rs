//! TLS, STARTTLS and logins: mail goes out protected as it was told, or not at all.

use crate::support::*;
use kit_clock::ManualClock;
use kit_post::{
    BadSettings, MailSettings, MailState, Mailer, Outcome, Security,
    testing::{Received, SmtpServer},
};
use kit_store::testing::both_with;
use zeroize::Zeroizing;

fn of(server: &SmtpServer, change: impl FnOnce(&mut kit_post::SmtpSettings)) -> MailSettings {
    let mut settings = server.settings();
    change(settings.smtp.as_mut().expect("there is one"));
    settings
}

#[test]
fn k11_mail_goes_over_tls_with_a_login() {
    both_with(TABLES, async |db| {
        for security in [Security::Tls, Security::StartTls] {
            let server = SmtpServer::start_with(security, Some(("town", "pass word"))).await;
            let id = queue_to(&db, "a@example.jp", START).await;
            run(&db, &ManualClock::at(START), &server.settings()).await;
            assert_eq!(look(&db, id).await.state, MailState::Sent, "{:?}", tries(&db, id).await);
            let mails = server.mails();
            let Received { tls, login, .. } = &mails[0];
            assert_eq!((*tls, login.as_deref()), (true, Some("town")), "{security:?}");
        }
    });
}

#[test]
fn k11_no_mail_goes_to_a_server_that_is_not_the_one_that_was_meant() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        let tls = SmtpServer::start_with(Security::Tls, None).await;
        let starttls = SmtpServer::start_with(Security::StartTls, None).await;
        let plain = SmtpServer::start().await;
        let closed = SmtpServer::start_with(Security::StartTls, Some(("town", "right"))).await;
        let root = tls.settings().smtp.and_then(|smtp| smtp.roots);
        let attempts = [
            // A certificate that nobody we trust vouches for; one of another name.
            (&tls, of(&tls, |smtp| smtp.roots = None), Outcome::NotReached),
            (&starttls, of(&starttls, |smtp| smtp.roots = root), Outcome::NotReached),
            (&tls, of(&tls, |smtp| smtp.host = "127.0.0.2".to_owned()), Outcome::NotReached),
            // A server that does not offer what was asked for: no falling back.
            (&plain, of(&plain, |smtp| smtp.security = Security::StartTls), Outcome::NotReached),
            (
                &plain,
                of(&plain, |smtp| smtp.login = Some(("a".into(), Zeroizing::new("b".into())))),
                Outcome::NotReached,
            ),
            (
                &closed,
                of(&closed, |smtp| smtp.login = Some(("town".into(), Zeroizing::new("wrong".into())))),
                Outcome::Deferred,
            ),
            (&closed, of(&closed, |smtp| smtp.login = None), Outcome::Deferred),
        ];
        for (number, (server, settings, outcome)) in attempts.into_iter().enumerate() {
            run(&db, &clock, &settings).await;
            clock.advance_seconds(LATER);
            let last = tries(&db, id).await.pop().expect("it was tried");
            assert_eq!((last.number, last.outcome), (number as u64 + 1, outcome), "{}", last.answer);
            assert!(!last.answer.contains("wrong\0") && !last.answer.is_empty());
            assert!(server.mails().is_empty());
        }
        assert_eq!(look(&db, id).await.state, MailState::Waiting);
    });
}

#[tokio::test]
async fn k11_settings_that_cannot_work_are_refused_and_never_show_the_password() {
    let server = SmtpServer::start_with(Security::Plain, Some(("town", "s3cret"))).await;
    let shown = format!("{:?}", server.settings());
    assert!(!shown.contains("s3cret") && !shown.contains("town\"") && shown.contains("127.0.0.1"), "{shown}");
    let refused = |settings: MailSettings| Mailer::new(&settings).err();
    assert_eq!(refused(server.settings()), None, "a password to a loopback address is fine");
    let elsewhere = of(&server, |smtp| smtp.host = "mail.example.jp".to_owned());
    assert_eq!(refused(elsewhere), Some(BadSettings::PasswordInClear));
    assert_eq!(refused(of(&server, |smtp| smtp.host = String::new())), Some(BadSettings::Host));
    for roots in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let settings = of(&server, |smtp| {
            smtp.security = Security::Tls;
            smtp.roots = Some(roots.to_owned());
        });
        assert!(matches!(refused(settings), Some(BadSettings::Roots(_))), "{roots:?}");
    }
    for domain in ["", "a b", "a\r\nb", ".", "a..b", "例え.jp", &"a".repeat(64)] {
        let settings = MailSettings { domain: domain.to_owned(), ..server.settings() };
        assert!(matches!(refused(settings), Some(BadSettings::Domain(_))), "{domain:?}");
    }
}
