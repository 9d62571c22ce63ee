//! Filling a store with certificates by the million, through the functions of the journal and not over the network.
//!
//! The rows are those that issuing and revoking leave, made after one certificate that was issued in the ordinary
//! way: other serial number, other key, the same octets otherwise. Signatures are copied and therefore wrong, which
//! nothing measured here looks at. Numbers in feed and ledger are given by the next server, as always.

use anyhow::{Context as _, Result, ensure};
use authority_engine::{Ctx, lists};
use authority_journal::{
    codes::{FeedKind, RevocationState},
    feed::{self, NewFeedEntry},
    orders::{self, NewIssue, NewOrder, StoredOrder},
    revocations::{self, StoredRevocation},
};
use authority_signer::Signers;
use core_crypto::{Dice, Digest};
use core_words::{Actor, AuthorityId, CertRef, RevocationReason, Serial, UtcMicros};
use kit_clock::{MachineSteady, SystemClock, Watch};
use kit_keys::{Provider, SealedStore};
use kit_ledger::Entry;
use kit_store::{Db, Options, StoreError, Tx, blobs::DirectoryBlobs};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// What is put where.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The store of a service that does not run now
    #[arg(long)]
    store: String,
    /// The authority that gets certificates
    #[arg(long)]
    authority: String,
    /// Serial number of an issued certificate, after which the others are made
    #[arg(long)]
    model: String,
    /// How much of each
    #[arg(long, value_enum)]
    kind: Kind,
    /// How many
    #[arg(long)]
    count: u64,
    /// A folder for whatever else is needed
    #[arg(long)]
    dir: PathBuf,
}

/// How much of each certificate is put into the store.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Issued certificates with everything that belongs to them
    Issued,
    /// The same, revoked
    Revoked,
    /// Only what lists are made of
    Listed,
}

/// Certificates in one transaction.
const CHUNK: u64 = 1_000;
/// Transactions under way at once.
const FLIGHTS: usize = 4;

/// Fills, packs, and says nothing.
pub(crate) fn run(args: &Args) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(fill(args))
}

async fn fill(args: &Args) -> Result<()> {
    // Chunks are larger than those of a service that others wait for.
    let options = Options { tx_limit: Duration::from_secs(60), ..Options::default() };
    let db = Db::open(&args.store, options).await?;
    let model = Arc::new(Model::read(&db, args).await?);
    let mut flights = JoinSet::new();
    for begin in (0..args.count).step_by(CHUNK as usize) {
        if flights.len() == FLIGHTS {
            flights.join_next().await.transpose()?.transpose()?;
        }
        let copies = (begin..args.count.min(begin + CHUNK)).map(|i| model.copy(i, args.count)).collect();
        let copies: Arc<Vec<Copy>> = Arc::new(copies);
        let (model, kind) = (model.clone(), args.kind);
        let write = db.write_grouped(move |tx| model.write(tx, kind, &copies));
        flights.spawn(async move { write.await.map_err(anyhow::Error::from) });
    }
    while let Some(done) = flights.join_next().await {
        done??;
    }
    if args.kind != Kind::Issued {
        lists::pack(&context(&db, args)?).await?;
    }
    db.close().await;
    Ok(())
}

/// What packing needs of an engine; its keys stay sealed.
fn context(db: &Db, args: &Args) -> Result<Arc<Ctx>> {
    let (clock, provider) = (SystemClock::shared(), Arc::new(Provider));
    Ok(Arc::new(Ctx {
        db: db.clone(),
        watch: Watch::new(clock.clone(), Arc::new(MachineSteady::default()), UtcMicros(0)),
        signers: Signers::new(SealedStore::new(db.clone(), clock), provider.clone()),
        provider,
        blobs: Arc::new(DirectoryBlobs::open(args.dir.join("fill"))?),
    }))
}

/// The certificate after which others are made.
struct Model {
    order: StoredOrder,
    signature: Vec<u8>,
    actor: Actor,
    /// Where the serial number stands in the octets that were signed.
    at: usize,
    now: UtcMicros,
}

/// What differs from the model.
struct Copy {
    order: NewOrder,
    tbs_sha256: [u8; 32],
}

impl Model {
    async fn read(db: &Db, args: &Args) -> Result<Self> {
        let (authority, serial) = (AuthorityId::new(&args.authority)?, Serial::from_hex(&args.model)?);
        let order = db.read(move |tx| orders::by_serial(tx, &authority, &serial)).await?;
        let order = order.with_context(|| format!("no certificate {}/{}", args.authority, args.model))?;
        let signature = order.issued.as_ref().context("the model was never issued")?.signature.clone();
        ensure!(
            serial.octets()[0] != 0,
            "the serial number of the model is shorter than those of the copies"
        );
        let found = order.tbs.windows(20).position(|octets| octets == serial.octets());
        let at = found.context("the model does not contain its serial number")?;
        let (actor, now) = (Actor::ra(&order.orderer), SystemClock::shared().now());
        Ok(Self { order, signature, actor, at, now })
    }

