//! The ceremony record: what was made, by whom and with which rules, signed (K1).
//!
//! It is JSON, so that people can read it, and is signed as the octets it has. The signature is a bare
//! Ed25519 signature of 64 octets by the *record key* of the installation: a key of its own, made in the
//! first ceremony and sealed like the others, so that one command verifies every record whatever the
//! algorithms of the authorities. The record names the record key; the ledger holds the SHA-256 of both,
//! and the checkpoints vouch for the ledger.
//!
//! ```text
//! openssl pkeyutl -verify -pubin -inkey ceremony.pub.pem -rawin -in ceremony.json -sigfile ceremony.json.sig
//! ```

use super::file::Participant;
use core_pack::pem;
use core_words::{UtcMicros, UtcSeconds};
use core_x509::time::show;
use serde::{Deserialize, Serialize};

/// The form of records written today.
pub const VERSION: u32 = 1;
/// What records name as the software.
pub(super) const SOFTWARE: &str = concat!("warifu ", env!("CARGO_PKG_VERSION"));

/// A ceremony record. While the ceremony is under way it holds what was fixed at its beginning, and
/// `finished` is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// What it was held for.
    pub occasion: Occasion,
    /// The installation.
    pub installation: InstallationName,
    /// SHA-256 of the ceremony file, or of the statement of a rollover, in hexadecimal.
    pub file_sha256: String,
    /// The software and its version.
    pub software: String,
    /// When it began, RFC 3339.
    pub begun: String,
    /// Who began it.
    pub begun_by: String,
    /// When it was finished, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// Who finished it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_by: Option<String>,
    /// Who was present.
    pub participants: Vec<Participant>,
    /// The profiles in force.
    pub profiles: Vec<ProfileNote>,
    /// Every certificate that was made, in the order of making.
    #[serde(default)]
    pub certificates: Vec<CertificateNote>,
    /// The public half of the record key: SubjectPublicKeyInfo, DER, in hexadecimal.
    pub record_key: String,
}

/// What a ceremony was held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// To make what a file declares.
    Ceremony,
    /// To give an authority a new key.
    Rollover,
}

/// What was fixed at the first ceremony and never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstallationName {
    /// The origin of the ledger's checkpoints.
    pub name: String,
    /// What the URLs in certificates begin with.
    pub base_url: String,
}

/// A profile that was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileNote {
    /// Its name.
    pub id: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// A certificate that was made, and the key in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateNote {
    /// `root`, `issuing`, `ocsp`, `tsa`, `old-with-new` or `new-with-old`.
    pub kind: String,
    /// Whose key it certifies: `claims-root/1`, `claims-ca/ocsp-1`.
    pub name: String,
    /// The authority that signed it and the generation of its key: `claims-root/1`.
    pub issuer: String,
    /// The kind of the key.
    pub key: String,
    /// SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
    pub spki_sha256: String,
    /// Its subject, RFC 4514.
    pub subject: String,
    /// Its serial number, in hexadecimal.
    pub serial: String,
    /// First second of validity, RFC 3339.
    pub not_before: String,
    /// Last second of validity, RFC 3339.
    pub not_after: String,
    /// The profile it was made under.
    pub profile: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub sha256: String,
}

/// A finished record with its signature, as it is exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRecord {
    /// `ceremony.json`: the octets that are signed.
    pub json: String,
    /// `ceremony.json.sig`: 64 octets.
    pub signature: Vec<u8>,
    /// `ceremony.pub.pem`: the record key.
    pub public_key_pem: String,
}

impl Record {
    /// The text that is stored, signed and exported: indented, with a line feed at its end.
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("a record has text keys and no numbers that fail");
        text.push('\n');
        text
    }

    /// Reads a text written by [`to_json`](Self::to_json).
    pub(super) fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl SignedRecord {
    /// A record signed by the key with this SubjectPublicKeyInfo.
    pub(super) fn new(json: String, signature: Vec<u8>, spki: &[u8]) -> Self {
        let public_key_pem = pem::encode(pem::label::PUBLIC_KEY, spki).as_str().to_owned();
        Self { json, signature, public_key_pem }
    }
}

/// Microseconds as the record shows them: whole seconds, RFC 3339.
pub(super) fn moment(time: UtcMicros) -> String {
    second(time.whole_seconds())
}

/// A second as the record shows it.
pub(super) fn second(time: UtcSeconds) -> String {
    show(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Record {
        Record {
            version: VERSION,
            occasion: Occasion::Ceremony,
            installation: InstallationName { name: "a/b".into(), base_url: "http://a".into() },
            file_sha256: "07".repeat(32),
            software: SOFTWARE.into(),
            begun: moment(UtcMicros(1_700_000_000_999_999)),
            begun_by: "cli:root".into(),
            finished: None,
            finished_by: None,
            participants: Vec::new(),
            profiles: Vec::new(),
            certificates: Vec::new(),
            record_key: "0102".into(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = begun().to_json();
        assert!(text.contains("\"begun\": \"2023-11-14T22:13:20Z\"") && !text.contains("finished"));
        assert_eq!(Record::from_json(&text).expect("readable"), begun());
        assert!(Record::from_json(&text.replace("\"begun\"", "\"began\"")).is_err());
    }
}
