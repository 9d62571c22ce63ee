//! Chromium's driver, on a port of its own choice, and the browsers it starts.

use crate::{Window, wire};
use fantoccini::{ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long the driver may take to start, and to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Chromium as every test starts it: nothing of it calls home, and the town's name leads to this machine alone.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Chromium tries ::1 first, where nobody listens; and nothing else than this machine is ever asked.
    "--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// A running driver. It ends, with its browsers and their folders, when it is dropped.
pub struct Driver {
    child: Child,
    port: u16,
    folder: TempDir,
}

/// How a browser is set up.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// The language it asks for: `ja` or `en`.
    pub language: &'static str,
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// Whether [`Window::requests`] tells what it asks of the network.
    pub watched: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self { language: "ja", scripts: true, watched: false }
    }
}

impl Driver {
    /// Starts the driver.
    ///
    /// # Panics
    /// When there is none, or it does not begin to listen.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts; `cargo xtask setup` installs it");
        let said = child.stdout.take().expect("its output is piped");
        let (tell, hear) = mpsc::channel();
        // Reads to the end, so that the driver never waits for somebody to listen.
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if let Some(port) = port(&line) {
                    // Who asked may have given up.
                    let _ = tell.send(port);
                }
            }
        });
        let port = hear.recv_timeout(PATIENCE).expect("chromedriver says on which port it listens");
        Self { child, port, folder }
    }

    /// Opens a browser that has never been anywhere, at the service under `base`.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn window(&self, base: &str, manner: Manner) -> Window {
        let profile = tempfile::tempdir_in(self.folder.path()).expect("a directory").keep();
        let mut args: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        args.push(format!("--user-data-dir={}", profile.display()));
        args.push(format!("--lang={}", manner.language));
        let scripts = if manner.scripts { 1 } else { 2 };
        let log = if manner.watched { json!({ "performance": "ALL" }) } else { json!({}) };
        let wanted = json!({
            "goog:loggingPrefs": log,
            "goog:chromeOptions": {
                "args": args,
                "prefs": {
                    "intl.accept_languages": manner.language,
                    "profile.managed_default_content_settings.javascript": scripts,
                    // Its own offers would stand before the page.
                    "credentials_enable_service": false,
                    "profile.password_manager_enabled": false,
                },
            },
            "timeouts": { "script": 60_000, "pageLoad": 60_000 },
            "unhandledPromptBehavior": "ignore",
        });
        let wanted: Capabilities = wanted.as_object().cloned().expect("an object");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("Chromium starts");
        let window = Window::new(client, base.to_owned());
        window.size(1280, 900).await;
        window
    }
}

impl Drop for Driver {
    /// Asks the driver to end, which ends its browsers too; killed, it would leave them behind.
    fn drop(&mut self) {
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(wire::SHUTDOWN)?;
            stream.read(&mut [0; 64])
        });
        let until = Instant::now() + PATIENCE;
        while asked.is_ok() && Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // It may have ended by itself meanwhile.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `ChromeDriver was started successfully on port 40123.`
fn port(line: &str) -> Option<u16> {
    let (_, number) = line.split_once("on port ")?;
    number.trim_end_matches('.').trim().parse().ok().filter(|port| *port != 0)
}
