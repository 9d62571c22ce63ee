//! Proofs that leave the house.

use crate::support::*;
use kit_keys::Provider;
use kit_ledger::{
    BadNote, BadReceipt, Find, Growth, LedgerError, Receipt, Tile, TileKind, checkpoints, prove,
    prove_growth, read_tile,
};
use kit_store::testing::both_with;

#[test]
fn k08_every_entry_has_a_receipt_that_verifies_without_the_database() {
    both_with(TABLES, async |db| {
        let sequencer = sequencer(&db);
        let mut ids = append_acts(&db, 0, 700).await;
        sequencer.run_until_idle().await.expect("numbered");
        ids.extend(append_acts(&db, 700, 33).await);
        sequencer.run_until_idle().await.expect("numbered");
        let receipts = db
            .read(move |tx| {
                ids.into_iter().map(|id| prove(tx, &Provider, Find::Id(id))).collect::<Result<Vec<_>, _>>()
            })
            .await
            .expect("proved");
        for (index, receipt) in receipts.iter().enumerate() {
            let json = serde_json::to_string(receipt).expect("JSON");
            let read: Receipt = serde_json::from_str(&json).expect("JSON");
            let text = Receipt::from_tlog_proof(&read.to_tlog_proof()).expect("a tlog-proof");
            assert_eq!(&text, receipt);
            let proved = text.verify(&key(1), &Provider, &Provider).expect("it verifies");
            assert_eq!((proved.index, proved.checkpoint.size), (index as u64, 733));
            assert_eq!(proved.body.subject, format!("thing:{index}"));
        }
    });
}

#[test]
fn k08_a_receipt_in_which_anything_was_changed_is_refused() {
    both_with(TABLES, async |db| {
        append_acts(&db, 0, 10).await;
        sequencer(&db).run_until_idle().await.expect("numbered");
        let good = db.read(|tx| prove(tx, &Provider, Find::Index(6))).await.expect("proved");
        let other = db.read(|tx| prove(tx, &Provider, Find::Index(7))).await.expect("proved");
        let refused = |change: &dyn Fn(&mut Receipt)| {
            let mut receipt = good.clone();
            change(&mut receipt);
            receipt.verify(&key(1), &Provider, &Provider).expect_err("it was changed")
        };
        assert!(matches!(refused(&|r| r.index = 5), BadReceipt::Proof(_)));
        assert!(matches!(refused(&|r| r.entry = other.entry.clone()), BadReceipt::Proof(_)));
        assert!(matches!(refused(&|r| r.proof = other.proof.clone()), BadReceipt::Proof(_)));
        assert!(matches!(refused(&|r| drop(r.proof.pop())), BadReceipt::Proof(_)));
        assert!(matches!(refused(&|r| r.proof[0] = "AAAA".into()), BadReceipt::Form(_)));
        assert!(matches!(refused(&|r| r.proof = vec![r.proof[0].clone(); 66]), BadReceipt::Form(_)));
        assert!(matches!(refused(&|r| r.entry = "x".repeat(10_000)), BadReceipt::Form(_)));
        assert!(matches!(refused(&|r| r.version = 2), BadReceipt::Version(2)));
        assert!(matches!(
            refused(&|r| r.checkpoint = r.checkpoint.replace("\n10\n", "\n11\n")),
            BadReceipt::Checkpoint(_)
        ));
        let foreign = good.verify(&key(2), &Provider, &Provider);
        assert!(matches!(
            foreign,
            Err(BadReceipt::Checkpoint(kit_ledger::BadCheckpoint::Note(BadNote::OtherKey)))
        ));
        assert!(Receipt::from_tlog_proof("c2sp.org/tlog-proof@v2\nindex 1\n\nx").is_err());
    });
}

