//! The key of the ledger: sealed like the others, Ed25519, of its own (K8, K15).

use crate::fail::{Exit, Fail};
use authority_front::Text;
use core_crypto::KeyAlg;
use kit_keys::{KeyError, Provider, SealedStore, SignInput, SoftKey};
use kit_ledger::{CheckpointSigner, SignFailed, Signing, VerifierKey};
use kit_store::Db;

/// What the key is sealed for.
const PURPOSE: &str = "ledger";

/// Signs checkpoints and backups, as long as the keys are unlocked.
pub struct LedgerKey {
    origin: String,
    id: i64,
    public: [u8; 32],
    keys: SealedStore,
}

impl LedgerKey {
    /// The key of this installation; `None` before it was made. Needs no unlocked keys.
    ///
    /// # Errors
    /// The keys cannot be read.
    pub async fn find(keys: &SealedStore, origin: &str) -> Result<Option<Self>, Fail> {
        let all = keys.list().await.map_err(|e| key_fail(&e))?;
        let Some(info) = all.into_iter().find(|k| k.purpose == PURPOSE) else { return Ok(None) };
        let damaged = || key_fail(&KeyError::Tampered(format!("key {}", info.id)));
        let public = VerifierKey::public_from_spki(&info.spki).ok_or_else(damaged)?;
        Ok(Some(Self { origin: origin.to_owned(), id: info.id, public, keys: keys.clone() }))
    }

    /// Makes and seals the key, if there is none yet. The keys must be unlocked.
    ///
    /// # Errors
    /// The keys are locked, or cannot be written.
    pub async fn make(db: &Db, keys: &SealedStore) -> Result<(), Fail> {
        let there = keys.list().await.map_err(|e| key_fail(&e))?.iter().any(|k| k.purpose == PURPOSE);
        if there {
            return Ok(());
        }
        let key = SoftKey::generate(KeyAlg::Ed25519).map_err(|e| key_fail(&e))?;
        let sealed = keys.clone();
        db.write(move |tx| {
            let id = tx.next_id()?;
            sealed.seal_new(tx, id, &key, PURPOSE)
        })
        .await
        .map_err(|e| key_fail(&e))
    }
}

impl LedgerKey {
    /// Whether it is known in whose name it signs.
    pub fn has_origin(&self) -> bool {
        !self.origin.is_empty()
    }

    /// The public half as auditors keep it.
    ///
    /// # Errors
    /// The name of the installation cannot be the name of a key.
    pub fn verifier(&self) -> Result<VerifierKey, Fail> {
        VerifierKey::new(&Provider, &self.origin, self.public)
            .map_err(|e| Fail::usage("installation.name", Text::new(e.to_string(), e.to_string())))
    }
}

impl CheckpointSigner for LedgerKey {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn public_key(&self) -> [u8; 32] {
        self.public
    }

    fn sign<'a>(&'a self, text: &'a [u8]) -> Signing<'a> {
        Box::pin(async move {
            let failed = |e: KeyError| SignFailed(e.to_string());
            let key = self.keys.open(self.id).await.map_err(failed)?;
            let signature = key.sign(SignInput::Message(text)).await.map_err(failed)?;
            signature.try_into().map_err(|_| SignFailed("an Ed25519 signature has 64 octets".into()))
        })
    }
}

/// What a fault of the keys means at the terminal.
pub fn key_fail(error: &KeyError) -> Fail {
    let en = error.to_string();
    let (exit, code, ja, next) = match error {
        KeyError::Locked => (
            Exit::NeedsPerson,
            "keys.locked",
            "鍵は封印されたままです。".to_owned(),
            Text::new(
                "WARIFU__KEYS__PASSPHRASE か keys.passphrase_file を設定するか、端末で実行してください。",
                "Set WARIFU__KEYS__PASSPHRASE or keys.passphrase_file, or run it at a terminal.",
            ),
        ),
        KeyError::WrongPassphrase => (
            Exit::Refused,
            "keys.wrong_passphrase",
            "パスフレーズが違います。".to_owned(),
            Text::new(
                "入力か keys.passphrase_file の内容を確かめてください。",
                "Check what was typed, or what keys.passphrase_file holds.",
            ),
        ),
        KeyError::NoPassphrase => (
            Exit::NeedsPerson,
            "keys.not_initialised",
            "この設置にはまだ鍵がありません。".to_owned(),
            Text::new("`warifu keys init` を実行してください。", "Run `warifu keys init`."),
        ),
        KeyError::PassphraseSet => (
            Exit::Refused,
            "keys.initialised",
            "パスフレーズは設定済みです。".to_owned(),
            Text::new(
                "変更は `warifu admin passphrase change` です。",
                "To change it, run `warifu admin passphrase change`.",
            ),
        ),
        KeyError::Tampered(_) => (
            Exit::NeedsPerson,
            "keys.tampered",
            format!("封印された鍵が改変されています: {en}"),
            Text::new(
                "使用を止め、バックアップと比べ、監査担当者に知らせてください。",
                "Stop using it, compare it with a backup, and tell the auditor.",
            ),
        ),
        _ => (
            Exit::CouldNotRun,
            "keys.failed",
            format!("鍵を扱えません: {en}"),
            Text::new("`warifu doctor` を実行してください。", "Run `warifu doctor`."),
        ),
    };
    Fail::new(exit, code, Text::new(ja, en), next)
}
