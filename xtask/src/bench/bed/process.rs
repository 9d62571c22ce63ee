//! What the kernel knows of a process: memory and processor time.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// A running program, killed when the value is dropped.
pub(in crate::bench) struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts it; what it says goes to the end of the file `log`.
    pub(super) fn start(command: &mut Command, name: &str, log: &Path) -> Result<Self> {
        let log = fs::File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(std::process::Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        Ok(Self { child, name: name.to_owned() })
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Asks it to end and waits until it has.
    pub(super) fn end(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        crate::command::capture(Command::new("kill").args(["-TERM", &pid]))?;
        let deadline = Instant::now() + Duration::from_secs(120);
        while !self.has_ended()? {
            anyhow::ensure!(Instant::now() < deadline, "{} does not end", self.name);
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Octets of memory it has at the moment, and the most it had since [`forget_peak`](Self::forget_peak).
    pub(in crate::bench) fn memory(&self) -> Result<(u64, u64)> {
        let status = self.read("status")?;
        let octets = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim().trim_end_matches(" kB").parse::<u64>().map(|kib| kib * 1024)
        };
        Ok((octets("VmRSS:")?, octets("VmHWM:")?))
    }

    /// The peak begins anew at what it has now.
    pub(in crate::bench) fn forget_peak(&self) -> Result<()> {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        fs::write(&path, "5").with_context(|| path)
    }

    /// Seconds of processor time of its present threads.
    pub(in crate::bench) fn processor_time(&self) -> Result<f64> {
        let mut nanoseconds = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // A thread may end between the listing and the look at it.
            let text = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanoseconds += text.split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(nanoseconds as f64 / 1e9)
    }

    fn read(&self, name: &str) -> Result<String> {
        let path = format!("/proc/{}/{name}", self.child.id());
        fs::read_to_string(&path).with_context(|| path)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
