//! A browser's window, as a test uses it.

use crate::wire::Post;
use base64::{Engine, engine::general_purpose::STANDARD};
use fantoccini::{
    Client, Locator,
    actions::{InputSource, MouseActions, PointerAction},
};
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// How long anything may take that a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks.
pub(crate) const STEP: Duration = Duration::from_millis(25);

/// A window.
pub struct Window {
    pub(crate) client: Client,
    base: String,
}

impl Window {
    pub(crate) fn new(client: Client, base: String) -> Self {
        Self { client, base }
    }

    /// Opens a page of the service, or what a whole address leads to, and waits until it is loaded.
    ///
    /// # Panics
    /// When it does not load.
    pub async fn open(&self, path: &str) {
        let url = if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() };
        self.client.goto(&url).await.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// The path of the page that is shown.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// Waits until a page is shown whose path begins and ends like this.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn arrives(&self, start: &str, end: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let path = self.path().await;
            if path.starts_with(start) && path.ends_with(end) {
                return;
            }
            if Instant::now() > until {
                panic!("waited for {start}…{end}, and is at {path}: {}", self.text().await);
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// Waits until a person reads this.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn reads(&self, text: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let shown = self.text().await;
            if shown.contains(text) {
                return;
            }
            assert!(Instant::now() < until, "waited for {text:?} at {}: {shown}", self.path().await);
            tokio::time::sleep(STEP).await;
        }
    }

    /// What a person reads, blanks folded.
    pub async fn text(&self) -> String {
        // While one page follows another there may be no body.
        let Ok(body) = self.client.find(Locator::Css("body")).await else { return String::new() };
        let text = body.text().await.unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until the page has what a CSS selector finds.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn shows(&self, css: &str) {
        self.find(css).await;
    }

    /// Waits until the page no longer has what a CSS selector finds, as another one is shown.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn gone(&self, css: &str) {
        let until = Instant::now() + PATIENCE;
        while self.count(css).await > 0 {
            assert!(Instant::now() < until, "{css} is still there: {}", self.text().await);
            tokio::time::sleep(STEP).await;
        }
    }

    /// The text of the first element that a CSS selector finds.
    ///
    /// # Panics
    /// When there is none.
    pub async fn text_of(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("a text")
    }

    /// How many elements a CSS selector finds.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("a selector").len()
    }

    /// The addresses that the links lead to which a CSS selector finds, as they are written.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let mut found = Vec::new();
        for link in self.client.find_all(Locator::Css(css)).await.expect("a selector") {
            found.extend(link.attr("href").await.expect("an attribute"));
        }
        found
    }

    /// Fills in a field with the mouse and the keyboard.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap_or_else(|error| panic!("{css}: {error}"));
        field.send_keys(text).await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Chooses a file in a field for one.
    ///
    /// # Panics
    /// When there is no such field or file.
    pub async fn choose(&self, css: &str, file: &Path) {
        let field = self.find(css).await;
        let name = file.to_str().expect("a name in UTF-8");
        field.send_keys(name).await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// The addresses that were asked for since this was last asked: of pages and everything else, whoever asked. For
    /// windows that are [watched](crate::Manner::watched).
    ///
    /// # Panics
    /// When the driver keeps no log.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.post("se/log", json!({ "type": "performance" })).await;
        let entries = log.as_array().expect("a list of entries");
        let messages = entries.iter().filter_map(|entry| entry["message"].as_str());
        let messages = messages.filter_map(|text| serde_json::from_str::<Value>(text).ok());
        messages
            .map(|whole| whole["message"].clone())
            .filter(|message| message["method"] == "Network.requestWillBeSent")
            .filter_map(|message| message["params"]["request"]["url"].as_str().map(str::to_owned))
            .collect()
    }

    /// Clicks what a CSS selector finds; a page that this leads to is loaded afterwards.
    ///
    /// # Panics
    /// When there is nothing, or it cannot be clicked.
    pub async fn click(&self, css: &str) {
        let found = self.find(css).await;
        found.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Clicks it twice, as fast as the browser takes it.
    ///
    /// # Panics
    /// When it cannot be done.
    pub async fn double_click(&self, css: &str) {
        let found = self.find(css).await;
        self.script("arguments[0].scrollIntoView({ block: 'center' });", vec![json!(found)]).await;
        let at = PointerAction::MoveToElement { element: found, duration: None, x: 0.0, y: 0.0 };
        let down = || PointerAction::Down { button: fantoccini::actions::MOUSE_BUTTON_LEFT };
        let up = || PointerAction::Up { button: fantoccini::actions::MOUSE_BUTTON_LEFT };
        let mouse =
            MouseActions::new("mouse".into()).then(at).then(down()).then(up()).then(down()).then(up());
        self.client.perform_actions(mouse).await.expect("a double click");
    }

    /// Goes back, as the browser's button does.
    ///
    /// # Panics
    /// When it cannot.
    pub async fn back(&self) {
        self.client.back().await.expect("the page before");
    }

    /// Loads the page once more; one that was sent for is sent for again, as after the browser's own question.
    ///
    /// # Panics
    /// When it does not load.
    pub async fn again(&self) {
        self.client.refresh().await.expect("the page again");
    }

    /// Makes the page so wide and high.
    pub async fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.chromium("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// What sticks out sideways of a page that is shown so wide; empty when it fits (WCAG 1.4.10).
    pub async fn sticks_out(&self, width: u32) -> Vec<String> {
        self.size(width, 900).await;
        let found = self.script(STICKS_OUT, vec![]).await;
        found
            .as_array()
            .map(|all| all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
            .expect("a list")
    }

    /// The page must fit into this width.
    ///
    /// # Panics
    /// When something sticks out.
    pub async fn fits(&self, width: u32) {
        let out = self.sticks_out(width).await;
        assert!(out.is_empty(), "{} sticks out at {width} px: {out:#?}", self.path().await);
    }

    /// Gives the browser an authenticator of its own: it keeps passkeys, and its owner always agrees.
    pub async fn authenticator(&self) {
        let body = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        self.post("webauthn/authenticator", body).await;
    }

    /// A picture of the whole page, into a PNG file.
    ///
    /// # Panics
    /// When it cannot be taken or written.
    pub async fn shot(&self, file: &Path) {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let height = self.script("return document.documentElement.scrollHeight;", vec![]).await;
        let width = self.script("return innerWidth;", vec![]).await;
        self.size(whole_number(&width), whole_number(&height).clamp(600, 12_000)).await;
        let taken = self.chromium("Page.captureScreenshot", whole).await;
        let data = STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("Base64");
        std::fs::write(file, data).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Runs a script in the page.
    ///
    /// # Panics
    /// When it throws.
    pub async fn script(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute(script, args).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Closes the browser.
    pub async fn close(self) {
        self.client.close().await.expect("the browser ends");
    }

    pub(crate) async fn find(&self, css: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(found) => found,
            Err(error) => panic!("no {css} at {} ({error}): {}", self.path().await, self.text().await),
        }
    }

    pub(crate) async fn chromium(&self, command: &str, params: Value) -> Value {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": params })).await
    }

    async fn post(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Post { path, body }).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

fn whole_number(value: &Value) -> u32 {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).expect("a whole number")
}

/// A page that can be scrolled sideways, and the innermost elements that make it so.
const STICKS_OUT: &str = r"
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= width) return [];
const wide = (e) => e.getBoundingClientRect().right > width + 0.5;
const cut = (e) => e && e !== document.body && (getComputedStyle(e).overflowX !== 'visible' || cut(e.parentElement));
const found = [...document.querySelectorAll('body *')]
  .filter((e) => wide(e) && ![...e.children].some(wide) && !cut(e.parentElement));
return found.slice(0, 5).map((e) => e.outerHTML.slice(0, 160)).concat(
  found.length ? [] : ['scrollWidth is ' + document.documentElement.scrollWidth]);
";
