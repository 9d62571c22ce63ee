//! The directory of the demo: an ordinary installation with its configuration, and what the story leaves.
//!
//! ```text
//! DIR/warifu.toml, passphrase, profiles/, data/     the installation: `warifu --config DIR/warifu.toml …` works on it
//! DIR/ceremony.toml, token, server.log              the ceremony file, the RA's token, the log
//! DIR/requests/, foreign/                           what subscribers and a foreign authority handed in
//! DIR/backup/, restored/                            a backup, and the installation restored from it
//! DIR/artifacts/authority/                          certificates, lists and ledger, for judges
//! DIR/artifacts/card/                               a card, its certificates and what was said to it, for judges
//! DIR/artifacts/claims/                             what was fetched from the claims desk, for judges
//! ```

use super::{broken, clock::StoryClock};
use crate::{
    config::{self, Config},
    fail::{Exit, Fail, Outcome},
};
use authority_front::Text;
use base16ct::lower::encode_string as hex;
use core_crypto::Dice;
use kit_clock::{Clock, SystemClock};
use kit_keys::Provider;
use std::{
    fs::{self, OpenOptions},
    io::Write,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::{
        fs::{DirBuilderExt, OpenOptionsExt},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    sync::Mutex,
};
use zeroize::Zeroizing;

/// The name of the installation: the origin of its ledger.
pub(super) const NAME: &str = "demo.warifu.example";
/// The organisation that runs it.
pub(super) const OPERATOR: &str = "demo-federation";
/// Says that a directory is a demo's, and may be emptied by the next.
const MARK: &str = ".warifu-demo";
/// Everything a demo makes in its directory. Nothing else is ever deleted.
const OURS: [&str; 14] = [
    "warifu.toml",
    "passphrase",
    "profiles",
    "data",
    "warifu.sock",
    "ceremony.toml",
    "token",
    "server.log",
    "requests",
    "foreign",
    "backup",
    "restored",
    "artifacts",
    MARK,
];
/// The port that is tried first.
const PORT: u16 = 8480;
/// A path of a socket may have 107 octets (unix(7)).
const SOCKET_OCTETS: usize = 107;
/// The profile that this installation adds to those of the house.
const PARTITIONED: &str = include_str!("profiles/claims-provider-partitioned.toml");
/// The claims desk of the installation. Nothing can be undone any more after a minute, not after half an hour: that is
/// what the story has for all that happens at the desk. There is no mail server: what is written waits in the outbox.
const CLAIMS: &str = r#"[claims]
operator = "demo-federation"
authority = "rsa-ca"
federation_ja = "割符デモ国民健康保険団体連合会"
federation_en = "Warifu Demo Federation"
contact_ja = "審査課 電話 03-0000-0000"
contact_en = "Review division, telephone 03-0000-0000"
undo_seconds = 60
"#;
/// The ceremony, but for the address.
const CEREMONY: &str = include_str!("ceremony.toml");

/// The directory and the configuration in it.
pub(super) struct House {
    root: PathBuf,
    /// The configuration as it was read back from its file.
    pub(super) config: Config,
    /// What certificates have in their URLs.
    pub(super) base_url: String,
    /// The ceremony file.
    pub(super) ceremony: String,
    /// The clock of the story.
    pub(super) clock: StoryClock,
}

impl House {
    /// Makes the directory ready: a new or empty one, or one that an earlier demo left.
    pub(super) fn prepare(dir: Option<&Path>, port: Option<u16>) -> Outcome<Self> {
        let root = match dir {
            Some(dir) => dir.to_owned(),
            None => std::env::temp_dir().join(format!("warifu-demo-{}", random(4))),
        };
        make_dir(&root)?;
        let root = root.canonicalize().map_err(|e| Fail::file(&root, &e))?;
        clear(&root)?;
        let mark = format!("{} {}\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        write(&root.join(MARK), mark.as_bytes(), 0o644)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port(port)?));
        let base_url = format!("http://{address}");

        let passphrase = Zeroizing::new(random(16));
        write(&root.join("passphrase"), passphrase.as_bytes(), 0o600)?;
        make_dir(&root.join("profiles"))?;
        write(&root.join("profiles/claims-provider-partitioned.toml"), PARTITIONED.as_bytes(), 0o644)?;
        let ceremony = CEREMONY.replace("@BASE_URL@", &base_url);
        write(&root.join("ceremony.toml"), ceremony.as_bytes(), 0o644)?;
        let config = configure(&root, address, "profiles", "passphrase")?;
        begin_log(&root.join("server.log"))?;
        let clock = StoryClock::before(SystemClock.now());
        Ok(Self { root, config, base_url, ceremony, clock })
    }

    /// The directory.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A place in it.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Where judges look.
    pub(super) fn artifacts(&self) -> PathBuf {
        self.root.join("artifacts/authority")
    }

    /// Configures a second installation below `name`, for what is restored. It listens where there is room.
    pub(super) fn configure_second(&self, name: &str) -> Outcome<Config> {
        let root = self.at(name);
        make_dir(&root)?;
        configure(&root, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), "../profiles", "../passphrase")
    }
}

/// The address for people: browsers let passkeys be used at `localhost`, and at no number.
pub(super) fn public_url(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

/// Writes a configuration and reads it as the server does. The environment has no say in a demo.
fn configure(root: &Path, address: SocketAddr, profiles: &str, passphrase: &str) -> Outcome<Config> {
    let mut control = root.join("warifu.sock");
    if control.as_os_str().len() > SOCKET_OCTETS {
        control = std::env::temp_dir().join(format!("warifu-{}.sock", random(8)));
    }
    let control = toml::Value::String(control.display().to_string());
    let public_url = public_url(address);
    let text = format!(
        "[installation]\nname = \"{NAME}\"\n\n[server]\nlisten = \"{address}\"\ncontrol = {control}\n\n\
         [store]\nurl = \"sqlite:data/warifu.db\"\n\n[blobs]\ndir = \"data/blobs\"\n\n\
         [keys]\npassphrase_file = \"{passphrase}\"\n\n[profiles]\ndir = \"{profiles}\"\n\n\
         [web]\npublic_url = \"{public_url}\"\ngallery = true\n\n\
         {CLAIMS}\n[log]\nlevel = \"info\"\nformat = \"text\"\n"
    );
    let file = root.join("warifu.toml");
    write(&file, text.as_bytes(), 0o644)?;
    let read = config::read(Some((&file, &text)), [], None);
    read.map(|(config, _)| config)
        .map_err(|problems| broken("the configuration", &format_args!("{problems:?}")))
}

/// Writes a file that may be there already.
pub(super) fn write(path: &Path, octets: &[u8], mode: u32) -> Outcome<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(mode);
    let written = options.open(path).and_then(|mut file| file.write_all(octets));
    written.map_err(|e| Fail::file(path, &e))
}

/// Makes a directory for its owner alone, and those above it.
pub(super) fn make_dir(path: &Path) -> Outcome<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| Fail::file(path, &e))
}

