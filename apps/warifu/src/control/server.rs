//! The side of the running server.

use super::{LONGEST, Request, perform};
use crate::{fail::Fail, installation::Installation};
use std::{
    fs,
    io::{self, ErrorKind},
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
    time::timeout,
};
use zeroize::Zeroizing;

/// Until a request has arrived; it comes from this machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes the socket. One that a dead server left is removed; one that answers is not.
///
/// # Errors
/// Another server has it; the directory cannot be written.
pub async fn bind(socket: &Path) -> Result<UnixListener, Fail> {
    if UnixStream::connect(socket).await.is_ok() {
        return Err(Fail::file(socket, &ErrorKind::AddrInUse.into()));
    }
    match fs::remove_file(socket) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Fail::file(socket, &error)),
    }
    let listener = UnixListener::bind(socket).map_err(|e| Fail::file(socket, &e))?;
    fs::set_permissions(socket, fs::Permissions::from_mode(0o600)).map_err(|e| Fail::file(socket, &e))?;
    Ok(listener)
}

/// Carries out what commands ask, one after another, until `stop` shows true.
pub async fn serve(listener: UnixListener, installation: Arc<Installation>, mut stop: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let Ok((stream, _)) = accepted else { continue };
        if !is_ours(&stream) {
            tracing::warn!("another account tried to give orders over the control socket");
            continue;
        }
        if let Err(error) = answer(stream, &installation).await {
            tracing::warn!(%error, "a command went away before it was answered");
        }
    }
}

/// Whether the other side runs under our account, or as root.
fn is_ours(stream: &UnixStream) -> bool {
    let ours = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == ours || peer.uid() == 0)
}

async fn answer(mut stream: UnixStream, installation: &Arc<Installation>) -> io::Result<()> {
    let read = async {
        let len = stream.read_u32().await?;
        if len > LONGEST {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut octets = Zeroizing::new(vec![0; len as usize]);
        stream.read_exact(&mut octets).await?;
        serde_json::from_slice::<Request>(&octets).map_err(io::Error::other)
    };
    let request = timeout(PATIENCE, read).await.map_err(|_| ErrorKind::TimedOut)??;
    // A task of its own: a command that was interrupted must not stop a ceremony between two deeds.
    let installation = installation.clone();
    let report = tokio::spawn(async move { perform(&installation, request).await }).await;
    let octets = serde_json::to_vec(&report.map_err(io::Error::other)?).map_err(io::Error::other)?;
    let len = u32::try_from(octets.len()).map_err(io::Error::other)?;
    stream.write_u32(len).await?;
    stream.write_all(&octets).await?;
    stream.shutdown().await
}
