//! Incidents that happened elsewhere, and must not here.

use super::*;
use kit_store::testing::both_with;

/// Incident: one serial twice in a CRL. Packing moves a row between the making of the list and its reading, and a
/// certificate is held, released and revoked again; each stands there once, wherever it lies.
#[test]
fn incident_one_serial_twice_in_a_crl() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke(1..=20).await;
        for state in [
            RevocationState::Held,
            RevocationState::Released,
            RevocationState::Held,
            RevocationState::Revoked,
        ] {
            house.clock.advance_seconds(1);
            house.change(30, state).await;
        }
        // The list has its snapshot; then everything in it is packed away before it is written.
        let (scope, now) = (house.scope(0), house.clock.now());
        let (issuer, numbered) = db
            .write(move |tx| {
                let issuer = number::issuer(tx, &scope, ListKind::Full)?;
                let numbered = number::number(tx, &issuer, &scope, ListKind::Full, now)?;
                Ok::<_, ListError>((issuer, numbered))
            })
            .await
            .expect("a number");
        let subject = numbered.clone();
        let snapshot = db.read(move |tx| snapshot::take(tx, &subject)).await.expect("a snapshot");
        assert_eq!(pack::pack_from(&house.ctx, |_| 1, 8).await.expect("it packs"), 21);
        let signer = house.ctx.signers.open(7).await.expect("unlocked");
        let (ctx, runtime, subject) = (house.ctx.clone(), Handle::current(), numbered.clone());
        let written = tokio::task::spawn_blocking(move || {
            build::write(&ctx, &runtime, &issuer, &signer, &subject, snapshot)
        });
        let written = written.await.expect("no panic").expect("it is written");
        let made = make_current(&house.ctx, numbered.list, written, now).await.expect("it is published");
        let all: Vec<u32> = (1..=20).chain([30]).collect();
        assert_eq!(house.read(made.list()).numbers(), all);
        // And once more from the segments alone.
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_revocation WHERE segment IS NULL").await, 0);
        assert_eq!(house.publish(0, ListKind::Full).await.numbers(), all);
        // In a delta a certificate that changed four times stands once as well.
        assert_eq!(house.publish(0, ListKind::Delta).await.numbers(), all);
    });
}

/// Incident: a list that expired because nothing was revoked. Lists are made by the clock.
#[test]
fn incident_a_list_that_expired_because_nothing_was_revoked() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        // Full, delta and two partitions, then again and again although nothing ever happens.
        assert_eq!(publish_due(&house.ctx).await.expect("they are made"), 4);
        assert_eq!(publish_due(&house.ctx).await.expect("nothing is due"), 0);
        for _ in 0..8 * 24 {
            house.clock.advance_seconds(HOUR);
            publish_due(&house.ctx).await.expect("they are made");
            let now = house.clock.now();
            let all = db.read(move |tx| health(tx, now)).await.expect("it reads");
            assert_eq!(all.len(), 4);
            for one in all {
                assert!(one.is_good(), "{one:?}");
            }
        }
        let list = house.current(0, ListKind::Full).await.expect("there is one");
        assert!(house.read(&list).entries.is_empty());
    });
}

/// Incident: clean-up that deleted live rows. What is revoked and not long expired stays on every list, whatever
/// is cleaned up; what is current keeps its file; and every state can still be asked for.
#[test]
fn incident_clean_up_that_deleted_live_rows() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        // 9 and 19 expire after a day; they share a segment with others once and have one of their own once.
        house.revoke([2, 4, 9]).await;
        pack::pack_from(&house.ctx, |_| 1, 8).await.expect("it packs");
        house.revoke([19]).await;
        pack::pack_from(&house.ctx, |_| 1, 8).await.expect("it packs");
        house.change(29, RevocationState::Held).await;
        let live = [2, 4];
        let (mut segments, mut files) = (0, 0);
        for day in 0..9 {
            publish_due(&house.ctx).await.expect("lists are made");
            let done = clean_up(&house.ctx).await.expect("it cleans up");
            (segments, files) = (segments + done.segments, files + done.files);
            for partition in [0, 1, 2] {
                let list = house.current(partition, ListKind::Full).await.expect("there is one");
                let listed = house.read(&list).numbers();
                let expected = live.iter().filter(|n| partition == 0 || partition_of(**n) == partition);
                assert!(expected.clone().all(|n| listed.contains(n)), "day {day}: {listed:?}");
            }
            house.clock.advance_days(1);
        }
        // Segments whose certificates all expired are gone, the one that also has living ones is not.
        assert!(segments >= 1 && files > 0, "{segments} {files}");
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_segment").await, 1);
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_revocation").await, 5);
    });
}

