//! Ids are handed out once, whatever happens to transactions, processes and backups.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{StoreError, testing};
use std::collections::HashSet;

async fn take(db: &kit_store::Db, number: usize) -> Vec<i64> {
    let ids = db.write(move |tx| (0..number).map(|_| tx.next_id()).collect());
    ids.await.unwrap_or_else(|e: StoreError| panic!("{e}"))
}

#[test]
fn no_id_comes_twice() {
    testing::both_places(async |place| {
        let mut seen = HashSet::new();
        let mut note = |ids: Vec<i64>| {
            for id in ids {
                assert!(id > 0 && seen.insert(id), "{id} came twice");
            }
        };
        for _ in 0..3 {
            let db = place.open().await;
            let many: Vec<_> = (0..40)
                .map(|at| {
                    let db = db.clone();
                    tokio::spawn(async move { take(&db, at * 3).await })
                })
                .collect();
            for task in many {
                note(task.await.unwrap());
            }
            // More than any block at hand holds.
            note(take(&db, 20_000).await);
            db.close().await;
        }
    });
}

#[test]
fn a_rollback_gives_no_id_back() {
    testing::both_places(async |place| {
        let db = place.open().await;
        let lost = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = lost.clone();
        let failed = db.write(move |tx| {
            let ids = (0..1_500).map(|_| tx.next_id()).collect::<Result<Vec<_>, _>>()?;
            seen.lock().unwrap().extend(ids);
            Err::<(), _>(StoreError::Closed)
        });
        failed.await.unwrap_err();
        let lost: HashSet<i64> = lost.lock().unwrap().iter().copied().collect();
        assert!(take(&db, 5_000).await.iter().all(|id| !lost.contains(id)));
        db.close().await;
        let db = place.open().await;
        assert!(take(&db, 5_000).await.iter().all(|id| !lost.contains(id)));
        db.close().await;
    });
}

#[test]
fn a_restore_jumps_ahead() {
    testing::both_places(async |place| {
        let db = place.open().await;
        let before = take(&db, 10).await.into_iter().max().unwrap();
        db.jump_ids(1_000_000_000).await.unwrap();
        // The jump counts at once, for ids this process has at hand too.
        assert!(take(&db, 10).await.into_iter().min().unwrap() > before + 999_000_000);
        db.close().await;
        let db = place.open().await;
        assert!(take(&db, 10).await.into_iter().min().unwrap() > before + 999_000_000);
        db.close().await;
    });
}
