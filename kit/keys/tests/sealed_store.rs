//! Keys at rest: who may open them, and what an altered database gives away (nothing). On both databases (K13, K15).

use core_crypto::{KeyAlg, Verify};
use core_words::UtcMicros;
use kit_clock::{ManualClock, SharedClock};
use kit_keys::{COMPONENT, KeyError, Passphrase, Provider, SealedStore, SignInput, Signer, SoftKey, testing};
use kit_store::{Db, params, testing::both_with};
use std::sync::Arc;

const NOW: UtcMicros = UtcMicros(1_774_998_000_000_000);
const MESSAGE: &[u8] = b"to be signed";

fn phrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).expect("not empty")
}

fn closed(db: &Db) -> SealedStore {
    let clock: SharedClock = Arc::new(ManualClock::at(NOW));
    SealedStore::with_cost(db.clone(), clock, testing::CHEAP)
}

/// A store with the passphrase "right", unlocked.
async fn opened(db: &Db) -> SealedStore {
    let store = closed(db);
    store.init(&phrase("right")).await.expect("a new passphrase");
    store
}

async fn seal(db: &Db, store: &SealedStore, key: &SoftKey, purpose: &'static str) -> Result<i64, KeyError> {
    let (store, key) = (store.clone(), key.clone());
    db.write(move |tx| {
        let id = tx.next_id()?;
        store.seal_new(tx, id, &key, purpose)?;
        Ok(id)
    })
    .await
}

async fn signs(signer: &Arc<dyn Signer>) -> Result<(), KeyError> {
    let signature = signer.sign(SignInput::Message(MESSAGE)).await?;
    Provider.verify(signer.alg(), signer.public_spki(), MESSAGE, &signature).expect("a signature that fits");
    Ok(())
}

/// Runs a statement as somebody with the database in his hands would.
async fn tamper(db: &Db, sql: &'static str) {
    db.write(move |tx| tx.execute(sql, params![])).await.expect("a statement");
}

#[test]
fn every_kind_of_key_is_sealed_opened_and_signs_also_after_a_restart() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let mut ids = Vec::new();
        for kind in KeyAlg::ALL {
            ids.push(
                seal(&db, &store, &testing::key(kind, 1), "certificates and lists").await.expect("sealed"),
            );
        }
        let again = closed(&db);
        again.unlock(&phrase("right")).await.expect("the passphrase");
        for (kind, id) in KeyAlg::ALL.into_iter().zip(&ids) {
            for store in [&store, &again] {
                let signer = store.open(*id).await.expect("a key");
                assert_eq!(signer.public_spki(), testing::key(kind, 1).public_spki());
                signs(&signer).await.expect("a signature");
            }
        }
        let list = closed(&db).list().await.expect("a locked store lists too");
        assert_eq!(list.len(), KeyAlg::ALL.len());
        for info in list {
            let kind = KeyAlg::ALL[ids.iter().position(|id| *id == info.id).expect("one of ours")];
            assert_eq!(
                (info.alg, info.purpose.as_str(), info.created),
                (kind, "certificates and lists", NOW)
            );
            assert_eq!(info.spki, testing::key(kind, 1).public_spki());
        }
    });
}

#[test]
fn only_the_passphrase_opens() {
    both_with(&[COMPONENT], async |db| {
        let store = closed(&db);
        assert!(!store.has_passphrase().await.expect("an answer"));
        assert!(matches!(store.unlock(&phrase("right")).await, Err(KeyError::NoPassphrase)));
        store.init(&phrase("right")).await.expect("a new passphrase");
        assert!(store.has_passphrase().await.expect("an answer") && store.is_unlocked());
        assert!(matches!(store.init(&phrase("other")).await, Err(KeyError::PassphraseSet)));

        let other = closed(&db);
        for wrong in ["wrong", "Right", "right "] {
            assert!(matches!(other.unlock(&phrase(wrong)).await, Err(KeyError::WrongPassphrase)), "{wrong}");
            assert!(!other.is_unlocked());
        }
        other.unlock(&phrase("right")).await.expect("the passphrase");
        // A wrong passphrase later locks nothing.
        assert!(matches!(other.unlock(&phrase("wrong")).await, Err(KeyError::WrongPassphrase)));
        assert!(other.is_unlocked());
    });
}

#[test]
fn a_locked_store_neither_opens_nor_seals_nor_signs() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let key = testing::key(KeyAlg::P256, 1);
        let id = seal(&db, &store, &key, "certificates").await.expect("sealed");
        let unused = seal(&db, &store, &testing::key(KeyAlg::P384, 1), "certificates").await.expect("sealed");
        let signer = store.open(id).await.expect("a key");
        signs(&signer).await.expect("a signature");

        store.lock();
        assert!(!store.is_unlocked());
        assert!(matches!(signs(&signer).await, Err(KeyError::Locked)), "a handle given out before");
        assert!(signer.as_software().is_none());
        assert!(matches!(store.open(id).await.map(drop), Err(KeyError::Locked)));
        assert!(matches!(store.open(unused).await.map(drop), Err(KeyError::Locked)));
        assert!(matches!(seal(&db, &store, &key, "certificates").await, Err(KeyError::Locked)));
        assert_eq!(signer.public_spki(), key.public_spki(), "what is public stays so");

        store.unlock(&phrase("right")).await.expect("the passphrase");
        signs(&signer).await.expect("the handle given out before the lock works again");
        signs(&store.open(unused).await.expect("a key")).await.expect("a signature");
    });
}

