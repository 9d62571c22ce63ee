//! C23: mandates in force to the microsecond, on both databases.

use super::*;
use crate::store::holders::{By, NewHolder, insert_many as enter};
use core_words::OperatorId;
use kit_store::testing::both_with;

fn scope() -> Scope {
    Scope::of_the_house(OperatorId::new("tokyo").expect("a slug"))
}

fn at(day: i64) -> UtcMicros {
    UtcMicros(day * 1_000)
}

fn holder(tx: &mut Tx, number: &str) -> Result<HolderId, StoreError> {
    let number = HolderNumber::new(number).expect("a number");
    let new = NewHolder {
        number: &number,
        name: "名",
        kana: "メイ",
        postal: "1000001",
        address: "東京都",
        phone: "0300000000",
        email: "a@example.jp",
    };
    let by = By { account: None, now: UtcMicros(0) };
    Ok(enter(tx, &scope(), &[new], by)?.expect("a new number")[0])
}

#[test]
fn c23_a_mandate_is_in_force_from_its_first_moment_to_its_last_and_not_after_its_end() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let (agent, provider) = (holder(tx, "DA13000017")?, holder(tx, "1310000018")?);
            let other = holder(tx, "DA13000025")?;
            let new = |from, until: Option<UtcMicros>| NewMandate { agent, provider, from, until, note: "" };
            let now = at(0);
            let first = insert(tx, &scope(), &new(at(10), Some(at(20))), now)?.expect("none before");
            // Whatever touches it is refused; what comes after or before is not.
            for (from, until) in [
                (at(10), Some(at(20))),
                (at(20), None),
                (at(5), Some(at(10))),
                (at(0), None),
                (at(12), Some(at(13))),
            ] {
                assert_eq!(insert(tx, &scope(), &new(from, until), now)?, None, "{from:?} {until:?}");
            }
            let before = insert(tx, &scope(), &new(at(5), Some(UtcMicros(at(10).0 - 1))), now)?;
            assert!(before.is_some());
            let open = insert(tx, &scope(), &new(UtcMicros(at(20).0 + 1), None), now)?.expect("after it");
            assert!(insert(tx, &scope(), &NewMandate { agent: other, ..new(at(10), None) }, now)?.is_some());

            assert!(end(tx, &scope(), first, "申出", at(15))?);
            assert!(!end(tx, &scope(), first, "申出", at(16))?, "it is over");
            for (moment, on) in [
                (UtcMicros(at(5).0 - 1), false),
                (at(5), true),
                (at(10), true),
                (UtcMicros(at(15).0 - 1), true),
                (at(15), false),
                (at(20), false),
                (UtcMicros(at(20).0 + 1), true),
                (at(9_999), true),
            ] {
                assert_eq!(in_force(tx, agent, provider, moment)?, on, "{moment:?}");
                let all = of_holder(tx, provider, 10)?;
                let theirs = all.iter().filter(|mandate| mandate.agent.0.as_str() == "DA13000017");
                assert_eq!(theirs.filter(|mandate| mandate.in_force(moment)).count(), usize::from(on));
            }
            // In the place of one that was ended another begins; one ended before it began takes no place.
            assert!(end(tx, &scope(), open, "", at(16))?);
            assert!(insert(tx, &scope(), &new(at(15), None), now)?.is_some());
            let osaka = Scope::of_the_house(OperatorId::new("osaka").expect("a slug"));
            assert_eq!(load(tx, &osaka, first)?, None, "another federation's");
            assert!(!end(tx, &osaka, first, "", at(1))?);
            let ended = load(tx, &scope(), first)?.expect("never deleted");
            assert_eq!((ended.ended, ended.end_note.as_str()), (Some(at(15)), "申出"));
            assert_eq!(of_holder(tx, agent, 10)?.len(), 4);
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}
