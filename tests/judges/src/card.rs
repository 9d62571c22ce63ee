//! Virtual cards in readers that OpenSC sees.

use crate::{Said, artifacts, ask, scratch, variable};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The readers of vpcd: one test has them at a time.
static READERS: Mutex<()> = Mutex::new(());
/// How long a card that was put in may take to be seen.
const SEEN: Duration = Duration::from_secs(30);

/// A copy of the demo's card, and the reader it is put into.
pub struct InReader {
    folder: TempDir,
    number: usize,
    serving: Option<Child>,
    /// How often it was put in: each time has a log of its own.
    times: usize,
}

/// Takes the readers.
pub fn readers() -> MutexGuard<'static, ()> {
    READERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file of the demo's card.
pub fn card_file(name: &str) -> PathBuf {
    let file = artifacts().with_file_name("card").join(name);
    assert!(file.is_file(), "the demo left no {}", file.display());
    file
}

impl InReader {
    /// A copy of the demo's card in the reader with this number.
    ///
    /// # Panics
    /// When it is not seen there in time.
    pub fn demo(number: usize) -> Self {
        let folder = scratch();
        for name in ["demo.card", "device.key"] {
            std::fs::copy(card_file(name), folder.path().join(name)).expect("copied");
        }
        Self::of(folder, number)
    }

    /// The card `demo.card` in a folder of the test's.
    ///
    /// # Panics
    /// As [`demo`](Self::demo).
    pub fn of(folder: TempDir, number: usize) -> Self {
        let mut card = Self { folder, number, serving: None, times: 0 };
        card.put_in();
        card
    }

    /// The card's file.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("demo.card")
    }

    /// A file beside it.
    pub fn beside(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Puts it in, and waits until it is seen.
    ///
    /// # Panics
    /// When it is not.
    pub fn put_in(&mut self) {
        self.times += 1;
        let ports = variable("WARIFU_TEST_CARDS").to_string_lossy().into_owned();
        let port = ports.split(',').nth(self.number).expect("a port for each reader");
        let serving = Command::new(variable("WARIFU_TEST_BINARY"))
            .args(["card", "serve", "--vpcd", &format!("127.0.0.1:{port}"), "--card"])
            .arg(self.path())
            .arg("--log")
            .arg(self.log())
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        self.serving = Some(serving);
        assert!(self.waits_until(true), "the card is not seen in reader {}", self.number);
    }

    /// pcscd looks at its readers a few times a second, and must see a card gone before another comes.
    fn waits_until(&self, there: bool) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < SEEN {
            if opensc("opensc-tool", &["-r", &self.number.to_string(), "-a"]).yes == there {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    fn log(&self) -> String {
        self.beside(&format!("apdu-{}.log", self.times))
    }

    /// Waits until the card has been given a command that begins so; hexadecimal, capitals.
    ///
    /// # Panics
    /// When it was not in time.
    pub fn wait_for_command(&self, head: &str) {
        let (wanted, begun) = (format!("> {head}"), Instant::now());
        while !std::fs::read_to_string(self.log())
            .is_ok_and(|log| log.lines().any(|line| line.starts_with(&wanted)))
        {
            assert!(begun.elapsed() < SEEN, "no command {head}");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// The process that is the card.
    ///
    /// # Panics
    /// When it is not in the reader.
    pub fn process(&self) -> u32 {
        self.serving.as_ref().expect("in the reader").id()
    }

    /// Kills the process that is the card, at once, and waits until it is seen to be gone.
    ///
    /// # Panics
    /// When it is not.
    pub fn kill(&mut self) {
        self.cut();
        assert!(self.waits_until(false), "the card is still seen in reader {}", self.number);
    }

    fn cut(&mut self) {
        if let Some(mut serving) = self.serving.take() {
            // It may have ended by itself.
            let _ = serving.kill();
            let _ = serving.wait();
        }
    }
}

impl Drop for InReader {
    fn drop(&mut self) {
        self.cut();
        // The next test's card must not be taken for this one, whatever became of this test.
        self.waits_until(false);
    }
}

/// Asks one of OpenSC's programs.
pub fn opensc(program: &str, args: &[&str]) -> Said {
    ask(Command::new(program).args(args))
}

/// Asks openssl with the engine that speaks PKCS#11 to OpenSC. Where it asks for the PIN, `typed` is what it reads:
/// without a terminal of its own it takes standard input.
///
/// # Panics
/// When it cannot be started.
pub fn openssl_with_engine(args: &[&str], typed: &str) -> Said {
    let mut command = Command::new("setsid");
    command.arg("--wait").arg("openssl").env("PKCS11_MODULE_PATH", module()).args(args);
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    writer.write_all(typed.as_bytes()).expect("a line fits into a pipe");
    drop(writer);
    ask(command.stdin(reader))
}

/// OpenSC's PKCS#11 library, where Debian puts it.
///
/// # Panics
/// When it is not installed.
pub fn module() -> PathBuf {
    let places =
        ["/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"];
    let there = places.iter().map(Path::new).find(|place| place.exists());
    there.expect("opensc-pkcs11 is installed by `cargo xtask setup`").to_owned()
}

/// Memory of a process that is its own, KiB.
///
/// # Panics
/// When the process is not there.
pub fn own_memory(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process is there");
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
