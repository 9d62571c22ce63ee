//! `cargo xtask bench revoke`: what one revocation costs among a thousand and among a million that were revoked
//! before. Two services run side by side and take turns; each revocation is one request that waits for its commit.

use super::{
    bed::{
        Bed, Common, arguments, figures,
        page::Table,
        service::{Key, Service},
    },
    crl::model,
};
use crate::house::House;
use anyhow::{Result, ensure};
use std::time::Instant;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Revoked before in the small service
    #[arg(long, default_value_t = 1_000)]
    few: u64,
    /// Revoked before in the large one
    #[arg(long, default_value_t = 1_000_000)]
    many: u64,
    /// Revocations measured in each
    #[arg(long, default_value_t = 500)]
    count: usize,
}

/// Revocations in one service before the other has its turn.
const TURN: usize = 50;

/// One of the two services.
struct Side {
    service: Service,
    revoked: u64,
    serials: Vec<String>,
    took: Vec<f64>,
    processor: f64,
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("revoke", rest);
    let bed = Bed::make(house, "revoke", rest, &args.common)?;
    let mut sides =
        [Side::make(&bed, "few", args.few, args.count)?, Side::make(&bed, "many", args.many, args.count)?];
    let latency = bed.sync_latency()?;
    // The first turn of each warms up and does not count.
    for turn in 0..=args.count.div_ceil(TURN) {
        for side in &mut sides {
            side.revoke(turn > 0)?;
        }
    }
    let mut table =
        Table::new(["revoked before", "one revocation, p50", "p99", "processor time of one", "fdatasync"]);
    for side in &sides {
        println!("    {}: {} measured", figures::count(side.revoked), side.took.len());
        table.row([
            figures::count(side.revoked),
            figures::time(figures::median(&side.took)),
            figures::time(figures::percentile(&side.took, 99.0)),
            figures::time(side.processor / side.took.len().max(1) as f64),
            figures::time(latency),
        ]);
    }
    let [few, many] = &sides;
    let factor = |of: fn(&Side) -> f64| figures::factor(of(many), of(few));
    table.row([
        "compared".to_owned(),
        factor(|side| figures::median(&side.took)),
        factor(|side| figures::percentile(&side.took, 99.0)),
        factor(|side| side.processor),
        String::new(),
    ]);
    bed.tell(&table)
}

impl Side {
    /// A service with so many revoked, and certificates to be revoked.
    fn make(bed: &Bed<'_>, name: &str, revoked: u64, count: usize) -> Result<Self> {
        let mut service = Service::found(&bed.warifu, &bed.dir.join(name), None)?;
        let model = model(bed, &service)?;
        service.stop()?;
        service.fill(&bed.tool, &model, "revoked", revoked)?;
        service.start()?;
        let text = std::fs::read_to_string(bed.requests(count + TURN)?.join("ours.jsonl"))?;
        let serials = service.issue(Key::P256, &text.lines().collect::<Vec<_>>())?;
        service.settle()?;
        Ok(Self { service, revoked, serials, took: Vec::new(), processor: 0.0 })
    }

    fn revoke(&mut self, counts: bool) -> Result<()> {
        let path = format!("/api/v1/authorities/{}/revocations", Key::P256.authority());
        let mut client = self.service.client()?;
        let at = self.serials.len().saturating_sub(TURN);
        let before = self.service.process()?.processor_time()?;
        for serial in self.serials.split_off(at) {
            let body = format!("{{\"serial\":\"{serial}\",\"reason\":\"superseded\"}}");
            let begun = Instant::now();
            let answer = client.post(&path, body.as_bytes())?;
            let took = figures::seconds(begun.elapsed());
            ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
            if counts {
                self.took.push(took);
            }
        }
        if counts {
            self.processor += self.service.process()?.processor_time()? - before;
        }
        Ok(())
    }
}
