//! Second secrets (C1).

use super::support::*;
use crate::GateError;
use kit_store::testing::both_with;
use zeroize::Zeroizing;

#[test]
fn c1_a_second_secret_is_closed_after_three_wrong_tries_too() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let phc = house.gate.hash_password(Zeroizing::new("issue password".into())).await.expect("hashed");
        let compare = |typed: &'static str, known: bool| {
            let phc = known.then(|| phc.clone());
            let name = if known { "claims.provider:1" } else { "claims.provider:2" };
            house.gate.compare(name, Zeroizing::new(typed.into()), phc)
        };
        let told = |result: Result<(), GateError>| result.map_or_else(|e| e.refusal().code, |()| "right");
        assert_eq!(told(compare("issue password", false).await), "gate.wrong_secret", "none is stored");
        for _ in 0..2 {
            assert_eq!(told(compare("wrong", true).await), "gate.wrong_secret");
        }
        assert_eq!(told(compare("issue password", true).await), "right", "and it counts anew");
        for _ in 0..4 {
            assert_eq!(told(compare("wrong", true).await), "gate.wrong_secret");
        }
        assert_eq!(told(compare("issue password", true).await), "gate.wrong_secret", "closed");
        assert_eq!(house.count_acts("gate.refused").await, 1 + 2 + 3);
        assert_eq!(house.count_acts("gate.locked").await, 1);
        house.clock.advance_seconds(30 * 60);
        assert_eq!(told(compare("issue password", true).await), "right");
    });
}
