//! Fields of requests: parsed into the house's own types, each mistake named by its field.

use super::refusals::bad_field;
use authority_front::{Order, Refusal, RequestedName, Text, Validity};
use core_pack::sniff::{self, NotTheObject, Object};
use core_words::{ProfileId, UtcSeconds};
use serde::Deserialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// Octets of one PKCS#10 request, as PEM or DER; the authority takes no more than 64 KiB of DER.
pub const REQUEST_OCTETS: usize = 96 << 10;
/// Characters of an orderer's own reference.
pub const SUBJECT_REF_CHARS: usize = 200;
/// Attributes of a subject stated by the orderer.
pub const SUBJECT_ATTRIBUTES: usize = 32;
/// Characters of one attribute's value.
pub const ATTRIBUTE_CHARS: usize = 1_024;
/// dNSName entries stated by the orderer.
pub const DNS_NAMES: usize = 100;
/// Characters of a dNSName (RFC 1035 §2.3.4).
pub const DNS_NAME_CHARS: usize = 253;
/// Characters of an idempotency key.
pub const KEY_CHARS: usize = 128;
/// Characters of an idempotency key of a batch: the number of the order is added to it.
pub const BATCH_KEY_CHARS: usize = 120;

/// One order, as it stands in a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CertificateOrder)]
pub struct OrderBody<'a> {
    /// The profile to issue under.
    #[serde(borrow)]
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "tls-server")]
    pub profile: Cow<'a, str>,
    /// The PKCS#10 request: PEM, or DER in base64.
    #[serde(borrow)]
    #[schema(value_type = String, min_length = 1, max_length = 98304)]
    pub request: Cow<'a, str>,
    /// The subject, in order, where the profile lets the orderer state it; else that of the request.
    #[serde(default)]
    #[schema(max_items = 32)]
    pub subject: Option<Vec<AttributeBody>>,
    /// The dNSName entries, where the profile lets the orderer state them; else those of the request.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub dns_names: Option<Vec<String>>,
    /// The validity wished; else as the profile says.
    #[serde(default)]
    pub validity: Option<ValidityBody>,
    /// The orderer's own reference: no personal data.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub subject_ref: Option<String>,
}

/// One attribute of a subject.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Attribute)]
pub struct AttributeBody {
    /// Short name: `CN`, `O`, `OU`, `L`, `ST`, `C`, `serialNumber` …
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 40, example = "CN")]
    pub kind: String,
    /// The value.
    #[schema(min_length = 1, max_length = 1024)]
    pub value: String,
}

/// First and last second of validity, both inclusive.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Validity)]
pub struct ValidityBody {
    /// RFC 3339; now when absent.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub not_before: Option<String>,
    /// RFC 3339; as long as the profile says when absent.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub not_after: Option<String>,
}

/// Why an order cannot be made of what was sent.
#[derive(Debug)]
pub enum Unfit {
    /// A field is not of the form the schema asks for.
    Form(Refusal),
    /// The text in `request` is no PKCS#10 request.
    Request(Refusal),
}

impl From<Refusal> for Unfit {
    fn from(refusal: Refusal) -> Self {
        Self::Form(refusal)
    }
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Form(refusal) | Unfit::Request(refusal) => refusal,
        }
    }
}

impl OrderBody<'_> {
    /// The order this asks for, with the rest taken from `template` (orderer, key, authority …).
    ///
    /// # Errors
    /// The first field that cannot be what it must be, named with `prefix` before it.
    pub fn into_order(self, template: Order, prefix: &str) -> Result<Order, Unfit> {
        let at = |name: &str| format!("{prefix}{name}");
        let profile = ProfileId::new(&self.profile).map_err(|e| {
            bad_field(at("profile"), Text::new("プロファイル名の形式ではありません", e.to_string()))
        })?;
        let name = requested_name(self.subject, self.dns_names, &at)?;
        let validity = match self.validity {
            None => None,
            Some(wish) => Some(Validity {
                not_before: wish.not_before.map(|t| seconds(&t, at("validity.not_before"))).transpose()?,
                not_after: wish.not_after.map(|t| seconds(&t, at("validity.not_after"))).transpose()?,
            }),
        };
        if let Some(text) = &self.subject_ref {
            short(text, SUBJECT_REF_CHARS, at("subject_ref"))?;
        }
        let request =
            request_der(&self.request).map_err(|what| Unfit::Request(bad_field(at("request"), what)))?;
        Ok(Order { profile, request, name, validity, subject_ref: self.subject_ref, ..template })
    }
}

