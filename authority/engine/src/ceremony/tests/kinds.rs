//! All nine kinds of keys, as roots and as issuing authorities.

use super::*;
use core_crypto::KeyAlg;
use kit_store::testing::Place;
use x509_cert::der::{Decode, Encode};

/// One hierarchy per kind of key.
fn file() -> String {
    let mut text =
        "version = 1\n[installation]\nname = 'a/b'\nbase_url = 'http://a.example'\noperator = 'op'\n"
            .to_owned();
    for alg in KeyAlg::ALL {
        let name = alg.name();
        text += &format!(
            "[[authority]]\nid = '{name}-root'\nkind = 'root'\nkey = '{name}'\nprofile = 'root-ca'\n\
             subject = ['C=JP', 'O=Example', 'CN={name} root']\n\
             [[authority]]\nid = '{name}-ca'\nkind = 'issuing'\nparent = '{name}-root'\nkey = '{name}'\n\
             profile = 'issuing-ca'\nsubject = ['C=JP', 'O=Example', 'CN={name} CA']\n\
             [[signer]]\nauthority = '{name}-ca'\nname = 'tsa'\nkind = 'tsa'\nkey = 'p-256'\n\
             profile = 'tsa-signer'\nsubject = ['C=JP', 'O=Example', 'CN={name} TSA']\n"
        );
    }
    text
}

/// Making RSA keys takes seconds, and which database keeps them does not matter: SQLite alone.
#[tokio::test(flavor = "multi_thread")]
async fn k1_roots_and_issuing_authorities_of_all_nine_kinds() {
    let place = Place::sqlite();
    let db = place.open().await;
    db.migrate(&COMPONENTS).await.expect("the migrations run");
    let house = House::new(&db).await;
    house.hold(&file()).await;

    let directory = tempfile::tempdir().expect("a directory");
    for alg in KeyAlg::ALL {
        let name = alg.name();
        let (_, root) = house.authority(&format!("{name}-root")).await;
        let (_, ca) = house.authority(&format!("{name}-ca")).await;
        let order = house.order(&format!("signer:{name}-ca:tsa")).await;
        let signature = order.issued.expect("signed").signature;
        let leaf = core_x509::assemble::assemble(&order.tbs, ca.sig_alg, &signature);
        assert!(issued_by(&root.certificate, &root.certificate), "{name}");
        assert!(issued_by(&ca.certificate, &root.certificate), "{name}");
        assert!(issued_by(&leaf, &ca.certificate), "{name}");
        for der in [&root.certificate, &ca.certificate, &leaf] {
            let other = x509_cert::Certificate::from_der(der).expect("an independent reader reads it");
            assert_eq!(&other.to_der().expect("it encodes"), der, "{name}");
        }
        // openssl 3.0 does not know ML-DSA.
        if matches!(alg, KeyAlg::MlDsa44 | KeyAlg::MlDsa65 | KeyAlg::MlDsa87) {
            continue;
        }
        let root = pem(directory.path(), "root.pem", &root.certificate);
        let ca = pem(directory.path(), "ca.pem", &ca.certificate);
        let leaf = pem(directory.path(), "leaf.pem", &leaf);
        let at = START.0.to_string();
        let arguments = [
            "verify",
            "-x509_strict",
            "-check_ss_sig",
            "-attime",
            &at,
            "-CAfile",
            &root,
            "-untrusted",
            &ca,
            &leaf,
        ];
        let (good, text) = openssl(&arguments);
        assert!(good, "{name}: {text}");
    }
    db.close().await;
}
