//! The manuals of the desk, for applicants, for the federation and for operators: open to everybody, also before they
//! sign in. Their texts are `docs/manual/claims/*.md`, in the binary.

use super::{federation_door, provider_door};
use crate::Claims;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kit_web::{
    Frame, Guidance, Handbook, Pages, Picture, Refused, Sample, Stack,
    answers::no_page,
    page, page_html,
    parts::{Door, Doors},
};
use std::sync::LazyLock;

const FOLDER: &str = "/claims/manual";

/// What the manual says of the pages of applicants. A page that is not named leads to the manual's beginning.
pub(crate) const FOR_APPLICANTS: Guidance = Guidance {
    folder: FOLDER,
    manual: "applicant",
    sections: &[
        ("/claims", "applicant#状況の見方"),
        ("/claims/apply", "applicant#申請する"),
        ("/claims/cases/{no}/applied", "applicant#申請する"),
        ("/claims/cases/{no}/download", "applicant#ダウンロードと取り込み"),
        ("/claims/guide", "applicant#ダウンロードと取り込み"),
        ("/claims/password", "applicant#パスワードを忘れたとき"),
        ("/claims/open-notice", "applicant#パスワードを忘れたとき"),
        ("/claims/quotation", "applicant#見積書請求書と振込"),
    ],
};

/// The same for the pages of the federation.
pub(crate) const FOR_STAFF: Guidance = Guidance {
    folder: FOLDER,
    manual: "clerk",
    sections: &[
        ("/claims/desk", "clerk#一日の仕事"),
        ("/claims/desk/cases", "clerk#証明書を探す"),
        ("/claims/desk/cases/{no}", "clerk#審査する"),
        ("/claims/desk/cases/{no}/request-revocation", "clerk#失効の依頼を受ける"),
        ("/claims/desk/cases/{no}/undo-issue", "clerk#取り消す"),
        ("/claims/desk/cases/{no}/undo-reject", "clerk#取り消す"),
        ("/claims/desk/cases/{no}/undo-revocation", "clerk#取り消す"),
        ("/claims/desk/payments", "clerk#入金を登録する"),
        ("/claims/desk/holders", "clerk#事業所を管理する"),
        ("/claims/desk/holders/letters", "clerk#通知書を印刷する"),
        ("/claims/desk/holders/{number}/letter", "clerk#通知書を印刷する"),
        ("/claims/desk/holders/{number}/mandates", "clerk#委任"),
        ("/claims/desk/offset", "clerk#相殺ファイル"),
        ("/claims/desk/expiring", "clerk#期限と更新"),
        ("/claims/desk/deletion", "clerk#期限と更新"),
        ("/claims/desk/runs", "clerk#一括処理"),
        ("/claims/desk/jobs", "clerk#自動処理"),
        ("/claims/desk/ledger", "clerk#記録を見る"),
        ("/claims/desk/outbox", "clerk#メール"),
    ],
};

/// A file of `docs/manual/claims`.
macro_rules! file {
    ($include:ident, $name:expr) => {
        $include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/manual/claims/", $name))
    };
}

macro_rules! pictures {
    ($($name:literal),* $(,)?) => {
        &[$(Picture { name: $name, octets: file!(include_bytes, concat!("pictures/", $name)) }),*]
    };
}

const TEXTS: [(&str, &str); 3] = [
    ("applicant", file!(include_str, "applicant.md")),
    ("clerk", file!(include_str, "clerk.md")),
    ("operator", file!(include_str, "operator.md")),
];

/// Made by `cargo xtask manual-pictures`.
const PICTURES: &[Picture] = pictures![
    "apply.webp",
    "check.webp",
    "desk-cases.webp",
    "desk-overview.webp",
    "desk-payment.webp",
    "desk-review.webp",
    "desk-undo.webp",
    "download.webp",
    "fetched.webp",
    "home.webp",
    "invoice.webp",
    "sign-in.webp",
    "status.webp",
];

static BOOK: LazyLock<Handbook> = LazyLock::new(|| {
    Handbook::read(FOLDER, &TEXTS, PICTURES).expect("a test reads the manuals before they are shipped")
});

/// The pages under `/claims/manual`.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route("/claims/manual", get(index))
        .route("/claims/manual/{name}", get(show))
        .route("/claims/manual/pictures/{name}", get(picture))
}

async fn index(frame: Frame) -> Response {
    page(&frame, &frame.say.t("claims-manual"), &list(&frame), StatusCode::OK)
}

async fn show(Path(name): Path<String>, frame: Frame) -> Result<Response, Refused> {
    let (frame, title, body) = content(frame, &name).ok_or_else(|| Refused(no_page()))?;
    Ok(page(&frame, &title, &body, StatusCode::OK))
}

async fn picture(Path(name): Path<String>) -> Result<Response, Refused> {
    let picture = BOOK.picture(&name).ok_or_else(|| Refused(no_page()))?;
    let headers = [(header::CONTENT_TYPE, Picture::KIND), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((headers, picture.octets).into_response())
}

/// The manuals, each with whom it is for.
fn list(frame: &Frame) -> Stack {
    let say = &frame.say;
    // keys: claims-manual-for-* claims-manual-about-*
    let doors = BOOK.manuals().iter().map(|manual| Door {
        name: title(frame, manual.name),
        whom: say.t(&format!("claims-manual-for-{}", manual.name)),
        what: say.t(&format!("claims-manual-about-{}", manual.name)),
        href: format!("{FOLDER}/{}", manual.name),
    });
    Stack::new().text(&say.t("claims-manual-about")).add(&Doors::new(doors.collect()))
}

/// One manual: the frame of the side that it is for, its heading, its text.
fn content(frame: Frame, name: &str) -> Option<(Frame, String, Stack)> {
    let manual = BOOK.manual(name)?;
    let door = if name == FOR_APPLICANTS.manual { provider_door() } else { federation_door() };
    let title = title(&frame, name);
    let body = manual.body(&frame.say);
    let all = frame.say.t("claims-manual");
    Some((Frame { desk: Some(door), ..frame.crumb(all, FOLDER) }, title, body))
}

fn title(frame: &Frame, name: &str) -> String {
    // keys: claims-manual-title-*
    frame.say.t(&format!("claims-manual-title-{name}"))
}

/// The manuals for the gallery.
pub(super) fn samples() -> Vec<Sample> {
    fn one(frame: Frame, name: &str) -> String {
        content(frame, name).map_or_else(String::new, |(frame, title, body)| page_html(&frame, &title, &body))
    }
    vec![
        Sample::new("claims", "manual", |frame| {
            page_html(&frame, &frame.say.t("claims-manual"), &list(&frame))
        }),
        Sample::new("claims", "manual-applicant", |frame| one(frame, "applicant")),
        Sample::new("claims", "manual-clerk", |frame| one(frame, "clerk")),
        Sample::new("claims", "manual-operator", |frame| one(frame, "operator")),
    ]
}

#[cfg(test)]
mod tests;
