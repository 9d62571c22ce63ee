//! pcscd with two virtual readers for one run of the tests (J16): cards of ours as OpenSC and our own tool see them.
//!
//! The service runs in a mount namespace of its own in which a folder of ours is `/run`: the place of its socket cannot
//! be told to it, and so it meets neither the machine's own pcscd nor a second run of the tests. Programs find it by
//! the variable that libpcsclite reads. Where namespaces are not allowed (some containers), it takes the usual place.
//!
//! vpcd listens on all addresses and cannot be told otherwise; its ports are free ones, open for as long as the value
//! lives. Run the tests where nobody reaches them.

use crate::command;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where pcscd puts its socket, below `/run`.
const SOCKET: &str = "pcscd/pcscd.comm";
const PCSCD: &str = "/usr/sbin/pcscd";

/// A running service.
pub(crate) struct Stack {
    service: Child,
    folder: PathBuf,
    socket: PathBuf,
    /// OpenSC's configuration: the JPKI driver alone, and no cache of files, so that every run talks to the card.
    pub(crate) opensc_conf: PathBuf,
    /// Where the two readers wait for a card.
    pub(crate) ports: [u16; 2],
}

impl Stack {
    /// Starts the service below `parent`, and waits until it and both readers are there.
    pub(crate) fn start(parent: &Path) -> Result<Self> {
        let folder = parent.join(format!("warifu-cards-{}", std::process::id()));
        let (run, readers) = (folder.join("run"), folder.join("reader.conf.d"));
        for folder in [&folder, &run, &readers] {
            std::fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let ports = two_free_ports()?;
        std::fs::write(readers.join("vpcd"), reader_conf(&driver()?, ports[0]))?;
        let opensc_conf = folder.join("opensc.conf");
        std::fs::write(&opensc_conf, OPENSC_CONF)?;

        let (mut pcscd, socket) = match own_namespace()? {
            Some(mut unshare) => {
                let script = r#"mount --bind "$1" /run && shift && exec "$@""#;
                unshare.args(["sh", "-c", script, "sh"]).arg(&run);
                (unshare, run.join(SOCKET))
            }
            None => {
                let usual = Path::new("/run").join(SOCKET);
                if UnixStream::connect(&usual).is_ok() {
                    bail!(
                        "a pcscd is running already, and namespaces of mounts are not allowed here: stop it"
                    );
                }
                // One that was killed leaves its socket, and the next one refuses to start.
                let _ = std::fs::remove_file(&usual);
                (Command::new("env"), usual)
            }
        };
        // Longer names of sockets do not exist (unix(7)).
        if socket.as_os_str().len() > 107 {
            bail!("{} is too long for the name of a socket: set TMPDIR to a shorter one", socket.display());
        }
        let log = std::fs::File::create(folder.join("log"))?;
        let service = pcscd
            .args(["setpriv", "--pdeathsig=TERM", PCSCD, "--foreground", "--critical", "--config"])
            .arg(&readers)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("pcscd could not be started")?;
        let mut stack = Self { service, folder, socket, opensc_conf, ports };
        stack.wait_until_it_answers()?;
        Ok(stack)
    }

    /// Tells a command where everything is.
    pub(crate) fn known_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("PCSCLITE_CSOCK_NAME", &self.socket)
            .env("OPENSC_CONF", &self.opensc_conf)
            .env("WARIFU_TEST_CARDS", format!("{},{}", self.ports[0], self.ports[1]))
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            // A connection to a reader would be a card in it: whether it listens is looked up.
            let listening = std::fs::read_to_string("/proc/net/tcp")?;
            if self.ports.iter().all(|port| is_listened_on(&listening, *port))
                && UnixStream::connect(&self.socket).is_ok()
            {
                return Ok(());
            }
            let ended = self.service.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("pcscd did not come up ({ended:?}):\n{log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // Asked, it removes its socket; after five seconds it is not asked any more.
        let pid = self.service.id().to_string();
        if command::succeeds(Command::new("kill").arg(&pid)) {
            let deadline = Instant::now() + Duration::from_secs(5);
            while matches!(self.service.try_wait(), Ok(None)) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = self.service.kill();
        let _ = self.service.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// OpenSC speaks to cards of JPKI only; otherwise forty foreign commands come first.
const OPENSC_CONF: &str = "app default {\n\tdebug = 0;\n\tcard_drivers = jpki;\n\t\
                           framework pkcs15 { use_file_caching = false; }\n}\n";

/// The readers, as pcscd is told of them: one driver with two slots, at this port and the next.
fn reader_conf(driver: &Path, port: u16) -> String {
    format!(
        "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{port}\nLIBPATH {}\nCHANNELID {port}\n",
        driver.display()
    )
}

/// The driver, where Debian's package put it for this machine.
fn driver() -> Result<PathBuf> {
    let given = std::fs::read_to_string("/etc/reader.conf.d/vpcd").unwrap_or_default();
    let named = given.lines().find_map(|line| line.strip_prefix("LIBPATH")).map(|path| path.trim().into());
    let driver: PathBuf = named.unwrap_or_else(|| "/usr/lib/pcsc/drivers/serial/libifdvpcd.so".into());
    if !driver.exists() {
        bail!("{} is missing: apt-get install vsmartcard-vpcd", driver.display());
    }
    Ok(driver)
}

/// How to enter a mount namespace of one's own, as root or as a user who is root in there; nothing where neither is
/// allowed and root must do without. Other users have no place for the socket then.
fn own_namespace() -> Result<Option<Command>> {
    let is_root = command::capture(Command::new("id").arg("-u"))?.trim() == "0";
    let unshare = || {
        let mut unshare = Command::new("unshare");
        if !is_root {
            unshare.args(["--user", "--map-root-user"]);
        }
        unshare.args(["--mount", "--propagation", "private"]);
        unshare
    };
    if command::succeeds(unshare().args(["mount", "--bind", "/tmp", "/run"])) {
        return Ok(Some(unshare()));
    }
    if !is_root {
        bail!(
            "tests of cards need root or namespaces of users, for pcscd's socket (sysctl user.max_user_namespaces)"
        );
    }
    Ok(None)
}

/// Two free ports, one after the other.
fn two_free_ports() -> Result<[u16; 2]> {
    for _ in 0..100 {
        let first = TcpListener::bind(("0.0.0.0", 0))?;
        let port = first.local_addr()?.port();
        if let Some(next) = port.checked_add(1)
            && TcpListener::bind(("0.0.0.0", next)).is_ok()
        {
            return Ok([port, next]);
        }
    }
    bail!("there are no two free ports in a row")
}

/// Whether `table`, as `/proc/net/tcp`, has a listener on `port` (proc(5): address and port in hexadecimal, state 0A).
fn is_listened_on(table: &str, port: u16) -> bool {
    let ending = format!(":{port:04X}");
    table.lines().any(|line| {
        let mut fields = line.split_whitespace().skip(1);
        fields.next().is_some_and(|local| local.ends_with(&ending)) && fields.nth(1) == Some("0A")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_a_port_is_listened_on_when_the_kernel_says_so() {
        let table = "  sl  local_address rem_address   st tx_queue\n\
                     \x20  0: 00000000:8C7B 00000000:0000 0A 00000000:00000000\n\
                     \x20  1: 0100007F:8C7C 0100007F:8C7B 01 00000000:00000000\n";
        assert!(is_listened_on(table, 35_963));
        assert!(!is_listened_on(table, 35_964), "a connection is no listener");
        assert!(!is_listened_on(table, 123));
    }

    #[test]
    fn j16_two_ports_in_a_row_are_free() {
        let [first, second] = two_free_ports().expect("ports");
        assert_eq!(first + 1, second);
    }
}
