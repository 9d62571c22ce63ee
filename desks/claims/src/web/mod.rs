//! The pages of the desk: those of care providers and agents under `/claims`, those of the federation under `/claims/desk`.
//! One screen, one file.

pub(crate) mod applicant;
pub(crate) mod federation;
mod manual;
pub(crate) mod samples;
mod show;
mod who;

pub(crate) use who::{Applicant, Staff, holder_of};

use crate::{Claims, no};
use axum::{
    Extension,
    body::Body,
    http::header,
    middleware::from_fn,
    response::{IntoResponse, Response},
};
use core_words::{CaseNumber, Text};
use kit_web::{DoorLabel, Pages, Refused, Sample, middleware::refusal_pages};

/// All pages of the desk.
pub(crate) fn router(claims: &Claims) -> Pages {
    // Pages of refusal are made inside of the doors and of the gate: they show who is signed in, and the desk's menu.
    let behind = |pages: Pages<Claims>, door: DoorLabel| {
        pages.around(|router| router.layer(from_fn(refusal_pages)).layer(Extension(door)))
    };
    let applicant = behind(applicant::router(), provider_door());
    let federation = behind(federation::router(), federation_door());
    applicant.merge(federation).merge(manual::router()).with_state(claims.clone())
}

/// All pages with sample data.
pub(crate) fn samples() -> Vec<Sample> {
    let mut samples = applicant::samples();
    samples.extend(federation::samples());
    samples.extend(manual::samples());
    samples
}

/// The side of care providers and agents.
pub(crate) fn provider_door() -> DoorLabel {
    DoorLabel {
        name: Text::new("電子証明書の窓口", "Certificates for claims"),
        href: "/claims".into(),
        nav: vec![
            (Text::new("証明書", "Certificates"), "/claims".into()),
            (Text::new("発行を申請する", "Apply"), "/claims/apply".into()),
            (Text::new("見積書", "Quotation"), "/claims/quotation".into()),
            (Text::new("お知らせ", "Notices"), "/claims/notices".into()),
        ],
        manual: Some(manual::FOR_APPLICANTS),
    }
}

/// The side of the federation.
pub(crate) fn federation_door() -> DoorLabel {
    DoorLabel {
        name: Text::new("証明書発行管理", "Certificate management"),
        href: "/claims/desk".into(),
        nav: vec![
            (Text::new("今日の仕事", "Today’s work"), "/claims/desk".into()),
            (Text::new("証明書一覧", "Certificates"), "/claims/desk/cases".into()),
            (Text::new("入金", "Payments"), "/claims/desk/payments".into()),
            (Text::new("事業所管理", "Providers and agents"), "/claims/desk/holders".into()),
            (Text::new("手数料の相殺", "Offset of fees"), "/claims/desk/offset".into()),
            (Text::new("期限の近い証明書", "Ending soon"), "/claims/desk/expiring".into()),
            (Text::new("一括処理", "Mass work"), "/claims/desk/runs".into()),
            (Text::new("送信メール", "Mails"), "/claims/desk/outbox".into()),
            (Text::new("自動処理", "Jobs"), "/claims/desk/jobs".into()),
            (Text::new("記録", "Records"), "/claims/desk/ledger".into()),
        ],
        manual: Some(manual::FOR_STAFF),
    }
}

/// A file to be saved, and kept by nobody on the way. Its name is of letters and digits of ASCII, `.`, `-` and `_`.
pub(crate) fn attached(kind: &str, name: &str, octets: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, octets.into()).into_response()
}

/// The number of a case in a path; anything else is a case that does not exist.
pub(crate) fn number(text: &str) -> Result<CaseNumber, Refused> {
    CaseNumber::parse(text).map_err(|_| Refused(no::no_case()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn k17_every_text_is_there_and_said() {
        kit_web::testing::every_key_is_there(&crate::plug::TEXTS, env!("CARGO_MANIFEST_DIR"));
    }
}
