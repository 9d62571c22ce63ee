//! Closing softly.
//!
//! When a server closes a connection with unread octets in its buffer, the kernel answers with a reset,
//! and the client may lose the refusal that was just sent. So the writing half is closed first, and what
//! the client still sends is thrown away for a short while.

use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::timeout,
};

/// How long a refused client may go on sending.
const PATIENCE: Duration = Duration::from_secs(3);
/// How much of it is thrown away before the connection is cut.
const THROWN_AWAY: usize = 16 << 20;

/// Ends a connection whose last request was not read whole. Keeps its place among the connections.
pub(super) async fn linger(mut tcp: TcpStream, place: Option<OwnedSemaphorePermit>) {
    let _ = timeout(PATIENCE, async {
        // Errors mean that the client is gone, which is what we wait for.
        let _ = tcp.shutdown().await;
        let mut scratch = vec![0; 64 << 10];
        let mut left = THROWN_AWAY;
        while left > 0 {
            match tcp.read(&mut scratch).await {
                Ok(0) | Err(_) => break,
                Ok(n) => left = left.saturating_sub(n),
            }
        }
    })
    .await;
    drop(place);
}
