//! 「お知らせを復号する」: the decryption tool (復号ツール, C7) as a page. The notice, the file of the certificate and its
//! password stay in the browser: the page has no form that is sent, and its policy forbids it to connect anywhere.
//!
//! Open to everybody: it reads nothing here. Three scripts, put together in this order:
//!
//! | script | what |
//! |---|---|
//! | `der.js` | DER, read strictly |
//! | `keys.js` | key and certificates out of a PKCS#12 file or PEM |
//! | `cms.js` | the notice: CMS EnvelopedData |
//! | `page.js` | the fields, the button, what is said |

mod samples;

pub(super) use samples::samples;

use super::parts;
use crate::Claims;
use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use core_words::Text;
use kit_web::{
    Frame, Stack, Tone,
    middleware::alone,
    page,
    parts::{BackLink, Banner, Field},
};

/// The page.
pub(super) const PATH: &str = "/claims/open-notice";
/// Its script.
pub(super) const SCRIPT: &str = "/claims/open-notice.js";

const SOURCE: &str =
    concat!(include_str!("der.js"), include_str!("keys.js"), include_str!("cms.js"), include_str!("page.js"));

pub(super) async fn show(State(claims): State<Claims>, frame: Frame) -> Response {
    let (frame, body) = content(frame, &claims.settings().contact, true);
    alone(page(&frame, &frame.say.t("claims-open-notice-title"), &body, StatusCode::OK))
}

pub(super) async fn script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "no-cache")], SOURCE)
}

/// The page; in samples without its script.
fn content(frame: Frame, contact: &Text, script: bool) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .help(say.t("claims-open-notice-help-lost"), say.t("claims-open-notice-help-lost-text"))
        .help(say.t("claims-open-notice-help-command"), say.t("claims-open-notice-help-command-text"));
    let frame = parts::ask(frame, contact);
    let stays = Banner::new(say, Tone::Info, say.t("claims-open-notice-stays"))
        .text(say.t("claims-open-notice-stays-text"));
    // keys: claims-open-notice-say-*
    let sentences = SAID.map(|what| (what, say.t(&format!("claims-open-notice-say-{what}"))));
    let tool = Tool {
        notice: Field::file(say, "notice", say.t("claims-open-notice-file"), ".p7m,.pem")
            .hint(say.t("claims-open-notice-file-hint")),
        key: Field::file(say, "key", say.t("claims-open-notice-key"), ".p12,.pfx,.pem,.key")
            .hint(say.t("claims-open-notice-key-hint")),
        password: Field::password(say, "password", say.t("claims-open-notice-password"))
            .needed(say.t("claims-open-notice-password-needed"))
            .hint(say.t("claims-open-notice-password-hint"))
            .autocomplete("off"),
        submit: say.t("claims-open-notice-submit"),
        text: say.t("claims-open-notice-text"),
        clear: say.t("claims-open-notice-clear"),
        no_script: say.t("claims-open-notice-no-script"),
        sentences: sentences.to_vec(),
        script: script.then_some(SCRIPT),
    };
    let body = Stack::new()
        .text(&say.t("claims-open-notice-about"))
        .add(&stays)
        .add(&tool)
        .add(&BackLink::new(say, "/claims/notices").label(say.t("claims-notices-back")));
    (frame, body)
}

/// What the script says, by the names it has for it.
const SAID: [&str; 13] = [
    "busy",
    "opened",
    "no-crypto",
    "no-notice",
    "no-key",
    "too-long",
    "bad-notice",
    "bad-key",
    "wrong-password",
    "other-certificate",
    "unsupported",
    "damaged",
    "cleared",
];

/// Fields outside of a form: there is nothing that a browser could send.
#[derive(Template)]
#[template(path = "provider/open_notice.html")]
struct Tool {
    notice: Field,
    key: Field,
    password: Field,
    submit: String,
    text: String,
    clear: String,
    no_script: String,
    sentences: Vec<(&'static str, String)>,
    script: Option<&'static str>,
}
