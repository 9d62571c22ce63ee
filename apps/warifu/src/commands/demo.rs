//! `warifu demo`: a public-key infrastructure comes to life, and three years pass in a minute.

use crate::{cli::Run, demo, fail::Outcome};
use std::path::PathBuf;

/// デモ / see it work: ceremony, issuing, revocation, lists, rollover, backup, ledger
#[derive(clap::Args, Debug)]
pub struct Demo {
    /// Where it keeps its data: a new or empty directory, or that of an earlier demo; else a temporary one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// End when the story is over; else the server stays up
    #[arg(long)]
    exit: bool,
    /// Listen on this port; else on 8480, or any that is free
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

impl Demo {
    /// Plays it.
    ///
    /// # Errors
    /// The story could not go on.
    pub async fn run(self, run: &Run) -> Outcome {
        demo::run(&demo::Demo { data: self.data, exit: self.exit, port: self.port, only: run.chosen }).await
    }
}
