//! Staff with client certificates (K9).

use super::support::*;
use crate::{ClientCertificate, Proof, Purpose, session::Standing};
use core_words::Actor;
use kit_store::testing::both_with;

#[test]
fn k9_a_registered_certificate_opens_and_no_other_does() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (hanako, jiro) = (house.staff("hanako").await, house.staff("jiro").await);
        let (own, other) = (ClientCertificate(vec![0x30, 1]), ClientCertificate(vec![0x30, 2]));
        assert_eq!(code(house.gate.sign_in_by_certificate(&own, None).await), "gate.wrong_certificate");
        let link = house.link_token(hanako, Purpose::Enrol).await;
        house.gate.enrol_certificate(&link, &own).await.expect("enrolled");
        let again = house.gate.enrol_certificate(&link, &other).await.expect_err("used up").refusal();
        assert_eq!(again.code, "gate.dead_link");
        let second = house.link_token(jiro, Purpose::Enrol).await;
        let taken = house.gate.enrol_certificate(&second, &own).await.expect_err("taken").refusal();
        assert_eq!(taken.code, "gate.credential_taken");
        assert!(
            house.gate.link_of(&second, Purpose::Enrol).await.is_ok(),
            "the link was not used up by that"
        );
        let signed_in = house.gate.sign_in_by_certificate(&own, None).await.expect("in");
        assert_eq!((signed_in.session.account, signed_in.session.proof), (hanako, Proof::Certificate));
        assert_eq!(code(house.gate.sign_in_by_certificate(&other, None).await), "gate.wrong_certificate");
        assert_eq!(house.count_acts("gate.refused").await, 2);
        // Lost: nothing that was registered opens any more, and who is in is out.
        let gate = house.gate.clone();
        let removed = db
            .write(move |tx| {
                crate::accounts::forget_credentials(tx, &gate, hanako, &Actor::system(), gate.now())
            })
            .await;
        assert_eq!(removed.expect("removed"), 1);
        assert!(matches!(house.standing(&signed_in).await, Standing::Over(_)));
        assert_eq!(code(house.gate.sign_in_by_certificate(&own, None).await), "gate.wrong_certificate");
    });
}
