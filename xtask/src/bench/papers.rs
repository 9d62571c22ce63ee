//! `cargo xtask bench papers`: receipts of applications as PDF/A, each with other numbers, in one process, beside
//! WeasyPrint with the same texts in the same font.
//!
//! WeasyPrint sets one sheet at a time and makes PDF/A-2b, ours is tagged besides (PDF/A-2a, PDF/UA-1). Both keep their
//! fonts from one sheet to the next. Rounds take turns; the one with the middle rate counts.

use super::bed::{Bed, Common, arguments, figures, page::Table, peers};
use crate::{command, house::House};
use anyhow::Result;
use serde::Deserialize;
use std::process::Command;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    common: Common,
    /// Seconds of one round
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Rounds
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// Debian's, which sees Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

/// Who prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    WeasyPrint,
    Ours { threads: usize },
}

/// What either says.
#[derive(Deserialize)]
struct Printed {
    /// Seconds of the first paper, with nothing remembered from one before.
    first: f64,
    octets: u64,
    /// Of all papers after the first.
    seconds: f64,
    took: Vec<f64>,
}

impl Printed {
    fn per_second(&self) -> f64 {
        self.took.len() as f64 / self.seconds
    }
}

/// Measures.
pub(super) fn run(house: &House, rest: &[String]) -> Result<()> {
    let args: Args = arguments("papers", rest);
    peers::install()?;
    let bed = Bed::make(house, "papers", rest, &args.common)?;
    let version =
        command::capture(Command::new(PYTHON).args(["-c", "import weasyprint as w; print(w.__version__)"]))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut sides = vec![Who::WeasyPrint, Who::Ours { threads: 1 }, Who::Ours { threads: cores }];
    sides.dedup();
    let mut measured: Vec<(Who, Vec<Printed>)> = sides.into_iter().map(|who| (who, Vec::new())).collect();
    for _ in 0..args.rounds {
        for (who, rounds) in &mut measured {
            rounds.push(print(&bed, &args, *who)?);
        }
    }
    let mut table =
        Table::new(["", "PDF/s", "of all rounds", "p50", "p99", "the first one", "PDF of", "compared"]);
    let mut peer = 0.0;
    for (who, mut rounds) in measured {
        rounds.sort_by(|a, b| a.per_second().total_cmp(&b.per_second()));
        let all: Vec<f64> = rounds.iter().map(Printed::per_second).collect();
        let Some(middle) = rounds.get((rounds.len().max(1) - 1) / 2) else { continue };
        let (least, most) = (figures::percentile(&all, 0.0), figures::percentile(&all, 100.0));
        let (name, compared) = match who {
            Who::WeasyPrint => {
                peer = middle.per_second();
                (format!("WeasyPrint {}", version.trim()), String::new())
            }
            Who::Ours { threads } => {
                let threads =
                    if threads == 1 { "one thread".to_owned() } else { format!("{threads} threads") };
                let compared = format!("{} WeasyPrint", figures::factor(middle.per_second(), peer));
                (format!("Warifu, {threads}"), compared)
            }
        };
        table.row([
            name,
            format!("{:.1}", middle.per_second()),
            format!("{least:.1} to {most:.1}"),
            figures::time(figures::median(&middle.took)),
            figures::time(figures::percentile(&middle.took, 99.0)),
            figures::time(middle.first),
            format!("{:.1} kB", middle.octets as f64 / 1e3),
            compared,
        ]);
    }
    bed.tell(&table)
}

fn print(bed: &Bed<'_>, args: &Args, who: Who) -> Result<Printed> {
    let seconds = args.seconds.to_string();
    let mut tool = match who {
        Who::WeasyPrint => {
            let mut python = Command::new(PYTHON);
            python.arg(bed.house.path("tests/bench/python/receipt.py"));
            python.arg(bed.house.path("kit/paper-typst/fonts")).arg(&seconds);
            python
        }
        Who::Ours { threads } => {
            let mut tool = Command::new(&bed.tool);
            tool.args(["papers", "--seconds", &seconds, "--threads", &threads.to_string()]);
            tool
        }
    };
    let printed: Printed = serde_json::from_str(&command::capture(&mut tool)?)?;
    println!("    {who:?}: {:.1} PDF/s", printed.per_second());
    Ok(printed)
}
