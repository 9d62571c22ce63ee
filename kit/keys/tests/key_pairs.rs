//! Key pairs of every kind: made, written, read, signing, verified; and what is refused.

use core_crypto::{BadSignature, Digest, HashAlg, HashOut, KeyAlg, SigAlg, Verify};
use core_pack::{KeyFamily, pkcs8::PrivateKey, spki::PublicKey};
use kit_keys::{KeyError, Provider, SignInput, Signer, SoftKey, testing};

const MESSAGE: &[u8] = b"to be signed";

fn digest_for(alg: SigAlg, message: &[u8]) -> Option<HashOut> {
    alg.prehash().map(|hash| Provider.hash(hash, message))
}

#[test]
fn every_kind_signs_and_only_the_right_message_key_and_algorithm_verify() {
    for kind in KeyAlg::ALL {
        let (key, other) = (testing::key(kind, 1), testing::key(kind, 2));
        let signature = key.sign_now(SignInput::Message(MESSAGE)).expect("a signature");
        let check =
            |alg, spki: &[u8], message, signature: &[u8]| Provider.verify(alg, spki, message, signature);
        assert_eq!(check(key.alg(), key.public_spki(), MESSAGE, &signature), Ok(()), "{kind:?}");
        assert_eq!(check(key.alg(), key.public_spki(), b"another", &signature), Err(BadSignature));
        assert_eq!(check(key.alg(), other.public_spki(), MESSAGE, &signature), Err(BadSignature));
        for alg in SigAlg::ALL.into_iter().filter(|alg| *alg != key.alg()) {
            assert_eq!(
                check(alg, key.public_spki(), MESSAGE, &signature),
                Err(BadSignature),
                "{kind:?} as {alg:?}"
            );
        }
        let mut broken = signature.clone();
        let middle = broken.len() / 2;
        broken[middle] ^= 1;
        assert_eq!(check(key.alg(), key.public_spki(), MESSAGE, &broken), Err(BadSignature));
        assert_eq!(check(key.alg(), key.public_spki(), MESSAGE, &signature[1..]), Err(BadSignature));
        assert_eq!(check(key.alg(), key.public_spki(), MESSAGE, b""), Err(BadSignature));
    }
}

#[test]
fn hashes_are_signed_where_the_algorithm_hashes() {
    for kind in KeyAlg::ALL {
        let key = testing::key(kind, 1);
        match digest_for(key.alg(), MESSAGE) {
            Some(hash) => {
                let signature = key.sign_now(SignInput::Digest(hash)).expect("a signature");
                assert_eq!(Provider.verify(key.alg(), key.public_spki(), MESSAGE, &signature), Ok(()));
                let short = HashOut::new(&hash.as_ref()[1..]);
                let refused = key.sign_now(SignInput::Digest(short));
                assert!(matches!(refused, Err(KeyError::WrongInput { .. })), "{kind:?}");
            }
            None => {
                let hash = Provider.hash(HashAlg::Sha512, MESSAGE);
                let refused = key.sign_now(SignInput::Digest(hash));
                assert!(matches!(refused, Err(KeyError::WrongInput { .. })), "{kind:?}");
            }
        }
    }
}

#[test]
fn keys_survive_pkcs8() {
    for kind in KeyAlg::ALL {
        let key = testing::key(kind, 3);
        let der = key.to_pkcs8().expect("a private key");
        assert_eq!(PrivateKey::unwrap(&der).expect("PKCS#8").family, KeyFamily::of(kind));
        let back = SoftKey::from_pkcs8(&der).expect("the same key");
        assert_eq!((back.key_alg(), back.public_spki()), (kind, key.public_spki()));
        for end in [0, 1, der.len() / 2, der.len() - 1] {
            assert!(SoftKey::from_pkcs8(&der[..end]).is_err(), "{kind:?} cut at {end}");
        }
        let mut tail = der.to_vec();
        tail.push(0);
        assert!(SoftKey::from_pkcs8(&tail).is_err());
    }
}

#[test]
fn freshly_made_keys_differ_and_sign() {
    // RSA-3072 and -4096 take seconds to make and differ from 2048 in a number only.
    for kind in KeyAlg::ALL.into_iter().filter(|k| !matches!(k, KeyAlg::Rsa3072 | KeyAlg::Rsa4096)) {
        let (a, b) = (SoftKey::generate(kind).expect("a key"), SoftKey::generate(kind).expect("a key"));
        assert_ne!(a.public_spki(), b.public_spki());
        let signature = a.sign_now(SignInput::Message(MESSAGE)).expect("a signature");
        assert_eq!(Provider.verify(a.alg(), a.public_spki(), MESSAGE, &signature), Ok(()));
    }
}

/// RFC 3279, 5480, 8410 and 9881: NULL after rsaEncryption, a named curve, no parameters for the others.
#[test]
fn public_keys_carry_exactly_the_parameters_of_their_rfc() {
    for kind in KeyAlg::ALL {
        let key = testing::key(kind, 1);
        let public = PublicKey::parse(key.public_spki()).expect("a public key");
        assert_eq!(public.family, KeyFamily::of(kind));
        assert_eq!(public.to_der(), key.public_spki());
        if let Some(numbers) = public.rsa() {
            assert_eq!(numbers.exponent, &[1, 0, 1]);
            assert_eq!(format!("rsa-{}", numbers.bits()), kind.name());
        }
    }
}

