//! Requests for tests: good ones by rcgen, bad ones by hand.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

pub(crate) fn key() -> KeyPair {
    KeyPair::generate().expect("a P-256 key")
}

/// A request for a host under a fresh key, PEM.
pub(crate) fn fresh(host: &str) -> String {
    by(&key(), host)
}

/// A request for a host, PEM.
pub(crate) fn by(key: &KeyPair, host: &str) -> String {
    request(key, host).pem().expect("PEM")
}

/// The same, DER.
pub(crate) fn der(host: &str) -> Vec<u8> {
    request(&key(), host).der().to_vec()
}

fn request(key: &KeyPair, host: &str) -> rcgen::CertificateSigningRequest {
    let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, host);
    params.serialize_request(key).expect("a request")
}

pub(crate) fn base64(der: &[u8]) -> String {
    BASE64.encode(der)
}

/// A request with this RSA key and a signature that cannot be right, base64: keys are looked at before signatures.
pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> String {
    let key = tlv(0x30, &[&integer(modulus), &integer(exponent)]);
    let algorithm = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let spki = tlv(0x30, &[algorithm, &tlv(0x03, &[&[0], &key])]);
    let cn = tlv(0x30, &[b"\x06\x03\x55\x04\x03", &tlv(0x0c, &[b"weak.example.jp"])]);
    let name = tlv(0x30, &[&tlv(0x31, &[&cn])]);
    let info = tlv(0x30, &[&[2, 1, 0], &name, &spki, &tlv(0xa0, &[])]);
    let with_sha256 = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
    let signature = tlv(0x03, &[&[0], &vec![0x5a; modulus.len()]]);
    base64(&tlv(0x30, &[&info, with_sha256, &signature]))
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    tlv(0x02, &[if magnitude[0] & 0x80 == 0 { &[] } else { &[0] }, magnitude])
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match content.len() {
        n @ 0..=127 => out.push(n as u8),
        n @ 128..=255 => out.extend([0x81, n as u8]),
        n => out.extend([0x82, (n >> 8) as u8, n as u8]),
    }
    out.extend(content);
    out
}
