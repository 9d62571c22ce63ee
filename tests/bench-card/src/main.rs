//! What `cargo xtask bench card` measures: cards in this process and in a reader of pcscd, the counters of a card's
//! file, and characters of names and addresses. Built in the release profile, without the rest of the product; `xtask`
//! calls it once a round and takes its line of JSON, in which all times are seconds.

// Talks to the task that called it; standard output is its answer.
#![allow(clippy::print_stdout)]

/// As the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod card;
mod characters;
mod counter;
mod exchange;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde::Serialize;
use std::time::Instant;

#[derive(Parser)]
#[command(name = "warifu-bench-card")]
struct Line {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Commands and signatures, in this process and through pcscd
    Exchange(exchange::Args),
    /// VERIFY with a card in a file
    Counter(counter::Args),
    /// Characters that fit, and characters that do not
    Characters(characters::Args),
}

/// Times of one and the other, taken in turn.
#[derive(Default, Serialize)]
struct Beside {
    peer: Vec<f64>,
    ours: Vec<f64>,
}

impl Beside {
    /// Times both once; who begins changes from one time to the next.
    fn time(
        &mut self,
        mut peer: impl FnMut() -> Result<()>,
        mut ours: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        if self.ours.len().is_multiple_of(2) {
            self.peer.push(seconds(&mut peer)?);
            self.ours.push(seconds(&mut ours)?);
        } else {
            self.ours.push(seconds(&mut ours)?);
            self.peer.push(seconds(&mut peer)?);
        }
        Ok(())
    }
}

/// How long it takes.
fn seconds(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let begun = Instant::now();
    work()?;
    Ok(begun.elapsed().as_secs_f64())
}

fn main() -> Result<()> {
    match Line::parse().part {
        Part::Exchange(args) => exchange::run(&args),
        Part::Counter(args) => counter::run(&args),
        Part::Characters(args) => characters::run(&args),
    }
}
