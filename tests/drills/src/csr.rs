//! Requests of subscribers: a few key pairs are enough, since a subject may order again with its own key.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use std::sync::OnceLock;

/// How many subjects there are.
const SUBJECTS: usize = 32;

/// The request of one of the subjects: PKCS#10, DER in base64.
///
/// # Panics
/// When the library cannot make a key.
pub fn request(subject: usize) -> &'static str {
    static REQUESTS: OnceLock<Vec<String>> = OnceLock::new();
    &REQUESTS.get_or_init(|| (0..SUBJECTS).map(make).collect())[subject % SUBJECTS]
}

fn make(subject: usize) -> String {
    let host = format!("host-{subject}.drill.example");
    let key = KeyPair::generate().expect("a P-256 key can be made");
    let mut params = CertificateParams::new(vec![host.clone()]).expect("it is a host name");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, host);
    BASE64.encode(params.serialize_request(&key).expect("a request can be made").der())
}
