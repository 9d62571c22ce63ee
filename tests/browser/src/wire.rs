//! What WebDriver and Chromium know beyond the crate that speaks for us: virtual authenticators (WebAuthn Level 2
//! §11) and Chromium's own protocol.

use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::http::Method;
use serde_json::Value;
use url::{ParseError, Url};

/// Ends chromedriver and every browser it started.
pub(crate) const SHUTDOWN: &[u8] = b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// A command of a session: its path below the session, and what is posted there.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) path: &'static str,
    pub(crate) body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
