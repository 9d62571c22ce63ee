//! Jobs, packing and clean-up.

use super::*;
use kit_jobs::Worker;
use kit_store::testing::both_with;

fn worker(house: &House) -> Worker {
    let worker = Worker::builder(house.ctx.db.clone(), Arc::new(house.clock.clone()), Arc::new(Provider));
    register(worker, &house.ctx).build().expect("a worker")
}

/// K4, K10: soon after a revocation the delta and the list of the partition say it, once for many revocations.
#[test]
fn k4_k10_lists_come_soon_after_a_revocation_and_once_for_many() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let worker = worker(&house);
        let ran = worker.run_until_idle().await.expect("it runs");
        assert_eq!((ran.failed, ran.given_up), (0, 0));
        let numbers = async || {
            let mut found = Vec::new();
            for (partition, kind) in
                [(0, ListKind::Full), (0, ListKind::Delta), (1, ListKind::Full), (2, ListKind::Full)]
            {
                found.push(house.current(partition, kind).await.expect("there is one").number);
            }
            found
        };
        assert_eq!(numbers().await, [1, 2, 1, 1]);

        house.revoke([2, 4, 6]).await;
        house.number_feed().await;
        worker.run_until_idle().await.expect("it runs");
        assert_eq!(numbers().await, [1, 2, 1, 1], "not yet");
        house.clock.advance_seconds(50);
        worker.run_until_idle().await.expect("it runs");
        // Partition 1 has the even ones. The full list is not made anew: its delta says it.
        assert_eq!(numbers().await, [1, 3, 2, 1]);
        let delta = house.current(0, ListKind::Delta).await.expect("there is one");
        assert_eq!(house.read(&delta).numbers(), [2, 4, 6]);

        // The next revocation asks anew.
        house.revoke([8]).await;
        house.number_feed().await;
        house.clock.advance_seconds(60);
        worker.run_until_idle().await.expect("it runs");
        assert_eq!(numbers().await, [1, 4, 3, 1]);
    });
}

/// A revocation between the number of a list and its snapshot is said by that list; the job that it asked for still
/// runs, because only a list with a later number settles it.
#[test]
fn k4_no_revocation_is_lost_between_number_and_job() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let worker = worker(&house);
        worker.run_until_idle().await.expect("it runs");
        house.revoke([2]).await;
        house.number_feed().await;
        // A list on schedule takes the number that the job would have taken; the job then has nothing to do.
        let made = house.publish(0, ListKind::Delta).await;
        house.publish(1, ListKind::Full).await;
        house.clock.advance_seconds(60);
        worker.run_until_idle().await.expect("it runs");
        assert_eq!(house.current(0, ListKind::Delta).await.map(|l| l.number as u128), Some(made.number));
        // And a revocation after that is not taken for settled.
        house.revoke([4]).await;
        house.clock.advance_seconds(60);
        worker.run_until_idle().await.expect("it runs");
        let delta = house.current(0, ListKind::Delta).await.expect("there is one");
        assert_eq!(house.read(&delta).numbers(), [2, 4]);
    });
}

/// A revocation whose job was settled by a list that does not say it: found, and made good within one round.
#[test]
fn k4_a_change_that_no_list_covers_is_found() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        publish_due(&house.ctx).await.expect("they are made");
        house.revoke([2]).await;
        db.write(|tx| tx.execute("DELETE FROM job", params![])).await.expect("the job is lost");
        house.number_feed().await;
        house.clock.advance_seconds(75);
        assert_eq!(publish_due(&house.ctx).await.expect("not yet"), 0);
        house.clock.advance_seconds(1);
        assert_eq!(publish_due(&house.ctx).await.expect("they are made"), 2, "the delta and partition 1");
        let delta = house.current(0, ListKind::Delta).await.expect("there is one");
        assert_eq!(house.read(&delta).numbers(), [2]);
        let partition = house.current(1, ListKind::Full).await.expect("there is one");
        assert_eq!(house.read(&partition).numbers(), [2]);
        house.number_feed().await;
        house.clock.advance_seconds(600);
        assert_eq!(publish_due(&house.ctx).await.expect("nothing is due"), 0);
    });
}

/// Without delta lists the full list itself comes soon.
#[test]
fn k4_without_deltas_the_full_list_comes_soon() {
    both_with(&COMPONENTS, async |db| {
        let plain = ListSchedule { delta_every_s: 0, delta_life_s: 0, ..schedule() };
        let house = House::with(&db, KeyAlg::P256, 0, plain).await;
        let worker = worker(&house);
        worker.run_until_idle().await.expect("it runs");
        let authority = house.authority.clone();
        db.write(move |tx| request_soon(tx, &authority, 1, 0, UtcMicros(0))).await.expect("it is asked for");
        house.clock.advance_seconds(60);
        worker.run_until_idle().await.expect("it runs");
        assert_eq!(house.current(0, ListKind::Full).await.map(|l| l.number), Some(2));
        assert!(house.publish(0, ListKind::Full).await.freshest.is_empty());
    });
}

/// K10: each job twice has the effect of once.
#[test]
fn k10_every_job_may_run_twice() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke(1..=40).await;
        for _ in 0..2 {
            publish_due(&house.ctx).await.expect("it runs");
            pack::pack_from(&house.ctx, |_| 4, 8).await.expect("it runs");
            clean_up(&house.ctx).await.expect("it runs");
        }
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_list").await, 4);
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_segment").await, 6);
        assert_eq!(house.publish(0, ListKind::Full).await.entries.len(), 40);
    });
}

