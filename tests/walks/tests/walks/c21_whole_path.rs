//! C5, C14–C17, C20–C22: one certificate from application to revocation, on both databases.

use crate::desk::{apply, ask, doer, scope};
use core_words::CaseNumber;
use desk_claims::{
    case::Case,
    command::Command,
    status::{Hat, Standing},
    words::{KeyState, KeyWay},
};
use kit_desk::Status;
use kit_store::testing::{Place, both_places};
use tests_harness::Town;

async fn standing(town: &Town, number: CaseNumber) -> Standing {
    town.claims().case(scope(town), number, Hat::Clerk).await.expect("it is there").case.case.standing()
}

async fn act(town: &Town, number: CaseNumber, command: Command, hat: Hat) -> i16 {
    let done = town.claims().act(scope(town), number, None, command, doer(hat, 2)).await;
    done.expect("done").case.standing().code()
}

#[test]
fn c21_one_certificate_from_application_to_revocation() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("さくら介護センター").await;
        let number = apply(&town, &office, KeyWay::Service).await;
        assert_eq!(standing(&town, number).await, Standing::Applied);

        assert_eq!(act(&town, number, Command::RegisterIssue, Hat::Clerk).await, 3);
        // Until the time to undo is over nothing happens by itself (C19).
        town.pass(1_799).await;
        assert_eq!(standing(&town, number).await, Standing::IssueRequested);
        town.pass(1).await;
        assert_eq!(standing(&town, number).await, Standing::Issued);

        let mail = town.mail().mails_to(&office.email);
        assert_eq!(mail.len(), 1, "C22: one mail at issue");
        assert!(mail[0].text().contains(&number.to_string()), "{}", mail[0].text());

        let claims = town.claims();
        let password = office.letter.issue_password.clone();
        let file = claims
            .download(scope(&town), number, office.letter.holder, password, doer(Hat::Provider, 1))
            .await
            .expect("downloaded");
        assert!(file.name.ends_with(".p12"));
        let confirmed = claims
            .confirm_download(scope(&town), number, office.letter.holder, doer(Hat::Provider, 1))
            .await
            .expect("confirmed");
        let Case::Issued(holding) = confirmed.case else { panic!("still issued") };
        assert!(matches!(holding.key, KeyState::Erased { .. }));
        town.run_jobs().await;

        assert_eq!(act(&town, number, Command::RequestRevocation(ask()), Hat::Clerk).await, 6);
        town.pass(1_800).await;
        assert_eq!(standing(&town, number).await, Standing::AwaitingRevocation);
        // The list comes a second after the revocation, and is registered here.
        town.pass(2).await;
        assert_eq!(standing(&town, number).await, Standing::Revoked);

        let told = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        let statuses: Vec<i16> = told.events.iter().map(|event| event.to).collect();
        assert_eq!(statuses, [1, 3, 4, 5, 5, 5, 6, 7, 8]);
        town.end().await;
    });
}
