//! `cargo xtask bench batch`: one request with 10,000 orders, from its first octet to the last of the answer.

use super::bed::{
    Bed, Common, arguments, figures,
    page::Table,
    service::{Key, Service},
};
use crate::house::House;
use anyhow::{Result, ensure};
use serde::Deserialize;
use std::time::Instant;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Orders in one request
    #[arg(long, default_value_t = 10_000)]
    count: usize,
    /// Requests for each kind of key, each with orders of its own
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// What the answer says at its end.
#[derive(Deserialize)]
struct Counts {
    issued: usize,
    refused: usize,
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("batch", rest);
    let bed = Bed::make(house, "batch", rest, &args.common)?;
    // The first request warms up and does not count.
    let requests = bed.requests(args.count * (args.rounds + 1))?;
    let text = std::fs::read_to_string(requests.join("ours.jsonl"))?;
    let lines: Vec<&str> = text.lines().collect();
    let bodies = lines.chunks(args.count).map(|orders| format!("{{\"requests\":[{}]}}", orders.join(",")));
    let bodies: Vec<String> = bodies.collect();

    let service = Service::found(&bed.warifu, &bed.dir.join("house"), None)?;
    let mut took: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let latency = bed.sync_latency()?;
    for (round, body) in bodies.iter().enumerate() {
        for (key, took) in Key::ALL.iter().zip(&mut took) {
            let path = format!("/api/v1/authorities/{}/certificates/batch", key.authority());
            let mut client = service.client()?;
            let begun = Instant::now();
            let answer = client.post(&path, body.as_bytes())?;
            let seconds = figures::seconds(begun.elapsed());
            ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
            let counts: Counts = serde_json::from_slice(&answer.body)?;
            ensure!(counts.issued == args.count, "{} issued, {} refused", counts.issued, counts.refused);
            println!(
                "    {}: {} in {}",
                key.name(),
                figures::count(args.count as u64),
                figures::time(seconds)
            );
            if round > 0 {
                took.push(seconds);
            }
            service.settle()?;
        }
    }

    let mut table =
        Table::new(["CA key", "orders in one request", "time", "issued/s", "of all rounds", "fdatasync"]);
    for (key, took) in Key::ALL.iter().zip(&took) {
        let per_second = |seconds: f64| figures::rate(args.count as f64 / seconds);
        let middle = figures::median(took);
        let (quickest, slowest) = (figures::percentile(took, 0.0), figures::percentile(took, 100.0));
        table.row([
            key.name().to_owned(),
            figures::count(args.count as u64),
            figures::time(middle),
            per_second(middle),
            format!("{} to {}", per_second(slowest), per_second(quickest)),
            figures::time(latency),
        ]);
    }
    bed.tell(&table)
}
