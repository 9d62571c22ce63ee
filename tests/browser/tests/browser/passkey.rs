//! K9: staff register a passkey through a one-time link, once, and sign in with it.

use tests_browser::{Driver, Manner, enrolment_link};
use tests_harness::Town;

/// The button that begins either.
const BUTTON: &str = "[data-passkey]";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_a_passkey_is_made_by_a_link_and_opens_the_door() {
    let town = Town::in_browser().await;
    let driver = Driver::start();
    let window = driver.window(town.base(), Manner::default()).await;
    let link = enrolment_link(&town, "hanako", &["claims.clerk"]).await;

    window.authenticator().await;
    window.open(&link).await;
    window.click(BUTTON).await;
    window.arrives("/enrolled", "").await;

    window.open("/claims/desk").await;
    window.arrives("/staff/sign-in", "").await;
    window.click(BUTTON).await;
    // Back to where one wanted to go.
    window.arrives("/claims/desk", "").await;
    window.reads("職員 花子").await;

    // The link was good once.
    window.open(&link).await;
    assert_eq!(window.count(BUTTON).await, 0, "{}", window.text().await);

    // Another browser has another authenticator, which nobody knows.
    let stranger = driver.window(town.base(), Manner::default()).await;
    stranger.authenticator().await;
    stranger.open("/staff/sign-in").await;
    stranger.click(BUTTON).await;
    stranger.shows("[data-outcome]:not(:empty)").await;
    assert_eq!(stranger.path().await, "/staff/sign-in");
    stranger.close().await;
    window.close().await;
    town.end().await;
}
