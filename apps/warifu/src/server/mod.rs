//! The network edge: connections, TLS, limits, an orderly end.
//!
//! A connection passes [`accept`] (limits, handshake), is carried by a [`stream`] that knows stalled
//! clients, and is spoken to by hyper in HTTP/1.1 or h2. Every request carries a [`Peer`].

mod accept;
mod linger;
mod stream;
pub mod tls;
mod work;

pub use accept::{Stop, bind, serve};
pub use work::{Stopped, Work};

use kit_gate::ClientCertificate;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Who is at the other end of a connection; an extension of every request.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// SHA-256 of its client certificate (DER), which TLS has verified up to `server.tls.client_ca`.
    pub certificate: Option<[u8; 32]>,
    /// That certificate itself, for the gate of the pages.
    pub(crate) leaf: Option<ClientCertificate>,
    linger: Arc<AtomicBool>,
}

impl Peer {
    /// A peer without a client certificate.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, certificate: None, leaf: None, linger: Arc::new(AtomicBool::new(false)) }
    }

    /// Says that an answer goes out before the request was read whole. The connection is then closed
    /// softly, so that the answer is not lost to a reset.
    pub fn answered_early(&self) {
        self.linger.store(true, Ordering::Relaxed);
    }
}
