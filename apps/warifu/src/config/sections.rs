//! The sections of the configuration and their defaults.

use super::{
    portal::{Claims, Mail, Web},
    source::Source,
};
use authority_front::Text;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use zeroize::Zeroizing;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[installation]`
    pub installation: Installation,
    /// `[server]`
    pub server: Server,
    /// `[store]`
    pub store: StoreSettings,
    /// `[blobs]`
    pub blobs: Blobs,
    /// `[keys]`
    pub keys: Keys,
    /// `[profiles]`
    pub profiles: Profiles,
    /// `[log]`
    pub log: Log,
    /// `[limits]`
    pub limits: Limits,
    /// `[web]`
    pub web: Web,
    /// `[mail]`
    pub mail: Mail,
    /// `[claims]`; without it there is no such desk.
    pub claims: Option<Claims>,
}

/// `[installation]`: who this is.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The origin of the ledger's checkpoints, as in the ceremony file. Needed only before the first ceremony;
    /// when it is there it must agree with what was founded.
    pub name: Option<String>,
}

/// `[server]`: where to listen.
#[derive(Clone, Debug)]
pub struct Server {
    /// Address of the API and the repository.
    pub listen: SocketAddr,
    /// Address for metrics and readiness alone; without it they are on `listen`.
    pub operations: Option<SocketAddr>,
    /// The socket over which commands on this machine reach the running server.
    pub control: PathBuf,
    /// TLS; without it plain HTTP, which is right only behind a proxy or on one machine.
    pub tls: Option<Tls>,
}

/// `[server.tls]`: files in PEM.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The server's chain, leaf first.
    pub certificate: PathBuf,
    /// Its private key (PKCS#8, SEC 1 or PKCS#1).
    pub key: PathBuf,
    /// Authorities of client certificates; without it none is asked for.
    pub client_ca: Option<PathBuf>,
}

/// `[store]`: the database.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// `sqlite:FILE` or `postgres://…`.
    pub url: String,
    /// The file, when it is SQLite.
    pub file: Option<PathBuf>,
}

/// `[blobs]`: files beside the database.
#[derive(Clone, Debug)]
pub struct Blobs {
    /// The directory.
    pub dir: PathBuf,
}

/// `[keys]`: how sealed keys are opened without a person.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Where the passphrase comes from.
    pub source: KeySource,
}

/// Where the passphrase of the sealed keys comes from.
#[derive(Clone)]
pub enum KeySource {
    /// `WARIFU__KEYS__PASSPHRASE`.
    Environment(Zeroizing<String>),
    /// `keys.passphrase_file`, or the systemd credential `warifu-passphrase`.
    File(PathBuf),
    /// A person types it; `serve` starts with the keys locked.
    Person,
}

/// `[profiles]`: what certificates may contain.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// A directory of `NAME.toml` files beside, or in the place of, the built-in profiles.
    pub dir: Option<PathBuf>,
}

/// `[log]`.
#[derive(Clone, Debug)]
pub struct Log {
    /// A filter in the syntax of `tracing`: `info`, `warifu=debug,info`.
    pub level: String,
    /// One JSON object per line, or text for people.
    pub format: LogFormat,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For people.
    Text,
}

/// `[limits]`: what one client, and all together, may ask of the server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Requests to the API being worked on at a time; more are answered 503.
    pub in_flight: usize,
    /// Octets of one ordinary request body.
    pub body_octets: usize,
    /// Octets of one batch.
    pub batch_octets: usize,
    /// Orders in one batch.
    pub batch_orders: usize,
    /// TLS handshake.
    pub handshake: Duration,
    /// Until the head of a request is complete; also how long an idle connection stays.
    pub head: Duration,
    /// Until the body of a request is complete.
    pub body: Duration,
    /// How long a client may take nothing of an answer.
    pub stall: Duration,
    /// Until a request is answered.
    pub request: Duration,
    /// How long a shutdown waits for requests under way.
    pub shutdown: Duration,
    /// Failed sign-ins a minute from one address before it must wait.
    pub failed_sign_ins: u32,
    /// Free octets on the disks below which nothing is issued; revoking and lists go on.
    pub free_disk: u64,
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment(_) => f.write_str("Environment(***)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Person => f.write_str("Person"),
        }
    }
}

const ADDRESS_JA: &str = "アドレスとポート（例 127.0.0.1:8480）";
const ADDRESS_EN: &str = "an address and port such as 127.0.0.1:8480";

impl Config {
    /// Reads every section. Problems are left in `source`.
    pub(super) fn of(source: &mut Source, credentials_dir: Option<&Path>) -> Self {
        let server = Server::of(source);
        let web = Web::of(source, server.listen);
        Self {
            installation: Installation::of(source),
            server,
            web,
            mail: Mail::of(source),
            claims: Claims::of(source),
            store: StoreSettings::of(source),
            blobs: Blobs { dir: source.path_or("blobs.dir", Path::new("data/blobs")) },
            keys: Keys::of(source, credentials_dir),
            profiles: Profiles { dir: source.path("profiles.dir") },
            log: Log::of(source),
            limits: Limits::of(source),
        }
    }
}