/// RFC 9881 §6: we write `[0]` and 32 octets of seed; `both` is read; the expanded form alone is refused.
#[test]
fn ml_dsa_keys_are_kept_as_seeds() {
    for kind in [KeyAlg::MlDsa44, KeyAlg::MlDsa65, KeyAlg::MlDsa87] {
        let der = testing::key(kind, 1).to_pkcs8().expect("a private key");
        let inner = PrivateKey::unwrap(&der).expect("PKCS#8").inner;
        assert_eq!((inner.len(), &inner[..2]), (34, &[0x80, 32][..]));

        let expanded = PrivateKey { family: KeyFamily::of(kind), inner: &[4, 3, 1, 2, 3] }.wrap();
        assert!(matches!(SoftKey::from_pkcs8(&expanded), Err(KeyError::Malformed(_))));
    }
}

#[test]
fn unfit_rsa_keys_verify_nothing_and_are_not_read() {
    let key = testing::key(KeyAlg::Rsa2048, 1);
    let numbers = PublicKey::parse(key.public_spki()).expect("public").rsa().expect("RSA");
    let spki = |modulus: &[u8], exponent: &[u8]| {
        let int = |n: &[u8]| {
            let zero: &[u8] = if n[0] & 0x80 != 0 { &[0] } else { &[] };
            der(0x02, &[zero, n].concat())
        };
        let octets = der(0x30, &[int(modulus), int(exponent)].concat());
        PublicKey { family: KeyFamily::Rsa, octets: &octets }.to_der()
    };
    let signature = key.sign_now(SignInput::Message(MESSAGE)).expect("a signature");
    let check = |spki: &[u8]| Provider.verify(SigAlg::RsaSha256, spki, MESSAGE, &signature);
    assert_eq!(check(&spki(numbers.modulus, &[1, 0, 1])), Ok(()));
    for exponent in [&[3][..], &[17], &[1, 0, 0], &[0xff, 0xff], &[2], &[1], &[1, 0, 0, 0, 0, 1]] {
        assert_eq!(check(&spki(numbers.modulus, exponent)), Err(BadSignature), "{exponent:?}");
    }
    let short = &numbers.modulus[1..];
    assert_eq!(check(&spki(short, &[1, 0, 1])), Err(BadSignature));
    let long = [numbers.modulus, numbers.modulus, &[1]].concat();
    assert_eq!(check(&spki(&long, &[1, 0, 1])), Err(BadSignature));
}

/// With the neutral element as a key, R = B·s and any s would verify for every message.
#[test]
fn ed25519_keys_of_small_order_verify_nothing() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let spki = PublicKey { family: KeyFamily::Ed25519, octets: &neutral }.to_der();
    let mut signature = [0; 64];
    signature[0] = 1;
    assert_eq!(Provider.verify(SigAlg::Ed25519, &spki, MESSAGE, &signature), Err(BadSignature));
}

#[test]
fn points_off_the_curve_verify_nothing() {
    for (kind, alg) in [(KeyAlg::P256, SigAlg::EcdsaSha256), (KeyAlg::P384, SigAlg::EcdsaSha384)] {
        let key = testing::key(kind, 1);
        let signature = key.sign_now(SignInput::Message(MESSAGE)).expect("a signature");
        let mut spki = key.public_spki().to_vec();
        *spki.last_mut().expect("not empty") ^= 1;
        assert_eq!(Provider.verify(alg, &spki, MESSAGE, &signature), Err(BadSignature));
    }
}

#[test]
fn secrets_do_not_show() {
    assert_eq!(format!("{:?}", testing::key(KeyAlg::P256, 1)), "SoftKey(P256)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signers_work_through_the_runtime_many_at_once() {
    for kind in KeyAlg::ALL {
        let key = testing::key(kind, 1);
        let tasks: Vec<_> = (0..8u8)
            .map(|n| {
                let key = key.clone();
                tokio::spawn(async move {
                    let message = [n; 100];
                    let signer: &dyn Signer = &key;
                    let signature = signer.sign(SignInput::Message(&message)).await.expect("a signature");
                    Provider.verify(signer.alg(), signer.public_spki(), &message, &signature)
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("no panic"), Ok(()));
        }
        if let Some(hash) = digest_for(key.alg(), MESSAGE) {
            let signature = Signer::sign(&key, SignInput::Digest(hash)).await.expect("a signature");
            assert_eq!(Provider.verify(key.alg(), key.public_spki(), MESSAGE, &signature), Ok(()));
        }
    }
}

#[test]
fn test_keys_are_the_same_each_time() {
    for kind in KeyAlg::ALL {
        assert_eq!(testing::key(kind, 9).public_spki(), testing::key(kind, 9).public_spki());
        assert_ne!(testing::key(kind, 1).public_spki(), testing::key(kind, 2).public_spki(), "{kind:?}");
    }
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        len @ 0..=0x7f => out.push(len as u8),
        len => out.extend_from_slice(&[0x82, (len >> 8) as u8, len as u8]),
    }
    out.extend_from_slice(content);
    out
}
