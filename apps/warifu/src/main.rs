//! The binary: reads the command line, runs the command, says how it ended.

use std::process::ExitCode;
use warifu::{cli::Cli, mistake};

/// An order is allocated on one thread and freed on another, which the C library's allocator takes badly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    match Cli::of_arguments(arguments.iter().cloned()) {
        Ok(cli) => cli.run(),
        Err(error) => mistake::tell(&arguments, &error),
    }
    .into()
}
