//! Ceremonies on both databases.

mod crosses;
mod custody;
mod drills;
mod holding;
mod kinds;
mod refused;
mod rolling;

use super::*;
use crate::Ctx;
use authority_journal::{
    authorities::{Authority, Generation},
    orders::{self, StoredOrder},
};
use authority_signer::Signers;
use core_crypto::Verify;
use core_words::{Actor, AuthorityId, ProfileId, UtcMicros, UtcSeconds};
use core_x509::certificate::Certificate;
use kit_clock::{Clock, ManualClock, Steady, Watch};
use kit_keys::{Passphrase, Provider, SealedStore, testing::CHEAP};
use kit_store::{Component, Db, Tx, blobs::DirectoryBlobs};
use std::{path::Path, process::Command, sync::Arc};

const COMPONENTS: [Component; 4] =
    [kit_keys::COMPONENT, kit_jobs::COMPONENT, kit_ledger::COMPONENT, authority_journal::COMPONENT];

/// 2026-11-20T10:00:00Z.
const START: UtcSeconds = UtcSeconds(1_795_168_800);

/// A root, an issuing authority below it, and an OCSP signer.
const FILE: &str = r#"version = 1

[installation]
name = "pki.example.jp/warifu"
base_url = "http://pki.example.jp"
operator = "federation"

[[participant]]
name = "山田 花子"
role = "witness"

[[authority]]
id = "root"
kind = "root"
key = "p-384"
profile = "root-ca"
subject = ["C=JP", "O=Example Federation", "CN=Example Root"]

[[authority]]
id = "ca"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Example Federation", "CN=Example CA"]
valid = "8 years"
profiles = ["claims-provider", "claims-agent"]
partitions = 4
lists = { delta_every = "1 hour", delta_life = "6 hours" }

[[signer]]
authority = "ca"
name = "ocsp-1"
kind = "ocsp"
key = "ed25519"
profile = "ocsp-signer"
subject = ["C=JP", "O=Example Federation", "CN=Example OCSP 1"]
"#;

/// A further file with one more authority below the root of [`FILE`].
const FURTHER: &str = r#"version = 1

[installation]
name = "pki.example.jp/warifu"
base_url = "http://pki.example.jp"
operator = "federation"

[[authority]]
id = "ca-2"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Example Federation", "CN=Example CA 2"]
"#;

/// Time passes exactly as the wall clock says.
struct InStep(ManualClock);

impl Steady for InStep {
    fn elapsed_micros(&self) -> i64 {
        self.0.now().0
    }
}

/// An installation before its first ceremony.
struct House {
    ctx: Ctx,
    clock: ManualClock,
    profiles: ProfileSet,
    _directory: tempfile::TempDir,
}

impl House {
    async fn new(db: &Db) -> Self {
        let clock = ManualClock::at(START.micros());
        let keys = SealedStore::with_cost(db.clone(), Arc::new(clock.clone()), CHEAP);
        let passphrase = Passphrase::new("ひらけごま".to_owned()).expect("not empty");
        if !keys.has_passphrase().await.expect("it reads") {
            keys.init(&passphrase).await.expect("a new store");
        }
        keys.unlock(&passphrase).await.expect("the passphrase fits");
        let directory = tempfile::tempdir().expect("a directory");
        let provider = Arc::new(Provider);
        let ctx = Ctx {
            db: db.clone(),
            watch: Watch::new(Arc::new(clock.clone()), Arc::new(InStep(clock.clone())), UtcMicros(0)),
            provider: provider.clone(),
            signers: Signers::new(keys, provider),
            blobs: Arc::new(DirectoryBlobs::open(directory.path()).expect("it opens")),
        };
        let profiles = ProfileSet::builtin(&Provider).expect("built-in profiles are good");
        Self { ctx, clock, profiles, _directory: directory }
    }

    /// Plans and performs.
    async fn hold(&self, text: &str) -> Held {
        let plan = plan(&self.ctx, text, &self.profiles).await.expect("a good file");
        perform(&self.ctx, &plan, &actor()).await.expect("the ceremony is held")
    }

    /// The problems of a file that must be refused.
    async fn problems(&self, text: &str) -> Vec<String> {
        match plan(&self.ctx, text, &self.profiles).await {
            Err(CeremonyError::File(problems)) => problems.iter().map(ToString::to_string).collect(),
            other => panic!("not refused as a file: {other:?}"),
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Tx) -> Result<T, CeremonyError> + Send + 'static,
    ) -> T {
        self.ctx.db.read(f).await.expect("it reads")
    }

    async fn authority(&self, name: &str) -> (Authority, Generation) {
        perform::active(&self.ctx, &id(name)).await.expect("it is there")
    }

    async fn generation(&self, name: &str, number: u16) -> Generation {
        perform::generation(&self.ctx, &id(name), number).await.expect("it is there").1
    }

    async fn order(&self, key: &str) -> StoredOrder {
        let key = key.to_owned();
        self.read(move |tx| Ok(orders::by_key(tx, ORDERER, &key)?)).await.expect("it is recorded")
    }

    /// How many rows a table has.
    async fn count(&self, table: &'static str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        self.read(move |tx| Ok(tx.query_one(&sql, &[])?.get(0)?)).await
    }

    /// The kinds of all ledger entries in the order of their appending.
    async fn ledger(&self) -> Vec<String> {
        self.read(|tx| {
            let rows = tx.query("SELECT body FROM ledger_entry ORDER BY at_us, id", &[])?;
            let kind = |row: &kit_store::Row| {
                let body: Vec<u8> = row.get(0)?;
                Ok(kit_ledger::Body::decode(&body).expect("the ledger's own form").kind)
            };
            rows.iter().map(kind).collect()
        })
        .await
    }
}

fn actor() -> Actor {
    Actor::cli("root")
}

fn id(name: &str) -> AuthorityId {
    AuthorityId::new(name).expect("a name")
}

fn profile(name: &str) -> ProfileId {
    ProfileId::new(name).expect("a name")
}

/// Whether `issuer` signed `der`, and names agree.
fn issued_by(der: &[u8], issuer: &[u8]) -> bool {
    let (certificate, issuer) =
        (Certificate::parse(der).expect("readable"), Certificate::parse(issuer).expect("readable"));
    let alg = certificate.sig_alg().expect("a known algorithm");
    certificate.tbs.issuer.der() == issuer.tbs.subject.der()
        && Provider.verify(alg, issuer.tbs.spki, certificate.tbs.der, certificate.signature).is_ok()
}

/// Writes a certificate as PEM for outside judges.
fn pem(directory: &Path, name: &str, der: &[u8]) -> String {
    let path = directory.join(name);
    std::fs::write(&path, core_pack::pem::encode(core_pack::pem::label::CERTIFICATE, der).as_str())
        .expect("it writes");
    path.to_str().expect("a plain path").to_owned()
}

/// What openssl says, and whether it was content.
fn openssl(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl").args(arguments).output().expect("openssl is installed");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}