impl Installation {
    fn of(source: &mut Source) -> Self {
        let name = source.text("installation.name");
        // C2SP signed-note: an origin is a line, and '+' parts name and key in a verifier key.
        let fits = |n: &String| n.len() <= 100 && n.bytes().all(|b| b.is_ascii_graphic() && b != b'+');
        if !name.as_ref().is_none_or(fits) {
            source.problem(
                "installation.name",
                Text::new(
                    "空白と '+' を含まない ASCII 100 文字以内にしてください",
                    "must be at most 100 ASCII characters without blanks and '+'",
                ),
            );
        }
        Self { name }
    }
}

impl Server {
    fn of(source: &mut Source) -> Self {
        let listen = source.parsed_or("server.listen", local(8480), ADDRESS_JA, ADDRESS_EN);
        let operations = source.parsed("server.operations", ADDRESS_JA, ADDRESS_EN);
        let tls = source.has_section("server.tls").then(|| Tls::of(source)).flatten();
        let control = source.path_or("server.control", Path::new("data/warifu.sock"));
        Self { listen, operations, control, tls }
    }
}

impl Tls {
    fn of(source: &mut Source) -> Option<Self> {
        let certificate = source.path("server.tls.certificate");
        let key = source.path("server.tls.key");
        let client_ca = source.path("server.tls.client_ca");
        for (missing, name) in
            [(certificate.is_none(), "server.tls.certificate"), (key.is_none(), "server.tls.key")]
        {
            if missing {
                source.problem(name, Text::new("TLS には必要です", "is needed for TLS"));
            }
        }
        Some(Self { certificate: certificate?, key: key?, client_ca })
    }
}

impl StoreSettings {
    fn of(source: &mut Source) -> Self {
        let given = source.text_or("store.url", "sqlite:data/warifu.db");
        let Some(path) = given.strip_prefix("sqlite:") else {
            if !given.starts_with("postgres://") && !given.starts_with("postgresql://") {
                source.problem(
                    "store.url",
                    Text::new(
                        "sqlite:ファイル か postgres://… を書いてください",
                        "must be sqlite:FILE or postgres://…",
                    ),
                );
            }
            return Self { url: given, file: None };
        };
        let file = source.base_dir().join(path);
        Self { url: format!("sqlite:{}", file.display()), file: Some(file) }
    }
}

impl Keys {
    fn of(source: &mut Source, credentials_dir: Option<&Path>) -> Self {
        let typed = source.env_secret("keys.passphrase", "keys.passphrase_file").map(Zeroizing::new);
        let file = source.path("keys.passphrase_file");
        let credential = credentials_dir.map(|dir| dir.join("warifu-passphrase")).filter(|p| p.exists());
        let source = match (typed, file.or(credential)) {
            (Some(text), _) => KeySource::Environment(text),
            (None, Some(path)) => KeySource::File(path),
            (None, None) => KeySource::Person,
        };
        Self { source }
    }
}

impl Log {
    fn of(source: &mut Source) -> Self {
        let level = source.text_or("log.level", "info");
        if tracing_subscriber::EnvFilter::try_new(&level).is_err() {
            source.problem(
                "log.level",
                Text::new("error, warn, info, debug のいずれかです", "must be error, warn, info or debug"),
            );
        }
        let format = match source.text_or("log.format", "json").as_str() {
            "json" => LogFormat::Json,
            "text" => LogFormat::Text,
            _ => {
                source.problem("log.format", Text::new("json か text です", "must be json or text"));
                LogFormat::Json
            }
        };
        Self { level, format }
    }
}

impl Limits {
    fn of(source: &mut Source) -> Self {
        const MIB: u64 = 1 << 20;
        let seconds = |source: &mut Source, key: &str, default: u64| {
            Duration::from_secs(source.number(key, default, 1, 3_600))
        };
        Self {
            connections: to_usize(source.number("limits.connections", 2_048, 1, 1_000_000)),
            in_flight: to_usize(source.number("limits.in_flight", 1_024, 1, 100_000)),
            body_octets: to_usize(source.number("limits.body_octets", MIB, 1_024, 64 * MIB)),
            batch_octets: to_usize(source.number("limits.batch_octets", 64 * MIB, 1_024, 1_024 * MIB)),
            batch_orders: to_usize(source.number("limits.batch_orders", 10_000, 1, 100_000)),
            handshake: seconds(source, "limits.handshake_seconds", 10),
            head: seconds(source, "limits.head_seconds", 20),
            body: seconds(source, "limits.body_seconds", 30),
            stall: seconds(source, "limits.stall_seconds", 30),
            request: seconds(source, "limits.request_seconds", 60),
            shutdown: seconds(source, "limits.shutdown_seconds", 30),
            failed_sign_ins: u32::try_from(source.number("limits.failed_sign_ins", 30, 1, 1_000_000))
                .unwrap_or(30),
            free_disk: source.number("limits.free_disk_mib", 256, 0, 1 << 30) * MIB,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let mut nothing = Source::new(None, []).expect("an empty source is well formed");
        Self::of(&mut nothing)
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn to_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
