//! Whether a server runs and what it says of itself.

use super::{Finding, Weight};
use crate::config::Config;
use authority_front::Text;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn examine(config: &Config, findings: &mut Vec<Finding>) {
    if UnixStream::connect(&config.server.control).await.is_err() {
        findings.push(Finding::bad(
            "server",
            Weight::Look,
            Text::new("この設定のサーバーは動いていません。", "No server of this configuration is running."),
            Text::new("`warifu serve` で起動します。", "`warifu serve` starts it."),
        ));
        return;
    }
    // Readiness is asked where it is spoken without TLS.
    let address = match (config.server.operations, &config.server.tls) {
        (Some(address), _) => address,
        (None, None) => config.server.listen,
        (None, Some(_)) => {
            findings.push(Finding::good("server", "サーバーが動いています。", "A server is running."));
            return;
        }
    };
    match timeout(PATIENCE, readiness(address)).await {
        Ok(Ok((200, _))) => {
            findings.push(Finding::good("server", "サーバーは準備完了です。", "The server is ready."));
        }
        Ok(Ok((_, body))) => findings.extend(not_ready(&body)),
        Ok(Err(_)) | Err(_) => findings.push(Finding::bad(
            "server",
            Weight::Wrong,
            Text::new(
                format!("サーバーが {address} で応答しません。"),
                format!("The server does not answer on {address}."),
            ),
            Text::new("ログを確認し、再起動してください。", "See its log, and restart it."),
        )),
    }
}

/// What the server itself finds wrong.
fn not_ready(body: &str) -> Vec<Finding> {
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let parts = json["parts"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| {
        Text::new(value["ja"].as_str().unwrap_or_default(), value["en"].as_str().unwrap_or_default())
    };
    let failed = parts.iter().filter(|part| part["state"] == "failed");
    failed
        .map(|part| Finding::bad("server", Weight::Wrong, text(&part["message"]), text(&part["next"])))
        .collect()
}

/// Asks `/readyz`: status and body.
async fn readiness(address: SocketAddr) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(1 << 20).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((status, body.to_owned()))
}
