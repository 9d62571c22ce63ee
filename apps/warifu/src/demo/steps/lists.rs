//! Full, delta and partitioned lists, fetched over HTTP and read to the last entry (K4).

use crate::{
    demo::{
        broken,
        look::{self, SeenList},
        tell::{Teller, t},
        town::{Listing, Town, path_of},
    },
    fail::Outcome,
};
use core_words::{Serial, UtcSeconds};
use core_x509::crl::PointName;
use hyper::header::{IF_NONE_MATCH, RANGE};
use std::collections::HashMap;

/// The partitions of the P-256 authority.
pub(super) const PARTITIONS: u16 = 4;
/// The ceremony file promises a list so soon after a revocation, in seconds.
const SOON: i64 = 60;

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("失効リスト", "The lists"), town.house.clock.now());
    tell.say(&t(
        "失効から 1 分以内に、次のリストが公開されます。全体リスト、差分リスト、分割リストを HTTP で取り、最後の一行まで読みます。",
        "Within a minute of a revocation the next list is out: full, delta and partitioned lists, fetched over HTTP and read to the end.",
    ));
    let revoked_at = town.now();
    let before = [numbers(town, "rsa-ca").await?, numbers(town, "mldsa-ca").await?];
    town.pass(SOON).await?;
    for (ca, before) in ["rsa-ca", "mldsa-ca"].into_iter().zip(before) {
        let fetched = town.list(town.of_ca(ca), "1.crl").await?;
        tell.check(
            t(
                format!("{ca}: 署名、番号、期間、全件（理由と日付）が正しい"),
                format!("{ca}: signature, number, times and every entry are right"),
            ),
            fetched.and_then(|list| {
                if list.number <= before || list.this_update < revoked_at {
                    return Err(format!("list {} is the one from before", list.number));
                }
                town.says(&list.entries, &town.expected(ca, list.this_update))
            }),
        );
    }
    delta(town, tell, Some(revoked_at)).await?;
    partitions(town, tell).await?;
    over_http(town, tell).await?;
    tell.look(format!(
        "curl -s {}/crl/rsa-ca/1.crl | openssl crl -inform DER -noout -text",
        town.house.base_url
    ));
    Ok(())
}

async fn numbers(town: &Town, ca: &str) -> Outcome<u128> {
    let fetched = town.list(town.of_ca(ca), "1.crl").await?;
    fetched.map(|list| list.number).map_err(|why| broken("a list", &why))
}

/// The delta list of the P-256 authority: it builds on the full list that is served, and both together say what
/// was done. `since` is when it must have been made at the earliest.
pub(super) async fn delta(town: &Town, tell: &mut Teller, since: Option<UtcSeconds>) -> Outcome<()> {
    let full = town.list(town.p256(), "1.crl").await?;
    let delta = town.list(town.p256(), "1-delta.crl").await?;
    let outcome = full.and_then(|full| delta.and_then(|delta| delta_says(town, &full, &delta, since)));
    let (shown, outcome) = match outcome {
        Ok(count) => (count, Ok(())),
        Err(why) => (0, Err(why)),
    };
    tell.check(
        t(
            format!("p256-ca: 差分リスト（{shown} 件）は公開中の全体リストに続き、合わせると今の状態になる"),
            format!("p256-ca: the delta list ({shown} entries) follows the full list that is served; together they say how it is now"),
        ),
        outcome,
    );
    Ok(())
}

fn delta_says(
    town: &Town,
    full: &SeenList,
    delta: &SeenList,
    since: Option<UtcSeconds>,
) -> Result<usize, String> {
    if delta.base != Some(full.number) {
        return Err(format!("the delta builds on {:?}, the full list is {}", delta.base, full.number));
    }
    if since.is_some_and(|since| delta.this_update < since) {
        return Err(format!("delta {} is the one from before", delta.number));
    }
    let changed = town.changed("p256-ca", full.this_update);
    if delta.entries.is_empty() || delta.entries != changed {
        return Err(format!("it has {} entries, and {} changed", delta.entries.len(), changed.len()));
    }
    town.says(&full.entries, &town.expected("p256-ca", full.this_update))?;
    let mut together: HashMap<Serial, Listing> = full.entries.clone();
    for (serial, listing) in &delta.entries {
        match listing.0 {
            Some(_) => together.insert(*serial, *listing),
            None => together.remove(serial),
        };
    }
    town.says(&together, &town.expected("p256-ca", town.now()))?;
    Ok(delta.entries.len())
}