#[test]
fn handles_to_one_key_are_one() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let id = seal(&db, &store, &testing::key(KeyAlg::Ed25519, 1), "checkpoints").await.expect("sealed");
        let (a, b) = (store.open(id).await.expect("a key"), store.clone().open(id).await.expect("a key"));
        assert!(Arc::ptr_eq(&a, &b));
        assert!(matches!(store.open(id + 999).await.map(drop), Err(KeyError::NoSuchKey(n)) if n == id + 999));
    });
}

#[test]
fn a_changed_passphrase_opens_the_same_keys() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let id = seal(&db, &store, &testing::key(KeyAlg::P256, 1), "certificates").await.expect("sealed");
        assert!(matches!(
            store.change_passphrase(&phrase("wrong"), &phrase("new")).await,
            Err(KeyError::WrongPassphrase)
        ));
        store.change_passphrase(&phrase("right"), &phrase("new")).await.expect("changed");
        signs(&store.open(id).await.expect("a key")).await.expect("an unlocked store stays so");

        let later = closed(&db);
        assert!(matches!(later.unlock(&phrase("right")).await, Err(KeyError::WrongPassphrase)));
        later.unlock(&phrase("new")).await.expect("the new passphrase");
        signs(&later.open(id).await.expect("a key")).await.expect("a signature");
    });
}

/// Two operators change the passphrase at once: one of them wins, and the other is told.
#[test]
fn of_two_changes_at_once_one_wins() {
    both_with(&[COMPONENT], async |db| {
        opened(&db).await;
        let (one, two) = (closed(&db), closed(&db));
        let (right, first, second) = (phrase("right"), phrase("first"), phrase("second"));
        let (a, b) =
            tokio::join!(one.change_passphrase(&right, &first), two.change_passphrase(&right, &second));
        let lost =
            |r: &Result<(), KeyError>| matches!(r, Err(KeyError::PassphraseSet | KeyError::WrongPassphrase));
        assert!((a.is_ok() && lost(&b)) || (b.is_ok() && lost(&a)), "{a:?} {b:?}");
        let winner = if a.is_ok() { first } else { second };
        closed(&db).unlock(&winner).await.expect("the winner's passphrase");
    });
}

/// Each column of a sealed key, changed by somebody with the database in his hands.
#[test]
fn an_altered_key_does_not_open() {
    for sql in [
        "UPDATE keys_sealed SET alg = 5",
        "UPDATE keys_sealed SET alg = 99",
        "UPDATE keys_sealed SET purpose = 'anything'",
        "UPDATE keys_sealed SET spki = (SELECT spki FROM other)",
        "UPDATE keys_sealed SET sealed = (SELECT sealed FROM other)",
        "UPDATE keys_sealed SET sealed = spki",
    ] {
        both_with(&[COMPONENT], async |db| {
            let store = opened(&db).await;
            let id = seal(&db, &store, &testing::key(KeyAlg::P256, 1), "certificates").await.expect("sealed");
            let other =
                seal(&db, &store, &testing::key(KeyAlg::P256, 2), "certificates").await.expect("sealed");
            db.write(move |tx| {
                tx.execute("CREATE TABLE other (spki BYTEA, sealed BYTEA)", params![])?;
                tx.execute(
                    "INSERT INTO other (spki, sealed) SELECT spki, sealed FROM keys_sealed WHERE id = $1",
                    params![other],
                )?;
                tx.execute("DELETE FROM keys_sealed WHERE id = $1", params![other])
            })
            .await
            .expect("a table");
            tamper(&db, sql).await;
            assert!(matches!(store.open(id).await.map(drop), Err(KeyError::Tampered(_))), "{sql}");
        });
    }
}

/// A key cannot be put under another's number.
#[test]
fn keys_do_not_change_places() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let id = seal(&db, &store, &testing::key(KeyAlg::P256, 1), "certificates").await.expect("sealed");
        tamper(&db, "UPDATE keys_sealed SET id = id + 1").await;
        assert!(matches!(store.open(id + 1).await.map(drop), Err(KeyError::Tampered(_))));
    });
}

