//! How many transactions of six row operations a store does per second, on the database whose URL is given:
//! `cargo run --release -p kit-store --features testing --example throughput [URL]`.
//!
//! Two shapes: many callers with one transaction each, which share commits; and one caller with batches of 500.

#![allow(clippy::print_stdout, reason = "an example tells what it measured")]

use kit_store::{Component, Db, Migration, Options, StoreError, Tx, params, row, testing};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const BENCH: Component = Component {
    name: "bench",
    migrations: &[Migration {
        number: 1,
        name: "tables",
        sql: "CREATE TABLE bench_order (id BIGINT NOT NULL PRIMARY KEY, key TEXT NOT NULL, state SMALLINT NOT NULL,
                  UNIQUE (key));
              CREATE TABLE bench_certificate (id BIGINT NOT NULL PRIMARY KEY, serial BYTEA NOT NULL UNIQUE,
                  tbs BYTEA NOT NULL, signature BYTEA);
              CREATE TABLE bench_key (spki BYTEA NOT NULL PRIMARY KEY, uses BIGINT NOT NULL);
              CREATE TABLE bench_feed (id BIGINT NOT NULL PRIMARY KEY, seq BIGINT UNIQUE, at_us BIGINT NOT NULL);
              CREATE INDEX bench_feed_unnumbered ON bench_feed (id) WHERE seq IS NULL;
              CREATE TABLE bench_ledger (id BIGINT NOT NULL PRIMARY KEY, body BYTEA NOT NULL);",
    }],
};

const ORDER: &str =
    "INSERT INTO bench_order (id, key, state) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING id";
const KEY: &str = "INSERT INTO bench_key (spki, uses) VALUES ($1, 1) ON CONFLICT (spki) DO UPDATE SET uses = bench_key.uses + 1";
const CERTIFICATE: &str = "INSERT INTO bench_certificate (id, serial, tbs) VALUES ($1, $2, $3)";
const SIGNED: &str = "UPDATE bench_certificate SET signature = $2 WHERE id = $1 AND signature IS NULL";
const FEED: &str = "INSERT INTO bench_feed (id, at_us) VALUES ($1, $2)";
const LEDGER: &str = "INSERT INTO bench_ledger (id, body) VALUES ($1, $2)";

/// Well spread octets without a die: what random serial numbers do to an index.
fn octets(number: i64) -> [u8; 20] {
    let mut out = [0; 20];
    let mut state = number.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for chunk in out.chunks_mut(4) {
        state = (state ^ (state >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        chunk.copy_from_slice(&state.to_le_bytes()[..4]);
    }
    out
}

fn one(tx: &mut Tx) -> Result<(), StoreError> {
    let id = tx.next_id()?;
    let (serial, tbs, signature) = (octets(id), [7u8; 700], [9u8; 72]);
    tx.query_opt(ORDER, params![id, format!("order-{id}"), 1])?;
    tx.execute(KEY, params![&serial])?;
    tx.execute(CERTIFICATE, params![id, &serial, &tbs])?;
    tx.execute(SIGNED, params![id, &signature])?;
    tx.execute(FEED, params![id, 1_700_000_000_000_000i64])?;
    tx.execute(LEDGER, params![id, &tbs[..180]])?;
    Ok(())
}

fn batch(tx: &mut Tx, size: usize) -> Result<(), StoreError> {
    let ids = (0..size).map(|_| tx.next_id()).collect::<Result<Vec<_>, _>>()?;
    let serials: Vec<_> = ids.iter().map(|id| octets(*id)).collect();
    let both = || ids.iter().zip(&serials);
    let (tbs, signature) = ([7u8; 700], [9u8; 72]);
    tx.query_many(ORDER, &ids.iter().map(|id| row![*id, format!("order-{id}"), 1]).collect::<Vec<_>>())?;
    tx.execute_many(KEY, &serials.iter().map(|serial| row![serial]).collect::<Vec<_>>())?;
    tx.insert_many(CERTIFICATE, &both().map(|(id, serial)| row![*id, serial, &tbs]).collect::<Vec<_>>())?;
    tx.update_many(SIGNED, &ids.iter().map(|id| row![*id, &signature]).collect::<Vec<_>>())?;
    tx.insert_many(FEED, &ids.iter().map(|id| row![*id, 1_700_000_000_000_000i64]).collect::<Vec<_>>())?;
    tx.insert_many(LEDGER, &ids.iter().map(|id| row![*id, &tbs[..180]]).collect::<Vec<_>>())?;
    Ok(())
}

async fn measure(name: &str, db: &Db, callers: usize, size: usize) {
    let done = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (db, done) = (db.clone(), done.clone());
        tasks.push(tokio::spawn(async move {
            while began.elapsed() < Duration::from_secs(5) {
                let write = db.write_grouped(move |tx| if size == 1 { one(tx) } else { batch(tx, size) });
                write.await.expect("the store writes");
                done.fetch_add(size as u64, Ordering::Relaxed);
            }
        }));
    }
    for task in tasks {
        task.await.expect("a caller ends well");
    }
    let rate = done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    println!("{name}: {rate:.0} per second, {:.1} us each", 1e6 / rate);
}

#[tokio::main]
async fn main() {
    let place = testing::Place::sqlite();
    let url = std::env::args().nth(1).unwrap_or_else(|| place.url().to_owned());
    let db = Db::open(&url, Options::default()).await.expect("the database opens");
    db.migrate(&[BENCH]).await.expect("the tables are made");
    measure("256 callers, one each", &db, 256, 1).await;
    measure("2 callers, batches of 500", &db, 2, 500).await;
    let began = Instant::now();
    for _ in 0..2_000 {
        db.read(|tx| tx.query_opt("SELECT id FROM bench_order WHERE id = $1", params![5]).map(|_| ()))
            .await
            .expect("the store reads");
    }
    println!("a read, one after another: {:.1} us", began.elapsed().as_secs_f64() * 1e6 / 2_000.0);
    db.close().await;
}
