//! C13: from asking to the archive and the end of a case, on both databases.

use super::*;
use crate::{
    Stage,
    api::tests::house::{House, TABLES, operator},
    jobs::register,
    words::HolderId,
};
use core_crypto::KeyAlg;
use core_words::Actor;
use kit_clock::Clock;
use kit_jobs::Worker;
use kit_keys::{Provider as Keys, SignInput, SoftKey, testing};
use kit_ledger::{CheckpointSigner, Receipt, Sequencer, SignFailed, Signing, VerifierKey};
use kit_store::testing::both_with;
use proptest::prelude::*;
use std::sync::Arc;

fn scope() -> Scope {
    Scope::of_the_house(operator("tokyo"))
}

fn doer(hat: Hat) -> Doer<Hat> {
    Doer { capacity: hat, actor: Actor::staff(3), account: Some(3) }
}

async fn work(house: &House) {
    let clock: Arc<dyn Clock> = Arc::new(house.clock.clone());
    let builder = Worker::builder(house.db.clone(), clock, Arc::new(Keys));
    register(builder, &house.claims).build().expect("good handlers").run_until_idle().await.expect("ran");
}

/// The key of the ledger.
struct LedgerKey(SoftKey);

impl LedgerKey {
    fn new() -> Self {
        Self(testing::key(KeyAlg::Ed25519, 1))
    }

    fn verifier(&self) -> VerifierKey {
        VerifierKey::new(&Keys, self.origin(), self.public_key()).expect("a good name")
    }
}

impl CheckpointSigner for LedgerKey {
    fn origin(&self) -> &str {
        "house.example/warifu"
    }

    fn public_key(&self) -> [u8; 32] {
        VerifierKey::public_from_spki(self.0.public_spki()).expect("an Ed25519 key")
    }

    fn sign<'a>(&'a self, text: &'a [u8]) -> Signing<'a> {
        let signed = self.0.sign_now(SignInput::Message(text)).map_err(|e| SignFailed(e.to_string()));
        Box::pin(async { Ok(signed?.try_into().expect("64 octets")) })
    }
}

async fn number_the_ledger(house: &House) {
    let (clock, keys) = (Arc::new(house.clock.clone()), Arc::new(Keys));
    let sequencer =
        Sequencer::builder(house.db.clone(), clock, keys.clone(), keys, Arc::new(LedgerKey::new()));
    sequencer.build(&Keys).expect("a good sequencer").run_until_idle().await.expect("numbered");
}

#[test]
fn c13_a_deletion_archives_first_and_deletes_once_and_staff_are_told_where_it_is() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let claims = &house.claims;
        let number = CaseNumber::parse(&house.issued().await).expect("a number");
        let file = claims.case(scope(), number, Hat::Clerk).await.expect("it is there");
        let last = file.case.case.holding().expect("it is issued").certificate.not_after;
        // The key is erased when its time is over; until then nothing could go.
        house.clock.advance_days(31);
        work(&house).await;
        let border = last.micros().plus_seconds(1 + 365 * 86_400);
        house.clock.advance_seconds(border.since(claims.now()) / 1_000_000);
        let code = |hat| async move { claims.delete(scope(), doer(hat)).await.map_err(|no| no.code) };
        assert_eq!(code(Hat::Manager).await, Err("claims.nothing_to_delete"), "365 days are not over");
        house.clock.advance_days(2);
        number_the_ledger(&house).await;
        assert_eq!(code(Hat::Clerk).await, Err("claims.manager_only"));
        let asked = code(Hat::Manager).await.expect("asked");
        assert_eq!(code(Hat::Manager).await, Err("claims.deletion_running"));
        let none = claims.archive(scope(), asked, Hat::Manager).await.expect_err("not yet");
        assert_eq!(none.code, "claims.no_deletion");
        let events = claims.case(scope(), number, Hat::Clerk).await.expect("it is there").events.len();
        for _ in 0..2 {
            work(&house).await;
            let deletion = claims.deletion(scope(), asked, Hat::Manager).await.expect("it is there");
            assert_eq!((deletion.stage, deletion.chosen, deletion.deleted), (Stage::Done, 1, 1));
        }

        let archive = claims.archive(scope(), asked, Hat::Manager).await.expect("it is there");
        let lines: Vec<serde_json::Value> = std::str::from_utf8(&archive)
            .expect("UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!((lines.len(), &lines[0]["format"]), (2, &archive::FORMAT.into()));
        assert_eq!(lines[1]["case"]["number"], number.to_string());
        assert!(lines[1]["certificate"].as_str().is_some_and(|pem| pem.contains("BEGIN CERTIFICATE")));
        let proofs = lines[1]["proofs"].as_array().expect("proofs");
        assert_eq!(proofs.len(), events);
        let key = LedgerKey::new().verifier();
        for proof in proofs {
            let text = proof["tlog_proof"].as_str().expect("a text");
            let receipt = Receipt::from_tlog_proof(text).expect("a proof");
            let proved = receipt.verify(&key, &Keys, &Keys).expect("it verifies");
            assert_eq!(proved.body.case, Some(number.to_string()));
        }

        // Staff are told where it is, the applicant of nothing.
        let gone = claims.case(scope(), number, Hat::Clerk).await.expect_err("it is gone");
        assert_eq!(gone.code, "claims.deleted");
        assert!(gone.message.ja.contains(&asked.to_string()), "{}", gone.message.ja);
        let holder: HolderId = house.holders[0];
        let own = claims.own_case(scope(), holder, number, Hat::Provider).await.expect_err("it is gone");
        assert_eq!(own.code, "claims.no_case");
        assert_eq!(claims.own_cases(holder).await.expect("read"), []);
        assert_eq!(code(Hat::Manager).await, Err("claims.nothing_to_delete"));
    });
}

proptest! {
    #[test]
    fn c13_whole_days_of_japan_lie_between_the_end_and_its_deletion(
        ended in 1_500_000_000_000_000_i64..2_000_000_000_000_000,
        passed in 0_i64..800 * 86_400_000_000,
        keep in 1_u32..700,
    ) {
        let (ended, now) = (UtcMicros(ended), UtcMicros(ended + passed));
        let days = Day::of(now).days_since(Day::of(ended));
        prop_assert_eq!(ended < deletable_before(now, keep), days > i64::from(keep));
    }
}

#[test]
fn c13_the_border_is_midnight_in_japan() {
    // 2026-11-20T00:00:00+09:00.
    let midnight = UtcMicros(1_795_100_400_000_000);
    let ended = midnight.plus_seconds(-366 * 86_400).plus_micros(-1);
    let may = |now| ended < deletable_before(now, 365);
    assert!(!may(midnight.plus_seconds(-86_400).plus_micros(-1)));
    assert!(may(midnight.plus_seconds(-86_400)));
}
