//! The last half hour before the present: a release and two revocations that only the delta list tells (K4).

use super::{
    lists,
    revoking::{Act, carry_out},
};
use crate::{
    demo::{
        broken,
        tell::{Teller, t},
        town::Town,
        wanted::Wave,
    },
    fail::Outcome,
};
use core_words::RevocationReason;

/// Before the present, in seconds.
const BEFORE: i64 = 1_800;
/// A list is out so soon after a revocation, in seconds.
const SOON: i64 = 60;

pub(super) async fn run(town: &mut Town, tell: &mut Teller) -> Outcome<()> {
    let clock = town.house.clock.clone();
    clock.advance_to(clock.days_ago(0).plus_seconds(-BEFORE));
    town.settle().await?;
    tell.begin(t("今日の失効", "The revocations of today"), clock.now());
    tell.say(&t(
        "2 年前に停止した証明書を解除し、サーバー証明書を 2 枚失効させます。全体リストは 3 日前のまま、差分リストだけが新しくなります。",
        "A certificate held for two years is released, and two of servers are revoked. The full list of three days ago stays; only the delta list is new.",
    ));
    let held = town
        .lasting("p256-ca")
        .map(|[.., held]| held)
        .ok_or_else(|| broken("p256-ca", &"nothing is held"))?;
    let servers: Vec<_> = town
        .subscribers
        .iter()
        .filter(|s| (s.wanted.authority, s.wanted.wave) == ("p256-ca", Wave::Third))
        .map(|s| s.serial)
        .take(2)
        .collect();
    let mut line = town.client.connect().await?;
    let mut acts = vec![Act::release("p256-ca", held)];
    let reasons = [RevocationReason::Superseded, RevocationReason::KeyCompromise];
    acts.extend(
        servers.into_iter().zip(reasons).map(|(serial, reason)| Act::revoke("p256-ca", serial, reason)),
    );
    let since = town.now();
    for act in &acts {
        carry_out(town, &mut line, act).await?;
    }
    town.pass(SOON).await?;
    let delta = town.list(town.p256(), "1-delta.crl").await?;
    tell.check(
        t(
            "解除は removeFromCRL として差分リストに載る",
            "the release stands in the delta list as removeFromCRL",
        ),
        delta.and_then(|list| match list.entries.get(&held) {
            Some((None, _)) => Ok(()),
            other => Err(format!("it stands there as {other:?}")),
        }),
    );
    lists::delta(town, tell, Some(since)).await?;
    lists::partitions(town, tell).await?;
    let delta = format!("{}/crl/p256-ca/1-delta.crl", town.house.base_url);
    tell.look(format!("curl -s {delta} | openssl crl -inform DER -noout -text"));
    Ok(())
}
