//! Orders over the REST API: one by one over many connections, and a part of them in one batch (K3).

use super::requests::Waiting;
use crate::{
    demo::{
        broken,
        client::{Client, Reply},
        look,
        tell::{Teller, t},
        town::{Subscriber, Town},
        wanted::{Wanted, Wave, common_name_in},
    },
    fail::Outcome,
};
use core_pack::sniff::{self, Object};
use core_words::Serial;
use core_x509::{certificate::Certificate, request::CertRequest, tlv::Limits};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use tokio::task::JoinSet;

/// Connections of the RA.
const LINES: usize = 16;
/// Orders from this number on go into one batch, where they are for the P-256 authority and for TLS servers.
const BATCH_FROM: usize = 800;

pub(super) async fn run(
    town: &mut Town,
    tell: &mut Teller,
    wave: Wave,
    waiting: &mut Waiting,
) -> Outcome<()> {
    tell.begin(title(wave), town.house.clock.now());
    let (now, later) = waiting.drain(..).partition(|(wanted, _)| wanted.wave == wave);
    *waiting = later;
    let (batch, single): (Waiting, Waiting) = Waiting::from(now).into_iter().partition(|(wanted, _)| {
        (wanted.authority, wanted.profile) == ("p256-ca", "tls-server") && wanted.number >= BATCH_FROM
    });
    let count = single.len() + batch.len();
    tell.say(&story(wave, count, batch.len()));

    let begun = Instant::now();
    let bar = tell.bar(count, &t("発行", "issued"));
    let first = single.front().cloned();
    let mut subscribers = one_by_one(&town.client, single, &bar).await?;
    let in_batch = batch.len();
    subscribers.extend(all_at_once(&town.client, batch).await?);
    bar.finish_and_clear();
    subscribers.sort_by_key(|s| s.wanted.number);
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    tell.check(
        t(
            format!("{count} 件の注文に {count} 枚の証明書（毎秒 {rate:.0} 枚）"),
            format!("{count} orders, {count} certificates ({rate:.0} a second)"),
        ),
        if subscribers.len() == count { Ok(()) } else { Err(format!("there are {}", subscribers.len())) },
    );
    if in_batch > 0 {
        tell.say(&t(
            format!("うち {in_batch} 枚は一括注文です。"),
            format!("{in_batch} of them in one batch."),
        ));
    }
    tell.check(
        t(
            "どの証明書も、要求した人の鍵と名前を持ち、ルートまで検証できる",
            "each has the key and name of who asked for it, and verifies up to its root",
        ),
        subscribers.iter().try_for_each(|s| as_wanted(town, s)),
    );
    tell.check(
        t("シリアル番号は重ならず、128 ビットより長い", "no serial number twice, each longer than 128 bits"),
        serials(town.subscribers.iter().chain(&subscribers)),
    );
    if let (Some((wanted, request)), Some(issued)) = (first, subscribers.first()) {
        repeat(town, tell, &wanted, &request, &issued.serial).await?;
    }
    if let Some(last) = subscribers.last() {
        let path = format!("/api/v1/authorities/{}/certificates/{}", last.wanted.authority, last.serial);
        tell.look(town.curl(&path));
    }
    town.subscribers.extend(subscribers);
    town.settle().await
}

fn title(wave: Wave) -> authority_front::Text {
    match wave {
        Wave::First => t("最初の注文", "The first orders"),
        Wave::Second => t("二年目の注文", "Orders of the second year"),
        Wave::Third => t("最近の注文", "Orders of the last weeks"),
    }
}

fn story(wave: Wave, count: usize, batch: usize) -> authority_front::Text {
    match wave {
        Wave::First => t(
            format!(
                "{count} の事業所と代理人が証明書を求めます。有効期間は 3 年で、この物語の終わりには切れています。"
            ),
            format!(
                "{count} providers and agents order certificates of three years: they will have expired when the story ends."
            ),
        ),
        Wave::Second => t(
            format!("{count} 件。物語の終わりにまだ有効なのは、この人たちの証明書です。"),
            format!("{count} more, whose certificates are still valid when the story ends."),
        ),
        Wave::Third => t(
            format!("TLS サーバーを中心に {count} 件。{batch} 件は一度に注文します。"),
            format!("{count}, most of them TLS servers; {batch} are ordered in one request."),
        ),
    }
}

fn path(authority: &str) -> String {
    format!("/api/v1/authorities/{authority}/certificates")
}

