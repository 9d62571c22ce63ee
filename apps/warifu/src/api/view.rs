//! Answers, written out by hand where they are on the hot path.

use authority_front::{CertificateState, CertificateView, Issued};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use core_words::{CertRef, UtcMicros, UtcSeconds};
use serde::Serialize;
use utoipa::ToSchema;

/// An issued certificate, as the API answers it. Described here; written by [`issued`].
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedCertificate)]
pub struct IssuedBody {
    /// The issuing authority.
    pub authority: String,
    /// Serial number, lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{1,40}$")]
    pub serial: String,
    /// The certificate, PEM.
    pub certificate: String,
    /// First second of validity.
    #[schema(format = DateTime)]
    pub not_before: String,
    /// Last second of validity.
    #[schema(format = DateTime)]
    pub not_after: String,
    /// When it was published.
    #[schema(format = DateTime)]
    pub issued_at: String,
    /// Where to find more.
    pub links: Links,
}

/// Where things belonging to a certificate are found, as paths on this server.
#[derive(Serialize, ToSchema)]
pub struct Links {
    /// The certificate and its state.
    #[serde(rename = "self")]
    pub this: String,
    /// The certificate, DER.
    pub der: String,
    /// The certificate, PEM.
    pub pem: String,
    /// The certificate of the issuer, DER.
    pub issuer: String,
    /// Its place in the ledger, with an inclusion proof.
    pub proof: String,
}

/// A certificate and its state.
#[derive(Serialize, ToSchema)]
#[schema(as = CertificateState)]
pub struct StateBody {
    /// `good`, `held` or `revoked`.
    #[schema(pattern = "^(good|held|revoked)$")]
    pub state: &'static str,
    /// Since when it is held or revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    pub since: Option<String>,
    /// Why, by its name in RFC 5280.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<&'static str>,
    /// Since when the key is known or suspected to be bad.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    pub invalidity_date: Option<String>,
}

/// A certificate that was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = Certificate)]
pub struct CertificateBody {
    /// The issuing authority.
    pub authority: String,
    /// Serial number, lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{1,40}$")]
    pub serial: String,
    /// Its state now.
    pub status: StateBody,
    /// The profile it was issued under.
    pub profile: String,
    /// When it was published.
    #[schema(format = DateTime)]
    pub issued_at: String,
    /// The orderer's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subject_ref: Option<String>,
    /// The certificate, PEM.
    pub certificate: String,
}

/// The path of a certificate on this server.
pub fn path(cert: &CertRef) -> String {
    format!("/api/v1/authorities/{}/certificates/{}", cert.authority, cert.serial)
}

/// Writes an [`IssuedBody`]. Nothing in it needs escaping but line ends: names, digits and base64.
pub fn issued(issued: &Issued, out: &mut Vec<u8>) {
    let (authority, generation) = (&issued.cert.authority, issued.generation);
    let path = path(&issued.cert);
    out.reserve(issued.der.len() * 3 / 2 + 700);
    let mut put = |parts: &[&str]| parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
    put(&["{\"authority\":\"", authority.as_str(), "\",\"serial\":\"", &issued.cert.serial.to_string()]);
    put(&["\",\"certificate\":\"", &pem_in_json(&issued.der)]);
    put(&["\",\"not_before\":\"", &rfc3339(issued.not_before), "\",\"not_after\":\""]);
    put(&[&rfc3339(issued.not_after), "\",\"issued_at\":\"", &rfc3339_micros(issued.issued_at)]);
    put(&["\",\"links\":{\"self\":\"", &path, "\",\"der\":\"", &path, ".cer\",\"pem\":\"", &path]);
    put(&[".pem\",\"issuer\":\"/ca/", authority.as_str(), "/", &generation.to_string()]);
    put(&[".cer\",\"proof\":\"", &path, "/proof\"}}"]);
}

/// A certificate as PEM.
pub fn pem(der: &[u8]) -> String {
    core_pack::pem::encode(core_pack::pem::label::CERTIFICATE, der).to_string()
}

/// A certificate and its state.
pub fn certificate(view: CertificateView) -> CertificateBody {
    CertificateBody {
        authority: view.cert.authority.to_string(),
        serial: view.cert.serial.to_string(),
        status: state(&view.state),
        profile: view.profile,
        issued_at: rfc3339_micros(view.issued_at),
        subject_ref: view.subject_ref,
        certificate: pem(&view.der),
    }
}

/// A state.
pub fn state(state: &CertificateState) -> StateBody {
    let nothing = StateBody { state: "good", since: None, reason: None, invalidity_date: None };
    match state {
        CertificateState::Good => nothing,
        CertificateState::Held { since } => {
            StateBody { state: "held", since: Some(rfc3339_micros(*since)), ..nothing }
        }
        CertificateState::Revoked { at, reason, invalidity } => StateBody {
            state: "revoked",
            since: Some(rfc3339_micros(*at)),
            reason: Some(reason.name()),
            invalidity_date: invalidity.map(rfc3339),
        },
    }
}

/// A whole second in RFC 3339, UTC.
pub fn rfc3339(time: UtcSeconds) -> String {
    jiff::Timestamp::from_second(time.0).map_or_else(|_| "0000-01-01T00:00:00Z".into(), |t| t.to_string())
}

/// A time in RFC 3339, UTC, with its microseconds.
pub fn rfc3339_micros(time: UtcMicros) -> String {
    jiff::Timestamp::from_microsecond(time.0)
        .map_or_else(|_| "0000-01-01T00:00:00Z".into(), |t| format!("{t:.6}"))
}

/// PEM whose line ends are escaped for JSON.
fn pem_in_json(der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut out = String::with_capacity(base64.len() + base64.len() / 32 + 64);
    out.push_str("-----BEGIN CERTIFICATE-----\\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push_str("\\n");
        rest = after;
    }
    out.push_str("-----END CERTIFICATE-----\\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::{AuthorityId, Serial};

    #[test]
    fn what_is_written_by_hand_is_the_json_that_is_described() {
        let cert = CertRef {
            authority: AuthorityId::new("claims-ca").expect("a name"),
            serial: Serial::from_hex("0a0b").expect("a serial"),
        };
        for len in [1, 47, 48, 49, 500] {
            let der = vec![0x30; len];
            let issued_now = Issued {
                cert: cert.clone(),
                order_id: 1,
                der: der.clone(),
                not_before: UtcSeconds(0),
                not_after: UtcSeconds(1_774_969_199),
                issued_at: UtcMicros(1_500_000),
                generation: 2,
                repeated: false,
            };
            let mut out = Vec::new();
            issued(&issued_now, &mut out);
            let json: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
            assert_eq!(json["serial"], "0a0b");
            assert_eq!(json["certificate"], pem(&der));
            assert_eq!(json["not_after"], "2026-03-31T14:59:59Z");
            assert_eq!(json["issued_at"], "1970-01-01T00:00:01.500000Z");
            assert_eq!(json["links"]["issuer"], "/ca/claims-ca/2.cer");
            assert_eq!(json["links"]["proof"], "/api/v1/authorities/claims-ca/certificates/0a0b/proof");
        }
    }
}
