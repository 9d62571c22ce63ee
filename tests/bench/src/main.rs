//! What the measurements of `cargo xtask bench` need: requests by the thousand, and the parts that are
//! measured without the network. Built in the release profile; `xtask` calls it and takes its lines.

// Talks to the task that called it; standard output is its answer.
#![allow(clippy::print_stdout)]

/// As the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod issue;
mod load;
mod requests;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "warifu-bench")]
struct Line {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Write distinct P-256 requests as bodies of orders, ours and those of peers
    Requests(requests::Args),
    /// Issue without the network
    Issue(issue::Args),
    /// Fill the store of a service with certificates, issued or revoked, by the million
    Load(load::Args),
}

fn main() -> anyhow::Result<()> {
    match Line::parse().part {
        Part::Requests(args) => requests::run(&args),
        Part::Issue(args) => issue::run(&args),
        Part::Load(args) => load::run(&args),
    }
}
