//! Tasks of the house, as `cargo xtask TASK`. One task, one file.
//!
//! | task | what it does |
//! |---|---|
//! | `setup` | installs what the tests need from outside, once, outside the clone |
//! | `test` | everything that must hold, with a table of times at the end |
//! | `shape` | who imports whom, how crates and files are laid out |
//! | `deny` | licences, refused crates and sources of everything we build on |
//! | `regen` | writes, or checks, what is generated under `docs/` |
//! | `pages` | does what the operator's pages say |
//! | `demo` | one pass of the demo on the test build |
//! | `fuzz` | builds and runs the fuzz targets |
//! | `new-desk` | writes a desk to begin with: it compiles, and serves a first page |
//! | `shots` | pictures of every page, to be looked at by people |
//! | `manual-pictures` | the pictures in the manuals, taken anew |
//! | `bench`, `drill` | measures; kills the service on purpose |

// A task talks to a person at a terminal; standard output is its page.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod cards;
mod command;
mod demo;
mod deny;
mod drill;
mod fuzz;
mod house;
mod metadata;
mod new_desk;
mod pages;
mod postgres;
mod regen;
mod setup;
mod shape;
mod shots;
mod spdx;
mod steps;
mod test;

use clap::{Parser, Subcommand};
use house::House;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the house", disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need: Debian packages and a Python environment, outside the clone
    Setup,
    /// Everything that must hold; `.ci/run` calls exactly this
    Test(test::Args),
    /// Imports, names, lints, file sizes, list of fuzz targets
    Shape,
    /// Licences, refused crates and sources, from deny.toml
    Deny,
    /// Write what is generated under docs/; with --check only compare
    Regen(regen::Args),
    /// Run every command of the operator's pages
    Pages(pages::Args),
    /// One pass of the demo on the test build, checking what it leaves
    Demo(demo::Args),
    /// Write a new desk that compiles and serves a first page: `cargo xtask new-desk NAME`
    NewDesk(new_desk::Args),
    /// Pictures of the gallery and of the main pages, in both languages, narrow and wide
    Shots(shots::Args),
    /// Take the pictures of the manuals anew, from the gallery
    ManualPictures(shots::ManualArgs),
    /// Measure: `cargo xtask bench NAME`
    Bench(bench::Args),
    /// Kill the service on purpose and look at what is left
    Drill(drill::Args),
    /// Build the fuzz targets and run each for a while
    Fuzz(fuzz::Args),
}

fn main() -> ExitCode {
    let line = Line::parse();
    let done = House::find().and_then(|house| match line.task {
        Task::Setup => setup::run(&house).map(drop),
        Task::Test(args) => test::run(&house, &args),
        Task::Shape => shape::run(&house),
        Task::Deny => deny::run(&house),
        Task::Regen(args) => regen::run(&house, &args),
        Task::Pages(args) => pages::run(&house, &args),
        Task::Demo(args) => demo::run(&house, &args),
        Task::NewDesk(args) => new_desk::run(&house, &args),
        Task::Shots(args) => shots::run(&house, &args),
        Task::ManualPictures(args) => shots::manuals(&house, &args),
        Task::Bench(args) => bench::run(&house, &args),
        Task::Drill(args) => drill::run(&house, &args),
        Task::Fuzz(args) => fuzz::run(&house, &args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