/// Orders over several connections, each the next when its last is answered.
async fn one_by_one(
    client: &Client,
    waiting: Waiting,
    bar: &indicatif::ProgressBar,
) -> Outcome<Vec<Subscriber>> {
    let waiting = Arc::new(Mutex::new(waiting));
    let mut lines = JoinSet::new();
    for _ in 0..LINES {
        let (client, waiting, bar) = (client.clone(), waiting.clone(), bar.clone());
        lines.spawn(async move {
            let (mut line, mut done) = (client.connect().await?, Vec::new());
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((wanted, request)) = next else { return Ok::<_, crate::fail::Fail>(done) };
                let key = wanted.idempotency_key();
                let reply = line.post(&path(wanted.authority), &wanted.order(&request), Some(&key)).await?;
                let body = reply.expect(201, &wanted.file())?.json()?;
                done.push(subscriber(wanted, request, &body)?);
                bar.inc(1);
            }
        });
    }
    let mut all = Vec::new();
    while let Some(line) = lines.join_next().await {
        all.extend(line.map_err(|e| broken("ordering", &e))??);
    }
    Ok(all)
}

/// Orders everything in one request; the answers come in the order of the requests.
async fn all_at_once(client: &Client, waiting: Waiting) -> Outcome<Vec<Subscriber>> {
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let orders: Vec<Value> = waiting.iter().map(|(wanted, request)| wanted.order(request)).collect();
    let mut line = client.connect().await?;
    let batch = format!("{}/batch", path("p256-ca"));
    let reply = line.post(&batch, &json!({ "requests": orders }), Some("demo-batch")).await?;
    let answer = reply.expect(200, "the batch")?.json()?;
    let results = answer["results"].as_array().cloned().unwrap_or_default();
    if results.len() != waiting.len() {
        return Err(broken("the batch", &format_args!("{} results", results.len())));
    }
    waiting
        .into_iter()
        .zip(&results)
        .map(|((wanted, request), result)| match result["status"].as_u64() {
            Some(201) => subscriber(wanted, request, &result["certificate"]),
            _ => Err(broken(&wanted.file(), result)),
        })
        .collect()
}

fn subscriber(wanted: Wanted, request: String, body: &Value) -> Outcome<Subscriber> {
    let name = wanted.file();
    let pem = body["certificate"].as_str().unwrap_or_default();
    let der = sniff::der(pem.as_bytes(), Object::Certificate, 96 << 10)
        .map_err(|e| broken(&name, &e))?
        .into_owned();
    let serial = body["serial"].as_str().unwrap_or_default();
    let serial = Serial::from_hex(serial).map_err(|e| broken(&name, &e))?;
    let not_after = Certificate::parse(&der).map_err(|e| broken(&name, &e))?.tbs.not_after;
    Ok(Subscriber { wanted, request, serial, der, not_after })
}

/// Whether a certificate is what was wanted, and leads to its root.
fn as_wanted(town: &Town, subscriber: &Subscriber) -> Result<(), String> {
    let (wanted, hierarchy) = (&subscriber.wanted, town.of_ca(subscriber.wanted.authority));
    let named = |why: String| format!("{}: {why}", wanted.file());
    look::path(&[&subscriber.der, &hierarchy.ca_der, &hierarchy.root_der], town.now()).map_err(named)?;
    let read = Certificate::parse(&subscriber.der).map_err(|e| named(e.to_string()))?;
    let request = sniff::der(subscriber.request.as_bytes(), Object::Request, 96 << 10)
        .map_err(|e| named(e.to_string()))?;
    let request = CertRequest::parse(&request, &Limits::DEFAULT).map_err(|e| named(e.to_string()))?;
    if read.tbs.spki != request.key.spki {
        return Err(named("it has another key than the request".to_owned()));
    }
    if common_name_in(read.tbs.subject.der()).as_deref() != Some(&wanted.common_name()) {
        return Err(named(format!("it is about {}", read.tbs.subject)));
    }
    if look::serial(&subscriber.der).map_err(named)? != subscriber.serial {
        return Err(named("it has another serial number than the answer says".to_owned()));
    }
    Ok(())
}

fn serials<'a>(subscribers: impl Iterator<Item = &'a Subscriber>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for subscriber in subscribers {
        if !seen.insert(subscriber.serial) {
            return Err(format!("{} occurs twice", subscriber.serial));
        }
        // 159 random bits are shorter than 128 once in two thousand million.
        if subscriber.serial.der_content().len() < 16 {
            return Err(format!("{} is short", subscriber.serial));
        }
    }
    Ok(())
}

/// The same order again, under the same key: the first certificate, not a second one.
async fn repeat(
    town: &Town,
    tell: &mut Teller,
    wanted: &Wanted,
    request: &str,
    first: &Serial,
) -> Outcome<()> {
    let key = wanted.idempotency_key();
    let mut line = town.client.connect().await?;
    let reply: Reply = line.post(&path(wanted.authority), &wanted.order(request), Some(&key)).await?;
    let (status, replayed) = (reply.status, reply.field("idempotent-replay").to_owned());
    let serial = reply.json()?["serial"].as_str().unwrap_or_default().to_owned();
    tell.same(
        t(
            "同じ注文を繰り返しても、同じ一枚が返るだけ（Idempotency-Key）",
            "the same order again gets the same certificate, not a second one (Idempotency-Key)",
        ),
        &(status, replayed, serial),
        &(200, "true".to_owned(), first.to_string()),
    );
    Ok(())
}
