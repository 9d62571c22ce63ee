//! Lists on both databases.

mod incidents;
mod listed;
mod model;
mod publishing;
mod tending;

use super::*;
use authority_journal::{
    authorities::{self, Authority, Generation, ListSchedule},
    codes::{AuthorityKind, AuthorityState, GenerationState, RevocationState},
    revocations::{self, StoredRevocation},
};
use authority_signer::Signers;
use core_crypto::KeyAlg;
use core_words::{AuthorityId, CertRef, OperatorId, RevocationReason, Serial, UtcMicros, UtcSeconds};
use core_x509::crl::{self, ListLimits, Listed};
use kit_clock::{Clock, ManualClock, Steady, Watch};
use kit_keys::{KdfCost, Passphrase, Provider, SealedStore, SoftKey, testing};
use kit_store::{Component, Db, StoreError, Tx, blobs::DirectoryBlobs, params};
use std::collections::BTreeMap;

/// Everything that lists need.
pub(crate) const COMPONENTS: [Component; 4] =
    [kit_keys::COMPONENT, kit_jobs::COMPONENT, kit_ledger::COMPONENT, authority_journal::COMPONENT];

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;
/// 2026-11-20T10:00:00Z.
pub(crate) const START: i64 = 1_795_168_800;

/// Time passes exactly as the wall clock says.
struct InStep(ManualClock);

impl Steady for InStep {
    fn elapsed_micros(&self) -> i64 {
        self.0.now().0
    }
}

/// One authority, its key, its files, and a clock.
pub(crate) struct House {
    pub(crate) ctx: Arc<Ctx>,
    pub(crate) clock: ManualClock,
    pub(crate) authority: AuthorityId,
    pub(crate) key: SoftKey,
    pub(crate) directory: tempfile::TempDir,
}

/// A full list a day for four days, a delta an hour for four hours, soon after a minute.
pub(crate) fn schedule() -> ListSchedule {
    ListSchedule {
        full_every_s: DAY,
        full_life_s: 4 * DAY,
        delta_every_s: HOUR,
        delta_life_s: 4 * HOUR,
        soon_s: 60,
    }
}

impl House {
    /// An authority with a P-256 key, delta lists and two partitions.
    pub(crate) async fn new(db: &Db) -> Self {
        Self::with(db, KeyAlg::P256, 2, schedule()).await
    }

    pub(crate) async fn with(db: &Db, alg: KeyAlg, partitions: u16, schedule: ListSchedule) -> Self {
        let clock = ManualClock::at(UtcSeconds(START).micros());
        let sealed = SealedStore::with_cost(
            db.clone(),
            Arc::new(clock.clone()),
            KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        );
        let passphrase = Passphrase::new("ひらけごま".to_owned()).expect("not empty");
        sealed.init(&passphrase).await.expect("a new store");
        sealed.unlock(&passphrase).await.expect("the passphrase fits");
        let (key, keys) = (testing::key(alg, 1), sealed.clone());
        let sealing = key.clone();
        let authority = AuthorityId::new("claims-ca").expect("a name");
        let (id, now) = (authority.clone(), clock.now());
        db.write(move |tx| -> Result<(), StoreError> {
            keys.seal_new(tx, 7, &sealing, "authority claims-ca 1").expect("a new key");
            authorities::insert(tx, &row(&id, partitions, schedule, now))?;
            authorities::insert_generation(tx, &generation(&id, 1, &sealing, now))
        })
        .await
        .expect("rows go in");
        let directory = tempfile::tempdir().expect("a directory");
        let blobs = DirectoryBlobs::open(directory.path()).expect("it opens");
        let provider = Arc::new(Provider);
        let ctx = Ctx {
            db: db.clone(),
            watch: watch(&clock),
            provider: provider.clone(),
            signers: Signers::new(sealed, provider),
            blobs: Arc::new(blobs),
        };
        Self { ctx: Arc::new(ctx), clock, authority, key, directory }
    }

    /// The same house after a new start of the process: what was watched of the clock is forgotten.
    pub(crate) fn restarted(&self) -> Arc<Ctx> {
        Arc::new(Ctx { watch: watch(&self.clock), ..(*self.ctx).clone() })
    }

