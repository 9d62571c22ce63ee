//! N1: an applicant applies and a clerk registers the issue request, with Tab, Enter and Space alone.

use crate::walk::{LAST, applications};
use tests_browser::{Driver, Key, Manner, Window, enrolment_link};
use tests_harness::{Office, Town};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n1_from_the_application_to_its_registration_without_a_mouse() {
    let mut town = Town::in_browser().await;
    let office = town.provider_outside("さくら介護センター").await;
    let driver = Driver::start();

    let applicant = driver.window(town.base(), Manner::default()).await;
    let number = apply(&applicant, &office).await;
    assert_eq!(applications(&town, &office).await, 1);
    applicant.close().await;

    let clerk = driver.window(town.base(), Manner::default()).await;
    let link = enrolment_link(&town, "hanako", &["claims.clerk"]).await;
    register(&clerk, &link, &number).await;
    clerk.close().await;
    town.end().await;
}

/// Signs in and applies; the number of the case.
async fn apply(window: &Window, office: &Office) -> String {
    window.open("/sign-in").await;
    window.tab_to("#login").await;
    window.types(&office.letter.login).await;
    window.tab_to("#password").await;
    window.types(&office.letter.password).await;
    window.press(Key::Enter).await;
    window.arrives("/claims", "").await;

    window.tab_to("main a[href='/claims/apply']").await;
    window.press(Key::Enter).await;
    window.arrives("/claims/apply", "").await;
    window.tab_to("main form .submit button").await;
    window.press(Key::Space).await;
    window.shows(LAST).await;

    window.tab_to("#agree").await;
    window.press(Key::Space).await;
    window.tab_to("#issue_password").await;
    window.types(&office.issue_password()).await;
    window.tab_to(LAST).await;
    window.press(Key::Enter).await;
    window.arrives("/claims/cases/", "/applied").await;
    let path = window.path().await;
    path.split('/').nth(3).expect("the number of a case").to_owned()
}

/// Registers a passkey, signs in with it, finds the case, and registers the issue request.
async fn register(window: &Window, link: &str, number: &str) {
    window.authenticator().await;
    window.open(link).await;
    window.tab_to("[data-passkey]").await;
    window.press(Key::Enter).await;
    window.arrives("/enrolled", "").await;
    window.tab_to("main a[href='/staff/sign-in']").await;
    window.press(Key::Enter).await;
    window.arrives("/staff/sign-in", "").await;
    window.tab_to("[data-passkey]").await;
    window.press(Key::Space).await;
    window.shows("header .who").await;

    window.open("/claims/desk").await;
    window.tab_to("nav a[href='/claims/desk/cases']").await;
    window.press(Key::Enter).await;
    window.arrives("/claims/desk/cases", "").await;
    let case = format!("/claims/desk/cases/{number}");
    window.tab_to(&format!("main a[href='{case}']")).await;
    window.press(Key::Enter).await;
    window.arrives(&case, "").await;
    window.tab_to("form[action$='/register-issue'] button").await;
    window.press(Key::Enter).await;
    window.shows("main [role=status]").await;
    assert_eq!(window.count("form[action$='/register-issue']").await, 0, "{}", window.text().await);
    window.reads("発行依頼").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n1_a_focus_that_is_not_seen_is_found() {
    let town = Town::in_browser().await;
    let driver = Driver::start();
    for fault in
        ["outline: none !important; box-shadow: none !important", "opacity: 1; position: fixed; left: -900px"]
    {
        let window = driver.window(town.base(), Manner::default()).await;
        window.open("/sign-in").await;
        window.tab_to("#login").await;
        let style = "const s = new CSSStyleSheet(); s.replaceSync(`#password:focus { ${arguments[0]} }`); \
                     document.adoptedStyleSheets = [s];";
        window.script(style, vec![fault.into()]).await;
        let walk = tokio::spawn(async move { window.tab_to("#password").await });
        assert!(walk.await.is_err(), "{fault}");
    }
    town.end().await;
}
