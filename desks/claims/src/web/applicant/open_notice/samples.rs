//! The page with sample data, and without its script.

use super::content;
use crate::web::applicant::samples::{contact, html, seated};
use kit_web::Sample;

/// The pages for the gallery.
pub(in crate::web::applicant) fn samples() -> Vec<Sample> {
    vec![Sample::new("claims", "provider-open-notice", |frame| {
        let frame = seated(frame);
        let title = frame.say.t("claims-open-notice-title");
        html(&title, content(frame, &contact(), false))
    })]
}