/// Each column of the seal.
#[test]
fn an_altered_seal_does_not_open() {
    for (sql, wrong_passphrase) in [
        ("UPDATE keys_seal SET memory_kib = memory_kib + 8", true),
        ("UPDATE keys_seal SET passes = passes + 1", true),
        ("UPDATE keys_seal SET lanes = lanes + 1", true),
        ("UPDATE keys_seal SET salt = (SELECT salt FROM other)", true),
        ("UPDATE keys_seal SET check_value = (SELECT check_value FROM other)", true),
        ("UPDATE keys_seal SET wrapped = (SELECT wrapped FROM other)", false),
        ("UPDATE keys_seal SET memory_kib = 1000000000", false),
    ] {
        both_with(&[COMPONENT], async |db| {
            let store = opened(&db).await;
            tamper(&db, "CREATE TABLE other AS SELECT salt, check_value, wrapped FROM keys_seal").await;
            store.change_passphrase(&phrase("right"), &phrase("new")).await.expect("changed");
            tamper(&db, sql).await;
            let refused = closed(&db).unlock(&phrase("new")).await;
            match wrong_passphrase {
                true => assert!(matches!(refused, Err(KeyError::WrongPassphrase)), "{sql}: {refused:?}"),
                false => assert!(matches!(refused, Err(KeyError::Tampered(_))), "{sql}: {refused:?}"),
            }
        });
    }
}

#[test]
fn a_number_is_given_to_one_key_and_a_purpose_is_plain() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let key = testing::key(KeyAlg::P256, 1);
        let put = |id: i64, purpose: String| {
            let (store, key) = (store.clone(), key.clone());
            db.write(move |tx| store.seal_new(tx, id, &key, &purpose))
        };
        put(7, "certificates".into()).await.expect("sealed");
        assert!(matches!(put(7, "certificates".into()).await, Err(KeyError::KeyExists(7))));
        for bad in [String::new(), "x".repeat(61), "鍵".into(), "a\nb".into()] {
            assert!(matches!(put(8, bad).await, Err(KeyError::Purpose)));
        }
    });
}

#[test]
fn a_sealing_that_is_rolled_back_leaves_no_key() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let (inside, key) = (store.clone(), testing::key(KeyAlg::P256, 1));
        let failed: Result<(), KeyError> = db
            .write(move |tx| {
                inside.seal_new(tx, 7, &key, "certificates")?;
                Err(KeyError::Purpose)
            })
            .await;
        assert!(failed.is_err());
        assert!(matches!(store.open(7).await.map(drop), Err(KeyError::NoSuchKey(7))));
    });
}

#[test]
fn nothing_of_a_secret_is_stored_plain_or_shown() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let key = testing::key(KeyAlg::Ed25519, 1);
        seal(&db, &store, &key, "checkpoints").await.expect("sealed");
        let secret = key.to_pkcs8().expect("a private key")[16..].to_vec();
        let stored: Vec<u8> = db
            .read(|tx| {
                let key = tx.query_one("SELECT sealed FROM keys_sealed", params![])?;
                let seal = tx.query_one("SELECT wrapped FROM keys_seal", params![])?;
                Ok::<_, KeyError>([key.get::<Vec<u8>>(0)?, seal.get(0)?].concat())
            })
            .await
            .expect("rows");
        assert!(!stored.windows(8).any(|octets| octets == &secret[..8]));
        assert_eq!(format!("{store:?}"), "SealedStore { unlocked: true, .. }");
        assert_eq!(format!("{:?}", phrase("secret")), "Passphrase");
    });
}

/// K16: octets in somebody else's row open under everything they were sealed with, and under nothing else.
#[test]
fn k16_a_key_sealed_apart_opens_under_its_own_label_only() {
    both_with(&[COMPONENT], async |db| {
        let store = opened(&db).await;
        let (key, other) = (testing::key(KeyAlg::P256, 1), testing::key(KeyAlg::P256, 2));
        let sealed = store.seal_apart(7, "custody of op", &key).expect("sealed");
        let open = |id, purpose, alg, spki: &[u8], sealed: &[u8]| {
            store.open_apart(id, purpose, alg, spki, sealed).map(|key| key.public_spki().to_vec())
        };
        let spki = key.public_spki();
        assert_eq!(open(7, "custody of op", KeyAlg::P256, spki, &sealed).expect("opened"), spki);
        let mut altered = sealed.clone();
        altered[20] ^= 1;
        for refused in [
            open(8, "custody of op", KeyAlg::P256, spki, &sealed),
            open(7, "custody of oq", KeyAlg::P256, spki, &sealed),
            open(7, "custody of op", KeyAlg::P384, spki, &sealed),
            open(7, "custody of op", KeyAlg::P256, other.public_spki(), &sealed),
            open(7, "custody of op", KeyAlg::P256, spki, &altered),
        ] {
            assert!(matches!(refused, Err(KeyError::Tampered(_))), "{refused:?}");
        }
        assert!(matches!(store.seal_apart(7, "", &key), Err(KeyError::Purpose)));
        assert!(store.list().await.expect("a list").is_empty(), "it lies in no row of ours");
        store.lock();
        assert!(matches!(store.seal_apart(7, "custody of op", &key), Err(KeyError::Locked)));
        assert!(matches!(open(7, "custody of op", KeyAlg::P256, spki, &sealed), Err(KeyError::Locked)));
    });
}