/// Clock set forward by years and back again: what seemed to have expired returns to the lists, because clean-up
/// does not believe the few lists that were made meanwhile.
#[test]
fn clock_set_forward_hides_nothing_for_good() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke([2, 4]).await;
        pack::pack_from(&house.ctx, |_| 1, 8).await.expect("it packs");
        for round in 0..2 {
            house.clock.advance_days(3 * 365);
            for _ in 0..2 {
                // In the first round these are the first lists ever made.
                assert!(publish_due(&house.restarted()).await.expect("lists are made") > 0);
                assert_eq!(clean_up(&house.restarted()).await.expect("it cleans up").segments, 0);
                house.clock.advance_days(1);
            }
            house.clock.advance_days(-3 * 365);
            for partition in [0, 1] {
                let made = publish(&house.restarted(), &house.scope(partition), ListKind::Full).await;
                let made = made.expect("it is made");
                assert_eq!(house.read(made.list()).numbers(), [2, 4], "round {round}");
            }
        }
    });
}

/// Clock set back: refused while the process knows better; after a new start thisUpdate stands still instead of
/// going back, and lists go on being made.
#[test]
fn clock_set_back_this_update_never_goes_back() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let first = house.publish(0, ListKind::Full).await;
        house.clock.advance_seconds(-HOUR);
        let refused = publish(&house.ctx, &house.scope(0), ListKind::Full).await;
        assert!(matches!(refused, Err(ListError::Clock(_))), "{refused:?}");
        let ctx = house.restarted();
        let made = publish(&ctx, &house.scope(0), ListKind::Full).await.expect("it is made");
        let second = house.read(made.list());
        assert_eq!(second.this_update, first.this_update);
        assert!(second.number > first.number);
        house.clock.advance_days(1);
        assert!(publish_due(&house.restarted()).await.expect("they are made") >= 1);
    });
}

/// Restore: numbers given out after the backup are not given out again.
#[test]
fn restore_numbers_go_on_beyond_what_was_lost() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.publish(0, ListKind::Full).await;
        db.write(|tx| lists::skip_numbers(tx, 1_000)).await.expect("it skips");
        assert_eq!(house.publish(0, ListKind::Full).await.number, 1_002);
    });
}

/// A restored database without its files: the lists are made anew, at once.
#[test]
fn a_current_list_whose_file_is_gone_is_made_anew() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        publish_due(&house.ctx).await.expect("they are made");
        std::fs::remove_dir_all(house.directory.path().join("lists")).expect("they are removed");
        assert_eq!(publish_due(&house.ctx).await.expect("they are made"), 4);
    });
}

/// The files cannot be written: refused clearly, what is current stays, recovered without hands.
#[test]
fn nowhere_to_write_leaves_the_current_list_alone() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let before = house.publish(0, ListKind::Full).await;
        let (lists, aside) = (house.directory.path().join("lists"), house.directory.path().join("aside"));
        std::fs::rename(&lists, &aside).expect("it moves");
        std::fs::write(&lists, b"in the way").expect("it writes");
        let refused = publish(&house.ctx, &house.scope(0), ListKind::Full).await;
        assert!(matches!(refused, Err(ListError::Store(_))), "{refused:?}");
        std::fs::remove_file(&lists).expect("it goes");
        std::fs::rename(&aside, &lists).expect("it comes back");
        let current = house.current(0, ListKind::Full).await.expect("there is one");
        assert_eq!(house.read(&current), before);
        assert_eq!(house.publish(0, ListKind::Full).await.number, 3);
    });
}

/// A segment that is damaged stops the list instead of standing on it.
#[test]
fn a_damaged_segment_stops_the_list() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke([2]).await;
        pack::pack_from(&house.ctx, |_| 1, 8).await.expect("it packs");
        db.write(|tx| tx.execute("UPDATE ca_segment SET octets = octets + 1", params![]))
            .await
            .expect("it breaks");
        let refused = publish(&house.ctx, &house.scope(0), ListKind::Full).await;
        assert!(matches!(refused, Err(ListError::Segment { .. })), "{refused:?}");
        assert_eq!(house.current(0, ListKind::Full).await, None);
    });
}
