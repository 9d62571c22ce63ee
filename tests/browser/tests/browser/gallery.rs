//! N1, N3: every page of the gallery, in both languages, narrow and wide.

use crate::walk::judge;
use tests_browser::{Axe, Driver, Manner, samples};
use tests_harness::Town;

/// What is known and not mended yet: a page, and what is said of it.
const OPEN: [(&str, &str); 0] = [];

/// As many browsers as the smallest machine has cores.
const WINDOWS: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_of_the_gallery_can_be_used_by_everybody_and_fits() {
    let town = Town::in_browser().await;
    let (driver, axe) = (Driver::start(), Axe::load());
    let window = driver.window(town.base(), Manner::default()).await;
    let mut pages = samples(&window).await;
    window.close().await;
    // Those that every desk may have are there at least.
    assert!(pages.len() > 30, "{pages:?}");
    pages.push("/gallery".into());
    let wrong = tokio::join!(
        look(&driver, town.base(), &axe, pages.iter().step_by(WINDOWS)),
        look(&driver, town.base(), &axe, pages.iter().skip(1).step_by(WINDOWS)),
    );
    let mut wrong = [wrong.0, wrong.1].concat();
    wrong.retain(|found| !OPEN.iter().any(|(page, fault)| found.starts_with(page) && found.contains(fault)));
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
    town.end().await;
}

async fn look(driver: &Driver, base: &str, axe: &Axe, pages: impl Iterator<Item = &String>) -> Vec<String> {
    let window = driver.window(base, Manner::default()).await;
    let mut wrong = Vec::new();
    for page in pages {
        for language in ["ja", "en"] {
            let page = format!("{page}?lang={language}");
            window.open(&page).await;
            if window.script("return document.documentElement.lang;", vec![]).await != language {
                wrong.push(format!("{page} is not in {language}"));
            }
            wrong.extend(judge(axe, &window, &page).await);
        }
    }
    window.close().await;
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_broken_on_purpose_is_found() {
    let town = Town::in_browser().await;
    let (driver, axe) = (Driver::start(), Axe::load());
    let window = driver.window(town.base(), Manner::default()).await;
    let breaks = [
        ("label", "document.querySelector('label[for=login]').remove();"),
        ("color-contrast", "document.querySelector('h1').style.color = '#ccc';"),
        ("html-has-lang", "document.documentElement.removeAttribute('lang');"),
        ("document-title", "document.title = '';"),
        (
            "landmark-one-main",
            "document.querySelector('main').replaceWith(...document.querySelector('main').children);",
        ),
        (
            "target-size",
            "document.querySelector('footer').innerHTML = '<button style=\"min-width:0;min-height:0;width:9px;height:9px;padding:0\">a</button><button style=\"min-width:0;min-height:0;width:9px;height:9px;padding:0\">b</button>';",
        ),
        ("sticks out", "document.querySelector('h1').style.width = '1500px';"),
    ];
    for (fault, script) in breaks {
        window.open("/sign-in").await;
        assert_eq!(judge(&axe, &window, "before").await, Vec::<String>::new());
        window.script(script, vec![]).await;
        let wrong = judge(&axe, &window, "after").await;
        assert!(wrong.iter().any(|found| found.contains(fault)), "{fault}: {wrong:#?}");
    }
    window.close().await;
    town.end().await;
}
