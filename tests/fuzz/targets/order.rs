//! Orders in JSON, as an RA with a credential may send them.
#![no_main]

use authority_front::{Order, Refusal};
use core_words::{Actor, AuthorityId, OperatorId, ProfileId};
use warifu::api::fields::OrderBody;

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    let Ok(body) = serde_json::from_slice::<OrderBody<'_>>(json) else { return };
    if let Err(unfit) = body.into_order(template(), "") {
        let refusal = Refusal::from(unfit);
        assert!(!refusal.code.is_empty() && !refusal.message.ja.is_empty() && !refusal.message.en.is_empty());
    }
});

fn template() -> Order {
    Order {
        orderer: "fuzz".into(),
        key: None,
        operator: OperatorId::new("fuzz").expect("a name"),
        actor: Actor::ra("fuzz"),
        authority: AuthorityId::new("fuzz").expect("a name"),
        profile: ProfileId::new("fuzz").expect("a name"),
        request: Vec::new(),
        name: None,
        validity: None,
        subject_ref: None,
    }
}
