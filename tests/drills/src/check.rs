//! After a restart: is everything there that was acknowledged, and only once?

use crate::{AUTHORITIES, Client, House, Kept, Log, Luck, Memory, lists, wait::until};
use core_words::Serial;
use futures_util::{StreamExt, stream};
use kit_store::{Access, Db, Dialect, Options, params};
use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard},
};

/// How many questions are under way at once.
const AT_ONCE: usize = 8;
/// Of those that were checked before, so many are looked at again.
const OLD_ONES: usize = 24;
/// Of so many the place in the ledger is proved.
const PROVED: usize = 4;

/// How much is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What came since the last check, and a few of those before.
    Recent,
    /// Everything that was ever acknowledged.
    All,
}

/// Holds a server that was started again to everything it said before.
///
/// In this order: orders that were recorded and never signed are finished or given up; what was asked and not
/// answered is asked again, and must be done now; every acknowledged certificate is served with the same octets and in
/// the state that was acknowledged, and its order, repeated, gets the same answer; lists are made, and list exactly
/// what is revoked or held; the ledger verifies from its files and extends every checkpoint seen.
///
/// # Panics
/// When anything is not as it must be.
pub async fn check(house: &House, client: &Client, memory: &Mutex<Memory>, depth: Depth, luck: &mut Luck) {
    locked(memory).all_idle();
    nothing_unsigned(house, depth).await;
    ask_again(client, memory).await;
    settle_doubts(client, memory).await;
    confirm(client, memory, depth, luck).await;
    compare_lists(house, client, memory).await;
    compare_ledger(house, client, memory, depth, luck).await;
}

fn locked(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().expect("no worker saw what it must not see")
}

/// Recovery finishes, or gives up, every order that a crash left between record and publication.
async fn nothing_unsigned(house: &House, depth: Depth) {
    let options = Options { access: Access::ReadOnly, readers: 1, ..Options::default() };
    let db = Db::open(&house.database(), options).await.expect("the database can be read");
    // Among several processes recovery waits for half a minute: the order may be in another's hands.
    if db.dialect() == Dialect::Sqlite || depth == Depth::All {
        let sql = "SELECT COUNT(*) FROM ca_certificate c JOIN ca_order o ON o.id = c.id \
                   WHERE c.signature IS NULL AND o.state = $1";
        let recorded = authority_journal::codes::OrderState::Accepted.code();
        until("recovery finishes what was recorded", async || {
            let count = db.read(move |tx| tx.query_one(sql, params![recorded])?.get::<i64>(0)).await;
            (count.unwrap_or_else(|e: kit_store::StoreError| panic!("{e}")) == 0).then_some(())
        })
        .await;
    }
    db.close().await;
}

/// What was asked and not answered, is asked again: under the same key it is done once, whether it was done or not.
async fn ask_again(client: &Client, memory: &Mutex<Memory>) {
    let open = locked(memory).open();
    for (ticket, asked) in open {
        if asked.key.is_none() {
            locked(memory).forget(ticket);
            continue;
        }
        until("an order is done when it is asked again", async || {
            let answer = asked.send(client).await.ok()?;
            (locked(memory).told(ticket, &answer) > 0).then_some(())
        })
        .await;
    }
}

/// A change of state that was not answered has happened whole or not at all; in the end it has happened.
async fn settle_doubts(client: &Client, memory: &Mutex<Memory>) {
    let doubtful: Vec<(usize, Kept)> =
        locked(memory).kept().iter().cloned().enumerate().filter(|(_, kept)| kept.doubt.is_some()).collect();
    for (at, kept) in doubtful {
        let reason = kept.doubt.expect("filtered");
        let before = show(client, &kept).await;
        if before == kept.status {
            let path = format!("/api/v1/authorities/{}/revocations", kept.authority);
            until("a change of state is done when it is asked again", async || {
                let answer = client.post(&path, &kept.turn(reason), None).await.ok()?;
                locked(memory).turned(at, &answer);
                locked(memory).kept()[at].doubt.is_none().then_some(())
            })
            .await;
        } else {
            locked(memory).settle(at, before);
        }
    }
}

