//! The outbox: whose, which, how many, and what is not shown to others.

use crate::support::*;
use core_words::OperatorId;
use kit_clock::ManualClock;
use kit_post::{
    Filter, MailId, MailState, Page, Paged, Resent, counts, deliveries, mail, mail_text, outbox, resend,
    testing::{Answer, SmtpServer},
};
use kit_store::{Db, testing::both_with};

async fn ids(db: &Db, filter: Filter<'static>, page: Page) -> Paged<i64> {
    let found = db.read(move |tx| outbox(tx, &federation(), &filter, page)).await.expect("read");
    Paged { total: found.total, rows: found.rows.into_iter().map(|mail| mail.id.0).collect() }
}

fn words(words: &'static str) -> Filter<'static> {
    Filter { words, ..Filter::default() }
}

#[test]
fn k11_the_outbox_is_found_by_state_case_and_words() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let first =
            queue_as(&db, address("Yamada@Example.jp").named("山田医院"), "発行 100%", "a", START).await;
        run(&db, &clock, &server.settings()).await;
        server.next(Answer::Recipient(550));
        let second =
            queue_as(&db, address("suzuki_1@example.jp"), "却下のお知らせ", "b", START.plus_seconds(1)).await;
        run(&db, &clock, &server.settings()).await;
        let third = queue_as(&db, address("tanaka@example.jp"), "Issued !", "c", START.plus_seconds(2)).await;

        let page = Page::first();
        assert_eq!(ids(&db, Filter::default(), page).await.rows, [third.0, second.0, first.0]);
        for (state, id) in
            [(MailState::Waiting, third), (MailState::Failed, second), (MailState::Sent, first)]
        {
            let filter = Filter { state: Some(state), ..Filter::default() };
            assert_eq!(ids(&db, filter, page).await, Paged { rows: vec![id.0], total: 1 }, "{state:?}");
        }
        let expected = [
            ("yamada@EXAMPLE", vec![first]),
            ("山田", vec![first]),
            ("example.jp お知らせ", vec![second]),
            ("request 7", vec![third, second, first]),
            ("%", vec![first]),
            ("_", vec![second]),
            ("!", vec![third]),
            ("nobody", vec![]),
            ("c-2026-0001234-5", vec![third, second, first]),
        ];
        for (text, found) in expected {
            let found: Vec<i64> = found.iter().map(|id| id.0).collect();
            assert_eq!(ids(&db, words(text), page).await.rows, found, "{text}");
        }
        let of_case =
            Filter { case: Some("C-2026-0001234-5"), words: "tanaka", state: Some(MailState::Waiting) };
        assert_eq!(ids(&db, of_case, page).await.rows, [third.0]);
        let other_case = Filter { case: Some("C-2026-0001234"), ..Filter::default() };
        assert_eq!(ids(&db, other_case, page).await.total, 0);
        let counted = db.read(|tx| counts(tx, &federation())).await.expect("read");
        assert_eq!(counted, [(MailState::Waiting, 1), (MailState::Failed, 1)]);
    });
}

#[test]
fn k11_pages_are_stable_and_whole() {
    both_with(TABLES, async |db| {
        for number in 0..25 {
            // Several of one time: their order is by number.
            queue_to(&db, "a@example.jp", START.plus_seconds(number / 5)).await;
        }
        let mut seen = Vec::new();
        for number in 1..=4 {
            let page = ids(&db, Filter::default(), Page::new(number, 10)).await;
            assert_eq!(page.total, 25);
            seen.extend(page.rows);
        }
        assert_eq!(seen, ids(&db, Filter::default(), Page::new(1, 200)).await.rows);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 25);
        assert_eq!(ids(&db, Filter::default(), Page::new(u32::MAX, u32::MAX)).await.rows, Vec::<i64>::new());
        assert_eq!(ids(&db, Filter::default(), Page::new(0, 0)).await.rows.len(), 1);
    });
}

#[test]
fn k9_another_operator_sees_and_sends_nothing() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let id = queue_to(&db, "a@example.jp", START).await;
        server.next(Answer::Recipient(550));
        run(&db, &ManualClock::at(START), &server.settings()).await;
        let (asked, page) = (OperatorId::new("elsewhere").expect("a name"), Page::first());
        let (a, b, c, d, e) = db
            .write(move |tx| {
                Ok::<_, kit_store::StoreError>((
                    outbox(tx, &asked, &Filter::default(), page)?.total,
                    mail(tx, &asked, id)?,
                    mail_text(tx, &asked, id)?,
                    deliveries(tx, &asked, id)?.len(),
                    resend(tx, &asked, id, START)?,
                ))
            })
            .await
            .expect("read");
        assert_eq!((a, b, c, d, e), (0, None, None, 0, Resent::Unknown));
        let unknown = db.write(|tx| resend(tx, &federation(), MailId(i64::MAX), START)).await.expect("asked");
        assert_eq!(unknown, Resent::Unknown);
        assert_eq!(look(&db, id).await.state, MailState::Failed);
        assert_eq!(tries(&db, id).await.len(), 1);
    });
}

#[test]
fn k11_two_people_press_the_button_and_it_is_sent_once() {
    both_with(TABLES, async |db| {
        let server = SmtpServer::start().await;
        let clock = ManualClock::at(START);
        let id = queue_to(&db, "a@example.jp", START).await;
        server.next(Answer::Recipient(550));
        run(&db, &clock, &server.settings()).await;
        let press = || db.write(move |tx| resend(tx, &federation(), id, START));
        let (one, two) = tokio::join!(press(), press());
        let mut answers = [one.expect("asked"), two.expect("asked")];
        answers.sort_by_key(|answer| *answer != Resent::Queued);
        assert_eq!(answers, [Resent::Queued, Resent::NotFailed(MailState::Waiting)]);
        run(&db, &clock, &server.settings()).await;
        assert_eq!((server.mails().len(), open_jobs(&db).await), (1, (0, 0, 0)));
    });
}
