//! The binary: reads the command line, runs the command, says how it ended.

use std::process::ExitCode;
use warifu::{cli::Cli, fail::Exit};

/// An order is allocated on one thread and freed on another, which the C library's allocator takes badly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::of_arguments(std::env::args_os()) {
        Ok(cli) => cli,
        // Help and version are no mistakes; clap prints them to standard output.
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    cli.run().into()
}
