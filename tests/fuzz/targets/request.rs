//! PKCS#10 requests: what anybody with a credential may send.
#![no_main]

use core_x509::{request::CertRequest, tlv::Limits};

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let Ok(request) = CertRequest::parse(der, &Limits::DEFAULT) else { return };
    assert_eq!(request.der, der);
    let _ = (request.subject.to_string(), request.key.check());
    for attribute in request.subject.attributes() {
        let _ = attribute.text();
    }
});
