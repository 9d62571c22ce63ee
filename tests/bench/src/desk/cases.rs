//! Cases from application to 発行済み: everybody applies, everything is registered, and when the time to undo is over
//! the jobs do the rest, as fast as they can. One line of JSON tells how long each took.

use super::{apply, doer, scope, town};
use anyhow::{Context, Result, ensure};
use core_words::{CaseNumber, Kind, Refusal};
use desk_claims::{
    Claims,
    command::Command,
    status::{Hat, Standing},
    words::{HolderId, KeyWay},
};
use kit_store::{Db, StoreError, Tx, params};
use serde_json::json;
use std::{
    future::Future,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tests_harness::{Office, Town};

/// What is measured, and where.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Cases
    #[arg(long, default_value_t = 200)]
    count: usize,
    /// Requests of the applicants' own, one PEM text, RSA-2048; without, the service makes the keys
    #[arg(long)]
    requests: Option<PathBuf>,
    /// Applications and acts under way at once
    #[arg(long, default_value_t = 4)]
    clients: usize,
    /// The empty PostgreSQL database; a SQLite file without
    #[arg(long)]
    store: Option<String>,
}

/// Measures.
pub(crate) fn run(args: &Args) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(args))
}

async fn measure(args: &Args) -> Result<()> {
    let mut town = town(args.store.as_deref()).await;
    let keys: Vec<KeyWay> = match &args.requests {
        Some(file) => requests(file)?.into_iter().map(KeyWay::Own).collect(),
        None => vec![KeyWay::Service; args.count],
    };
    ensure!(keys.len() >= args.count, "{} requests for {} cases", keys.len(), args.count);
    let office = town.provider_outside("さくら介護センター").await;
    let db = town.installation().db.clone();
    let holders = like(&db, &office, args.count).await?;
    let claims = town.claims().clone();
    let consent = claims.settings().terms(town.now()).consent.clone();

    let again = Arc::new(AtomicU64::new(0));
    let numbers = Arc::new(Mutex::new(Vec::new()));
    let work: Vec<_> = holders.into_iter().zip(keys).collect();
    let applying = all(args.clients, work, |(holder, key)| {
        let (claims, consent, numbers, again) =
            (claims.clone(), consent.clone(), numbers.clone(), again.clone());
        let password = office.letter.issue_password.clone();
        async move {
            let number = loop {
                let (password, key, consent) = (password.clone(), key.clone(), consent.clone());
                match apply(&claims, holder, password, key, consent).await {
                    Err(error) if later(&error, &again) => {}
                    done => break done?,
                }
            };
            numbers.lock().expect("nobody panics").push(number);
            Ok(())
        }
    })
    .await?;
    let numbers: Vec<CaseNumber> = numbers.lock().expect("nobody panics").clone();
    let registering = all(args.clients, numbers, |number| {
        let (claims, again) = (claims.clone(), again.clone());
        async move {
            loop {
                let command = Command::RegisterIssue;
                let done = claims.act(scope(&claims), number, None, command, doer(Hat::Clerk)).await;
                match done.map(drop).map_err(anyhow::Error::from) {
                    Err(error) if later(&error, &again) => {}
                    done => break done,
                }
            }
        }
    })
    .await?;
    let issuing = issue(&town, &claims, args.count as u64).await?;
    println!(
        "{}",
        json!({ "cases": args.count, "applying": applying, "registering": registering, "issuing": issuing, "again": again.load(Ordering::Relaxed) })
    );
    town.end().await;
    Ok(())
}

/// Whether it was told that it cannot be done at the moment: people ask once more, and it is counted.
pub(super) fn later(error: &anyhow::Error, again: &AtomicU64) -> bool {
    let later = error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.kind == Kind::Unavailable);
    again.fetch_add(u64::from(later), Ordering::Relaxed);
    later
}

/// Lets the time to undo pass; seconds until every case is issued.
pub(super) async fn issue(town: &Town, claims: &Claims, count: u64) -> Result<f64> {
    let begun = Instant::now();
    town.clock().advance_seconds(1_800);
    let looker = tokio::spawn({
        let claims = claims.clone();
        async move {
            loop {
                let standing = claims.standing(scope(&claims)).await?;
                let issued =
                    standing.iter().find(|(at, ..)| *at == Standing::Issued).map_or(0, |(_, n, _)| *n);
                if issued == count {
                    return anyhow::Ok(begun.elapsed());
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    });
    town.run_jobs().await;
    Ok(looker.await??.as_secs_f64())
}

/// Does all of it, `clients` at once; how many seconds it took.
pub(super) async fn all<T, F>(clients: usize, work: Vec<T>, act: impl Fn(T) -> F) -> Result<f64>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let begun = Instant::now();
    let mut flights = tokio::task::JoinSet::new();
    for one in work {
        if flights.len() == clients {
            flights.join_next().await.context("one is under way")???;
        }
        flights.spawn(act(one));
    }
    while let Some(done) = flights.join_next().await {
        done??;
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Enters so many providers after the model of one, with its passwords: each may have one application under way.
pub(super) async fn like(db: &Db, office: &Office, count: usize) -> Result<Vec<HolderId>> {
    let model = office.letter.holder;
    let put = move |tx: &mut Tx, from: usize| -> Result<Vec<HolderId>, StoreError> {
        let mut ids = Vec::new();
        for i in from..count.min(from + 200) {
            let id = tx.next_id()?;
            tx.execute(
                "INSERT INTO claims_holder (id, operator_id, number, name, kana, postal, address, phone, email, \
                 password_phc, password_version, created_us) SELECT $1, operator_id, $2, name, kana, postal, address, \
                 phone, email, password_phc, password_version, created_us FROM claims_holder WHERE id = $3",
                params![id, format!("137{i:07}"), model.0],
            )?;
            ids.push(HolderId(id));
        }
        Ok(ids)
    };
    let mut ids = Vec::new();
    // Some at a time: a transaction may not take long.
    for from in (0..count).step_by(200) {
        ids.extend(db.write(move |tx| put(tx, from)).await?);
    }
    Ok(ids)
}

/// Every request in a file of PEM texts.
fn requests(file: &PathBuf) -> Result<Vec<Vec<u8>>> {
    let limits = core_pack::pem::Limits { blocks: 100_000, text: 1 << 30 };
    let text = std::fs::read(file).with_context(|| file.display().to_string())?;
    Ok(core_pack::pem::decode(&text, &limits)?.into_iter().map(|block| block.der.to_vec()).collect())
}
