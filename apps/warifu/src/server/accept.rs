//! Accepting connections, speaking HTTP over them, and ending in an orderly way.

use super::{Peer, stream::Stream, tls::TlsHandle};
use crate::{config::Limits, fail::Fail};
use axum::{Router, body::Body};
use core_crypto::Digest;
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use kit_gate::{ClientAddress, ClientCertificate};
use kit_keys::Provider;
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Told once that the server is to end.
pub type Stop = watch::Receiver<bool>;

/// Octets of one request head; RFC 9110 asks for at least 8,000.
const HEAD_OCTETS: usize = 32 << 10;
/// Header fields of one request.
const HEAD_FIELDS: usize = 64;
/// Requests one h2 client may have open at a time.
const H2_STREAMS: u32 = 128;

/// Takes a port.
///
/// # Errors
/// The address is taken or not ours.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Fail> {
    TcpListener::bind(address).await.map_err(|error| {
        Fail::new(
            crate::fail::Exit::CouldNotRun,
            "server.listen",
            authority_front::Text::new(
                format!("{address} で待ち受けできません: {error}"),
                format!("cannot listen on {address}: {error}"),
            ),
            authority_front::Text::new(
                "他のプロセスが使っていないか確認するか、server.listen を変えてください。",
                "See whether another process has the port, or change server.listen.",
            ),
        )
    })
}

/// Serves `router` until `stop` says true; then lets requests under way finish, for `limits.shutdown` at most.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsHandle>,
    router: Router,
    limits: Limits,
    mut stop: Stop,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let edge = Edge { tls, router, limits: Arc::new(limits), stop: stop.clone() };
    loop {
        // The place comes first: when all are taken, new clients wait in the kernel's queue.
        let accepted = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = next(&listener, &places) => accepted,
        };
        match accepted {
            Ok((tcp, address, place)) => {
                tokio::spawn(edge.clone().connection(tcp, address, place));
            }
            Err(error) => {
                // Out of file descriptors, mostly: waiting a moment lets others end.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let all = u32::try_from(edge.limits.connections).unwrap_or(u32::MAX);
    let ended = timeout(edge.limits.shutdown, places.acquire_many(all)).await;
    if ended.is_err() {
        let open = edge.limits.connections - places.available_permits();
        tracing::warn!(open, "connections were cut at the end of the shutdown period");
    }
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.expect("the places are never closed");
    let (tcp, address) = listener.accept().await?;
    Ok((tcp, address, place))
}

async fn stopped(stop: &mut Stop) {
    // An error means that nobody is left who could say stop; then this is the end as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

#[derive(Clone)]
struct Edge {
    tls: Option<TlsHandle>,
    router: Router,
    limits: Arc<Limits>,
    stop: Stop,
}

impl Edge {
    async fn connection(self, tcp: TcpStream, address: SocketAddr, place: OwnedSemaphorePermit) {
        // Answers are single small writes; waiting for more to send only costs time.
        let _ = tcp.set_nodelay(true);
        let mut peer = Peer::new(address);
        // A client that has not said anything yet when the server stops is told to go elsewhere, and not waited for.
        let mut stop = self.stop.clone();
        let Some(tls) = &self.tls else {
            let begins = tokio::select! {
                () = stopped(&mut stop) => return,
                begins = timeout(self.limits.head, speaks_h2(&tcp)) => begins,
            };
            let Ok(Some(h2)) = begins else { return };
            let stream = self.stream(tcp, place, &peer.linger);
            return self.speak(stream, peer, h2).await;
        };
        let acceptor = TlsAcceptor::from(tls.current());
        let stream = self.stream(tcp, place, &peer.linger);
        let shaken = tokio::select! {
            () = stopped(&mut stop) => return,
            shaken = timeout(self.limits.handshake, acceptor.accept(stream)) => shaken,
        };
        let stream = match shaken {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return tracing::debug!(%address, %error, "TLS handshake failed"),
            Err(_) => return tracing::debug!(%address, "TLS handshake took too long"),
        };
        let session = stream.get_ref().1;
        let h2 = session.alpn_protocol() == Some(b"h2");
        let leaf = session.peer_certificates().and_then(|chain| chain.first());
        peer.certificate = leaf.map(|leaf| Provider.sha256(leaf));
        peer.leaf = leaf.map(|leaf| ClientCertificate(leaf.to_vec()));
        self.speak(stream, peer, h2).await;
    }

    fn stream(&self, tcp: TcpStream, place: OwnedSemaphorePermit, soft: &Arc<AtomicBool>) -> Stream {
        Stream::new(tcp, place, soft.clone(), self.limits.stall)
    }

    async fn speak<S>(self, stream: S, peer: Peer, h2: bool)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let address = peer.address;
        let router = self.router;
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer.clone());
            request.extensions_mut().insert(ClientAddress(peer.address.ip()));
            if let Some(leaf) = &peer.leaf {
                request.extensions_mut().insert(leaf.clone());
            }
            router.clone().oneshot(request)
        });
        let io = TokioIo::new(stream);
        let mut stop = self.stop;
        // Errors of a connection are the client's: it left, was too slow, or did not speak HTTP.
        macro_rules! until_end {
            ($connection:expr) => {{
                let mut connection = std::pin::pin!($connection);
                let ended = tokio::select! {
                    ended = connection.as_mut() => ended,
                    () = stopped(&mut stop) => {
                        connection.as_mut().graceful_shutdown();
                        connection.await
                    }
                };
                if let Err(error) = ended {
                    tracing::debug!(%address, %error, "a connection ended early");
                }
            }};
        }
        if h2 {
            let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            builder
                .timer(TokioTimer::new())
                .keep_alive_interval(self.limits.head)
                .keep_alive_timeout(self.limits.head)
                .max_concurrent_streams(H2_STREAMS)
                .max_header_list_size(HEAD_OCTETS as u32);
            until_end!(builder.serve_connection(io, service));
        } else {
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder
                .timer(TokioTimer::new())
                .header_read_timeout(self.limits.head)
                .max_headers(HEAD_FIELDS)
                .max_header_size(HEAD_OCTETS);
            until_end!(builder.serve_connection(io, service));
        }
    }
}

/// Looks at the first octets of a plain connection without taking them: `PRI * HTTP/2.0` or a method.
/// `None` when the client left without a word.
async fn speaks_h2(tcp: &TcpStream) -> Option<bool> {
    let mut start = [0; 3];
    match tcp.peek(&mut start).await {
        Ok(0) | Err(_) => None,
        Ok(n) => Some(start[..n] == *b"PRI"),
    }
}
