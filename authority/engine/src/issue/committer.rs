//! Group commit: concurrent orders share their commits (architecture: the order of deeds).
//!
//! Whoever has something to record or to publish hands it in and waits. A loop takes all that has gathered,
//! writes it in one transaction and answers after the commit; meanwhile the next group gathers. With one
//! waiting order a group has one; with a thousand it has hundreds: throughput is bound by signatures and by
//! the disk's sync rate, not by round trips.

use super::{
    publish::{self, Publication, Published},
    record::{self, Record, Recorded},
};
use crate::Ctx;
use kit_drill::point;
use kit_store::{Dialect, StoreError};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// The most orders that share one commit.
const GROUP: usize = 512;
/// How many groups may wait; beyond that, callers wait for a place.
const QUEUE: usize = 4096;

enum Deed {
    Record(Vec<Record>, oneshot::Sender<Result<Vec<Recorded>, StoreError>>),
    Publish(Vec<Publication>, oneshot::Sender<Result<Vec<Published>, StoreError>>),
}

impl Deed {
    fn size(&self) -> usize {
        match self {
            Self::Record(rows, _) => rows.len(),
            Self::Publish(rows, _) => rows.len(),
        }
    }
}

/// The door to the group commit. Clones share it; the loop ends when the last one is dropped.
#[derive(Clone)]
pub(crate) struct Committer(mpsc::Sender<Deed>);

impl Committer {
    /// Starts the loop on the current runtime.
    pub(crate) fn start(ctx: Arc<Ctx>) -> Self {
        let (door, mut deeds) = mpsc::channel::<Deed>(QUEUE);
        // SQLite has one writer, so a second group in flight would only wait behind the first.
        let flights = Arc::new(Semaphore::new(match ctx.db.dialect() {
            Dialect::Sqlite => 1,
            Dialect::Postgres => 3,
        }));
        tokio::spawn(async move {
            let mut held: Option<Deed> = None;
            loop {
                let first = match held.take() {
                    Some(deed) => deed,
                    None => match deeds.recv().await {
                        Some(deed) => deed,
                        None => return,
                    },
                };
                // Taking the flight first lets more gather while the previous group is being committed.
                let Ok(flight) = flights.clone().acquire_owned().await else { return };
                let mut size = first.size();
                let mut group = vec![first];
                while let Ok(deed) = deeds.try_recv() {
                    if size + deed.size() > GROUP {
                        held = Some(deed);
                        break;
                    }
                    size += deed.size();
                    group.push(deed);
                }
                let ctx = ctx.clone();
                tokio::spawn(async move {
                    commit(&ctx, group).await;
                    drop(flight);
                });
            }
        });
        Self(door)
    }

    /// Makes orders durable; answer `i` belongs to record `i`.
    pub(crate) async fn record(&self, records: Vec<Record>) -> Result<Vec<Recorded>, StoreError> {
        let (answer, done) = oneshot::channel();
        self.0.send(Deed::Record(records, answer)).await.map_err(|_| StoreError::Closed)?;
        done.await.map_err(|_| StoreError::Closed)?
    }

    /// Makes signatures durable; answer `i` belongs to publication `i`.
    pub(crate) async fn publish(&self, publications: Vec<Publication>) -> Result<Vec<Published>, StoreError> {
        let (answer, done) = oneshot::channel();
        self.0.send(Deed::Publish(publications, answer)).await.map_err(|_| StoreError::Closed)?;
        done.await.map_err(|_| StoreError::Closed)?
    }
}

/// Writes a group in one transaction and answers its members.
async fn commit(ctx: &Arc<Ctx>, group: Vec<Deed>) {
    let mut records = Vec::new();
    let mut publications = Vec::new();
    let mut answers = Vec::with_capacity(group.len());
    for deed in group {
        match deed {
            Deed::Record(rows, answer) => {
                answers.push(Answer::Record(rows.len(), answer));
                records.extend(rows);
            }
            Deed::Publish(rows, answer) => {
                answers.push(Answer::Publish(rows.len(), answer));
                publications.extend(rows);
            }
        }
    }
    let (records, publications) = (Arc::new(records), Arc::new(publications));
    point("engine.before_record");
    let outcome = {
        let (ctx, records, publications) = (ctx.clone(), records.clone(), publications.clone());
        ctx.db
            .clone()
            .write_grouped(move |tx| {
                let recorded = record::write(tx, &ctx, &records)?;
                let published = publish::write(tx, &ctx, &publications)?;
                Ok::<_, StoreError>((recorded, published))
            })
            .await
    };
    if outcome.is_ok() && !records.is_empty() {
        point("engine.recorded");
    }
    if outcome.is_ok() && !publications.is_empty() {
        point("engine.published");
    }
    let (mut recorded, mut published) = match outcome {
        Ok((recorded, published)) => (Ok(recorded.into_iter()), Ok(published.into_iter())),
        Err(error) => (Err(error.clone()), Err(error)),
    };
    // A caller that went away is no fault of the others: its record stands and is finished by recovery.
    for answer in answers {
        match answer {
            Answer::Record(count, to) => {
                let part = recorded.as_mut().map(|all| all.take(count).collect()).map_err(|e| e.clone());
                let _ = to.send(part);
            }
            Answer::Publish(count, to) => {
                let part = published.as_mut().map(|all| all.take(count).collect()).map_err(|e| e.clone());
                let _ = to.send(part);
            }
        }
    }
}

enum Answer {
    Record(usize, oneshot::Sender<Result<Vec<Recorded>, StoreError>>),
    Publish(usize, oneshot::Sender<Result<Vec<Published>, StoreError>>),
}
