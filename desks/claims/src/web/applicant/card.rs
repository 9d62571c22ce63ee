//! The certificate of a case: first as a sentence and a bar, then in detail.

use crate::{service::CaseFile, status::Standing, web::show, words::KeyState};
use authority_front::CertificateView;
use core_crypto::Digest;
use core_x509::certificate::Certificate;
use kit_web::{
    Say, Tone,
    parts::{CertificateCard, CopyCode, Row, StatusTag},
};

/// What stands in the certificate itself.
pub(super) struct Inside {
    issuer: String,
    subject: String,
    /// SHA-256 of the whole, hexadecimal.
    fingerprint: String,
}

impl Inside {
    /// Reads what the authority handed over; `None` for what is no certificate, which the log tells of.
    pub(super) fn of(view: &CertificateView, digest: &dyn Digest) -> Option<Self> {
        let certificate = Certificate::parse(&view.der)
            .inspect_err(|error| tracing::error!(%error, "a certificate of the authority"))
            .ok()?;
        Some(Self {
            issuer: certificate.tbs.issuer.to_string(),
            subject: certificate.tbs.subject.to_string(),
            fingerprint: digest.sha256(&view.der).iter().map(|octet| format!("{octet:02x}")).collect(),
        })
    }

    /// For the gallery.
    pub(super) fn for_gallery() -> Self {
        Self {
            issuer: "CN=Claims CA G1,O=National Federation,C=JP".into(),
            subject: "CN=1310000011,O=Claims,C=JP".into(),
            fingerprint: "3f9ab1c20de84f7796b5a01342cc9d58e7f60b1a2c3d4e5f60718293a4b5c6d7".into(),
        }
    }
}

/// The card; `None` before there is a certificate. Without `inside`, what the desk itself knows is shown.
pub(super) fn card(say: &Say, file: &CaseFile, inside: Option<&Inside>) -> Option<CertificateCard> {
    let holding = file.case.case.holding()?;
    let certificate = &holding.certificate;
    let (from, until) = (certificate.not_before.micros(), certificate.not_after.micros());
    let whose = [("name", file.holder.name.as_str().into()), ("number", file.holder.number.as_str().into())];
    let tag = match file.case.case.standing() {
        Standing::Issued if until < file.now => StatusTag::new(Tone::Neutral, say.t("claims-card-over")),
        // Nobody has its key.
        Standing::Issued if matches!((&holding.key, holding.fetched), (KeyState::Erased { .. }, None)) => {
            StatusTag::new(Tone::Neutral, say.t("claims-card-lost"))
        }
        Standing::Issued => StatusTag::new(Tone::Success, say.t("claims-card-valid")),
        other => show::tag(say, other),
    };
    let card = CertificateCard::new(say, say.with("claims-card-whose", &whose), tag, from, until, file.now)
        .detail(Row::text(say.t("claims-card-from"), &say.date_time(from)))
        .detail(Row::text(say.t("claims-card-until"), &say.date_time(until)))
        .detail(Row::text(say.t("claims-card-serial"), &certificate.cert.serial.to_string()));
    let Some(inside) = inside else {
        return Some(card.detail(Row::text(say.t("claims-card-more"), &say.t("claims-card-later"))));
    };
    let code = CopyCode::new(say, say.t("claims-card-fingerprint"), &inside.fingerprint);
    Some(
        card.detail(Row::text(say.t("claims-card-subject"), &inside.subject))
            .detail(Row::text(say.t("claims-card-issuer"), &inside.issuer))
            .detail(Row::part(say.t("claims-card-compare"), &code)),
    )
}