/// The state of a certificate by the server's word.
async fn show(client: &Client, kept: &Kept) -> serde_json::Value {
    let answer = until("a certificate is shown", async || {
        client.get(&kept.path()).await.ok().filter(|answer| answer.status < 500)
    })
    .await;
    assert_eq!(answer.status, 200, "{} was acknowledged: {}", kept.serial, answer.text());
    answer.json()["status"].clone()
}

/// Every acknowledged certificate is there, as it was.
async fn confirm(client: &Client, memory: &Mutex<Memory>, depth: Depth, luck: &mut Luck) {
    let chosen: Vec<Kept> = {
        let mut memory = locked(memory);
        let (count, before) = (memory.kept().len(), memory.checked);
        memory.checked = count;
        match depth {
            Depth::All => memory.kept().to_vec(),
            Depth::Recent => {
                let old = (0..OLD_ONES.min(before)).map(|_| luck.index(before));
                old.chain(before..count).map(|at| memory.kept()[at].clone()).collect()
            }
        }
    };
    stream::iter(&chosen).for_each_concurrent(AT_ONCE, |kept| confirm_one(client, kept)).await;
}

async fn confirm_one(client: &Client, kept: &Kept) {
    let der = until("a certificate is served", async || {
        client.get(&format!("{}.cer", kept.path())).await.ok().filter(|answer| answer.status < 500)
    })
    .await;
    assert_eq!(der.status, 200, "{} was acknowledged: {}", kept.serial, der.text());
    assert!(der.body == kept.der, "{} is not the certificate that was acknowledged", kept.serial);
    assert_eq!(show(client, kept).await, kept.status, "the state of {}", kept.serial);
    if let Some((key, body)) = &kept.order {
        let path = format!("/api/v1/authorities/{}/certificates", kept.authority);
        let again = until("an order is answered again", async || {
            client.post(&path, body, Some(key)).await.ok().filter(|answer| answer.status < 500)
        })
        .await;
        assert_eq!((again.status, again.json()), (200, kept.answer.clone()), "{} ordered again", kept.serial);
    }
}

/// New lists are made now. They say exactly what is revoked or held, and are newer than all that were seen.
async fn compare_lists(house: &House, client: &Client, memory: &Mutex<Memory>) {
    for authority in AUTHORITIES {
        let before = locked(memory).lists.heights();
        tokio::task::block_in_place(|| house.run(&["ca", "publish", authority.id]));
        let expected: BTreeSet<Serial> = locked(memory)
            .kept()
            .iter()
            .filter(|kept| kept.authority == authority.id && kept.is_listed())
            .map(|kept| Serial::from_hex(&kept.serial).expect("a serial number"))
            .collect();
        let (mut whole, mut parts) = (BTreeSet::new(), BTreeSet::new());
        for path in authority.lists() {
            let entries = until("a list is served", async || lists::look(client, memory, &path).await).await;
            let (now, then) = (locked(memory).lists.highest(&path), before.get(&path).copied().unwrap_or(0));
            assert!(now > then, "{path} has number {now}, and had {then} before it was made anew");
            let of = if path.contains("-p") { &mut parts } else { &mut whole };
            // The delta comes after its full list, and changes nothing: it may say again what that says already.
            for (serial, listed) in entries {
                if listed {
                    of.insert(serial)
                } else {
                    of.remove(&serial)
                };
            }
        }
        assert_eq!(whole, expected, "the list of {}", authority.id);
        assert!(authority.partitions == 0 || parts == expected, "the lists of the parts of {}", authority.id);
    }
}

/// The ledger is whole, extends every checkpoint seen, and has what was acknowledged.
async fn compare_ledger(
    house: &House,
    client: &Client,
    memory: &Mutex<Memory>,
    depth: Depth,
    luck: &mut Luck,
) {
    tokio::task::block_in_place(|| match depth {
        Depth::Recent => locked(memory).log.compare(house),
        Depth::All => locked(memory).log.compare_all(house),
    });
    let (key, chosen) = {
        let memory = locked(memory);
        let count = memory.kept().len();
        let first = count.saturating_sub(PROVED);
        let old = (0..PROVED.min(first)).map(|_| luck.index(first));
        let chosen: Vec<Kept> = old.chain(first..count).map(|at| memory.kept()[at].clone()).collect();
        (memory.log.key().expect("just compared").clone(), chosen)
    };
    for kept in chosen {
        let checkpoint = Log::prove(client, &key, &kept).await;
        locked(memory).log.note(&checkpoint);
    }
}