    /// Copy number `i` of `of`: serial numbers and keys are random and rise with `i`, so that rows come in the order
    /// of their indexes. That saves time here and changes nothing for whoever reads them.
    fn copy(&self, i: u64, of: u64) -> Copy {
        let mut octets = [0; 20];
        Provider.fill(&mut octets);
        octets[..8].copy_from_slice(&rising(i, of, 1 << 56, (1 << 63) - 1).to_be_bytes());
        let serial = Serial::from_random(octets).expect("it begins with an octet that is not zero");
        let mut spki_sha256 = [0; 32];
        Provider.fill(&mut spki_sha256);
        spki_sha256[..8].copy_from_slice(&rising(i, of, 0, u64::MAX).to_be_bytes());
        let mut tbs = self.order.tbs.clone();
        tbs[self.at..self.at + 20].copy_from_slice(serial.octets());
        let tbs_sha256 = Provider.sha256(&tbs);
        let order = NewOrder {
            orderer: self.order.orderer.clone(),
            key: None,
            request_hash: spki_sha256,
            profile: self.order.profile.clone(),
            profile_hash: self.order.profile_hash,
            subject_ref: None,
            authority: self.order.authority.clone(),
            generation: self.order.generation,
            partition: self.order.partition,
            serial,
            spki_sha256,
            subject_sha256: tbs_sha256,
            not_before: self.order.not_before,
            not_after: self.order.not_after,
            tbs,
            at: self.now,
        };
        Copy { order, tbs_sha256 }
    }

    fn write(&self, tx: &mut Tx, kind: Kind, copies: &[Copy]) -> Result<(), StoreError> {
        let mut ids = Vec::with_capacity(copies.len());
        for _ in copies {
            ids.push(tx.next_id()?);
        }
        if kind != Kind::Listed {
            self.issue(tx, &ids, copies)?;
        }
        if kind != Kind::Issued {
            for (id, copy) in ids.iter().zip(copies) {
                revocations::save(tx, &self.revocation(*id, &copy.order), None)?;
            }
        }
        if kind == Kind::Revoked {
            self.tell(tx, FeedKind::Revoked, "certificate.revoked", &ids, copies)?;
        }
        Ok(())
    }

    /// Order, certificate, key, feed and ledger, as issuing leaves them.
    fn issue(&self, tx: &mut Tx, ids: &[i64], copies: &[Copy]) -> Result<(), StoreError> {
        let claims: Vec<_> = copies.iter().map(|c| (&c.order.spki_sha256, &c.order.subject_sha256)).collect();
        orders::claim_keys(tx, &claims)?;
        let rows: Vec<_> = ids.iter().zip(copies).map(|(id, copy)| (*id, &copy.order)).collect();
        orders::record(tx, &rows)?;
        let recorded = self.entries("certificate.recorded", copies);
        kit_ledger::append_many(tx, &recorded, self.now, &Provider, &Provider)?;
        let entries = self.tell(tx, FeedKind::Issued, "certificate.issued", ids, copies)?;
        let signed = ids.iter().zip(entries).map(|(id, entry)| NewIssue {
            id: *id,
            signature: &self.signature,
            at: self.now,
            ledger_entry: entry,
        });
        orders::publish(tx, &signed.collect::<Vec<_>>())?;
        Ok(())
    }

    /// Feed and ledger; the ids of the ledger's entries.
    fn tell(
        &self,
        tx: &mut Tx,
        kind: FeedKind,
        act: &'static str,
        ids: &[i64],
        copies: &[Copy],
    ) -> Result<Vec<i64>, StoreError> {
        let moves: Vec<_> = ids
            .iter()
            .zip(copies)
            .map(|(id, copy)| NewFeedEntry {
                kind,
                orderer: Some(&copy.order.orderer),
                order_id: Some(*id),
                authority: &copy.order.authority,
                serial: Some(&copy.order.serial),
                number: None,
                at: self.now,
            })
            .collect();
        feed::append(tx, &moves)?;
        let entries = self.entries(act, copies);
        let told = kit_ledger::append_many(tx, &entries, self.now, &Provider, &Provider)?;
        Ok(told.into_iter().map(|id| id.0).collect())
    }

    fn entries(&self, act: &'static str, copies: &[Copy]) -> Vec<Entry> {
        let entry = |copy: &Copy| {
            let NewOrder { authority, serial, .. } = &copy.order;
            let mut entry = Entry::new(act, self.actor.clone(), format!("cert:{authority}/{serial}"));
            entry.object = Some(copy.tbs_sha256);
            entry
        };
        copies.iter().map(entry).collect()
    }

    fn revocation(&self, id: i64, order: &NewOrder) -> StoredRevocation {
        StoredRevocation {
            cert: CertRef { authority: order.authority.clone(), serial: order.serial },
            certificate_id: id,
            generation: order.generation,
            partition: order.partition,
            state: RevocationState::Revoked,
            reason: RevocationReason::Superseded,
            revoked_at: self.now,
            invalidity: None,
            not_after: order.not_after,
            changed_at: self.now,
            segment: None,
        }
    }
}

/// A random number from the part number `i` of `of` equal parts of `least..=most`.
fn rising(i: u64, of: u64, least: u64, most: u64) -> u64 {
    let mut dice = [0; 8];
    Provider.fill(&mut dice);
    let width = (most - least) / of.max(1);
    least + width * i + u64::from_be_bytes(dice) % width.max(1)
}

#[cfg(test)]
mod tests {
    use super::rising;

    #[test]
    fn numbers_rise_and_stay_within_their_bounds() {
        let numbers: Vec<u64> = (0..1_000).map(|i| rising(i, 1_000, 1 << 56, (1 << 63) - 1)).collect();
        assert!(numbers.is_sorted());
        assert!(numbers.iter().all(|n| ((1 << 56)..1 << 63).contains(n)));
        assert!(rising(9, 10, 0, u64::MAX) > rising(0, 10, 0, u64::MAX));
    }
}
