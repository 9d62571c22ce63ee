//! PKCS#10 requests made by our own code, as a subscriber's computer makes them (RFC 2986).

use super::broken;
use crate::fail::Outcome;
use core_x509::{
    assemble::assemble,
    name::Name,
    oid,
    tlv::{self, tlv},
};
use kit_keys::{SignInput, SoftKey};

/// version 0.
const VERSION: [u8; 3] = [tlv::INTEGER, 1, 0];

/// A request for `name`, and for a dNSName if one is given, signed with its key. DER.
pub(super) fn request(key: &SoftKey, name: &Name, dns: Option<&str>) -> Outcome<Vec<u8>> {
    let attributes = dns.map(extension_request).unwrap_or_default();
    let attributes = tlv(tlv::context_constructed(0), &[&attributes]);
    let info = tlv(tlv::SEQUENCE, &[&VERSION, name.der(), key.public_spki(), &attributes]);
    let signature = key.sign_now(SignInput::Message(&info)).map_err(|e| broken("signing a request", &e))?;
    // A request has the outer form of a certificate: what is signed, with what, the signature.
    Ok(assemble(&info, key.alg(), &signature))
}

/// The attribute extensionRequest with a subjectAltName (RFC 2985 §5.4.2).
fn extension_request(dns: &str) -> Vec<u8> {
    let names = tlv(tlv::SEQUENCE, &[&tlv(tlv::context(2), &[dns.as_bytes()])]);
    let extension = tlv(tlv::SEQUENCE, &[&oid::SUBJECT_ALT_NAME.der(), &tlv(tlv::OCTET_STRING, &[&names])]);
    let extensions = tlv(tlv::SEQUENCE, &[&extension]);
    tlv(tlv::SEQUENCE, &[&oid::EXTENSION_REQUEST.der(), &tlv(tlv::SET, &[&extensions])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_crypto::KeyAlg;
    use core_x509::{general_name::GeneralName, name, request::CertRequest, tlv::Limits};
    use kit_keys::Provider;

    #[test]
    fn k3_what_we_make_is_what_the_authority_reads() {
        for kind in [KeyAlg::P256, KeyAlg::P384, KeyAlg::Ed25519, KeyAlg::MlDsa65] {
            let key = SoftKey::generate(kind).expect("a key");
            let subject = Name::of(&[(name::CN, "host.example.jp")]).expect("a name");
            let der = request(&key, &subject, Some("host.example.jp")).expect("a request");
            let read = CertRequest::parse(&der, &Limits::DEFAULT).expect("a request");
            assert_eq!(read.subject.der(), subject.der());
            assert!(matches!(read.alt_names[..], [GeneralName::Dns("host.example.jp")]));
            read.verify(&Provider).expect("possession is proven");
        }
    }
}