    pub(crate) fn scope(&self, partition: u16) -> Scope {
        Scope { authority: self.authority.clone(), generation: 1, partition }
    }

    /// Makes a list, which must become current.
    pub(crate) async fn publish(&self, partition: u16, kind: ListKind) -> Read {
        match publish(&self.ctx, &self.scope(partition), kind).await.expect("a list is made") {
            Made::Current(list) => self.read(&list),
            Made::Superseded(list) => panic!("superseded: {list:?}"),
        }
    }

    /// Reads the file of a list, strictly, checks it against its record and its signature.
    pub(crate) fn read(&self, list: &List) -> Read {
        let name = list.blob.as_deref().expect("it has a file");
        let der = self.ctx.blobs.get(name, 1 << 30).expect("it reads").expect("it is there");
        assert_eq!(der.len() as i64, list.octets);
        assert_eq!(Some(core_crypto::Digest::sha256(&Provider, &der)), list.sha256);
        Read::of(&der, list, &self.key)
    }

    /// The current list of a scope.
    pub(crate) async fn current(&self, partition: u16, kind: ListKind) -> Option<List> {
        let scope = self.scope(partition);
        let series = self.ctx.db.read(move |tx| lists::series(tx, &scope)).await.expect("it reads");
        series.current(kind).cloned()
    }

    /// Changes the state of certificate `number`, as a revocation does: row, feed and the wish for a list.
    pub(crate) async fn change(&self, number: u32, state: RevocationState) {
        let (authority, now) = (self.authority.clone(), self.clock.now());
        let write = move |tx: &mut Tx| change(tx, &authority, number, state, now);
        self.ctx.db.write(write).await.expect("the change is saved");
    }

    pub(crate) async fn revoke(&self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            self.change(number, RevocationState::Revoked).await;
        }
    }

    /// Numbers the feed as the sequencer does after the commit.
    pub(crate) async fn number_feed(&self) {
        let number = |tx: &mut Tx| -> Result<(), StoreError> {
            let mut seq = feed::head(tx)?;
            for row in tx.query("SELECT id FROM ca_feed WHERE seq IS NULL ORDER BY at_us, id", params![])? {
                seq += 1;
                tx.execute("UPDATE ca_feed SET seq = $1 WHERE id = $2", params![seq, row.get::<i64>(0)?])?;
            }
            Ok(())
        };
        self.ctx.db.write(number).await.expect("it numbers");
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let read = move |tx: &mut Tx| tx.query_one(sql, params![])?.get::<i64>(0);
        self.ctx.db.read(read).await.expect("it counts")
    }
}

fn watch(clock: &ManualClock) -> Watch {
    Watch::new(Arc::new(clock.clone()), Arc::new(InStep(clock.clone())), UtcMicros(0))
}

fn row(id: &AuthorityId, partitions: u16, schedule: ListSchedule, now: UtcMicros) -> Authority {
    Authority {
        id: id.clone(),
        operator: OperatorId::new("federation").expect("a name"),
        kind: AuthorityKind::Issuing,
        parent: None,
        state: AuthorityState::Active,
        active_generation: 1,
        partitions,
        base_url: "http://pki.example.jp".into(),
        profiles: Vec::new(),
        schedule,
        created: now,
    }
}

pub(crate) fn generation(id: &AuthorityId, number: u16, key: &SoftKey, now: UtcMicros) -> Generation {
    Generation {
        authority: id.clone(),
        generation: number,
        state: GenerationState::Active,
        key_id: 7,
        sig_alg: key.alg(),
        spki: key.public_spki().to_vec(),
        key_identifier: vec![number as u8; 20],
        certificate: certificate(key),
        not_before: now.whole_seconds(),
        not_after: now.whole_seconds().plus(10 * 365 * DAY),
        created: now,
    }
}