#[test]
fn k08_the_log_is_proved_to_have_grown_from_each_checkpoint_to_each_later_one() {
    both_with(TABLES, async |db| {
        let sequencer = sequencer(&db);
        let mut size = 0;
        for count in [1, 2, 1, 30, 222, 1, 300, 7] {
            append_acts(&db, size, count).await;
            size += count;
            sequencer.run_until_idle().await.expect("numbered");
        }
        let all = db.read(|tx| checkpoints(tx, 0, 100)).await.expect("read");
        let sizes: Vec<u64> = all.iter().map(|checkpoint| checkpoint.size).collect();
        assert_eq!(sizes, [1, 3, 4, 34, 256, 257, 557, 564]);
        for (place, old) in sizes.iter().enumerate() {
            for new in &sizes[place..] {
                let (old, new) = (*old, *new);
                let growth = db.read(move |tx| prove_growth(tx, &Provider, old, new)).await.expect("proved");
                let json = serde_json::to_string(&growth).expect("JSON");
                let growth: Growth = serde_json::from_str(&json).expect("JSON");
                let (from, to) = growth.verify(&key(1), &Provider, &Provider).expect("it verifies");
                assert_eq!((from.size, to.size), (old, new));
                if old != new {
                    let backwards =
                        Growth { old: growth.new.clone(), new: growth.old.clone(), ..growth.clone() };
                    assert!(backwards.verify(&key(1), &Provider, &Provider).is_err());
                    let mut spoiled = growth;
                    spoiled.proof.rotate_left(1);
                    spoiled.proof.push(spoiled.proof[0].clone());
                    assert!(spoiled.verify(&key(1), &Provider, &Provider).is_err());
                }
            }
        }
        let unknown = db.read(|tx| prove_growth(tx, &Provider, 2, 564)).await;
        assert!(matches!(unknown, Err(LedgerError::NoCheckpoint(2))));
    });
}

#[test]
fn k08_what_has_no_checkpoint_yet_is_said_to_have_none() {
    both_with(TABLES, async |db| {
        let ids = append_acts(&db, 0, 1).await;
        let early = db.read(move |tx| prove(tx, &Provider, Find::Id(ids[0]))).await;
        assert!(matches!(early, Err(LedgerError::NotYet)));
        sequencer(&db).run_until_idle().await.expect("numbered");
        let later = append_acts(&db, 1, 1).await;
        let early = db.read(move |tx| prove(tx, &Provider, Find::Id(later[0]))).await;
        assert!(matches!(early, Err(LedgerError::NotYet)));
        let none = db.read(|tx| prove(tx, &Provider, Find::Index(1))).await;
        assert!(matches!(none, Err(LedgerError::NoSuchEntry)));
    });
}

#[test]
fn k08_tiles_are_served_as_far_as_a_checkpoint_covers_them() {
    both_with(TABLES, async |db| {
        let sequencer = sequencer(&db);
        append_acts(&db, 0, 300).await;
        sequencer.run_until_idle().await.expect("numbered");
        let get = async |kind, index, width| {
            db.read(move |tx| read_tile(tx, Tile { kind, index, width }))
                .await
                .expect("read")
                .map(|octets| octets.len())
        };
        assert_eq!(get(TileKind::Hashes(0), 0, 256).await, Some(8192));
        assert_eq!(get(TileKind::Hashes(0), 1, 44).await, Some(44 * 32));
        assert_eq!(get(TileKind::Hashes(0), 1, 7).await, Some(7 * 32));
        assert_eq!(get(TileKind::Hashes(0), 1, 45).await, None);
        assert_eq!(get(TileKind::Hashes(1), 0, 1).await, Some(32));
        assert_eq!(get(TileKind::Hashes(1), 0, 2).await, None);
        assert_eq!(get(TileKind::Hashes(2), 0, 1).await, None);
        assert_eq!(get(TileKind::Hashes(63), u64::MAX, 256).await, None);
        assert!(get(TileKind::Entries, 1, 44).await.is_some());
        assert_eq!(get(TileKind::Entries, 1, 256).await, None);
    });
}
