//! A running server, and its end.

use crate::wait::{PATIENCE, until};
use std::{
    fs::{self, File},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// At which passage of which fault point a process kills itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill(Option<String>);

impl Drill {
    /// No drill: the process lives.
    pub fn none() -> Self {
        Self(None)
    }

    /// Death at the given passage of a point; the first is 1.
    pub fn at(point: &str, passage: u64) -> Self {
        Self(Some(format!("{point}:{passage}")))
    }

    pub(crate) fn arm(&self, command: &mut Command) {
        command.envs(self.0.as_ref().map(|text| ("WARIFU_DRILL", text)));
    }
}

/// A server process. It is killed when dropped.
pub struct Server {
    child: Child,
    log: PathBuf,
    /// `http://…`, once it is known.
    url: Option<String>,
}

impl Server {
    pub(crate) fn start(mut command: Command, log: PathBuf) -> Self {
        let file = File::create(&log).expect("a log can be written");
        let child = command.stdout(Stdio::null()).stderr(file).spawn().expect("the binary can be started");
        Self { child, log, url: None }
    }

    /// Waits until it listens. False when it ended before.
    ///
    /// # Panics
    /// When it does neither.
    pub async fn listens(&mut self) -> bool {
        let url = until("the server listens", async || match self.ended() {
            Some(_) => Some(None),
            None => address(&self.log).map(Some),
        })
        .await;
        self.url = url;
        self.url.is_some()
    }

    /// Where it listens.
    ///
    /// # Panics
    /// When it does not.
    pub fn url(&self) -> &str {
        self.url.as_deref().expect("it listens")
    }

    /// The number of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How it ended, if it has.
    ///
    /// # Panics
    /// When the kernel does not know the process.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it is a child of ours")
    }

    /// Waits for its death by SIGKILL.
    ///
    /// # Panics
    /// When it does not come, or the process ends otherwise.
    pub async fn dies(&mut self) {
        let status = until("the server dies", async || self.ended()).await;
        self.must_have_been_killed(status);
    }

    /// Kills it, now, wherever it is. When it has died already, that was by SIGKILL too.
    ///
    /// # Panics
    /// When it has ended otherwise.
    pub fn kill(&mut self) {
        // An error means that it is dead already.
        let _ = self.child.kill();
        let status = self.child.wait().expect("it is a child of ours");
        self.must_have_been_killed(status);
    }

    /// Asks it to end and waits for a good end.
    ///
    /// # Panics
    /// When it does not end well.
    pub fn stop(mut self) {
        let pid = i32::try_from(self.pid()).ok().and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(pid.expect("a process has a number"), rustix::process::Signal::TERM)
            .expect("it runs");
        let begun = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                assert!(status.success(), "the server ended with {status}\n{}", self.log());
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not end\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn must_have_been_killed(&self, status: ExitStatus) {
        let killed = status.signal() == Some(rustix::process::Signal::KILL.as_raw());
        assert!(killed, "the server ended with {status}, and not by SIGKILL\n{}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address that the server logs once it listens.
fn address(log: &Path) -> Option<String> {
    let text = fs::read_to_string(log).ok()?;
    let line = text.lines().find(|line| line.contains("\"message\":\"serving\""))?;
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(format!("http://{}", line["address"].as_str()?))
}