/// The least that is a certificate; lists take the name of its subject.
fn certificate(key: &SoftKey) -> Vec<u8> {
    let alg = key.alg().identifier_der();
    let name =
        der(0x30, &[&der(0x31, &[&der(0x30, &[b"\x06\x03\x55\x04\x03", &der(0x0c, &[b"Claims CA"])])])]);
    let validity = der(0x30, &[b"\x17\x0d260101000000Z", b"\x17\x0d360101000000Z"]);
    let tbs = der(
        0x30,
        &[b"\xa0\x03\x02\x01\x02", b"\x02\x01\x05", alg, &name, &validity, &name, key.public_spki()],
    );
    let signature = key.sign_now(kit_keys::SignInput::Message(&tbs)).expect("it signs");
    der(0x30, &[&tbs, alg, &der(0x03, &[&[0], &signature])])
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = match content.len() {
        len @ 0..0x80 => vec![len as u8],
        len @ 0x80..0x100 => vec![0x81, len as u8],
        len => vec![0x82, (len >> 8) as u8, len as u8],
    };
    [&[tag], length.as_slice(), &content].concat()
}

/// Certificates live for ten days, those whose number ends in 9 for one.
pub(crate) fn not_after(number: u32) -> UtcMicros {
    let days = if number % 10 == 9 { 1 } else { 10 };
    UtcSeconds(START + days * DAY - 1).micros()
}

/// Partition 1 or 2, even and odd numbers.
pub(crate) fn partition_of(number: u32) -> u16 {
    (number % 2) as u16 + 1
}

pub(crate) fn serial(number: u32) -> Serial {
    let mut octets = [0x11; 20];
    octets[16..].copy_from_slice(&number.to_be_bytes());
    Serial::from_magnitude(&octets).expect("positive")
}

pub(crate) fn change(
    tx: &mut Tx,
    authority: &AuthorityId,
    number: u32,
    state: RevocationState,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let cert = CertRef { authority: authority.clone(), serial: serial(number) };
    let stored = revocations::get(tx, &cert)?;
    let was = stored.as_ref().map(|row| (row.state, row.changed_at));
    let partition = partition_of(number);
    let new = StoredRevocation {
        cert,
        certificate_id: i64::from(number),
        generation: 1,
        partition,
        state,
        reason: match state {
            RevocationState::Revoked => RevocationReason::KeyCompromise,
            _ => RevocationReason::CertificateHold,
        },
        revoked_at: now,
        invalidity: None,
        not_after: not_after(number),
        changed_at: now,
        segment: None,
    };
    if !revocations::save(tx, &new, was)? {
        return Err(StoreError::Conflict);
    }
    let kind = match state {
        RevocationState::Revoked => FeedKind::Revoked,
        RevocationState::Held => FeedKind::Held,
        RevocationState::Released => FeedKind::Released,
    };
    let serial = Some(&new.cert.serial);
    let entry =
        NewFeedEntry { kind, orderer: None, order_id: None, authority, serial, number: None, at: now };
    feed::append(tx, &[entry])?;
    request_soon(tx, authority, 1, partition, now)
}

/// A list as read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) number: u128,
    pub(crate) base: Option<u128>,
    pub(crate) this_update: UtcSeconds,
    pub(crate) next_update: UtcSeconds,
    /// How each certificate is listed, by the number of the certificate.
    pub(crate) entries: BTreeMap<u32, Listed>,
    pub(crate) idp: Option<crl::Idp>,
    pub(crate) freshest: Vec<crl::PointName>,
}

impl Read {
    /// Strict reading: a serial that stands there twice is an error.
    fn of(der: &[u8], row: &List, key: &SoftKey) -> Self {
        let list =
            crl::List::parse(der, &ListLimits::default()).expect("a list that the house would publish");
        list.verify(&Provider, key.public_spki()).expect("it verifies");
        list.check_entries().expect("every entry is right");
        assert_eq!(list.number, row.number as u128);
        assert_eq!(list.base, row.base.map(|base| base as u128));
        let mut entries = BTreeMap::new();
        for entry in list.entries() {
            let entry = entry.expect("checked above");
            let number = u32::from_be_bytes(entry.serial.octets()[16..].try_into().expect("four octets"));
            assert_eq!(entries.insert(number, entry.listed), None, "certificate {number} is listed twice");
        }
        assert_eq!(entries.len() as i64, row.entries);
        Self {
            number: list.number,
            base: list.base,
            this_update: list.this_update,
            next_update: list.next_update,
            entries,
            idp: list.idp.clone(),
            freshest: list.freshest.clone(),
        }
    }

    pub(crate) fn numbers(&self) -> Vec<u32> {
        self.entries.keys().copied().collect()
    }
}
