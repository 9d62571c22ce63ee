//! Pictures of every page of the gallery and of the main pages as they are served: `shots FOLDER [PART OF A PATH]`.

// Tells a person at a terminal where the pictures are.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use tests_browser::{Driver, Manner, Window, samples, sign_in_link};
use tests_harness::{Office, Town};

const WIDTHS: [u32; 2] = [360, 1280];

#[tokio::main]
async fn main() {
    let mut words = std::env::args_os().skip(1);
    let folder = PathBuf::from(words.next().expect("shots FOLDER [PART OF A PATH]"));
    let only = words.next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    std::fs::create_dir_all(folder.join("refused")).expect("a folder for the pictures");
    let mut town = Town::in_browser().await;
    let office = town.provider_outside("さくら介護センター").await;
    let driver = Driver::start();
    let window = driver.window(town.base(), Manner::default()).await;
    let mut pages = samples(&window).await;
    pages.extend(["/", "/sign-in", "/staff/sign-in"].map(str::to_owned));
    let mut taken = all(&window, &folder, pages, &only).await;

    sign_in(&window, &office).await;
    let pages = ["/claims", "/claims/apply", "/claims/notices", "/claims/guide"].map(str::to_owned);
    taken += all(&window, &folder, pages, &only).await;
    // What is told of pages that are not there, or not for the reader.
    let refused =
        ["/claims/cases/C-2026-0000001-0", "/claims/desk/cases", "/no-such-page"].map(str::to_owned);
    taken += all(&window, &folder.join("refused"), refused, &only).await;
    let clerk = driver.window(town.base(), Manner::default()).await;
    clerk.open(&sign_in_link(&town, "hanako", &["claims.clerk"]).await).await;
    clerk.click("main form button").await;
    clerk.shows("header .who").await;
    let pages = ["/claims/desk", "/claims/desk/cases", "/claims/desk/outbox"].map(str::to_owned);
    taken += all(&clerk, &folder, pages, &only).await;
    println!("{taken} pictures in {}", folder.display());
    clerk.close().await;
    window.close().await;
    drop(driver);
    town.end().await;
}

async fn sign_in(window: &Window, office: &Office) {
    window.open("/sign-in?lang=ja").await;
    window.fill("#login", &office.letter.login).await;
    window.fill("#password", &office.letter.password).await;
    window.click("main form button.primary").await;
    window.arrives("/claims", "").await;
}

/// Pages in both languages at both widths, each into `page-language-width.png`.
async fn all(window: &Window, folder: &Path, pages: impl IntoIterator<Item = String>, only: &str) -> usize {
    let mut taken = 0;
    for page in pages.into_iter().filter(|page| page.contains(only)) {
        let name = page.trim_matches('/').replace('/', "-");
        let name = if name.is_empty() { "home" } else { &name };
        for (language, width) in ["ja", "en"].into_iter().flat_map(|lang| WIDTHS.map(|width| (lang, width))) {
            window.size(width, 900).await;
            window.open(&format!("{page}?lang={language}")).await;
            window.shot(&folder.join(format!("{name}-{language}-{width}.png"))).await;
            taken += 1;
        }
    }
    taken
}