/// Checks an idempotency key: `most` visible ASCII characters at most, at least one.
///
/// # Errors
/// The refusal for a key of another form.
pub fn idempotency_key(value: &[u8], most: usize) -> Result<String, Refusal> {
    let formed = (1..=most).contains(&value.len()) && value.iter().all(|b| (0x21..0x7f).contains(b));
    match std::str::from_utf8(value) {
        Ok(text) if formed => Ok(text.to_owned()),
        _ => Err(super::refusals::bad_idempotency_key()),
    }
}

/// A time in RFC 3339, without its fraction.
///
/// # Errors
/// The refusal naming `field`.
pub fn seconds(text: &str, field: String) -> Result<UtcSeconds, Refusal> {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => Ok(UtcSeconds(time.as_second())),
        Err(_) => Err(bad_field(
            field,
            Text::new("RFC 3339 の日時ではありません", "is not a date and time of RFC 3339"),
        )),
    }
}

fn request_der(text: &str) -> Result<Vec<u8>, Text> {
    sniff::der(text.as_bytes(), Object::Request, REQUEST_OCTETS).map(Cow::into_owned).map_err(|error| {
        let ja = match error {
            NotTheObject::PrivateKey => "秘密鍵が含まれています。秘密鍵は誰にも送らないでください",
            NotTheObject::TooLong(_) => "大きすぎます",
            _ => "PKCS#10（PEM または base64 の DER）として読めません",
        };
        Text::new(ja, error.to_string())
    })
}

fn requested_name(
    subject: Option<Vec<AttributeBody>>,
    dns_names: Option<Vec<String>>,
    at: &impl Fn(&str) -> String,
) -> Result<Option<RequestedName>, Refusal> {
    if subject.is_none() && dns_names.is_none() {
        return Ok(None);
    }
    let subject = subject.unwrap_or_default();
    few(subject.len(), SUBJECT_ATTRIBUTES, at("subject"))?;
    for (i, attribute) in subject.iter().enumerate() {
        short(&attribute.kind, 40, at(&format!("subject[{i}].type")))?;
        short(&attribute.value, ATTRIBUTE_CHARS, at(&format!("subject[{i}].value")))?;
    }
    if let Some(names) = &dns_names {
        few(names.len(), DNS_NAMES, at("dns_names"))?;
        for (i, name) in names.iter().enumerate() {
            short(name, DNS_NAME_CHARS, at(&format!("dns_names[{i}]")))?;
        }
    }
    let subject = subject.into_iter().map(|a| (a.kind, a.value)).collect();
    Ok(Some(RequestedName { subject, dns_names }))
}

fn few(count: usize, most: usize, field: String) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    Err(bad_field(field, Text::new(format!("{most} 個までです"), format!("has more than {most} items"))))
}

fn short(text: &str, most: usize, field: String) -> Result<(), Refusal> {
    if !text.is_empty() && text.chars().count() <= most && !text.contains('\0') {
        return Ok(());
    }
    let what = Text::new(
        format!("1～{most} 文字（U+0000 を除く）にしてください"),
        format!("must have 1 to {most} characters, none of them U+0000"),
    );
    Err(bad_field(field, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_and_lose_their_fraction() {
        assert_eq!(seconds("2026-04-01T00:00:00.9+09:00", "f".into()), Ok(UtcSeconds(1_774_969_200)));
        for bad in ["", "2026-04-01", "tomorrow", "2026-13-01T00:00:00Z", "2026-04-01T00:00:00"] {
            let refusal = seconds(bad, "validity.not_after".into()).expect_err(bad);
            assert_eq!(refusal.fields[0].field, "validity.not_after");
        }
    }

    #[test]
    fn keys_are_printable_ascii() {
        assert!(idempotency_key(b"job-17/a", 128).is_ok());
        for bad in [&b""[..], &[b'a'; 129], b"a b", b"\x07", "あ".as_bytes(), b"\xff"] {
            assert!(idempotency_key(bad, 128).is_err());
        }
    }
}
