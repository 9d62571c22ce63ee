//! Property: however certificates are revoked, held, released and expire, and whenever lists are made, packed and
//! cleaned up, no list goes back and none is wrong.

use super::*;
use core_x509::crl::Listed;
use kit_store::testing::{Place, both_places};
use proptest::prelude::*;
use std::collections::btree_map::Entry;

const REVOKED: Listed = Listed::Revoked(RevocationReason::KeyCompromise);
const HELD: Listed = Listed::Revoked(RevocationReason::CertificateHold);

/// What may happen.
#[derive(Clone, Copy, Debug)]
enum Step {
    Revoke(u32),
    Hold(u32),
    Release(u32),
    Publish(u16, ListKind),
    NumberFeed,
    Pack,
    CleanUp,
    /// Hours pass.
    Pass(i64),
    /// The clock is set back by hours, and the process is started anew.
    SetBack(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let number = 0..24u32;
    prop_oneof![
        5 => number.clone().prop_map(Step::Revoke),
        3 => number.clone().prop_map(Step::Hold),
        3 => number.prop_map(Step::Release),
        3 => Just(Step::Publish(0, ListKind::Full)),
        4 => Just(Step::Publish(0, ListKind::Delta)),
        3 => (1..=2u16).prop_map(|partition| Step::Publish(partition, ListKind::Full)),
        3 => Just(Step::NumberFeed),
        2 => Just(Step::Pack),
        1 => Just(Step::CleanUp),
        4 => (1..60i64).prop_map(Step::Pass),
        1 => (1..30i64).prop_map(Step::SetBack),
    ]
}

/// What ought to be.
#[derive(Default)]
struct Model {
    /// Certificates that are revoked or held.
    listed: BTreeMap<u32, Listed>,
    /// thisUpdate of a full list, by partition, on which a certificate stood after it had expired.
    gone_from: BTreeMap<(u16, u32), UtcSeconds>,
    /// The lists of each scope and kind so far.
    full: BTreeMap<u16, Read>,
    delta: Option<Read>,
    numbers: BTreeMap<u16, u128>,
}

impl Model {
    fn publish(&mut self, partition: u16, kind: ListKind, list: Read) {
        // Numbers strictly increase in the scope, times never go back in the kind.
        let last = self.numbers.insert(partition, list.number);
        assert!(last < Some(list.number), "number {} after {last:?}", list.number);
        match kind {
            ListKind::Full => {
                if let Some(previous) = self.full.get(&partition) {
                    assert!(
                        previous.this_update <= list.this_update && previous.next_update <= list.next_update
                    );
                }
                self.check_full(partition, &list);
                self.full.insert(partition, list);
            }
            ListKind::Delta => {
                if let Some(previous) = &self.delta {
                    assert!(
                        previous.this_update <= list.this_update && previous.next_update <= list.next_update
                    );
                }
                self.check_delta(&list);
                self.delta = Some(list);
            }
        }
    }

    fn check_full(&mut self, partition: u16, list: &Read) {
        let ours = |number: u32| partition == 0 || partition_of(number) == partition;
        for (number, listed) in &list.entries {
            assert_eq!(self.listed.get(number), Some(listed), "certificate {number}");
            assert!(ours(*number), "certificate {number} in partition {partition}");
        }
        for number in self.listed.keys().copied().filter(|number| ours(*number)) {
            let missing = !list.entries.contains_key(&number);
            let stood = self.gone_from.contains_key(&(partition, number));
            assert!(!missing || stood, "certificate {number} is missing");
            if !missing && list.this_update.micros() > not_after(number) {
                self.gone_from.entry((partition, number)).or_insert(list.this_update);
            }
        }
    }

