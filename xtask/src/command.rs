//! Running other programs: say what is run, fail with its name.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

/// The cargo that runs us, so that a toolchain chosen with `+name` stays chosen.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs `command` on our terminal and fails when it does not exit with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("    {}", shown(command));
    let status = command.status().with_context(|| format!("{} could not be started", name(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs `command` silently and returns its standard output; its standard error goes into the failure.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let out = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} could not be started", name(command)))?;
    if !out.status.success() {
        let said = String::from_utf8_lossy(&out.stderr);
        bail!("{} ended with {}\n{}", shown(command), out.status, said.trim_end());
    }
    String::from_utf8(out.stdout)
        .with_context(|| format!("{} printed something that is no text", name(command)))
}

/// Whether `command` can be started and exits with 0; nothing is shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// The command line as a person would type it, without the path of the program.
fn shown(command: &Command) -> String {
    let program = name(command);
    let mut line = program.rsplit('/').next().unwrap_or(&program).to_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
