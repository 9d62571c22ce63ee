//! N1, N3: the live pages of a walk, as the gallery's are judged.

use crate::walk::{LAST, judge, sign_in, to_last_button};
use tests_browser::{Axe, Driver, Manner, Window, sign_in_link};
use tests_harness::{Office, Town};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_a_walk_can_be_used_by_everybody_and_fit() {
    let mut town = Town::in_browser().await;
    let office = town.provider_outside("さくら介護センター").await;
    let (driver, axe) = (Driver::start(), Axe::load());
    let window = driver.window(town.base(), Manner::default()).await;
    let mut wrong = outside(&axe, &window).await;
    wrong.extend(applicant(&axe, &window, &office).await);
    let case = window.path().await.replace("/applied", "");
    wrong.extend(both(&axe, &window, &[&case, "/claims", "/claims/notices", "/claims/guide"]).await);
    let link = sign_in_link(&town, "hanako", &["claims.clerk", "claims.manager"]).await;
    let clerk = driver.window(town.base(), Manner::default()).await;
    wrong.extend(staff(&axe, &clerk, &link, &case.replace("/claims/", "/claims/desk/")).await);

    // Issued, with a certificate to fetch.
    town.pass(1_800).await;
    sign_in(&window, &office).await;
    wrong.extend(both(&axe, &window, &[&case, &format!("{case}/download")]).await);
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
    clerk.close().await;
    window.close().await;
    town.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_refusal_show_who_is_signed_in_and_lead_on() {
    let mut town = Town::in_browser().await;
    let office = town.provider_outside("社会福祉法人みどり会 特別養護老人ホームひだまり").await;
    let driver = Driver::start();
    let window = driver.window(town.base(), Manner::default()).await;
    sign_in(&window, &office).await;
    window.open("/claims/cases/C-2026-0000001-0").await;
    window.shows("header .who").await;
    assert_eq!(window.count("main .actions a[href='/claims']").await, 1, "{}", window.text().await);
    // At the wrong door: none of its pages is offered, all doors are.
    window.open("/claims/desk/cases").await;
    window.shows("header .who").await;
    assert_eq!(window.count("nav.menu, a[href='/claims/desk']").await, 0, "{}", window.text().await);
    assert_eq!(window.count("main .actions a[href='/']").await, 1);
    // However long a name is, the header has one row.
    window.open("/claims").await;
    for width in [1024, 1280] {
        window.size(width, 900).await;
        let tops = "const top = (css) => document.querySelector(css).getBoundingClientRect().top; \
                    const names = document.querySelector('.top-names').getBoundingClientRect(); \
                    return top('.top-tools') < names.bottom;";
        assert_eq!(window.script(tops, vec![]).await, true, "{width} px");
    }
    window.close().await;
    town.end().await;
}

async fn outside(axe: &Axe, window: &Window) -> Vec<String> {
    let mut wrong = both(axe, window, &["/", "/sign-in", "/staff/sign-in", "/no-such-page"]).await;
    window.open("/sign-in").await;
    window.fill("#login", "nobody").await;
    window.fill("#password", "wrong").await;
    window.click("main form button.primary").await;
    window.shows("main .errors").await;
    wrong.extend(judge(axe, window, "a refused sign-in").await);
    wrong
}

async fn applicant(axe: &Axe, window: &Window, office: &Office) -> Vec<String> {
    sign_in(window, office).await;
    let mut wrong = both(axe, window, &["/claims", "/claims/apply"]).await;
    window.fill("#email", "no address").await;
    window.click("main form .submit button").await;
    window.shows("main .errors").await;
    wrong.extend(judge(axe, window, "a refused application").await);
    to_last_button(window, office).await;
    wrong.extend(judge(axe, window, "the check before the application").await);
    window.click(LAST).await;
    window.arrives("/claims/cases/", "/applied").await;
    wrong.extend(judge(axe, window, "an application that has arrived").await);
    wrong
}

async fn staff(axe: &Axe, window: &Window, link: &str, case: &str) -> Vec<String> {
    window.open(link).await;
    let mut wrong = judge(axe, window, "a link that signs in").await;
    window.click("main form button").await;
    window.shows("header .who").await;
    let reject = format!("{case}/reject");
    let pages = ["/claims/desk", "/claims/desk/cases", "/claims/desk/outbox", &reject, case];
    wrong.extend(both(axe, window, &pages).await);
    window.click("form[action$='/register-issue'] button").await;
    window.shows("main [role=status]").await;
    wrong.extend(judge(axe, window, "an issue request that was registered").await);
    wrong.extend(both(axe, window, &[&format!("{case}/undo-issue")]).await);
    wrong
}

/// Pages in both languages.
async fn both(axe: &Axe, window: &Window, pages: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for page in pages {
        for language in ["en", "ja"] {
            let page = format!("{page}?lang={language}");
            window.open(&page).await;
            wrong.extend(judge(axe, window, &page).await);
        }
    }
    wrong
}
