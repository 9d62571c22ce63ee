//! The pictures of the manuals, taken from the gallery: `manual_pictures FOLDER [PART OF A NAME]`.

// Tells a person at a terminal where the pictures are.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use tests_browser::{Driver, Manner, picture};
use tests_harness::Town;

/// Name of the picture, sample of the gallery, how wide the page is shown, and the elements from which and to which it reaches.
const PICTURES: [(&str, &str, u32, &str, &str); 13] = [
    ("sign-in", "gate/sign-in", 800, "header.top", "main form button.primary"),
    ("home", "claims/provider-home", 800, "header.top", ".panel-status"),
    ("apply", "claims/provider-apply", 800, "main form", "main form button.primary"),
    ("check", "claims/provider-check", 800, "main form input[type=checkbox]", "main form button.primary"),
    ("status", "claims/provider-case-issued", 800, "h1", ".panel"),
    ("invoice", "claims/agent-case-awaiting-payment", 800, "h1", ".panel"),
    ("download", "claims/provider-download", 800, "h1", "main form button.primary"),
    ("fetched", "claims/provider-case-fetched", 800, ".panel", ".panel"),
    ("desk-overview", "claims/desk-overview", 1200, "header.top", "main tbody tr:nth-child(4)"),
    ("desk-cases", "claims/desk-cases-found", 1200, "h1", "main tbody tr:nth-child(3)"),
    ("desk-review", "claims/desk-case-applied", 1200, "h1", ".panel"),
    ("desk-undo", "claims/desk-undo-issue", 800, "h1", "main form"),
    ("desk-payment", "claims/desk-agent", 800, "h1", ".bulk-act"),
];

#[tokio::main]
async fn main() {
    let mut words = std::env::args_os().skip(1);
    let folder = PathBuf::from(words.next().expect("manual_pictures FOLDER [PART OF A NAME]"));
    let only = words.next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    let town = Town::in_browser().await;
    let driver = Driver::start();
    let window = driver.window(town.base(), Manner::default()).await;
    for (name, sample, width, from, to) in PICTURES.into_iter().filter(|(name, ..)| name.contains(&only)) {
        window.open(&format!("/gallery/{sample}?lang=ja")).await;
        let file = folder.join(format!("{name}.webp"));
        window.picture(&file, picture::Part { width, from, to }).await;
        let octets = std::fs::metadata(&file).expect("the picture").len();
        println!("{} {octets} octets", file.display());
    }
    window.close().await;
    drop(driver);
    town.end().await;
}
