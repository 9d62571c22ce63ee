//! `cargo xtask shots`: pictures of every page, to be looked at by people.

use crate::{command, house::House, metadata::Metadata, setup::debian};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// What `cargo xtask shots` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the pictures go
    #[arg(long, default_value = "target/shots")]
    into: PathBuf,
    /// Only pages whose address contains this
    #[arg(long)]
    only: Option<String>,
}

/// Builds the photographer and lets it work.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    debian::install(&["chromium", "chromium-driver", "fonts-noto-cjk"])?;
    // The photographer alone, with the features of every other build.
    let build = ["build", "--locked", "--workspace", "--bin", "shots", "--quiet"];
    command::run(command::cargo().args(build).current_dir(house.root()))?;
    let photographer = Metadata::of(house)?.target_directory.join("debug/shots");
    let mut take = Command::new(photographer);
    take.arg(&args.into).args(&args.only).current_dir(house.root());
    command::run(&mut take)
}
