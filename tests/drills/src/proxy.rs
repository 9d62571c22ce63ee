//! A wire to a database that can be cut and mended.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Passes every connection on to another address, as long as the wire is whole.
pub struct Proxy {
    address: SocketAddr,
    whole: Arc<watch::Sender<bool>>,
    accepting: JoinHandle<()>,
    /// Connections that were passed on, for those who want to know that the wire was used.
    passed: Arc<Mutex<u64>>,
}

impl Proxy {
    /// A wire to `target`.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let whole = Arc::new(watch::Sender::new(true));
        let passed = Arc::new(Mutex::new(0));
        let (wire, count) = (whole.clone(), passed.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let state = wire.subscribe();
                // Through a wire that is cut nobody gets beyond the first hand-shake.
                if *state.borrow() {
                    *count.lock().expect("nothing panics under it") += 1;
                    tokio::spawn(pass(client, target, state));
                }
            }
        });
        Self { address, whole, accepting, passed }
    }

    /// Where the near end is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were passed on.
    ///
    /// # Panics
    /// Never.
    pub fn passed(&self) -> u64 {
        *self.passed.lock().expect("nothing panics under it")
    }

    /// Cuts every connection, and every one that is tried from now on.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Lets connections pass again.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass(mut client: TcpStream, target: SocketAddr, mut whole: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    tokio::select! {
        // Whoever ends it: both ends are dropped, and so closed.
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = whole.wait_for(|whole| !whole) => {}
    }
}
