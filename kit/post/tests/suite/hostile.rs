//! Hostile text in subject, name and body changes nothing but what is read there.

use crate::support::*;
use kit_clock::ManualClock;
use kit_post::{MAX_SUBJECT, MAX_TEXT, MailState, testing::SmtpServer};
use kit_store::{StoreError, testing::both_with};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

const HEADERS: [&str; 10] = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x7f]{0,300}",
        "[あ-ん亜-瑤\u{202e}\u{200b}😀 ]{0,300}",
        Just("x\r\nBcc: victim@example.jp\r\n\r\nhello".to_owned()),
        Just("\r\n.\r\nMAIL FROM:<a@b.jp>\r\n".to_owned()),
        Just("=?utf-8?B?QUFB?= =?utf-8?Q?=0D=0ABcc:_x?=".to_owned()),
        Just("\n.\n..\n.".to_owned()),
        Just("a".repeat(5_000)),
        Just("あ".repeat(5_000)),
        Just("\" <evil@example.jp>, \"".to_owned()),
    ]
}

#[test]
fn k11_hostile_text_stays_text() {
    let mut runner = TestRunner::deterministic();
    let mut case = || (hostile(), hostile(), hostile()).new_tree(&mut runner).expect("a case").current();
    let cases: Vec<_> = (0..60).map(|_| case()).collect();
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        for (number, (subject, name, text)) in cases.iter().enumerate() {
            let to = format!("a{number}@example.jp");
            let id = queue_as(&db, address(&to).named(name), subject, text, START).await;
            run(&db, &ManualClock::at(START), &server.settings()).await;
            assert_eq!(look(&db, id).await.state, MailState::Sent, "{:?}", tries(&db, id).await);
            let mails = server.mails_to(&to);
            assert_eq!(mails.len(), 1);
            let mail = &mails[0];
            assert_eq!(mail.to, std::slice::from_ref(&to), "no further recipient");
            let mut names = mail.header_names();
            names.sort_unstable();
            let mut expected = HEADERS.to_vec();
            expected.sort_unstable();
            assert_eq!(names, expected, "no further header");
            assert!(mail.raw.is_ascii());
            let kept = look(&db, id).await.subject;
            assert!(kept.chars().count() <= MAX_SUBJECT && !kept.contains(['\r', '\n', '\0']));
            // A space at a fold is a space, however many there were.
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&mail.subject()), words(&kept));
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            let plain: String = lines
                .chars()
                .map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c })
                .collect();
            // The transport ends each text with a line end.
            let received = mail.text();
            assert_eq!(received.trim_end_matches('\n'), plain.trim_end_matches('\n'));
        }
        assert_eq!(server.mails().len(), cases.len());
    });
}

#[test]
fn k11_texts_over_the_limit_are_refused_before_anything_is_stored() {
    both_with(TABLES, async |db| {
        let long = "あ".repeat(MAX_TEXT + 1);
        let refused = try_queue(&db, address("a@example.jp"), "s".to_owned(), long.clone(), START).await;
        let Err(StoreError::Constraint(why)) = refused else { panic!("it is refused") };
        assert!(!why.contains('あ'), "{why}");
        assert_eq!((all(&db).await.len(), open_jobs(&db).await), (0, (0, 0, 0)));
        let most = long.chars().skip(1).collect();
        assert!(try_queue(&db, address("a@example.jp"), "s".to_owned(), most, START).await.is_ok());
    });
}
