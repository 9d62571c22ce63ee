//! `cargo xtask shots`: pictures of every page, to be looked at by people. `cargo xtask manual-pictures`: those that the
//! manuals show.

use crate::{command, house::House, metadata::Metadata, setup::debian};
use anyhow::Result;
use std::path::{Path, PathBuf};
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

/// What `cargo xtask manual-pictures` takes.
#[derive(clap::Args)]
pub(crate) struct ManualArgs {
    /// Only pictures whose name contains this
    #[arg(long)]
    only: Option<String>,
}

/// Pictures of every page.
pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    photograph(house, "shots", &args.into, args.only.as_deref())
}

/// The pictures of the manuals, where the manuals look for them.
pub(crate) fn manuals(house: &House, args: &ManualArgs) -> Result<()> {
    photograph(house, "manual_pictures", &house.path("docs/manual/claims/pictures"), args.only.as_deref())
}

/// Builds a photographer and lets it work.
fn photograph(house: &House, photographer: &str, into: &Path, only: Option<&str>) -> Result<()> {
    debian::install(&["chromium", "chromium-driver", "fonts-noto-cjk"])?;
    // The photographer alone, with the features of every other build.
    let build = ["build", "--locked", "--workspace", "--bin", photographer, "--quiet"];
    command::run(command::cargo().args(build).current_dir(house.root()))?;
    let program = Metadata::of(house)?.target_directory.join("debug").join(photographer);
    command::run(Command::new(program).arg(into).args(only).current_dir(house.root()))
}
