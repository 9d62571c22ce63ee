//! What the measurements of `cargo xtask bench` need: requests by the thousand, and the parts that are
//! measured without the network. Built in the release profile; `xtask` calls it and takes its lines.

// Talks to the task that called it; standard output is its answer.
#![allow(clippy::print_stdout)]

/// As the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod desk;
mod issue;
mod load;
mod papers;
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
    /// Fill a claims desk and serve its pages until the input is closed
    DeskPages(desk::pages::Args),
    /// Bring cases of a claims desk from application to certificate
    DeskCases(desk::cases::Args),
    /// Do mass work at a claims desk
    DeskMass(desk::mass::Args),
    /// Print papers
    Papers(papers::Args),
}

fn main() -> anyhow::Result<()> {
    match Line::parse().part {
        Part::Requests(args) => requests::run(&args),
        Part::Issue(args) => issue::run(&args),
        Part::Load(args) => load::run(&args),
        Part::DeskPages(args) => desk::pages::run(&args),
        Part::DeskCases(args) => desk::cases::run(&args),
        Part::DeskMass(args) => desk::mass::run(&args),
        Part::Papers(args) => papers::run(&args),
    }
}
