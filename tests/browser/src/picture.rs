//! Pictures for manuals: a part of a page, small, and the same from the same page.

use crate::Window;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use std::path::Path;

/// Pixels of every picture from side to side: letters stay sharp on fine screens.
const WIDTH: u32 = 1200;
const QUALITY: u8 = 60;
/// Around the part.
const MARGIN: f64 = 16.0;

/// Which part of a page: from the top of the one element to the bottom of the other, over the whole width.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// How wide the page is shown, in its own pixels.
    pub width: u32,
    /// A CSS selector.
    pub from: &'a str,
    /// A CSS selector.
    pub to: &'a str,
}

impl Window {
    /// A picture of a part of the page, into a WebP file.
    ///
    /// # Panics
    /// When the page has no such part, or the picture cannot be taken or written.
    pub async fn picture(&self, file: &Path, part: Part<'_>) {
        self.size(part.width, 12_000).await;
        let script = "const box = (css) => document.querySelector(css).getBoundingClientRect(); \
                      return [box(arguments[0]).top, box(arguments[1]).bottom];";
        let found = self.script(script, vec![json!(part.from), json!(part.to)]).await;
        let at = |index: usize| found[index].as_f64().expect("a place");
        let top = (at(0) - MARGIN).max(0.0).floor();
        let height = (at(1) + MARGIN - top).ceil();
        let scale = f64::from(WIDTH) / f64::from(part.width);
        let clip = json!({ "x": 0, "y": top, "width": part.width, "height": height, "scale": scale });
        let how = json!({
            "format": "webp", "quality": QUALITY, "captureBeyondViewport": true, "clip": clip,
        });
        let taken = self.chromium("Page.captureScreenshot", how).await;
        let data = STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("Base64");
        std::fs::write(file, data).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}
