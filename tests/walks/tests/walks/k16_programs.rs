//! K9, K16: a program that calls for somebody, by a token from the command line.

use core_words::Actor;
use tests_harness::Town;
use warifu::{
    commands::token::{Make, Owner, Revoke},
    lang::Lang,
};

/// The value of a field of a report.
fn field(report: &str, name: &str) -> String {
    let line = report.lines().find_map(|line| line.trim().strip_prefix(name));
    let value = line.unwrap_or_else(|| panic!("no {name}: {report}"));
    value.trim_start_matches([':', ' ']).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn k16_requests_to_a_desk_have_a_name_and_are_counted_as_those_to_the_authority() {
    let town = Town::new().await;
    let mut browser = town.browser();
    let refused = browser.get_once("/api/v1/claims/cases").await;
    assert_eq!(refused.status, 401, "{}", refused.html());
    assert!(refused.header("x-request-id").is_some(), "{:?}", refused.headers);
    let metrics = browser.get_once("/metrics").await.html();
    let counted = "warifu_refusals_total{code=\"gate.no_token\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k16_a_token_made_at_the_command_line_opens_the_api_until_it_is_revoked_or_runs_out() {
    let mut town = Town::new().await;
    let office = town.provider_outside("もみじ苑").await;
    let gate = town.server().workers().portal().gate.clone();
    let actor = Actor::cli("test");
    let owner = Owner { login: office.letter.login.clone(), applicant: true };
    let make = Make { owner: owner.clone(), name: "請求ソフト".into(), days: 1 };
    let installation = town.installation();
    let made = make.clone().perform(installation, Lang::En, &actor).await;
    let made = made.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
    let (token, number) = (field(&made.text, "token"), field(&made.text, "number"));
    assert!(gate.machine(&token).await.is_ok());

    // Somebody else's number is no token of theirs.
    let other = town.provider_outside("さくら苑").await;
    let installation = town.installation();
    let revoke = |login: &str| Revoke {
        owner: Owner { login: login.to_owned(), applicant: true },
        number: number.parse().expect("a number"),
    };
    let refused = revoke(&other.letter.login).perform(installation, Lang::En, &actor).await;
    assert_eq!(refused.err().expect("not theirs").code, "token.none");
    assert!(gate.machine(&token).await.is_ok());

    let revoked = revoke(&office.letter.login).perform(installation, Lang::En, &actor).await;
    assert!(revoked.is_ok());
    assert_eq!(gate.machine(&token).await.expect_err("revoked").code, "gate.bad_token");
    let twice = revoke(&office.letter.login).perform(installation, Lang::En, &actor).await;
    assert_eq!(twice.err().expect("dead already").code, "token.none");

    let second = make.perform(installation, Lang::En, &actor).await.expect("another");
    let second = field(&second.text, "token");
    town.clock().advance_seconds(24 * 60 * 60 - 1);
    assert!(gate.machine(&second).await.is_ok());
    town.clock().advance_seconds(1);
    assert_eq!(gate.machine(&second).await.expect_err("a day is over").code, "gate.bad_token");

    // Staff and applicants have IDs of their own kinds.
    let staff = Owner { applicant: false, ..owner };
    let refused =
        Make { owner: staff, name: "x".into(), days: 1 }.perform(installation, Lang::En, &actor).await;
    assert_eq!(refused.err().expect("nobody").code, "token.nobody");
    town.end().await;
}
