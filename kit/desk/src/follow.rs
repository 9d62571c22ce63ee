//! Following the feed of the authority: what a desk ordered comes back here, and here alone.

use core_words::{FeedEntry, Refusal};
use kit_store::{Db, StoreError, Tx, params};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};

/// A future as it is handed over an object-safe border.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Entries that are taken in one go.
const MOST: u32 = 256;
/// Between two looks when there was nothing new.
const PAUSE: Duration = Duration::from_millis(300);
/// Between two looks when something was in the way.
const AFTER_TROUBLE: Duration = Duration::from_secs(2);

/// A desk that follows the feed.
pub trait Follow: Send + Sync {
    /// The name of the desk, under which its cursor is kept.
    fn desk(&self) -> &'static str;

    /// Entries after `after`, in order, at most `most`.
    fn read(&self, after: i64, most: u32) -> BoxFuture<'_, Result<Vec<FeedEntry>, Refusal>>;

    /// Takes in `entries`, which are never none, and moves the cursor from `after` to the last of them with
    /// [`advance`], in one transaction. An entry that means nothing to the desk is passed over: one that cannot be
    /// understood must not stop those behind it.
    fn take(&self, after: i64, entries: Vec<FeedEntry>) -> BoxFuture<'_, Result<(), TakeError>>;
}

/// Why entries could not be taken in; they are offered again.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// Those of the store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process was quicker.
    #[error("another process has moved the cursor")]
    Overtaken,
    /// The authority does not answer what must be known.
    #[error(transparent)]
    Authority(#[from] Refusal),
}

/// How far a desk has come.
///
/// # Errors
/// Those of the store.
pub fn cursor(tx: &mut Tx, desk: &str) -> Result<i64, StoreError> {
    tx.query_opt("SELECT seq FROM desk_cursor WHERE desk = $1", params![desk])?
        .map_or(Ok(0), |row| row.get(0))
}

/// Moves the cursor of a desk, if it still stands where it stood.
///
/// # Errors
/// [`TakeError::Overtaken`]: then the transaction must leave no trace; those of the store.
pub fn advance(tx: &mut Tx, desk: &str, from: i64, to: i64) -> Result<(), TakeError> {
    let moved = if from == 0 {
        tx.execute(
            "INSERT INTO desk_cursor (desk, seq) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            params![desk, to],
        )?
    } else {
        tx.execute("UPDATE desk_cursor SET seq = $1 WHERE desk = $2 AND seq = $3", params![to, desk, from])?
    };
    if moved == 1 { Ok(()) } else { Err(TakeError::Overtaken) }
}

/// Takes in what is new, once; how many entries there were.
///
/// # Errors
/// Every [`TakeError`].
pub async fn follow_once(db: &Db, follower: &dyn Follow) -> Result<usize, TakeError> {
    let desk = follower.desk();
    let after = db.read(move |tx| cursor(tx, desk)).await?;
    let entries = follower.read(after, MOST).await?;
    let count = entries.len();
    if count > 0 {
        follower.take(after, entries).await?;
    }
    Ok(count)
}

/// Follows the feed until `stop` shows true.
pub async fn follow(db: Db, follower: Arc<dyn Follow>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let pause = match follow_once(&db, &*follower).await {
            Ok(0) => PAUSE,
            // There may be more.
            Ok(_) | Err(TakeError::Overtaken) => continue,
            Err(error) => {
                tracing::warn!(desk = follower.desk(), %error, "the feed is looked at again");
                AFTER_TROUBLE
            }
        };
        // The end is not waited for longer than it takes to notice.
        if let Ok(Err(_)) = timeout(pause, stop.changed()).await {
            return;
        }
    }
}
