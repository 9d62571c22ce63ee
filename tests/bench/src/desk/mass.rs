//! Mass work: a file of care providers imported, applications registered by one run and issued by the jobs, a month of
//! offset fees closed. One line of JSON tells how many seconds each step took, and how much memory all of them.

use super::{
    apply,
    cases::{all, issue, later, like},
    doer, fill, scope, town,
};
use anyhow::{Context, Result, anyhow, ensure};
use core_words::{CaseNumber, UtcMicros};
use desk_claims::{
    NewLine,
    office::{import::NotTaken, sheet},
    offset::Period,
    status::Hat,
    words::{HolderNumber, KeyWay},
    work::{RunState, Work},
};
use kit_store::{StoreError, Tx, params};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::json;
use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tests_harness::Town;

/// What is done, how often, and where.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which work
    #[arg(value_enum)]
    part: Part,
    /// Lines of the file, applications, certificates
    #[arg(long, default_value_t = 1_000)]
    count: u64,
    /// Applications under way at once
    #[arg(long, default_value_t = 4)]
    clients: usize,
    /// The empty PostgreSQL database; a SQLite file without
    #[arg(long)]
    store: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Part {
    /// Care providers from a file (C23)
    Import,
    /// Applications with keys of the applicants' own, registered by one run (K10)
    Cases,
    /// A month of offset fees (C18)
    Offset,
}

/// Measures.
pub(crate) fn run(args: &Args) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let mut town = town(args.store.as_deref()).await;
        let mut took = Took::default();
        match args.part {
            Part::Import => import(&town, args, &mut took).await?,
            Part::Cases => cases(&mut town, args, &mut took).await?,
            Part::Offset => offset(&mut town, args, &mut took).await?,
        }
        let memory = took.memory()?;
        println!(
            "{}",
            json!({ "count": args.count, "steps": took.steps, "memory": memory, "again": took.again })
        );
        town.end().await;
        Ok(())
    })
}

/// What was measured so far.
#[derive(Default)]
struct Took {
    steps: Vec<(&'static str, f64)>,
    /// Octets before the first step.
    idle: u64,
    again: u64,
}

impl Took {
    /// From here on memory counts.
    fn begin(&mut self) -> Result<()> {
        std::fs::write("/proc/self/clear_refs", "5").context("forgetting the peak of memory")?;
        self.idle = of_status("VmRSS:")?;
        Ok(())
    }

    fn step(&mut self, name: &'static str, begun: Instant) {
        self.steps.push((name, begun.elapsed().as_secs_f64()));
    }

    /// Octets at the peak, above those before.
    fn memory(&self) -> Result<u64> {
        Ok(of_status("VmHWM:")?.saturating_sub(self.idle))
    }
}

fn of_status(name: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("a line of the status")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1_024)
}

/// The file is read and compared, its lines are written, and the run carries them out; then once more, when all of it
/// is entered already; then all is written into a file.
async fn import(town: &Town, args: &Args, took: &mut Took) -> Result<()> {
    let claims = town.claims();
    let file = Arc::new(file(args.count)?);
    took.begin()?;
    for (prepare, run, new) in [("prepared", "imported", args.count), ("prepared again", "imported again", 0)]
    {
        let begun = Instant::now();
        let prepared = claims.prepare_import(scope(claims), file.clone(), doer(Hat::Manager)).await;
        let (id, plan) = prepared.map_err(|not| match not {
            NotTaken::Refused(refusal) => anyhow::Error::from(*refusal),
            other => anyhow!("{other:?}"),
        })?;
        took.step(prepare, begun);
        ensure!((plan.new, plan.new + plan.same) == (new, args.count), "{plan:?}");
        let begun = Instant::now();
        claims.begin_run(scope(claims), id, doer(Hat::Manager)).await?;
        town.run_jobs().await;
        took.step(run, begun);
        let done = claims.run(scope(claims), id).await?.run;
        ensure!((done.state, done.done) == (RunState::Done, args.count), "{done:?}");
    }
    let begun = Instant::now();
    let written = claims.export_offices(scope(claims), false).await?;
    took.step("exported", begun);
    ensure!(written.len() > file.len() / 2, "{} octets", written.len());
    Ok(())
}

/// So many care providers, none of them real, each with a number whose last digit fits.
fn file(count: u64) -> Result<Vec<u8>> {
    let head: Vec<&str> = sheet::COLUMNS.iter().map(|column| column.names[0]).collect();
    let mut text = format!("{}\r\n", head.join(","));
    for i in 0..count {
        let number = (0..10)
            .filter_map(|last| HolderNumber::new(&format!("{:02}{:07}{last}", i % 47 + 1, i)))
            .find(HolderNumber::check_digit_fits)
            .context("a number")?;
        writeln!(
            text,
            "{number},見本介護センター{i},ミホンカイゴセンター,{:07},東京都見本区見本台{}丁目{}番,03{:08},office{i}@example.jp\r",
            1_000_000 + i % 1_000_000,
            i % 9 + 1,
            i % 90 + 1,
            i % 100_000_000,
        )?;
    }
    Ok(text.into_bytes())
}