/// Packing takes revocations for good, leaves holds and too short tails, and keeps every entry as it was.
#[test]
fn k4_packing_leaves_holds_and_short_tails() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke((1..=10).map(|n| 2 * n)).await;
        house.revoke([1, 3]).await;
        house.change(40, RevocationState::Held).await;
        let before = house.publish(0, ListKind::Full).await;
        assert_eq!(pack::pack_from(&house.ctx, |_| 3, 4).await.expect("it packs"), 8);
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_segment").await, 2);
        assert_eq!(house.publish(0, ListKind::Full).await.entries, before.entries);
        assert_eq!(house.publish(1, ListKind::Full).await.entries.len(), 11);
        // A hold is released from where it lies.
        house.change(40, RevocationState::Released).await;
        assert_eq!(house.publish(0, ListKind::Full).await.entries.len(), before.entries.len() - 1);
    });
}

/// Two packers at once: one takes each row, and neither has to try again.
#[test]
fn k4_two_packers_at_once() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke((1..=60).map(|n| 2 * n)).await;
        let (a, b) =
            tokio::join!(pack::pack_from(&house.ctx, |_| 1, 8), pack::pack_from(&house.ctx, |_| 1, 8));
        assert_eq!(a.expect("it packs") + b.expect("it packs"), 60);
        assert_eq!(house.count("SELECT SUM(entries) FROM ca_segment").await, 60);
        assert_eq!(house.publish(0, ListKind::Full).await.entries.len(), 60);
    });
}

/// Old files go, the current ones and a few before them stay, and what a crash left is cleared away.
#[test]
fn k4_clean_up_keeps_what_is_current() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        for _ in 0..6 {
            house.publish(0, ListKind::Full).await;
            house.publish(0, ListKind::Delta).await;
        }
        // A crash after the rename: a file under a number that was never published.
        let (scope, now) = (house.scope(0), house.clock.now());
        let lost = db
            .write(move |tx| {
                let issuer = number::issuer(tx, &scope, ListKind::Full)?;
                number::number(tx, &issuer, &scope, ListKind::Full, now)
            })
            .await
            .expect("a number");
        let name = lost.list.blob.expect("a name");
        house.ctx.blobs.put(&name, b"left over").expect("it is written");

        assert_eq!(clean_up(&house.ctx).await.expect("it runs").files, 4);
        let left = |house: &House| house.ctx.blobs.list("lists/").expect("they are listed");
        assert_eq!(left(&house).len(), 9, "two current, three of each kind before, one being written");
        house.clock.advance_days(1);
        assert_eq!(clean_up(&house.ctx).await.expect("it runs").files, 1);
        assert!(!left(&house).contains(&name));
        for kind in [ListKind::Full, ListKind::Delta] {
            let current = house.current(0, kind).await.expect("there is one");
            house.read(&current);
        }
    });
}

/// The alarm: what is under half of its life, expired, or was never made.
#[test]
fn k4_k14_health_tells_what_is_wrong() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let look = async |seconds: i64| {
            let now = UtcSeconds(START + seconds).micros();
            let all = db.read(move |tx| health(tx, now)).await.expect("it reads");
            all.into_iter().map(|one| (one.scope.partition, one.kind, one.life)).collect::<Vec<_>>()
        };
        let missing = [(0, ListKind::Full), (0, ListKind::Delta), (1, ListKind::Full), (2, ListKind::Full)];
        assert_eq!(look(0).await, missing.map(|(p, k)| (p, k, None)));
        publish_due(&house.ctx).await.expect("they are made");
        let life =
            async |seconds| look(seconds).await.into_iter().map(|(_, _, life)| life).collect::<Vec<_>>();
        let [good, half, expired] = [Life::Good, Life::UnderHalf, Life::Expired].map(Some);
        assert_eq!(life(2 * HOUR - 1).await, [good; 4]);
        assert_eq!(life(2 * HOUR).await, [good, half, good, good]);
        assert_eq!(life(4 * HOUR + 1).await, [good, expired, good, good]);
        assert_eq!(life(2 * DAY).await, [half, expired, half, half]);
    });
}

/// A generation that was replaced goes on with its own lists, and one that has ended stops.
#[test]
fn k1_a_replaced_generation_keeps_its_lists_until_it_ends() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let (id, key, now) = (house.authority.clone(), house.key.clone(), house.clock.now());
        db.write(move |tx| {
            authorities::insert_generation(tx, &generation(&id, 2, &key, now))?;
            let (active, retired) = (GenerationState::Active, GenerationState::Retired);
            authorities::set_generation_state(tx, &id, 1, active, retired)
        })
        .await
        .expect("a rollover");
        house.revoke([2]).await;
        assert_eq!(publish_due(&house.ctx).await.expect("they are made"), 8);
        let old = house.current(0, ListKind::Full).await.expect("there is one");
        assert_eq!(house.read(&old).numbers(), [2]);
        let id = house.authority.clone();
        db.write(move |tx| {
            let (retired, ended) = (GenerationState::Retired, GenerationState::Ended);
            authorities::set_generation_state(tx, &id, 1, retired, ended)
        })
        .await
        .expect("it ends");
        house.clock.advance_days(1);
        assert_eq!(publish_due(&house.ctx).await.expect("they are made"), 4);
        assert_eq!(house.current(0, ListKind::Full).await.map(|l| l.number), Some(old.number));
    });
}
