//! `cargo xtask bench startup`: from the start of the process to its first "ready", with no certificates and with
//! a million in the store.

use super::{
    bed::{Bed, Common, arguments, figures, page::Table, service::Service},
    crl::model,
};
use crate::house::House;
use anyhow::Result;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Certificates in the large store
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
    /// Starts of each; the two take turns
    #[arg(long, default_value_t = 15)]
    rounds: usize,
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("startup", rest);
    let bed = Bed::make(house, "startup", rest, &args.common)?;
    let mut empty = Service::found(&bed.warifu, &bed.dir.join("empty"), None)?;
    let mut full = Service::found(&bed.warifu, &bed.dir.join("full"), None)?;
    let model = model(&bed, &full)?;
    empty.stop()?;
    full.stop()?;
    full.fill(&bed.tool, &model, "issued", args.count)?;
    // Numbered and signed, as it would be where a million had been issued one by one.
    full.start()?;
    full.settle()?;
    full.stop()?;

    let mut sides = [(0, empty, Vec::new()), (args.count, full, Vec::new())];
    let latency = bed.sync_latency()?;
    // The first start of each warms up and does not count.
    for round in 0..=args.rounds {
        for (count, service, took) in &mut sides {
            let seconds = figures::seconds(service.start()?);
            service.stop()?;
            println!("    {} certificates: ready after {}", figures::count(*count), figures::time(seconds));
            if round > 0 {
                took.push(seconds);
            }
        }
    }
    let mut table = Table::new(["certificates", "until ready, median", "least", "most", "fdatasync"]);
    for (count, _, took) in &sides {
        table.row([
            figures::count(*count),
            figures::time(figures::median(took)),
            figures::time(figures::percentile(took, 0.0)),
            figures::time(figures::percentile(took, 100.0)),
            figures::time(latency),
        ]);
    }
    let [(_, _, without), (_, _, with)] = &sides;
    let compared = figures::factor(figures::median(with), figures::median(without));
    table.row(["compared".to_owned(), compared, String::new(), String::new(), String::new()]);
    bed.tell(&table)
}