/// The partitions: disjoint, complete, each under the name that its certificates point to.
pub(super) async fn partitions(town: &Town, tell: &mut Teller) -> Outcome<()> {
    let mut outcome = Ok(());
    let mut union: HashMap<Serial, Listing> = HashMap::new();
    for n in 1..=PARTITIONS {
        let file = format!("1-p{n}.crl");
        let seen = town.list(town.p256(), &file).await?;
        let url = format!("{}/crl/p256-ca/{file}", town.house.base_url);
        outcome = outcome.and(seen.and_then(|list| {
            let named = list.idp.as_ref().is_some_and(|idp| idp.names.contains(&PointName::Uri(url.clone())));
            if !named {
                return Err(format!("{file} does not name itself as the list of its partition"));
            }
            match list
                .entries
                .into_iter()
                .find_map(|(serial, listing)| union.insert(serial, listing).map(|_| serial))
            {
                Some(twice) => Err(format!("{twice} stands in two partitions")),
                None => Ok(()),
            }
        }));
    }
    tell.check(
        t(
            format!("p256-ca: {PARTITIONS} つの分割リストは重ならず、合わせると全件になる"),
            format!("p256-ca: the {PARTITIONS} partitions are disjoint, and complete together"),
        ),
        outcome.and_then(|()| town.says(&union, &town.expected("p256-ca", town.now()))),
    );
    let (found, all) = point_home(town).await?;
    tell.same(
        t(
            format!("分割リスト用の証明書 {all} 枚は、自分の分割リストを指している"),
            format!("the {all} certificates with partitions point to the list of their own"),
        ),
        &found,
        &all,
    );
    Ok(())
}

/// Of the certificates that point to partitions: how many find there what was done to them, and only there.
async fn point_home(town: &Town) -> Outcome<(usize, usize)> {
    let (mut lists, mut found, mut all) = (HashMap::new(), 0, 0);
    let expected = town.expected("p256-ca", town.now());
    for subscriber in town.partitioned() {
        let urls = look::list_urls(&subscriber.der).map_err(|why| broken("a certificate", &why))?;
        let [url] = urls.as_slice() else {
            return Err(broken("a certificate", &format_args!("points to {urls:?}")));
        };
        if !lists.contains_key(url) {
            let der = town.client.file(path_of(&town.house, url)?).await?;
            let seen = look::list(&der, &town.p256().ca_der, town.now()).map_err(|why| broken(url, &why))?;
            lists.insert(url.clone(), seen);
        }
        let listed = lists.get(url).and_then(|list: &SeenList| list.entries.get(&subscriber.serial));
        found += usize::from(listed == expected.get(&subscriber.serial));
        all += 1;
    }
    Ok((found, all))
}

/// A list need not be fetched twice, and can be fetched in pieces.
async fn over_http(town: &Town, tell: &mut Teller) -> Outcome<()> {
    let mut line = town.client.connect().await?;
    let path = "/crl/p256-ca/1.crl";
    let whole = line.get(path, &[]).await?.expect(200, path)?;
    let unchanged = line.get(path, &[(IF_NONE_MATCH, whole.field("etag"))]).await?;
    let part = line.get(path, &[(RANGE, "bytes=10-109")]).await?;
    let expected = whole.body.get(10..110).unwrap_or_default().to_vec();
    tell.same(
        t(
            "変わっていなければ送らず（ETag）、一部だけでも送る（Range）",
            "not sent again while unchanged (ETag), and sent in pieces (Range)",
        ),
        &(unchanged.status, part.status, part.body.to_vec()),
        &(304, 206, expected),
    );
    Ok(())
}