/// Everybody applies; a run registers everything; the time to undo passes, and the jobs do the rest.
async fn cases(town: &mut Town, args: &Args, took: &mut Took) -> Result<()> {
    let claims = town.claims().clone();
    let office = town.provider_outside("さくら介護センター").await;
    let db = town.installation().db.clone();
    let holders = like(&db, &office, usize::try_from(args.count)?).await?;
    let consent = claims.settings().terms(town.now()).consent.clone();
    let mut work = Vec::new();
    for holder in holders {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let request = CertificateParams::default().serialize_request(&key)?;
        work.push((holder, KeyWay::Own(request.der().to_vec())));
    }
    took.begin()?;
    let begun = Instant::now();
    let (again, numbers) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::new())));
    all(args.clients, work, |(holder, key)| {
        let (claims, consent, password) =
            (claims.clone(), consent.clone(), office.letter.issue_password.clone());
        let (again, numbers) = (again.clone(), numbers.clone());
        async move {
            let number: CaseNumber = loop {
                match apply(&claims, holder, password.clone(), key.clone(), consent.clone()).await {
                    Err(error) if later(&error, &again) => {}
                    done => break done?,
                }
            };
            numbers.lock().expect("nobody panics").push(number);
            Ok(())
        }
    })
    .await?;
    took.step("applied", begun);
    took.again = again.load(Ordering::Relaxed);
    let numbers = numbers.lock().expect("nobody panics").clone();
    let mut lines = Vec::new();
    for number in numbers {
        let case = claims.case(scope(&claims), number, Hat::Clerk).await?.case;
        lines.push(NewLine::about(&case.number, case.id, case.version));
    }
    let begun = Instant::now();
    let run =
        claims.start_run(scope(&claims), Work::Issue, "bench".to_owned(), lines, doer(Hat::Clerk)).await?;
    town.run_jobs().await;
    took.step("registered", begun);
    let done = claims.run(scope(&claims), run).await?.run;
    ensure!((done.state, done.done) == (RunState::Done, args.count), "{done:?}");
    took.steps.push(("issued", issue(town, &claims, args.count).await?));
    Ok(())
}

/// A month in which so many certificates came is closed, and its file written twice.
async fn offset(town: &mut Town, args: &Args, took: &mut Took) -> Result<()> {
    let claims = town.claims().clone();
    // One of the desk's own, after which the others are made.
    let office = town.provider_outside("さくら介護センター").await;
    let consent = claims.settings().terms(town.now()).consent.clone();
    let (holder, password) = (office.letter.holder, office.letter.issue_password.clone());
    apply(&claims, holder, password, KeyWay::Service, consent).await?;
    let db = town.installation().db.clone();
    // Some of them were never issued.
    fill::fill(&db, args.count + args.count / 10, town.now().0).await?;
    let month = Period::at(town.now().plus_seconds(-30 * 86_400), claims.settings()).month;
    let period = Period::of(month, claims.settings());
    let ids = db.read(|tx| {
        let rows =
            tx.query("SELECT id FROM claims_case WHERE issued_us IS NOT NULL ORDER BY id", params![])?;
        rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<Vec<_>, StoreError>>()
    });
    let (mut left, mut charged) = (args.count, 0);
    for chunk in ids.await?.chunks(1_000) {
        let (first, last) = (chunk[0], chunk[chunk.len() - 1]);
        let now = left.min(chunk.len() as u64);
        charged += db.write(move |tx| charge(tx, period.begins, (first, last), now as i64)).await?;
        left -= now;
    }
    ensure!(charged == args.count, "{charged} certificates");
    took.begin()?;
    let begun = Instant::now();
    claims.close_offset(scope(&claims), month, doer(Hat::Manager)).await?;
    town.run_jobs().await;
    took.step("closed", begun);
    let closed = claims.offset_period(scope(&claims), month).await?.closed.context("it is closed")?;
    ensure!(closed.sums.charges == args.count, "{closed:?}");
    let begun = Instant::now();
    let first = claims.offset_file(scope(&claims), month).await?;
    took.step("written", begun);
    ensure!(first == claims.offset_file(scope(&claims), month).await?, "the same octets each time");
    Ok(())
}

/// Of the cases from `first` to `last`, the first `count` got their certificate in the month that begins there, and their
/// fees are charged; the others never did. How many were charged.
fn charge(tx: &mut Tx, begins: UtcMicros, (first, last): (i64, i64), count: i64) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE claims_case SET issued_us = NULL WHERE issued_us IS NOT NULL AND id >= $1 AND id <= $2 AND id NOT IN \
         (SELECT id FROM claims_case WHERE issued_us IS NOT NULL AND id >= $1 AND id <= $2 ORDER BY id LIMIT $3)",
        params![first, last, count],
    )?;
    tx.execute(
        "UPDATE claims_case SET issued_us = $1 WHERE issued_us IS NOT NULL AND id >= $2 AND id <= $3",
        params![begins.0 + 1_000_000, first, last],
    )?;
    tx.execute(
        "INSERT INTO claims_offset_entry (id, operator_id, kind, case_id, case_number, holder, holder_number, terms, \
         applied_us, amount_yen, note, at_us) SELECT id, operator_id, 1, id, number, holder, holder_number, '2019-10-01', \
         applied_us, fee_yen, '', issued_us FROM claims_case WHERE issued_us IS NOT NULL AND id >= $1 AND id <= $2",
        params![first, last],
    )
}
