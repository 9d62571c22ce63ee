//! A request of the applicant's own (証明書発行要求, PKCS#10): pasted or as a file.

use super::{Ground, PATH, RENEWS};
use crate::web::applicant::parts;
use core_pack::pem;
use core_x509::{request::CertRequest, tlv};
use kit_web::{
    FieldError, Filled, FormData, Frame, Say, Stack,
    parts::{Field, Form, Steps},
};

/// The name of the field with the text.
pub(super) const FIELD: &str = "request";
/// The name of the field with the file.
const FILE: &str = "request_file";
/// Octets of a request as it is handed in: one with a large RSA key has under 3 KiB.
const MOST: usize = 16 * 1024;
/// What the BEGIN line of a request says; Windows' certreq writes the longer one.
const LABELS: [&str; 2] = [pem::label::REQUEST, "NEW CERTIFICATE REQUEST"];

/// Why what was handed in is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadRequest {
    /// Nothing was handed in.
    Missing,
    /// More than is read.
    TooLarge,
    /// A private key, which nobody must be given.
    PrivateKey,
    /// A certificate.
    Certificate,
    /// Several.
    Several,
    /// Anything else.
    Form,
}

/// The request in a form, DER: the file if there is one, else the text.
pub(super) fn read(form: &FormData) -> Result<Vec<u8>, BadRequest> {
    let file = form.file(FILE).map(|file| file.octets.as_slice());
    let octets = file.unwrap_or_else(|| form.get(FIELD).unwrap_or_default().trim().as_bytes());
    match octets {
        [] => return Err(BadRequest::Missing),
        long if long.len() > MOST => return Err(BadRequest::TooLarge),
        _ => {}
    }
    let der = if octets[0] == tlv::SEQUENCE { octets.to_vec() } else { of_pem(octets)? };
    match CertRequest::parse(&der, &tlv::Limits::DEFAULT) {
        Ok(_) => Ok(der),
        Err(_) => Err(BadRequest::Form),
    }
}

fn of_pem(text: &[u8]) -> Result<Vec<u8>, BadRequest> {
    // Whatever else is wrong with it: this is said first.
    if contains(text, b"PRIVATE KEY-----") {
        return Err(BadRequest::PrivateKey);
    }
    let blocks = pem::decode(text, &pem::Limits { text: MOST, blocks: 4 }).map_err(|_| BadRequest::Form)?;
    match blocks.as_slice() {
        [one] if LABELS.contains(&one.label.as_str()) => Ok(one.der.to_vec()),
        [one] if one.label == pem::label::CERTIFICATE => Err(BadRequest::Certificate),
        [_, _, ..] => Err(BadRequest::Several),
        _ => Err(BadRequest::Form),
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// A request as it is carried to the next page.
pub(super) fn carried(der: &[u8]) -> String {
    pem::encode(pem::label::REQUEST, der).to_string()
}

impl BadRequest {
    /// The form to be shown again. What may be a private key is not shown again.
    pub(super) fn filled(self, say: &Say, form: &FormData) -> Filled {
        let error = FieldError::new(FIELD, say.both(self.key()));
        if self != Self::PrivateKey {
            return Filled::new(form).with_errors([error]);
        }
        let rest = form.pairs().filter(|(name, _)| *name != FIELD);
        let rest = FormData::from_pairs(rest).unwrap_or_default();
        Filled::new(&rest).with_errors([error])
    }

    fn key(self) -> &'static str {
        match self {
            Self::Missing => "claims-request-missing",
            Self::TooLarge => "claims-request-large",
            Self::PrivateKey => "claims-request-private",
            Self::Certificate => "claims-request-certificate",
            Self::Several => "claims-request-several",
            Self::Form => "claims-request-form",
        }
    }
}

/// The page.
pub(super) fn content(frame: Frame, ground: &Ground, filled: &Filled) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .errors(filled.summary(say))
        .help(say.t("claims-request-help"), say.t("claims-request-help-text"))
        .help(say.t("claims-request-help-other"), say.t("claims-request-help-other-text"));
    let frame = parts::ask(frame, &ground.contact);
    let text =
        Field::textarea(say, FIELD, say.t("claims-request"), 8).hint(say.t("claims-request-hint")).optional();
    let file = Field::file(say, FILE, say.t("claims-request-file"), ".csr,.pem,.req,.p10,.der,.txt")
        .hint(say.t("claims-request-file-hint"))
        .optional();
    let mut form = Form::new(PATH, &ground.csrf, say.t("claims-to-check"))
        .to_check()
        .multipart()
        .hidden("email", filled.get("email").unwrap_or_default())
        .hidden("key", "own")
        .field(file)
        .field(text)
        .filled(filled)
        .cancel(say.t("claims-request-back"), PATH);
    if let Some(number) = ground.renews {
        form = form.hidden(RENEWS, number.to_string());
    }
    let demands = ["claims-request-rsa", "claims-request-name", "claims-request-safe"];
    let body = Stack::new()
        .add(&Steps::input(say))
        .text(&say.t("claims-request-about"))
        .text(&demands.map(|key| say.t(key)).join("\n"))
        .add(&form);
    (frame, body)
}
