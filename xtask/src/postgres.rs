//! A throw-away PostgreSQL for one run of the tests.
//!
//! It listens on a free port of the loopback only, trusts whoever reaches that port, syncs nothing to disk
//! (but for measurements) and is gone, folder included, when the value is dropped. The server refuses to run
//! as root, so root hands it to the user `postgres` that Debian's package made.

use crate::command;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server.
pub(crate) struct Postgres {
    server: Child,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes a cluster that syncs nothing, and waits until it answers.
    pub(crate) fn start(programs: &Path) -> Result<Self> {
        Self::with(programs, &std::env::temp_dir(), &["fsync=off", "full_page_writes=off"])
    }

    /// The same below `parent`, with the settings of a fresh installation: what it commits is on the disk.
    pub(crate) fn start_durable(programs: &Path, parent: &Path) -> Result<Self> {
        Self::with(programs, parent, &[])
    }

    fn with(programs: &Path, parent: &Path, besides: &[&str]) -> Result<Self> {
        let folder = parent.join(format!("warifu-postgres-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        if let Some((user, group)) = other_user()? {
            chown(&folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        command::capture(
            server_program(&programs.join("initdb"))?
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ])
                .arg("--pgdata")
                .arg(&data)
                .current_dir("/"),
        )?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = std::fs::File::create(folder.join("log"))?;
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            format!("unix_socket_directories={}", folder.display()),
            "max_connections=300".to_owned(),
            "lc_messages=C".to_owned(),
        ];
        let settings = settings.into_iter().chain(besides.iter().map(|s| (*s).to_owned()));
        let server = server_program(&programs.join("postgres"))?
            .arg("-D")
            .arg(&data)
            .args(settings.flat_map(|s| ["-c".to_owned(), s]))
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("postgres could not be started")?;
        let mut server = Self { server, programs: programs.to_owned(), folder, port };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// How tests reach it; the user may create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Makes an empty database; how it is reached.
    pub(crate) fn new_database(&self, name: &str) -> Result<String> {
        let mut create = Command::new(self.programs.join("createdb"));
        let port = self.port.to_string();
        command::capture(create.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", name]))?;
        Ok(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        let port = self.port.to_string();
        loop {
            let mut ask = Command::new(self.programs.join("pg_isready"));
            if command::succeeds(ask.args(["-q", "-h", "127.0.0.1", "-p", &port])) {
                return Ok(());
            }
            let ended = self.server.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL did not come up ({ended:?}):\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Immediate is enough: nothing in it is worth a checkpoint. A failure leaves a folder in /tmp, no more.
        let stopped = server_program(&self.programs.join("pg_ctl")).is_ok_and(|mut stop| {
            stop.args(["stop", "--mode=immediate", "--pgdata"])
                .arg(self.folder.join("data"))
                .current_dir("/");
            command::succeeds(&mut stop)
        });
        if !stopped {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The user and group to which root must hand the server, if we are root.
fn other_user() -> Result<Option<(u32, u32)>> {
    let id = |args: &[&str]| -> Result<u32> {
        Ok(command::capture(Command::new("id").args(args))?.trim().parse()?)
    };
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    Ok(Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)))
}

/// `program` under the right user, stopped by the kernel when this process ends in whatever way.
fn server_program(program: &Path) -> Result<Command> {
    let mut command = Command::new("setpriv");
    if let Some((user, group)) = other_user()? {
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--init-groups");
    }
    command.arg("--pdeathsig=QUIT").arg(program);
    Ok(command)
}