/// Some random octets in hexadecimal.
fn random(octets: usize) -> String {
    let mut out = vec![0; octets];
    Provider.fill(&mut out);
    hex(&out)
}

/// Takes away what an earlier demo left; refuses what somebody else put there.
fn clear(root: &Path) -> Outcome<()> {
    let file = |e: std::io::Error| Fail::file(root, &e);
    let mut names = Vec::new();
    for entry in fs::read_dir(root).map_err(file)? {
        names.push(entry.map_err(file)?.file_name());
    }
    if names.is_empty() {
        return Ok(());
    }
    if !root.join(MARK).is_file() {
        return Err(occupied(
            root,
            Text::new("空でも、以前のデモの場所でもありません", "is neither empty nor of an earlier demo"),
        ));
    }
    if UnixStream::connect(root.join("warifu.sock")).is_ok() {
        return Err(occupied(root, Text::new("別のサーバーが使用中です", "is in use by a server")));
    }
    // The mark goes last: what is cut short here can be cleared by the next.
    for name in OURS {
        let path = root.join(name);
        let gone = match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
            Err(_) => Ok(()),
        };
        gone.map_err(|e| Fail::file(&path, &e))?;
    }
    Ok(())
}

fn occupied(root: &Path, why: Text) -> Fail {
    let shown = root.display();
    Fail::new(
        Exit::Refused,
        "demo.occupied",
        Text::new(format!("{shown} は{}。", why.ja), format!("{shown} {}.", why.en)),
        Text::new("--data に空の場所を指定してください。", "Name an empty directory with --data."),
    )
}

/// The port that was asked for; else the usual one, or any that is free.
fn free_port(asked: Option<u16>) -> Outcome<u16> {
    let bind =
        |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|l| l.local_addr()).map(|a| a.port());
    let found = match asked {
        Some(port) => bind(port),
        None => bind(PORT).or_else(|_| bind(0)),
    };
    found.map_err(|e| {
        Fail::new(
            Exit::CouldNotRun,
            "demo.port",
            Text::new(format!("ポートを使えません: {e}"), format!("The port cannot be had: {e}")),
            Text::new("--port で別の番号を指定してください。", "Name another with --port."),
        )
    })
}

/// The server's log goes into a file: the terminal is the story's.
fn begin_log(path: &Path) -> Outcome<()> {
    let file = fs::File::create(path).map_err(|e| Fail::file(path, &e))?;
    let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(Mutex::new(file));
    // Another demo in the same process, in a test, has begun it already.
    let _ = lines.try_init();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_of_somebody_else_is_left_alone() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join("thesis.txt"), "years of work").expect("written");
        let refused = House::prepare(Some(dir.path()), Some(0)).err().expect("refused");
        assert_eq!((refused.code.as_str(), refused.exit), ("demo.occupied", Exit::Refused));
        assert!(dir.path().join("thesis.txt").exists());
    }

    #[test]
    fn a_directory_of_an_earlier_demo_is_taken_over_and_strangers_in_it_stay() {
        let dir = tempfile::tempdir().expect("a directory");
        House::prepare(Some(dir.path()), Some(0)).expect("an empty one");
        make_dir(&dir.path().join("artifacts/authority")).expect("made");
        fs::write(dir.path().join("notes.txt"), "mine").expect("written");
        let house = House::prepare(Some(dir.path()), Some(0)).expect("taken over");
        assert!(!house.artifacts().exists());
        assert!(house.at("notes.txt").exists());
        assert!(house.ceremony.contains(&format!("base_url = \"{}\"", house.base_url)));
    }
}