    /// Base and delta together say what a full list made now would say. What was rightly missing from a base stays so,
    /// also when the clock was set back to before its expiry.
    fn check_delta(&self, delta: &Read) {
        let base = &self.full[&0];
        assert_eq!(delta.base, Some(base.number));
        let mut both = base.entries.clone();
        for (number, listed) in &delta.entries {
            match listed {
                Listed::RemovedFromList => both.remove(number),
                Listed::Revoked(_) => both.insert(*number, *listed),
            };
        }
        for (number, listed) in &self.listed {
            let settled = self.gone_from.contains_key(&(0, *number));
            assert!(
                settled || both.get(number) == Some(listed),
                "certificate {number}: {:?}",
                both.get(number)
            );
        }
        assert!(
            both.keys().all(|number| self.listed.contains_key(number)),
            "something released is still listed"
        );
    }
}

async fn run(steps: &[Step], place: &Place) {
    let db = place.open().await;
    db.migrate(&COMPONENTS).await.expect("migrations run");
    let house = House::new(&db).await;
    let (mut ctx, mut model) = (house.ctx.clone(), Model::default());
    for step in steps {
        match *step {
            Step::Revoke(number) => {
                if model.listed.insert(number, REVOKED) != Some(REVOKED) {
                    house.change(number, RevocationState::Revoked).await;
                    forget(&mut model, number);
                }
            }
            Step::Hold(number) => {
                if let Entry::Vacant(entry) = model.listed.entry(number) {
                    entry.insert(HELD);
                    house.change(number, RevocationState::Held).await;
                    forget(&mut model, number);
                }
            }
            Step::Release(number) => {
                if model.listed.get(&number) == Some(&HELD) {
                    house.change(number, RevocationState::Released).await;
                    model.listed.remove(&number);
                }
            }
            Step::Publish(partition, kind) => match publish(&ctx, &house.scope(partition), kind).await {
                Ok(Made::Current(list)) => {
                    model.publish(partition, kind, house.read(&list));
                }
                Err(ListError::NoBase(_)) => assert!(!model.full.contains_key(&0)),
                other => panic!("{other:?}"),
            },
            Step::NumberFeed => house.number_feed().await,
            Step::Pack => drop(pack::pack_from(&ctx, |_| 2, 4).await.expect("it packs")),
            Step::CleanUp => drop(clean_up(&ctx).await.expect("it cleans up")),
            Step::Pass(hours) => house.clock.advance_seconds(hours * HOUR),
            Step::SetBack(hours) => {
                house.clock.advance_seconds(-hours * HOUR);
                ctx = house.restarted();
            }
        }
    }
    db.close().await;
}

/// Found by chance, once in some ten thousand sequences.
#[test]
fn k4_what_was_revoked_after_its_expiry_while_the_clock_was_back_stands_on_a_list_all_the_same() {
    use Step::{NumberFeed, Pack, Pass, Publish, Revoke, SetBack};
    let full = Publish(0, ListKind::Full);
    let steps =
        [Pass(50), full, NumberFeed, SetBack(20), Revoke(9), Revoke(19), Pack, NumberFeed, Pass(15), full];
    both_places(async |place: &Place| run(&steps, place).await);
}

/// And the other way: what left the list as time went on does not come back when the clock does.
#[test]
fn k4_a_base_that_dropped_what_had_expired_is_a_base_also_when_the_clock_was_set_back() {
    use Step::{NumberFeed, Pack, Pass, Publish, Revoke, SetBack};
    let (full, delta) = (Publish(0, ListKind::Full), Publish(0, ListKind::Delta));
    let steps = [
        Revoke(9),
        Revoke(19),
        Pack,
        NumberFeed,
        Pass(30),
        full,
        Pass(2),
        full,
        Pass(2),
        full,
        SetBack(20),
        delta,
    ];
    both_places(async |place: &Place| run(&steps, place).await);
}

/// A change after expiry must be listed once more before it may go.
fn forget(model: &mut Model, number: u32) {
    model.gone_from.retain(|(_, other), _| *other != number);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn k4_lists_never_go_back_and_are_never_wrong(steps in prop::collection::vec(step(), 1..60)) {
        let place = Place::sqlite();
        publishing::runtime().block_on(run(&steps, &place));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn k4_lists_never_go_back_on_postgres(steps in prop::collection::vec(step(), 1..60)) {
        if let Some(place) = Place::fresh(kit_store::Dialect::Postgres) {
            publishing::runtime().block_on(run(&steps, &place));
        }
    }
}
