//! Whether a request came from a page of ours, as far as the browser says so.

use crate::GateSettings;
use axum::http::{HeaderMap, header};

/// `Sec-Fetch-Site` decides where it is sent, else `Origin` (RFC 6454 §7). Where neither is, as from an old browser,
/// this says yes and the form's token alone decides.
pub(crate) fn is_ours(settings: &GateSettings, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|o| o.eq_ignore_ascii_case(settings.origin())),
        None => true,
    }
}

/// Whether a text is a path within this service, to be led back to: nothing else may stand in a redirect.
pub(crate) fn is_local_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= 2000
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k9_requests_from_other_sites_are_told_apart() {
        let settings = GateSettings::new("https://warifu.example/");
        let ours = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("a header"));
            }
            is_ours(&settings, &headers)
        };
        assert!(ours(&[]));
        assert!(ours(&[("origin", "https://warifu.example")]));
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        for origin in
            ["https://evil.example", "null", "http://warifu.example", "https://warifu.example:444", ""]
        {
            assert!(!ours(&[("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!ours(&[("sec-fetch-site", site), ("origin", "https://warifu.example")]), "{site}");
        }
    }

    #[test]
    fn no_redirect_leads_out_of_the_house() {
        assert!(is_local_path("/claims/cases?q=%E3%81%82&page=2"));
        let long = format!("/{}", "a".repeat(2000));
        for bad in [
            "",
            "claims",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/ b",
            "/あ",
            &long,
        ] {
            assert!(!is_local_path(bad), "{bad}");
        }
    }
}
