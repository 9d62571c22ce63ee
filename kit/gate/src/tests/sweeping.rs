//! Clean-up.

use super::support::*;
use crate::{Purpose, session::Standing, sweep};
use kit_store::{Db, testing::both_with};

async fn swept(db: &Db, house: &House) -> u64 {
    let now = house.gate.now();
    db.write(move |tx| sweep(tx, now)).await.expect("swept")
}

#[test]
fn incident_clean_up_that_deleted_live_rows_at_the_gate() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let signed_in = house.signed_in_staff("hanako").await;
        let link = house.link_token(signed_in.session.account, Purpose::Enrol).await;
        for _ in 0..3 {
            assert_eq!(code(house.sign_in("P0001", "wrong").await), "gate.wrong_sign_in");
        }
        house.gate.begin_passkey_sign_in([1; 32]).await.expect("begun");
        assert_eq!(swept(&db, &house).await, 0);
        assert!(house.gate.link_of(&link, Purpose::Enrol).await.is_ok());
        assert!(matches!(house.standing(&signed_in).await, Standing::Open(_)));
        assert_eq!(code(house.sign_in("P0001", PASSWORD).await), "gate.wrong_sign_in", "still closed");
        // A day after its end the page of the ended session still knows whose it was; then it is forgotten.
        house.clock.advance_seconds(24 * 60 * 60 + 20 * 60);
        assert_eq!(swept(&db, &house).await, 2, "the challenge and the sign-in link that was used");
        assert!(matches!(house.standing(&signed_in).await, Standing::Over(Some(_))));
        house.clock.advance_micros(1);
        assert_eq!(swept(&db, &house).await, 1, "the session");
        assert!(matches!(house.standing(&signed_in).await, Standing::Over(None)));
        house.clock.advance_days(7);
        assert_eq!(swept(&db, &house).await, 2, "the count and the enrolment link");
        assert_eq!(swept(&db, &house).await, 0);
    });
}
