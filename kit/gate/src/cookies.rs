//! The two cookies: the session, and the mark of a browser that has no session and fills in a form.
//!
//! Over TLS they bear the prefix `__Host-`, by which browsers see to it that they came from this host alone, over TLS,
//! for every path (RFC 6265bis §4.1.3.2).

use crate::{GateSettings, token::Token};
use axum::http::{HeaderMap, header};

/// The session.
pub(crate) const SESSION: &str = "gate_session";
/// The browser, before there is a session.
pub(crate) const BROWSER: &str = "gate_browser";

/// The value of `Set-Cookie`. Without an age: the cookie goes with the browser's session.
pub(crate) fn set(settings: &GateSettings, name: &str, value: &str) -> String {
    let (prefix, secure) = if settings.is_tls() { ("__Host-", "; Secure") } else { ("", "") };
    format!("{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}")
}

/// The value of `Set-Cookie` that takes a cookie away.
pub(crate) fn clear(settings: &GateSettings, name: &str) -> String {
    format!("{}; Max-Age=0", set(settings, name, ""))
}

/// The token in a cookie. Of several of one name the first; one of another form is none.
pub(crate) fn token(settings: &GateSettings, headers: &HeaderMap, name: &str) -> Option<Token> {
    let prefix = if settings.is_tls() { "__Host-" } else { "" };
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.strip_prefix(prefix) == Some(name))?;
    Token::read(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k9_over_tls_a_cookie_is_of_this_host_alone() {
        let plain = GateSettings::new("http://localhost:8080");
        let tls = GateSettings::new("https://warifu.example");
        assert_eq!(set(&plain, SESSION, "x"), "gate_session=x; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(set(&tls, SESSION, "x"), "__Host-gate_session=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        let value = "a".repeat(43);
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, format!("lang=ja; gate_session={value}").parse().expect("a header"));
        assert!(token(&plain, &headers, SESSION).is_some());
        // Another host under the same domain can set the bare name, not the one with the prefix.
        assert!(token(&tls, &headers, SESSION).is_none());
        headers.append(header::COOKIE, format!("__Host-gate_session={value}").parse().expect("a header"));
        assert!(token(&tls, &headers, SESSION).is_some());
        assert!(token(&plain, &headers, BROWSER).is_none());
    }
}
