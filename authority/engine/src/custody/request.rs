//! A request signed with a new key (PKCS#10, RFC 2986): an empty subject, the key, no attributes.

use core_x509::tlv;
use kit_keys::{KeyError, SignInput, SoftKey};

/// Writes and signs the request.
pub(super) fn sign(key: &SoftKey) -> Result<Vec<u8>, KeyError> {
    // CertificationRequestInfo: version 0, an empty Name, the key, an empty set of attributes.
    let info = tlv::tlv(
        tlv::SEQUENCE,
        &[&[tlv::INTEGER, 1, 0], &[tlv::SEQUENCE, 0], key.public_spki(), &[tlv::context_constructed(0), 0]],
    );
    let signature = key.sign_now(SignInput::Message(&info))?;
    let signature = tlv::tlv(tlv::BIT_STRING, &[&[0], &signature]);
    Ok(tlv::tlv(tlv::SEQUENCE, &[&info, key.alg().identifier_der(), &signature]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_crypto::KeyAlg;
    use core_x509::{request::CertRequest, tlv::Limits};
    use kit_keys::{Provider, testing};

    #[test]
    fn k16_our_own_reader_takes_the_request_of_every_kind_of_key() {
        for alg in KeyAlg::ALL {
            let key = testing::key(alg, 1);
            let der = sign(&key).expect("signed");
            let request = CertRequest::parse(&der, &Limits::DEFAULT).expect("well formed");
            assert_eq!(request.key.spki, key.public_spki(), "{alg:?}");
            request.verify(&Provider).expect("proof of possession");
            let mut altered = der.clone();
            *altered.last_mut().expect("octets") ^= 1;
            let read = CertRequest::parse(&altered, &Limits::DEFAULT).expect("well formed");
            assert!(read.verify(&Provider).is_err(), "{alg:?}");
        }
    }
}
