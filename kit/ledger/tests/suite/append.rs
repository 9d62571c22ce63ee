//! Appending and erasing.

use crate::support::*;
use core_words::OperatorId;
use kit_keys::Provider;
use kit_ledger::{
    Entry, EntryId, Find, MAX_DETAILS, append, commitment, details, entry, erase_details, prove,
};
use kit_store::{StoreError, params, testing::both_with};

#[test]
fn k08_an_act_enters_the_log_with_its_transaction_or_not_at_all() {
    both_with(TABLES, async |db| {
        let kept = append_acts(&db, 0, 3).await;
        let refused: Result<EntryId, StoreError> = db
            .write(|tx| {
                append(tx, &act(3), START, &Provider, &Provider)?;
                Err(StoreError::Constraint("the act did not take place".into()))
            })
            .await;
        assert!(refused.is_err());
        sequencer(&db).run_until_idle().await.expect("numbered");
        let count: i64 = db
            .read(|tx| tx.query_one("SELECT COUNT(*) FROM ledger_entry", params![])?.get(0))
            .await
            .expect("counted");
        assert_eq!(count, 3);
        for (index, id) in kept.into_iter().enumerate() {
            let stored = db.read(move |tx| entry(tx, id)).await.expect("read").expect("there");
            assert_eq!(stored.index, Some(index as u64));
            let body = stored.body().expect("a body");
            assert_eq!((body.kind.as_str(), body.actor.as_str()), ("test.act", "ra:desk"));
            assert_eq!(body.subject, format!("thing:{index}"));
        }
    });
}

#[test]
fn k08_details_can_be_erased_without_breaking_a_proof() {
    both_with(TABLES, async |db| {
        let full = Entry {
            operator: Some(OperatorId::new("tokyo").expect("a name")),
            case: Some("C-2026-0001234-5".into()),
            details: Some(b"\x01Yamada Taro, Chiyoda 1-1".to_vec()),
            object: Some([9; 32]),
            ..act(0)
        };
        let id = db.write(move |tx| append(tx, &full, START, &Provider, &Provider)).await.expect("appended");
        append_acts(&db, 1, 20).await;
        sequencer(&db).run_until_idle().await.expect("numbered");

        let kept = db.read(move |tx| details(tx, id)).await.expect("read").expect("details");
        assert_eq!(kept.octets, b"\x01Yamada Taro, Chiyoda 1-1");
        let before = db.read(move |tx| prove(tx, &Provider, Find::Id(id))).await.expect("proved");
        let proved = before.verify(&key(1), &Provider, &Provider).expect("it verifies");
        assert_eq!(proved.body.commitment, Some(commitment(&Provider, &kept.salt, &kept.octets)));
        assert_eq!(proved.body.case.as_deref(), Some("C-2026-0001234-5"));
        assert_eq!(proved.body.object, Some([9; 32]));

        let erase = move |tx: &mut kit_store::Tx| erase_details(tx, id);
        assert_eq!(db.write(erase).await.ok(), Some(true));
        assert_eq!(db.write(erase).await.ok(), Some(false));
        assert_eq!(db.read(move |tx| details(tx, id)).await.ok(), Some(None));
        append_acts(&db, 21, 20).await;
        sequencer(&db).run_until_idle().await.expect("numbered");
        let after = db.read(move |tx| prove(tx, &Provider, Find::Id(id))).await.expect("proved");
        assert_eq!(after.verify(&key(1), &Provider, &Provider).expect("it verifies").body, proved.body);
        assert_ne!(after.checkpoint, before.checkpoint);
        before.verify(&key(1), &Provider, &Provider).expect("the old receipt verifies too");
    });
}

#[test]
fn k08_equal_details_do_not_show_as_equal() {
    both_with(TABLES, async |db| {
        let twice = || Entry { details: Some(b"the same".to_vec()), ..act(0) };
        let commitments = db
            .write(move |tx| -> Result<_, StoreError> {
                let ids = kit_ledger::append_many(tx, &[twice(), twice()], START, &Provider, &Provider)?;
                let read = |tx: &mut kit_store::Tx, id| entry(tx, id)?.expect("there").body();
                Ok((read(tx, ids[0])?.commitment, read(tx, ids[1])?.commitment))
            })
            .await
            .expect("appended");
        assert!(commitments.0.is_some());
        assert_ne!(commitments.0, commitments.1);
    });
}

#[test]
fn k08_what_does_not_fit_is_refused_with_the_act() {
    both_with(TABLES, async |db| {
        let long_subject = Entry { subject: "x".repeat(4096), ..act(0) };
        let long_details = Entry { details: Some(vec![0; MAX_DETAILS + 1]), ..act(0) };
        for entry in [long_subject, long_details] {
            let refused = db.write(move |tx| append(tx, &entry, START, &Provider, &Provider)).await;
            assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
        }
        let just = Entry { details: Some(vec![0; MAX_DETAILS]), ..act(0) };
        db.write(move |tx| append(tx, &just, START, &Provider, &Provider)).await.expect("it fits");
    });
}
