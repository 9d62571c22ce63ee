//! Hands that have a keyboard and nothing else.

use crate::{Window, window::STEP};
use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key,
};
use std::time::{Duration, Instant};

/// A key that leads through a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// To the next stop.
    Tab,
    /// Follows a link, sends a form.
    Enter,
    /// Ticks a box, presses a button.
    Space,
}

/// How long a focus may glide until it is seen.
const GLIDE: Duration = Duration::from_secs(15);

/// More stops than any page has.
const MOST_STOPS: usize = 120;

impl Window {
    /// Presses a key.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn press(&self, pressed: Key) {
        let value = match pressed {
            Key::Tab => key::Key::Tab.into(),
            Key::Enter => key::Key::Enter.into(),
            Key::Space => ' ',
        };
        self.strike([value]).await;
    }

    /// Types a text where the focus is.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn types(&self, text: &str) {
        self.strike(text.chars()).await;
    }

    /// Goes with Tab alone to what a CSS selector finds. At each stop on the way one must see where one is
    /// (WCAG 2.4.7), and it must not lie under anything else (2.4.11).
    ///
    /// # Panics
    /// When Tab does not lead there, or the focus is not seen.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..MOST_STOPS {
            self.press(Key::Tab).await;
            if self.stop(css).await {
                return;
            }
        }
        panic!("Tab does not lead to {css} at {}: {}", self.path().await, self.text().await);
    }

    /// Waits until one sees the focus, which may glide into sight; whether it is where one wants to go.
    async fn stop(&self, css: &str) -> bool {
        let until = Instant::now() + GLIDE;
        loop {
            let stop = self.script(STOP, vec![css.into()]).await;
            let unseen = stop["unseen"].as_str().unwrap_or_default();
            if unseen.is_empty() {
                return stop["there"] == true;
            }
            assert!(Instant::now() < until, "{}: {unseen}: {}", self.path().await, stop["element"]);
            tokio::time::sleep(STEP).await;
        }
    }

    async fn strike(&self, values: impl IntoIterator<Item = char>) {
        let keys = KeyActions::new("keyboard".into());
        let keys = values
            .into_iter()
            .fold(keys, |keys, value| keys.then(KeyAction::Down { value }).then(KeyAction::Up { value }));
        self.client.perform_actions(keys).await.expect("keys");
    }
}

/// Where the focus is, and why one would not see it.
const STOP: &str = r"
const e = document.activeElement;
// Between the last stop and the first one the focus is the browser's own.
if (!e || e === document.body || e === document.documentElement) return { there: false };
const style = getComputedStyle(e), box = e.getBoundingClientRect();
const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
const on = (x, y) => {
  const top = document.elementFromPoint(x, y);
  return top && (e.contains(top) || top.contains(e) || [...(e.labels ?? [])].some((label) => label.contains(top)));
};
const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.9], [0.1, 0.9], [0.9, 0.1]]
  .map(([x, y]) => [box.left + x * box.width, box.top + y * box.height]);
let unseen = '';
if (!e.matches(':focus-visible')) unseen = 'the focus is not shown';
else if (!ring && style.boxShadow === 'none') unseen = 'no ring around the focus';
else if (box.width < 2 || box.height < 2) unseen = 'the focus has no size';
else if (!points.some(([x, y]) => inside(x, y) && on(x, y))) unseen = 'the focus lies outside or under something';
return { there: e.matches(arguments[0]), unseen, element: e.outerHTML.slice(0, 160) };
";
