use super::*;
use core_words::OperatorId;
use kit_store::testing::both_with;

const NOW: UtcMicros = UtcMicros(1_790_000_000_000_000);

fn scope() -> Scope {
    Scope::of_the_house(OperatorId::new("tokyo").expect("a slug"))
}

fn summed(tx: &mut Tx, holder: HolderId) -> Result<Yen, StoreError> {
    let row = tx.query_one(
        "SELECT CAST((SELECT coalesce(sum(amount_yen), 0) FROM claims_deposit WHERE holder = $1) \
         + (SELECT coalesce(sum(amount_yen), 0) FROM claims_account_entry WHERE holder = $1) AS BIGINT)",
        params![holder.0],
    )?;
    Ok(Yen(row.get(0)?))
}

#[test]
fn c10_the_balance_is_the_sum_of_deposits_and_entries_whatever_happens() {
    both_with(&[crate::COMPONENT], async |db| {
        let done = db.write(|tx| {
            let scope = scope();
            let mut luck: u64 = 10;
            let mut below = |n: u64| {
                luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (luck >> 33) % n
            };
            let mut lost = Vec::new();
            for step in 0..120 {
                let holder = HolderId(1 + below(3) as i64);
                let amount = Yen(below(9_000) as i64 - 2_000);
                match below(5) {
                    0 => {
                        let known = below(2) == 0;
                        let fingerprint = format!("file {}", below(40));
                        let new = NewDeposit {
                            holder: known.then_some(holder),
                            day: NOW,
                            amount: Yen(amount.0.max(1)),
                            payer: "",
                            reference: "",
                            note: "",
                            fingerprint: Some(fingerprint.as_bytes()),
                        };
                        let entered = deposit(tx, &scope, &new, NOW)?;
                        lost.extend(entered.filter(|_| !known));
                    }
                    1 if !lost.is_empty() => {
                        let which = lost[below(lost.len() as u64) as usize];
                        assign(tx, &scope, which, holder, "")?;
                    }
                    2 => {
                        refund(tx, &scope, holder, amount, "", NOW)?;
                    }
                    _ => {
                        let kind = if amount.0 < 0 { EntryKind::Payment } else { EntryKind::Undone };
                        enter(tx, &scope, holder, kind, amount, None, "", NOW)?;
                    }
                }
                for holder in (1..=3).map(HolderId) {
                    assert_eq!(balance(tx, holder)?, summed(tx, holder)?, "step {step}");
                }
            }
            Ok::<_, StoreError>(())
        });
        done.await.expect("written");
    });
}
