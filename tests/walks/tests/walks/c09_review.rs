//! C9, C19, C21: the federation looks at applications; two people at one case; rejection and its notice.

use crate::desk::{apply, doer, scope};
use desk_claims::{
    command::Command,
    service::rejection,
    status::{Deed, Hat, Standing},
    words::KeyWay,
};
use kit_post::Page;
use kit_store::testing::{Place, both_places};
use tests_harness::Town;

#[test]
fn c09_of_two_clerks_at_one_case_one_wins_and_the_other_is_told_who_and_when() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("もみじ苑").await;
        let number = apply(&town, &office, KeyWay::Service).await;
        let seen = Some(1);
        let register =
            town.claims().act(scope(&town), number, seen, Command::RegisterIssue, doer(Hat::Clerk, 21));
        let reject = Command::Reject(rejection(false, "事業所番号が違います").expect("a reason"));
        let reject = town.claims().act(scope(&town), number, seen, reject, doer(Hat::Clerk, 22));
        let (first, second) = tokio::join!(register, reject);
        let (winner, refused) = match (first, second) {
            (Ok(_), Err(refusal)) => (21, refusal),
            (Err(refusal), Ok(_)) => (22, refusal),
            other => panic!("exactly one wins: {other:?}"),
        };
        assert_eq!(refused.code, "claims.overtaken");
        assert!(refused.message.ja.contains(&format!("担当者（{winner}）")), "{}", refused.message.ja);
        assert!(refused.message.ja.contains("2026年11月20日"), "{}", refused.message.ja);
        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        assert_eq!(file.case.version, 2);
        assert_eq!(file.events.len(), 2);
        town.end().await;
    });
}

#[test]
fn c21_a_rejection_is_told_in_the_transaction_that_processes_it() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("もみじ苑").await;
        let number = apply(&town, &office, KeyWay::Service).await;
        let reject = Command::Reject(rejection(false, "記載の住所が登録と異なります").expect("a reason"));
        town.claims().act(scope(&town), number, None, reject, doer(Hat::Clerk, 2)).await.expect("rejected");
        let notices = async |town: &Town| {
            let (operator, board) = (
                town.claims().settings().operator.clone(),
                format!("claims.provider:{}", office.letter.holder.0),
            );
            let db = &town.installation().db;
            db.read(move |tx| kit_post::notices(tx, &operator, &board, Page::first()))
                .await
                .expect("read")
                .rows
        };
        assert!(notices(&town).await.is_empty(), "not before it is processed");
        town.pass(1_800).await;
        let board = notices(&town).await;
        assert_eq!(board.len(), 1);
        assert!(board[0].body.ja.contains("記載の住所が登録と異なります"));
        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        assert_eq!(file.case.case.standing(), Standing::Rejected);
        assert!(file.possible.is_empty(), "nothing can be done to it any more");
        // The provider may apply again.
        apply(&town, &office, KeyWay::Service).await;
        town.end().await;
    });
}

#[test]
fn c19_undo_one_instant_before_the_job_takes_the_row_and_one_instant_after() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("もみじ苑").await;
        let number = apply(&town, &office, KeyWay::Service).await;
        let act = async |town: &Town, command, hat| {
            town.claims().act(scope(town), number, None, command, doer(hat, 3)).await
        };
        act(&town, Command::RegisterIssue, Hat::Clerk).await.expect("3");
        town.clock().advance_micros(1_800_000_000 - 1);
        town.run_jobs().await;
        let back = act(&town, Command::UndoIssue, Hat::Manager).await.expect("one instant before");
        assert_eq!(back.case.standing(), Standing::Applied);
        // The job of the first registration finds another version and does nothing.
        town.pass(10).await;
        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        assert_eq!(file.case.case.standing(), Standing::Applied);

        act(&town, Command::RegisterIssue, Hat::Clerk).await.expect("3 again");
        town.pass(1_800).await;
        let late = act(&town, Command::UndoIssue, Hat::Manager).await.expect_err("taken");
        assert_eq!(late.code, "claims.overtaken");
        let clerk = act(&town, Command::UndoRevocation, Hat::Clerk).await.expect_err("never a clerk");
        assert!(["claims.not_you", "claims.overtaken"].contains(&clerk.code), "{}", clerk.code);
        town.end().await;
    });
}

#[test]
fn c20_a_case_of_another_operator_is_not_there() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("もみじ苑").await;
        let number = apply(&town, &office, KeyWay::Service).await;
        let stranger = kit_gate::Scope::of_the_house("osaka".parse().expect("a slug"));
        let refused =
            town.claims().case(stranger.clone(), number, Hat::Manager).await.expect_err("not theirs");
        assert_eq!(refused.code, "claims.no_case");
        let refused =
            town.claims().act(stranger, number, None, Command::RegisterIssue, doer(Hat::Manager, 9)).await;
        assert_eq!(refused.expect_err("not theirs").code, "claims.no_case");
        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        assert!(file.possible.contains(&Deed::RegisterIssue));
        town.end().await;
    });
}
