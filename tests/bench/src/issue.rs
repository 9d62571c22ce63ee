//! Issuing in this process: orders in, certificates out, without the network.

use anyhow::{Context, Result};
use authority_engine::testing::{COMPONENTS, House, Plan};
use authority_front::Front;
use core_crypto::KeyAlg;
use core_pack::pem;
use kit_store::{Db, Options};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// What is measured.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kind of the authority's key
    #[arg(long, default_value = "p-256")]
    key: String,
    /// Orders in flight at once
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// How long, in seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// PEM file of requests, used in turn
    #[arg(long)]
    requests: PathBuf,
    /// Folder for the store
    #[arg(long)]
    dir: PathBuf,
    /// Store; SQLite in the folder by default
    #[arg(long)]
    store: Option<String>,
    /// Order this many at once instead of one
    #[arg(long, default_value_t = 1)]
    batch: usize,
}

/// Measures and prints a line.
pub(crate) fn run(args: &Args) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(args))
}

async fn measure(args: &Args) -> Result<()> {
    std::fs::create_dir_all(&args.dir)?;
    let url = args.store.clone().unwrap_or_else(|| format!("sqlite:{}", args.dir.join("bench.db").display()));
    let alg = KeyAlg::from_name(&args.key).context("no such kind of key")?;
    let db = Db::open(&url, Options::default()).await?;
    db.migrate(COMPONENTS).await?;
    let house = Arc::new(House::new(db, &args.dir, Plan { alg, ..Plan::default() }).await);
    let text = std::fs::read(&args.requests)?;
    let requests: Arc<Vec<Vec<u8>>> = Arc::new(read(&text)?);
    let (next, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(args.seconds);
    let mut tasks = Vec::new();
    for _ in 0..args.clients {
        let (house, requests, next, done) = (house.clone(), requests.clone(), next.clone(), done.clone());
        let batch = args.batch;
        tasks.push(tokio::spawn(async move {
            while Instant::now() < until {
                let orders = (0..batch)
                    .map(|_| {
                        let i = next.fetch_add(1, Ordering::Relaxed) % requests.len();
                        house.order(requests[i].clone())
                    })
                    .collect();
                for answer in house.engine.order_many(orders).await {
                    answer?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
            anyhow::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let rate = done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    println!("issue in process, {}, {} clients, batch {}: {rate:.0}/s", args.key, args.clients, args.batch);
    Ok(())
}

/// Every request in a PEM text.
fn read(text: &[u8]) -> Result<Vec<Vec<u8>>> {
    let limits = pem::Limits { blocks: 1_000_000, text: 1 << 30 };
    Ok(pem::decode(text, &limits)?.into_iter().map(|block| block.der.to_vec()).collect())
}
