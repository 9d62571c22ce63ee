//! The side of the command.

use super::{
    Deed, LONGEST, Made, Report, Request,
    deed::{perform, settle},
};
use crate::{
    cli::Run,
    config::Config,
    fail::{Exit, Fail, Outcome},
    installation::{Installation, Opening, configured_passphrase},
    terminal,
};
use std::{
    fs::File,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    time::timeout,
};
use zeroize::Zeroizing;

/// How long a running server may take for a deed; a ceremony with large keys takes seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// Carries a deed out, by the running server or without one, and prints the answer.
///
/// Without a server the keys are unlocked as configured, or by asking at the terminal when `needs_keys`.
///
/// # Errors
/// The installation cannot be opened; the deed failed.
pub async fn carry_out(run: &Run, deed: Deed, needs_keys: bool) -> Outcome {
    let config = run.config()?;
    let request = Request { lang: run.lang, account: account(), deed };
    let report = match ask_server(&config.server.control, &request).await? {
        Some(report) => report,
        None => by_ourselves(run, config, request, needs_keys).await?,
    };
    terminal::print(&report.text);
    terminal::complain(&report.complaint);
    for made in &report.files {
        write(made)?;
    }
    Ok(report.exit)
}

/// The answer of the server that listens on `socket`; `None` when none is running.
///
/// # Errors
/// It is not ours to ask, or it does not answer.
pub async fn ask_server(socket: &Path, request: &Request) -> Outcome<Option<Report>> {
    let mut stream = match UnixStream::connect(socket).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(Fail::file(socket, &error)),
    };
    let exchange = async {
        // A passphrase may be in it.
        let octets = Zeroizing::new(serde_json::to_vec(request).map_err(std::io::Error::other)?);
        let len = u32::try_from(octets.len()).ok().filter(|n| *n <= LONGEST);
        stream.write_u32(len.ok_or(ErrorKind::FileTooLarge)?).await?;
        stream.write_all(&octets).await?;
        let len = stream.read_u32().await?;
        if len > LONGEST {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut answer = vec![0; len as usize];
        stream.read_exact(&mut answer).await?;
        serde_json::from_slice(&answer).map_err(std::io::Error::other)
    };
    match timeout(PATIENCE, exchange).await {
        Ok(answer) => answer.map(Some).map_err(|e| Fail::file(socket, &e)),
        Err(_) => Err(Fail::file(socket, &ErrorKind::TimedOut.into())),
    }
}

async fn by_ourselves(run: &Run, config: Config, request: Request, needs_keys: bool) -> Outcome<Report> {
    let installation = Arc::new(Installation::open(config, Opening::default()).await?);
    let result = async {
        if configured_passphrase(&installation.config)?.is_some() {
            // A store that has no passphrase yet is none to unlock.
            if installation.ledger_key().await?.is_some() {
                installation.unlock_unattended().await?;
            }
        } else if needs_keys && installation.ledger_key().await?.is_some() {
            let typed = terminal::ask_secret(run.lang, "鍵のパスフレーズ", "Passphrase of the keys")?;
            installation.unlock_with(typed).await?;
        }
        let report = perform(&installation, request).await;
        settle(&installation).await;
        Ok(report)
    }
    .await;
    installation.close().await;
    result
}

fn write(made: &Made) -> Outcome<()> {
    let file = |e: std::io::Error| Fail::file(&made.path, &e);
    if let Some(dir) = made.path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).map_err(|e| Fail::file(dir, &e))?;
    }
    // What comes of a deed never takes the place of something else.
    let mut out: File =
        File::options().write(true).create_new(true).mode(0o644).open(&made.path).map_err(file)?;
    out.write_all(&made.octets).and_then(|()| out.sync_all()).map_err(file)
}

/// The name of the account, for the ledger; its number where there is no name.
fn account() -> String {
    let uid = rustix::process::getuid().as_raw();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| format!("uid-{uid}"))
}

/// An exit code that a deed reported is the command's own.
impl From<Report> for Exit {
    fn from(report: Report) -> Self {
        report.exit
    }
}
