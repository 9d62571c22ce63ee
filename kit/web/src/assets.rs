//! The style sheet, the script and the drawing of the tab: in the binary, under an address that changes with
//! their content, so that a browser may keep them for ever.

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    kind: &'static str,
    text: String,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let css = concat!(
        include_str!("../assets/tokens.css"),
        include_str!("../assets/base.css"),
        include_str!("../assets/frame.css"),
        include_str!("../assets/forms.css"),
        include_str!("../assets/parts.css"),
        include_str!("../assets/lists.css"),
        include_str!("../assets/manual.css"),
        include_str!("../assets/media.css"),
    );
    [
        Asset { name: "warifu.css", kind: "text/css; charset=utf-8", text: css.into() },
        Asset {
            name: "warifu.js",
            kind: "text/javascript; charset=utf-8",
            text: include_str!("../assets/warifu.js").into(),
        },
        Asset { name: "icon.svg", kind: "image/svg+xml", text: include_str!("../assets/icon.svg").into() },
    ]
});

/// The first 64 bits of the SHA-256 over all assets.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    ASSETS.iter().for_each(|asset| hash.update(asset.text.as_bytes()));
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
});

/// The address of an asset: `/assets/6a1f…/warifu.css`.
pub fn path(name: &str) -> String {
    format!("/assets/{}/{name}", *HASH)
}

/// The routes of the assets. An address of other content is not found, never answered with what is now.
pub(crate) fn router() -> Router {
    Router::new().route("/assets/{hash}/{name}", get(asset))
}

async fn asset(Path((hash, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name && hash == *HASH) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.text.as_str()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
