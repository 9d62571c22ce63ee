//! The root of the P-256 hierarchy gets a new key; link certificates lead from either to the other (K1).

use crate::{
    commands::ca::rollover::Deed,
    control,
    demo::{
        look,
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
};

/// The names under which the repository serves what a rollover makes.
pub(super) const NEW_ROOT: &str = "/ca/p256-root/2.cer";
/// The old key certified by the new one.
pub(super) const OLD_WITH_NEW: &str = "/ca/p256-root/old-with-new-2.cer";
/// The new key certified by the old one.
pub(super) const NEW_WITH_OLD: &str = "/ca/p256-root/new-with-old-2.cer";

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("鍵の更新", "A new key for the root"), town.house.clock.now());
    tell.say(&t(
        "P-256 のルートが鍵を替えます。古いルートを信じる人も、新しいルートを信じる人も、リンク証明書を通って相手側に行けます。",
        "The P-256 root changes its key. Whoever trusts the old root or the new one reaches the other through link certificates.",
    ));
    let deed = |perform: bool| {
        control::Deed::Rollover(Deed {
            authority: "p256-root".to_owned(),
            from: Some(1),
            key: None,
            profile: None,
            valid: None,
            link_profile: "link".to_owned(),
            perform,
            record: perform.then(|| town.house.at("artifacts/rollover")),
        })
    };
    let rehearsed = town.deed(tell.lang(), deed(false)).await?;
    tell.show(&rehearsed.text);
    let before = town.client.get(NEW_ROOT).await?.status;
    tell.same(t("試行は何も変えない", "the rehearsal changes nothing"), &before, &404);
    town.deed(tell.lang(), deed(true)).await?;
    town.settle().await?;

    let (p256, now) = (town.p256(), town.now());
    let old_root = &p256.root_der;
    let new_root = town.client.file(NEW_ROOT).await?;
    let (old_with_new, new_with_old) =
        (town.client.file(OLD_WITH_NEW).await?, town.client.file(NEW_WITH_OLD).await?);
    let leaf = town.lasting("p256-ca").and_then(|[good, ..]| town.subscriber(&good)).map(|s| s.der.clone());
    let leaf = leaf.unwrap_or_default();
    tell.check(
        t("新しいルートは自己署名で、古いルートとは別の鍵", "the new root is self-signed, with another key"),
        look::path(&[&new_root], now).and_then(|()| {
            match look::key_of(&new_root)? == look::key_of(old_root)? {
                false => Ok(()),
                true => Err("the key is the old one".to_owned()),
            }
        }),
    );
    tell.check(
        t(
            "古い証明書は old-with-new を通って新しいルートに届く",
            "an old certificate reaches the new root through old-with-new",
        ),
        look::path(&[&leaf, &p256.ca_der, &old_with_new, &new_root], now),
    );
    tell.check(
        t(
            "新しい鍵は new-with-old で古いルートに届く",
            "the new key reaches the old root through new-with-old",
        ),
        look::path(&[&new_with_old, old_root], now)
            .and_then(|()| same_key(&new_with_old, &new_root))
            .and_then(|()| same_key(&old_with_new, old_root)),
    );
    for (generation, root) in [(1, old_root), (2, &new_root)] {
        let path = format!("/crl/p256-root/{generation}.crl");
        let list = town.client.file(&path).await?;
        tell.check(
            t(
                format!("第 {generation} 世代の鍵の失効リストが公開されている"),
                format!("the list under the key of generation {generation} is served"),
            ),
            look::list(&list, root, now).map(drop),
        );
    }
    tell.look(format!("{}/ca/p256-root/old-with-new-2.pem", town.house.base_url));
    Ok(())
}

fn same_key(one: &[u8], other: &[u8]) -> Result<(), String> {
    match look::key_of(one)? == look::key_of(other)? {
        true => Ok(()),
        false => Err("the link carries another key".to_owned()),
    }
}
