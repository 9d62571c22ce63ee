//! C1, N16: the application without scripts, with the back button, and with two clicks where one is meant.

use crate::walk::{LAST, applications, sign_in, to_last_button};
use tests_browser::{Driver, Manner};
use tests_harness::Town;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c01_an_application_goes_through_without_scripts() {
    let mut town = Town::in_browser().await;
    let office = town.provider_outside("さくら介護センター").await;
    let driver = Driver::start();
    let window = driver.window(town.base(), Manner { scripts: false, ..Manner::default() }).await;
    // Scripts are off indeed: a page that needs one says so.
    window.open("/staff/sign-in").await;
    window.shows("noscript p").await;

    sign_in(&window, &office).await;
    to_last_button(&window, &office).await;
    window.click(LAST).await;
    window.arrives("/claims/cases/", "/applied").await;
    assert_eq!(applications(&town, &office).await, 1);
    window.close().await;
    town.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n16_two_clicks_and_the_back_button_make_one_application() {
    for scripts in [true, false] {
        let mut town = Town::in_browser().await;
        let office = town.provider_outside("さくら介護センター").await;
        let driver = Driver::start();
        let window = driver.window(town.base(), Manner { scripts, ..Manner::default() }).await;
        sign_in(&window, &office).await;
        to_last_button(&window, &office).await;
        window.double_click(LAST).await;
        window.gone(LAST).await;
        window.arrives("/claims/cases/", "/applied").await;
        assert_eq!(applications(&town, &office).await, 1, "scripts: {scripts}");
        window.back().await;
        window.arrives("/claims/apply", "").await;
        if !scripts {
            // The page before was an answer to a form: the browser asks before it sends for it again.
            window.again().await;
        }
        window.shows("main .banner a, main .actions a[href^='/claims/cases/']").await;
        let told = window.text_of("main").await;
        assert!(
            told.contains("手続き中の申請 C-2026-"),
            "which application stands in the way is said: {told}"
        );
        assert_eq!(window.count(LAST).await, 0, "scripts: {scripts}");
        assert_eq!(applications(&town, &office).await, 1, "scripts: {scripts}");
        window.close().await;
        town.end().await;
    }
}
