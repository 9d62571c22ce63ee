//! K10: lines that a run could not carry out wait for a clerk, on both databases.

use super::*;
use crate::{Count, Tasks};
use core_words::UtcMicros;

const DAY: i64 = 86_400;

async fn waits(house: &House, name: &str) -> (u64, Option<UtcMicros>, Option<RunId>) {
    let scope = Scope::of_the_house(operator(name));
    let Tasks { refused: Count { count, first }, refused_run, .. } =
        house.claims.tasks(scope).await.expect("counted");
    (count, first, refused_run)
}

#[test]
fn k10_lines_that_a_run_refused_wait_for_a_clerk_for_a_fortnight() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 3).await;
        let good = start(&house, Work::Issue, "a", &lines).await.expect("started");
        work(&house).await;
        assert_eq!(stands(&house, good).await, (RunState::Done, 3, 3, 0));
        assert_eq!(waits(&house, "tokyo").await, (0, None, None), "one that refused nothing");

        house.clock.advance_seconds(60);
        let one = start(&house, Work::Issue, "b", &lines).await.expect("started");
        assert_eq!(waits(&house, "tokyo").await, (0, None, None), "it is not over");
        work(&house).await;
        let since = START.plus_seconds(60);
        assert_eq!(waits(&house, "tokyo").await, (3, Some(since), Some(one)));
        assert_eq!(waits(&house, "osaka").await, (0, None, None));

        // Of several runs, all together.
        house.clock.advance_seconds(DAY);
        start(&house, Work::Issue, "c", &lines[..2]).await.expect("started");
        work(&house).await;
        assert_eq!(waits(&house, "tokyo").await, (5, Some(since), None));

        // Each for a fortnight from its beginning.
        house.clock.advance_seconds(13 * DAY - 1);
        assert_eq!(waits(&house, "tokyo").await.0, 5);
        house.clock.advance_seconds(1);
        assert_eq!(waits(&house, "tokyo").await.0, 2);
        house.clock.advance_seconds(DAY);
        assert_eq!(waits(&house, "tokyo").await, (0, None, None));
    });
}
